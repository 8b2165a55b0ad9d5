//! Taking the terminal and giving it back, whatever happens in between.

use std::io::{self, Stdout, Write};
use std::panic;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

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

    /// Gives the terminal back and stops the whole job, as ^Z does. It is taken again by [`Self::resume`].
    pub(super) fn suspend(&mut self) -> io::Result<()> {
        restore();
        // The group, so that a `cargo run` above this program stops too and the shell gets its prompt back.
        kill_current_process_group(Signal::STOP)?;
        Ok(())
    }

    /// Takes the terminal again after a stop, also after one that nobody announced (`kill -STOP`): whoever
    /// had the terminal meanwhile left it as it liked.
    pub(super) fn resume(&mut self) -> io::Result<()> {
        take()?;
        self.title.clear();
        self.redraw()
    }
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
