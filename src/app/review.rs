//! The review: one expense after the other that is in no category, or in one that nobody is sure of.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::add_expense::Guess;
use super::changes::Change;
use super::effect::{Call, Effect, Slot};
use super::footer::key_name;
use super::history::{self, Way};
use super::keymap::Action;
use super::model::Model;
use super::toast::Tone;
use super::update::{call, refuse, say, unsupported};
use super::{always, chooser, likely, session, sync};
use crate::api::{Dialect, Expense, ExpensePage, ExpenseQuery, Failure};

mod view;
pub(super) use view::view;

/// Expenses that are fetched at a time.
const PAGE: u32 = 100;

/// The open review.
#[derive(Clone, Debug, Default)]
pub(super) struct Review {
    /// What waits, newest day first.
    rows: Vec<Expense>,
    /// Where the next page begins.
    next: Option<String>,
    /// How many waited in all when that was asked.
    waiting: i64,
    /// The revision at which it was asked; none before the first answer.
    revision: Option<i64>,
    /// The one in front.
    current: Option<Uuid>,
    /// Those that have been put into a category, until the server no longer names them.
    decided: HashSet<Uuid>,
    skipped: HashSet<Uuid>,
    /// The one whose category shall hold for its merchant from now on.
    always: Option<Uuid>,
    /// Taken back by undo: they wait again, whatever the server thinks of them.
    back: HashMap<Uuid, Expense>,
    /// How many were decided since it was opened.
    done: usize,
    asked: Option<Asked>,
    failed: bool,
}

/// A call under way.
#[derive(Clone, Debug)]
struct Asked {
    id: u64,
    revision: i64,
    /// Whether it asks for the page after the rows.
    further: bool,
    /// Decisions that were stored before: the answer knows of them.
    stored: Vec<Uuid>,
}

impl Review {
    /// What still waits, the one in front not necessarily first.
    fn queue(&self) -> impl Iterator<Item = &Expense> {
        self.rows
            .iter()
            .filter(|row| !self.decided.contains(&row.id) && !self.skipped.contains(&row.id))
    }

    /// How many still wait, the one in front included.
    fn left(&self) -> usize {
        let waiting = usize::try_from(self.waiting).unwrap_or(0);
        let gone = self.decided.len() + self.skipped.len();
        waiting.saturating_sub(gone).max(self.queue().count())
    }

    /// Puts another one in front when the present one is dealt with.
    fn settle(&mut self) {
        let here = self.queue().find(|row| Some(row.id) == self.current);
        self.current = here.or_else(|| self.queue().next()).map(|row| row.id);
    }
}

/// `r`: begins a review.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "listing expenses");
    }
    model.review = Some(Box::default());
    Vec::new()
}

/// Whether something waits for a review.
pub(super) fn is_worth_it(model: &Model) -> bool {
    let waiting = model.data.summary.as_ref().map_or(0, |summary| summary.to_review);
    waiting > 0 && model.dialect == Dialect::V1
}

/// The expense in front.
pub(super) fn current(model: &Model) -> Option<&Expense> {
    let review = model.review.as_deref()?;
    review.rows.iter().find(|row| Some(row.id) == review.current)
}

/// How many likely categories can be taken for the expense in front.
pub(super) fn offers(model: &Model) -> usize {
    current(model).map_or(0, |row| likely::choices(model, row).len())
}

/// Whether a rule can be made of the choice for the expense in front.
pub(super) fn offers_rule(model: &Model) -> bool {
    current(model).is_some_and(|row| always::merchant(model, row).is_some())
}

/// Asks for what waits, when that is not known or may have changed.
pub(super) fn keep_up(model: &mut Model) -> Vec<Effect> {
    let Some((_, revision)) = model.data.lists else {
        return Vec::new();
    };
    let in_flight = in_flight(model);
    let Some(review) = model.review.as_deref_mut() else {
        return Vec::new();
    };
    review.settle();
    let outdated = review.revision != Some(revision);
    let further = !outdated && review.current.is_none() && review.next.is_some();
    let under_way = review
        .asked
        .as_ref()
        .is_some_and(|asked| asked.revision == revision && asked.further == further);
    if !(outdated || further) || under_way || review.failed {
        return Vec::new();
    }
    let stored = review.decided.iter().copied().filter(|id| !in_flight.contains(id));
    let mut asked = Asked {
        id: 0,
        revision,
        further,
        stored: stored.collect(),
    };
    let query = ExpenseQuery {
        review: Some(true),
        limit: Some(PAGE),
        cursor: review.next.clone().filter(|_| further),
        ..ExpenseQuery::default()
    };
    let (id, effect) = call(model, Slot::Review, Call::Find(Box::new(query)));
    asked.id = id;
    if let Some(review) = model.review.as_deref_mut() {
        review.asked = Some(asked);
    }
    vec![effect]
}

/// Expenses whose new category is on its way.
fn in_flight(model: &Model) -> HashSet<Uuid> {
    let places = model.changes.iter().filter_map(|(_, change)| match change {
        Change::Place { before, .. } => Some(before),
        _ => None,
    });
    places.flatten().map(|row| row.id).collect()
}

/// The numbers arrived: what failed before may work now.
pub(super) fn try_again(model: &mut Model) {
    if let Some(review) = model.review.as_deref_mut() {
        review.failed = false;
    }
}

/// Whether the answer to call `id` is for the review.
pub(super) fn is_mine(model: &Model, id: u64) -> bool {
    let review = model.review.as_deref();
    review.is_some_and(|review| review.asked.as_ref().is_some_and(|asked| asked.id == id))
}

