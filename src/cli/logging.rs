//! Where log lines go: the standard error of a server, a file of the dashboard. Never a secret, never a query.

use std::fs::{DirBuilder, File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Mutex;
use std::{io, panic};

use clap::ValueEnum;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::config::Settings;

const VARIABLE: &str = "BUDGET_TRACKER_LOG";

/// Libraries that log bodies of requests below this level.
const WORDY: [&str; 4] = [
    "aws_config",
    "aws_runtime",
    "aws_smithy_runtime",
    "aws_smithy_http_client",
];

/// A log that has grown beyond this begins anew at the next start.
const MAX_FILE: u64 = 4 * 1024 * 1024;

/// How the server writes its log.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(super) enum LogFormat {
    /// One line an event.
    #[default]
    Text,
    /// One JSON object an event.
    Json,
}

/// Logs to the standard error.
pub(super) fn to_stderr(format: LogFormat) {
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter())
        .with_writer(io::stderr);
    // A second subscriber is refused, and the first goes on.
    let _ = match format {
        LogFormat::Text => builder.with_ansi(io::IsTerminal::is_terminal(&io::stderr())).try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
}

/// Logs to the file at `path`, whose folder is made for the owner alone.
pub(super) fn to_file(path: &Path) -> io::Result<()> {
    let file = open(path)?;
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter())
        .with_ansi(false)
        .with_writer(Mutex::new(file))
        .try_init();
    Ok(())
}

/// From now on, a panic is logged by its place alone: its words may quote what somebody sent.
pub(super) fn panics_by_place() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string);
        tracing::error!(place, "the program has a fault here; please report it");
    }));
}

/// Logs what the administrator does on the database itself, in the file of whoever is the administrator.
pub(super) fn of_administrator(settings: &Settings) {
    // A change without a log is better than none.
    let _ = to_file(&settings.folders.log_file());
}

fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let full = path.metadata().is_ok_and(|metadata| metadata.len() > MAX_FILE);
    OpenOptions::new()
        .create(true)
        .append(!full)
        .write(true)
        .truncate(full)
        .mode(0o600)
        .open(path)
}

fn filter() -> EnvFilter {
    let mut filter = EnvFilter::try_from_env(VARIABLE).unwrap_or_else(|_| EnvFilter::new("info"));
    // A level that somebody asks for everywhere is not meant for what people wrote.
    let wordy = filter.max_level_hint().is_none_or(|level| level > LevelFilter::INFO);
    for library in WORDY.iter().filter(|_| wordy) {
        if let Ok(directive) = format!("{library}=info").parse() {
            filter = filter.add_directive(directive);
        }
    }
    filter
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    const CHILD: &str = "BUDGET_TRACKER_TEST_PANICS";

    /// In a process of its own: what is done at a panic belongs to all of a process.
    #[test]
    fn a_panic_is_logged_by_its_place_and_without_its_words() {
        if std::env::var_os(CHILD).is_some() {
            to_stderr(LogFormat::Json);
            panics_by_place();
            let text = "canary-description-7a1f-é";
            // A fault that quotes what it was given.
            let caught = panic::catch_unwind(|| text[..text.len() - 1].len());
            assert!(caught.is_err());
            return;
        }
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args([
            "--exact",
            "cli::logging::tests::a_panic_is_logged_by_its_place_and_without_its_words",
            "--nocapture",
        ]);
        let ended = child.env(CHILD, "1").env(VARIABLE, "trace").output().unwrap();
        let told = String::from_utf8(ended.stderr).unwrap() + &String::from_utf8(ended.stdout).unwrap();
        assert!(ended.status.success(), "{told}");
        assert!(
            told.contains("logging.rs:") && told.contains("please report it"),
            "{told}"
        );
        assert!(!told.contains("7a1f"), "{told}");
    }
}
