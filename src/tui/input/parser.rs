//! Bytes of a terminal as events: keys, pastes, the mouse, and the terminal's answers, which never become keys.
//!
//! A sequence may arrive in pieces of any size. Strings that only terminals send (OSC, DCS, APC, PM, SOS) are
//! taken out whole, whether or not anybody waits for them.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

use super::csi;

/// The most bytes that are kept of a control sequence; the rest of a longer one is passed over.
const MAX_SEQUENCE: usize = 64;
/// The most bytes that are kept of a string.
const MAX_STRING: usize = 1024;
/// The most bytes that are kept of a paste.
const MAX_PASTE: usize = 64 * 1024;

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
const PASTE_BEGINS: &[u8] = b"200";
const PASTE_ENDS: &[u8] = b"\x1b[201~";

/// What was understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::tui) enum Heard {
    /// Something a person did.
    Event(Event),
    /// Something the terminal says of itself.
    Answer(Answer),
}

/// What a terminal says of itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::tui) enum Answer {
    /// Its background (OSC 11), red, green and blue.
    Background([u8; 3]),
    /// Where its cursor stands, counted from 1: only heard while it is waited for, as F3 with a modifier key looks
    /// the same.
    Column(u16),
    /// The colours were switched, to light ones or dark ones (mode 2031).
    Scheme {
        /// Dark text on a light background.
        light: bool,
    },
    /// What it can do (DA1): the answer to the last question.
    Attributes,
}

/// What the bytes so far have begun.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum State {
    #[default]
    Ground,
    /// `ESC`: the key, or the begin of anything.
    Escape,
    /// `ESC O`: one more byte.
    Single,
    /// `ESC [`.
    Csi,
    /// `ESC [ [`: a function key of the Linux console.
    Console,
    /// `ESC [ M`: so many more bytes of a mouse report in the old form, which is passed over.
    OldMouse(u8),
    /// Between `ESC ]`, `P`, `^`, `_` or `X` and its end; whether the last byte was `ESC`, and whether it is an OSC.
    Text { escape: bool, osc: bool },
    /// Between `ESC [ 200 ~` and `ESC [ 201 ~`.
    Paste,
    /// Inside a character of so many more bytes; whether Alt is held.
    Utf8 { left: u8, alt: bool },
}

/// How far a sequence has come that has not ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Begun {
    /// `ESC` alone: most likely the key.
    Escape,
    /// More than that.
    Sequence,
    /// A paste.
    Paste,
}

#[derive(Debug, Default)]
pub(super) struct Parser {
    state: State,
    kept: Vec<u8>,
}

impl Parser {
    /// Takes bytes in. `asked`: whether the terminal was asked where its cursor stands.
    pub(super) fn feed(&mut self, bytes: &[u8], asked: bool, heard: &mut Vec<Heard>) {
        for byte in bytes {
            self.take(*byte, asked, heard);
        }
    }

    /// What has begun and not ended, if anything.
    pub(super) fn begun(&self) -> Option<Begun> {
        match self.state {
            State::Ground => None,
            State::Escape => Some(Begun::Escape),
            State::Paste => Some(Begun::Paste),
            _ => Some(Begun::Sequence),
        }
    }

    /// Nothing follows: `ESC` alone was the key, a paste ends here, half a sequence is dropped.
    pub(super) fn give_up(&mut self, heard: &mut Vec<Heard>) {
        match self.state {
            State::Escape => heard.push(key(KeyCode::Esc, KeyModifiers::NONE)),
            State::Paste => heard.push(paste(&self.kept)),
            _ => {}
        }
        self.enter(State::Ground);
    }

    fn enter(&mut self, state: State) {
        self.state = state;
        self.kept.clear();
    }

    fn take(&mut self, byte: u8, asked: bool, heard: &mut Vec<Heard>) {
        match self.state {
            State::Ground => self.plain(byte, false, heard),
            State::Escape => self.after_escape(byte, heard),
            State::Paste => self.in_paste(byte, heard),
            State::Text { escape, osc } => self.in_text(byte, escape, osc, heard),
            State::Utf8 { left, alt } => self.in_character(byte, left, alt, heard),
            State::OldMouse(1) => self.enter(State::Ground),
            State::OldMouse(left) => self.state = State::OldMouse(left - 1),
            // Anything but a sequence's own bytes ends it, and means what it always means.
            _ if !(0x20..0x7f).contains(&byte) => {
                self.enter(State::Ground);
                self.plain(byte, false, heard);
            }
            State::Single => {
                self.enter(State::Ground);
                heard.extend(csi::single(byte).map(Heard::Event));
            }
            State::Console => {
                self.enter(State::Ground);
                heard.extend(csi::console(byte).map(Heard::Event));
            }
            State::Csi => self.in_csi(byte, asked, heard),
        }
    }

