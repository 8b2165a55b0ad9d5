//! `add`: one more expense.

use clap::Args;
use jiff::civil::Date;
use uuid::Uuid;

use crate::api::{Category, Expense, NewExpense};
use crate::config::Settings;
use crate::domain::entry::{self, Question};
use crate::domain::text::{MAX_DESCRIPTION, clean, printable};
use crate::domain::{Currency, Money};
use crate::zone;

use super::connection::{Connection, Needs, not_logged_in};
use super::error::CliError;
use super::input;
use super::list::{EXPENSE_COLUMNS, expense_rows};
use super::output::{self, Format};

/// Add an expense; its category is found from the description unless you choose one.
///
/// One line says it all, too: words, an amount, a day and a #category in any order.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker add \"coffee 4.20 yesterday\"
  budget-tracker add \"12+6.5 taxi #transport\"
  budget-tracker add \"lunch at chipotle\" 12.50
  budget-tracker add rent 1,200 --date 2026-11-01 --category housing
  budget-tracker add \"uber to airport\" 31.50 --date yesterday --format json")]
pub(super) struct Arguments {
    /// What it was for, up to 256 characters; without AMOUNT, a line with an amount in it.
    description: String,
    /// How much, in the account's currency: 12.50, 12,50, 1,234.56 or 12+6.5.
    #[arg(allow_negative_numbers = true)]
    pub amount: Option<String>,
    /// Day: 2026-11-22, today, yesterday, fri, "22 nov" or 22 (the latest one); today when nothing says another.
    #[arg(long, value_name = "DAY", value_parser = input::day)]
    date: Option<Date>,
    /// Category by name, in any case.
    #[arg(long, value_name = "NAME")]
    category: Option<String>,
}

impl Arguments {
    /// Whether a category has to be found.
    pub(super) fn needs_category(&self) -> bool {
        self.category.is_none()
    }
}

pub(super) async fn run(arguments: Arguments, settings: Settings, format: Format) -> Result<(), CliError> {
    let session = settings.sessions().get(&settings.target)?;
    let currency = session.as_ref().map_or(settings.currency, |session| session.currency);
    let (body, category) = read(&arguments, zone::now().date(), currency)?;
    if session.is_none() {
        return Err(not_logged_in(&settings));
    }
    super::with(settings, Needs::Session, async |to| {
        send(to, body, category.as_ref(), currency, format).await
    })
    .await
}

/// The category that was asked for.
#[derive(PartialEq, Debug)]
enum Wanted {
    /// `--category`: a name.
    Named(String),
    /// `#` in the line: a few letters do.
    Tagged(String),
}

/// What the command line says; an option is stronger than the line.
fn read(arguments: &Arguments, today: Date, currency: Currency) -> Result<(NewExpense, Option<Wanted>), CliError> {
    let line = &arguments.description;
    let named = arguments.category.clone().map(Wanted::Named);
    let whole = arguments.amount.is_some();
    let entry = entry::read(
        line,
        Question {
            day: arguments.date.is_none(),
            // An amount beside it says that the description is a description, whatever it looks like.
            literal: if whole { line.len() } else { 0 },
            ..Question::all(today, currency)
        },
    );
    let amount = match (&arguments.amount, &entry.amount) {
        (Some(text), _) => input::amount(text, currency)?,
        (None, Some(found)) => found.value,
        (None, None) => return Err(no_amount(line)),
    };
    let description = if whole { line } else { &entry.description };
    let description = clean(description, MAX_DESCRIPTION).map_err(|error| CliError::wrong("DESCRIPTION", error))?;
    let body = NewExpense {
        id: Uuid::now_v7(),
        day: arguments.date.or(entry.day.map(|found| found.value)),
        description,
        amount_minor: amount.minor,
        category_id: None,
    };
    Ok((body, named.or(entry.category.map(|found| Wanted::Tagged(found.value)))))
}

