//! Moving the cursor, also to rows that are not in memory yet.

use uuid::Uuid;

use super::{Expenses, is_filtered, view};
use crate::app::effect::Effect;
use crate::app::filter;
use crate::app::keymap::Action;
use crate::app::list::List;
use crate::app::model::Model;
use crate::app::toast::Tone;
use crate::app::update::{refuse, say};

/// What the cursor is on its way to: pages are fetched until it is there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Seek {
    /// An expense further down.
    Row(Uuid),
    /// The last row of all.
    End,
    /// The next row that the last filter lets through.
    NextMatch,
    /// The one before.
    PreviousMatch,
}

impl Seek {
    /// Whether it is searched for towards the end.
    pub(super) fn is_forward(&self) -> bool {
        *self != Self::PreviousMatch
    }
}

/// Moves the cursor, if `action` is a movement.
pub(super) fn go(model: &mut Model, action: Action) {
    let (ids, height) = (super::ids(model), view::list_height(model));
    let expenses = &mut model.expenses;
    expenses.seek = None;
    expenses.list.go(action, &ids, height);
    match action {
        Action::First if expenses.rows.previous().is_some() => restart(expenses),
        Action::Last if expenses.rows.next().is_some() => expenses.seek = Some(Seek::End),
        _ => {}
    }
}

/// Back to the first page.
fn restart(expenses: &mut Expenses) {
    expenses.list = List::default();
    expenses.answered = None;
}

/// `n` and `N`: with a filter every row matches; without one the last filter still finds its rows.
pub(super) fn next_match(model: &mut Model, forward: bool) -> Vec<Effect> {
    if is_filtered(model) {
        go(model, if forward { Action::Down } else { Action::Up });
        return Vec::new();
    }
    if model.expenses.last.is_empty() {
        return refuse(model, "Nothing was searched for yet. / filters as you type.");
    }
    model.expenses.seek = Some(if forward { Seek::NextMatch } else { Seek::PreviousMatch });
    Vec::new()
}

/// Goes on with what was begun, as far as the rows in memory reach.
pub(super) fn pursue(model: &mut Model) -> Option<Effect> {
    let seek = model.expenses.seek.clone()?;
    let rows = &model.expenses.rows;
    let target = match seek {
        Seek::Row(id) => rows.position(id).map(|_| id),
        Seek::End => rows.iter().last().map(|row| row.id),
        Seek::NextMatch | Seek::PreviousMatch => matching(model, seek.is_forward()),
    };
    let end = if seek.is_forward() {
        rows.next()
    } else {
        rows.previous().map(|_| "")
    }
    .is_none();
    // The cursor goes along with the pages, so that those behind it can be dropped.
    let along = if seek.is_forward() {
        rows.iter().last()
    } else {
        rows.iter().next()
    };
    let along = along.map(|row| row.id).filter(|_| !end);
    let expenses = &mut model.expenses;
    if expenses.answered.is_none() {
        // These rows only stand for those to come.
        expenses.list.id = target.or(expenses.list.id);
        return None;
    }
    expenses.list.id = target.or(along).or(expenses.list.id);
    let found = target.is_some() && (end || seek != Seek::End);
    if found || end {
        expenses.seek = None;
    }
    let searched = matches!(seek, Seek::NextMatch | Seek::PreviousMatch);
    (searched && end && !found).then(|| no_match(model, seek.is_forward()))
}

fn no_match(model: &mut Model, forward: bool) -> Effect {
    let word = if forward { "further" } else { "earlier" };
    let (last, month) = (&model.expenses.last, model.shown_month().long_name());
    let why = format!("No {word} \"{last}\" in {month}. / searches all months.");
    say(model, Tone::Warn, why)
}

/// The next row from the cursor on that the last filter lets through.
fn matching(model: &Model, forward: bool) -> Option<Uuid> {
    let filter = filter::parse(model, &model.expenses.last);
    let at = model.expenses.list.selected;
    let passes = |row: &&crate::api::Expense| filter::lets_through(model, &filter, row);
    let rows = &model.expenses.rows;
    let found = if forward {
        rows.iter().skip(at + 1).find(passes)
    } else {
        rows.iter().take(at).rev().find(passes)
    };
    found.map(|row| row.id)
}
