//! No command: the dashboard.

use crate::config::Settings;
use crate::plain::{self, Ended, PlainError};
use crate::tui::{self, TuiError};

use super::error::CliError;
use super::logging;

pub(super) fn run(settings: &Settings) -> Result<(), CliError> {
    // A dashboard without a log is better than none.
    let _ = logging::to_file(&settings.folders.log_file());
    tui::run(settings).map_err(|error| match error {
        TuiError::NoTerminal => CliError::usage(
            error.to_string(),
            "In scripts use a command, for example: budget-tracker summary, or lines of commands: budget-tracker --plain",
        ),
        TuiError::Dumb => CliError::usage(
            error.to_string(),
            "Talk to it in words instead: budget-tracker --plain, or use a command: budget-tracker summary",
        ),
        TuiError::Config(error) => error.into(),
        TuiError::Terminal(_) => CliError::local(error.to_string(), "Try another terminal, or a command: see --help"),
    })
}

/// The dashboard in words.
pub(super) fn run_plain(settings: &Settings) -> Result<(), CliError> {
    let _ = logging::to_file(&settings.folders.log_file());
    match plain::run(settings) {
        Ok(Ended::Well) => Ok(()),
        Ok(Ended::WithTrouble) => Err(CliError::Told),
        Err(PlainError::Said(why)) => Err(CliError::failed(why, "See: budget-tracker --help")),
        Err(PlainError::Io(error)) => Err(error.into()),
    }
}