fn no_amount(line: &str) -> CliError {
    CliError::usage(
        format!("There is no amount in \"{}\".", printable(line)),
        "Write one, for example budget-tracker add \"coffee 4.20 yesterday\" or budget-tracker add coffee 4.20.",
    )
}

async fn send(
    to: &Connection,
    mut body: NewExpense,
    category: Option<&Wanted>,
    currency: Currency,
    format: Format,
) -> Result<(), CliError> {
    let mut categories = Vec::new();
    if let Some(wanted) = category {
        categories = to.client.categories().await?;
        body.category_id = Some(wanted.of(&categories)?.id);
    }
    let expense = to.client.add_expense(&body).await?;
    if format != Format::Json && categories.is_empty() && expense.category_id.is_some() {
        // The expense is stored: a name that cannot be had is no reason to report a failure.
        categories = to.client.categories().await.unwrap_or_default();
    }
    if let Some(note) = &expense.note {
        output::note(&note.message);
    }
    output::print(&match format {
        Format::Table => sentence(&expense, &categories, currency),
        Format::Json => output::json(&expense)?,
        Format::Csv => output::csv(&EXPENSE_COLUMNS, &expense_rows(&[expense], &categories, currency))?,
    })
}

impl Wanted {
    fn of<'a>(&self, categories: &'a [Category]) -> Result<&'a Category, CliError> {
        match self {
            Self::Named(name) => input::category(name, categories),
            Self::Tagged(letters) => {
                let offered: Vec<&Category> = categories.iter().filter(|category| !category.hidden).collect();
                let names = offered.iter().map(|category| category.name.as_str());
                match entry::find_category(letters, names) {
                    Some(at) => Ok(offered[at]),
                    None => input::category(letters, categories),
                }
            }
        }
    }
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
        (None, None) => ", without a category: r in the dashboard, or --category next time, chooses one".to_owned(),
    };
    format!("Added {description}, {amount}, on {}{place}.\n", expense.day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use rstest::rstest;

    fn arguments(description: &str, amount: Option<&str>) -> Arguments {
        Arguments {
            description: description.to_owned(),
            amount: amount.map(str::to_owned),
            date: None,
            category: None,
        }
    }

    fn reading(arguments: &Arguments) -> (String, i64, Option<Date>, Option<Wanted>) {
        let (body, wanted) = read(arguments, date(2026, 11, 22), Currency::USD).unwrap();
        (body.description, body.amount_minor, body.day, wanted)
    }

    #[rstest]
    #[case("coffee 4.20 yesterday", None, "coffee", 420, Some(date(2026, 11, 21)))]
    #[case("bus 42", Some("2.80"), "bus 42", 280, None)]
    #[case("sum yesterday #x", Some("12+6.5"), "sum yesterday #x", 1850, None)]
    fn a_line_says_it_all_unless_an_amount_stands_beside_it(
        #[case] line: &str,
        #[case] amount: Option<&str>,
        #[case] description: &str,
        #[case] minor: i64,
        #[case] day: Option<Date>,
    ) {
        let read = reading(&arguments(line, amount));
        assert_eq!(read, (description.to_owned(), minor, day, None));
    }

    #[test]
    fn options_are_stronger_than_the_line() {
        let line = "taxi 12.5 yesterday #tra";
        assert_eq!(
            reading(&arguments(line, None)).3,
            Some(Wanted::Tagged("tra".to_owned()))
        );
        let day = date(2026, 11, 3);
        let with = Arguments {
            date: Some(day),
            category: Some("Fun".to_owned()),
            ..arguments(line, None)
        };
        let fun = Some(Wanted::Named("Fun".to_owned()));
        assert_eq!(reading(&with), ("taxi yesterday".to_owned(), 1250, Some(day), fun));
    }

    #[test]
    fn a_line_without_an_amount_is_refused_with_advice() {
        let error = read(&arguments("coffee", None), date(2026, 11, 22), Currency::USD).unwrap_err();
        assert!(format!("{error:?}").contains("coffee 4.20 yesterday"));
    }
}
