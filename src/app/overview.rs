//! The screen left open all day: budgets against spending, recent expenses, alerts, the trend.

use std::cmp::Reverse;

use uuid::Uuid;

use super::effect::{Call, Effect, Slot};
use super::keymap::Action;
use super::list::List;
use super::model::{Model, Screen};
use super::update::{call, refuse, show, unsupported};
use super::{alerts, budgets, expenses};
use crate::api::{CategorySummary, Dialect};

mod compact;
mod row;
mod view;
mod wide;
pub(super) use view::{alert_mark, at, bar, view, view_line};

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
    budgets: List,
    recent: List,
    alerts: List,
}

/// What was spent this month where no limit is set, minor units: limits say nothing about it, the sum of all spending
/// holds it all the same. None where there is nothing of it, or no limit at all.
fn without_limit(model: &Model) -> Option<i64> {
    let summary = model.data.summary.as_ref()?;
    let spending = || summary.categories.iter().filter(|row| row.category.kind.is_spending());
    let unlimited = spending().filter(|row| row.limit_minor.is_none());
    let sum = unlimited.fold(summary.uncategorised.spent_minor, |sum, row| {
        sum.saturating_add(row.spent_minor)
    });
    (sum != 0 && spending().any(|row| row.limit_minor.is_some())).then_some(sum)
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

/// The rows of a pane, in the order of the screen.
fn ids(model: &Model, pane: Pane) -> Vec<Uuid> {
    match pane {
        Pane::Budgets => rows(model).iter().map(|c| c.category.id).collect(),
        Pane::Recent => model.data.expenses.iter().map(|e| e.id).collect(),
        Pane::Alerts => view::open_alerts(model).iter().map(|a| a.id).collect(),
    }
}

fn list(model: &mut Model, pane: Pane) -> &mut List {
    match pane {
        Pane::Budgets => &mut model.overview.budgets,
        Pane::Recent => &mut model.overview.recent,
        Pane::Alerts => &mut model.overview.alerts,
    }
}

/// Gives a pane the keyboard.
pub(super) fn focus_pane(model: &mut Model, pane: Pane) {
    model.overview.pane = pane;
}

/// Keeps each cursor on its row, and in sight.
pub(super) fn settle(model: &mut Model) {
    for pane in [Pane::Budgets, Pane::Recent, Pane::Alerts] {
        let (ids, height) = (ids(model, pane), view::list_height(model, pane));
        list(model, pane).settle(&ids, height);
    }
    if view::list_height(model, model.overview.pane) == 0 {
        // A window this small shows the budgets only.
        model.overview.pane = Pane::Budgets;
    }
}

pub(super) fn on_action(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::NextPane => model.overview.pane = next_pane(model.overview.pane),
        Action::PreviousPane => model.overview.pane = next_pane(next_pane(model.overview.pane)),
        Action::Sort => model.overview.sort = model.overview.sort.next(),
        Action::EditLimit => return edit_limit(model),
        Action::Open => return open(model),
        _ => {
            let pane = model.overview.pane;
            let (ids, height) = (ids(model, pane), view::list_height(model, pane));
            list(model, pane).go(action, &ids, height);
        }
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

/// The category under the cursor, in whichever pane.
fn selected_category(model: &Model) -> Option<Uuid> {
    match model.overview.pane {
        Pane::Budgets => model.overview.budgets.id,
        Pane::Recent => model.data.expenses.get(model.overview.recent.selected)?.category_id,
        Pane::Alerts => {
            let id = model.overview.alerts.id;
            let alert = model.data.alerts.iter().find(|a| Some(a.id) == id)?;
            Some(alert.category_id)
        }
    }
}

pub(super) fn has_category(model: &Model) -> bool {
    selected_category(model).is_some()
}

fn edit_limit(model: &mut Model) -> Vec<Effect> {
    let Some(id) = selected_category(model) else {
        return refuse(model, "There is no category here. 3 lists them all.");
    };
    let effects = budgets::edit(model, id);
    if model.budgets.editing() {
        show(model, Screen::Budgets);
    }
    effects
}

/// Whether the window shows more than the budgets.
pub(super) fn has_panes(model: &Model) -> bool {
    view::list_height(model, Pane::Recent) > 0
}

/// Whether there is anything under the cursor, and this server tells more about it.
pub(super) fn can_open(model: &Model) -> bool {
    let pane = model.overview.pane;
    let listed = pane == Pane::Alerts || model.dialect == Dialect::V1;
    listed && !ids(model, pane).is_empty()
}

fn open(model: &mut Model) -> Vec<Effect> {
    let pane = model.overview.pane;
    match (pane, list(model, pane).id) {
        (_, None) => refuse(model, "There is nothing here to open."),
        (Pane::Alerts, Some(id)) => {
            alerts::go_to(model, id);
            show(model, Screen::Alerts)
        }
        _ if model.dialect == Dialect::Classic => unsupported(model, "listing expenses"),
        (Pane::Recent, Some(id)) => {
            expenses::go_to(model, id);
            show(model, Screen::Expenses)
        }
        (Pane::Budgets, Some(id)) => {
            let name = model.category_name(Some(id)).unwrap_or_default().to_owned();
            show(model, Screen::Expenses);
            expenses::filter_by_category(model, &name)
        }
    }
}

/// `p`: the month as a picture file.
pub(super) fn save_chart(model: &mut Model) -> Vec<Effect> {
    let Some(summary) = &model.data.summary else {
        return refuse(model, "There are no numbers to draw yet.");
    };
    let request = Call::SaveChart(Box::new(summary.clone()), model.currency());
    let (id, effect) = call(model, Slot::Chart, request);
    model.pending.chart = Some(id);
    vec![effect]
}
