//! Predictions as a table, JSON or CSV; the last two are printed as they come.

use serde::Serialize;

use crate::categorize::{Model, Reason};
use crate::cli::error::CliError;
use crate::cli::output::{self, Field, Format};
use crate::domain::category::DEFAULTS;
use crate::domain::expense::Sureness;
use crate::ui::text::fit;

/// Most columns of a description in the table.
const DESCRIPTION_COLUMNS: u16 = 48;
/// Rows that are printed at once.
const AT_ONCE: usize = 1000;
/// Most words that an explanation names.
const MOST_REASONS: usize = 6;

/// What the model makes of a description.
#[derive(Serialize)]
pub(super) struct Judged {
    id: String,
    description: String,
    category: &'static str,
    /// 0 to 1.
    confidence: f64,
    second: &'static str,
    third: &'static str,
    because: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasons: Option<Vec<Decided>>,
}

/// Words and how much they speak for the category.
#[derive(Serialize)]
struct Decided {
    words: String,
    weight: f64,
}

impl Judged {
    pub fn of(model: &Model<'_>, id: &str, description: &str, explain: bool) -> Self {
        let opinion = model.opinion(description);
        let order = opinion.order();
        let name = |place: usize| DEFAULTS[order[place]].0;
        let reasons = explain.then(|| opinion.reasons(order[0]));
        Self {
            id: id.to_owned(),
            description: description.to_owned(),
            category: name(0),
            confidence: rounded(opinion.probabilities()[order[0]], 10_000.0),
            second: name(1),
            third: name(2),
            because: opinion.because(order[0]),
            reasons: reasons.map(|reasons| reasons.iter().take(MOST_REASONS).map(Decided::of).collect()),
        }
    }

    fn percent(&self) -> u8 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
        let percent = (self.confidence * 100.0).clamp(0.0, 100.0) as u8;
        percent
    }

    /// `chipotle +5.20, for -0.31`.
    fn explained(&self) -> Option<String> {
        let reasons = self.reasons.as_ref()?.iter();
        Some(
            reasons
                .map(|reason| format!("{} {:+.2}", reason.words, reason.weight))
                .collect::<Vec<_>>()
                .join(", "),
        )
    }

    fn table_row(&self) -> Vec<Field> {
        let mark = Sureness::of(self.percent()).mark();
        vec![
            Field::text(fit(&self.description, DESCRIPTION_COLUMNS)),
            Field::plain(format!("{}{mark}", self.category)),
            Field::plain(format!("{} %", self.percent())),
            Field::plain(format!("{}, {}", self.second, self.third)),
            Field::text(self.explained().unwrap_or_else(|| self.because.clone())),
        ]
    }

    fn csv_row(&self) -> Vec<Field> {
        let mut row = vec![
            Field::text(&self.id),
            Field::plain(self.category),
            Field::plain(self.confidence),
            Field::plain(self.second),
            Field::plain(self.third),
        ];
        row.extend(self.explained().map(Field::Text));
        row
    }
}

impl Decided {
    fn of(reason: &Reason) -> Self {
        Self {
            words: reason.words.clone(),
            weight: rounded(reason.weight, 100.0),
        }
    }
}

/// With as many decimals as `parts` has zeros.
fn rounded(value: f32, parts: f64) -> f64 {
    (f64::from(value) * parts).round() / parts
}

/// Prints predictions.
pub(super) struct Printer {
    format: Format,
    explain: bool,
    waiting: Vec<Judged>,
    /// Whether anything was printed.
    begun: bool,
}

impl Printer {
    pub fn new(format: Format, explain: bool) -> Self {
        Self {
            format,
            explain,
            waiting: Vec::new(),
            begun: false,
        }
    }

    pub fn add(&mut self, judged: Judged) -> Result<(), CliError> {
        self.waiting.push(judged);
        if self.format != Format::Table && self.waiting.len() >= AT_ONCE {
            self.print()?;
        }
        Ok(())
    }

    pub fn finish(mut self) -> Result<(), CliError> {
        self.print()?;
        if self.format == Format::Json {
            output::print("]\n")?;
        }
        Ok(())
    }

    fn print(&mut self) -> Result<(), CliError> {
        let rows = std::mem::take(&mut self.waiting);
        let begun = std::mem::replace(&mut self.begun, true);
        output::print(&match self.format {
            Format::Table => table(&rows),
            Format::Json => json(&rows, begun)?,
            Format::Csv => csv(&rows, begun, self.explain)?,
        })
    }
}

fn table(rows: &[Judged]) -> String {
    let cells: Vec<_> = rows.iter().map(Judged::table_row).collect();
    output::table(&["Description", "Category", "Sure", "Or", "Because"], &[2], &cells)
}

/// Elements of an array, one after another.
fn json(rows: &[Judged], begun: bool) -> Result<String, CliError> {
    let mut text = if begun { String::new() } else { "[".to_owned() };
    for (at, row) in rows.iter().enumerate() {
        text.push_str(if begun || at > 0 { ",\n" } else { "\n" });
        text.push_str(output::json(row)?.trim_end());
    }
    text.push('\n');
    Ok(text)
}

fn csv(rows: &[Judged], begun: bool, explain: bool) -> Result<String, CliError> {
    let header = ["id", "category", "confidence", "second", "third", "because"];
    let cells: Vec<_> = rows.iter().map(Judged::csv_row).collect();
    let text = output::csv(&header[..if explain { 6 } else { 5 }], &cells)?;
    let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
    Ok(if begun { rest.to_owned() } else { text })
}
