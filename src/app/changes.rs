//! Changes of data: each is sent once, told about, and can be taken back.

use uuid::Uuid;

use super::budgets::CategoryChange;
use super::effect::{Call, Effect, LimitChange, Slot, Undo};
use super::footer::key_name;
use super::history::{self, Way};
use super::keymap::Action;
use super::model::Model;
use super::msg::Stamp;
use super::reversible::Reversible;
use super::toast::{Offer, Tone};
use super::update::{offer, say};
use super::{add_expense, budgets, conflict, expenses, leaving, review, session, sync};
use crate::api::{Dialect, ErrorCode, Expense, ExpensePatch, Failure, NewExpense, Rule, SetBudget};
use crate::domain::expense::CategorySource;
use crate::domain::{Calendar, Money, Month};

/// Revisions of one's own that are remembered.
const OWN_KEPT: usize = 50;

/// A change under way.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Change {
    /// From the form; whether another one follows.
    Add(NewExpense),
    /// From the form.
    Edit {
        before: Expense,
        patch: ExpensePatch,
    },
    Delete(Expense),
    /// Many in one step.
    DeleteMany(Vec<Expense>),
    /// Expenses put into a category, or out of theirs.
    Place {
        before: Vec<Expense>,
        to: Option<Uuid>,
    },
    Limit(LimitChange),
    /// One category taken into another; the names of both.
    Merge {
        source: String,
        target: String,
    },
    /// Of a category, of money between limits, of quiet about alerts.
    Reversible(Reversible),
    /// Of the day on which the account's months begin.
    Calendar(Calendar),
    /// The alerts that this marked as read.
    Read(Vec<Uuid>),
    /// A change being taken back.
    Back(Undo),
    /// A change that was taken back, being done again.
    Again(Undo),
}

/// Sends a change.
pub(super) fn send(model: &mut Model, change: Change, request: Call) -> Vec<Effect> {
    vec![send_numbered(model, change, request).1]
}

/// Sends a change, and tells its number.
pub(super) fn send_numbered(model: &mut Model, change: Change, call: Call) -> (u64, Effect) {
    let id = model.next_request();
    model.changes.push((id, change));
    let slot = Slot::Change(id);
    (id, Effect::Call { id, slot, call })
}

/// The call that sets a limit to `limit`, or takes it away.
pub(super) fn limit_call(month: Month, category_id: Uuid, limit: Option<i64>, base_revision: Option<i64>) -> Call {
    match limit {
        Some(limit_minor) => {
            let body = SetBudget {
                limit_minor,
                base_revision,
            };
            Call::SetBudget(month, category_id, body)
        }
        None => Call::ClearBudget(month, category_id, base_revision),
    }
}

/// The limit of a category as it was set for the month shown, without what months before left over.
pub(super) fn limit_of(model: &Model, category_id: Uuid) -> Option<i64> {
    let row = model.categories().iter().find(|c| c.category.id == category_id)?;
    row.own_limit_minor()
}

/// A change was answered.
pub(super) fn finished(
    model: &mut Model,
    id: u64,
    result: Result<Option<Expense>, Failure>,
    stamp: Stamp,
) -> Vec<Effect> {
    let Some(at) = model.changes.iter().position(|(number, _)| *number == id) else {
        return Vec::new();
    };
    let (_, change) = model.changes.remove(at);
    match result {
        Ok(stored) => done(model, id, change, stored, stamp),
        Err(Failure::SignedOut) => {
            put_back(model, change);
            session::expired(model)
        }
        Err(failure) => refused(model, id, change, &failure),
    }
}

/// A rule was made, or was not.
pub(super) fn rule_made(model: &mut Model, id: u64, result: Result<Rule, Failure>, stamp: Stamp) -> Vec<Effect> {
    if let Ok(rule) = &result {
        let replaced = rule.replaced.map(|category| {
            let name = model.category_name(Some(category)).unwrap_or_default();
            (category, name.to_owned())
        });
        let change = model.changes.iter_mut().find(|(number, _)| *number == id);
        if let Some((_, Change::Reversible(Reversible::Rule(made)))) = change {
            made.replaced = replaced;
        }
    }
    finished(model, id, result.map(|_| None), stamp)
}

fn done(model: &mut Model, id: u64, change: Change, stored: Option<Expense>, stamp: Stamp) -> Vec<Effect> {
    if let Some(stored) = &stored {
        model.history.stored(stored);
        model.data.own.push(stored.revision);
        let old = model.data.own.len().saturating_sub(OWN_KEPT);
        model.data.own.drain(..old);
    }
    let mut effects = sync::refresh_after_change(model);
    effects.extend(take_in(model, id, change, stored, stamp));
    effects
}

