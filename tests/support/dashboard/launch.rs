//! How the program is started in its terminal.

use std::num::NonZeroU16;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::super::program::Home;
use super::Dashboard;
use super::seen::{Seen, read};

/// The program that is tested.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_budget-tracker");

/// How to start it.
pub struct Launch<'a> {
    home: &'a Home,
    columns: u16,
    rows: u16,
    program: PathBuf,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
    controlling: bool,
}

impl<'a> Launch<'a> {
    /// In this home, 120 columns by 36 rows, with colours.
    pub fn new(home: &'a Home) -> Self {
        let variables = [
            ("TERM", "xterm-256color"),
            ("COLORTERM", "truecolor"),
            ("LANG", "C.UTF-8"),
        ];
        Self {
            home,
            columns: 120,
            rows: 36,
            program: PROGRAM.into(),
            arguments: Vec::new(),
            variables: variables
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            controlling: true,
        }
    }

    pub fn size(mut self, columns: u16, rows: u16) -> Self {
        (self.columns, self.rows) = (columns, rows);
        self
    }

    pub fn server(mut self, url: impl std::fmt::Display) -> Self {
        self.arguments.extend(["--server".to_owned(), url.to_string()]);
        self
    }

    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self = self.without_variable(name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without_variable(mut self, name: &str) -> Self {
        self.variables.retain(|(set, _)| set != name);
        self
    }

    pub fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// Runs another program in its place.
    pub fn program(mut self, program: impl Into<PathBuf>) -> Self {
        self.program = program.into();
        self
    }

    /// The terminal does not control the process, so that no signal tells it when the terminal goes.
    pub fn not_controlling(mut self) -> Self {
        self.controlling = false;
        self
    }

    pub fn start(self) -> Dashboard {
        let mut command = CommandBuilder::new(&self.program);
        command.env_clear();
        for (name, value) in self.home.variables() {
            command.env(name, value);
        }
        for (name, value) in &self.variables {
            command.env(name, value);
        }
        command.args(&self.arguments);
        command.cwd(self.home.path(""));
        command.set_controlling_tty(self.controlling);
        let pair = native_pty_system().openpty(pty_size(self.columns, self.rows)).unwrap();
        let settings = line_settings(&*pair.master);
        let reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        let seen = Arc::new((Mutex::new(Seen::new(self.columns, self.rows)), Condvar::new()));
        let shared = Arc::clone(&seen);
        thread::spawn(move || read(reader, &shared));
        Dashboard {
            pty: Some((pair.master, writer)),
            child,
            seen,
            settings,
        }
    }
}

pub(super) fn pty_size(cols: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        ..PtySize::default()
    }
}

/// The emulator has at least one cell; the program may be told of none.
pub(super) fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap_or(NonZeroU16::MIN)
}

/// In a form that can be compared.
pub(super) fn line_settings(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios())
}
