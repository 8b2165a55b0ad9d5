//! One key with its modifiers: what it matches, how it is written and read.

use std::fmt;
use std::str::FromStr;

use crossterm::event::KeyCode::{self, BackTab, Down, F, Left, PageDown, PageUp, Right, Tab, Up};
use crossterm::event::{KeyEvent, KeyModifiers};

use crate::domain::nearest::nearest;

/// The keys that have a name, each with its names; the first is the one that is written.
const NAMES: [(KeyCode, &[&str]); 15] = [
    (KeyCode::Enter, &["Enter", "Return"]),
    (KeyCode::Char(' '), &["Space"]),
    (Tab, &["Tab"]),
    (BackTab, &["Shift-Tab", "S-Tab", "BackTab"]),
    (KeyCode::Esc, &["Esc", "Escape"]),
    (Up, &["Up"]),
    (Down, &["Down"]),
    (Left, &["Left"]),
    (Right, &["Right"]),
    (PageUp, &["PageUp", "PgUp"]),
    (PageDown, &["PageDown", "PgDn"]),
    (KeyCode::Home, &["Home"]),
    (KeyCode::End, &["End"]),
    (KeyCode::Insert, &["Insert", "Ins"]),
    (KeyCode::Delete, &["Delete", "Del"]),
];

/// The function keys that every keyboard has.
const FUNCTION_KEYS: std::ops::RangeInclusive<u8> = 1..=12;

/// A key with its modifiers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Chord {
    /// The key; a capital letter is a key of its own.
    pub code: KeyCode,
    /// No modifier, or control.
    pub modifiers: KeyModifiers,
}

impl Chord {
    /// A key by itself.
    #[must_use]
    pub const fn plain(code: KeyCode) -> Self {
        Self {
            code,
            modifiers: KeyModifiers::NONE,
        }
    }

    /// A letter with control.
    #[must_use]
    pub const fn ctrl(letter: char) -> Self {
        Self {
            code: KeyCode::Char(letter),
            modifiers: KeyModifiers::CONTROL,
        }
    }

    /// The event of pressing it.
    #[must_use]
    pub const fn event(self) -> KeyEvent {
        KeyEvent::new(self.code, self.modifiers)
    }

    /// Whether `key` is this one.
    #[must_use]
    pub fn is(self, key: KeyEvent) -> bool {
        // Shift is part of the letter itself, and terminals differ in reporting it.
        let modifiers = key.modifiers - KeyModifiers::SHIFT;
        match (self.code, key.code) {
            (BackTab, BackTab) => true,
            (BackTab, Tab) => key.modifiers.contains(KeyModifiers::SHIFT),
            (Tab, Tab) => key.modifiers.is_empty(),
            (mine, theirs) => mine == theirs && self.modifiers == modifiers,
        }
    }

    /// How the key is written: `a`, `^N`, `F2`, `Enter`, `↓`.
    #[must_use]
    pub fn label(self) -> String {
        match (self.code, self.modifiers) {
            (KeyCode::Char(' '), KeyModifiers::NONE) => "Space".to_owned(),
            (KeyCode::Char(letter), KeyModifiers::CONTROL) => format!("^{}", letter.to_ascii_uppercase()),
            (KeyCode::Char(letter), _) => letter.to_string(),
            (F(number), _) => format!("F{number}"),
            (BackTab, _) => "S-Tab".to_owned(),
            (Up, _) => "↑".to_owned(),
            (Down, _) => "↓".to_owned(),
            (Left, _) => "←".to_owned(),
            (Right, _) => "→".to_owned(),
            (PageDown, _) => "PgDn".to_owned(),
            (PageUp, _) => "PgUp".to_owned(),
            (code, _) => format!("{code:?}"),
        }
    }
}

