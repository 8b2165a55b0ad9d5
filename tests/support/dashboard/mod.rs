//! The dashboard in a terminal of its own: keys go in, the screen and every byte come out.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use portable_pty::{Child, MasterPty};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use vt100::Screen;

mod launch;
mod seen;

use launch::{cells, line_settings, pty_size};
use seen::{Seen, dump, last};

pub use launch::{Launch, PROGRAM};
pub use seen::find;

pub const ENTER: &str = "\r";
pub const TAB: &str = "\t";
pub const ESC: &str = "\x1b";
pub const DOWN: &str = "\x1b[B";
pub const F3: &str = "\x1bOR";
pub const F5: &str = "\x1b[15~";
pub const CTRL_D: &str = "\x04";
pub const CTRL_C: &str = "\x03";
pub const CTRL_L: &str = "\x0c";
pub const CTRL_Z: &str = "\x1a";
pub const FOCUS_LOST: &str = "\x1b[O";
pub const FOCUS_GAINED: &str = "\x1b[I";

/// Far more than anything takes, so that a slow machine fails no test.
const PATIENCE: Duration = Duration::from_secs(30);

/// The running dashboard; killed when dropped.
pub struct Dashboard {
    pty: Option<(Box<dyn MasterPty + Send>, Box<dyn Write + Send>)>,
    child: Box<dyn Child + Send + Sync>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
    /// The line settings before the program came.
    settings: String,
}

impl Dashboard {
    /// Logs in as the sample user, and waits until its numbers are there.
    pub fn enter_demo(&mut self) -> &mut Self {
        self.wait_for("User name").press(F5);
        self.wait_for("live").wait_for("Recent expenses").wait_for("Alerts ▲")
    }