/// The answer to a call.
pub(super) fn found(model: &mut Model, result: Result<ExpensePage, Failure>) -> Vec<Effect> {
    let Some(review) = model.review.as_deref_mut() else {
        return Vec::new();
    };
    let Some(asked) = review.asked.take() else {
        return Vec::new();
    };
    match result {
        Ok(page) => {
            take(review, &asked, page);
            Vec::new()
        }
        Err(Failure::SignedOut) => session::expired(model),
        Err(failure) => {
            review.failed = true;
            vec![say(model, Tone::Bad, failure.to_string())]
        }
    }
}

fn take(review: &mut Review, asked: &Asked, page: ExpensePage) {
    for id in &asked.stored {
        review.decided.remove(id);
    }
    if !asked.further {
        review.waiting = page.found.map_or(0, |found| found.count);
        review.revision = Some(asked.revision);
        review.rows = review.back.values().cloned().collect();
    }
    let known: HashSet<Uuid> = review.rows.iter().map(|row| row.id).collect();
    // A page without rows ends the queue, whatever the server says: it would be asked for ever.
    review.next = page.next.filter(|_| !page.expenses.is_empty());
    // What is dealt with need not be kept.
    let dealt_with = |id: &Uuid| review.decided.contains(id) || review.skipped.contains(id);
    let rows = page.expenses.into_iter();
    let rows: Vec<Expense> = rows
        .filter(|row| !known.contains(&row.id) && !dealt_with(&row.id))
        .collect();
    review.rows.extend(rows);
    review.settle();
}

pub(super) fn on_action(model: &mut Model, action: Action) -> Vec<Effect> {
    let row = current(model).cloned();
    match (action, row) {
        (Action::Cancel, _) => {
            model.review = None;
            model.toast = None;
            Vec::new()
        }
        (Action::Undo, _) => history::go(model, Way::Back),
        (Action::Retry, _) => sync::retry_now(model),
        (Action::Review, _) => look_again(model),
        (_, None) => refuse(model, "Nothing waits here. Esc closes the review."),
        (Action::TakeFirst, Some(row)) => choose(model, row, 0),
        (Action::TakeSecond, Some(row)) => choose(model, row, 1),
        (Action::TakeThird, Some(row)) => choose(model, row, 2),
        (Action::Always, Some(row)) => toggle_always(model, &row),
        (Action::Categorise, Some(row)) => {
            chooser::open(model, vec![row]);
            Vec::new()
        }
        (Action::Skip, Some(row)) => {
            if let Some(review) = model.review.as_deref_mut() {
                review.skipped.insert(row.id);
                review.back.remove(&row.id);
            }
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// `r`: the skipped ones wait again.
fn look_again(model: &mut Model) -> Vec<Effect> {
    match model.review.as_deref_mut() {
        Some(review) if !review.skipped.is_empty() => {
            review.skipped.clear();
            review.revision = None;
            Vec::new()
        }
        _ => refuse(model, "Nothing was skipped."),
    }
}

/// Whether the category of the one in front shall hold for its merchant.
fn toggle_always(model: &mut Model, row: &Expense) -> Vec<Effect> {
    if always::merchant(model, row).is_none() {
        return refuse(
            model,
            "Nothing is known of its merchant yet, so there is no rule to make.",
        );
    }
    if let Some(review) = model.review.as_deref_mut() {
        review.always = Some(row.id).filter(|id| review.always != Some(*id));
    }
    Vec::new()
}

/// The category `to` was chosen for `rows`: the rule that shall follow from it, if one shall. It is wished for once.
pub(super) fn take_rule_wish(model: &mut Model, rows: &[Expense], to: Option<Uuid>) -> Option<always::Wish> {
    let ticked = model.review.as_deref().and_then(|review| review.always);
    let row = rows.iter().find(|row| Some(row.id) == ticked)?;
    let wish = always::Wish {
        expense: row.id,
        merchant: always::merchant(model, row)?.to_owned(),
        category_id: to?,
    };
    if let Some(review) = model.review.as_deref_mut() {
        review.always = None;
    }
    Some(wish)
}

/// Takes one of the likely categories.
fn choose(model: &mut Model, row: Expense, at: usize) -> Vec<Effect> {
    if let Some(choice) = likely::choices(model, &row).get(at) {
        let category = choice.category_id;
        return chooser::place(model, vec![row], Some(category));
    }
    let (other, skip) = (key_name(model, Action::Categorise), key_name(model, Action::Skip));
    let why = match likely::guess(model, &row) {
        Guess::Waiting | Guess::None => format!("The server is still thinking about it. {other} chooses by hand."),
        Guess::Known(_) => format!("There is no such choice. {other} chooses another category, {skip} skips."),
        Guess::Failed(_) => format!("The server could not tell. {other} chooses by hand, {skip} skips."),
    };
    refuse(model, why)
}

/// These have been put into a category, or are on their way there.
pub(super) fn decided(model: &mut Model, ids: &[Uuid]) {
    let Some(review) = model.review.as_deref_mut() else {
        return;
    };
    for id in ids {
        if review.rows.iter().any(|row| row.id == *id) && review.decided.insert(*id) {
            review.done += 1;
        }
        review.back.remove(id);
    }
}

/// Their change failed or was taken back: they wait again, the first of them in front.
pub(super) fn undecided(model: &mut Model, rows: &[Expense]) {
    let Some(review) = model.review.as_deref_mut() else {
        return;
    };
    for row in rows {
        if review.decided.remove(&row.id) || !review.rows.iter().any(|r| r.id == row.id) {
            review.done = review.done.saturating_sub(1);
        }
        review.skipped.remove(&row.id);
        review.back.insert(row.id, row.clone());
        if !review.rows.iter().any(|r| r.id == row.id) {
            review.rows.insert(0, row.clone());
        }
    }
    review.current = rows.first().map(|row| row.id).or(review.current);
}
