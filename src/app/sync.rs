//! Keeping the numbers fresh: polling, as the net under the event stream, and backing off when nothing answers.

use std::time::Duration;

use super::changes::{self, Change};
use super::effect::{Call, Effect, Slot};
use super::footer::key_name;
use super::keymap::Action;
use super::model::{Link, Model, Screen};
use super::msg::{Rows, Snapshot, Timer};
use super::toast::{Offer, Tone};
use super::update::{call, offer, say, unsupported};
use super::{expenses, leaving, notify, review, session, stream, was};
use crate::api::{AccountPatch, Dialect, Failure};
use crate::domain::Month;
use crate::ui::text;

pub(super) const SECOND: Duration = Duration::from_secs(1);
/// Longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// A pause up to this one is counted down; longer ones leave the screen at rest.
const COUNTED: Duration = Duration::from_secs(16);
/// While the event stream tells what changes, polling is only the net under it.
const NET: Duration = Duration::from_mins(1);
/// How much slower polling is while the window has no focus.
const UNFOCUSED: u32 = 4;
/// Columns of the event line that its mark and the offer to undo take up.
const ROOM_FOR_UNDO: u16 = 18;

/// The first calls, when a session was kept.
pub(super) fn start(model: &mut Model) -> Vec<Effect> {
    if model.user.is_none() {
        return Vec::new();
    }
    let mut effects = refresh(model);
    effects.extend(stream::open(model));
    effects
}

/// Asks for the month's numbers; while an answer is under way, once more after it.
pub(super) fn refresh(model: &mut Model) -> Vec<Effect> {
    if model.user.is_none() {
        return Vec::new();
    }
    if model.pending.refresh.is_some() {
        model.pending.again = true;
        return Vec::new();
    }
    ask(model)
}

/// [`refresh`] after a change: an answer that is under way may not know of it.
pub(super) fn refresh_after_change(model: &mut Model) -> Vec<Effect> {
    model.pending.outdated = model.pending.refresh.is_some();
    refresh(model)
}

fn ask(model: &mut Model) -> Vec<Effect> {
    model.pending.again = false;
    model.pending.announced = None;
    model.pending.outdated = false;
    let wanted = model.wanted_month();
    let known = model.data.lists.filter(|(month, _)| *month == wanted);
    let request = Call::Refresh {
        month: model.month,
        known: known.map(|(_, revision)| revision),
        seen: model.data.seen,
    };
    let (id, effect) = call(model, Slot::Refresh, request);
    model.pending.refresh = Some(id);
    vec![Effect::Stop(Timer::Poll), effect]
}

/// `R`: forget the pause and ask now.
pub(super) fn retry_now(model: &mut Model) -> Vec<Effect> {
    model.data.lists = None;
    let mut effects = ask(model);
    effects.extend(stream::open(model));
    effects.push(say(model, Tone::Good, "Asking the server. Esc cancels."));
    model.pending.by_hand = true;
    effects
}

/// Esc after `R`.
pub(super) fn stop_asking(model: &mut Model) -> Vec<Effect> {
    model.pending.by_hand = false;
    model.pending.refresh = None;
    let said = say(model, Tone::Warn, "Cancelled; the last known numbers stay.");
    vec![Effect::Cancel(Slot::Refresh), next_poll(model), said]
}

/// Shows another month; `None` is the current one, whichever that is.
pub(super) fn go_to_month(model: &mut Model, month: Option<Month>) -> Vec<Effect> {
    let month = month.filter(|m| *m != model.current_month());
    if month.is_some() && model.dialect == Dialect::Classic {
        return unsupported(model, "looking at other months");
    }
    if month == model.month {
        return Vec::new();
    }
    let from = model.wanted_month();
    model.month = month;
    expenses::follow_month(model, from, model.wanted_month());
    let mut effects = ask(model);
    if model.screen == Screen::Alerts || (model.screen == Screen::Expenses && expenses::is_filtered(model)) {
        // These lists show all months: nothing else on the screen would tell.
        let words = format!(
            "The other screens show {} now.",
            model.calendar().long_name(model.wanted_month())
        );
        effects.push(say(model, Tone::Good, words));
    }
    effects
}

