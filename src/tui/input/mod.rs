//! Reading the terminal: a thread of its own waits for bytes, so that a key is never later than it must be.
//!
//! The bytes are read here and nowhere else. A terminal's answers come in among the keys, late or in pieces, and
//! whoever reads keys alone takes them for typing.

mod csi;
mod parser;
#[cfg(test)]
mod tests;

use std::io::{self, PipeReader, PipeWriter};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crossterm::event::{Event, MouseButton, MouseEvent, MouseEventKind};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, read};
use tokio::sync::mpsc::UnboundedSender;

use super::wake::Wake;
use crate::app::{Mouse, MouseKind, Msg};
use parser::{Begun, Parser};

pub(super) use parser::{Answer, Heard};

/// How long half a sequence may be on its way, over a slow line.
const SEQUENCE: Duration = Duration::from_millis(250);
/// How long a paste may rest; what follows its end would be taken for keys.
const PASTE: Duration = Duration::from_secs(5);
/// How long `ESC` may be the begin of an answer, while one is awaited. Otherwise it is the key at once.
const ESCAPE: Duration = Duration::from_millis(50);
/// After this an answer is awaited no more.
const AWAITED: Duration = Duration::from_secs(2);

/// Whether the terminal was asked something and has not given its last answer; shared with the reader.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked(Arc<Mutex<Option<Instant>>>);

impl Asked {
    /// A question went out just now.
    pub(super) fn begin(&self) {
        self.set(Some(Instant::now()));
    }

    fn end(&self) {
        self.set(None);
    }

    fn set(&self, since: Option<Instant>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }

    /// How long an answer may still take, if it is awaited for `patience` in all.
    fn left(&self, patience: Duration) -> Option<Duration> {
        let since = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        since.and_then(|since| patience.checked_sub(since.elapsed()))
    }

    fn is_awaited(&self) -> bool {
        self.left(AWAITED).is_some()
    }
}

/// The reader; dropping it ends the reading, after the answers that are still awaited.
pub(super) struct Input {
    thread: Option<JoinHandle<()>>,
    /// Closing it wakes the thread.
    open: Option<PipeWriter>,
}

impl Input {
    /// Reads the standard input until it ends, into `sender`. `patience` is how long an answer to what was `asked`
    /// may hold up the end of the program, so that it is not left for the shell.
    pub(super) fn start(sender: UnboundedSender<Wake>, asked: Asked, patience: Duration) -> io::Result<Self> {
        let (closed, open) = io::pipe()?;
        let reader = Reader {
            closed,
            asked,
            patience,
            sender,
            parser: Parser::default(),
            closing: false,
        };
        Ok(Self {
            thread: Some(thread::spawn(move || reader.run())),
            open: Some(open),
        })
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        self.open = None;
        if let Some(thread) = self.thread.take() {
            // A reader that panicked reads no more, which is what is wanted.
            let _ = thread.join();
        }
    }
}

struct Reader {
    closed: PipeReader,
    asked: Asked,
    patience: Duration,
    sender: UnboundedSender<Wake>,
    parser: Parser,
    /// Only what the terminal still answers is read, and nothing is sent on.
    closing: bool,
}

/// What the wait came to.
enum Ready {
    Bytes,
    Nothing,
    Closed,
    Gone,
}

impl Reader {
    fn run(mut self) {
        let mut heard = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            match self.wait() {
                Ready::Bytes => match read(io::stdin(), &mut buffer) {
                    Ok(count @ 1..) => self.parser.feed(&buffer[..count], self.asked.is_awaited(), &mut heard),
                    Err(Errno::INTR | Errno::AGAIN) => {}
                    Ok(0) | Err(_) => return self.end(),
                },
                Ready::Nothing if self.closing => return,
                Ready::Nothing => self.parser.give_up(&mut heard),
                Ready::Closed => self.closing = true,
                Ready::Gone => return self.end(),
            }
            for heard in heard.drain(..) {
                if heard == Heard::Answer(Answer::Attributes) {
                    self.asked.end();
                } else if !self.closing && !self.tell(heard) {
                    return;
                }
            }
            if self.closing && self.asked.left(self.patience).is_none() {
                return;
            }
        }
    }

    /// Waits for bytes, at most as long as what has begun may take.
    fn wait(&self) -> Ready {
        let limit = match self.parser.begun() {
            _ if self.closing => self.asked.left(self.patience).or(Some(Duration::ZERO)),
            None => None,
            Some(Begun::Escape) if self.asked.is_awaited() => Some(ESCAPE),
            Some(Begun::Escape) => Some(Duration::ZERO),
            Some(Begun::Sequence) => Some(SEQUENCE),
            Some(Begun::Paste) => Some(PASTE),
        };
        let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
        let stdin = io::stdin();
        let mut watched = [
            PollFd::new(&stdin, PollFlags::IN),
            PollFd::new(&self.closed, PollFlags::IN),
        ];
        let count = if self.closing { 1 } else { 2 };
        match poll(&mut watched[..count], limit.as_ref()) {
            Err(Errno::INTR) => return self.wait(),
            Err(_) => return Ready::Gone,
            Ok(0) => return Ready::Nothing,
            Ok(_) => {}
        }
        let [terminal, closed] = watched.map(|of| of.revents());
        if !self.closing && !closed.is_empty() {
            Ready::Closed
        } else if terminal.contains(PollFlags::IN) {
            Ready::Bytes
        } else {
            // Hung up: a terminal that does not control this program sends no signal.
            Ready::Gone
        }
    }

    /// Sends it on; whether anybody still listens.
    fn tell(&self, heard: Heard) -> bool {
        let wake = match heard {
            Heard::Answer(answer) => Some(Wake::Answer(answer)),
            Heard::Event(event) => message(event).map(Wake::Message),
        };
        wake.is_none_or(|wake| self.sender.send(wake).is_ok())
    }

    fn end(&self) {
        // The loop may have ended by itself.
        let _ = self.sender.send(Wake::End);
    }
}

fn message(event: Event) -> Option<Msg> {
    match event {
        Event::Key(key) => Some(Msg::Key(key)),
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::FocusGained => Some(Msg::Focus(true)),
        Event::FocusLost => Some(Msg::Focus(false)),
        Event::Mouse(event) => mouse(event).map(Msg::Mouse),
        // Resizing has a signal of its own.
        Event::Resize(..) => None,
    }
}

fn mouse(event: MouseEvent) -> Option<Mouse> {
    let kind = match event.kind {
        MouseEventKind::Down(MouseButton::Left) => MouseKind::Click,
        MouseEventKind::ScrollUp => MouseKind::WheelUp,
        MouseEventKind::ScrollDown => MouseKind::WheelDown,
        _ => return None,
    };
    Some(Mouse {
        column: event.column,
        row: event.row,
        kind,
    })
}
