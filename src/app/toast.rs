//! The line above the footer: what just happened, for some seconds.

use super::effect::Effect;
use super::model::Model;
use super::msg::Timer;
use super::sync;
use crate::api::Failure;

/// How long a toast stays.
const SECONDS: u8 = 8;

/// The line above the footer: the last thing that happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Toast {
    pub tone: Tone,
    pub text: String,
    /// Seconds left.
    pub seconds: u8,
    /// What a key can do about it.
    pub offer: Offer,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Offer {
    Nothing,
    /// `u` takes the change back.
    Undo,
    /// `^r` does it again.
    Redo,
    /// Quitting again leaves without what was not saved.
    Leave,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Tone {
    Good,
    Warn,
    Bad,
}

/// A second went by.
pub(super) fn tick(model: &mut Model) -> Vec<Effect> {
    match &mut model.toast {
        Some(toast) if toast.seconds > 1 => {
            toast.seconds -= 1;
            vec![one_second()]
        }
        _ => {
            model.toast = None;
            Vec::new()
        }
    }
}

fn one_second() -> Effect {
    Effect::Wait {
        timer: Timer::Toast,
        after: sync::SECOND,
        jitter: false,
    }
}

/// Shows `text` for eight seconds.
pub(super) fn say(model: &mut Model, tone: Tone, text: impl Into<String>) -> Effect {
    model.toast = Some(Toast {
        tone,
        text: text.into(),
        seconds: SECONDS,
        offer: Offer::Nothing,
    });
    one_second()
}

/// Says what can be done about the toast that `said` has just put up.
pub(super) fn offer(model: &mut Model, offer: Offer, said: Effect) -> Effect {
    if let Some(toast) = &mut model.toast {
        toast.offer = offer;
    }
    said
}

/// Says why a key does nothing here.
pub(super) fn refuse(model: &mut Model, why: impl Into<String>) -> Vec<Effect> {
    vec![say(model, Tone::Warn, why)]
}

/// Says that a five-call server cannot do `what`.
pub(super) fn unsupported(model: &mut Model, what: &'static str) -> Vec<Effect> {
    refuse(model, Failure::Unsupported(what).to_string())
}
