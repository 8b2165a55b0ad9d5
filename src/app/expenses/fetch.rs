//! What the list asks of the server: whatever the rows in memory lack for what is on the screen.
//!
//! After each message [`keep_up`] compares what is wanted with what is here, and asks for one thing at most.
//! So nothing else has to think of asking: not the filter, not the scrolling, not the news of a change.

use std::time::Duration;

use super::seek::{self, Seek};
use super::window::{PAGE, Window};
use super::{Expenses, keep_leaving, view};
use crate::api::{Dialect, ExpenseOrder, ExpensePage, ExpenseQuery, Failure, MAX_PAGE};
use crate::app::effect::{Call, Effect, Slot};
use crate::app::model::{Model, Screen};
use crate::app::msg::Timer;
use crate::app::session;
use crate::app::toast::Tone;
use crate::app::update::{call, say};
use crate::domain::Month;

/// How long the typing, or the moving, must pause before the server is asked.
const PAUSE: Duration = Duration::from_millis(150);
/// The revision of rows that are to be asked for again.
const NEVER: i64 = -1;
/// Rows beyond the screen that are fetched before they are needed.
const AHEAD: usize = 150;

/// Which rows, in which order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Query {
    /// As it was typed; empty without one.
    filter: String,
    /// The month, when no filter stands: a filter searches all months.
    month: Option<Month>,
    order: ExpenseOrder,
}

/// A call under way.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Asked {
    id: u64,
    part: Part,
    query: Query,
    revision: i64,
}

/// A part of the list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    /// Its first page.
    First,
    /// The rows in memory, once more.
    Again,
    /// The page after them.
    Next,
    /// The page before them.
    Previous,
    /// Only what the filter finds in all.
    Count,
}

impl Query {
    fn wanted(model: &Model) -> Self {
        let filter = model.expenses.filter.value().trim().to_owned();
        let month = filter.is_empty().then(|| model.shown_month());
        Self {
            filter,
            month,
            order: model.expenses.order,
        }
    }

    /// Whether the first page of the answer is what arrives with the month's numbers anyway.
    fn is_month_page(&self) -> bool {
        self.month.is_some() && self.order == ExpenseOrder::Day
    }
}

/// The keys rest for a moment: ask.
pub(super) fn ask_soon() -> Effect {
    Effect::Wait {
        timer: Timer::Rest,
        after: PAUSE,
        jitter: false,
    }
}

/// The keys rest.
pub(in crate::app) fn paused(model: &mut Model) {
    model.expenses.unsettled = false;
}

/// The numbers arrived: what failed before may work now.
pub(in crate::app) fn try_again(model: &mut Model) {
    model.expenses.failed = false;
}

/// The month's rows arrived: those in memory are older.
pub(in crate::app) fn rows_arrived(model: &mut Model) {
    model.expenses.revision = NEVER;
}

/// Whether the answer to call `id` is for the list.
pub(in crate::app) fn is_mine(model: &Model, id: u64) -> bool {
    model.expenses.asked.as_ref().is_some_and(|asked| asked.id == id)
}

/// Asks for what is lacking, if anything is and nothing is under way for it.
pub(in crate::app) fn keep_up(model: &mut Model) -> Vec<Effect> {
    let listed = model.screen == Screen::Expenses && model.user.is_some() && model.dialect == Dialect::V1;
    let Some((_, revision)) = model.data.lists.filter(|_| listed) else {
        return Vec::new();
    };
    let query = Query::wanted(model);
    take_month_page(model, &query, revision);
    let mut effects: Vec<Effect> = seek::pursue(model).into_iter().collect();
    super::settle(model);
    effects.extend(ask(model, query, revision));
    effects
}

fn ask(model: &mut Model, query: Query, revision: i64) -> Option<Effect> {
    let part = lacking(model, &query, revision)?;
    let expenses = &model.expenses;
    let under_way = |asked: &Asked| asked.part == part && asked.query == query;
    if expenses.failed || expenses.asked.as_ref().is_some_and(under_way) {
        return None;
    }
    let request = Call::Find(Box::new(request(expenses, &query, part)));
    let (id, effect) = call(model, Slot::Find, request);
    model.expenses.asked = Some(Asked {
        id,
        part,
        query,
        revision,
    });
    Some(effect)
}

/// The month's first page is here already.
fn take_month_page(model: &mut Model, query: &Query, revision: i64) {
    let expenses = &mut model.expenses;
    let new = expenses.answered.as_ref() != Some(query);
    let outdated = expenses.revision != revision && expenses.rows.is_first_page();
    if query.is_month_page() && (new || outdated) {
        let (rows, next) = (model.data.expenses.clone(), model.data.next.clone());
        expenses.marks.update(&rows);
        expenses.rows = Window::first(rows, next);
        if new {
            stay_on_top(expenses);
        }
        expenses.answered = Some(query.clone());
        expenses.revision = revision;
        expenses.found = None;
        expenses.asked = None;
        keep_leaving(model);
    }
}

