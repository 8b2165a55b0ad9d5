//! `verify`: whether a database or a backup is sound.

use std::path::PathBuf;

use clap::Args;

use crate::config::Settings;
use crate::server::{Database, care};

use super::database::DatabaseArguments;
use super::error::CliError;
use super::findings;
use super::output::{self, Format};

/// Check that a database or a backup is sound and that its sums agree with its expenses. Nothing is changed.
///
/// Exit code 1 when something is wrong; the output says what.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker verify
  budget-tracker verify /backups/monday.db
  budget-tracker verify --database postgres://budget@db.example.org/budget --format json")]
pub(super) struct Arguments {
    /// A backup, or the file of a database; without it, the database.
    #[arg(value_name = "FILE", conflicts_with_all = ["data_dir", "database"])]
    file: Option<PathBuf>,
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(arguments: &Arguments, settings: &Settings, format: Format) -> Result<(), CliError> {
    let (database, advice) = match &arguments.file {
        Some(file) => (Database::Sqlite(file.clone()), "Keep the other backups that you have."),
        None => (
            arguments.database.resolve(settings)?,
            "What can be put right: budget-tracker doctor. Damage cannot: restore a backup.",
        ),
    };
    let report =
        care::verify(&database).map_err(|error| CliError::failed(error, "See: budget-tracker verify --help"))?;
    output::print(&match format {
        Format::Table if report.findings.is_empty() => {
            format!("{database}: {}. All is well.\n", findings::contents(&report))
        }
        Format::Table => findings::table(&report.findings),
        Format::Json => output::json(&report)?,
        Format::Csv => findings::csv(&report.findings)?,
    })?;
    findings::verdict(&report.findings, advice)
}
