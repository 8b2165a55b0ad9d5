//! The month's expenses: scroll, filter, edit, delete.

use tui_input::Input;
use uuid::Uuid;

use super::add_expense;
use super::changes::{self, Change};
use super::effect::{Call, Effect, Slot};
use super::filter;
use super::keymap::Action;
use super::model::{Model, Tone};
use super::msg::Stamp;
use super::update::{call, say};
use crate::api::{Dialect, Expense, Failure};
use crate::domain::Money;
use crate::ui::scroll;

mod view;
pub(super) use view::view;

#[derive(Clone, Debug, Default)]
pub(super) struct Expenses {
    pub(super) filter: Input,
    /// Whether the filter is being typed.
    pub(super) typing: bool,
    /// Which of the month's expenses the filter lets through.
    shown: Vec<usize>,
    selected: usize,
    offset: usize,
    /// The selected expense, so that it stays selected when rows come and go.
    anchor: Option<Uuid>,
}

impl Expenses {
    /// Back to the first row; the filter stays.
    pub(super) fn reset_position(&mut self) {
        self.selected = 0;
        self.offset = 0;
        self.anchor = None;
    }
}

/// The rows or the filter changed.
pub(super) fn data_changed(model: &mut Model) {
    let wanted = filter::fold(model.expenses.filter.value());
    let shown: Vec<usize> = if wanted.is_empty() {
        (0..model.data.expenses.len()).collect()
    } else {
        let text = |e: &Expense| {
            let category = model.category_name(e.category_id).unwrap_or("uncategorised");
            filter::fold(&format!(
                "{} {category} {} {}",
                e.description,
                Money::new(e.amount_minor, model.currency()).decimal(),
                e.day
            ))
        };
        model
            .data
            .expenses
            .iter()
            .enumerate()
            .filter(|(_, e)| filter::matches(&wanted, &text(e)))
            .map(|(at, _)| at)
            .collect()
    };
    let anchor = model.expenses.anchor;
    let found = shown.iter().position(|at| Some(model.data.expenses[*at].id) == anchor);
    model.expenses.shown = shown;
    select(model, found.unwrap_or(model.expenses.selected));
}

fn select(model: &mut Model, at: usize) {
    let height = view::list_height(model);
    let list = &mut model.expenses;
    list.selected = at.min(list.shown.len().saturating_sub(1));
    list.offset = scroll::window(list.selected, list.offset, list.shown.len(), height);
    list.anchor = list.shown.get(list.selected).map(|at| model.data.expenses[*at].id);
}

fn selected(model: &Model) -> Option<&Expense> {
    model
        .expenses
        .shown
        .get(model.expenses.selected)
        .map(|at| &model.data.expenses[*at])
}

/// Shows the list with the cursor on one expense.
pub(super) fn go_to(model: &mut Model, id: Uuid) {
    model.expenses.filter.reset();
    model.expenses.anchor = Some(id);
    data_changed(model);
}

/// Shows the list filtered.
pub(super) fn filter_by(model: &mut Model, text: &str) -> Vec<Effect> {
    model.expenses.filter = Input::new(text.to_owned());
    model.expenses.reset_position();
    data_changed(model);
    load_more_if_needed(model)
}

pub(super) fn on_typed(model: &mut Model, edit: impl FnOnce(&mut Input) -> bool) -> Vec<Effect> {
    if model.expenses.typing && edit(&mut model.expenses.filter) {
        model.expenses.reset_position();
        data_changed(model);
        return load_more_if_needed(model);
    }
    Vec::new()
}

pub(super) fn on_action(model: &mut Model, action: Action, _stamp: Stamp) -> Vec<Effect> {
    let (at, page) = (model.expenses.selected, view::list_height(model).max(2) / 2);
    match action {
        Action::Down => select(model, at + 1),
        Action::Up => select(model, at.saturating_sub(1)),
        Action::PageDown => select(model, at + page),
        Action::PageUp => select(model, at.saturating_sub(page)),
        Action::First => select(model, 0),
        Action::Last => select(model, usize::MAX),
        Action::Filter => model.expenses.typing = true,
        Action::KeepFilter => model.expenses.typing = false,
        Action::ClearFilter => return clear_filter(model),
        Action::EditExpense => {
            if let Some(expense) = selected(model).cloned() {
                return add_expense::open_edit(model, &expense);
            }
        }
        Action::DeleteExpense => return delete(model),
        _ => {}
    }
    load_more_if_needed(model)
}

fn clear_filter(model: &mut Model) -> Vec<Effect> {
    if !model.expenses.typing && model.expenses.filter.value().is_empty() {
        return super::update::show(model, super::model::Screen::Overview);
    }
    model.expenses.typing = false;
    model.expenses.filter.reset();
    data_changed(model);
    Vec::new()
}

fn delete(model: &mut Model) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return vec![say(
            model,
            Tone::Warn,
            Failure::Unsupported("deleting an expense").to_string(),
            false,
        )];
    }
    let Some(expense) = selected(model).cloned() else {
        return Vec::new();
    };
    if model
        .changes
        .iter()
        .any(|(_, change)| matches!(change, Change::Delete(e) if e.id == expense.id))
    {
        return Vec::new();
    }
    let id = expense.id;
    changes::send(model, Change::Delete(expense), Call::Delete(id))
}

/// Fetches the next page when the end is near, or when a filter has to see all rows.
pub(super) fn load_more_if_needed(model: &mut Model) -> Vec<Effect> {
    let near_end = model.expenses.selected + 2 * view::list_height(model) >= model.expenses.shown.len();
    let filtered = !model.expenses.filter.value().is_empty();
    let (true, None, Some(cursor)) = (near_end || filtered, model.pending.more, model.data.next.clone()) else {
        return Vec::new();
    };
    if model.pending.refresh.is_some() {
        return Vec::new();
    }
    let month = model.shown_month();
    let (id, effect) = call(model, Slot::More, Call::More { month, cursor });
    model.pending.more = Some(id);
    vec![effect]
}
