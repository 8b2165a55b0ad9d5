//! What the user was told: list, read, act.

use super::changes::{self, Change};
use super::effect::{Call, Effect};
use super::keymap::Action;
use super::model::{Model, Screen, Tone};
use super::update::{say, show};
use super::{budgets, expenses, sync};
use crate::api::{Alert, Dialect, Failure};
use crate::ui::scroll;

mod view;
pub(super) use view::{view, when};

#[derive(Clone, Debug, Default)]
pub(super) struct Alerts {
    selected: usize,
    offset: usize,
}

fn selected(model: &Model) -> Option<&Alert> {
    model
        .data
        .alerts
        .get(model.alerts.selected.min(model.data.alerts.len().saturating_sub(1)))
}

/// Puts the cursor on a row.
pub(super) fn select(model: &mut Model, at: usize) {
    let (len, height) = (model.data.alerts.len(), view::list_height(model));
    let list = &mut model.alerts;
    list.selected = at.min(len.saturating_sub(1));
    list.offset = scroll::window(list.selected, list.offset, len, height);
}

pub(super) fn on_action(model: &mut Model, action: Action) -> Vec<Effect> {
    let (at, page) = (model.alerts.selected, view::list_height(model).max(2) / 2);
    match action {
        Action::Down => select(model, at + 1),
        Action::Up => select(model, at.saturating_sub(1)),
        Action::PageDown => select(model, at + page),
        Action::PageUp => select(model, at.saturating_sub(page)),
        Action::First => select(model, 0),
        Action::Last => select(model, usize::MAX),
        Action::Open => return open(model),
        Action::EditLimit => return edit_limit(model),
        Action::MarkRead => return mark(model, false),
        Action::MarkAllRead => return mark(model, true),
        _ => {}
    }
    Vec::new()
}

fn open(model: &mut Model) -> Vec<Effect> {
    let Some((category, month)) = selected(model).map(|a| (a.category.clone(), a.month)) else {
        return Vec::new();
    };
    if model.dialect == Dialect::Classic {
        return vec![say(
            model,
            Tone::Warn,
            Failure::Unsupported("listing expenses").to_string(),
            false,
        )];
    }
    let mut effects = sync::go_to_month(model, Some(month));
    effects.extend(expenses::filter_by(model, &category));
    effects.extend(show(model, Screen::Expenses));
    effects
}

fn edit_limit(model: &mut Model) -> Vec<Effect> {
    let Some((id, month)) = selected(model).map(|a| (a.category_id, a.month)) else {
        return Vec::new();
    };
    let mut effects = sync::go_to_month(model, Some(month));
    effects.extend(show(model, Screen::Budgets));
    effects.extend(budgets::edit(model, id));
    effects
}

fn mark(model: &mut Model, all: bool) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return vec![say(
            model,
            Tone::Warn,
            Failure::Unsupported("marking alerts as read").to_string(),
            false,
        )];
    }
    if all {
        if model.data.alerts.iter().all(|a| a.read) {
            return Vec::new();
        }
        model.data.alerts.iter_mut().for_each(|a| a.read = true);
        return changes::send(model, Change::Read, Call::MarkAllRead);
    }
    let at = model.alerts.selected;
    let Some(alert) = model.data.alerts.get_mut(at).filter(|a| !a.read) else {
        return Vec::new();
    };
    alert.read = true;
    let id = alert.id;
    changes::send(model, Change::Read, Call::MarkRead(id))
}
