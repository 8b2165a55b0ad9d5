//! What the terminal can show: colours and characters, as the environment says and as the terminal answers.

use std::time::Duration;

use super::env::Env;
use super::input::Answer;
use crate::config::Appearance;
use crate::ui::{Depth, GlyphSet, Look};

/// How long a terminal may take to answer: one on this machine, and one at the end of a line.
const PATIENCE: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(300)];

/// The background, in the terminal's own words.
const ASK_BACKGROUND: &str = "\x1b]11;?\x1b\\";
/// Draws a character that some terminals make two columns wide, asks where the cursor is now, and wipes it away.
const ASK_WIDTH: &str = "\x1b[H▆\x1b[6n\x1b[H\x1b[K";
/// Every terminal answers this, so that nobody waits for an answer that does not come.
const ASK_LAST: &str = "\x1b[c";
/// Tells of colours that are switched while the program runs.
const FOLLOW: &str = "\x1b[?2031h";
/// Undoes [`FOLLOW`].
pub(super) const UNFOLLOW: &str = "\x1b[?2031l";

/// What is known of the terminal so far.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Looks {
    look: Look,
    /// Whether the terminal, and not the user, decides about the characters.
    measures: bool,
    /// Whether the terminal's background can be learned, and says anything.
    answers: bool,
    /// Whether the theme is one that follows it.
    follows: bool,
    patience: Duration,
}

impl Looks {
    /// The best guess before the terminal is asked; what the user has chosen is no guess.
    pub(super) fn guess(env: &Env, chosen: &Appearance) -> Self {
        let (depth, answers) = (depth(env), answers(env));
        let ascii = match chosen.glyphs {
            GlyphSet::Auto => is_ascii(env),
            GlyphSet::Unicode => false,
            GlyphSet::Ascii => true,
        };
        Self {
            look: Look {
                light: is_light(env.get("COLORFGBG")),
                depth,
                ascii,
            },
            measures: answers && !ascii && chosen.glyphs == GlyphSet::Auto,
            // The 16 colours are the user's own, and fit any background.
            answers: answers && matches!(depth, Depth::True | Depth::Ansi256),
            follows: false,
            patience: PATIENCE[usize::from(env.is_remote())],
        }
    }

    pub(super) fn look(&self) -> Look {
        self.look
    }

    /// The theme follows the background from now on: what to write to learn it, if it is not known already.
    pub(super) fn follow_background(&mut self) -> Option<String> {
        let new = self.answers && !self.follows;
        self.follows |= new;
        new.then(|| format!("{ASK_BACKGROUND}{ASK_LAST}{FOLLOW}"))
    }

    /// What to write before the first frame, on an empty screen, to learn what is only guessed; empty when nothing is.
    /// `follows`: whether the theme follows the background.
    pub(super) fn questions(&mut self, follows: bool) -> String {
        let mut questions = String::new();
        self.follows = follows && self.answers;
        if self.follows {
            questions += ASK_BACKGROUND;
        }
        if self.measures {
            questions += ASK_WIDTH;
        }
        if !questions.is_empty() {
            questions += ASK_LAST;
        }
        questions
    }

    /// What makes the terminal tell of a switch between light and dark, where that changes anything.
    pub(super) fn follow(&self) -> &'static str {
        if self.follows { FOLLOW } else { "" }
    }

    /// How long the end of the program waits for an answer that is still on its way.
    pub(super) fn patience(&self) -> Duration {
        self.patience
    }

    /// Takes an answer in; the look that follows from it, when that is another one.
    pub(super) fn hear(&mut self, answer: Answer) -> Option<Look> {
        let before = self.look;
        match answer {
            Answer::Background(rgb) if self.follows => self.look.light = is_bright(rgb),
            Answer::Scheme { light } if self.follows => self.look.light = light,
            Answer::Column(column) if self.measures => self.look.ascii = column > 2,
            Answer::Background(_) | Answer::Scheme { .. } | Answer::Column(_) | Answer::Attributes => {}
        }
        Some(self.look).filter(|look| *look != before)
    }
}

/// <https://no-color.org>: any value but the empty one turns colours off.
fn depth(env: &Env) -> Depth {
    let term = env.get("TERM");
    if env.has("NO_COLOR") {
        Depth::None
    } else if matches!(env.get("COLORTERM"), "truecolor" | "24bit") {
        Depth::True
    } else if ["256color", "direct", "kitty", "alacritty", "ghostty", "foot"]
        .iter()
        .any(|part| term.contains(part))
    {
        Depth::Ansi256
    } else {
        Depth::Ansi16
    }
}

/// Whether the terminal is one that can be asked: the Linux console prints what it does not understand.
fn answers(env: &Env) -> bool {
    !matches!(env.get("TERM"), "" | "dumb" | "linux")
}

/// `COLORFGBG` is `foreground;background`, background 7 or 15 on light terminals (rxvt, Konsole).
fn is_light(color_fg_bg: &str) -> bool {
    matches!(color_fg_bg.rsplit(';').next(), Some("7" | "15"))
}

/// Whether dark text is the one to read on it: the luma of ITU-R BT.601 is above the middle.
fn is_bright([red, green, blue]: [u8; 3]) -> bool {
    299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue) > 127_500
}