/// Why a text is no key that can be bound.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ChordError {
    /// No key has this name.
    #[error("There is no key \"{text}\".{}", did_you_mean(suggestion.as_deref()))]
    Unknown {
        /// The text.
        text: String,
        /// The name it may have meant.
        suggestion: Option<String>,
    },
    /// Terminals send the same for another key.
    #[error("A terminal cannot tell {text} from {same}: choose another key.")]
    Alike {
        /// The text.
        text: String,
        /// The key it cannot be told from.
        same: &'static str,
    },
    /// Terminals do not send it, or not as one key.
    #[error("{text} cannot be bound: {why}.")]
    NotSent {
        /// The text.
        text: String,
        /// What happens instead.
        why: &'static str,
    },
}

/// ` Did you mean "Enter"?`
pub(super) fn did_you_mean(suggestion: Option<&str>) -> String {
    suggestion.map_or(String::new(), |name| format!(" Did you mean \"{name}\"?"))
}

impl FromStr for Chord {
    type Err = ChordError;

    /// Reads `a`, `A`, `ctrl-n`, `^n`, `F5`, `Enter`, `Space`, `shift-tab`, `PageDown`; names in any case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let mut letters = text.chars();
        if let (Some(letter), None) = (letters.next(), letters.next()) {
            return if letter.is_control() {
                Err(unknown(text))
            } else {
                Ok(Self::plain(KeyCode::Char(letter)))
            };
        }
        if let Some(code) = named(text) {
            return Ok(Self::plain(code));
        }
        if let Some(letter) = text.strip_prefix('^') {
            return with_control(text, letter);
        }
        let Some((modifier, key)) = text.split_once(['-', '+']) else {
            return Err(unknown(text));
        };
        match modifier.to_ascii_lowercase().as_str() {
            "ctrl" | "control" | "c" => with_control(text, key),
            "shift" | "s" => with_shift(text, key),
            "alt" | "meta" | "option" => Err(not_sent(text, "terminals send it as Esc and another key")),
            "super" | "cmd" | "win" => Err(not_sent(text, "the desktop keeps it for itself")),
            _ => Err(unknown(text)),
        }
    }
}

fn named(text: &str) -> Option<KeyCode> {
    let is = |name: &str| name.eq_ignore_ascii_case(text);
    if let Some((code, _)) = NAMES.iter().find(|(_, names)| names.iter().any(|name| is(name))) {
        return Some(*code);
    }
    let number = text.strip_prefix(['f', 'F'])?.parse().ok()?;
    FUNCTION_KEYS.contains(&number).then_some(F(number))
}

fn with_control(text: &str, key: &str) -> Result<Chord, ChordError> {
    let same = match key.to_ascii_lowercase().as_str() {
        "h" => "Backspace",
        "i" => "Tab",
        "j" | "m" => "Enter",
        "[" => "Esc",
        letter if letter.len() == 1 => {
            return letter
                .chars()
                .find(char::is_ascii_alphabetic)
                .map(Chord::ctrl)
                .ok_or_else(|| not_sent(text, "only letters are sent together with ctrl"));
        }
        _ if named(key).is_some() => return Err(not_sent(text, "only letters are sent together with ctrl")),
        _ => return Err(unknown(text)),
    };
    Err(ChordError::Alike {
        text: text.to_owned(),
        same,
    })
}

fn with_shift(text: &str, key: &str) -> Result<Chord, ChordError> {
    let mut letters = key.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) if letter.is_alphabetic() => {
            let mut upper = letter.to_uppercase();
            match (upper.next(), upper.next()) {
                (Some(upper), None) => Ok(Chord::plain(KeyCode::Char(upper))),
                _ => Err(unknown(text)),
            }
        }
        (Some(_), None) => Err(not_sent(text, "write the character that the two keys type")),
        _ if named(key).is_some() => Err(not_sent(text, "most terminals send it without the shift")),
        _ => Err(unknown(text)),
    }
}

fn not_sent(text: &str, why: &'static str) -> ChordError {
    ChordError::NotSent {
        text: text.to_owned(),
        why,
    }
}

