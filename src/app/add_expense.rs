//! Adding and editing an expense.

use tui_input::Input;
use uuid::Uuid;

use super::always;
use super::changes::{self, Change};
use super::effect::{Call, Effect, Slot};
use super::footer::{key_name, key_of};
use super::keymap::{Action, Scope};
use super::model::Model;
use super::msg::Stamp;
use super::sync;
use super::toast::Tone;
use super::update::{refuse, say, unsupported};
use crate::api::{Dialect, ErrorCode, Expense, ExpensePatch, Failure, NewExpense};

mod form;
mod reading;
mod typing;
mod view;
use form::{Field, Holds};
pub(super) use form::{Form, Guess};
use reading::{Reading, Values};
use typing::take_completion;
pub(super) use typing::{on_typed, predict, predicted, resume};
pub(super) use view::{pane, view};

/// `a`: an empty form, or the one that was closed with text in it.
pub(super) fn open_new(model: &mut Model, stamp: Stamp) -> Vec<Effect> {
    let mut effects = Vec::new();
    let form = match model.draft.take() {
        Some(mut draft) => {
            draft.focus = Field::Description;
            let key = key_of(model, Scope::ExpenseForm, Action::Discard);
            let words = format!("Your unfinished expense is back. {key} throws it away.");
            effects.push(say(model, Tone::Good, words));
            draft
        }
        None => Box::new(Form::new(stamp.id)),
    };
    model.form = Some(form);
    effects.extend(resume(model));
    effects
}

/// A text pasted outside a field: is it an expense? Enter says yes, Esc says no.
pub(super) fn open_pasted(model: &mut Model, line: String, more: bool, stamp: Stamp) -> Vec<Effect> {
    if model.draft.as_deref().is_some_and(Form::has_text) {
        let key = key_name(model, Action::Add);
        return refuse(
            model,
            format!("An unfinished expense waits: {key} opens it. Then paste."),
        );
    }
    let mut form = Box::new(Form::new(stamp.id));
    form.description = Input::new(line);
    model.form = Some(form);
    let question = if more {
        "Add the first line as an expense? Enter saves it, Esc does not."
    } else {
        "Add this as an expense? Enter saves it, Esc does not."
    };
    let mut effects = on_typed(model);
    if let Some(form) = &mut model.form {
        // Nobody typed it, so nothing is lost when it is not wanted.
        form.touched = false;
    }
    effects.push(say(model, Tone::Good, question));
    effects
}

/// `e` on an expense.
pub(super) fn open_edit(model: &mut Model, expense: &Expense) -> Vec<Effect> {
    model.form = Some(Box::new(Form::of(expense, model.currency())));
    Vec::new()
}

pub(super) fn on_action(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(form) = model.form.as_deref_mut() else {
        return Vec::new();
    };
    match (action, form.pending) {
        (Action::Cancel, Some(id)) => return cancel_sending(model, id),
        (Action::Cancel, None) => return close(model),
        (Action::NextField, None) => return move_focus(model, true),
        (Action::PreviousField, None) => return move_focus(model, false),
        (Action::Discard, None) => return discard(model),
        (Action::Always, None) => return toggle_always(model),
        (Action::NextChoice, None) => return choose(model, true),
        (Action::PreviousChoice, None) => return choose(model, false),
        (Action::TakeCompletion, None) => return take_completion(model),
        (Action::Submit, None) => return submit(model, false),
        (Action::SubmitAndNew, None) => return submit(model, true),
        _ => {}
    }
    Vec::new()
}

fn move_focus(model: &mut Model, forward: bool) -> Vec<Effect> {
    let offers_rule = model.form.as_deref().is_some_and(|form| form.offered(model).is_some());
    if let Some(form) = model.form.as_deref_mut() {
        form.move_focus(forward, offers_rule);
    }
    Vec::new()
}

/// Whether the choice shall hold for the merchant from now on.
fn toggle_always(model: &mut Model) -> Vec<Effect> {
    if model.form.as_deref().is_none_or(|form| form.offered(model).is_none()) {
        return refuse(model, "Change the category first; then it can be made a rule.");
    }
    if let Some(form) = model.form.as_deref_mut() {
        form.holds = match form.holds {
            Holds::Once => Holds::Always,
            Holds::Always => Holds::Once,
        };
    }
    Vec::new()
}

