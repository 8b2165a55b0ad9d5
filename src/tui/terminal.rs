//! Taking the terminal and giving it back, whatever happens in between.

use std::io::{self, Stdout, Write};
use std::panic;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, execute, queue};
use rustix::process::{Signal, kill_current_process_group};

use super::backend::AnsiBackend;
use crate::app::{self, Model};
use crate::domain::text::printable;

/// Whether the terminal is ours now; a panic on any thread reads it.
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
    /// Takes the terminal. From here on a panic gives it back before it is reported.
    pub(super) fn enter() -> io::Result<Self> {
        HOOK.call_once(|| {
            let report = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                restore();
                report(info);
            }));
        });
        take()?;
        let screen = ratatui::Terminal::new(AnsiBackend::new(io::stdout()))?;
        Ok(Self {
            screen,
            title: String::new(),
        })
    }

    /// Columns and rows.
    pub(super) fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.screen.size()?;
        Ok((size.width, size.height))
    }

    /// Draws the model; writes nothing when the screen shows it already.
    pub(super) fn draw(&mut self, model: &Model) -> io::Result<()> {
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

    /// Gives the terminal back, stops the whole job as ^Z does, and takes it again after `fg`.
    pub(super) fn suspend(&mut self) -> io::Result<()> {
        restore();
        // The group, so that a `cargo run` above this program stops too and the shell gets its prompt back.
        kill_current_process_group(Signal::STOP)?;
        take()?;
        self.title.clear();
        self.redraw()
    }

    /// Gives the terminal back.
    pub(super) fn leave(&mut self) {
        restore();
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        restore();
    }
}

fn take() -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let mut out = io::stdout();
    out.write_all(PUSH_TITLE.as_bytes())?;
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
