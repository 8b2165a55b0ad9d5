//! No command: the dashboard.

use crate::config::Settings;
use crate::tui::{self, TuiError};

use super::error::CliError;
use super::logging;

pub(super) fn run(settings: &Settings) -> Result<(), CliError> {
    // A dashboard without a log is better than none.
    let _ = logging::to_file(&settings.folders.log_file());
    tui::run(settings).map_err(|error| match error {
        TuiError::NoTerminal | TuiError::Dumb => CliError::usage(
            error.to_string(),
            "In scripts use a command, for example: budget-tracker summary (see --help)",
        ),
        TuiError::Config(error) => error.into(),
        TuiError::Terminal(_) => CliError::local(error.to_string(), "Try another terminal, or a command: see --help"),
    })
}
