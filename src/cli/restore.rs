//! `restore`: the data of a backup, brought into an empty database.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use tokio::runtime;

use crate::config::Settings;
use crate::server::care;

use super::database::DatabaseArguments;
use super::error::CliError;
use super::findings::contents;
use super::logging;
use super::output::{self, Field, Format};

/// Bring the data of a backup into a database that is empty: all of it, or nothing.
///
/// The backup is checked first and stays as it is. Everybody logs in anew afterwards.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker restore budget-backup.db --data-dir /srv/budget
  budget-tracker restore budget-backup.db --database postgres://budget@db.example.org/budget

From SQLite to PostgreSQL, or back: backup from one, restore into the other.")]
pub(super) struct Arguments {
    /// The backup.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(arguments: &Arguments, settings: &Settings, format: Format) -> Result<(), CliError> {
    let database = arguments.database.resolve(settings)?;
    logging::of_administrator(settings);
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let restored = runtime.block_on(care::restore(&arguments.file, database.clone(), Timestamp::now()));
    let report = restored.map_err(|error| CliError::failed(error, "See: budget-tracker restore --help"))?;
    output::print(&match format {
        Format::Table => format!("Restored into {database}: {}.\n", contents(&report)),
        Format::Json => output::json(&report)?,
        Format::Csv => {
            let row = [report.users, report.expenses].map(Field::plain).into();
            output::csv(&["users", "expenses"], &[row])?
        }
    })
}
