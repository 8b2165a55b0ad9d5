//! Taking the terminal and giving it back, whatever happens in between.

use std::io::{self, Stdout, Write};
use std::panic;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use crossterm::event::{DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, execute, queue};
use rustix::process::{Signal, kill_current_process_group};

use super::backend::AnsiBackend;
use crate::app::{self, Model};
use crate::domain::text::printable;

/// Whether the terminal is ours now; the panic hook reads it.
static TAKEN: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// Push and pop the window title (xterm 22;2 and 23;2).
const PUSH_TITLE: &str = "\x1b[22;2t";
const POP_TITLE: &str = "\x1b[23;2t";

/// The terminal in raw mode on its alternate screen; dropping it gives it back.
pub(super) struct Terminal {
    screen: ratatui::Terminal<AnsiBackend<Stdout>>,
    title: String,
}

impl Terminal {
    /// Takes the terminal. From here on a panic of this thread gives it back before it is reported.
    pub(super) fn enter() -> io::Result<Self> {
        HOOK.call_once(hook_panics);
        let terminal = Self {
            screen: ratatui::Terminal::new(AnsiBackend::new(io::stdout()))?,
            title: String::new(),
        };
        // Dropped, and so given back, when it could be taken only half.
        take()?;
        Ok(terminal)
    }

    /// Columns and rows.
    pub(super) fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.screen.size()?;
        Ok((size.width, size.height))
    }

    /// Draws the model; writes nothing when the screen shows it already, or while the terminal is given back.
    pub(super) fn draw(&mut self, model: &Model) -> io::Result<()> {
        if !TAKEN.load(Ordering::SeqCst) {
            return Ok(());
        }
        self.screen.draw(|frame| app::view(model, frame))?;
        let title = model.title();
        if title != self.title {
            write!(io::stdout(), "\x1b]2;{}\x07", printable(&title))?;
            io::stdout().flush()?;
            self.title = title;
        }
        Ok(())
    }

    /// Forgets what is on the screen, so that the next frame is drawn whole.
    pub(super) fn redraw(&mut self) -> io::Result<()> {
        self.screen.backend_mut().forget();
        self.screen.clear()
    }

    /// Takes the terminal again after a stop, also after one that nobody announced (`kill -STOP`): whoever
    /// had the terminal meanwhile left it as it liked.
    pub(super) fn resume(&mut self) -> io::Result<()> {
        take()?;
        self.title.clear();
        self.redraw()
    }
}

/// Gives the terminal back and stops the whole job, as ^Z does. It is taken again by [`Terminal::resume`].
pub(super) fn suspend() -> io::Result<()> {
    restore();
    // The group, so that a `cargo run` above this program stops too and the shell gets its prompt back.
    kill_current_process_group(Signal::STOP)?;
    Ok(())
}

/// Asks the terminal to put `text` on its clipboard (OSC 52), which works over ssh too.
pub(super) fn copy(text: &str) -> io::Result<()> {
    let mut out = io::stdout();
    write!(out, "\x1b]52;c;{}\x07", BASE64_STANDARD.encode(text))?;
    out.flush()
}

impl Drop for Terminal {
    fn drop(&mut self) {
        restore();
    }
}

/// A panic of the thread that draws ends the program: the terminal is given back, then it is reported.
/// Any other thread's is caught, and its report would land in the middle of the screen: it goes to the log.
fn hook_panics() {
    let drawing = thread::current().id();
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if TAKEN.load(Ordering::SeqCst) && thread::current().id() != drawing {
            tracing::error!("{info}");
        } else {
            restore();
            report(info);
        }
    }));
}

fn take() -> io::Result<()> {
    let mut out = io::stdout();
    if TAKEN.swap(true, Ordering::SeqCst) {
        // Crossterm would do nothing, as it takes raw mode for granted.
        disable_raw_mode()?;
    } else {
        out.write_all(PUSH_TITLE.as_bytes())?;
    }
    enable_raw_mode()?;
    execute!(out, EnterAlternateScreen, EnableBracketedPaste, EnableFocusChange)
}

/// Undoes [`take`], once. Errors are passed over: the terminal may be gone.
fn restore() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    let _ = queue!(
        out,
        DisableFocusChange,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    );
    let _ = out.write_all(POP_TITLE.as_bytes());
    let _ = out.flush();
    let _ = disable_raw_mode();
}

#[cfg(test)]
mod tests {
    use super::*;
    use portable_pty::{CommandBuilder, PtySize, native_pty_system};
    use std::env;
    use std::io::Read;

    /// Says in a process of its own, inside a terminal, which thread is to panic.
    const WHO: &str = "BUDGET_TRACKER_TEST_WHO_PANICS";
    const LEFT: &str = "\x1b[?1049l";

    /// What this very test writes to a terminal when it panics there.
    fn panicking(test: &str, who: &str) -> String {
        let mut command = CommandBuilder::new(env::current_exe().unwrap());
        command.args(["--exact", test, "--nocapture", "--test-threads=1"]);
        command.env(WHO, who);
        let pair = native_pty_system().openpty(PtySize::default()).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let mut child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).unwrap();
        child.wait().unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_panic_is_reported_after_the_terminal_is_given_back() {
        match env::var(WHO).as_deref() {
            Ok("drawing") => {
                let _terminal = Terminal::enter().unwrap();
                panic!("a fault while drawing");
            }
            Ok(_) => {
                let _terminal = Terminal::enter().unwrap();
                let worker = thread::spawn(|| panic!("a fault in a task"));
                assert!(worker.join().is_err());
            }
            Err(_) => {
                let test = "tui::terminal::tests::a_panic_is_reported_after_the_terminal_is_given_back";
                let shown = panicking(test, "drawing");
                let (left, report) = (shown.find(LEFT), shown.find("a fault while drawing"));
                assert!(left.is_some() && left < report, "{shown:?}");
                assert_eq!(shown.matches(LEFT).count(), 1, "{shown:?}");

                let shown = panicking(test, "a worker");
                assert!(
                    shown.contains(LEFT) && !shown.contains("a fault in a task"),
                    "{shown:?}"
                );
            }
        }
    }
}
