//! The list of expenses: a month, or what a filter finds in all months; scroll, sort, mark, change.

use std::cmp::{Ordering, Reverse};

use tui_input::Input;
use uuid::Uuid;

use super::effect::{Effect, Slot};
use super::filter;
use super::keymap::Action;
use super::list::List;
use super::model::{Model, Screen};
use super::update::{refuse, show, unsupported};
use super::was;
use crate::api::{Dialect, Expense, ExpenseOrder, Found};
use crate::domain::Month;
use crate::domain::text::fold;

mod act;
mod fetch;
mod marks;
mod row;
mod seek;
mod side;
mod view;
mod window;

use fetch::{Asked, Query};
pub(super) use fetch::{found, is_mine, keep_up, paused, rows_arrived, try_again};
use marks::Marks;
use seek::Seek;
pub(super) use side::{holds_form, in_detail};
pub(super) use view::{at, is_first_run, suggestion, view};
use window::Window;

#[derive(Clone, Debug, Default)]
pub(super) struct Expenses {
    pub(super) filter: Input,
    /// Whether the filter is being typed.
    pub(super) typing: bool,
    /// The last filter that stood, for `n` and `N` once it is cleared.
    last: String,
    order: ExpenseOrder,
    pub(super) list: List,
    rows: Window,
    /// What `rows` are the answer to. None: they are those at hand, until the answer is here.
    answered: Option<Query>,
    /// The revision at which `rows` were asked for.
    revision: i64,
    /// What the filter found in all, and at which revision.
    found: Option<(Found, i64)>,
    /// The call under way.
    asked: Option<Asked>,
    /// Whether the filter is still being typed, so that nobody is asked yet.
    unsettled: bool,
    /// Whether the last call failed: the next numbers that arrive try again.
    failed: bool,
    /// What the cursor is on its way to, while rows are still to be fetched.
    seek: Option<Seek>,
    pub(super) marks: Marks,
}

/// Whether a filter stands, or is being typed.
pub(super) fn is_filtered(model: &Model) -> bool {
    !model.expenses.filter.value().trim().is_empty()
}

fn ids(model: &Model) -> Vec<Uuid> {
    model.expenses.rows.iter().map(|row| row.id).collect()
}

/// Keeps the cursor on its row, and in sight.
pub(super) fn settle(model: &mut Model) {
    let (ids, height) = (ids(model), view::list_height(model));
    model.expenses.list.settle(&ids, height);
}

/// The expense under the cursor.
pub(super) fn selected(model: &Model) -> Option<&Expense> {
    model.expenses.rows.get(model.expenses.list.selected)
}

pub(super) fn has_selection(model: &Model) -> bool {
    selected(model).is_some()
}

/// Whether `n` and `N` have something to search for.
pub(super) fn has_matches(model: &Model) -> bool {
    !is_filtered(model) && !model.expenses.last.is_empty()
}

/// Shows the month with the cursor on one of its expenses.
pub(super) fn go_to(model: &mut Model, id: Uuid) {
    model.expenses.filter.reset();
    model.expenses.order = ExpenseOrder::Day;
    model.expenses.answered = None;
    model.expenses.seek = Some(Seek::Row(id));
}

/// Shows the month's expenses of one category.
pub(super) fn filter_by_category(model: &mut Model, name: &str) -> Vec<Effect> {
    let month = model.wanted_month();
    model.expenses.filter = Input::new(filter::of_category(name, month));
    filter_changed(model);
    model.expenses.unsettled = false;
    Vec::new()
}

/// The month shown is another one now: a filter that names the old one follows.
pub(super) fn follow_month(model: &mut Model, from: Month, to: Month) {
    if let Some(text) = filter::with_month(model.expenses.filter.value(), from, to) {
        model.expenses.filter = Input::new(text);
        filter_changed(model);
        model.expenses.unsettled = false;
    }
}

/// The month's rows are replaced by those of another month.
pub(super) fn forget_month(model: &mut Model) {
    if !is_filtered(model) {
        model.expenses.list = List::default();
        model.expenses.seek = None;
    }
}

