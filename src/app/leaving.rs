//! Deleted rows: each stays in its place for some seconds, so that it can be brought back where it was seen.

use uuid::Uuid;

use super::changes::Change;
use super::effect::{Effect, Undo};
use super::expenses;
use super::model::Model;
use super::msg::Timer;
use super::sync::SECOND;
use crate::api::Expense;

/// How long a deleted row stays.
const SECONDS: u8 = 8;
/// How many of the rows above it a deleted row remembers, to find its place when some of them go too.
const NEIGHBOURS: usize = 32;

/// A deleted expense whose row is still shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Leaving {
    pub expense: Expense,
    /// The month's rows above it, the nearest first.
    above: Vec<Uuid>,
    /// The row above it in the list of expenses, which may show other months in another order.
    pub listed_below: Option<Uuid>,
    /// Seconds until the row leaves.
    seconds: u8,
}

/// The server deleted an expense: its row begins to leave.
pub(super) fn begin(model: &mut Model, expense: Expense) -> Option<Effect> {
    let ticking = !model.leaving.is_empty();
    model.leaving.retain(|leaving| leaving.expense.id != expense.id);
    let place = model.data.expenses.iter().position(|row| row.id == expense.id);
    let above = model.data.expenses[..place.unwrap_or(0)].iter().rev();
    model.leaving.push(Leaving {
        above: above.take(NEIGHBOURS).map(|row| row.id).collect(),
        listed_below: expenses::above(model, expense.id),
        expense,
        seconds: SECONDS,
    });
    keep_in_place(model);
    expenses::keep_leaving(model);
    (!ticking).then(one_second)
}

/// A deleted expense is back: its row stays.
pub(super) fn stays(model: &mut Model, id: Uuid) {
    model.leaving.retain(|leaving| leaving.expense.id != id);
}

/// A second went by.
pub(super) fn tick(model: &mut Model) -> Vec<Effect> {
    for leaving in &mut model.leaving {
        leaving.seconds = leaving.seconds.saturating_sub(1);
    }
    let gone = model.leaving.extract_if(.., |leaving| leaving.seconds == 0);
    let gone: Vec<Uuid> = gone.map(|leaving| leaving.expense.id).collect();
    remove(model, &gone);
    if model.leaving.is_empty() {
        Vec::new()
    } else {
        vec![one_second()]
    }
}

/// All deleted rows leave now.
pub(super) fn end(model: &mut Model) -> Effect {
    let gone: Vec<Uuid> = model.leaving.drain(..).map(|leaving| leaving.expense.id).collect();
    remove(model, &gone);
    Effect::Stop(Timer::Leaving)
}

fn remove(model: &mut Model, gone: &[Uuid]) {
    if !gone.is_empty() {
        expenses::remove(model, gone);
    }
}

/// Rows arrived that do not know the deleted ones any more: these go back to their places.
pub(super) fn keep_in_place(model: &mut Model) {
    let (calendar, month) = (model.calendar(), model.shown_month());
    let complete = model.data.next.is_none();
    for leaving in &model.leaving {
        let rows = &mut model.data.expenses;
        let known = rows.iter().any(|row| row.id == leaving.expense.id);
        if calendar.contains(month, leaving.expense.day)
            && !known
            && let Some(at) = leaving.place(rows, complete)
        {
            rows.insert(at, leaving.expense.clone());
        }
    }
}

impl Leaving {
    /// Where among `rows` it belongs: below what it stood below. On a page that is not yet here it has no place.
    fn place(&self, rows: &[Expense], complete: bool) -> Option<usize> {
        let found = |id: &Uuid| rows.iter().position(|row| row.id == *id);
        let (at, sure) = match self.above.first().and_then(found) {
            Some(at) => (at + 1, true),
            None => match self.above.iter().find_map(found) {
                Some(at) => (at + 1, false),
                None => (rows.partition_point(|row| row.day > self.expense.day), false),
            },
        };
        (sure || complete || at < rows.len()).then_some(at)
    }
}

/// How a row that is being deleted stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Leave {
    /// Seconds until the row leaves; none while the server has not answered.
    pub seconds: Option<u8>,
    /// Whether undo would bring back this very row.
    pub undo: bool,
}

/// Whether an expense is deleted, or about to be.
pub(super) fn of(model: &Model, id: Uuid) -> Option<Leave> {
    let under_way = |change: &Change| match change {
        Change::Delete(expense) | Change::Again(Undo::Deleted(expense)) => expense.id == id,
        Change::DeleteMany(rows) | Change::Again(Undo::DeletedMany(rows)) => rows.iter().any(|row| row.id == id),
        _ => false,
    };
    if model.changes.iter().any(|(_, change)| under_way(change)) {
        return Some(Leave {
            seconds: None,
            undo: false,
        });
    }
    let leaving = model.leaving.iter().find(|leaving| leaving.expense.id == id)?;
    Some(Leave {
        seconds: Some(leaving.seconds),
        undo: matches!(model.history.last(), Some(Undo::Deleted(last)) if last.id == id),
    })
}

fn one_second() -> Effect {
    Effect::Wait {
        timer: Timer::Leaving,
        after: SECOND,
        jitter: false,
    }
}
