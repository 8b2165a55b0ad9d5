//! Choosing a category for one expense or for many, or one to merge another into: type to find it.

use tui_input::Input;
use uuid::Uuid;

use super::always;
use super::budgets;
use super::changes::{self, Change};
use super::effect::{Call, Effect};
use super::keymap::Action;
use super::likely;
use super::model::Model;
use super::review;
use super::update::refuse;
use crate::api::{Bulk, CategorySummary, Expense, Place};
use crate::domain::expense::CategorySource;
use crate::domain::text::fold;

mod view;
pub(super) use view::view;

/// What a choice of no category is called.
const NONE: &str = "Uncategorised";

/// The open list of categories.
#[derive(Clone, Debug)]
pub(super) struct Chooser {
    find: Input,
    /// Index of the entry under the cursor.
    at: usize,
    /// What the category is for.
    rows: Vec<Expense>,
    /// The category that shall be merged into the chosen one; then `rows` is empty.
    merging: Option<Uuid>,
}

/// One category to choose.
struct Entry {
    category: Option<Uuid>,
    name: String,
    /// How well it fits, percent.
    likely: Option<u8>,
    /// Whether the only expense is in it.
    present: bool,
}

/// Opens the list for these expenses.
pub(super) fn open(model: &mut Model, rows: Vec<Expense>) {
    model.chooser = Some(Box::new(Chooser {
        find: Input::default(),
        at: 0,
        rows,
        merging: None,
    }));
}

/// Opens the list of what a category can be merged into.
pub(super) fn open_merge(model: &mut Model, from: Uuid) {
    open(model, Vec::new());
    if let Some(chooser) = model.chooser.as_deref_mut() {
        chooser.merging = Some(from);
    }
}

/// The expense that a category is being chosen for, if it is the only one.
pub(super) fn single(model: &Model) -> Option<&Expense> {
    match model.chooser.as_deref()?.rows.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// The categories that the typed letters find: while nothing is typed, the likely ones first.
fn entries(model: &Model, chooser: &Chooser) -> Vec<Entry> {
    let typed = fold(chooser.find.value().trim()).into_owned();
    let single = match chooser.rows.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    let choices = single.map_or(&[][..], |row| likely::choices(model, row));
    let percent = |id| choices.iter().find(|c| Some(c.category_id) == id).map(|c| c.confidence);
    let merging = chooser.merging;
    let offered = |c: &&CategorySummary| !c.category.hidden && Some(c.category.id) != merging;
    let known = model.categories().iter().filter(offered);
    let named = known.map(|c| (Some(c.category.id), c.category.name.as_str()));
    let mut found: Vec<((usize, usize), Entry)> = named
        .chain(merging.is_none().then_some((None, NONE)))
        .filter_map(|(category, name)| {
            let rank = rank(name, &typed)?;
            let likely = percent(category);
            let place = choices.iter().position(|c| Some(c.category_id) == category);
            let entry = Entry {
                category,
                name: name.to_owned(),
                likely,
                present: single.is_some_and(|row| row.category_id == category),
            };
            Some(((rank, place.unwrap_or(choices.len())), entry))
        })
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, entry)| entry).collect()
}

/// How well a name answers to what was typed: at its start, at the start of a word, anywhere, letter by letter.
fn rank(name: &str, typed: &str) -> Option<usize> {
    let name = fold(name);
    if typed.is_empty() || name.starts_with(typed) {
        return Some(0);
    }
    if name.split(' ').any(|word| word.starts_with(typed)) {
        return Some(1);
    }
    if name.contains(typed) {
        return Some(2);
    }
    let mut letters = name.chars();
    typed
        .chars()
        .all(|wanted| letters.any(|letter| letter == wanted))
        .then_some(3)
}

/// Lets `edit` change what is typed.
pub(super) fn on_typed(model: &mut Model, edit: impl FnOnce(&mut Input) -> bool) -> Vec<Effect> {
    if let Some(chooser) = model.chooser.as_deref_mut()
        && edit(&mut chooser.find)
    {
        chooser.at = 0;
    }
    Vec::new()
}

pub(super) fn on_action(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(chooser) = model.chooser.as_deref() else {
        return Vec::new();
    };
    let last = entries(model, chooser).len().saturating_sub(1);
    let at = chooser.at.min(last);
    let to = match action {
        Action::Submit => return take(model),
        Action::Cancel => {
            model.chooser = None;
            return Vec::new();
        }
        Action::Down if at == last => 0,
        Action::Down => at + 1,
        Action::Up if at == 0 => last,
        Action::Up => at - 1,
        _ => at,
    };
    if let Some(chooser) = model.chooser.as_deref_mut() {
        chooser.at = to;
    }
    Vec::new()
}

fn take(model: &mut Model) -> Vec<Effect> {
    let Some(chooser) = model.chooser.take() else {
        return Vec::new();
    };
    let entries = entries(model, &chooser);
    if let Some(entry) = entries.get(chooser.at.min(entries.len().saturating_sub(1))) {
        return match (chooser.merging, entry.category) {
            (Some(from), Some(into)) => budgets::ask_merge(model, from, into),
            _ => place(model, chooser.rows, entry.category),
        };
    }
    let why = format!("No category is called \"{}\".", chooser.find.value().trim());
    model.chooser = Some(chooser);
    refuse(model, why)
}

/// Puts expenses into a category; none takes them out of theirs.
pub(super) fn place(model: &mut Model, rows: Vec<Expense>, to: Option<Uuid>) -> Vec<Effect> {
    let rule = review::take_rule_wish(model, &rows, to);
    let settled = |row: &Expense| row.category_id == to && (to.is_none() || row.category_source == CategorySource::You);
    let (there, rows): (Vec<Expense>, Vec<Expense>) = rows.into_iter().partition(settled);
    if rows.is_empty() {
        let ids: Vec<Uuid> = there.iter().map(|row| row.id).collect();
        review::decided(model, &ids);
        let mut effects = rule.map_or_else(Vec::new, |wish| always::make(model, wish, None));
        let name = model.category_name(to).unwrap_or(NONE).to_owned();
        effects.extend(refuse(model, format!("Nothing to change: it is {name} already.")));
        return effects;
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let places = rows.iter().map(|row| Place {
        id: row.id,
        category_id: to,
        placed_by: None,
        base_revision: Some(row.revision),
    });
    let request = Call::Bulk(Bulk::Place {
        places: places.collect(),
    });
    review::decided(model, &ids);
    let (id, effect) = changes::send_numbered(model, Change::Place { before: rows, to }, request);
    let rule = rule.map_or_else(Vec::new, |wish| always::make(model, wish, Some(id)));
    rule.into_iter().chain([effect]).collect()
}

#[cfg(test)]
mod tests {
    use super::rank;
    use rstest::rstest;

    #[rstest]
    #[case("Dining", "", Some(0))]
    #[case("Dining", "din", Some(0))]
    #[case("Fees & Taxes", "tax", Some(1))]
    #[case("Dining", "nin", Some(2))]
    #[case("Groceries", "gcs", Some(3))]
    #[case("Café", "cafe", Some(0))]
    #[case("Dining", "dx", None)]
    fn names_are_found_from_a_few_letters(#[case] name: &str, #[case] typed: &str, #[case] expected: Option<usize>) {
        assert_eq!(rank(name, typed), expected);
    }
}