/// The numbers arrived, or they did not.
pub(super) fn refreshed(model: &mut Model, result: Result<Snapshot, Failure>) -> Vec<Effect> {
    if result.is_ok() && model.pending.outdated && model.data.summary.is_some() {
        // What was just changed would be gone from the screen until the next answer, and the cursor from its row.
        return ask(model);
    }
    let by_hand = std::mem::take(&mut model.pending.by_hand);
    let mut effects = match result {
        Ok(snapshot) => arrived(model, snapshot, by_hand),
        Err(Failure::SignedOut) => return session::expired(model),
        Err(failure) => return failed(model, failure, by_hand),
    };
    let shown = model.data.summary.as_ref().map(|summary| summary.revision);
    let announced = model.pending.announced.take();
    effects.extend(if model.pending.again || (announced.is_some() && announced != shown) {
        ask(model)
    } else {
        vec![next_poll(model)]
    });
    effects
}

fn arrived(model: &mut Model, snapshot: Snapshot, by_hand: bool) -> Vec<Effect> {
    let mut effects = Vec::new();
    let was_down = matches!(model.link, Link::Down { .. });
    model.link = Link::Live(model.now);
    model.dialect = snapshot.dialect;
    if was_down {
        effects.push(say(model, Tone::Good, "The server answers again."));
    } else if by_hand {
        effects.push(say(model, Tone::Good, "Up to date."));
    }
    effects.extend(stream::hurry(model, was_down));
    let (month, revision) = (snapshot.summary.month, snapshot.summary.revision);
    let before = model.data.summary.as_ref().map(|summary| summary.calendar);
    let first_look = before.is_none();
    // Alerts that came because months begin on another day are no news: the badge tells of them.
    let anew = before != Some(snapshot.summary.calendar);
    if !first_look && month != model.shown_month() {
        expenses::forget_month(model);
        model.data.expenses.clear();
        model.data.next = None;
    }
    model.data.summary = Some(snapshot.summary);
    match snapshot.rows {
        Some(rows) => {
            effects.extend(take_rows(model, rows, anew));
            model.data.seen = Some(revision);
            model.data.lists = Some((month, revision));
        }
        // The month changed on the server's clock, so what is known are the lists of the month before.
        None if model.data.lists.is_some_and(|(of, _)| of != month) => {
            model.data.lists = None;
            model.pending.again = true;
        }
        None => {}
    }
    expenses::try_again(model);
    review::try_again(model);
    effects.extend(begin_months(model));
    effects
}

/// Has the account's months begin when the configuration says; tried once after each log-in.
fn begin_months(model: &mut Model) -> Vec<Effect> {
    let wish = model.settings.calendar.filter(|wish| *wish != model.calendar());
    let can = model.dialect == Dialect::V1 && model.pending.calendar.is_none();
    let Some(calendar) = wish.filter(|_| can) else {
        return Vec::new();
    };
    model.pending.calendar = Some(calendar);
    let patch = AccountPatch {
        month_start: Some(calendar.month_start()),
    };
    changes::send(model, Change::Calendar(calendar), Call::EditAccount(patch))
}

fn take_rows(model: &mut Model, rows: Rows, anew: bool) -> Vec<Effect> {
    let outside = notify::on_alerts(model, &rows.alerts);
    let known = |id| model.data.alerts.iter().any(|a| a.id == id && a.resolved_at.is_none());
    let news: Vec<_> = rows
        .alerts
        .iter()
        .filter(|a| !anew && model.is_news(a) && !known(a.id))
        .collect();
    let news = match news.as_slice() {
        [] => None,
        [one] => Some(one.message.clone()),
        [first, rest @ ..] => {
            let key = key_name(model, Action::ShowAlerts);
            Some(format!("{} And {} more, {key} shows them.", first.message, rest.len()))
        }
    };
    model.data.alerts = rows.alerts;
    changes::read_again(model);
    model.data.expenses = rows.expenses.expenses;
    model.data.next = rows.expenses.next;
    leaving::keep_in_place(model);
    expenses::rows_arrived(model);
    let gave_way = was::news(model, &rows.history);
    let inside = news.or(gave_way).map(|text| tell(model, text));
    outside.into_iter().chain(inside).collect()
}

