//! What can be done with the row under the cursor, or with the marked ones.

use super::marks::MOST;
use super::{seek, selected};
use crate::api::{Bulk, Dialect, Expense};
use crate::app::changes::{self, Change};
use crate::app::confirm::{self, Confirm};
use crate::app::effect::{Call, Effect};
use crate::app::footer::key_name;
use crate::app::keymap::Action;
use crate::app::model::Model;
use crate::app::toast::Tone;
use crate::app::update::{refuse, say, unsupported};
use crate::app::{add_expense, chooser, leaving};
use crate::domain::Money;
use crate::domain::text::printable;

/// The marked expenses, or the one under the cursor.
fn meant(model: &Model) -> Vec<Expense> {
    if model.expenses.marks.is_empty() {
        selected(model).cloned().into_iter().collect()
    } else {
        model.expenses.marks.rows()
    }
}

pub(super) fn edit(model: &mut Model) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "editing an expense");
    }
    match selected(model).cloned() {
        Some(expense) if leaving::of(model, expense.id).is_some() => refuse(model, "This expense is deleted already."),
        Some(expense) => add_expense::open_edit(model, &expense),
        None => {
            let key = key_name(model, Action::Add);
            refuse(model, format!("There is no expense here to edit. {key} adds one."))
        }
    }
}

pub(super) fn delete(model: &mut Model) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "deleting an expense");
    }
    let mut rows = meant(model);
    let asked = rows.len();
    rows.retain(|row| leaving::of(model, row.id).is_none());
    match rows.as_slice() {
        [] if asked > 0 => refuse(model, "This expense is deleted already."),
        [] => refuse(model, "There is no expense here to delete."),
        [one] => {
            let request = Call::Delete(one.id);
            // The row stays a while; the next one is what one would delete next.
            seek::go(model, Action::Down);
            changes::send(model, Change::Delete(one.clone()), request)
        }
        _ => delete_many(model, rows),
    }
}

/// Asks once before many expenses are deleted in one step.
fn delete_many(model: &mut Model, rows: Vec<Expense>) -> Vec<Effect> {
    let sum = rows.iter().fold(0_i64, |sum, row| sum.saturating_add(row.amount_minor));
    let sum = Money::new(sum, model.currency());
    let ids = changes::ids(&rows);
    let confirm = Confirm {
        question: format!("Delete {} expenses, {sum} in all?", ids.len()),
        keep: "Keep",
        act: format!("Delete {}", ids.len()),
        change: Change::DeleteMany(rows),
        call: Call::Bulk(Bulk::Delete { ids }),
    };
    confirm::ask(model, confirm)
}

/// `c`: a category for what is meant.
pub(super) fn categorise(model: &mut Model) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "choosing the category");
    }
    let mut rows = meant(model);
    rows.retain(|row| leaving::of(model, row.id).is_none());
    if rows.is_empty() {
        return refuse(model, "There is no expense here to categorise.");
    }
    chooser::open(model, rows);
    Vec::new()
}

/// `y`: what is meant as text, one line each: day, description, category, amount.
pub(super) fn copy(model: &mut Model) -> Vec<Effect> {
    let rows = meant(model);
    let said = match rows.as_slice() {
        [] => return refuse(model, "There is no expense here to copy."),
        [one] => format!("Copied {}", one.description),
        many => format!("Copied {} expenses", many.len()),
    };
    let currency = model.currency();
    let line = |row: &Expense| {
        let category = model.category_name(row.category_id).unwrap_or_default();
        let amount = Money::new(row.amount_minor, currency).decimal();
        let (description, category) = (printable(&row.description), printable(category));
        format!("{}\t{description}\t{category}\t{amount}", row.day)
    };
    let text = rows.iter().map(line).collect::<Vec<_>>().join("\n");
    vec![Effect::Copy(text), say(model, Tone::Good, said)]
}

/// Space: marks the row or takes its mark away, and goes on to the next.
pub(super) fn mark(model: &mut Model) -> Vec<Effect> {
    let Some(row) = selected(model).cloned() else {
        return refuse(model, "There is no expense here to mark.");
    };
    if leaving::of(model, row.id).is_some() {
        return refuse(model, "This expense is deleted already.");
    }
    let marks = &mut model.expenses.marks;
    if marks.contains(row.id) {
        marks.remove(row.id);
    } else if !marks.add(&row) {
        return full(model);
    }
    seek::go(model, Action::Down);
    Vec::new()
}

fn full(model: &mut Model) -> Vec<Effect> {
    refuse(model, format!("At most {MOST} expenses can be changed at once."))
}

/// `v`: marks everything from the row marked last to the one under the cursor.
pub(super) fn mark_range(model: &mut Model) -> Vec<Effect> {
    let expenses = &mut model.expenses;
    let here = expenses.list.selected;
    let there = expenses.marks.last().and_then(|id| expenses.rows.position(id));
    let (first, last) = there.map_or((here, here), |there| (there.min(here), there.max(here)));
    let mut rows: Vec<Expense> = expenses
        .rows
        .iter()
        .skip(first)
        .take(last - first + 1)
        .cloned()
        .collect();
    rows.retain(|row| leaving::of(model, row.id).is_none());
    let expenses = &mut model.expenses;
    if rows.is_empty() {
        return refuse(model, "There is no expense here to mark.");
    }
    if rows.iter().all(|row| expenses.marks.add(row)) {
        Vec::new()
    } else {
        full(model)
    }
}

/// `*`: marks every row in memory; when all are marked, none.
pub(super) fn mark_all(model: &mut Model) -> Vec<Effect> {
    let stays = |row: &&Expense| leaving::of(model, row.id).is_none();
    let rows: Vec<Expense> = model.expenses.rows.iter().filter(stays).cloned().collect();
    let expenses = &mut model.expenses;
    if rows.is_empty() {
        return refuse(model, "There is no expense here to mark.");
    }
    if rows.iter().all(|row| expenses.marks.contains(row.id)) {
        for row in &rows {
            expenses.marks.remove(row.id);
        }
        return Vec::new();
    }
    if !rows.iter().all(|row| expenses.marks.add(row)) {
        return full(model);
    }
    if expenses.rows.next().is_none() && expenses.rows.previous().is_none() {
        return Vec::new();
    }
    let why = format!("Marked the {} rows that are loaded; G loads the others.", rows.len());
    vec![say(model, Tone::Warn, why)]
}