/// Nobody moved the cursor from the first of the rows that stood for these: it does not follow that row down.
fn stay_on_top(expenses: &mut Expenses) {
    if expenses.list.selected == 0 {
        expenses.list.id = None;
    }
}

fn lacking(model: &Model, query: &Query, revision: i64) -> Option<Part> {
    let expenses = &model.expenses;
    if expenses.answered.as_ref() != Some(query) {
        return (!expenses.unsettled).then_some(Part::First);
    }
    if expenses.revision != revision {
        return Some(Part::Again);
    }
    let (rows, at) = (&expenses.rows, expenses.list.selected);
    let ahead = (2 * view::list_height(model)).min(AHEAD);
    let goes = expenses.seek.as_ref().map(Seek::is_forward);
    if rows.next().is_some() && (at + ahead >= rows.len() || goes == Some(true)) {
        return Some(Part::Next);
    }
    if rows.previous().is_some() && (at < ahead || goes == Some(false)) {
        return Some(Part::Previous);
    }
    let counted = expenses.found.is_some_and(|(_, at)| at == revision);
    (!query.filter.is_empty() && !counted).then_some(Part::Count)
}

fn request(expenses: &Expenses, query: &Query, part: Part) -> ExpenseQuery {
    let rows = &expenses.rows;
    let page = if expenses.seek.is_some() {
        MAX_PAGE as usize
    } else {
        PAGE
    };
    let (cursor, limit) = match part {
        Part::First => (None, PAGE),
        Part::Again => (rows.start(), rows.len().max(PAGE)),
        Part::Next => (rows.next(), page),
        Part::Previous => rows.previous().unwrap_or((None, PAGE)),
        Part::Count => (None, 1),
    };
    ExpenseQuery {
        month: query.month,
        filter: (!query.filter.is_empty()).then(|| query.filter.clone()),
        order: (query.order != ExpenseOrder::Day).then_some(query.order),
        limit: Some(u32::try_from(limit).unwrap_or(MAX_PAGE).clamp(1, MAX_PAGE)),
        cursor: cursor.map(str::to_owned),
        ..ExpenseQuery::default()
    }
}

/// The answer to a call.
pub(in crate::app) fn found(model: &mut Model, id: u64, result: Result<ExpensePage, Failure>) -> Vec<Effect> {
    let Some(asked) = model.expenses.asked.take_if(|asked| asked.id == id) else {
        return Vec::new();
    };
    match result {
        Ok(page) if asked.query == Query::wanted(model) => {
            take(model, asked, page);
            Vec::new()
        }
        // What was asked for is wanted no more.
        Ok(_) => Vec::new(),
        Err(Failure::SignedOut) => session::expired(model),
        Err(failure) => {
            model.expenses.failed = true;
            vec![say(model, Tone::Bad, failure.to_string())]
        }
    }
}

fn take(model: &mut Model, asked: Asked, page: ExpensePage) {
    let expenses = &mut model.expenses;
    if let Some(found) = page.found {
        expenses.found = Some((found, asked.revision));
    }
    if asked.part == Part::Count {
        // A server that counts nothing is not asked for ever.
        expenses.found = Some((page.found.unwrap_or_default(), asked.revision));
        return;
    }
    expenses.marks.update(&page.expenses);
    let cursor = expenses.list.selected;
    // A server that hands out the same place for ever must not be asked for ever.
    let stuck = page.expenses.is_empty() || (asked.part == Part::Next && page.next.as_deref() == expenses.rows.next());
    let next = page.next.filter(|_| !stuck);
    let shift = match asked.part {
        Part::First | Part::Count => {
            expenses.rows = Window::first(page.expenses, next);
            stay_on_top(expenses);
            0
        }
        Part::Again => {
            let beyond = cursor >= page.expenses.len() && next.is_some();
            expenses.rows.renew(page.expenses, next);
            expenses.seek = expenses
                .list
                .id
                .filter(|_| beyond)
                .map(Seek::Row)
                .or(expenses.seek.take());
            0
        }
        Part::Next => expenses.rows.append(page.expenses, next, cursor),
        Part::Previous => expenses.rows.prepend(page.expenses, next, cursor),
    };
    let list = &mut expenses.list;
    list.selected = list.selected.saturating_add_signed(shift);
    list.offset = list.offset.saturating_add_signed(shift);
    if matches!(asked.part, Part::First | Part::Again) {
        expenses.answered = Some(asked.query);
        expenses.revision = asked.revision;
    }
    keep_leaving(model);
}
