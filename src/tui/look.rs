//! What the terminal can show: colours and characters.

use std::env;

use crate::ui::{Depth, Glyphs, Look, Skin, Theme};

/// The skin for the terminal that the environment describes.
pub(super) fn skin() -> Skin {
    let read = |name: &str| env::var(name).unwrap_or_default();
    let look = Look {
        light: is_light(&read("COLORFGBG")),
        depth: depth(&read("NO_COLOR"), &read("COLORTERM"), &read("TERM")),
    };
    let locale = [read("LC_ALL"), read("LC_CTYPE"), read("LANG")]
        .into_iter()
        .find(|value| !value.is_empty())
        .unwrap_or_default();
    let glyphs = if is_ascii(&locale, &read("TERM")) {
        Glyphs::ascii()
    } else {
        Glyphs::unicode()
    };
    Skin::new(Theme::pick(look), glyphs)
}

/// <https://no-color.org>: any value but the empty one turns colours off.
fn depth(no_color: &str, color_term: &str, term: &str) -> Depth {
    if !no_color.is_empty() {
        Depth::None
    } else if matches!(color_term, "truecolor" | "24bit") {
        Depth::True
    } else if term.contains("256color")
        || term.contains("direct")
        || term.contains("kitty")
        || term.contains("alacritty")
    {
        Depth::Ansi256
    } else {
        Depth::Ansi16
    }
}

/// `COLORFGBG` is `foreground;background`, background 7 or 15 on light terminals (rxvt, Konsole).
fn is_light(color_fg_bg: &str) -> bool {
    matches!(color_fg_bg.rsplit(';').next(), Some("7" | "15"))
}

/// Terminals that say they cannot draw more than ASCII, and the Linux console, whose font lacks the shapes.
fn is_ascii(locale: &str, term: &str) -> bool {
    let locale = locale.to_lowercase();
    let utf8 = locale.contains("utf-8") || locale.contains("utf8");
    term == "linux" || (!locale.is_empty() && !utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_decides_the_colours() {
        assert_eq!(depth("1", "truecolor", "xterm-256color"), Depth::None);
        assert_eq!(depth("", "truecolor", "xterm"), Depth::True);
        assert_eq!(depth("", "", "tmux-256color"), Depth::Ansi256);
        assert_eq!(depth("", "", "vt220"), Depth::Ansi16);
        assert!(is_light("0;15") && !is_light("15;0") && !is_light(""));
    }

    #[test]
    fn only_a_locale_that_says_so_is_ascii() {
        assert!(is_ascii("C", "xterm") && is_ascii("de_DE.ISO-8859-1", "xterm") && is_ascii("en_US.UTF-8", "linux"));
        assert!(!is_ascii("", "xterm") && !is_ascii("en_US.UTF-8", "xterm") && !is_ascii("C.utf8", "xterm"));
    }
}
