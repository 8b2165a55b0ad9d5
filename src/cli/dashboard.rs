//! No command: the dashboard.

use std::io::{self, IsTerminal};

use tokio::runtime;

use crate::config::Settings;

use super::error::CliError;
use super::logging;
use super::seam::tui;

pub(super) fn run(settings: Settings) -> Result<(), CliError> {
    if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        return Err(CliError::usage(
            "The dashboard needs a terminal.",
            "In scripts use a command, for example: budget-tracker summary (see --help)",
        ));
    }
    // A dashboard without a log is better than none.
    let _ = logging::to_file(&settings.folders.state);
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime
        .block_on(tui::run(settings))
        .map_err(|error| CliError::local(error.to_string(), "See: budget-tracker --help"))
}
