//! Changes of data: each is sent once, told about, and can be taken back.

use uuid::Uuid;

use super::effect::{Call, Effect, Slot, Undo};
use super::model::{Model, Offer, Tone};
use super::msg::Stamp;
use super::update::{offer, refuse, say, unsupported};
use super::{add_expense, expenses, review, session, sync};
use crate::api::{Bulk, Dialect, ErrorCode, Expense, ExpensePatch, Failure, NewExpense, Place, SetBudget};
use crate::domain::expense::CategorySource;
use crate::domain::{Money, Month};

/// How many changes can be taken back.
const UNDO_DEPTH: usize = 50;

/// A change under way.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Change {
    /// From the form; whether another one follows.
    Add(NewExpense),
    /// From the form.
    Edit {
        before: Expense,
    },
    Delete(Expense),
    /// Many in one step.
    DeleteMany(Vec<Expense>),
    /// Expenses put into a category, or out of theirs.
    Place {
        before: Vec<Expense>,
        to: Option<Uuid>,
    },
    Limit {
        month: Month,
        category_id: Uuid,
        category: String,
        before: Option<i64>,
        after: Option<i64>,
    },
    /// The alerts that this marked as read.
    Read(Vec<Uuid>),
    /// A change being taken back.
    Undo(Undo),
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

/// Sets or clears a limit.
pub(super) fn set_limit(model: &mut Model, category_id: Uuid, after: Option<i64>) -> Vec<Effect> {
    let month = model.shown_month();
    let Some(row) = model.categories().iter().find(|c| c.category.id == category_id) else {
        return Vec::new();
    };
    let (category, before) = (row.category.name.clone(), row.limit_minor);
    if before == after {
        return Vec::new();
    }
    let request = limit_call(month, category_id, after);
    send(
        model,
        Change::Limit {
            month,
            category_id,
            category,
            before,
            after,
        },
        request,
    )
}

fn limit_call(month: Month, category_id: Uuid, limit: Option<i64>) -> Call {
    match limit {
        Some(limit_minor) => Call::SetBudget(
            month,
            category_id,
            SetBudget {
                limit_minor,
                base_revision: None,
            },
        ),
        None => Call::ClearBudget(month, category_id),
    }
}

/// `u`: takes the last change back.
pub(super) fn undo(model: &mut Model) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "taking a change back");
    }
    // Until it is answered, the last change cannot be taken back, and nobody means the one before it.
    let under_way = |change: &Change| !matches!(change, Change::Read(_) | Change::Undo(_));
    if model.changes.iter().any(|(_, change)| under_way(change)) {
        return refuse(model, "The last change is still on its way. Press u again in a moment.");
    }
    let Some(last) = model.undo.pop() else {
        return refuse(model, "Nothing to undo.");
    };
    let request = match &last {
        Undo::Added(expense) => Call::Delete(expense.id),
        Undo::Deleted(expense) => Call::Restore(expense.id),
        Undo::DeletedMany(rows) => Call::Bulk(Bulk::Restore { ids: ids(rows) }),
        Undo::Placed { before, .. } => Call::Bulk(Bulk::Place {
            places: before
                .iter()
                .map(|row| Place {
                    id: row.id,
                    category_id: row.category_id,
                })
                .collect(),
        }),
        Undo::Edited { before, moved } => Call::Edit(before.id, back_to(before, *moved)),
        Undo::Limit {
            month,
            category_id,
            before,
            ..
        } => limit_call(*month, *category_id, *before),
    };
    send(model, Change::Undo(last), request)
}

fn ids(rows: &[Expense]) -> Vec<Uuid> {
    rows.iter().map(|row| row.id).collect()
}

