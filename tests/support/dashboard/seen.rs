//! Everything that reached the terminal, and the screen that it makes.

use std::io::Read;
use std::sync::{Condvar, Mutex};

use vt100::{Parser, Screen};

use super::launch::cells;

/// The emulator passes over this character, which terminals draw one column wide: it gets another.
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// Everything that reached the terminal.
pub(super) struct Seen {
    pub(super) parser: Parser,
    pub(super) bytes: Vec<u8>,
    /// Bytes that the emulator has not seen.
    held: Vec<u8>,
    /// Nobody has the terminal open any more.
    pub(super) ended: bool,
    /// The reader should go.
    pub(super) closing: bool,
}

impl Seen {
    pub(super) fn new(columns: u16, rows: u16) -> Self {
        Self {
            parser: Parser::new(cells(rows), cells(columns), 0),
            bytes: Vec::new(),
            held: Vec::new(),
            ended: false,
            closing: false,
        }
    }

    /// Whether a synchronized update is under way: the screen shows neither the old frame nor the new one.
    pub(super) fn drawing(&self) -> bool {
        last(&self.bytes, "\x1b[?2026h") > last(&self.bytes, "\x1b[?2026l")
    }

    fn take(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        for byte in bytes {
            self.held.push(*byte);
            if self.held.ends_with(REPLACEMENT) {
                self.held.truncate(self.held.len() - REPLACEMENT.len());
                self.held.push(b'?');
            }
        }
        // What may be the first bytes of one waits for the rest.
        let begun = (1..REPLACEMENT.len())
            .rev()
            .find(|n| self.held.ends_with(&REPLACEMENT[..*n]));
        let rest = self.held.split_off(self.held.len() - begun.unwrap_or(0));
        self.parser.process(&self.held);
        self.held = rest;
    }
}

pub(super) fn read(mut reader: Box<dyn Read + Send>, seen: &(Mutex<Seen>, Condvar)) {
    let (lock, changed) = seen;
    let mut piece = [0; 4096];
    loop {
        let count = reader.read(&mut piece).unwrap_or(0);
        let mut seen = lock.lock().unwrap();
        seen.take(&piece[..count]);
        seen.ended = count == 0 || (seen.closing && !seen.drawing());
        changed.notify_all();
        if seen.ended {
            break;
        }
    }
}

/// Where `wanted` begins in `bytes`.
pub fn find(bytes: &[u8], wanted: &str) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted.as_bytes())
}

pub(super) fn last(bytes: &[u8], wanted: &str) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .rposition(|window| window == wanted.as_bytes())
}

pub(super) fn dump(screen: &Screen) -> String {
    let (_, columns) = screen.size();
    let rows: Vec<String> = screen.rows(0, columns.get()).map(|row| format!("│{row}")).collect();
    let rows = rows.join("\n");
    format!("the screen, cursor at {:?}:\n{rows}", screen.cursor_position())
}
