//! `list`: expenses, newest first.

use clap::Args;

use crate::api::{Category, Expense, ExpenseQuery};
use crate::domain::expense::{CategorySource, Sureness};
use crate::domain::text::printable;
use crate::domain::{Calendar, Currency, Filter, Money, Month};
use crate::ui::text::fit;
use crate::zone;

use super::connection::Connection;
use super::error::CliError;
use super::input;
use super::output::{self, Field, Format, note};

/// Columns of a description in the table; JSON and CSV hold all of it.
const DESCRIPTION_COLUMNS: u16 = 60;
/// The most that `--limit` takes.
const MAX_LIMIT: u32 = 1_000_000;

/// List expenses, newest first.
///
/// The table cuts descriptions at 60 columns and ends with a sum; JSON and CSV hold all of each description.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker list
  budget-tracker list --month 2026-11 --category dining
  budget-tracker list --filter \"coffee amount>3 since:1sep\"
  budget-tracker list --limit 100000 --format csv > expenses.csv")]
pub(super) struct Arguments {
    /// Only this month, for example 2026-11.
    #[arg(long, value_name = "MONTH")]
    month: Option<Month>,
    /// Only this category, by name.
    #[arg(long, value_name = "NAME")]
    category: Option<String>,
    /// Only what a filter lets through: words, cat:fun, amount>20, amount:10-20, since:1sep, until:30sep, on:fri,
    /// month:sep, is:unsure, is:uncategorised, is:mine; a minus before any of them leaves that out.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    filter: Option<String>,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_LIMIT)))]
    limit: u32,
}

pub(super) const EXPENSE_COLUMNS: [&str; 6] = ["id", "day", "description", "category", "amount", "currency"];

pub(super) async fn run(arguments: &Arguments, to: &Connection, format: Format) -> Result<(), CliError> {
    let currency = to
        .session
        .as_ref()
        .map_or(to.settings.currency, |session| session.currency);
    let filter = arguments
        .filter
        .as_deref()
        .map(|text| read(text, currency))
        .transpose()?;
    let mut query = ExpenseQuery {
        month: arguments.month,
        filter: arguments.filter.clone(),
        // One more than is shown tells whether there are more.
        limit: Some(arguments.limit + 1),
        ..ExpenseQuery::default()
    };
    let (mut expenses, categories) = if let Some(name) = &arguments.category {
        let categories = to.client.categories().await?;
        query.category_id = Some(input::category(name, &categories)?.id);
        (to.client.all_expenses(query).await?, categories)
    } else {
        futures::try_join!(to.client.all_expenses(query), to.client.categories())?
    };
    let more = expenses.len() > arguments.limit as usize;
    expenses.truncate(arguments.limit as usize);
    output::print(&match format {
        Format::Table if expenses.is_empty() => nothing(filter.as_ref(), &categories),
        Format::Table => {
            table(&expenses, &categories, currency) + "\n" + &sum(&expenses, &categories, currency, more) + "\n"
        }
        Format::Json => output::json(&expenses)?,
        Format::Csv => output::csv(&EXPENSE_COLUMNS, &expense_rows(&expenses, &categories, currency))?,
    })?;
    if more {
        note(&format!(
            "There are more: these are the newest {}. To see more, add for example: --limit {}",
            arguments.limit,
            arguments.limit.saturating_mul(10).min(MAX_LIMIT)
        ));
    }
    Ok(())
}

/// Reads a filter; what nobody is still typing must be right.
fn read(text: &str, currency: Currency) -> Result<Filter, CliError> {
    let filter = Filter::parse(text, zone::now().date(), Calendar::default(), currency);
    match filter.hint() {
        None => Ok(filter),
        Some(hint) => Err(CliError::usage(
            format!("--filter: {}.", printable(hint)),
            "Write for example \"coffee amount>3 since:1sep\".",
        )),
    }
}

/// Why the list is empty.
fn nothing(filter: Option<&Filter>, categories: &[Category]) -> String {
    let Some(filter) = filter.filter(|filter| !filter.is_empty()) else {
        return "No expenses here yet. Add one with: budget-tracker add\n".to_owned();
    };
    let names = categories.iter().map(|category| category.name.as_str());
    match filter.did_you_mean(names) {
        Some(meant) => format!(
            "Nothing matches \"{}\". Did you mean {}?\n",
            printable(&meant.typed),
            meant.instead
        ),
        None => "Nothing matches this filter.\n".to_owned(),
    }
}

fn table(expenses: &[Expense], categories: &[Category], currency: Currency) -> String {
    let row = |expense: &Expense| {
        let sure = match expense.category_source {
            CategorySource::You | CategorySource::None => "",
            _ => Sureness::of(expense.confidence).mark(),
        };
        vec![
            Field::plain(expense.day),
            Field::text(fit(&expense.description, DESCRIPTION_COLUMNS)),
            Field::text(format!("{}{sure}", category_name(expense, categories))),
            Field::plain(Money::new(expense.amount_minor, currency)),
        ]
    };
    let rows: Vec<_> = expenses.iter().map(row).collect();
    output::table(&["Day", "Description", "Category", "Amount"], &[3], &rows)
}

/// The rows that go with [`EXPENSE_COLUMNS`].
pub(super) fn expense_rows(expenses: &[Expense], categories: &[Category], currency: Currency) -> Vec<Vec<Field>> {
    let row = |expense: &Expense| {
        vec![
            Field::plain(expense.id),
            Field::plain(expense.day),
            Field::text(&expense.description),
            Field::text(category_name(expense, categories)),
            Field::amount(Some(expense.amount_minor), currency),
            Field::plain(currency),
        ]
    };
    expenses.iter().map(row).collect()
}

/// What the rows of the table come to: `59 expenses, $3,079.83 spent`; money that was not spent is named apart.
fn sum(expenses: &[Expense], categories: &[Category], currency: Currency, more: bool) -> String {
    let is_spending =
        |expense: &&Expense| category_of(expense, categories).is_none_or(|found| found.kind.is_spending());
    let (spent, moved): (Vec<_>, Vec<_>) = expenses.iter().partition(is_spending);
    let money = |part: &[&Expense]| {
        let minor = part.iter().map(|expense| expense.amount_minor);
        Money::new(minor.fold(0, i64::saturating_add), currency)
    };
    let which = if more { "The newest " } else { "" };
    let noun = if expenses.len() == 1 { "expense" } else { "expenses" };
    let total = format!("{which}{} {noun}, {} spent", expenses.len(), money(&spent));
    if moved.is_empty() {
        return total;
    }
    format!(
        "{total}; not in this sum: {} of income or transfers, {}",
        moved.len(),
        money(&moved)
    )
}

fn category_of<'a>(expense: &Expense, categories: &'a [Category]) -> Option<&'a Category> {
    categories
        .iter()
        .find(|category| Some(category.id) == expense.category_id)
}

fn category_name<'a>(expense: &Expense, categories: &'a [Category]) -> &'a str {
    category_of(expense, categories).map_or("", |category| category.name.as_str())
}
