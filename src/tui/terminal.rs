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
use tokio::task;

use super::backend::AnsiBackend;
use super::clipboard;
use super::env::Env;
use super::input::{Answer, Asked};
use super::look::{Looks, UNFOLLOW};
use super::notice::Notices;
use super::screen::Screen;
use crate::app::{self, Model, Notice};
use crate::config;
use crate::domain::text::printable;
use crate::ui::Look;

/// Whether the terminal is ours now; the panic hook reads it.
static TAKEN: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// Push and pop the window title (xterm 22;2 and 23;2).
const PUSH_TITLE: &str = "\x1b[22;2t";
const POP_TITLE: &str = "\x1b[23;2t";

/// Clicks and the wheel, in the form without limits (modes 1000 and 1006). Movement is not asked for.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";

/// The terminal in raw mode on its alternate screen; dropping it gives it back.
pub(super) struct Terminal {
    screen: ratatui::Terminal<AnsiBackend<Stdout>>,
    title: String,
    env: Env,
    looks: Looks,
    notices: Notices,
    mouse: bool,
    asked: Asked,
}

impl Terminal {
    /// Takes the terminal and asks it what it looks like, its background too when the theme
    /// `follows` that; the answers come in among the keys. From here on a panic
    /// of this thread gives it back before it is reported.
    pub(super) fn enter(
        env: Env,
        looks: Looks,
        follows: bool,
        notices: &config::Notices,
        asked: Asked,
    ) -> io::Result<Self> {
        HOOK.call_once(hook_panics);
        let mut terminal = Self {
            screen: ratatui::Terminal::new(AnsiBackend::new(io::stdout()))?,
            title: String::new(),
            notices: Notices::of(&env, notices),
            env,
            looks,
            mouse: false,
            asked,
        };
        // Dropped, and so given back, when it could be taken only half.
        take()?;
        let questions = terminal.looks.questions(follows);
        terminal.ask(&questions)?;
        tell(terminal.looks.follow())?;
        Ok(terminal)
    }

    fn ask(&self, questions: &str) -> io::Result<()> {
        if !questions.is_empty() {
            self.asked.begin();
        }
        tell(questions)
    }
}

impl Screen for Terminal {
    fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.screen.size()?;
        Ok((size.width, size.height))
    }

    fn draw(&mut self, model: &Model) -> io::Result<()> {
        if !TAKEN.load(Ordering::SeqCst) {
            return Ok(());
        }
        self.screen.draw(|frame| app::view(model, frame))?;
        let title = model.title();
        if title != self.title {
            tell(&format!("\x1b]2;{}\x07", printable(&title)))?;
            self.title = title;
        }
        Ok(())
    }

    fn redraw(&mut self) -> io::Result<()> {
        self.screen.backend_mut().forget();
        self.screen.clear()
    }

    fn follow_background(&mut self) -> io::Result<()> {
        match self.looks.follow_background() {
            Some(questions) => self.ask(&questions),
            None => Ok(()),
        }
    }

    fn hear(&mut self, answer: Answer) -> Option<Look> {
        self.looks.hear(answer)
    }

    fn copy(&mut self, text: String) -> io::Result<()> {
        tell(&clipboard::sequence(&text, &self.env))?;
        if let Some(tool) = clipboard::tool(&self.env) {
            task::spawn_blocking(move || clipboard::run(tool, &text));
        }
        Ok(())
    }

    fn notify(&mut self, notice: &Notice) -> io::Result<()> {
        tell(&self.notices.sequence(notice))
    }

    fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        tell(if on { MOUSE_ON } else { MOUSE_OFF })
    }

    fn suspend(&mut self) -> io::Result<()> {
        restore();
        // The group, so that a `cargo run` above this program stops too and the shell gets its prompt back.
        kill_current_process_group(Signal::STOP)?;
        Ok(())
    }

    fn resume(&mut self) -> io::Result<()> {
        take()?;
        tell(self.looks.follow())?;
        if self.mouse {
            tell(MOUSE_ON)?;
        }
        self.title.clear();
        self.redraw()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        restore();
    }
}

/// Writes it at once. Nothing is written while the terminal belongs to somebody else.
fn tell(sequence: &str) -> io::Result<()> {
    if sequence.is_empty() || !TAKEN.load(Ordering::SeqCst) {
        return Ok(());
    }
    let mut out = io::stdout();
    out.write_all(sequence.as_bytes())?;
    out.flush()
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

/// Undoes [`take`] and whatever was turned on since, once. Errors are passed over: the terminal may be gone.
fn restore() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    // A terminal that does not know a mode passes over its end.
    let _ = out.write_all(MOUSE_OFF.as_bytes());
    let _ = out.write_all(UNFOLLOW.as_bytes());
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

    fn enter() -> Terminal {
        let env = Env::read();
        let looks = Looks::guess(&env, &config::Appearance::default());
        Terminal::enter(env, looks, true, &config::Notices::default(), Asked::default()).unwrap()
    }

    #[test]
    fn a_panic_is_reported_after_the_terminal_is_given_back() {
        match env::var(WHO).as_deref() {
            Ok("drawing") => {
                let _terminal = enter();
                panic!("a fault while drawing");
            }
            Ok(_) => {
                let _terminal = enter();
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