/// Shows a change that was made, remembers how to take it back, and says so.
fn take_in(model: &mut Model, id: u64, change: Change, stored: Option<Expense>, stamp: Stamp) -> Vec<Effect> {
    match (change, stored) {
        (Change::Add(_), Some(expense)) => {
            let text = with_note(added_text(model, &expense), &expense);
            add_expense::saved(model, id, stamp);
            remember(model, id, Undo::Added(expense), text)
        }
        (Change::Edit { before, patch }, Some(after)) => {
            let text = with_note(format!("Saved {}", after.description), &after);
            add_expense::saved(model, id, stamp);
            let before = conflict::without(&after, &before, &patch);
            remember(model, id, Undo::Edited { before, after }, text)
        }
        (Change::Delete(expense), _) => {
            let amount = Money::new(expense.amount_minor, model.currency());
            let text = format!("Deleted {} {amount}", expense.description);
            let mut effects: Vec<Effect> = leaving::begin(model, expense.clone()).into_iter().collect();
            effects.extend(remember(model, id, Undo::Deleted(expense), text));
            effects
        }
        (Change::DeleteMany(rows), _) => {
            let sum = rows.iter().fold(0_i64, |sum, row| sum.saturating_add(row.amount_minor));
            let text = format!("Deleted {} expenses, {}", rows.len(), Money::new(sum, model.currency()));
            expenses::remove(model, &ids(&rows));
            remember(model, id, Undo::DeletedMany(rows), text)
        }
        (Change::Place { before, to }, _) => {
            place(model, &before, to);
            expenses::unmark(model, &ids(&before));
            let text = placed_text(model, &before, to);
            remember(model, id, Undo::Placed { before, to }, text)
        }
        (Change::Limit(change), _) => {
            let limit = change.after.map_or("no limit".to_owned(), |minor| {
                format!("limit {}", Money::new(minor, model.currency()).short_symbol())
            });
            let text = format!("{}: {limit} from {} on", change.category, change.month.long_name());
            budgets::settled(model, change.month, change.category_id, change.after);
            remember(model, id, Undo::Limit(change), text)
        }
        (Change::Reversible(change), _) => {
            let text = sentence(&change.words(model.currency(), model.locale()));
            change.apply(model);
            remember(model, id, Undo::Reversible(change), text)
        }
        (Change::Merge { source, target }, _) => {
            vec![say(model, Tone::Good, format!("Merged {source} into {target}"))]
        }
        (Change::Calendar(calendar), _) => {
            let text = format!("{} now, as month_start says.", calendar.words());
            vec![say(model, Tone::Good, text)]
        }
        (Change::Back(undo), stored) => history::went(model, undo, Way::Back, stored),
        (Change::Again(undo), stored) => history::went(model, undo, Way::Again, stored),
        (Change::Read(_) | Change::Add(_) | Change::Edit { .. }, _) => Vec::new(),
    }
}

/// With a capital letter at the start.
fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(chars).collect()
}

/// A change that can be taken back was made by request `id`.
fn remember(model: &mut Model, id: u64, undo: Undo, text: String) -> Vec<Effect> {
    let rule = model.history.did(id, undo);
    // The choice that a rule was made along with goes without saying.
    let text = rule.map_or(text, |rule| sentence(&rule.words()));
    let what = match model.dialect {
        Dialect::V1 => Offer::Undo,
        Dialect::Classic => Offer::Nothing,
    };
    let said = say(model, Tone::Good, text);
    vec![offer(model, what, said)]
}

pub(super) fn ids(rows: &[Expense]) -> Vec<Uuid> {
    rows.iter().map(|row| row.id).collect()
}

/// Shows expenses in a category as the server puts them there when the user chooses it.
pub(super) fn place(model: &mut Model, rows: &[Expense], to: Option<Uuid>) {
    let (source, confidence) = match to {
        Some(_) => (CategorySource::You, 100),
        None => (CategorySource::None, 0),
    };
    expenses::change(model, &ids(rows), |row| {
        row.category_id = to;
        row.category_source = source;
        row.confidence = confidence;
    });
}

fn placed_text(model: &Model, rows: &[Expense], to: Option<Uuid>) -> String {
    let place = match model.category_name(to) {
        Some(name) => format!("in {name}"),
        None => "in no category".to_owned(),
    };
    match rows {
        [one] => format!("{} is {place} now", one.description),
        many => format!("{} expenses are {place} now", many.len()),
    }
}

/// What came of asking a service for the category, behind what was done.
fn with_note(text: String, expense: &Expense) -> String {
    match &expense.note {
        Some(note) => format!("{text}. {}", note.message),
        None => text,
    }
}

