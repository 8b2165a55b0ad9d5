//! What the user was told: list, read, act.

use uuid::Uuid;

use super::changes::{self, Change};
use super::effect::{Call, Effect};
use super::keymap::Action;
use super::list::List;
use super::model::{Model, Screen};
use super::update::{refuse, show, unsupported};
use super::{budgets, expenses, sync};
use crate::api::{Alert, Dialect};

mod view;
pub(super) use view::{view, when};

#[derive(Clone, Debug, Default)]
pub(super) struct Alerts {
    list: List,
}

fn ids(model: &Model) -> Vec<Uuid> {
    model.data.alerts.iter().map(|alert| alert.id).collect()
}

fn selected(model: &Model) -> Option<&Alert> {
    model.data.alerts.get(model.alerts.list.selected)
}

pub(super) fn selection_is_new(model: &Model) -> bool {
    selected(model).is_some_and(|alert| !alert.read)
}

/// Keeps the cursor on its row, and in sight.
pub(super) fn settle(model: &mut Model) {
    let (ids, height) = (ids(model), view::list_height(model));
    model.alerts.list.settle(&ids, height);
}

/// Puts the cursor on an alert.
pub(super) fn go_to(model: &mut Model, id: Uuid) {
    model.alerts.list.id = Some(id);
}

pub(super) fn on_action(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Open => open(model),
        Action::EditLimit => edit_limit(model),
        Action::MarkRead => mark_read(model),
        Action::MarkAllRead => mark_all_read(model),
        _ => {
            let (ids, height) = (ids(model), view::list_height(model));
            model.alerts.list.go(action, &ids, height);
            Vec::new()
        }
    }
}

fn open(model: &mut Model) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "listing expenses");
    }
    let Some((category, month)) = selected(model).map(|a| (a.category.clone(), a.month)) else {
        return refuse(model, "There is no alert here to open.");
    };
    let mut effects = sync::go_to_month(model, Some(month));
    effects.extend(expenses::filter_by_category(model, &category));
    effects.extend(show(model, Screen::Expenses));
    effects
}

fn edit_limit(model: &mut Model) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "setting a limit");
    }
    let Some((id, month)) = selected(model).map(|a| (a.category_id, a.month)) else {
        return refuse(model, "There is no alert here.");
    };
    let mut effects = sync::go_to_month(model, Some(month));
    effects.extend(show(model, Screen::Budgets));
    effects.extend(budgets::edit(model, id));
    effects
}

fn mark_read(model: &mut Model) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "marking alerts as read");
    }
    match selected(model).map(|alert| (alert.id, alert.read)) {
        Some((id, false)) => mark(model, vec![id], Call::MarkRead(id)),
        Some((_, true)) => refuse(model, "This alert is read already."),
        None => refuse(model, "There is no alert here."),
    }
}

fn mark_all_read(model: &mut Model) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "marking alerts as read");
    }
    let unread = model.data.alerts.iter().filter(|a| !a.read).map(|a| a.id);
    let unread: Vec<Uuid> = unread.collect();
    if unread.is_empty() {
        return refuse(model, "There is nothing new to read.");
    }
    mark(model, unread, Call::MarkAllRead)
}

/// Shows alerts as read at once; they turn back if the server refuses.
fn mark(model: &mut Model, ids: Vec<Uuid>, request: Call) -> Vec<Effect> {
    changes::set_read(model, &ids, true);
    changes::send(model, Change::Read(ids), request)
}
