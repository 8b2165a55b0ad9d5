//! `categories`: list, make, rename, hide, merge.

use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use uuid::Uuid;

use crate::api::{Category, CategoryPatch, NewCategory};
use crate::domain::Kind;
use crate::domain::category::MAX_CATEGORY_NAME;
use crate::domain::text::{clean, printable};

use super::connection::Connection;
use super::error::CliError;
use super::input;
use super::output::{self, Field, Format};

/// List your categories, make new ones, rename, hide or merge them.
///
/// A hidden category is neither predicted nor offered, and its limit no longer counts; its expenses stay.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  budget-tracker categories
  budget-tracker categories add Hobbies
  budget-tracker categories add \"Second job\" --kind income
  budget-tracker categories rename Dining \"Eating out\"
  budget-tracker categories hide Pets
  budget-tracker categories merge Pets Shopping")]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List all categories, hidden ones too.
    List,
    /// Make a category.
    Add {
        /// Its name, up to 40 characters.
        name: String,
        /// How its money moves; income and what is not spent are in no total.
        #[arg(long, default_value = "flexible", value_parser = kind())]
        kind: Kind,
    },
    /// Give a category another name.
    Rename {
        /// The category, in any case.
        name: String,
        /// The new name, up to 40 characters.
        new_name: String,
    },
    /// Take a category out of use.
    Hide {
        /// The category, in any case.
        name: String,
    },
    /// Move everything of a category into another one and take it away: expenses, limits, rules, what was learned.
    ///
    /// The limits of each month add up. This cannot be undone.
    Merge {
        /// The category that goes, in any case.
        name: String,
        /// The category that takes everything in, in any case.
        into: String,
    },
    /// Put a hidden category back into use.
    Show {
        /// The category, in any case.
        name: String,
    },
}

fn kind() -> impl TypedValueParser<Value = Kind> {
    PossibleValuesParser::new(["flexible", "fixed", "income", "not_spending"]).try_map(|name| Kind::from_str(&name))
}

pub(super) async fn run(arguments: &Arguments, to: &Connection, format: Format) -> Result<(), CliError> {
    let (id, done) = match &arguments.action {
        None | Some(Action::List) => return print(&to.client.categories().await?, format),
        Some(Action::Add { name, kind }) => {
            let body = NewCategory {
                id: Uuid::now_v7(),
                name: new_name(name)?,
                kind: *kind,
            };
            to.client.add_category(&body).await?;
            (body.id, format!("Added the category {}.", body.name))
        }
        Some(Action::Rename { name, new_name: wish }) => {
            let wish = new_name(wish)?;
            let done = |old: &str| format!("Renamed {old} to {wish}.");
            let patch = CategoryPatch {
                name: Some(wish.clone()),
                ..CategoryPatch::default()
            };
            change(to, name, &patch, done).await?
        }
        Some(Action::Hide { name }) => change(to, name, &hidden(true), |name| format!("Hid {name}.")).await?,
        Some(Action::Merge { name, into }) => merge(to, name, into).await?,
        Some(Action::Show { name }) => change(to, name, &hidden(false), |name| format!("{name} is in use.")).await?,
    };
    if format == Format::Table {
        return output::print(&format!("{}\n", printable(&done)));
    }
    let all = to.client.categories().await?;
    let changed: Vec<Category> = all.into_iter().filter(|category| category.id == id).collect();
    print(&changed, format)
}

fn new_name(name: &str) -> Result<String, CliError> {
    clean(name, MAX_CATEGORY_NAME).map_err(|error| CliError::wrong("NAME", error))
}

fn hidden(hidden: bool) -> CategoryPatch {
    CategoryPatch {
        hidden: Some(hidden),
        ..CategoryPatch::default()
    }
}

async fn merge(to: &Connection, name: &str, into: &str) -> Result<(Uuid, String), CliError> {
    let categories = to.client.categories().await?;
    let (from, into) = (input::category(name, &categories)?, input::category(into, &categories)?);
    let merged = to.client.merge_category(from.id, into.id).await?;
    Ok((merged.id, format!("Merged {} into {}.", from.name, merged.name)))
}

/// Changes the category of this name; `done` makes the sentence from the name that it had.
async fn change(
    to: &Connection,
    name: &str,
    patch: &CategoryPatch,
    done: impl FnOnce(&str) -> String,
) -> Result<(Uuid, String), CliError> {
    let categories = to.client.categories().await?;
    let category = input::category(name, &categories)?;
    to.client.edit_category(category.id, patch).await?;
    Ok((category.id, done(&category.name)))
}

fn print(categories: &[Category], format: Format) -> Result<(), CliError> {
    output::print(&match format {
        Format::Table => table(categories),
        Format::Json => output::json(&categories)?,
        Format::Csv => csv(categories)?,
    })
}

fn table(categories: &[Category]) -> String {
    let row = |category: &Category| {
        let word = |flag: bool, word: &str| Field::plain(if flag { word } else { "" });
        vec![
            Field::text(&category.name),
            Field::plain(category.kind.to_string().replace('_', " ")),
            Field::plain(category.alert_at),
            word(category.carry_over, "yes"),
            word(category.hidden, "hidden"),
        ]
    };
    let rows: Vec<_> = categories.iter().map(row).collect();
    output::table(&["Category", "Kind", "Alert at", "Carry over", ""], &[], &rows)
}

fn csv(categories: &[Category]) -> Result<String, CliError> {
    let header = ["id", "category", "kind", "alert_at", "carry_over", "hidden"];
    let row = |category: &Category| {
        vec![
            Field::plain(category.id),
            Field::text(&category.name),
            Field::plain(category.kind),
            Field::plain(category.alert_at),
            Field::plain(category.carry_over),
            Field::plain(category.hidden),
        ]
    };
    let rows: Vec<_> = categories.iter().map(row).collect();
    output::csv(&header, &rows)
}
