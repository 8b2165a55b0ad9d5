//! Where descriptions come from: the command line, lines, or a column of a CSV file; read as they are needed.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read};
use std::path::Path;

use super::quotes::{OpenQuote, Quotes};
use crate::cli::error::CliError;
use crate::domain::text::printable;

/// Descriptions to come.
pub(super) enum Input {
    /// Written on the command line.
    Given(Vec<String>),
    /// One a line.
    Lines(Box<dyn BufRead>),
    /// A column of a file.
    Column(Column),
}

/// A column of a CSV file.
pub(super) struct Column {
    reader: csv::Reader<Box<dyn Read>>,
    name: String,
    /// Where descriptions and ids stand in a row.
    at: usize,
    id: Option<usize>,
}

impl Input {
    /// The lines of the standard input.
    pub fn lines() -> Result<Self, CliError> {
        if io::stdin().is_terminal() {
            return Err(CliError::usage(
                "There is nothing to categorize.",
                "Write a description, for example budget-tracker categorize \"lunch at chipotle\", or pipe lines in.",
            ));
        }
        Ok(Self::Lines(Box::new(BufReader::new(io::stdin()))))
    }

    /// The column `name` of a CSV file with a heading; `-` is the standard input.
    pub fn file(path: &Path, name: &str) -> Result<Self, CliError> {
        let shown = printable(&path.display().to_string()).into_owned();
        let source: Box<dyn Read> = if path == Path::new("-") {
            Box::new(io::stdin())
        } else {
            let file = File::open(path).map_err(|error| {
                CliError::local(
                    format!("{shown} could not be opened: {}.", reason(&error)),
                    "Check the name and that you may read it.",
                )
            })?;
            Box::new(file)
        };
        Column::open(source, shown, name).map(Self::Column)
    }

    /// Calls `each` with the id and the text of every description.
    pub fn each(self, mut each: impl FnMut(&str, &str) -> Result<(), CliError>) -> Result<(), CliError> {
        match self {
            Self::Given(texts) => (1..)
                .zip(&texts)
                .try_for_each(|(id, text): (u64, _)| each(&id.to_string(), text)),
            Self::Lines(mut lines) => {
                let mut bytes = Vec::new();
                for number in 1_u64.. {
                    bytes.clear();
                    if lines.read_until(b'\n', &mut bytes)? == 0 {
                        break;
                    }
                    let text = std::str::from_utf8(&bytes).map_err(|_| {
                        CliError::local(
                            format!("Line {number} is not UTF-8."),
                            "Convert the text to UTF-8 first.",
                        )
                    })?;
                    let text = text.trim_start_matches('\u{feff}').trim();
                    if !text.is_empty() {
                        each(&number.to_string(), text)?;
                    }
                }
                Ok(())
            }
            Self::Column(column) => column.each(each),
        }
    }
}

impl Column {
    fn open(source: Box<dyn Read>, file: String, name: &str) -> Result<Self, CliError> {
        let mut source = BufReader::with_capacity(1 << 16, source);
        let delimiter = source
            .fill_buf()
            .map(delimiter)
            .map_err(|error| unreadable(&file, &reason(&error)))?;
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(Box::new(Quotes::new(source, delimiter)) as Box<dyn Read>);
        let heading = reader.headers().map_err(|error| wrong(&file, &error))?;
        let find = |wanted: &str| {
            let exact = heading.iter().position(|found| found.trim() == wanted.trim());
            exact.or_else(|| {
                heading
                    .iter()
                    .position(|found| found.trim().to_lowercase() == wanted.trim().to_lowercase())
            })
        };
        let Some(at) = find(name) else {
            let known: Vec<_> = heading.iter().map(|found| printable(found).into_owned()).collect();
            let advice = match known.as_slice() {
                [] => "The file is empty: its first line must name the columns.".to_owned(),
                names => format!("Name one of its columns with --column: {}.", names.join(", ")),
            };
            return Err(CliError::local(
                format!("{file} has no column \"{}\".", printable(name)),
                advice,
            ));
        };
        let id = find("id").filter(|&id| id != at);
        Ok(Self {
            reader,
            name: file,
            at,
            id,
        })
    }

    fn each(mut self, mut each: impl FnMut(&str, &str) -> Result<(), CliError>) -> Result<(), CliError> {
        let mut row = csv::StringRecord::new();
        while self
            .reader
            .read_record(&mut row)
            .map_err(|error| wrong(&self.name, &error))?
        {
            let line = row.position().map_or(0, number).to_string();
            let id = self.id.and_then(|id| row.get(id)).unwrap_or(&line);
            let Some(text) = row.get(self.at) else {
                return Err(CliError::local(
                    format!("{}, row {line}: it is too short to have a description.", self.name),
                    "Fill the row up or take it out.",
                ));
            };
            each(id, text.trim())?;
        }
        Ok(())
    }
}

/// What stands between the columns: whichever of comma, semicolon and tab the first line has most of.
fn delimiter(start: &[u8]) -> u8 {
    let line = start.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| line.split(|&byte| byte == wanted).count();
    [b';', b'\t'].into_iter().fold(
        b',',
        |best, other| if count(other) > count(best) { other } else { best },
    )
}

/// The number of a row; the heading is the first. Lines are counted in several ways where they end in two characters.
fn number(position: &csv::Position) -> u64 {
    position.record() + 1
}

fn wrong(file: &str, error: &csv::Error) -> CliError {
    let line = error
        .position()
        .map(|position| format!(", row {}", number(position)))
        .unwrap_or_default();
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => CliError::local(
            format!("{file}{line}: this is not UTF-8."),
            "Save the file as CSV in UTF-8 and try again.",
        ),
        csv::ErrorKind::Io(error) => match open_quote(error) {
            Some(quote) => CliError::local(
                format!("{file}, line {}: the quote that opens here is not closed.", quote.line),
                "Close it with a \" before the next column; a \" that belongs to the text is written twice.",
            ),
            None => unreadable(file, &reason(error)),
        },
        _ => CliError::local(format!("{file}{line}: this is no CSV."), "Export the file anew as CSV."),
    }
}

fn open_quote(error: &io::Error) -> Option<&OpenQuote> {
    error.get_ref()?.downcast_ref()
}

fn unreadable(file: &str, reason: &str) -> CliError {
    CliError::local(
        format!("{file} could not be read: {reason}."),
        "Check that it is a file that you may read.",
    )
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "you may not read it".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}