/// Terminals that say they cannot draw more than ASCII, and the Linux console, whose font lacks the shapes.
fn is_ascii(env: &Env) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find(|name| env.has(name));
    let locale = locale.map(|name| env.get(name).to_lowercase()).unwrap_or_default();
    let utf8 = locale.contains("utf-8") || locale.contains("utf8");
    env.get("TERM") == "linux" || (!locale.is_empty() && !utf8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn looks<const N: usize>(set: [(&'static str, &str); N]) -> Looks {
        Looks::guess(&Env::from(set), &Appearance::default())
    }

    const XTERM: [(&str, &str); 1] = [("TERM", "xterm-256color")];

    #[test]
    fn the_environment_decides_the_colours() {
        let depth = |color_term, term| depth(&Env::from([("COLORTERM", color_term), ("TERM", term)]));
        assert_eq!(depth("truecolor", "xterm"), Depth::True);
        assert_eq!(depth("", "tmux-256color"), Depth::Ansi256);
        assert_eq!(depth("", "vt220"), Depth::Ansi16);
        let off = [("NO_COLOR", "1"), ("COLORTERM", "truecolor")];
        assert_eq!(looks(off).look.depth, Depth::None);
        assert!(is_light("0;15") && !is_light("15;0") && !is_light(""));
    }

    #[test]
    fn only_a_locale_that_says_so_is_ascii() {
        let ascii = |lang, term| is_ascii(&Env::from([("LANG", lang), ("TERM", term)]));
        assert!(ascii("C", "xterm") && ascii("de_DE.ISO-8859-1", "xterm") && ascii("en_US.UTF-8", "linux"));
        assert!(!ascii("en_US.UTF-8", "xterm") && !ascii("C.utf8", "xterm"));
        assert!(!is_ascii(&Env::from(XTERM)));
        assert!(!is_ascii(&Env::from([("LC_ALL", "C.UTF-8"), ("LANG", "C")])));
    }

    #[rstest]
    #[case(looks(XTERM), true, true)]
    #[case(looks([("TERM", "xterm-256color"), ("LANG", "C")]), true, false)]
    #[case(looks([("TERM", "xterm-256color"), ("NO_COLOR", "1")]), false, true)]
    #[case(looks([("TERM", "vt220")]), false, true)]
    #[case(looks([("TERM", "linux"), ("COLORTERM", "truecolor")]), false, false)]
    #[case(looks([]), false, false)]
    fn only_what_changes_the_look_is_asked(#[case] mut looks: Looks, #[case] background: bool, #[case] width: bool) {
        assert!(!looks.questions(false).contains(ASK_BACKGROUND) && looks.follow().is_empty());
        let questions = looks.questions(true);
        assert_eq!(questions.contains(ASK_BACKGROUND), background);
        assert_eq!(questions.contains(ASK_WIDTH), width);
        assert_eq!(questions.ends_with(ASK_LAST), background || width);
        assert_eq!(looks.follow().is_empty(), !background);
    }

    #[test]
    fn answers_change_the_look_once() {
        let mut looks = looks(XTERM);
        assert_eq!(looks.hear(Answer::Background([255; 3])), None);
        assert!(looks.follow_background().is_some() && looks.follow_background().is_none());
        assert!(!looks.look().light);
        assert_eq!(looks.hear(Answer::Background([0x28, 0x28, 0x28])), None);
        let light = looks.hear(Answer::Background([0xfd, 0xf6, 0xe3]));
        assert_eq!(light.map(|look| look.light), Some(true));
        assert_eq!(looks.hear(Answer::Scheme { light: true }), None);
        let dark = looks.hear(Answer::Scheme { light: false });
        assert_eq!(dark.map(|look| look.light), Some(false));
        assert_eq!(looks.hear(Answer::Column(2)), None);
        assert_eq!(looks.hear(Answer::Column(3)).map(|look| look.ascii), Some(true));
    }

    #[test]
    fn without_colours_no_answer_brings_them() {
        let mut looks = looks([("TERM", "xterm-256color"), ("NO_COLOR", "1")]);
        assert_eq!(looks.follow_background(), None);
        assert_eq!(looks.hear(Answer::Background([255; 3])), None);
        assert_eq!(looks.hear(Answer::Scheme { light: true }), None);
    }

    #[test]
    fn the_answer_is_stronger_than_the_environment() {
        let mut looks = looks([("TERM", "xterm-256color"), ("COLORFGBG", "0;15")]);
        looks.follow_background();
        assert!(looks.look().light);
        let dark = looks.hear(Answer::Background([0; 3]));
        assert_eq!(dark.map(|look| look.light), Some(false));
    }

    #[test]
    fn characters_that_the_user_has_chosen_are_not_asked_for() {
        let chosen = |glyphs| {
            let appearance = Appearance {
                glyphs,
                ..Appearance::default()
            };
            Looks::guess(&Env::from(XTERM), &appearance)
        };
        let mut unicode = chosen(GlyphSet::Unicode);
        assert!(!unicode.questions(true).contains(ASK_WIDTH) && !unicode.look().ascii);
        assert_eq!(unicode.hear(Answer::Column(3)), None);
        assert!(!chosen(GlyphSet::Ascii).questions(true).contains(ASK_WIDTH));
        assert!(chosen(GlyphSet::Ascii).look().ascii);
    }

    #[test]
    fn a_far_terminal_gets_more_time() {
        assert_eq!(looks(XTERM).patience(), Duration::from_millis(100));
        assert_eq!(
            looks([("SSH_TTY", "/dev/pts/3")]).patience(),
            Duration::from_millis(300)
        );
    }
}
