//! Limits that were typed and not saved yet.

use tui_input::Input;
use uuid::Uuid;

use super::{field, find, rows, suggestion};
use crate::api::{CategorySummary, Failure, Summary};
use crate::app::changes::{self, Change};
use crate::app::effect::{Call, Effect, LimitChange, Slot};
use crate::app::footer;
use crate::app::keymap::{Action, Scope};
use crate::app::model::Model;
use crate::app::msg::Snapshot;
use crate::app::session;
use crate::app::toast::Tone;
use crate::app::update::{call, refuse, say};
use crate::domain::limit::{self, Basis, LimitError};
use crate::domain::{Currency, Money, Month};

/// A limit as it was typed.
#[derive(Clone, Debug)]
pub(in crate::app) struct Draft {
    pub(super) month: Month,
    pub(super) category_id: Uuid,
    /// The category's name.
    name: String,
    pub(super) input: Input,
    /// The numbers that the text refers to.
    pub(super) basis: Basis,
    /// The revision of the numbers that were on the screen when it was written.
    seen: Option<i64>,
}

impl Draft {
    /// The limit it stands for; none when the limit is to be cleared.
    pub(super) fn reading(&self) -> Result<Option<i64>, LimitError> {
        limit::read(self.input.value(), &self.basis)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.input.value().trim().is_empty()
    }
}

/// A month whose limits were asked for, to be copied into the next one.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) struct Copying {
    request: u64,
    from: Month,
}

/// The draft of a category in the month that was asked for last.
pub(super) fn of(model: &Model, category_id: Uuid) -> Option<&Draft> {
    let month = model.wanted_month();
    let same = |draft: &&Draft| draft.category_id == category_id && draft.month == month;
    model.budgets.drafts.iter().find(same)
}

pub(super) fn of_mut(model: &mut Model, category_id: Uuid) -> Option<&mut Draft> {
    let month = model.wanted_month();
    let same = |draft: &&mut Draft| draft.category_id == category_id && draft.month == month;
    model.budgets.drafts.iter_mut().find(same)
}

/// Whether a draft has been sent and not been answered.
pub(super) fn is_on_its_way(model: &Model, draft: &Draft) -> bool {
    let sent = |change: &Change| matches!(change, Change::Limit(limit) if limit.month == draft.month && limit.category_id == draft.category_id);
    model.changes.iter().any(|(_, change)| sent(change))
}

/// What was typed and is not on its way.
pub(super) fn unsent(model: &Model) -> impl Iterator<Item = &Draft> {
    let drafts = model.budgets.drafts.iter();
    drafts.filter(|draft| !draft.is_empty() && !is_on_its_way(model, draft))
}

fn basis(row: &CategorySummary, currency: Currency) -> Basis {
    Basis {
        now: row.own_limit_minor(),
        past: row.past_minor.clone(),
        currency,
    }
}

/// Writes `text` into the draft of a category, a new one if there is none.
pub(super) fn write(model: &mut Model, category_id: Uuid, text: &str) {
    if let Some(draft) = of_mut(model, category_id) {
        draft.input = Input::new(text.to_owned());
        return;
    }
    let (month, currency) = (model.wanted_month(), model.currency());
    let seen = model.data.summary.as_ref().map(|summary| summary.revision);
    let Some(row) = find(model, category_id) else { return };
    let draft = Draft {
        month,
        category_id,
        name: row.category.name.clone(),
        input: Input::new(text.to_owned()),
        basis: basis(row, currency),
        seen,
    };
    model.budgets.drafts.push(draft);
}

/// Drops the draft of a category in the month that was asked for last.
pub(super) fn forget(model: &mut Model, category_id: Uuid) {
    drop_draft(model, model.wanted_month(), category_id);
}

pub(in crate::app) fn drop_draft(model: &mut Model, month: Month, category_id: Uuid) {
    let same = |draft: &Draft| draft.month == month && draft.category_id == category_id;
    model.budgets.drafts.retain(|draft| !same(draft));
}

/// Lets the drafts of the month shown refer to its newest numbers.
pub(super) fn follow(model: &mut Model) {
    let currency = model.currency();
    let Some(summary) = &model.data.summary else { return };
    for draft in model.budgets.drafts.iter_mut().filter(|d| d.month == summary.month) {
        let row = summary.categories.iter().find(|c| c.category.id == draft.category_id);
        if let Some(row) = row {
            draft.basis = basis(row, currency);
            draft.name.clone_from(&row.category.name);
        }
    }
}

