//! The month's expenses: scroll, filter, edit, delete.

use tui_input::Input;
use uuid::Uuid;

use super::changes::{self, Change};
use super::effect::{Call, Effect, Slot};
use super::filter::Filter;
use super::keymap::Action;
use super::list::List;
use super::model::{Model, Screen};
use super::update::{call, refuse, show, unsupported};
use super::{add_expense, leaving};
use crate::api::{Dialect, Expense};
use crate::domain::Money;

mod view;
pub(super) use view::view;

#[derive(Clone, Debug, Default)]
pub(super) struct Expenses {
    pub(super) filter: Input,
    /// Whether the filter is being typed.
    pub(super) typing: bool,
    /// Which of the month's expenses the filter lets through.
    shown: Vec<usize>,
    pub(super) list: List,
}

/// The rows or the filter changed.
pub(super) fn data_changed(model: &mut Model) {
    let filter = Filter::new(model.expenses.filter.value());
    let lets_through = |e: &Expense| {
        let category = model.category_name(e.category_id).unwrap_or("uncategorised");
        let amount = Money::new(e.amount_minor, model.currency()).decimal();
        filter.matches(&[&e.description, category, &amount, &e.day.to_string()], category)
    };
    let rows = model.data.expenses.iter().enumerate();
    model.expenses.shown = rows
        .filter(|(_, e)| filter.is_empty() || lets_through(e))
        .map(|(at, _)| at)
        .collect();
}

fn ids(model: &Model) -> Vec<Uuid> {
    let rows = &model.data.expenses;
    model.expenses.shown.iter().map(|at| rows[*at].id).collect()
}

/// Whether the row under the cursor may be in a page that is not here yet.
fn is_further_down(model: &Model, ids: &[Uuid]) -> bool {
    let id = model.expenses.list.id;
    model.data.next.is_some() && id.is_some_and(|id| !ids.contains(&id))
}

/// Keeps the cursor on its row, and in sight.
pub(super) fn settle(model: &mut Model) {
    let (ids, height) = (ids(model), view::list_height(model));
    let wanted = model.expenses.list.id.filter(|_| is_further_down(model, &ids));
    let list = &mut model.expenses.list;
    list.settle(&ids, height);
    list.id = wanted.or(list.id);
}

fn selected(model: &Model) -> Option<&Expense> {
    let at = model.expenses.shown.get(model.expenses.list.selected)?;
    model.data.expenses.get(*at)
}

pub(super) fn has_selection(model: &Model) -> bool {
    selected(model).is_some()
}

/// Shows the list with the cursor on one expense.
pub(super) fn go_to(model: &mut Model, id: Uuid) {
    model.expenses.filter.reset();
    model.expenses.list.id = Some(id);
    data_changed(model);
}

/// Shows the expenses of one category.
pub(super) fn filter_by_category(model: &mut Model, name: &str) -> Vec<Effect> {
    model.expenses.filter = Input::new(Filter::of_category(name));
    filter_changed(model)
}

fn filter_changed(model: &mut Model) -> Vec<Effect> {
    model.expenses.list = List::default();
    data_changed(model);
    load_more_if_needed(model)
}

pub(super) fn on_typed(model: &mut Model, edit: impl FnOnce(&mut Input) -> bool) -> Vec<Effect> {
    if edit(&mut model.expenses.filter) {
        return filter_changed(model);
    }
    Vec::new()
}

pub(super) fn on_action(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Filter if model.dialect == Dialect::Classic => return unsupported(model, "listing expenses"),
        Action::Filter => model.expenses.typing = true,
        Action::KeepFilter => model.expenses.typing = false,
        Action::ClearFilter => return clear_filter(model),
        Action::EditExpense => return edit(model),
        Action::DeleteExpense => return delete(model),
        _ => {
            let (ids, height) = (ids(model), view::list_height(model));
            model.expenses.list.go(action, &ids, height);
        }
    }
    load_more_if_needed(model)
}

fn clear_filter(model: &mut Model) -> Vec<Effect> {
    if !model.expenses.typing && model.expenses.filter.value().is_empty() {
        model.toast = None;
        return show(model, Screen::Overview);
    }
    model.expenses.typing = false;
    model.expenses.filter.reset();
    data_changed(model);
    Vec::new()
}

fn edit(model: &mut Model) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "editing an expense");
    }
    match selected(model).cloned() {
        Some(expense) if leaving::of(model, expense.id).is_some() => refuse(model, "This expense is deleted already."),
        Some(expense) => add_expense::open_edit(model, &expense),
        None => refuse(model, "There is no expense here to edit. a adds one."),
    }
}

fn delete(model: &mut Model) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "deleting an expense");
    }
    match selected(model).cloned() {
        None => refuse(model, "There is no expense here to delete."),
        Some(expense) if leaving::of(model, expense.id).is_some() => refuse(model, "This expense is deleted already."),
        Some(expense) => {
            let id = expense.id;
            // The row stays a while; the next one is what one would delete next.
            let (ids, height) = (ids(model), view::list_height(model));
            model.expenses.list.go(Action::Down, &ids, height);
            changes::send(model, Change::Delete(expense), Call::Delete(id))
        }
    }
}

/// Fetches the next page when the end is near, or when a filter has to see all rows.
pub(super) fn load_more_if_needed(model: &mut Model) -> Vec<Effect> {
    let list = &model.expenses.list;
    let near_end = list.selected + 2 * view::list_height(model) >= model.expenses.shown.len();
    let filtered = !model.expenses.filter.value().is_empty();
    let wanted = near_end || filtered || is_further_down(model, &ids(model));
    let (true, None, None, Some(cursor)) = (
        wanted,
        model.pending.more,
        model.pending.refresh,
        model.data.next.clone(),
    ) else {
        return Vec::new();
    };
    let month = model.shown_month();
    let (id, effect) = call(model, Slot::More, Call::More { month, cursor });
    model.pending.more = Some(id);
    vec![effect]
}