/// Esc while it is being sent: the server may have stored it, so look.
fn cancel_sending(model: &mut Model, id: u64) -> Vec<Effect> {
    if let Some(form) = model.form.as_deref_mut() {
        form.pending = None;
    }
    model.changes.retain(|(number, _)| *number != id);
    model.ahead.clear();
    let mut effects = vec![Effect::Cancel(Slot::Change(id))];
    effects.extend(sync::refresh(model));
    effects.push(say(model, Tone::Warn, "Cancelled; what you typed is kept."));
    effects
}

fn close(model: &mut Model) -> Vec<Effect> {
    model.toast = None;
    match model.form.take() {
        Some(form) if form.has_text() && form.before.is_none() => {
            model.draft = Some(form);
            let key = key_name(model, Action::Add);
            vec![say(model, Tone::Warn, format!("Not saved yet. {key} opens it again."))]
        }
        Some(form) if form.has_text() => vec![say(model, Tone::Warn, "Nothing was changed.")],
        _ => Vec::new(),
    }
}

/// Throws away what was typed for a new expense: Esc keeps it.
fn discard(model: &mut Model) -> Vec<Effect> {
    let Some(form) = model.form.take_if(|form| form.is_draft()) else {
        return refuse(model, "There is nothing new here to throw away. Esc closes.");
    };
    let what = match form.description.value().trim() {
        "" => "Threw away what was typed.".to_owned(),
        words => format!("Threw away {words}."),
    };
    vec![say(model, Tone::Warn, what)]
}

fn choose(model: &mut Model, forward: bool) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "choosing the category");
    }
    let known = model.categories().iter().filter(|c| !c.category.hidden);
    let all: Vec<_> = known.map(|c| c.category.id).collect();
    let now = model.form.as_deref().and_then(|form| Reading::of(model, form).chosen);
    if let Some(form) = model.form.as_deref_mut() {
        form.choose(now, &all, forward);
    }
    Vec::new()
}

fn submit(model: &mut Model, and_new: bool) -> Vec<Effect> {
    let Some(form) = model.form.as_deref() else {
        return Vec::new();
    };
    let reading = Reading::of(model, form);
    let (unsure, said_day) = (reading.unsure, reading.line.day.as_ref().map(|found| found.value));
    let Some(form) = model.form.as_deref_mut() else {
        return Vec::new();
    };
    if form.error(Field::Category).is_some() && !form.search.value().trim().is_empty() {
        // A category that does not exist is neither guessed nor passed over.
        form.focus = Field::Category;
        return Vec::new();
    }
    let Some(values) = form.accept(reading) else {
        let half_way = form.errors.is_empty();
        return if half_way {
            vec![say(model, Tone::Good, "How much was it?")]
        } else {
            Vec::new()
        };
    };
    if unsure && !form.warned {
        form.warned = true;
        form.blame(Field::Category, "Not sure: choose, or Enter for later.".to_owned());
        return Vec::new();
    }
    form.and_new = and_new && form.before.is_none();
    let ticked = form.holds == Holds::Always;
    form.sent_day = said_day;
    let (change, request) = match form.before.clone() {
        None => {
            let new = new_expense(form, values);
            (Change::Add(new.clone()), Call::Add(new))
        }
        Some(before) => {
            let patch = patch(values, &before);
            if patch == ExpensePatch::default() {
                model.form = None;
                return vec![say(model, Tone::Good, "Nothing was changed.")];
            }
            let patch = ExpensePatch {
                base_revision: Some(before.revision),
                ..patch
            };
            let call = Call::Edit(before.id, patch.clone());
            (Change::Edit { before, patch }, call)
        }
    };
    let rule = if ticked { rule_wish(model) } else { None };
    let (id, effect) = changes::send_numbered(model, change, request);
    let rule = rule.map_or_else(Vec::new, |wish| always::make(model, wish, Some(id)));
    if let Some(form) = model.form.as_deref_mut() {
        form.pending = Some(id);
        // Sent again after a refusal, it would be made again.
        form.holds = Holds::Once;
    }
    rule.into_iter().chain([effect]).collect()
}