/// A limit as it is typed.
fn typed(limit: Option<i64>, currency: Currency) -> String {
    limit.map_or("none".to_owned(), |minor| Money::new(minor, currency).typed())
}

/// A limit that would hold what the category has come to, and is expected to come to.
pub(super) fn enough(model: &Model, category_id: Uuid) -> Option<String> {
    let row = find(model, category_id).filter(|_| model.awaited_month().is_none())?;
    let expected = row.forecast.as_ref().map_or(0, |forecast| forecast.mid_minor);
    // What was carried over is part of the limit without being typed.
    let needed = row.spent_minor.max(expected).saturating_sub(row.carried_minor);
    let limit = limit::friendly(needed, model.currency());
    let more = row.own_limit_minor().is_none_or(|now| limit > now);
    more.then(|| typed(Some(limit), model.currency()))
}

/// `t`: writes the suggestion in.
pub(super) fn take(model: &mut Model, category_id: Uuid) -> Vec<Effect> {
    let Some(row) = find(model, category_id) else {
        return Vec::new();
    };
    let name = row.category.name.clone();
    match suggestion(model, row) {
        Some(found) => {
            let text = typed(Some(found.take), model.currency());
            write(model, category_id, &text);
            model.toast = None;
            Vec::new()
        }
        None => refuse(
            model,
            format!("No suggestion for {name}: its limit fits, or its past is too short."),
        ),
    }
}

/// Writes in that the limit goes.
pub(super) fn clear(model: &mut Model, category_id: Uuid) -> Vec<Effect> {
    if find(model, category_id).is_none_or(|row| row.own_limit_minor().is_none()) {
        return refuse(model, "There is no limit to clear here.");
    }
    write(model, category_id, "none");
    model.toast = None;
    Vec::new()
}

/// Sends the draft of one category.
pub(super) fn save(model: &mut Model, category_id: Uuid) -> Vec<Effect> {
    if let Some(month) = model.awaited_month() {
        return refuse(model, format!("{} is still loading.", month.long_name()));
    }
    let Some(draft) = of(model, category_id).cloned() else {
        return Vec::new();
    };
    if is_on_its_way(model, &draft) {
        return refuse(model, "This limit is on its way already.");
    }
    match draft.reading() {
        Err(why) => {
            field::complain(model, category_id, why.to_string());
            Vec::new()
        }
        Ok(limit) => {
            model.budgets.field = None;
            send(model, &draft, limit).unwrap_or_else(|| refuse(model, "The limit is this already."))
        }
    }
}

/// Sends a draft, or drops it when there is nothing to change.
fn send(model: &mut Model, draft: &Draft, limit: Option<i64>) -> Option<Vec<Effect>> {
    if limit == draft.basis.now {
        drop_draft(model, draft.month, draft.category_id);
        return None;
    }
    let change = Change::Limit(LimitChange {
        month: draft.month,
        category_id: draft.category_id,
        category: draft.name.clone(),
        before: draft.basis.now,
        after: limit,
    });
    let request = changes::limit_call(draft.month, draft.category_id, limit, draft.seen);
    Some(changes::send(model, change, request))
}

/// Sends all drafts, those of other months too; the first that cannot be read is opened.
pub(super) fn save_all(model: &mut Model) -> Vec<Effect> {
    if let Some(month) = model.awaited_month() {
        return refuse(model, format!("{} is still loading.", month.long_name()));
    }
    let drafts: Vec<Draft> = unsent(model).cloned().collect();
    if drafts.is_empty() {
        return refuse(model, "There is nothing to save.");
    }
    model.budgets.field = None;
    let mut effects = Vec::new();
    for draft in &drafts {
        if let Ok(limit) = draft.reading() {
            effects.extend(send(model, draft, limit).unwrap_or_default());
        }
    }
    let unread = drafts.iter().find_map(|draft| Some((draft, draft.reading().err()?)));
    if let Some((draft, why)) = unread {
        if draft.month == model.wanted_month() {
            field::complain(model, draft.category_id, why.to_string());
        }
        let words = format!("{} in {} is not saved. {why}", draft.name, draft.month.long_name());
        effects.extend(refuse(model, words));
    }
    effects
}

/// The server has a limit now: its draft has done its work, unless it was changed meanwhile.
pub(in crate::app) fn settled(model: &mut Model, month: Month, category_id: Uuid, after: Option<i64>) {
    let done = |draft: &Draft| {
        draft.month == month && draft.category_id == category_id && draft.reading().is_ok_and(|limit| limit == after)
    };
    model.budgets.drafts.retain(|draft| !done(draft));
    let Some(summary) = model.data.summary.as_mut().filter(|s| s.month == month) else {
        return;
    };
    // Shown at once: the numbers on their way say the same.
    for row in summary.categories.iter_mut().filter(|c| c.category.id == category_id) {
        row.limit_minor = after.map(|limit| limit.saturating_add(row.carried_minor));
    }
}

