//! The screen left open all day: budgets against spending, recent expenses, alerts, the trend.

use std::cmp::Reverse;

use uuid::Uuid;

use super::effect::{Call, Effect, Picture, Slot};
use super::keymap::Action;
use super::model::{Model, Screen, Tone};
use super::update::{call, say, show};
use super::{alerts, budgets, expenses};
use crate::api::{CategorySummary, Dialect, Failure};
use crate::ui::scroll;

mod compact;
mod view;
mod wide;
pub(super) use view::{alert_mark, alert_words, bar, category_cell, view, view_line};

/// The lists of the overview, in the order of Tab.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Pane {
    #[default]
    Budgets,
    Recent,
    Alerts,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Sort {
    #[default]
    Risk,
    Name,
    Spent,
    Limit,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Overview {
    pane: Pane,
    sort: Sort,
    /// The selected category, so that it stays selected when the order changes.
    category: Option<Uuid>,
    budget: usize,
    budget_offset: usize,
    recent: usize,
    alert: usize,
}

impl Sort {
    fn word(self) -> &'static str {
        match self {
            Self::Risk => "risk",
            Self::Name => "name",
            Self::Spent => "spent",
            Self::Limit => "limit",
        }
    }

    fn next(self) -> Self {
        match self {
            Self::Risk => Self::Name,
            Self::Name => Self::Spent,
            Self::Spent => Self::Limit,
            Self::Limit => Self::Risk,
        }
    }
}

/// The categories that have a limit or spending, in the chosen order.
pub(super) fn rows(model: &Model) -> Vec<&CategorySummary> {
    let mut rows: Vec<&CategorySummary> = model
        .categories()
        .iter()
        .filter(|c| c.category.kind.is_spending() && (c.limit_minor.is_some() || c.spent_minor != 0))
        .collect();
    match model.overview.sort {
        Sort::Risk => rows.sort_by_key(|c| model.standing(c).outlook().risk()),
        Sort::Name => rows.sort_by_key(|c| c.category.name.to_lowercase()),
        Sort::Spent => rows.sort_by_key(|c| Reverse(c.spent_minor)),
        Sort::Limit => rows.sort_by_key(|c| Reverse(c.limit_minor)),
    }
    rows
}

/// The order or the number of rows changed.
pub(super) fn keep_selection(model: &mut Model) {
    let wanted = model.overview.category;
    let at = rows(model).iter().position(|c| Some(c.category.id) == wanted);
    select_budget(model, at.unwrap_or(model.overview.budget));
}

fn select_budget(model: &mut Model, at: usize) {
    let ids: Vec<Uuid> = rows(model).iter().map(|c| c.category.id).collect();
    let height = view::budget_rows(model);
    let list = &mut model.overview;
    list.budget = at.min(ids.len().saturating_sub(1));
    list.budget_offset = scroll::window(list.budget, list.budget_offset, ids.len(), height);
    list.category = ids.get(list.budget).copied();
}

pub(super) fn on_action(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::NextPane => model.overview.pane = next_pane(model.overview.pane),
        Action::PreviousPane => model.overview.pane = next_pane(next_pane(model.overview.pane)),
        Action::Sort => {
            model.overview.sort = model.overview.sort.next();
            keep_selection(model);
        }
        Action::EditLimit => return edit_limit(model),
        Action::Open => return open(model),
        _ => move_selection(model, action),
    }
    Vec::new()
}

fn next_pane(pane: Pane) -> Pane {
    match pane {
        Pane::Budgets => Pane::Recent,
        Pane::Recent => Pane::Alerts,
        Pane::Alerts => Pane::Budgets,
    }
}

fn move_selection(model: &mut Model, action: Action) {
    let (at, len) = match model.overview.pane {
        Pane::Budgets => (model.overview.budget, rows(model).len()),
        Pane::Recent => (
            model.overview.recent,
            model.data.expenses.len().min(view::recent_rows(model)),
        ),
        Pane::Alerts => (
            model.overview.alert,
            view::open_alerts(model).len().min(view::alert_rows(model)),
        ),
    };
    let page = view::budget_rows(model).max(2) / 2;
    let to = match action {
        Action::Down => at + 1,
        Action::Up => at.saturating_sub(1),
        Action::PageDown => at + page,
        Action::PageUp => at.saturating_sub(page),
        Action::First => 0,
        Action::Last => usize::MAX,
        _ => return,
    };
    let to = to.min(len.saturating_sub(1));
    match model.overview.pane {
        Pane::Budgets => select_budget(model, to),
        Pane::Recent => model.overview.recent = to,
        Pane::Alerts => model.overview.alert = to,
    }
}

fn edit_limit(model: &mut Model) -> Vec<Effect> {
    let Some(id) = model.overview.category else {
        return Vec::new();
    };
    let mut effects = budgets::edit(model, id);
    if model.budgets.editing() {
        effects.extend(show(model, Screen::Budgets));
    }
    effects
}

fn open(model: &mut Model) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return vec![say(
            model,
            Tone::Warn,
            Failure::Unsupported("listing expenses").to_string(),
            false,
        )];
    }
    let mut effects = Vec::new();
    match model.overview.pane {
        Pane::Budgets => {
            let Some(name) = model.category_name(model.overview.category).map(str::to_owned) else {
                return effects;
            };
            effects.extend(expenses::filter_by(model, &name));
        }
        Pane::Recent => {
            let Some(id) = model.data.expenses.get(model.overview.recent).map(|e| e.id) else {
                return effects;
            };
            expenses::go_to(model, id);
        }
        Pane::Alerts => {
            let Some(at) = view::open_alerts(model).get(model.overview.alert).map(|(at, _)| *at) else {
                return effects;
            };
            alerts::select(model, at);
            effects.extend(show(model, Screen::Alerts));
            return effects;
        }
    }
    effects.extend(show(model, Screen::Expenses));
    effects
}

/// `p`: the month as a picture file.
pub(super) fn save_chart(model: &mut Model) -> Vec<Effect> {
    let Some(summary) = &model.data.summary else {
        return vec![say(model, Tone::Warn, "There are no numbers to draw yet.", false)];
    };
    let title = format!("Budget vs spending, {}", summary.month.long_name());
    let bars = rows(model)
        .iter()
        .map(|c| (c.category.name.clone(), c.spent_minor, c.limit_minor))
        .collect();
    let picture = Picture {
        title,
        currency: model.currency(),
        bars,
    };
    let (id, effect) = call(model, Slot::Chart, Call::SaveChart(picture));
    model.pending.chart = Some(id);
    vec![effect]
}