/// The box is ticked: the choice holds for the merchant.
fn rule_wish(model: &Model) -> Option<always::Wish> {
    let form = model.form.as_deref()?;
    Some(always::Wish {
        expense: form.before.as_ref()?.id,
        merchant: form.offered(model)?,
        category_id: form.category?,
    })
}

fn new_expense(form: &Form, values: Values) -> NewExpense {
    NewExpense {
        id: form.id,
        day: Some(values.day),
        description: values.description,
        amount_minor: values.amount.minor,
        category_id: values.category,
    }
}

/// Only what was changed.
fn patch(values: Values, before: &Expense) -> ExpensePatch {
    ExpensePatch {
        day: Some(values.day).filter(|day| *day != before.day),
        description: Some(values.description).filter(|text| *text != before.description),
        amount_minor: Some(values.amount.minor).filter(|minor| *minor != before.amount_minor),
        category_id: values
            .category
            .filter(|_| values.category != before.category_id)
            .map(Some),
        ..ExpensePatch::default()
    }
}

/// The change `id` is stored: the form closes, or begins anew.
pub(super) fn saved(model: &mut Model, id: u64, stamp: Stamp) {
    let form = model.form.as_deref_mut();
    let Some(form) = form.filter(|form| form.pending == Some(id)) else {
        return;
    };
    if form.and_new {
        *form = form.after(stamp.id);
    } else {
        model.form = None;
    }
}

/// The change `id` goes on under another number.
pub(super) fn renumber(model: &mut Model, id: u64, next: u64) {
    let form = model.form.as_deref_mut();
    if let Some(form) = form.filter(|form| form.pending == Some(id)) {
        form.pending = Some(next);
    }
}

/// The change `id` was not taken: the form waits for nothing more, and keeps what was typed.
pub(super) fn interrupted(model: &mut Model, id: u64) {
    let form = model.form.as_deref_mut();
    if let Some(form) = form.filter(|form| form.pending == Some(id)) {
        form.interrupted();
    }
}

/// The form in which `expense` is edited, if it is open.
fn form_of(model: &mut Model, expense: Uuid) -> Option<&mut Form> {
    let form = model.form.as_deref_mut()?;
    (form.before.as_ref()?.id == expense).then_some(form)
}

/// Closes the form of an expense that stays as it is stored.
pub(super) fn close_edit(model: &mut Model, expense: Uuid) {
    if form_of(model, expense).is_some() {
        model.form = None;
    }
}

/// The form's change goes out once more, under the number `id`.
pub(super) fn sent_again(model: &mut Model, expense: Uuid, id: u64) {
    if let Some(form) = form_of(model, expense) {
        form.pending = Some(id);
    }
}

/// The expense was changed elsewhere into `now`: fields that nobody touched here follow it.
pub(super) fn rebase(model: &mut Model, now: Expense) {
    let currency = model.currency();
    if let Some(form) = form_of(model, now.id) {
        form.rebase(now, currency);
    }
}

/// The change `id` failed; whether the form shows it.
pub(super) fn refused(model: &mut Model, id: u64, failure: &Failure) -> bool {
    let form = model.form.as_deref_mut();
    let Some(form) = form.filter(|form| form.pending == Some(id)) else {
        return false;
    };
    form.pending = None;
    let field = match failure {
        Failure::Rejected(error) => match error.field.as_deref() {
            Some("description") => Some(Field::Description),
            Some("amount_minor" | "amount") => Some(Field::Amount),
            Some("day") => Some(Field::Day),
            Some("category_id") => Some(Field::Category),
            _ => None,
        },
        _ => None,
    };
    let gone = matches!(failure, Failure::Rejected(error) if error.code == ErrorCode::NotFound);
    match field {
        None if gone && form.before.is_some() => {
            form.trouble = Some("This expense was deleted elsewhere meanwhile. Esc closes.".to_owned());
        }
        Some(field) => form.blame(field, failure.to_string()),
        None => form.trouble = Some(format!("Not saved. {failure} Enter tries again.")),
    }
    true
}