    /// Sends keys as a terminal does.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        let (_, writer) = self.pty.as_mut().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
        self
    }

    /// Fills fields in, from one to the next.
    pub fn fill(&mut self, fields: &[&str]) -> &mut Self {
        self.press(&fields.join(TAB))
    }

    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.press(&format!("\x1b[200~{text}\x1b[201~"))
    }

    /// Waits until the screen holds `text`.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str) -> &mut Self {
        self.wait_until(&format!("{text:?} to appear"), |screen| {
            screen.contents().contains(text)
        })
    }

    /// Waits until the screen no longer holds `text`.
    #[track_caller]
    pub fn wait_gone(&mut self, text: &str) -> &mut Self {
        self.wait_until(&format!("{text:?} to go"), |screen| !screen.contents().contains(text))
    }

    #[track_caller]
    pub fn wait_until(&mut self, what: &str, condition: impl Fn(&Screen) -> bool) -> &mut Self {
        self.wait_seen(what, |seen| !seen.drawing() && condition(seen.parser.screen()));
        self
    }

    /// Waits until these bytes have come, after the first `from`.
    #[track_caller]
    pub fn wait_for_bytes(&mut self, from: usize, bytes: &str) -> &mut Self {
        self.wait_seen(&format!("the bytes {bytes:?}"), |seen| {
            find(&seen.bytes[from..], bytes).is_some()
        });
        self
    }

    #[track_caller]
    fn wait_seen(&self, what: &str, condition: impl Fn(&Seen) -> bool) {
        let (lock, changed) = &*self.seen;
        let waiting = |seen: &mut Seen| !condition(seen) && !seen.ended;
        let (seen, _) = changed
            .wait_timeout_while(lock.lock().unwrap(), PATIENCE, waiting)
            .unwrap();
        let (met, ended, screen) = (condition(&seen), seen.ended, seen.parser.screen().clone());
        // The reader goes on, whatever comes of this.
        drop(seen);
        let why = if ended { "the program ended" } else { "too long" };
        assert!(met, "waited for {what}; {why}\n{}", dump(&screen));
    }

    /// How many bytes come within `time`, at most: the one wait on a clock, as nothing is what is waited for.
    pub fn bytes_within(&self, time: Duration) -> usize {
        let (lock, changed) = &*self.seen;
        let before = lock.lock().unwrap().bytes.len();
        let (seen, _) = changed
            .wait_timeout_while(lock.lock().unwrap(), time, |seen| !seen.ended)
            .unwrap();
        seen.bytes.len() - before
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// The rows of the screen, without spaces at their ends.
    pub fn contents(&self) -> String {
        self.lock().parser.screen().contents()
    }

    /// The screen as it is now.
    pub fn screen(&self) -> Screen {
        self.lock().parser.screen().clone()
    }

    /// Every byte so far.
    pub fn bytes(&self) -> Vec<u8> {
        self.lock().bytes.clone()
    }

    pub fn modes(&self) -> Modes {
        self.modes_of(&self.lock())
    }

    #[track_caller]
    pub fn wait_for_modes(&mut self, modes: &[&str]) -> &mut Self {
        self.wait_seen(&format!("{modes:?}"), |seen| self.modes_of(seen) == modes);
        self
    }

    fn modes_of(&self, seen: &Seen) -> Modes {
        let settings = self.pty.as_ref().map(|(master, _)| line_settings(&**master));
        let screen = seen.parser.screen();
        let modes = [
            ("raw mode", settings.is_some_and(|settings| settings != self.settings)),
            ("alternate screen", screen.alternate_screen()),
            ("bracketed paste", screen.bracketed_paste()),
            (
                "focus events",
                last(&seen.bytes, "\x1b[?1004h") > last(&seen.bytes, "\x1b[?1004l"),
            ),
            (
                "colour reports",
                last(&seen.bytes, "\x1b[?2031h") > last(&seen.bytes, "\x1b[?2031l"),
            ),
            (
                "mouse",
                last(&seen.bytes, "\x1b[?1000h") > last(&seen.bytes, "\x1b[?1000l"),
            ),
            ("hidden cursor", screen.hide_cursor()),
        ];
        modes.into_iter().filter(|(_, on)| *on).map(|(name, _)| name).collect()
    }

    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        // Both under one lock: what comes after it is drawn for the new size.
        let mut seen = self.lock();
        seen.parser.set_size(cells(rows), cells(columns));
        let (master, _) = self.pty.as_ref().unwrap();
        master.resize(pty_size(columns, rows)).unwrap();
        drop(seen);
        self
    }

    pub fn signal(&mut self, signal: Signal) -> &mut Self {
        kill_process(self.pid(), signal).unwrap();
        self
    }

    /// The settings of the line: echo, line by line, signals …
    pub fn line(&self) -> String {
        let (master, _) = self.pty.as_ref().unwrap();
        line_settings(&**master)
    }

    /// The terminal as a file, for what other programs do to it.
    pub fn tty(&self) -> PathBuf {
        let (master, _) = self.pty.as_ref().unwrap();
        master.tty_name().unwrap()
    }

    /// Bytes that were sent and that nobody has read; for a terminal that nobody has taken any more.
    pub fn unread(&self) -> u64 {
        let tty = File::open(self.tty()).unwrap();
        let mut settings = rustix::termios::tcgetattr(&tty).unwrap();
        // Line by line, half a line is not counted.
        settings.make_raw();
        rustix::termios::tcsetattr(&tty, rustix::termios::OptionalActions::Now, &settings).unwrap();
        rustix::io::ioctl_fionread(&tty).unwrap()
    }

    fn pid(&self) -> Pid {
        let id = self.child.process_id().unwrap();
        Pid::from_raw(i32::try_from(id).unwrap()).unwrap()
    }

    /// Waits until the process is stopped, as ^Z stops it.
    #[track_caller]
    pub fn wait_stopped(&mut self) -> &mut Self {
        self.wait_for_process(WaitIdOptions::STOPPED);
        self
    }

    /// The terminal window is closed.
    pub fn vanish(&mut self) {
        self.lock().closing = true;
        // The reader keeps the terminal open until something comes.
        self.press(CTRL_L);
        self.wait_seen("the reader to end", |seen| seen.ended);
        self.pty = None;
    }

    /// Waits for the end of the process and returns its exit code.
    #[track_caller]
    pub fn exit_code(&mut self) -> u32 {
        self.wait_for_process(WaitIdOptions::EXITED);
        if self.pty.is_some() {
            self.wait_seen("the last byte", |seen| seen.ended);
        }
        self.child.wait().unwrap().exit_code()
    }

    #[track_caller]
    fn wait_for_process(&self, what: WaitIdOptions) {
        let (pid, (sender, receiver)) = (self.pid(), channel());
        // The state stays to be seen by the next one who waits.
        thread::spawn(move || sender.send(waitid(WaitId::Pid(pid), what | WaitIdOptions::NOWAIT).is_ok()));
        assert!(
            receiver.recv_timeout(PATIENCE) == Ok(true),
            "waited for {what:?}; {}",
            dump(self.lock().parser.screen())
        );
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.0.lock().unwrap()
    }
}

impl Drop for Dashboard {
    fn drop(&mut self) {
        // Ended already in most tests.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a terminal was told and has not been untold.
pub type Modes = Vec<&'static str>;

/// A terminal as a shell has it.
pub const NORMAL: Modes = Vec::new();
