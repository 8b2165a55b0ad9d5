//! `recategorize`: predicts the categories of older expenses anew.

use clap::Args;

use crate::api::{Category, Recategorize, Replacement};
use crate::domain::expense::Sureness;
use crate::domain::{Currency, Money, Month};
use crate::ui::text::fit;

use super::connection::Connection;
use super::error::CliError;
use super::output::{self, Field, Format, note};

/// Columns of a description in the table; JSON and CSV hold all of it.
const DESCRIPTION_COLUMNS: u16 = 40;

/// Predict the categories of older expenses anew, with your rules and what was learned since.
///
/// It works on the server that you use, in this program or elsewhere, and asks no service outside of it. What you chose
/// yourself is never touched, and no category is taken away. Expenses are changed in steps of 500; when
/// it is interrupted, run it again and it goes on with what is left.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker recategorize --dry-run
  budget-tracker recategorize --month 2026-10
  budget-tracker recategorize --all")]
pub(super) struct Arguments {
    /// Only show what would change.
    #[arg(long)]
    dry_run: bool,
    /// Only this month, for example 2026-11; the current one when neither this nor --all is given.
    #[arg(long, value_name = "MONTH", conflicts_with = "all")]
    month: Option<Month>,
    /// Expenses of all months.
    #[arg(long)]
    all: bool,
}

pub(super) async fn run(arguments: &Arguments, to: &Connection, format: Format) -> Result<(), CliError> {
    let currency = to
        .session
        .as_ref()
        .map_or(to.settings.currency, |session| session.currency);
    let categories = to.client.categories().await?;
    let month = match (arguments.month, arguments.all) {
        (Some(month), _) => Some(month),
        (None, true) => None,
        (None, false) => Some(to.client.summary(None).await?.month),
    };
    let mut wish = Recategorize {
        month,
        dry_run: arguments.dry_run,
        cursor: None,
    };
    let (mut changes, mut looked_at) = (Vec::new(), 0);
    loop {
        let step = match to.client.recategorize(&wish).await {
            Ok(step) => step,
            Err(failure) => {
                if !changes.is_empty() && !wish.dry_run {
                    note(&format!(
                        "{} were changed before it was interrupted. Run it again for the rest.",
                        counted(changes.len())
                    ));
                }
                return Err(failure.into());
            }
        };
        looked_at += step.looked_at;
        changes.extend(step.changes);
        // A server that hands out the same place for ever must not hold us for ever.
        if step.next.is_none() || step.next == wish.cursor {
            break;
        }
        wish.cursor = step.next;
    }
    output::print(&match format {
        Format::Table => table(&changes, &categories, currency) + &sum(&changes, looked_at, arguments.dry_run),
        Format::Json => output::json(&changes)?,
        Format::Csv => csv(&changes, &categories)?,
    })
}

fn table(changes: &[Replacement], categories: &[Category], currency: Currency) -> String {
    if changes.is_empty() {
        return String::new();
    }
    let row = |change: &Replacement| {
        let old = &change.expense;
        vec![
            Field::plain(old.day),
            Field::text(fit(&old.description, DESCRIPTION_COLUMNS)),
            Field::plain(Money::new(old.amount_minor, currency)),
            Field::text(format!(
                "{}{}",
                name(old.category_id, categories),
                Sureness::of(old.confidence).mark()
            )),
            Field::text(format!("-> {}", name(Some(change.category_id), categories))),
            Field::plain(format!("{} %", change.confidence)),
            Field::plain(change.category_source.label()),
        ]
    };
    let rows: Vec<_> = changes.iter().map(row).collect();
    output::table(
        &["Day", "Description", "Amount", "Now", "New", "Sure", "By"],
        &[2, 5],
        &rows,
    ) + "\n"
}

fn csv(changes: &[Replacement], categories: &[Category]) -> Result<String, CliError> {
    let header = [
        "id",
        "day",
        "description",
        "old",
        "new",
        "confidence",
        "source",
        "because",
    ];
    let row = |change: &Replacement| {
        vec![
            Field::plain(change.expense.id),
            Field::plain(change.expense.day),
            Field::text(&change.expense.description),
            Field::text(name(change.expense.category_id, categories)),
            Field::text(name(Some(change.category_id), categories)),
            Field::plain(change.confidence),
            Field::plain(change.category_source),
            Field::text(&change.because),
        ]
    };
    let rows: Vec<_> = changes.iter().map(row).collect();
    output::csv(&header, &rows)
}

/// `12 expenses changed their category; 88 stay as before.`
fn sum(changes: &[Replacement], looked_at: i64, dry_run: bool) -> String {
    if changes.is_empty() {
        return format!("Nothing to change: {looked_at} predicted expenses stay as before.\n");
    }
    let moved = changes
        .iter()
        .filter(|change| change.expense.category_id != Some(change.category_id))
        .count();
    let stay = looked_at.saturating_sub(i64::try_from(changes.len()).unwrap_or(i64::MAX));
    let settled = match changes.len() - moved {
        0 => String::new(),
        count => format!(", {count} only how sure it is"),
    };
    let its = if moved == 1 { "its" } else { "their" };
    let (verb, advice) = if dry_run {
        ("would change", " Run it without --dry-run to change them.")
    } else {
        ("changed", "")
    };
    format!(
        "{} {verb} {its} category{settled}; {stay} stay as before.{advice}\n",
        counted(moved)
    )
}

fn counted(count: usize) -> String {
    format!("{count} {}", if count == 1 { "expense" } else { "expenses" })
}

fn name(id: Option<uuid::Uuid>, categories: &[Category]) -> &str {
    let found = categories.iter().find(|category| Some(category.id) == id);
    found.map_or("none", |category| category.name.as_str())
}
