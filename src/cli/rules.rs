//! `rules`: list, add, remove.

use clap::{Args, Subcommand};
use uuid::Uuid;

use crate::api::{NewRule, Rule};
use crate::categorize::Pattern;
use crate::domain::nearest::nearest;
use crate::domain::text::printable;

use super::connection::Connection;
use super::error::CliError;
use super::input;
use super::output::{self, Field, Format};

/// List, add and remove your rules: descriptions that always belong to one category.
///
/// A rule names words that a description holds, whole and one after another, in any case and with or without accents.
/// A * at the end stands for the rest of the last word, one at the beginning for what comes before the first. Of several
/// rules that match, the one with the most words decides, then the one with the most letters. A rule holds for what is
/// added from now on; see recategorize for older expenses.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker rules
  budget-tracker rules add \"xkcd store\" Entertainment
  budget-tracker rules add \"amaz*\" Shopping
  budget-tracker rules remove \"xkcd store\"
  budget-tracker rules list --format csv > rules.csv")]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List all rules and how many expenses each has placed.
    List,
    /// Add a rule; one of the same words takes the new category.
    Add {
        /// The words, for example "xkcd store" or "amaz*".
        pattern: String,
        /// The category, in any case.
        category: String,
    },
    /// Remove a rule. What it has placed stays there.
    Remove {
        /// The words of the rule, as the list shows them, in any case.
        pattern: String,
    },
}

pub(super) async fn run(arguments: &Arguments, to: &Connection, format: Format) -> Result<(), CliError> {
    let (rule, done) = match &arguments.action {
        None | Some(Action::List) => return list(to, format).await,
        Some(Action::Add { pattern, category }) => add(to, pattern, category).await?,
        Some(Action::Remove { pattern }) => remove(to, pattern).await?,
    };
    if format == Format::Table {
        return output::print(&format!("{}\n", printable(&done)));
    }
    print(&[rule], format)
}

/// Prints all rules; a rule of a hidden category says that it waits.
async fn list(to: &Connection, format: Format) -> Result<(), CliError> {
    let mut rules = to.client.rules().await?;
    if format == Format::Table && !rules.is_empty() {
        let categories = to.client.categories().await?;
        let is_hidden = |id| categories.iter().any(|category| category.id == id && category.hidden);
        for rule in rules.iter_mut().filter(|rule| is_hidden(rule.category_id)) {
            rule.category.push_str(" (hidden: waits)");
        }
    }
    print(&rules, format)
}

async fn add(to: &Connection, pattern: &str, category: &str) -> Result<(Rule, String), CliError> {
    let pattern = read(pattern)?;
    let categories = to.client.categories().await?;
    let body = NewRule {
        id: Uuid::now_v7(),
        pattern: pattern.to_string(),
        category_id: input::category(category, &categories)?.id,
    };
    let rule = to.client.add_rule(&body).await?;
    let done = format!("From now on, \"{}\" is always {}.", rule.pattern, rule.category);
    Ok((rule, done))
}

async fn remove(to: &Connection, pattern: &str) -> Result<(Rule, String), CliError> {
    let wanted = read(pattern)?.to_string();
    let rules = to.client.rules().await?;
    let Some(rule) = rules.iter().find(|rule| rule.pattern == wanted) else {
        let advice = match nearest(&wanted, rules.iter().map(|rule| rule.pattern.as_str())) {
            Some(known) => format!("Did you mean \"{known}\"?"),
            None => "See: budget-tracker rules".to_owned(),
        };
        return Err(CliError::local(
            format!("There is no rule \"{}\".", printable(&wanted)),
            advice,
        ));
    };
    to.client.remove_rule(rule.id).await?;
    let done = format!("\"{}\" is no longer always {}.", rule.pattern, rule.category);
    Ok((rule.clone(), done))
}

fn read(pattern: &str) -> Result<Pattern, CliError> {
    Pattern::parse(pattern).map_err(|error| CliError::wrong("PATTERN", error))
}

fn print(rules: &[Rule], format: Format) -> Result<(), CliError> {
    output::print(&match format {
        Format::Table if rules.is_empty() => {
            "No rules yet. Add one with, for example: budget-tracker rules add \"xkcd store\" Entertainment\n"
                .to_owned()
        }
        Format::Table => output::table(&["Rule", "Category", "Placed"], &[2], &rows(rules, false)),
        Format::Json => output::json(&rules)?,
        Format::Csv => output::csv(&["id", "rule", "category", "placed"], &rows(rules, true))?,
    })
}

fn rows(rules: &[Rule], with_id: bool) -> Vec<Vec<Field>> {
    let row = |rule: &Rule| {
        let mut row = vec![
            Field::text(&rule.pattern),
            Field::text(&rule.category),
            Field::plain(rule.hits),
        ];
        if with_id {
            row.insert(0, Field::plain(rule.id));
        }
        row
    };
    rules.iter().map(row).collect()
}
