//! What the user types, a line at a time; and what is told, a line at a time.

use std::fs::File;
use std::io::{self, BufRead, IsTerminal, Write};
use std::os::fd::AsFd;
use std::sync::mpsc;
use std::thread;

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::domain::text::printable;

/// The longest line that is read, in bytes.
const MAX_LINE: u64 = 64 * 1024;

/// The standard input, read a line at a time and only when one is wanted: what is typed ahead waits in the terminal.
pub(super) struct Lines {
    wanted: mpsc::Sender<()>,
    read: UnboundedReceiver<Option<String>>,
    /// A line was asked for and has not come.
    waiting: bool,
    /// Lines read so far.
    pub count: u64,
    /// Whether a person sits at the other end.
    pub is_terminal: bool,
}

impl Lines {
    pub(super) fn start() -> Self {
        let (wanted, wishes) = mpsc::channel();
        let (sender, lines) = unbounded_channel();
        // Waiting for a line cannot be broken off: the thread ends with the program.
        thread::spawn(move || {
            for () in wishes {
                if sender.send(read_line(io::stdin().lock())).is_err() {
                    return;
                }
            }
        });
        Self {
            wanted,
            read: lines,
            waiting: false,
            count: 0,
            is_terminal: io::stdin().is_terminal(),
        }
    }

    /// The next line; nothing at the end of the input. May be dropped and called again.
    pub(super) async fn next(&mut self) -> Option<String> {
        if !self.waiting {
            // Without a reader the answer is the end of the input.
            let _ = self.wanted.send(());
            self.waiting = true;
        }
        let line = self.read.recv().await.flatten();
        self.waiting = false;
        self.count += u64::from(line.is_some());
        line
    }

    /// Asks a question, and reads its answer.
    pub(super) async fn ask(&mut self, voice: &mut Voice, question: &str) -> Option<String> {
        if self.is_terminal {
            voice.prompt(question);
        }
        let line = self.next().await;
        voice.answered();
        line
    }

    /// [`Lines::ask`] without showing what is typed.
    pub(super) async fn secret(&mut self, voice: &mut Voice, question: &str) -> Option<String> {
        let hidden = Hidden::begin(&io::stdin());
        let line = self.ask(voice, question).await;
        if hidden.is_some() {
            // The line break was not shown either.
            voice.tell("");
        }
        line
    }
}

/// One line without its end; nothing at the end of the input or when it cannot be read.
fn read_line(input: impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    match input.take(MAX_LINE).read_until(b'\n', &mut line) {
        Ok(1..) => {
            let text = String::from_utf8_lossy(&line);
            Some(text.trim_end_matches(['\n', '\r']).to_owned())
        }
        Ok(0) | Err(_) => None,
    }
}

/// While this lives the terminal does not show what is typed.
struct Hidden {
    terminal: File,
    before: Termios,
}

impl Hidden {
    fn begin(terminal: &impl AsFd) -> Option<Self> {
        let terminal = File::from(terminal.as_fd().try_clone_to_owned().ok()?);
        let before = tcgetattr(&terminal).ok()?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&terminal, OptionalActions::Now, &hidden).ok()?;
        Some(Self { terminal, before })
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // The terminal may be gone.
        let _ = tcsetattr(&self.terminal, OptionalActions::Now, &self.before);
    }
}

/// The standard output, a line at a time, and the standard error for what went wrong.
#[derive(Debug, Default)]
pub(super) struct Voice {
    /// The cursor stands behind a prompt.
    at_prompt: bool,
    /// Nobody listens any more.
    pub is_closed: bool,
}

impl Voice {
    /// One line.
    pub(super) fn tell(&mut self, line: &str) {
        let begin = if std::mem::take(&mut self.at_prompt) { "\n" } else { "" };
        let mut out = io::stdout().lock();
        let told = writeln!(out, "{begin}{}", printable(line)).and_then(|()| out.flush());
        self.is_closed |= told.is_err();
    }

    /// One line about what went wrong.
    pub(super) fn complain(&mut self, line: &str) {
        let begin = if std::mem::take(&mut self.at_prompt) { "\n" } else { "" };
        // A closed standard error takes no complaints.
        let _ = writeln!(io::stderr().lock(), "{begin}{}", printable(line));
    }

    /// Stays on its line, for the answer to stand behind it.
    pub(super) fn prompt(&mut self, prompt: &str) {
        let begin = if self.at_prompt { "\n" } else { "" };
        let mut out = io::stdout().lock();
        let told = write!(out, "{begin}{}", printable(prompt)).and_then(|()| out.flush());
        self.is_closed |= told.is_err();
        self.at_prompt = true;
    }

    /// The answer has come, and the cursor is on a line of its own again.
    pub(super) fn answered(&mut self) {
        self.at_prompt = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_to_the_end_of_the_input() {
        let mut input: &[u8] = b"add coffee 4.20\r\n\nqu\xffit";
        assert_eq!(read_line(&mut input).as_deref(), Some("add coffee 4.20"));
        assert_eq!(read_line(&mut input).as_deref(), Some(""));
        assert_eq!(read_line(&mut input).as_deref(), Some("qu\u{fffd}it"));
        assert_eq!(read_line(&mut input), None);
    }
}