/// The call this was waiting for is gone.
pub(super) fn interrupted(model: &mut Model) {
    model.expenses.asked = None;
}

/// The expenses in memory, those of the list and those of the month.
pub(super) fn at_hand(model: &Model) -> impl Iterator<Item = &Expense> {
    model.expenses.rows.iter().chain(&model.data.expenses)
}

/// Deleted rows go back to their places in the list, until they leave.
pub(super) fn keep_leaving(model: &mut Model) {
    let filter = filter::parse(model, model.expenses.filter.value());
    let (calendar, month) = (model.calendar(), model.shown_month());
    let filtered = is_filtered(model);
    let passes = |row: &Expense| {
        if filtered {
            filter::lets_through(model, &filter, row)
        } else {
            calendar.contains(month, row.day)
        }
    };
    let leaving = model.leaving.iter();
    let wanted: Vec<_> = leaving
        .filter(|leaving| passes(&leaving.expense))
        .map(|leaving| (leaving.expense.clone(), leaving.listed_below))
        .collect();
    for leaving in &model.leaving {
        model.expenses.marks.remove(leaving.expense.id);
    }
    let expenses = &mut model.expenses;
    for (row, above) in wanted {
        expenses.rows.put(row, above, |a, b| rank(a, b, expenses.order));
    }
}

/// The row above an expense in the list.
pub(super) fn above(model: &Model, id: Uuid) -> Option<Uuid> {
    let rows = &model.expenses.rows;
    rows.get(rows.position(id)?.checked_sub(1)?).map(|row| row.id)
}

/// Expenses are again what they were.
pub(super) fn put_back(model: &mut Model, rows: &[Expense]) {
    for row in rows {
        change(model, &[row.id], |now| {
            now.category_id = row.category_id;
            now.category_source = row.category_source;
            now.confidence = row.confidence;
        });
    }
}

/// What was marked for this change is done.
pub(super) fn unmark(model: &mut Model, done: &[Uuid]) {
    for id in done {
        model.expenses.marks.remove(*id);
    }
}

/// These expenses are gone.
pub(super) fn remove(model: &mut Model, gone: &[Uuid]) {
    model.data.expenses.retain(|row| !gone.contains(&row.id));
    for id in gone {
        model.expenses.rows.remove(*id);
        model.expenses.marks.remove(*id);
    }
}

/// Changes the rows at hand that are among `ids`.
pub(super) fn change(model: &mut Model, ids: &[Uuid], edit: impl Fn(&mut Expense)) {
    let rows = model.data.expenses.iter_mut().chain(model.expenses.rows.iter_mut());
    rows.filter(|row| ids.contains(&row.id)).for_each(&edit);
    model.expenses.marks.change(ids, edit);
}

/// Until the server has answered, the rows at hand that the filter lets through stand for the answer.
fn filter_changed(model: &mut Model) {
    let filter = filter::parse(model, model.expenses.filter.value());
    let (calendar, month) = (model.calendar(), model.shown_month());
    let passes = |row: &Expense| {
        if filter.is_empty() {
            calendar.contains(month, row.day)
        } else {
            filter::lets_through(model, &filter, row)
        }
    };
    let rows = model.expenses.rows.iter();
    let mut kept: Vec<Expense> = rows.filter(|row| passes(row)).cloned().collect();
    let known: std::collections::HashSet<Uuid> = kept.iter().map(|row| row.id).collect();
    let others = model.data.expenses.iter();
    kept.extend(others.filter(|row| !known.contains(&row.id) && passes(row)).cloned());
    kept.sort_by(|a, b| compare(a, b, model.expenses.order));
    let expenses = &mut model.expenses;
    expenses.rows = Window::first(kept, None);
    expenses.answered = None;
    expenses.found = None;
    expenses.list = List::default();
    expenses.seek = None;
    expenses.failed = false;
    expenses.unsettled = true;
}

/// What the rows are sorted by.
fn rank(a: &Expense, b: &Expense, order: ExpenseOrder) -> Ordering {
    match order {
        ExpenseOrder::Day => b.day.cmp(&a.day),
        ExpenseOrder::Amount => b.amount_minor.cmp(&a.amount_minor),
        ExpenseOrder::Description => a.description.to_lowercase().cmp(&b.description.to_lowercase()),
    }
}

