//! Colours by number and by name, and how well they can be told apart.

use ratatui::style::Color;

/// A 24-bit colour: red, green, blue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    pub(super) const BLACK: Self = Self(0, 0, 0);
    pub(super) const WHITE: Self = Self(255, 255, 255);

    /// Reads `#rrggbb`.
    pub(super) fn from_hex(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Self(red, green, blue))
    }

    /// The colour `#rrggbb`.
    pub(super) fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    /// The colour of the numbers 16 to 255 of xterm: a cube of six levels, then 24 greys.
    pub(super) const fn from_ansi256(number: u8) -> Self {
        if number >= 232 {
            let grey = 8 + (number - 232) * 10;
            return Self(grey, grey, grey);
        }
        let at = number.saturating_sub(16);
        Self(
            LEVELS[(at / 36) as usize],
            LEVELS[(at / 6 % 6) as usize],
            LEVELS[(at % 6) as usize],
        )
    }

    /// The number of xterm's 256 colours that is closest; 16 to 255, as the first 16 are the user's own.
    pub(super) fn ansi256(self) -> u8 {
        (16..=255)
            .min_by_key(|&number| self.distance(Self::from_ansi256(number)))
            .unwrap_or(16)
    }

    fn distance(self, other: Self) -> u32 {
        let square = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
        square(self.0, other.0) + square(self.1, other.1) + square(self.2, other.2)
    }

    /// Relative luminance by WCAG 2: 0 for black, 1 for white.
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.linear();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Its parts as light, 0 to 1 each: the sRGB curve undone.
    pub(super) fn linear(self) -> [f64; 3] {
        [self.0, self.1, self.2].map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        })
    }

    /// The contrast ratio of WCAG 2, either way round: 1 for two equal colours to 21 for black and white.
    pub(super) fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    pub(super) const fn colour(self) -> Color {
        Color::Rgb(self.0, self.1, self.2)
    }
}

const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The names of the terminal's own colours.
pub(super) const NAMES: [(&str, Color); 17] = [
    ("default", Color::Reset),
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("white", Color::Gray),
    ("bright-black", Color::DarkGray),
    ("bright-red", Color::LightRed),
    ("bright-green", Color::LightGreen),
    ("bright-yellow", Color::LightYellow),
    ("bright-blue", Color::LightBlue),
    ("bright-magenta", Color::LightMagenta),
    ("bright-cyan", Color::LightCyan),
    ("bright-white", Color::White),
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_the_colours_of_xterm() {
        assert_eq!(Rgb::from_ansi256(16), Rgb::BLACK);
        assert_eq!(Rgb::from_ansi256(111), Rgb(135, 175, 255));
        assert_eq!(Rgb::from_ansi256(231), Rgb::WHITE);
        assert_eq!(Rgb::from_ansi256(240), Rgb(88, 88, 88));
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        let ratio = |a, b| format!("{:.2}", Rgb::contrast(a, b));
        assert_eq!(ratio(Rgb::BLACK, Rgb::WHITE), "21.00");
        assert_eq!(ratio(Rgb(0x77, 0x77, 0x77), Rgb::WHITE), "4.48");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(red: u8, green: u8, blue: u8) {
            let colour = Rgb(red, green, blue);
            prop_assert_eq!(Rgb::from_hex(&colour.hex()), Some(colour));
        }

        #[test]
        fn every_number_is_closest_to_itself(number in 16_u8..) {
            let colour = Rgb::from_ansi256(number);
            prop_assert_eq!(Rgb::from_ansi256(colour.ansi256()), colour);
        }

        #[test]
        fn any_text_is_safe(text in "\\PC{0,9}|#[0-9a-g]{5,7}") {
            let _ = Rgb::from_hex(&text);
        }
    }
}
