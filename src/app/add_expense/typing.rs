//! What follows from each key in a field: a prediction when the typing pauses, an earlier description to take over.

use std::time::Duration;

use tui_input::Input;
use uuid::Uuid;

use super::form::{Field, Form, Guess};
use super::reading::{self, Reading};
use crate::api::{Dialect, Failure, Prediction};
use crate::app::effect::{Call, Effect, Slot};
use crate::app::model::Model;
use crate::app::msg::Timer;
use crate::app::session;
use crate::app::update::{call, unsupported};
use crate::domain::text::{MAX_DESCRIPTION, clean};

/// How long the typing must pause before the category is predicted.
const TYPING_PAUSE: Duration = Duration::from_millis(150);
/// How many of the latest expenses are looked through for a description that goes on as the text begins.
const COMPLETED_FROM: usize = 2000;

/// Asks once more for a prediction that the form was closed on.
pub(in crate::app) fn resume(model: &Model) -> Vec<Effect> {
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
pub(in crate::app) fn on_typed(model: &mut Model) -> Vec<Effect> {
    let classic = model.dialect == Dialect::Classic;
    let Some(form) = model.form.as_deref_mut() else {
        return Vec::new();
    };
    let focus = form.focus;
    form.forgive(focus);
    match focus {
        Field::Category if classic => {
            form.search.reset();
            return unsupported(model, "choosing the category");
        }
        Field::Category => {
            find_category(model);
            return Vec::new();
        }
        Field::Description => {
            form.warned = false;
            complete(model);
        }
        Field::Amount | Field::Day | Field::Always => {}
    }
    if let Some(form) = &mut model.form {
        form.touched = true;
    }
    predict_anew(model, focus)
}

/// Predicts again when the description is another one, or when another amount may make it another category; else a
/// number typed behind it changes nothing.
fn predict_anew(model: &mut Model, focus: Field) -> Vec<Effect> {
    let Some(form) = model.form.as_deref() else {
        return Vec::new();
    };
    if form.before.is_some() && focus != Field::Description {
        return Vec::new();
    }
    let reading = Reading::of(model, form);
    let amount = reading.amount.ok().map(|amount| amount.minor);
    let about = reading.description.ok();
    let about = about.filter(|_| model.dialect == Dialect::V1);
    let Some(form) = model.form.as_deref_mut() else {
        return Vec::new();
    };
    if about.is_some() && about == form.about && form.guess != Guess::None {
        if form.depends_on_amount() && amount != form.asked_amount {
            // What is shown stays until the answer to the amount is here.
            return vec![predict_soon()];
        }
        return Vec::new();
    }
    form.asked = None;
    form.about = None;
    if about.is_none() {
        form.guess = Guess::None;
        return vec![Effect::Stop(Timer::Predict)];
    }
    // A word on its way to be a day was part of the description for a moment.
    if let Some((text, prediction)) = form.known.clone().filter(|(text, _)| Some(text) == about.as_ref()) {
        form.guess = Guess::Known(prediction);
        form.about = Some(text);
        return vec![Effect::Stop(Timer::Predict)];
    }
    form.guess = Guess::Waiting;
    vec![predict_soon()]
}

/// Looks for an earlier description that begins as the text does.
fn complete(model: &mut Model) {
    let Some(form) = model.form.as_deref() else { return };
    let typed = form.description.value().trim_start().to_lowercase();
    let goes_on = |text: &&String| {
        let mut letters = text.chars().flat_map(char::to_lowercase);
        typed.chars().all(|letter| letters.next() == Some(letter)) && letters.next().is_some()
    };
    let found = if typed.chars().count() < 2 || form.before.is_some() {
        None
    } else {
        let earlier = model.data.expenses.iter().take(COMPLETED_FROM);
        earlier.map(|expense| &expense.description).find(goes_on)
    };
    // What a server sends may hold what nobody types.
    let found = found.and_then(|text| clean(text, MAX_DESCRIPTION).ok());
    if let Some(form) = &mut model.form {
        form.completion = found;
    }
}

/// Takes the earlier description over: as a text, whatever numbers stand in it.
pub(super) fn take_completion(model: &mut Model) -> Vec<Effect> {
    let Some(form) = model.form.as_deref_mut() else {
        return Vec::new();
    };
    if let Some(text) = form.completion.take() {
        form.description = Input::new(text.clone());
        form.accepted = text;
    }
    on_typed(model)
}

/// Takes the category that the typed letters mean.
fn find_category(model: &mut Model) {
    let Some(form) = model.form.as_deref() else { return };
    let typed = form.search.value().trim().to_lowercase();
    if typed.is_empty() {
        return;
    }
    let numbered = typed.parse().ok().and_then(|number| likely_one(model, form, number));
    let found = reading::named(model, &typed).or(numbered);
    let Some(form) = model.form.as_deref_mut() else { return };
    if numbered.is_some() {
        form.search.reset();
    }
    match found {
        Some(id) => {
            form.category = Some(id);
            form.touched = true;
        }
        None => form.blame(Field::Category, format!("No category \"{typed}\".")),
    }
}

/// The likely category that a number stands beside, counted from 1.
fn likely_one(model: &Model, form: &Form, number: usize) -> Option<Uuid> {
    let choice = form.others(model).nth(number.checked_sub(1)?)?;
    Some(choice.category_id)
}

/// The typing paused.
pub(in crate::app) fn predict(model: &mut Model) -> Vec<Effect> {
    let Some(form) = model.form.as_deref() else {
        return Vec::new();
    };
    let reading = Reading::of(model, form);
    let amount = reading.amount.ok().map(|amount| amount.minor);
    let Ok(description) = reading.description else {
        if let Some(form) = &mut model.form {
            form.guess = Guess::None;
        }
        return Vec::new();
    };
    let now = model.unix_ms;
    let (id, effect) = call(model, Slot::Predict, Call::Predict(description.clone(), amount));
    if let Some(form) = model.form.as_deref_mut() {
        form.asked = Some(id);
        form.about = Some(description);
        form.asked_amount = amount;
        form.asked_at = now;
    }
    vec![effect]
}

pub(in crate::app) fn predicted(model: &mut Model, id: u64, result: Result<Prediction, Failure>) -> Vec<Effect> {
    let now = model.unix_ms;
    let form = model.form.as_deref_mut();
    let Some(form) = form.filter(|form| form.asked == Some(id)) else {
        return Vec::new();
    };
    form.asked = None;
    form.took = now.saturating_sub(form.asked_at);
    form.guess = match result {
        Ok(prediction) => {
            form.known = form.about.clone().map(|text| (text, prediction.clone()));
            Guess::Known(prediction)
        }
        Err(Failure::SignedOut) => return session::expired(model),
        // Saving works all the same, and says so if it does not.
        Err(failure) => Guess::Failed(failure),
    };
    Vec::new()
}
