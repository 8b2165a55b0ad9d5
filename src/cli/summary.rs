//! `summary`: a month's spending against its limits.

use clap::Args;

use crate::api::{CategorySummary, Failure, Summary};
use crate::domain::budget::used_percent;
use crate::domain::{Currency, Locale, Money, Month, Outlook};

use super::connection::Connection;
use super::error::CliError;
use super::output::{self, Field, Format};

/// Show a month: what was spent in each category, its limit, and how it will end.
///
/// Money that moves without being spent, such as income and transfers, is in no total. JSON and CSV list these
/// categories too, with the kind `not_spending`: leave them out of your own sums.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker summary
  budget-tracker summary --month 2026-10
  budget-tracker summary --format json | jq .categories")]
pub(super) struct Arguments {
    /// Which month, for example 2026-11; the current one when left out.
    #[arg(long, value_name = "MONTH")]
    month: Option<Month>,
}

pub(super) async fn run(arguments: &Arguments, to: &Connection, format: Format) -> Result<(), CliError> {
    let summary = to.client.summary(arguments.month).await?;
    let currency = currency_of(&summary, to)?;
    output::print(&match format {
        Format::Table => table(&summary, currency, &to.settings.locale),
        Format::Json => output::json(&summary)?,
        Format::Csv => csv(&summary, currency)?,
    })
}

/// The currency of a summary; one that ISO 4217 does not know makes every amount meaningless.
pub(super) fn currency_of(summary: &Summary, to: &Connection) -> Result<Currency, CliError> {
    let known = Currency::from_code(&summary.currency).map_err(|_| {
        CliError::Server(Failure::Garbled {
            server: to.client.server().to_owned(),
            reason: "its currency is unknown".to_owned(),
        })
    })?;
    Ok(known.written(&to.settings.locale))
}

fn outlook(summary: &Summary, row: &CategorySummary) -> Outlook {
    row.standing(summary.calendar, summary.month, summary.today).outlook()
}

fn table(summary: &Summary, currency: Currency, locale: &Locale) -> String {
    let money = |minor| Money::new(minor, currency);
    let limit = |limit: Option<i64>| limit.map(|limit| money(limit).to_string()).unwrap_or_default();
    let used = |spent, limit: Option<i64>| {
        limit
            .map(|limit| format!("{}%", used_percent(spent, limit)))
            .unwrap_or_default()
    };
    let mut shown: Vec<(Outlook, &CategorySummary)> = summary
        .categories
        .iter()
        .filter(|row| row.category.kind.is_spending() && (row.spent_minor != 0 || row.limit_minor.is_some()))
        .map(|row| (outlook(summary, row), row))
        .collect();
    shown.sort_by_key(|(outlook, _)| outlook.risk());
    let mut rows: Vec<Vec<Field>> = shown
        .iter()
        .map(|(outlook, row)| {
            vec![
                Field::text(&row.category.name),
                Field::plain(money(row.spent_minor)),
                Field::plain(limit(row.limit_minor)),
                Field::plain(used(row.spent_minor, row.limit_minor)),
                Field::plain(outlook.words(currency, locale)),
            ]
        })
        .collect();
    let waiting = summary.uncategorised;
    if waiting.spent_minor != 0 {
        rows.push(vec![
            Field::plain("(no category)"),
            Field::plain(money(waiting.spent_minor)),
        ]);
    }
    let spent = shown
        .iter()
        .fold(waiting.spent_minor, |sum, (_, row)| sum.saturating_add(row.spent_minor));
    let limits = shown
        .iter()
        .filter_map(|(_, row)| row.limit_minor)
        .reduce(i64::saturating_add);
    rows.push(vec![
        Field::plain("Total"),
        Field::plain(money(spent)),
        Field::plain(limit(limits)),
        Field::plain(used(spent, limits)),
    ]);
    let table = output::table(&["Category", "Spent", "Limit", "Used", "Outlook"], &[1, 2, 3], &rows);
    format!("{}\n\n{table}", heading(summary))
}

fn heading(summary: &Summary) -> String {
    let (calendar, month) = (summary.calendar, summary.month);
    let progress = calendar.progress(month, summary.today);
    let name = calendar.long_name(month);
    if progress.closed {
        format!("{name}, closed")
    } else if progress.day == 0 {
        format!("{name}, not begun")
    } else {
        format!("{name}, day {} of {}", progress.day, progress.length)
    }
}

fn csv(summary: &Summary, currency: Currency) -> Result<String, CliError> {
    // What programs read is written in one way.
    let locale = Locale::default();
    let currency = currency.written(&locale);
    let header = [
        "month", "category", "kind", "spent", "limit", "forecast", "outlook", "currency",
    ];
    let row = |row: &CategorySummary| {
        vec![
            Field::plain(summary.month),
            Field::text(&row.category.name),
            Field::plain(row.category.kind),
            Field::amount(Some(row.spent_minor), currency),
            Field::amount(row.limit_minor, currency),
            Field::amount(row.forecast.as_ref().map(|forecast| forecast.mid_minor), currency),
            Field::plain(outlook(summary, row).words(currency, &locale)),
            Field::plain(currency),
        ]
    };
    let mut rows: Vec<_> = summary.categories.iter().map(row).collect();
    if summary.uncategorised.spent_minor != 0 {
        let mut waiting = vec![Field::plain(summary.month), Field::plain(""), Field::plain("")];
        waiting.push(Field::amount(Some(summary.uncategorised.spent_minor), currency));
        waiting.extend(["", "", ""].map(Field::plain));
        waiting.push(Field::plain(currency));
        rows.push(waiting);
    }
    output::csv(&header, &rows)
}