/// `C`: asks for the limits of the month before.
pub(super) fn copy(model: &mut Model) -> Vec<Effect> {
    if let Some(month) = model.awaited_month() {
        return refuse(model, format!("{} is still loading.", month.long_name()));
    }
    let Some(summary) = &model.data.summary else {
        return refuse(model, "There are no limits yet to compare with.");
    };
    let from = summary.month.plus(-1);
    let request = Call::Refresh {
        month: Some(from),
        known: Some(summary.revision),
        seen: None,
    };
    let (id, effect) = call(model, Slot::Copy, request);
    model.budgets.copying = Some(Copying { request: id, from });
    vec![effect]
}

/// The limits of the month before are here: those that differ are written in.
pub(in crate::app) fn copied(model: &mut Model, request: u64, result: Result<Snapshot, Failure>) -> Vec<Effect> {
    let Some(Copying { from, .. }) = model.budgets.copying.take_if(|copying| copying.request == request) else {
        return Vec::new();
    };
    let snapshot = match result {
        Ok(snapshot) => snapshot,
        Err(Failure::SignedOut) => return session::expired(model),
        Err(failure) => return vec![say(model, Tone::Bad, failure.to_string())],
    };
    if snapshot.summary.month != from || model.wanted_month() != from.plus(1) || model.awaited_month().is_some() {
        return Vec::new();
    }
    let different = differing(model, &snapshot.summary);
    let name = from.first_day().strftime("%B").to_string();
    if different.is_empty() {
        return refuse(model, format!("{name} had the same limits."));
    }
    for (id, limit) in &different {
        let text = typed(*limit, model.currency());
        write(model, *id, &text);
    }
    let words = match different.len() {
        1 => format!("1 limit of {name} is written in: Enter on it saves it."),
        count => format!(
            "{count} limits of {name} are written in: {} saves them.",
            save_key(model)
        ),
    };
    vec![say(model, Tone::Good, words)]
}

/// The limits of `summary` that are not those of the month shown.
fn differing(model: &Model, summary: &Summary) -> Vec<(Uuid, Option<i64>)> {
    let rows = rows(model).filter(|row| row.category.kind.is_spending() && !row.category.hidden);
    rows.filter_map(|row| {
        let id = row.category.id;
        let then = summary
            .categories
            .iter()
            .find(|c| c.category.id == id)?
            .own_limit_minor();
        (then != row.own_limit_minor()).then_some((id, then))
    })
    .collect()
}

/// The key that saves all.
fn save_key(model: &Model) -> String {
    footer::key_of(model, Scope::Budgets, Action::SaveAll)
}

/// `120 → 150`; amounts as they are.
pub(super) fn step(model: &Model, from: Option<i64>, to: Option<i64>) -> String {
    let money =
        |limit: Option<i64>| limit.map_or("none".to_owned(), |minor| Money::new(minor, model.currency()).short());
    format!("{} {} {}", money(from), model.skin().glyphs.arrow, money(to))
}

/// `unsaved: Dining 120 → 150, Fun 80 → 90, 2 more`; none when nothing is.
pub(in crate::app) fn unsaved_words(model: &Model) -> Option<String> {
    const NAMED: usize = 3;
    let drafts: Vec<&Draft> = unsent(model).collect();
    let mut parts: Vec<String> = drafts.iter().take(NAMED).map(|draft| words(model, draft)).collect();
    if parts.is_empty() {
        return None;
    }
    if drafts.len() > NAMED {
        parts.push(format!("{} more", drafts.len() - NAMED));
    }
    let all = if drafts.len() > 1 && model.budgets.field.is_none() {
        format!("   {} saves all", save_key(model))
    } else {
        String::new()
    };
    Some(format!("unsaved: {}{all}", parts.join(", ")))
}

fn words(model: &Model, draft: &Draft) -> String {
    let change = match draft.reading() {
        Ok(limit) => step(model, draft.basis.now, limit),
        Err(_) => format!("\"{}\"", draft.input.value().trim()),
    };
    let month = if draft.month == model.wanted_month() {
        String::new()
    } else {
        format!(" in {}", draft.month.short_name())
    };
    format!("{} {change}{month}", draft.name)
}
