//! A change that met another one: what stands there now, what was meant here, and which of them to keep.

use jiff::civil::Date;
use uuid::Uuid;

use super::changes::{self, Change};
use super::effect::{Call, Effect, LimitChange, Undo};
use super::history::{self, Way};
use super::model::Model;
use super::question::Question;
use super::toast::Tone;
use super::update::say;
use super::{add_expense, budgets, expenses, sync};
use crate::api::{Expense, ExpensePatch, SetBudget};
use crate::domain::expense::CategorySource;
use crate::domain::{Money, Month};

/// A change that was not made, because what it changes was changed elsewhere meanwhile.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Conflict {
    change: Change,
}

/// One thing that differs.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Difference {
    /// `Amount`.
    pub name: &'static str,
    /// What stands there now.
    pub there: String,
    /// What was meant here.
    pub here: String,
}

/// Asks which of the two to keep, and fetches what stands there now.
pub(super) fn ask(model: &mut Model, change: Change) -> Vec<Effect> {
    model.toast = None;
    model.questions.push_back(Question::conflict(Conflict { change }));
    model.data.lists = None;
    sync::refresh(model)
}

/// Takes what was changed elsewhere; what nobody else has changed is sent all the same.
pub(super) fn keep_theirs(model: &mut Model, conflict: &Conflict) -> Vec<Effect> {
    if let Some(id) = conflict.form() {
        add_expense::close_edit(model, id);
    }
    if let Some((now, patch)) = conflict.rest(model) {
        let call = Call::Edit(now.id, patch.clone());
        return changes::send(model, Change::Edit { before: now, patch }, call);
    }
    if let Change::Limit(limit) = &conflict.change {
        budgets::drop_draft(model, limit.month, limit.category_id);
    }
    vec![say(model, Tone::Good, "Kept what was changed elsewhere.")]
}

/// Sends the change once more, over what was changed elsewhere.
pub(super) fn keep_mine(model: &mut Model, conflict: Conflict) -> Vec<Effect> {
    let Some(call) = conflict.call(model) else {
        return Vec::new();
    };
    let form = conflict.form();
    let change = over_theirs(model, conflict.change);
    let (request, effect) = changes::send_numbered(model, change, call);
    if let Some(id) = form {
        add_expense::sent_again(model, id, request);
    }
    vec![effect]
}

/// The change as one of what stands there now: taking it back leads there, not further back.
fn over_theirs(model: &Model, change: Change) -> Change {
    match change {
        Change::Edit { before, patch } => Change::Edit {
            before: stored(model, before.id).cloned().unwrap_or(before),
            patch,
        },
        Change::Limit(limit) if limit.month == model.shown_month() => Change::Limit(LimitChange {
            before: changes::limit_of(model, limit.category_id),
            ..limit
        }),
        other => other,
    }
}

/// Back to what was typed; a form from now on rests on what stands there.
pub(super) fn go_on(model: &mut Model, conflict: Conflict) -> Vec<Effect> {
    match conflict.change {
        Change::Edit { before, .. } => {
            if let Some(now) = stored(model, before.id).cloned() {
                add_expense::rebase(model, now);
            }
        }
        Change::Back(undo) => model.history.put(Way::Back, undo),
        Change::Again(undo) => model.history.put(Way::Again, undo),
        _ => {}
    }
    Vec::new()
}

/// The expense as it is stored now, if the list shows it.
fn stored(model: &Model, id: Uuid) -> Option<&Expense> {
    expenses::at_hand(model).find(|row| row.id == id)
}

/// The expense as it would be without a change that was made: what others have changed in other fields stays.
pub(super) fn without(after: &Expense, before: &Expense, patch: &ExpensePatch) -> Expense {
    let mut expense = after.clone();
    expense.revision = before.revision;
    expense.note = None;
    if patch.day.is_some() {
        expense.day = before.day;
    }
    if patch.amount_minor.is_some() {
        expense.amount_minor = before.amount_minor;
    }
    if patch.description.is_some() {
        expense.description.clone_from(&before.description);
    }
    // A new description may have found a new category.
    let found = patch.description.is_some() && after.category_source != CategorySource::You;
    if found || patch.category_id.is_some() {
        expense.category_id = before.category_id;
        expense.category_source = before.category_source;
        expense.confidence = before.confidence;
    }
    expense
}

impl Conflict {
    /// The expense whose form is open over this, if one is.
    pub(super) fn form(&self) -> Option<Uuid> {
        match &self.change {
            Change::Edit { before, .. } => Some(before.id),
            _ => None,
        }
    }

    /// What it is about: `Ramen House`, `The limit of Dining`.
    pub(super) fn subject(&self) -> String {
        match &self.change {
            Change::Edit { before, .. }
            | Change::Back(Undo::Edited { before, .. })
            | Change::Again(Undo::Edited { before, .. }) => before.description.clone(),
            Change::Limit(limit) | Change::Back(Undo::Limit(limit)) | Change::Again(Undo::Limit(limit)) => {
                format!("The limit of {}", limit.category)
            }
            _ => "This".to_owned(),
        }
    }

