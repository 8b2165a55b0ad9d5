//! `add`: one more expense.

use clap::Args;
use jiff::civil::Date;
use uuid::Uuid;

use crate::api::{Category, Expense, NewExpense};
use crate::categorize::Lexicon;
use crate::config::{Settings, Target};
use crate::domain::text::{MAX_DESCRIPTION, clean, printable};
use crate::domain::{Currency, Money};

use super::connection::{Connection, Needs, not_logged_in};
use super::error::CliError;
use super::input;
use super::list::{EXPENSE_COLUMNS, expense_rows};
use super::output::{self, Format};

/// Add an expense; its category is found from the description unless you choose one.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker add \"lunch at chipotle\" 12.50
  budget-tracker add rent 1,200 --date 2026-11-01 --category housing
  budget-tracker add \"uber to airport\" 31.50 --date yesterday --format json")]
pub(super) struct Arguments {
    /// What it was for, up to 256 characters.
    description: String,
    /// How much, in the account's currency: 12.50, 12,50 or 1,234.56.
    #[arg(allow_negative_numbers = true)]
    pub amount: String,
    /// Day: 2026-11-22, today, yesterday, fri, "22 nov" or 22 (the latest one); today when left out.
    #[arg(long, value_name = "DAY", value_parser = input::day)]
    date: Option<Date>,
    /// Category by name, in any case.
    #[arg(long, value_name = "NAME")]
    category: Option<String>,
}

pub(super) async fn run(arguments: Arguments, settings: Settings, format: Format) -> Result<(), CliError> {
    let session = settings.sessions().get(&settings.target)?;
    let currency = session.as_ref().map_or(settings.currency, |session| session.currency);
    let description =
        clean(&arguments.description, MAX_DESCRIPTION).map_err(|error| CliError::wrong("DESCRIPTION", error))?;
    let amount = input::amount(&arguments.amount, currency)?;
    if session.is_none() {
        return Err(not_logged_in(&settings));
    }
    let body = NewExpense {
        id: Uuid::now_v7(),
        day: arguments.date,
        description,
        amount_minor: amount.minor,
        category_id: None,
    };
    if settings.target == Target::Embedded && arguments.category.is_none() {
        // The word list is built while the server starts.
        std::thread::spawn(Lexicon::shared);
    }
    super::with(settings, Needs::Session, async |to| {
        send(to, body, arguments.category.as_deref(), currency, format).await
    })
    .await
}

async fn send(
    to: &Connection,
    mut body: NewExpense,
    category: Option<&str>,
    currency: Currency,
    format: Format,
) -> Result<(), CliError> {
    let mut categories = Vec::new();
    if let Some(name) = category {
        categories = to.client.categories().await?;
        body.category_id = Some(input::category(name, &categories)?.id);
    }
    let expense = to.client.add_expense(&body).await?;
    if format != Format::Json && categories.is_empty() && expense.category_id.is_some() {
        // The expense is stored: a name that cannot be had is no reason to report a failure.
        categories = to.client.categories().await.unwrap_or_default();
    }
    output::print(&match format {
        Format::Table => sentence(&expense, &categories, currency),
        Format::Json => output::json(&expense)?,
        Format::Csv => output::csv(&EXPENSE_COLUMNS, &expense_rows(&[expense], &categories, currency))?,
    })
}

fn sentence(expense: &Expense, categories: &[Category], currency: Currency) -> String {
    let amount = Money::new(expense.amount_minor, currency);
    let description = printable(&expense.description);
    let category = categories
        .iter()
        .find(|category| Some(category.id) == expense.category_id)
        .map(|category| printable(&category.name));
    let place = match (category, expense.category_id) {
        (Some(name), _) => format!(" in {name}"),
        (None, Some(_)) => String::new(),
        (None, None) => ", without a category: choose one with --category next time".to_owned(),
    };
    format!("Added {description}, {amount}, on {}{place}.\n", expense.day)
}
