//! Results as a table, JSON or CSV, safe to print wherever they came from.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};
use serde::Serialize;

use crate::domain::text::printable;
use crate::domain::{Currency, Money};

use super::error::CliError;

/// How results are printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(super) enum Format {
    /// For people.
    #[default]
    Table,
    /// For programs: the server's answer.
    Json,
    /// For spreadsheets.
    Csv,
}

/// One field of a row.
pub(super) enum Field {
    /// Words of a person or a server.
    Text(String),
    /// A number, amount, date or word of this program's own.
    Plain(String),
}

impl Field {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub fn plain(value: impl Display) -> Self {
        Self::Plain(value.to_string())
    }

    /// A plain decimal without symbol or grouping, or nothing.
    pub fn amount(minor: Option<i64>, currency: Currency) -> Self {
        Self::Plain(
            minor
                .map(|minor| Money::new(minor, currency).decimal())
                .unwrap_or_default(),
        )
    }

    fn printable(&self) -> String {
        match self {
            Self::Text(text) | Self::Plain(text) => printable(text).into_owned(),
        }
    }

    /// Text that a spreadsheet would run as a formula gets an apostrophe; amounts may begin with a minus.
    fn guarded(&self) -> String {
        let text = self.printable();
        match self {
            Self::Text(_) if text.starts_with(['=', '+', '-', '@']) => format!("'{text}"),
            _ => text,
        }
    }
}

/// A table without frames; the columns named in `right` hold numbers.
pub(super) fn table(header: &[&str], right: &[usize], rows: &[Vec<Field>]) -> String {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(header);
    if io::stdout().is_terminal()
        && let Ok((width, _)) = crossterm::terminal::size()
    {
        table
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width);
    }
    for row in rows {
        table.add_row(row.iter().map(|field| Cell::new(field.printable())));
    }
    for &column in right {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    if let Some(first) = table.column_mut(0) {
        first.set_padding((0, 1));
    }
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n") + "\n"
}

/// CSV with a header line, as RFC 4180 writes it.
pub(super) fn csv(header: &[&str], rows: &[Vec<Field>]) -> Result<String, CliError> {
    let failed = |_| CliError::local("The CSV could not be written.", "Try --format json.");
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).map_err(failed)?;
    for row in rows {
        writer.write_record(row.iter().map(Field::guarded)).map_err(failed)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| CliError::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// JSON, indented; characters that could steer a terminal are written as escapes, so nothing is lost.
pub(super) fn json(value: &impl Serialize) -> Result<String, CliError> {
    let text = serde_json::to_string_pretty(value).map_err(|error| {
        CliError::local(
            format!("The JSON could not be written: {error}."),
            "Try --format table.",
        )
    })?;
    Ok(text.chars().map(escaped).collect::<String>() + "\n")
}

/// The character itself, or its JSON escape where it must not be printed.
fn escaped(c: char) -> String {
    let shown = c.to_string();
    if c == '\n' || printable(&shown) == shown {
        return shown;
    }
    let mut units = [0; 2];
    let units = c.encode_utf16(&mut units).iter();
    units.fold(String::new(), |text, unit| text + &format!("\\u{unit:04x}"))
}

/// Prints a result. A reader that has read enough (`| head`) is no failure.
pub(super) fn print(text: &str) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CliError::local(
            format!("The result could not be printed: {error}."),
            "Check where the output goes.",
        )),
        _ => Ok(()),
    }
}

/// A remark for a person, beside the result.
pub(super) fn note(text: &str) {
    // A closed standard error takes no remarks.
    let _ = writeln!(io::stderr().lock(), "{}", printable(text));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_are_guarded_in_text_only() {
        let rows = [
            vec![Field::text("=1+1"), Field::plain("-5.00")],
            vec![Field::text("a,\"b\""), Field::plain("")],
        ];
        assert_eq!(
            csv(&["what", "amount"], &rows).unwrap(),
            "what,amount\n'=1+1,-5.00\n\"a,\"\"b\"\"\",\n"
        );
    }

    #[test]
    fn columns_stand_in_line() {
        let rows = [
            vec![Field::text("Dining"), Field::plain("$5.80")],
            vec![Field::text("東京"), Field::plain("$120.00")],
        ];
        assert_eq!(
            table(&["Category", "Spent"], &[1], &rows),
            "Category    Spent\nDining      $5.80\n東京      $120.00\n"
        );
    }

    proptest! {
        #[test]
        fn nothing_printed_steers_a_terminal(text in any::<String>()) {
            let rows = [vec![Field::text(text.clone())]];
            let steers = |shown: &str| shown.chars().any(|c| c != '\n' && c.is_control());
            prop_assert!(!steers(&table(&["a"], &[], &rows)));
            prop_assert!(!steers(&csv(&["a"], &rows).unwrap()));
            let json = json(&text).unwrap();
            prop_assert!(!steers(&json));
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }
}