    /// The change as a call that asks for no revision any more.
    fn call(&self, model: &Model) -> Option<Call> {
        let call = match &self.change {
            Change::Edit { before, patch } => Call::Edit(before.id, patch.clone()),
            Change::Limit(limit) => changes::limit_call(limit.month, limit.category_id, limit.after, None),
            Change::Back(undo) => history::call(model, undo, Way::Back),
            Change::Again(undo) => history::call(model, undo, Way::Again),
            Change::Add(_)
            | Change::Delete(_)
            | Change::DeleteMany(_)
            | Change::Place { .. }
            | Change::Calendar(_)
            | Change::Read(_)
            | Change::Merge { .. }
            | Change::Reversible(_) => return None,
        };
        Some(match call {
            Call::Edit(id, patch) => Call::Edit(
                id,
                ExpensePatch {
                    base_revision: None,
                    ..patch
                },
            ),
            Call::SetBudget(month, id, body) => Call::SetBudget(
                month,
                id,
                SetBudget {
                    base_revision: None,
                    ..body
                },
            ),
            Call::ClearBudget(month, id, _) => Call::ClearBudget(month, id, None),
            other => other,
        })
    }

    /// The expense as it was when this change was thought of.
    fn based_on(&self) -> Option<&Expense> {
        match &self.change {
            Change::Edit { before, .. } | Change::Again(Undo::Edited { before, .. }) => Some(before),
            Change::Back(Undo::Edited { after, .. }) => Some(after),
            _ => None,
        }
    }

    /// The expense as it is now, and what is left of an edit when theirs is kept; none when nothing is.
    fn rest(&self, model: &Model) -> Option<(Expense, ExpensePatch)> {
        let Change::Edit { before, patch } = &self.change else {
            return None;
        };
        let now = stored(model, before.id)?.clone();
        let category_id = patch.category_id.filter(|_| now.category_id == before.category_id);
        let rest = ExpensePatch {
            day: patch.day.filter(|_| now.day == before.day),
            description: patch
                .description
                .clone()
                .filter(|_| now.description == before.description),
            amount_minor: patch.amount_minor.filter(|_| now.amount_minor == before.amount_minor),
            category_id,
            placed_by: patch.placed_by.filter(|_| category_id.is_some()),
            base_revision: None,
        };
        (rest != ExpensePatch::default()).then(|| {
            let base_revision = Some(now.revision);
            (now, ExpensePatch { base_revision, ..rest })
        })
    }

    /// What differs; empty when it is not in sight, or both want the same.
    pub(super) fn differences(&self, model: &Model) -> Vec<Difference> {
        match self.call(model) {
            Some(Call::Edit(id, patch)) => {
                let now = stored(model, id);
                now.map_or(Vec::new(), |now| fields(model, now, &patch, self.based_on()))
            }
            Some(Call::SetBudget(month, id, body)) => limit(model, month, id, Some(body.limit_minor)),
            Some(Call::ClearBudget(month, id, _)) => limit(model, month, id, None),
            _ => Vec::new(),
        }
    }
}

/// The fields that both have changed: one that is as it was `before` met nothing.
fn fields(model: &Model, now: &Expense, patch: &ExpensePatch, before: Option<&Expense>) -> Vec<Difference> {
    let met = |is_as_before: fn(&Expense, &Expense) -> bool| !before.is_some_and(|before| is_as_before(now, before));
    let money = |minor| Money::new(minor, model.currency()).to_string();
    let category = |id| model.category_name(id).unwrap_or("none").to_owned();
    let day = |day: Date| model.locale().day(day, "%-d %b %Y");
    let all = [
        (
            "Description",
            now.description.clone(),
            patch.description.clone(),
            met(|now, before| now.description == before.description),
        ),
        (
            "Amount",
            money(now.amount_minor),
            patch.amount_minor.map(money),
            met(|now, before| now.amount_minor == before.amount_minor),
        ),
        (
            "Date",
            day(now.day),
            patch.day.map(day),
            met(|now, before| now.day == before.day),
        ),
        (
            "Category",
            category(now.category_id),
            patch.category_id.map(category),
            met(|now, before| now.category_id == before.category_id),
        ),
    ];
    let differs = |(name, there, here, met): (&'static str, String, Option<String>, bool)| {
        let here = here.filter(|here| met && *here != there)?;
        Some(Difference { name, there, here })
    };
    all.into_iter().filter_map(differs).collect()
}

fn limit(model: &Model, month: Month, category_id: Uuid, here: Option<i64>) -> Vec<Difference> {
    let there = changes::limit_of(model, category_id);
    if month != model.shown_month() || there == here {
        return Vec::new();
    }
    let words = |limit: Option<i64>| {
        limit.map_or("none".to_owned(), |minor| {
            Money::new(minor, model.currency()).short_symbol()
        })
    };
    vec![Difference {
        name: "Limit",
        there: words(there),
        here: words(here),
    }]
}
