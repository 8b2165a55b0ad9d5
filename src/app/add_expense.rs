//! Adding and editing an expense.

use std::time::Duration;

use uuid::Uuid;

use super::changes::{self, Change};
use super::effect::{Call, Effect, Slot};
use super::keymap::Action;
use super::model::{Model, Tone};
use super::msg::{Stamp, Timer};
use super::update::{call, say, unsupported};
use super::{session, sync};
use crate::api::{Dialect, ErrorCode, Expense, ExpensePatch, Failure, NewExpense, Prediction};

mod form;
mod pane;
mod view;
use form::{Field, Values};
pub(super) use form::{Form, Guess};
pub(super) use pane::pane;
pub(super) use view::view;

/// How long the typing must pause before the category is predicted.
const TYPING_PAUSE: Duration = Duration::from_millis(150);

/// `a`: an empty form, or the one that was closed with text in it.
pub(super) fn open_new(model: &mut Model, stamp: Stamp) -> Vec<Effect> {
    let mut effects = Vec::new();
    let form = match model.draft.take() {
        Some(draft) => {
            effects.push(say(
                model,
                Tone::Good,
                "Your unfinished expense is back. ^U empties a field.",
            ));
            draft
        }
        None => Box::new(Form::new(stamp.id)),
    };
    model.form = Some(form);
    effects.extend(resume(model));
    effects
}

/// `e` on an expense.
pub(super) fn open_edit(model: &mut Model, expense: &Expense) -> Vec<Effect> {
    model.form = Some(Box::new(Form::of(expense, model.currency())));
    Vec::new()
}

/// Asks once more for a prediction that the form was closed on.
pub(super) fn resume(model: &Model) -> Vec<Effect> {
    match model.form.as_deref() {
        Some(form) if form.guess == Guess::Waiting => vec![predict_soon()],
        _ => Vec::new(),
    }
}

fn predict_soon() -> Effect {
    Effect::Wait {
        timer: Timer::Predict,
        after: TYPING_PAUSE,
        jitter: false,
    }
}

/// The focused field's text changed.
pub(super) fn on_typed(model: &mut Model) -> Vec<Effect> {
    let classic = model.dialect == Dialect::Classic;
    let Some(form) = model.form.as_deref_mut() else {
        return Vec::new();
    };
    let focus = form.focus;
    form.forgive(focus);
    match focus {
        Field::Description => {
            form.touched = true;
            form.warned = false;
            form.asked = None;
            if classic || form.description.value().trim().is_empty() {
                form.guess = Guess::None;
                return vec![Effect::Stop(Timer::Predict)];
            }
            form.guess = Guess::Waiting;
            vec![predict_soon()]
        }
        Field::Category if classic => {
            form.search.reset();
            unsupported(model, "choosing the category")
        }
        Field::Category => {
            find_category(model);
            Vec::new()
        }
        Field::Amount | Field::Day => {
            form.touched = true;
            Vec::new()
        }
    }
}

/// Takes the first category that begins with the typed letters, or has them somewhere.
fn find_category(model: &mut Model) {
    let names: Vec<_> = model
        .categories()
        .iter()
        .map(|c| (c.category.id, c.category.name.to_lowercase()))
        .collect();
    let Some(form) = model.form.as_deref_mut() else { return };
    let typed = form.search.value().trim().to_lowercase();
    if typed.is_empty() {
        return;
    }
    let begins = names.iter().find(|(_, name)| name.starts_with(&typed));
    match begins.or_else(|| names.iter().find(|(_, name)| name.contains(&typed))) {
        Some((id, _)) => {
            form.category = Some(*id);
            form.touched = true;
        }
        None => form.blame(Field::Category, format!("No category \"{typed}\".")),
    }
}

