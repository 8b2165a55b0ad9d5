//! `categorize`: what descriptions are for, found on this computer.

mod input;
mod print;
mod quotes;

use std::path::PathBuf;

use clap::Args;

use crate::categorize::Model;

use super::error::CliError;
use super::output::Format;
use input::Input;
use print::{Judged, Printer};

/// Find the category of descriptions. It needs no account and no server, and nothing is stored or sent.
///
/// Descriptions are the arguments, or lines of the standard input, or a column of a CSV file. What you taught
/// your own account is not asked: this is what the program knows by itself.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker categorize \"lunch at chipotle\" \"SQ *BLUE BOTTLE 0421\"
  budget-tracker categorize --explain \"dog food\"
  budget-tracker categorize --csv bank.csv --column Narrative --format csv > categories.csv
  cut -f2 bank.tsv | budget-tracker categorize --format json

CSV rows are id,category,confidence,second,third; the confidence is 0 to 1, the id is that of the file's id column,
else the number of the line or row.")]
pub(super) struct Arguments {
    /// What the expenses were for; lines of the standard input when there is none.
    #[arg(value_name = "DESCRIPTION", conflicts_with = "csv")]
    descriptions: Vec<String>,
    /// A CSV file with a heading, in UTF-8; - for the standard input.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// The column of the file that holds the descriptions.
    #[arg(long, value_name = "NAME", default_value = "description", requires = "csv")]
    column: String,
    /// Name the words that decided, each with its weight.
    #[arg(long)]
    explain: bool,
}

pub(super) fn run(arguments: Arguments, format: Format) -> Result<(), CliError> {
    let input = match (arguments.csv, arguments.descriptions) {
        (Some(file), _) => Input::file(&file, &arguments.column)?,
        (None, descriptions) if descriptions.is_empty() => Input::lines()?,
        (None, descriptions) => Input::Given(descriptions),
    };
    let mut printer = Printer::new(format, arguments.explain);
    input.each(|id, description| {
        let judged = Judged::of(Model::shared(), id, description, arguments.explain);
        printer.add(judged)
    })?;
    printer.finish()
}
