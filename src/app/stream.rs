//! The event stream: opened, lost, opened again.

use std::time::Duration;

use super::effect::Effect;
use super::model::Model;
use super::msg::Timer;
use super::sync;
use crate::api::{Between, Dialect, Failure, SOON};

/// The stream says that the user's data has this revision now.
pub(super) fn on_revision(model: &mut Model, revision: i64) -> Vec<Effect> {
    let shown = model.data.summary.as_ref().map(|summary| summary.revision);
    if model.pending.refresh.is_some() {
        // The answer under way may show it already.
        model.pending.announced = Some(revision);
        Vec::new()
    } else if shown == Some(revision) {
        Vec::new()
    } else {
        sync::refresh(model)
    }
}

/// Opens the event stream where the server has one; an older one ends.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    model.stream.open_since = None;
    if model.user.is_some() && model.dialect == Dialect::V1 {
        let shown = model.data.summary.as_ref().map(|summary| summary.revision);
        vec![Effect::OpenStream(shown)]
    } else {
        Vec::new()
    }
}

/// The stream is open.
pub(super) fn opened(model: &mut Model) -> Vec<Effect> {
    model.stream.open_since = Some(model.unix_ms);
    vec![Effect::Stop(Timer::Stream)]
}

/// The stream broke off: ask at once whether the server is still there, and open it again later. One that never was
/// open says nothing about the server that polling does not say.
pub(super) fn lost(model: &mut Model, failure: Option<&Failure>) -> Vec<Effect> {
    if model.user.is_none() || model.dialect == Dialect::Classic {
        return Vec::new();
    }
    let opened = model.stream.open_since.take();
    let lived = opened.map(|since| model.unix_ms.saturating_sub(since));
    let lived = lived.map(|ms| Duration::from_millis(u64::try_from(ms).unwrap_or(0)));
    let mut effects = Vec::new();
    if opened.is_some() {
        effects.extend(sync::refresh(model));
    }
    let pause = model.stream.again.lost(lived, failure);
    effects.push(reopen(pause));
    effects
}

fn reopen((least, most): Between) -> Effect {
    Effect::WaitBetween {
        timer: Timer::Stream,
        least,
        most,
    }
}

/// The server answers: a stream that has long been waiting to be opened again is opened soon, and so is one anew that
/// may hang since the server was away.
pub(super) fn hurry(model: &mut Model, was_down: bool) -> Option<Effect> {
    let pause = match model.stream.open_since {
        _ if model.dialect == Dialect::Classic => None,
        Some(_) => was_down.then_some(SOON),
        None => model.stream.again.server_answers(),
    };
    pause.map(reopen)
}