/// Writes the old fields; the category only when the edit changed it, or it would count as chosen by the user.
fn back_to(expense: &Expense, moved: bool) -> ExpensePatch {
    ExpensePatch {
        day: Some(expense.day),
        description: Some(expense.description.clone()),
        amount_minor: Some(expense.amount_minor),
        category_id: moved.then_some(expense.category_id),
        base_revision: None,
    }
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

fn done(model: &mut Model, id: u64, change: Change, stored: Option<Expense>, stamp: Stamp) -> Vec<Effect> {
    let mut effects = sync::refresh(model);
    if let Some((text, what)) = take_in(model, id, change, stored, stamp) {
        let said = say(model, Tone::Good, text);
        effects.push(offer(model, what, said));
    }
    effects
}

/// Remembers how to take a change back; what to say about it, if anything.
fn take_in(
    model: &mut Model,
    id: u64,
    change: Change,
    stored: Option<Expense>,
    stamp: Stamp,
) -> Option<(String, Offer)> {
    let undo = if model.dialect == Dialect::V1 {
        Offer::Undo
    } else {
        Offer::Nothing
    };
    match (change, stored) {
        (Change::Add(_), Some(expense)) => {
            let text = added_text(model, &expense);
            remember(model, Undo::Added(expense));
            add_expense::saved(model, id, stamp);
            Some((text, undo))
        }
        (Change::Edit { before }, Some(expense)) => {
            let moved = expense.category_id != before.category_id;
            remember(model, Undo::Edited { before, moved });
            add_expense::saved(model, id, stamp);
            Some((format!("Saved {}", expense.description), undo))
        }
        (Change::Delete(expense), _) => {
            let amount = Money::new(expense.amount_minor, model.currency());
            let text = format!("Deleted {} {amount}", expense.description);
            expenses::remove(model, &[expense.id]);
            remember(model, Undo::Deleted(expense));
            Some((text, undo))
        }
        (Change::DeleteMany(rows), _) => {
            let sum = rows.iter().fold(0_i64, |sum, row| sum.saturating_add(row.amount_minor));
            let text = format!("Deleted {} expenses, {}", rows.len(), Money::new(sum, model.currency()));
            expenses::remove(model, &ids(&rows));
            remember(model, Undo::DeletedMany(rows));
            Some((text, undo))
        }
        (Change::Place { before, to }, _) => {
            expenses::change(model, &ids(&before), |row| place(row, to));
            let text = placed_text(model, &before, to);
            remember(model, Undo::Placed { before, to });
            Some((text, undo))
        }
        (
            Change::Limit {
                month,
                category_id,
                category,
                before,
                after,
            },
            _,
        ) => {
            let limit = after.map_or("no limit".to_owned(), |minor| {
                format!("limit {}", Money::new(minor, model.currency()).short_symbol())
            });
            let text = format!("{category}: {limit} from {} on", month.long_name());
            remember(
                model,
                Undo::Limit {
                    month,
                    category_id,
                    category,
                    before,
                },
            );
            Some((text, undo))
        }
        (Change::Undo(undone), stored) => {
            if let Undo::Placed { before, .. } = &undone {
                review::undecided(model, before);
            }
            Some((undone_text(&undone, stored.as_ref()), Offer::Nothing))
        }
        (Change::Read(_) | Change::Add(_) | Change::Edit { .. }, _) => None,
    }
}

fn added_text(model: &Model, expense: &Expense) -> String {
    let amount = Money::new(expense.amount_minor, model.currency());
    let place = match model.category_name(expense.category_id) {
        Some(name) if expense.category_source == CategorySource::You => format!("to {name}"),
        Some(name) => format!("to {name} ({}% sure)", expense.confidence),
        None => "without a category; e on it in 2 Expenses chooses one".to_owned(),
    };
    let other_month = !model.shown_month().contains(expense.day);
    let when = if other_month {
        expense.day.strftime(" on %-d %b %Y").to_string()
    } else {
        String::new()
    };
    format!("Added {} {amount}{when} {place}", expense.description)
}

/// As the server places an expense that the user chose a category for.
fn place(row: &mut Expense, to: Option<Uuid>) {
    row.category_id = to;
    (row.category_source, row.confidence) = match to {
        Some(_) => (CategorySource::You, 100),
        None => (CategorySource::None, 0),
    };
}

fn placed_text(model: &Model, rows: &[Expense], to: Option<Uuid>) -> String {
    let place = model
        .category_name(to)
        .map_or("in no category".to_owned(), |name| format!("in {name}"));
    match rows {
        [one] => format!("{} is {place} now", one.description),
        many => format!("{} expenses are {place} now", many.len()),
    }
}

fn undone_text(undone: &Undo, stored: Option<&Expense>) -> String {
    match undone {
        Undo::Added(expense) => format!("Took back: added {}", expense.description),
        Undo::Deleted(expense) => format!("{} is back", expense.description),
        Undo::DeletedMany(rows) => format!("{} expenses are back", rows.len()),
        Undo::Placed { before, .. } => match before.as_slice() {
            [one] => format!("{} is where it was", one.description),
            many => format!("{} expenses are where they were", many.len()),
        },
        Undo::Edited { before, .. } if stored.is_some_and(|now| now.category_id != before.category_id) => {
            format!("{} is as it was, but stays in its category", before.description)
        }
        Undo::Edited { before, .. } => format!("{} is as it was", before.description),
        Undo::Limit { category, .. } => format!("{category}: limit as it was"),
    }
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
                base_revision: None,
            };
            let id_of_expense = new.id;
            let (next, effect) = send_numbered(model, Change::Add(new), Call::Edit(id_of_expense, patch));
            add_expense::renumber(model, id, next);
            vec![effect]
        }
        Change::Add(_) | Change::Edit { .. } if add_expense::refused(model, id, failure) => Vec::new(),
        other => {
            let what = match &other {
                Change::Delete(expense) => format!("{} is not deleted. ", expense.description),
                Change::DeleteMany(_) => "Nothing is deleted. ".to_owned(),
                Change::Place { .. } => "Nothing is changed. ".to_owned(),
                Change::Limit { category, .. } => format!("{category}: the limit is not saved. "),
                _ => String::new(),
            };
            put_back(model, other);
            vec![say(model, Tone::Bad, format!("{what}{failure}"))]
        }
    }
}

/// What failed can be tried again.
fn put_back(model: &mut Model, change: Change) {
    match change {
        Change::Undo(undo) => model.undo.push(undo),
        Change::Read(ids) => set_read(model, &ids, false),
        Change::Place { before, .. } => review::undecided(model, &before),
        Change::DeleteMany(_) | Change::Add(_) | Change::Edit { .. } | Change::Delete(_) | Change::Limit { .. } => {}
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

fn remember(model: &mut Model, undo: Undo) {
    if model.undo.len() == UNDO_DEPTH {
        model.undo.remove(0);
    }
    model.undo.push(undo);
}