fn added_text(model: &Model, expense: &Expense) -> String {
    let amount = Money::new(expense.amount_minor, model.currency());
    let place = match model.category_name(expense.category_id) {
        Some(name) if expense.category_source == CategorySource::You => format!("to {name}"),
        Some(name) if expense.category_source == CategorySource::Rule => format!("to {name}, by your rule"),
        // What came of asking a service follows, and says more.
        Some(name) if expense.note.is_some() => format!("to {name}"),
        Some(name) => format!("to {name} ({}% sure)", expense.confidence),
        None => {
            let (edit, list) = (
                key_name(model, Action::EditExpense),
                key_name(model, Action::ShowExpenses),
            );
            format!("without a category; {edit} on it in {list} Expenses chooses one")
        }
    };
    let other_month = !model.shows(expense.day);
    let when = if other_month {
        model.locale().day(expense.day, " on %-d %b %Y")
    } else {
        String::new()
    };
    format!("Added {} {amount}{when} {place}", expense.description)
}

fn refused(model: &mut Model, id: u64, change: Change, failure: &Failure) -> Vec<Effect> {
    let conflict = matches!(failure, Failure::Rejected(error) if error.code == ErrorCode::Conflict);
    match change {
        // An earlier try of this very expense arrived after all, and was edited since: bring it up to date.
        Change::Add(new) if conflict => {
            let patch = ExpensePatch {
                day: new.day,
                description: Some(new.description.clone()),
                amount_minor: Some(new.amount_minor),
                category_id: new.category_id.map(Some),
                ..ExpensePatch::default()
            };
            let id_of_expense = new.id;
            let (next, effect) = send_numbered(model, Change::Add(new), Call::Edit(id_of_expense, patch));
            add_expense::renumber(model, id, next);
            vec![effect]
        }
        Change::Reversible(Reversible::Category(CategoryChange::New(new))) if conflict => {
            budgets::name_taken(model, new, failure.to_string())
        }
        // A category's name is taken: nothing that one could keep of both.
        Change::Back(Undo::Reversible(_)) | Change::Again(Undo::Reversible(_)) if conflict => {
            give_up(model, change, failure)
        }
        Change::Back(undo) if conflict => {
            let choice = model.history.part(Way::Back, undo);
            conflict::ask(model, Change::Back(choice))
        }
        Change::Again(undo) if conflict => {
            let choice = model.history.part(Way::Again, undo);
            conflict::ask(model, Change::Again(choice))
        }
        Change::Edit { .. } | Change::Limit(_) if conflict => {
            add_expense::interrupted(model, id);
            conflict::ask(model, change)
        }
        Change::Add(_) | Change::Edit { .. } if add_expense::refused(model, id, failure) => Vec::new(),
        other => give_up(model, other, failure),
    }
}

/// Says that a change was not made, and why.
fn give_up(model: &mut Model, change: Change, failure: &Failure) -> Vec<Effect> {
    let what = match &change {
        Change::Delete(expense) => format!("{} is not deleted. ", expense.description),
        Change::DeleteMany(_) => "Nothing is deleted. ".to_owned(),
        Change::Place { .. } => "Nothing is changed. ".to_owned(),
        Change::Limit(change) => format!("{}: the limit is not saved. ", change.category),
        Change::Back(_) => "Not taken back. ".to_owned(),
        Change::Again(_) => "Not done again. ".to_owned(),
        Change::Calendar(_) => format!(
            "{} still: the server does not take month_start. ",
            model.calendar().words()
        ),
        _ => String::new(),
    };
    let words = format!("{what}{failure}");
    if let Change::Reversible(change) = &change {
        change.give_back(model, &words);
    }
    let gone = matches!(failure, Failure::Rejected(error) if error.code == ErrorCode::NotFound);
    match change {
        // What is gone for good would stand before older steps for ever; a rule made along with it stays a step.
        Change::Back(undo) if gone => drop(model.history.part(Way::Back, undo)),
        Change::Again(undo) if gone => drop(model.history.part(Way::Again, undo)),
        other => put_back(model, other),
    }
    vec![say(model, Tone::Bad, words)]
}

/// What failed can be tried again.
fn put_back(model: &mut Model, change: Change) {
    match change {
        Change::Back(undo) => model.history.put(Way::Back, undo),
        Change::Again(undo) => model.history.put(Way::Again, undo),
        Change::Read(ids) => set_read(model, &ids, false),
        Change::Place { before, .. } => review::undecided(model, &before),
        Change::DeleteMany(_)
        | Change::Add(_)
        | Change::Edit { .. }
        | Change::Delete(_)
        | Change::Limit(_)
        | Change::Merge { .. }
        | Change::Calendar(_)
        | Change::Reversible(_) => {}
    }
}

/// Alerts arrived that may not know yet what is being marked as read.
pub(super) fn read_again(model: &mut Model) {
    let changes = std::mem::take(&mut model.changes);
    for (_, change) in &changes {
        if let Change::Read(ids) = change {
            set_read(model, ids, true);
        }
    }
    model.changes = changes;
}

/// Shows alerts as read or unread.
pub(super) fn set_read(model: &mut Model, ids: &[Uuid], read: bool) {
    for alert in model.data.alerts.iter_mut().filter(|a| ids.contains(&a.id)) {
        alert.read = read;
    }
}
