//! What the user was told: list, read, act, and be quiet.

use jiff::civil::Date;
use uuid::Uuid;

use super::changes::{self, Change};
use super::effect::{Call, Effect};
use super::keymap::Action;
use super::list::List;
use super::model::{Model, Screen};
use super::reversible::Reversible;
use super::update::{refuse, show, unsupported};
use super::{budgets, expenses, move_money, sync};
use crate::api::{Alert, Dialect};
use crate::domain::Locale;

mod view;
mod words;
pub(super) use view::{at, view};
pub(super) use words::when;

#[derive(Clone, Debug, Default)]
pub(super) struct Alerts {
    list: List,
    filter: Filter,
}

/// Which alerts are listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Filter {
    #[default]
    All,
    New,
    ThisMonth,
}

impl Filter {
    fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::New => "new",
            Self::ThisMonth => "this month",
        }
    }

    fn next(self) -> Self {
        match self {
            Self::All => Self::New,
            Self::New => Self::ThisMonth,
            Self::ThisMonth => Self::All,
        }
    }
}

/// How an alert stands with the user.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    New,
    Read,
    /// Silenced until this day.
    Snoozed(Date),
    /// Its cause went away.
    Resolved,
}

/// How an alert stands with the user now. Alerts of months that are over are not silent: there is nothing left to tell.
pub(super) fn state(model: &Model, alert: &Alert) -> State {
    let over = alert.month < model.current_month();
    match (alert.resolved_at, alert.snoozed_until) {
        (Some(_), _) => State::Resolved,
        (None, Some(until)) if model.today() < until && !over => State::Snoozed(until),
        (None, _) if alert.read => State::Read,
        (None, _) => State::New,
    }
}

/// Quiet about a category's alerts, or the end of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Quiet {
    /// The alert that it was asked for.
    pub alert: Uuid,
    /// Whose alerts are silenced.
    pub category_id: Uuid,
    /// The category's name.
    pub category: String,
    /// Until which local day it was quiet before.
    pub before: Option<Date>,
    /// Until which local day it is quiet.
    pub after: Option<Date>,
}

impl Quiet {
    pub(super) fn call(&self) -> Call {
        Call::Snooze(self.alert, self.after)
    }

    pub(super) fn reversed(&self) -> Self {
        Self {
            before: self.after,
            after: self.before,
            ..self.clone()
        }
    }

    pub(super) fn words(&self, locale: &Locale) -> String {
        match self.after {
            Some(day) => format!("silenced {} until {}", self.category, locale.day(day, "%-d %b")),
            None => format!("ended the silence about {}", self.category),
        }
    }

    pub(super) fn apply(&self, model: &mut Model) {
        let same = |alert: &&mut Alert| alert.category_id == self.category_id;
        for alert in model.data.alerts.iter_mut().filter(same) {
            alert.snoozed_until = self.after;
        }
    }
}

/// The alerts that the filter lets through, newest first.
fn shown(model: &Model) -> Vec<&Alert> {
    let month = model.current_month();
    let passes = |alert: &&Alert| match model.alerts.filter {
        Filter::All => true,
        Filter::New => state(model, alert) == State::New,
        Filter::ThisMonth => alert.month == month,
    };
    model.data.alerts.iter().filter(passes).collect()
}

fn ids(model: &Model) -> Vec<Uuid> {
    shown(model).iter().map(|alert| alert.id).collect()
}

fn selected(model: &Model) -> Option<&Alert> {
    shown(model).get(model.alerts.list.selected).copied()
}

pub(super) fn selection_is_new(model: &Model) -> bool {
    selected(model).is_some_and(|alert| !alert.read)
}

pub(super) fn has_selection(model: &Model) -> bool {
    selected(model).is_some()
}

/// Keeps the cursor on its row, and in sight.
pub(super) fn settle(model: &mut Model) {
    let (ids, height) = (ids(model), view::list_height(model));
    model.alerts.list.settle(&ids, height);
}

/// Puts the cursor on an alert.
pub(super) fn go_to(model: &mut Model, id: Uuid) {
    model.alerts.filter = Filter::All;
    model.alerts.list.id = Some(id);
}

pub(super) fn on_action(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Open => open(model),
        Action::EditLimit | Action::EditRules => edit(model, action),
        Action::MoveMoney => move_money(model),
        Action::Snooze => snooze(model),
        Action::MarkRead => mark_read(model),
        Action::MarkAllRead => mark_all_read(model),
        Action::FilterAlerts => {
            model.alerts.filter = model.alerts.filter.next();
            Vec::new()
        }
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

/// Leads to the limit of the alert's category, or to what is told about it.
fn edit(model: &mut Model, action: Action) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "setting a limit");
    }
    let Some((id, month)) = selected(model).map(|a| (a.category_id, a.month)) else {
        return refuse(model, "There is no alert here.");
    };
    let mut effects = sync::go_to_month(model, Some(month));
    effects.extend(show(model, Screen::Budgets));
    effects.extend(if action == Action::EditRules {
        budgets::edit_rules(model, id)
    } else {
        budgets::raise(model, id)
    });
    effects
}

fn move_money(model: &mut Model) -> Vec<Effect> {
    match selected(model).map(|a| (a.category_id, a.month)) {
        Some((id, month)) => move_money::open(model, id, month),
        None => refuse(model, "There is no alert here."),
    }
}

/// The day until which `z` silences a category: the first one of the next month.
fn quiet_until(model: &Model) -> Date {
    model.calendar().first_day(model.current_month().plus(1))
}

fn snooze(model: &mut Model) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "silencing alerts");
    }
    let Some(alert) = selected(model) else {
        return refuse(model, "There is no alert here to silence.");
    };
    let under_way = |change: &Change| matches!(change, Change::Reversible(Reversible::Quiet(quiet)) if quiet.category_id == alert.category_id);
    if model.changes.iter().any(|(_, change)| under_way(change)) {
        return refuse(model, "This is on its way. Press again in a moment.");
    }
    let before = alert.snoozed_until.filter(|until| model.today() < *until);
    let quiet = Quiet {
        alert: alert.id,
        category_id: alert.category_id,
        category: alert.category.clone(),
        before,
        after: before.is_none().then(|| quiet_until(model)),
    };
    let call = quiet.call();
    changes::send(model, Change::Reversible(Reversible::Quiet(quiet)), call)
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