/// As the server sorts them: what is alike by day, and within a day last stored first.
fn compare(a: &Expense, b: &Expense, order: ExpenseOrder) -> Ordering {
    let newest = |row: &Expense| Reverse((row.day, row.created_at, row.id));
    rank(a, b, order).then_with(|| newest(a).cmp(&newest(b)))
}

pub(super) fn on_typed(model: &mut Model, edit: impl FnOnce(&mut Input) -> bool) -> Vec<Effect> {
    if edit(&mut model.expenses.filter) {
        filter_changed(model);
        return vec![fetch::ask_soon()];
    }
    Vec::new()
}

pub(super) fn on_action(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Filter if model.dialect == Dialect::Classic => unsupported(model, "listing expenses"),
        Action::Filter => {
            model.expenses.typing = true;
            Vec::new()
        }
        Action::KeepFilter => keep_filter(model),
        Action::TakeHint => take_hint(model),
        Action::ClearFilter => clear(model),
        Action::Sort => sort_otherwise(model),
        Action::NextMatch => seek::next_match(model, true),
        Action::PreviousMatch => seek::next_match(model, false),
        Action::EditExpense => act::edit(model),
        Action::DeleteExpense => act::delete(model),
        Action::Categorise => act::categorise(model),
        Action::Copy => act::copy(model),
        Action::WhatItWas => was::open(model),
        Action::Mark => act::mark(model),
        Action::MarkRange => act::mark_range(model),
        Action::MarkAll => act::mark_all(model),
        _ => {
            seek::go(model, action);
            Vec::new()
        }
    }
}

fn keep_filter(model: &mut Model) -> Vec<Effect> {
    model.expenses.typing = false;
    model.expenses.unsettled = false;
    if is_filtered(model) {
        model.expenses.last = model.expenses.filter.value().trim().to_owned();
    }
    Vec::new()
}

/// Tab: puts what was probably meant in the place of the word that nothing is called.
fn take_hint(model: &mut Model) -> Vec<Effect> {
    let Some(hint) = view::suggestion(model) else {
        return refuse(model, "There is nothing to put in its place.");
    };
    let typed = model.expenses.filter.value();
    let term = |term| {
        if fold(term) == hint.typed {
            hint.instead.as_str()
        } else {
            term
        }
    };
    let text = typed.split_whitespace().map(term).collect::<Vec<_>>().join(" ");
    model.expenses.filter = Input::new(text);
    filter_changed(model);
    model.expenses.unsettled = false;
    Vec::new()
}

/// Esc: what stands in the way goes, one thing at a time.
fn clear(model: &mut Model) -> Vec<Effect> {
    if !model.expenses.typing && !model.expenses.marks.is_empty() {
        model.expenses.marks = Marks::default();
        return Vec::new();
    }
    if !model.expenses.typing && !is_filtered(model) {
        if model.expenses.seek.take().is_none() {
            model.toast = None;
            show(model, Screen::Overview);
        }
        return Vec::new();
    }
    let here = selected(model).map(|row| (row.id, row.day));
    if is_filtered(model) {
        model.expenses.last = model.expenses.filter.value().trim().to_owned();
    }
    model.expenses.typing = false;
    model.expenses.filter.reset();
    filter_changed(model);
    model.expenses.unsettled = false;
    // The cursor stays on its row if the month has it.
    model.expenses.seek = here.filter(|(_, day)| model.shows(*day)).map(|(id, _)| Seek::Row(id));
    vec![Effect::Cancel(Slot::Find)]
}

fn sort_otherwise(model: &mut Model) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "listing expenses");
    }
    if model.data.lists.is_none() {
        return refuse(model, "There is nothing to sort yet.");
    }
    model.expenses.order = match model.expenses.order {
        ExpenseOrder::Day => ExpenseOrder::Amount,
        ExpenseOrder::Amount => ExpenseOrder::Description,
        ExpenseOrder::Description => ExpenseOrder::Day,
    };
    filter_changed(model);
    model.expenses.unsettled = false;
    Vec::new()
}
