//! One key with its modifiers: what it matches and how it is written.

use crossterm::event::KeyCode::{self, BackTab, Down, F, Left, PageDown, PageUp, Right, Tab, Up};
use crossterm::event::{KeyEvent, KeyModifiers};

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
