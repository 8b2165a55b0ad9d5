//! The categories that fit the expense in question: in the review, the chooser or beside the list.

use std::time::Duration;

use uuid::Uuid;

use super::add_expense::{Form, Guess};
use super::effect::{Call, Effect, Slot};
use super::model::Model;
use super::msg::Timer;
use super::update::call;
use super::{chooser, expenses, review, session};
use crate::api::{Choice, Dialect, Expense, Failure, Prediction};

/// How long the cursor must rest on a row before it is asked about.
const PAUSE: Duration = Duration::from_millis(150);

/// What is known about one expense; it is kept until another one is in question.
#[derive(Clone, Debug)]
pub(super) struct Likely {
    /// Which expense, with the description that was asked about.
    of: Option<(Uuid, String)>,
    pub(super) guess: Guess,
    asked: Option<u64>,
    /// Whether the cursor rests on it.
    rested: bool,
}

impl Default for Likely {
    fn default() -> Self {
        Self {
            of: None,
            guess: Guess::None,
            asked: None,
            rested: false,
        }
    }
}

/// The expense in question, and whether the answer is wanted at once.
fn subject(model: &Model) -> Option<(&Expense, bool)> {
    if model.user.is_none() || model.dialect == Dialect::Classic {
        return None;
    }
    if let Some(only) = chooser::single(model) {
        return Some((only, true));
    }
    if let Some(edited) = model.form.as_deref().and_then(Form::edited) {
        return Some((edited, true));
    }
    if let Some(current) = review::current(model) {
        return Some((current, true));
    }
    expenses::in_detail(model).map(|row| (row, false))
}

/// Asks about the expense in question, unless that is done.
pub(super) fn keep_up(model: &mut Model) -> Vec<Effect> {
    let Some((expense, at_once)) = subject(model) else {
        return Vec::new();
    };
    let of = (expense.id, expense.description.clone());
    let (description, amount) = (of.1.clone(), expense.amount_minor);
    let new = model.likely.of.as_ref() != Some(&of);
    if new {
        model.likely = Likely {
            of: Some(of),
            guess: Guess::Waiting,
            ..Likely::default()
        };
    }
    let likely = &model.likely;
    if likely.guess != Guess::Waiting || likely.asked.is_some() {
        return Vec::new();
    }
    if at_once || likely.rested {
        let (id, effect) = call(model, Slot::Likely, Call::Predict(description, Some(amount)));
        model.likely.asked = Some(id);
        return vec![effect];
    }
    let wait = Effect::Wait {
        timer: Timer::Rest,
        after: PAUSE,
        jitter: false,
    };
    if new { vec![wait] } else { Vec::new() }
}

/// The keys rest.
pub(super) fn paused(model: &mut Model) {
    model.likely.rested = true;
}

/// Whether the answer to call `id` is about the expense in question.
pub(super) fn is_mine(model: &Model, id: u64) -> bool {
    model.likely.asked == Some(id)
}

pub(super) fn predicted(model: &mut Model, result: Result<Prediction, Failure>) -> Vec<Effect> {
    model.likely.asked = None;
    model.likely.guess = match result {
        Ok(prediction) => Guess::Known(prediction),
        Err(Failure::SignedOut) => return session::expired(model),
        Err(failure) => Guess::Failed(failure),
    };
    Vec::new()
}

/// What fits `expense`, best first; empty while that is not known.
pub(super) fn choices<'a>(model: &'a Model, expense: &Expense) -> &'a [Choice] {
    prediction(model, expense).map_or(&[], |prediction| &prediction.choices)
}

/// What is known of `expense`, once it is.
pub(super) fn prediction<'a>(model: &'a Model, expense: &Expense) -> Option<&'a Prediction> {
    match guess(model, expense) {
        Guess::Known(prediction) => Some(prediction),
        Guess::None | Guess::Waiting | Guess::Failed(_) => None,
    }
}

/// What was learned has changed: asks anew.
pub(super) fn forget(model: &mut Model) {
    model.likely = Likely::default();
}

/// How far the question about `expense` is.
pub(super) fn guess<'a>(model: &'a Model, expense: &Expense) -> &'a Guess {
    let about = |of: &(Uuid, String)| of.0 == expense.id && of.1 == expense.description;
    if model.likely.of.as_ref().is_some_and(about) {
        &model.likely.guess
    } else {
        &Guess::Waiting
    }
}