fn unknown(text: &str) -> ChordError {
    let names = NAMES.iter().map(|(_, names)| names[0]);
    ChordError::Unknown {
        text: text.chars().take(40).filter(|c| !c.is_control()).collect(),
        suggestion: nearest(text, names).map(str::to_owned),
    }
}

impl fmt::Display for Chord {
    /// As it is written in the configuration: reading it gives the same key again.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.modifiers == KeyModifiers::CONTROL {
            f.write_str("ctrl-")?;
        }
        match (NAMES.iter().find(|(code, _)| *code == self.code), self.code) {
            (Some((_, names)), _) => f.write_str(names[0]),
            (None, KeyCode::Char(letter)) => write!(f, "{letter}"),
            (None, F(number)) => write!(f, "F{number}"),
            (None, code) => write!(f, "{code}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("a", Chord::plain(KeyCode::Char('a')))]
    #[case("A", Chord::plain(KeyCode::Char('A')))]
    #[case("shift-a", Chord::plain(KeyCode::Char('A')))]
    #[case("ä", Chord::plain(KeyCode::Char('ä')))]
    #[case("^", Chord::plain(KeyCode::Char('^')))]
    #[case("-", Chord::plain(KeyCode::Char('-')))]
    #[case("^n", Chord::ctrl('n'))]
    #[case("Ctrl+N", Chord::ctrl('n'))]
    #[case("ctrl-n", Chord::ctrl('n'))]
    #[case("f5", Chord::plain(F(5)))]
    #[case("F12", Chord::plain(F(12)))]
    #[case("enter", Chord::plain(KeyCode::Enter))]
    #[case(" Space ", Chord::plain(KeyCode::Char(' ')))]
    #[case("shift-tab", Chord::plain(BackTab))]
    #[case("PgDn", Chord::plain(PageDown))]
    fn a_key_is_read(#[case] text: &str, #[case] chord: Chord) {
        assert_eq!(text.parse(), Ok(chord));
    }

    #[rstest]
    #[case("", "There is no key \"\".")]
    #[case("entr", "There is no key \"entr\". Did you mean \"Enter\"?")]
    #[case("F13", "There is no key \"F13\".")]
    #[case("hyper-x", "There is no key \"hyper-x\".")]
    #[case("ctrl-", "There is no key \"ctrl-\".")]
    #[case("^H", "A terminal cannot tell ^H from Backspace: choose another key.")]
    #[case("ctrl-i", "A terminal cannot tell ctrl-i from Tab: choose another key.")]
    #[case("^j", "A terminal cannot tell ^j from Enter: choose another key.")]
    #[case("^[", "A terminal cannot tell ^[ from Esc: choose another key.")]
    #[case("alt-x", "alt-x cannot be bound: terminals send it as Esc and another key.")]
    #[case("ctrl-1", "ctrl-1 cannot be bound: only letters are sent together with ctrl.")]
    #[case(
        "ctrl-Enter",
        "ctrl-Enter cannot be bound: only letters are sent together with ctrl."
    )]
    #[case("shift-1", "shift-1 cannot be bound: write the character that the two keys type.")]
    #[case(
        "shift-Enter",
        "shift-Enter cannot be bound: most terminals send it without the shift."
    )]
    fn what_is_no_key_says_why(#[case] text: &str, #[case] why: &str) {
        assert_eq!(text.parse::<Chord>().map_err(|e| e.to_string()), Err(why.to_owned()));
    }

    proptest! {
        #[test]
        fn any_text_is_a_key_or_says_why(text in "\\PC{0,12}|\\^.|(ctrl|shift|alt)-.{0,5}") {
            match text.parse::<Chord>() {
                Ok(chord) => prop_assert_eq!(chord.to_string().parse(), Ok(chord)),
                Err(why) => prop_assert!(why.to_string().ends_with(['.', '?'])),
            }
        }
    }
}