/// A new alert is told once. What the user has just done stays beside it, for it is the likely cause.
fn tell(model: &mut Model, news: String) -> Effect {
    match model
        .toast
        .take_if(|toast| matches!(toast.offer, Offer::Undo | Offer::Redo))
    {
        Some(done) => {
            let both = format!("{news} {}", done.text);
            // Where they do not both fit, the badge tells of the news, and nothing else of what was done.
            let fits = text::width(&both) + ROOM_FOR_UNDO <= model.size.0;
            let done_first = || format!("{}. {news}", done.text.trim_end_matches('.'));
            let text = if fits { both } else { done_first() };
            let said = say(model, Tone::Warn, text);
            offer(model, done.offer, said)
        }
        None => say(model, Tone::Warn, news),
    }
}

fn failed(model: &mut Model, failure: Failure, by_hand: bool) -> Vec<Effect> {
    let (since, tries) = match &model.link {
        Link::Down { since, tries, .. } => (*since, tries.saturating_add(1)),
        Link::Connecting | Link::Live(_) => (model.now, 1),
    };
    if by_hand {
        // The reason takes the place of "asking".
        model.toast = None;
    }
    let pause = pause(tries, &failure);
    model.stream.again.server_is_away();
    model.link = Link::Down {
        since,
        failure,
        tries,
        pause,
        due: model
            .unix_ms
            .saturating_add(i64::try_from(pause.as_millis()).unwrap_or(i64::MAX)),
    };
    let mut effects = vec![Effect::Wait {
        timer: Timer::Poll,
        after: pause,
        jitter: true,
    }];
    effects.extend(count_down(model));
    effects
}

/// The seconds to the next try, while they are counted down.
pub(super) fn seconds_left(model: &Model) -> Option<i64> {
    match &model.link {
        Link::Down { pause, due, .. } if *pause <= COUNTED && model.focused && model.settings.motion => {
            let left = due.saturating_sub(model.unix_ms);
            (left > 0).then(|| (left - 1) / 1000 + 1)
        }
        _ => None,
    }
}

/// Comes back in a second, as long as there is something to count down.
pub(super) fn count_down(model: &Model) -> Vec<Effect> {
    let again = seconds_left(model).map(|_| Effect::Wait {
        timer: Timer::Countdown,
        after: SECOND,
        jitter: false,
    });
    again.into_iter().collect()
}

/// 1, 2, 4 … 60 s, and never sooner than the server asked for.
fn pause(tries: u32, failure: &Failure) -> Duration {
    let own = SECOND
        .saturating_mul(2_u32.saturating_pow(tries.saturating_sub(1)))
        .min(LONGEST_PAUSE);
    failure.retry_after().map_or(own, |asked| own.max(asked))
}

fn next_poll(model: &Model) -> Effect {
    Effect::Wait {
        timer: Timer::Poll,
        after: poll_interval(model),
        jitter: true,
    }
}

/// The time between two polls while all is well, before jitter.
pub(super) fn poll_interval(model: &Model) -> Duration {
    let poll = model.settings.poll * if model.focused { 1 } else { UNFOCUSED };
    match model.stream.open_since {
        Some(_) => poll.max(NET),
        None => poll,
    }
}

/// The window gained or lost the focus: coming back asks at once.
pub(super) fn focus(model: &mut Model, focused: bool) -> Vec<Effect> {
    let was = std::mem::replace(&mut model.focused, focused);
    if focused && !was { refresh(model) } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_honour_the_server() {
        let offline = Failure::Offline {
            server: "x".to_owned(),
            reason: "refused".to_owned(),
        };
        let seconds: Vec<u64> = (1..=8).map(|tries| pause(tries, &offline).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(pause(u32::MAX, &offline), LONGEST_PAUSE);
        let busy = Failure::Busy {
            status: 503,
            message: "later".to_owned(),
            retry_after: Some(Duration::from_secs(90)),
        };
        assert_eq!(pause(1, &busy), Duration::from_secs(90));
    }
}
