//! The shell round the dashboard: terminal, event loop, and effects carried out as background tasks.
//!
//! The first frame is drawn before anything else is begun, so it does not wait for a server or a file of any size.

mod backend;
mod calls;
mod clipboard;
mod connection;
mod effects;
mod env;
mod input;
mod look;
mod mux;
mod notice;
mod run_loop;
mod screen;
mod terminal;
#[cfg(test)]
mod tests;
mod wake;

use std::io::{self, IsTerminal};

use rustix::io::Errno;
use thiserror::Error;
use tokio::runtime;
use tokio::sync::mpsc::unbounded_channel;

use crate::app;
use crate::config::{self, ConfigError, Target};
use crate::ui::{Glyphs, Skin};
use crate::zone;
use connection::Connection;
use env::Env;
use input::{Asked, Input};
use look::Looks;
use screen::Screen as _;
use terminal::Terminal;
use wake::Signals;

pub use backend::AnsiBackend;

/// Why the dashboard did not open, or broke off.
#[derive(Debug, Error)]
pub enum TuiError {
    /// Standard input or output is a file or a pipe.
    #[error("The dashboard needs a terminal.")]
    NoTerminal,
    /// `TERM=dumb`.
    #[error("This terminal (TERM=dumb) cannot place a cursor, which the dashboard needs.")]
    Dumb,
    /// The terminal could not be read or written.
    #[error("The terminal could not be used: {0}")]
    Terminal(#[from] io::Error),
    /// The saved session cannot be read.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

/// Opens the dashboard and returns when the user leaves it. Starts its own runtime.
///
/// # Errors
/// [`TuiError`] when there is no usable terminal or the saved session cannot be read.
pub fn run(settings: &config::Settings) -> Result<(), TuiError> {
    if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        return Err(TuiError::NoTerminal);
    }
    if std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
        return Err(TuiError::Dumb);
    }
    let session = settings.sessions().get(&settings.target)?;
    let env = Env::read();
    let looks = Looks::guess(&env, &settings.appearance);
    let themes = settings.themes()?;
    let mut skin = Skin {
        graph: settings.appearance.graph,
        bars: settings.appearance.bars,
        locale: settings.locale,
        ..Skin::new(themes.theme(looks.look()), Glyphs::unicode())
    };
    skin.put_on(&themes, looks.look());
    let shown = app::Settings {
        place: place(settings),
        poll: settings.poll,
        demo: settings.target == Target::Embedded,
        user: session.as_ref().map(|session| session.name.clone()),
        skin,
        themes,
        look: looks.look(),
        keys: settings.keys.clone(),
        quiet: settings.notices.quiet,
        levels: settings.notices.levels.clone(),
        mouse: settings.appearance.mouse,
        calendar: settings.calendar,
        motion: settings.appearance.motion,
    };
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let connection = Connection::new(settings.clone(), session);
    let result = runtime.block_on(show(settings, shown, (env, looks), &connection));
    runtime.block_on(connection.close());
    runtime.shutdown_background();
    match result {
        Err(TuiError::Terminal(error)) if is_gone(&error) => {
            tracing::info!(%error, "the terminal is gone");
            Ok(())
        }
        result => result,
    }
}

/// From the first frame to the last. The screen is given back at once: ending a server may take a moment.
async fn show(
    settings: &config::Settings,
    shown: app::Settings,
    (env, looks): (Env, Looks),
    connection: &Connection,
) -> Result<(), TuiError> {
    // Before the terminal is taken: a signal must not end the program with the terminal in its hands.
    let signals = Signals::new()?;
    let (asked, patience) = (Asked::default(), looks.patience());
    let follows = shown.themes.follows_background(looks.look());
    let mut terminal = Terminal::enter(env, looks, follows, &settings.notices, asked.clone())?;
    let mut model = app::Model::new(shown, terminal.size()?, zone::now().datetime());
    terminal.draw(&model)?;
    let (sender, receiver) = unbounded_channel();
    tokio::spawn(signals.forward(sender.clone()));
    // Ends before the terminal is given back, so that no answer is left for the shell.
    let _input = Input::start(sender, asked, patience)?;
    run_loop::run(&mut terminal, &mut model, connection, receiver).await
}

/// Whether an error of the terminal means that somebody has closed it, which nobody is left to be told of.
fn is_gone(error: &io::Error) -> bool {
    let gone = [Errno::IO, Errno::NXIO, Errno::PIPE];
    error
        .raw_os_error()
        .is_some_and(|code| gone.iter().any(|errno| errno.raw_os_error() == code))
}

/// Where the numbers come from, for the log-in screen.
fn place(settings: &config::Settings) -> String {
    match &settings.target {
        Target::Embedded => "embedded (this machine)".to_owned(),
        Target::Remote(url) => {
            let port = url.port().map_or(String::new(), |port| format!(":{port}"));
            format!("{}{port}", url.host_str().unwrap_or_default())
        }
    }
}
