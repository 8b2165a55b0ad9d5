//! Coming and going: log in, sign up, log out, and a session that ends by itself.

use super::effect::{Call, Effect, Slot};
use super::likely::Likely;
use super::login::LogIn;
use super::model::{Link, Model, Pending, Screen, User};
use super::msg::Timer;
use super::question::Question;
use super::sessions::Sessions;
use super::toast::Tone;
use super::update::{call, say};
use super::{add_expense, expenses, leaving, stream, sync};
use crate::api::{Dialect, Failure, Session};
use crate::domain::account::TEMPORARY_PASSWORD;

/// Sends a log-in or sign-up.
pub(super) fn send(model: &mut Model, request: Call) -> Vec<Effect> {
    model.toast = None;
    let (id, effect) = call(model, Slot::Session, request);
    model.pending.session = Some(id);
    model.pending.session_seconds = 0;
    vec![effect, one_second()]
}

/// A second of a log-in went by.
pub(super) fn waited(model: &mut Model) -> Vec<Effect> {
    if model.pending.session.is_none() {
        return Vec::new();
    }
    model.pending.session_seconds += 1;
    vec![one_second()]
}

fn one_second() -> Effect {
    Effect::Wait {
        timer: Timer::Waiting,
        after: sync::SECOND,
        jitter: false,
    }
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
    let parked = model.parked.take();
    let back = parked.filter(|parked| parked.user == name);
    let mut effects = Vec::new();
    if let Some(parked) = back {
        model.screen = parked.screen;
        model.form = parked.form;
        effects.extend(add_expense::resume(model));
    } else {
        // Somebody else's numbers and drafts are not shown, not for a moment.
        model.forget_user();
        model.screen = Screen::Overview;
    }
    model.login = LogIn::default();
    model.user = Some(User { name });
    model.dialect = dialect;
    model.toast = None;
    effects.extend(sync::refresh(model));
    effects.extend(stream::open(model));
    if session.password_until.is_some() {
        effects.push(say(model, Tone::Warn, TEMPORARY_PASSWORD));
    }
    effects
}

/// Where a user was, and what was being typed, when the session ended.
#[derive(Clone, Debug)]
pub(super) struct Parked {
    user: String,
    screen: Screen,
    form: Option<Box<add_expense::Form>>,
}

impl Parked {
    /// Whether something was typed that would be lost.
    pub(super) fn has_text(&self) -> bool {
        self.form.as_deref().is_some_and(add_expense::Form::has_text)
    }
}

/// The server no longer knows the session: to the log-in and back, with what was typed kept.
pub(super) fn expired(model: &mut Model) -> Vec<Effect> {
    let Some(User { name }) = model.user.take() else {
        return Vec::new();
    };
    let mut form = model.form.take();
    if let Some(form) = &mut form {
        form.interrupted();
    }
    model.parked = Some(Parked {
        user: name.clone(),
        screen: model.screen,
        form,
    });
    model.help = None;
    model.palette = None;
    model.chooser = None;
    model.review = None;
    model.sessions = Sessions::default();
    model.likely = Likely::default();
    expenses::interrupted(model);
    model.questions.clear();
    let stop = leaving::end(model);
    model.toast = None;
    model.changes.clear();
    model.pending = Pending::default();
    model.link = Link::Connecting;
    model.login = LogIn::returning(name, "Your session has ended. Log in again; what you typed is kept.");
    model.screen = Screen::LogIn;
    let mut effects = leave(Effect::ForgetSession);
    effects.push(stop);
    effects
}

/// `L`: asks; it stands beside the key of the next screen.
pub(super) fn ask_to_log_out(model: &mut Model) -> Vec<Effect> {
    model.questions.push_front(Question::log_out());
    Vec::new()
}

/// Ends the session on the server and forgets it here.
pub(super) fn log_out(model: &mut Model) -> Vec<Effect> {
    let (_, request) = call(model, Slot::LogOut, Call::LogOut);
    let name = model.user.take().map(|user| user.name);
    model.forget_user();
    model.login = LogIn::returning(name.unwrap_or_default(), "");
    let mut effects = leave(request);
    effects.push(Effect::Stop(Timer::Leaving));
    effects.push(say(model, Tone::Good, "Logged out."));
    effects
}

/// Nothing more is asked in the name of the user.
fn leave(last: Effect) -> Vec<Effect> {
    vec![
        last,
        Effect::Stop(Timer::Poll),
        Effect::Stop(Timer::Stream),
        Effect::Cancel(Slot::Refresh),
        Effect::Cancel(Slot::Copy),
        Effect::Cancel(Slot::Find),
        Effect::Cancel(Slot::Review),
        Effect::Cancel(Slot::Likely),
        Effect::Cancel(Slot::Categories),
        Effect::Cancel(Slot::Sessions),
        Effect::CloseStream,
    ]
}