    /// A byte outside any sequence.
    fn plain(&mut self, byte: u8, alt: bool, heard: &mut Vec<Heard>) {
        let held = if alt { KeyModifiers::ALT } else { KeyModifiers::NONE };
        let control = |letter: u8| (KeyCode::Char(char::from(letter)), held | KeyModifiers::CONTROL);
        let (code, modifiers) = match byte {
            ESC => return self.enter(State::Escape),
            0 => control(b' '),
            b'\t' => (KeyCode::Tab, held),
            b'\r' => (KeyCode::Enter, held),
            0x01..=0x1a => control(byte - 1 + b'a'),
            0x1c..=0x1f => control(byte - 0x1c + b'4'),
            0x7f => (KeyCode::Backspace, held),
            0x20..=0x7e => return heard.push(character(char::from(byte), held)),
            0x80.. => {
                let left = match byte {
                    0xc2..=0xdf => 1,
                    0xe0..=0xef => 2,
                    0xf0..=0xf4 => 3,
                    // No character begins with it.
                    _ => return,
                };
                self.enter(State::Utf8 { left, alt });
                return self.kept.push(byte);
            }
        };
        heard.push(key(code, modifiers));
    }

    fn after_escape(&mut self, byte: u8, heard: &mut Vec<Heard>) {
        match byte {
            // The first one was the key.
            ESC => heard.push(key(KeyCode::Esc, KeyModifiers::NONE)),
            b'[' => self.enter(State::Csi),
            b'O' => self.enter(State::Single),
            b']' | b'P' | b'^' | b'_' | b'X' => self.enter(State::Text {
                escape: false,
                osc: byte == b']',
            }),
            _ => {
                self.enter(State::Ground);
                self.plain(byte, true, heard);
            }
        }
    }

    fn in_character(&mut self, byte: u8, left: u8, alt: bool, heard: &mut Vec<Heard>) {
        if !matches!(byte, 0x80..=0xbf) {
            self.enter(State::Ground);
            return self.plain(byte, false, heard);
        }
        self.kept.push(byte);
        if left > 1 {
            self.state = State::Utf8 { left: left - 1, alt };
            return;
        }
        let held = if alt { KeyModifiers::ALT } else { KeyModifiers::NONE };
        let text = std::str::from_utf8(&self.kept).ok();
        heard.extend(text.and_then(|text| text.chars().next()).map(|c| character(c, held)));
        self.enter(State::Ground);
    }

    fn in_csi(&mut self, byte: u8, asked: bool, heard: &mut Vec<Heard>) {
        match byte {
            b'[' if self.kept.is_empty() => self.enter(State::Console),
            b'M' if self.kept.is_empty() => self.enter(State::OldMouse(3)),
            // Parameters and what may stand between them and the end.
            0x20..=0x3f => {
                if self.kept.len() < MAX_SEQUENCE {
                    self.kept.push(byte);
                }
            }
            b'~' if self.kept == PASTE_BEGINS => self.enter(State::Paste),
            _ => {
                if self.kept.len() < MAX_SEQUENCE {
                    heard.extend(csi::read(&self.kept, byte, asked));
                }
                self.enter(State::Ground);
            }
        }
    }

    fn in_text(&mut self, byte: u8, escape: bool, osc: bool, heard: &mut Vec<Heard>) {
        match byte {
            BEL => self.end_text(osc, heard),
            b'\\' if escape => self.end_text(osc, heard),
            ESC => self.state = State::Text { escape: true, osc },
            _ if escape => {
                // Not its end, so it was cut off here.
                self.enter(State::Escape);
                self.after_escape(byte, heard);
            }
            0..0x20 => {
                self.enter(State::Ground);
                self.plain(byte, false, heard);
            }
            _ => {
                if self.kept.len() < MAX_STRING {
                    self.kept.push(byte);
                }
            }
        }
    }

    fn end_text(&mut self, osc: bool, heard: &mut Vec<Heard>) {
        if osc {
            heard.extend(csi::colour(&self.kept).map(|rgb| Heard::Answer(Answer::Background(rgb))));
        }
        self.enter(State::Ground);
    }

    fn in_paste(&mut self, byte: u8, heard: &mut Vec<Heard>) {
        self.kept.push(byte);
        if self.kept.ends_with(PASTE_ENDS) {
            self.kept.truncate(self.kept.len() - PASTE_ENDS.len());
            heard.push(paste(&self.kept));
            self.enter(State::Ground);
        } else if self.kept.len() >= MAX_PASTE + PASTE_ENDS.len() {
            // What is too much goes, but for the last bytes: they may begin the end.
            self.kept.remove(MAX_PASTE);
        }
    }
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Heard {
    Heard::Event(Event::Key(KeyEvent::new(code, modifiers)))
}

/// A letter with its modifiers; Shift is told for capitals.
fn character(c: char, held: KeyModifiers) -> Heard {
    let shift = if c.is_uppercase() {
        KeyModifiers::SHIFT
    } else {
        KeyModifiers::NONE
    };
    key(KeyCode::Char(c), held | shift)
}

fn paste(bytes: &[u8]) -> Heard {
    Heard::Event(Event::Paste(String::from_utf8_lossy(bytes).into_owned()))
}
