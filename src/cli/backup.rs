//! `backup`: a copy of all data in a file.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::config::Settings;
use crate::server::care::{self, Report};

use super::database::DatabaseArguments;
use super::error::CliError;
use super::findings::contents;
use super::logging;
use super::output::{self, Field, Format};

/// Write a copy of all data to a file, while servers go on working, and check the copy.
///
/// The copy is a SQLite file, whatever the database is: restore brings it back into either kind. It holds everything,
/// password hashes too, and only you can read it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker backup budget-backup.db
  budget-tracker backup --data-dir /srv/budget /backups/monday.db --replace
  budget-tracker backup --database postgres://budget@db.example.org/budget budget-backup.db")]
pub(super) struct Arguments {
    /// The file to write.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Replace the file if there is one; it stays until the new one is whole.
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Serialize)]
struct Written<'a> {
    file: String,
    bytes: u64,
    #[serde(flatten)]
    report: &'a Report,
}

pub(super) fn run(arguments: &Arguments, settings: &Settings, format: Format) -> Result<(), CliError> {
    let database = arguments.database.resolve(settings)?;
    logging::of_administrator(settings);
    let backup = care::backup(&database, &arguments.file, arguments.replace)
        .map_err(|error| CliError::failed(error, "See: budget-tracker backup --help"))?;
    let (report, file) = (&backup.report, arguments.file.display().to_string());
    output::print(&match format {
        Format::Table => format!(
            "Wrote {file}: {}, {} KiB.\n",
            contents(report),
            backup.bytes.div_ceil(1024)
        ),
        Format::Json => output::json(&Written {
            file,
            bytes: backup.bytes,
            report,
        })?,
        Format::Csv => {
            let numbers = [backup.bytes, report.users, report.expenses].map(Field::plain);
            let row = [Field::text(file)].into_iter().chain(numbers).collect();
            output::csv(&["file", "bytes", "users", "expenses"], &[row])?
        }
    })?;
    if !report.findings.is_empty() {
        output::note("The copy is as it should be, but the database is not: run budget-tracker doctor.");
    }
    Ok(())
}