/// The typing paused.
pub(super) fn predict(model: &mut Model) -> Vec<Effect> {
    let Some(form) = model.form.as_deref_mut() else {
        return Vec::new();
    };
    let Ok(description) = form.parsed_description() else {
        form.guess = Guess::None;
        return Vec::new();
    };
    let (id, effect) = call(model, Slot::Predict, Call::Predict(description));
    if let Some(form) = model.form.as_deref_mut() {
        form.asked = Some(id);
    }
    vec![effect]
}

pub(super) fn predicted(model: &mut Model, id: u64, result: Result<Prediction, Failure>) -> Vec<Effect> {
    let form = model.form.as_deref_mut();
    let Some(form) = form.filter(|form| form.asked == Some(id)) else {
        return Vec::new();
    };
    form.asked = None;
    form.guess = match result {
        Ok(prediction) => Guess::Known(prediction),
        Err(Failure::SignedOut) => return session::expired(model),
        // Saving works all the same, and says so if it does not.
        Err(failure) => Guess::Failed(failure),
    };
    Vec::new()
}

pub(super) fn on_action(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(form) = model.form.as_deref_mut() else {
        return Vec::new();
    };
    match (action, form.pending) {
        (Action::Cancel, Some(id)) => return cancel_sending(model, id),
        (Action::Cancel, None) => return close(model),
        (Action::NextField, None) => form.move_focus(1),
        (Action::PreviousField, None) => form.move_focus(form::FIELDS.len() - 1),
        (Action::NextChoice, None) => return choose(model, true),
        (Action::PreviousChoice, None) => return choose(model, false),
        (Action::Submit, None) => return submit(model, false),
        (Action::SubmitAndNew, None) => return submit(model, true),
        _ => {}
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
            vec![say(model, Tone::Warn, "Not saved yet. a opens it again.")]
        }
        Some(form) if form.has_text() => vec![say(model, Tone::Warn, "Nothing was changed.")],
        _ => Vec::new(),
    }
}

fn choose(model: &mut Model, forward: bool) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "choosing the category");
    }
    let all: Vec<_> = model.categories().iter().map(|c| c.category.id).collect();
    if let Some(form) = model.form.as_deref_mut() {
        form.choose(&all, forward);
    }
    Vec::new()
}

fn submit(model: &mut Model, and_new: bool) -> Vec<Effect> {
    let (today, currency) = (model.today(), model.currency());
    let Some(form) = model.form.as_deref_mut() else {
        return Vec::new();
    };
    if form.error(Field::Category).is_some() && !form.search.value().trim().is_empty() {
        // A category that does not exist is neither guessed nor passed over.
        form.focus = Field::Category;
        return Vec::new();
    }
    let Some(values) = form.read(today, currency) else {
        return Vec::new();
    };
    if form.is_unsure() {
        form.warned = true;
        form.blame(Field::Category, "Not sure: choose one, or Enter again.".to_owned());
        return Vec::new();
    }
    form.and_new = and_new && form.before.is_none();
    let (change, request) = match form.before.clone() {
        None => {
            let new = new_expense(form, values);
            (Change::Add(new.clone()), Call::Add(new))
        }
        Some(before) => {
            let patch = patch(form, values, &before);
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
    let (id, effect) = changes::send_numbered(model, change, request);
    if let Some(form) = model.form.as_deref_mut() {
        form.pending = Some(id);
    }
    vec![effect]
}

fn new_expense(form: &Form, values: Values) -> NewExpense {
    NewExpense {
        id: form.id,
        day: Some(values.day),
        description: values.description,
        amount_minor: values.amount.minor,
        category_id: form.category,
    }
}

/// Only what was changed.
fn patch(form: &Form, values: Values, before: &Expense) -> ExpensePatch {
    ExpensePatch {
        day: Some(values.day).filter(|day| *day != before.day),
        description: Some(values.description).filter(|text| *text != before.description),
        amount_minor: Some(values.amount.minor).filter(|minor| *minor != before.amount_minor),
        category_id: form.category.filter(|_| form.category != before.category_id).map(Some),
        base_revision: None,
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
