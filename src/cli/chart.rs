//! `chart`: the month as a picture.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::chart::{Chart, write_png};
use crate::domain::Month;

use super::connection::Connection;
use super::error::CliError;
use super::output::{self, Field, Format};
use super::summary::currency_of;

/// Write a month's spending against its limits as a PNG picture.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker chart
  budget-tracker chart -o october.png --month 2026-10")]
pub(super) struct Arguments {
    /// File to write; one that is there already is replaced.
    #[arg(short, long, value_name = "FILE", default_value = "budget_vs_spending.png")]
    output: PathBuf,
    /// Which month, for example 2026-11; the current one when left out.
    #[arg(long, value_name = "MONTH")]
    month: Option<Month>,
}

#[derive(Serialize)]
struct Written {
    file: PathBuf,
}

pub(super) async fn run(arguments: &Arguments, to: &Connection, format: Format) -> Result<(), CliError> {
    let summary = to.client.summary(arguments.month).await?;
    let chart = Chart::of(&summary, currency_of(&summary, to)?);
    if chart.bars.is_empty() {
        let month = summary.calendar.long_name(summary.month);
        let what = format!("{month} has neither spending nor limits to draw.");
        return Err(CliError::local(
            what,
            "Add an expense first, or choose another month with --month.",
        ));
    }
    let file = arguments.output.clone();
    write_png(&file, &chart).map_err(|error| CliError::failed(error, "Choose another file with -o."))?;
    output::print(&match format {
        Format::Table => format!("Wrote {}.\n", file.display()),
        Format::Json => output::json(&Written { file })?,
        Format::Csv => output::csv(&["file"], &[vec![Field::text(file.display().to_string())]])?,
    })
}
