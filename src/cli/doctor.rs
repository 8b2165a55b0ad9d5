//! `doctor`: what is wrong with a database and round it, and putting it right.

use clap::Args;
use jiff::Timestamp;
use tokio::runtime;

use crate::config::Settings;
use crate::server::care::{self, Diagnosis, Finding};

use super::database::DatabaseArguments;
use super::error::CliError;
use super::findings;
use super::logging;
use super::output::{self, Format};

/// Say what is wrong with a database and round it; with --repair, put it right.
///
/// Sums, counts and what was learned are made anew from the expenses, which themselves are never changed; files that
/// others can read are closed to them, and unfinished copies taken away. Servers may go on working meanwhile.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker doctor
  budget-tracker doctor --data-dir /srv/budget --repair")]
pub(super) struct Arguments {
    /// Put right what can be put right without losing anything.
    #[arg(long)]
    repair: bool,
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(arguments: &Arguments, settings: &Settings, format: Format) -> Result<(), CliError> {
    let database = arguments.database.resolve(settings)?;
    logging::of_administrator(settings);
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let diagnosis = runtime
        .block_on(care::doctor(&database, arguments.repair, Timestamp::now()))
        .map_err(|error| CliError::failed(error, "See: budget-tracker doctor --help"))?;
    output::print(&match format {
        Format::Table => table(&diagnosis),
        Format::Json => output::json(&diagnosis)?,
        Format::Csv => findings::csv(&diagnosis.report.findings)?,
    })?;
    let wrong = &diagnosis.report.findings;
    let advice = if !arguments.repair && wrong.iter().any(Finding::is_repairable) {
        "Put it right: budget-tracker doctor --repair"
    } else {
        "This cannot be put right here: restore a backup, or make space on the disk."
    };
    findings::verdict(wrong, advice)
}

fn table(diagnosis: &Diagnosis) -> String {
    let right = |finding: &Finding| {
        let user = finding.user.as_ref().map(|name| format!("{name}: "));
        format!("Put right: {}{}\n", user.unwrap_or_default(), finding.what)
    };
    let repaired: String = diagnosis.repaired.iter().map(right).collect();
    let rest = &diagnosis.report.findings;
    if rest.is_empty() {
        format!("{repaired}{}. All is well.\n", findings::contents(&diagnosis.report))
    } else {
        repaired + &findings::table(rest)
    }
}
