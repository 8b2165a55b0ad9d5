//! Coming and going: log in, sign up, log out, and a session that ends by itself.

use super::effect::{Call, Effect, Slot};
use super::model::{Dialog, Model, Screen, Tone, User};
use super::msg::Timer;
use super::sync;
use super::update::{call, say};
use crate::api::{Dialect, Failure, Session};

/// Sends a log-in or sign-up.
pub(super) fn send(model: &mut Model, request: Call) -> Vec<Effect> {
    let (id, effect) = call(model, Slot::Session, request);
    model.pending.session = Some(id);
    vec![effect]
}

/// The answer to a log-in or sign-up.
pub(super) fn logged_in(model: &mut Model, result: Result<(Session, Dialect), Failure>) -> Vec<Effect> {
    let (session, dialect) = match result {
        Ok(answer) => answer,
        Err(failure) => {
            model.login.failed(&failure);
            return Vec::new();
        }
    };
    let name = session.account.name;
    if model.user.as_ref().is_some_and(|user| user.name != name)
        || model.login.last_user.as_deref().is_some_and(|last| last != name)
    {
        // Somebody else's numbers and drafts are not shown, not for a moment.
        sync::forget_data(model);
        model.parked = None;
    }
    model.login.succeeded(&name);
    model.user = Some(User { name });
    model.dialect = dialect;
    model.screen = Screen::Overview;
    model.dialog = model.parked.take().map(Dialog::Expense);
    model.toast = None;
    let mut effects = sync::refresh(model);
    effects.extend(sync::open_stream(model));
    effects
}

/// The server no longer knows the session: to the log-in and back, with what was typed kept.
pub(super) fn expired(model: &mut Model) -> Vec<Effect> {
    if let Some(Dialog::Expense(mut form)) = model.dialog.take() {
        form.interrupted();
        model.parked = Some(form);
    }
    let name = model.user.take().map(|user| user.name);
    model.changes.clear();
    model.pending = super::model::Pending::default();
    model.login.session_ended(name);
    model.screen = Screen::LogIn;
    vec![
        Effect::Stop(Timer::Poll),
        Effect::Stop(Timer::Stream),
        Effect::CloseStream,
        Effect::ForgetSession,
    ]
}

/// `L`: ends the session on the server and forgets it here.
pub(super) fn log_out(model: &mut Model) -> Vec<Effect> {
    let (_, effect) = call(model, Slot::Session, Call::LogOut);
    let name = model.user.take().map(|user| user.name);
    sync::forget_data(model);
    model.dialog = None;
    model.parked = None;
    model.login.logged_out(name);
    vec![
        effect,
        Effect::Stop(Timer::Poll),
        Effect::Stop(Timer::Stream),
        Effect::CloseStream,
        say(model, Tone::Good, "Logged out.", false),
    ]
}
