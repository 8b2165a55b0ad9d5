//! Leaving: at once when nothing would be lost, at the second time otherwise.

use super::effect::Effect;
use super::footer::key_name;
use super::keymap::Action;
use super::model::Model;
use super::move_money::MoveMoney;
use super::toast::{Offer, Tone};
use super::toast::{offer, say};
use super::{add_expense, budgets, session};

/// What would be lost by leaving now, and how to keep it.
fn unsaved(model: &Model) -> Option<String> {
    use add_expense::Form;
    if model.form.as_deref().is_some_and(Form::has_text) {
        Some("This expense is not saved: Enter saves it.".to_owned())
    } else if model.parked.as_ref().is_some_and(session::Parked::has_text) {
        Some("An expense is not saved: log in and save it.".to_owned())
    } else if model.draft.as_deref().is_some_and(Form::has_text) {
        Some(format!(
            "An expense is not saved: {} opens it.",
            key_name(model, Action::Add)
        ))
    } else if model.moving.as_deref().is_some_and(MoveMoney::has_text) {
        Some("This money is not moved: Enter moves it.".to_owned())
    } else if let Some(what) = budgets::unsaved(model) {
        Some(what.to_owned())
    } else if !model.changes.is_empty() || model.sessions.is_ending() {
        Some("A change is still on its way to the server.".to_owned())
    } else {
        None
    }
}

/// Leaves, or says first what would be lost.
pub(super) fn quit(model: &mut Model) -> Vec<Effect> {
    let told = model.toast.as_ref().is_some_and(|toast| toast.offer == Offer::Leave);
    match unsaved(model) {
        Some(what) if !told => {
            let effect = say(model, Tone::Warn, format!("{what} Quit again leaves without it."));
            vec![offer(model, Offer::Leave, effect)]
        }
        _ => {
            model.quit = true;
            vec![Effect::Quit]
        }
    }
}

/// Takes the question back whether to leave.
pub(super) fn stay(model: &mut Model) {
    model.toast.take_if(|toast| toast.offer == Offer::Leave);
}
