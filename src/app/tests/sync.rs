//! What keeps the numbers fresh, and what happens when they cannot be.

use std::time::Duration;

use super::Bench;
use super::data::{alert, category_id, failure, limit, october, rows, session, snapshot};
use crate::api::Failure;
use crate::app::{Call, Effect, Msg, Reply, Settings, Timer};
use crate::domain::{Level, Month};

/// How long until the next poll.
pub(super) fn next_poll(bench: &Bench) -> Option<Duration> {
    bench.effects.iter().find_map(|effect| match effect {
        Effect::Wait {
            timer: Timer::Poll,
            after,
            jitter: true,
        } => Some(*after),
        _ => None,
    })
}

fn october_month() -> Month {
    "2026-10".parse().unwrap()
}

#[test]
fn polling_slows_down_without_the_focus_and_asks_when_it_returns() {
    let mut bench = Bench::logged_in(80, 24);
    bench.send(Msg::StreamLost(None));
    bench.answer(Reply::Refreshed(Box::new(Ok(snapshot(1)))));
    assert_eq!(next_poll(&bench), Some(Duration::from_secs(15)));
    bench.send(Msg::Focus(false));
    assert!(bench.calls().is_empty());
    bench.retry(Ok(snapshot(1))).shows("every 1 min");
    assert_eq!(next_poll(&bench), Some(Duration::from_mins(1)));
    bench.send(Msg::Focus(true));
    assert_eq!(bench.calls().len(), 1);
    bench.send(Msg::Focus(true));
    assert!(bench.calls().is_empty());
}

#[test]
fn failures_back_off_and_honour_the_server() {
    let mut bench = Bench::logged_in(120, 36);
    for expected in [1, 2, 4] {
        bench.retry(Err(failure()));
        assert_eq!(next_poll(&bench), Some(Duration::from_secs(expected)));
    }
    bench.retry(Err(Failure::Busy {
        status: 503,
        message: "Too busy.".to_owned(),
        retry_after: Some(Duration::from_secs(40)),
    }));
    assert_eq!(next_poll(&bench), Some(Duration::from_secs(40)));
    bench
        .shows("error 503")
        .shows("Next try in about 1 min, R now. Too busy.")
        .shows("Dining");
    bench.press("R");
    assert_eq!(bench.calls().len(), 1);
    assert!(bench.effects.contains(&Effect::OpenStream(Some(1))));
    bench.answer(Reply::Refreshed(Box::new(Ok(snapshot(1)))));
    bench.shows("The server answers again.").shows("live");
}

#[test]
fn a_refresh_by_hand_can_be_cancelled() {
    let mut bench = Bench::logged_in(80, 24);
    bench
        .press("R")
        .shows("Asking the server. Esc cancels.")
        .press("Esc")
        .shows("Cancelled");
    assert!(next_poll(&bench).is_some());
    bench.answer(Reply::Refreshed(Box::new(Err(failure())))).shows("live");
    bench
        .press("R")
        .answer(Reply::Refreshed(Box::new(Ok(snapshot(1)))))
        .shows("Up to date.");
}

#[test]
fn the_revision_that_is_shown_costs_no_call() {
    let mut bench = Bench::logged_in(80, 24);
    bench.send(Msg::Revision(1));
    assert!(bench.calls().is_empty());
    bench.send(Msg::Revision(2));
    assert_eq!(
        bench.calls(),
        [&Call::Refresh {
            month: None,
            known: Some(1),
            seen: Some(1)
        }]
    );
}

#[test]
fn a_revision_announced_under_way_costs_a_call_only_when_the_answer_is_older() {
    let mut bench = Bench::logged_in(80, 24);
    for (announced, calls) in [(5, 0), (6, 1)] {
        bench.timer(Timer::Poll);
        bench.send(Msg::Revision(announced));
        assert!(bench.calls().is_empty());
        bench.answer(Reply::Refreshed(Box::new(Ok(snapshot(5)))));
        assert_eq!(bench.calls().len(), calls);
    }
    // A server that never shows what it announces is not asked in a circle.
    bench.answer(Reply::Refreshed(Box::new(Ok(snapshot(5)))));
    assert!(bench.calls().is_empty());
}

#[test]
fn a_change_during_a_refresh_asks_once_more() {
    let mut bench = Bench::logged_in(80, 24);
    bench.press("2 d");
    bench.timer(Timer::Poll);
    let (refresh, _) = bench.open.pop().unwrap();
    bench.answer(Reply::Done(Ok(())));
    assert!(bench.calls().is_empty());
    bench.send(Msg::Reply(refresh, Reply::Refreshed(Box::new(Ok(snapshot(1))))));
    assert_eq!(bench.calls().len(), 1);
}

#[test]
fn a_new_alert_is_told_exactly_once() {
    let mut bench = Bench::logged_in(120, 36);
    assert!(
        bench.model.toast.is_none(),
        "what was there at the first look is no news"
    );
    let mut news = snapshot(2);
    let mut fresh = alert(9, "Groceries", Level::Near);
    fresh.message = "Groceries has reached 80% of its $450 limit for November 2026.".to_owned();
    news.rows.as_mut().unwrap().alerts.insert(0, fresh);
    bench
        .retry(Ok(news.clone()))
        .shows("Groceries has reached 80%")
        .shows("▲3");
    bench.model.toast = None;
    news.summary.revision = 3;
    bench.retry(Ok(news.clone())).hides("has reached 80% of");
    // Read here, while an answer from before is under way.
    bench.press("4 X");
    news.summary.revision = 4;
    bench.retry(Ok(news)).hides("▲3").hides("3 new");
    assert!(bench.model.toast.is_none());
}

#[test]
fn an_alert_stays_beside_what_caused_it() {
    // A narrow line keeps what was done: the badge tells of the alert.
    for (columns, words) in [
        (120, "Groceries has reached 80% of $450. Deleted Ramen House"),
        (80, "Deleted Ramen House 東京 $18.50. Groceries has"),
    ] {
        let mut bench = Bench::logged_in(columns, 24);
        bench.press("2 d").answer(Reply::Done(Ok(()))).shows("undo 8s");
        let mut news = snapshot(2);
        let mut fresh = alert(9, "Groceries", Level::Near);
        fresh.message = "Groceries has reached 80% of $450.".to_owned();
        news.rows.as_mut().unwrap().alerts.push(fresh);
        bench.answer(Reply::Refreshed(Box::new(Ok(news))));
        bench.shows(words).shows("undo 8s").shows("▲3");
    }
}

#[test]
fn a_mark_that_failed_turns_back() {
    let mut bench = Bench::logged_in(120, 36);
    bench
        .press("4 x")
        .shows("▲1")
        .answer(Reply::Done(Err(failure())))
        .shows("▲2");
}

#[test]
fn without_motion_no_second_is_counted() {
    let mut bench = Bench::with(
        Settings {
            motion: false,
            user: Some("newuser".to_owned()),
            ..Settings::default()
        },
        120,
        36,
    );
    bench.answer(Reply::Refreshed(Box::new(Ok(snapshot(1)))));
    bench
        .press("2 d")
        .answer(Reply::Done(Ok(())))
        .shows("leaves soon  u undo");
    let still = bench.frame();
    for _ in 0..6 {
        bench.timer(Timer::Toast).timer(Timer::Leaving);
        assert_eq!(bench.frame(), still);
    }
}

#[test]
fn toasts_count_down_and_go() {
    let mut bench = Bench::logged_in(80, 24);
    bench.press("2 d").answer(Reply::Done(Ok(())));
    for left in (1..8).rev() {
        bench.timer(Timer::Toast).shows(&format!("undo {left}s"));
    }
    bench.timer(Timer::Toast).hides("Deleted");
    assert!(bench.effects.is_empty());
}

#[test]
fn the_old_month_stays_until_the_new_one_is_here() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("[").shows("November 2026").shows("Loading October 2026.");
    assert_eq!(
        *bench.call(),
        Call::Refresh {
            month: Some(october_month()),
            known: None,
            seen: Some(1)
        }
    );
    bench
        .press("3 Enter")
        .type_text("9")
        .press("Enter")
        .shows("October 2026 is still loading.");
    bench.press("Esc 1").answer(Reply::Refreshed(Box::new(Ok(october(1)))));
    bench
        .shows("October 2026")
        .shows("closed")
        .shows("22 Oct")
        .hides("22 Nov");
    bench.press("3 Enter").type_text("9").press("Enter");
    assert_eq!(
        *bench.call(),
        Call::SetBudget(october_month(), category_id("Groceries"), limit(900))
    );
}

#[test]
fn an_answer_for_a_month_that_was_left_again_is_dropped() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("[");
    let (old, _) = bench.open.pop().unwrap();
    bench.press(".");
    assert_eq!(
        *bench.call(),
        Call::Refresh {
            month: None,
            known: Some(1),
            seen: Some(1)
        }
    );
    bench.send(Msg::Reply(old, Reply::Refreshed(Box::new(Ok(october(1))))));
    bench.shows("November 2026").hides("October");
}

#[test]
fn months_are_counted_from_the_one_asked_for() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("[ [ [");
    assert!(matches!(bench.call(), Call::Refresh { month: Some(m), .. } if m.to_string() == "2026-08"));
    bench.press("]");
    assert!(matches!(bench.call(), Call::Refresh { month: Some(m), .. } if m.to_string() == "2026-09"));
}

#[test]
fn the_lists_follow_when_the_server_begins_a_new_month() {
    let mut bench = Bench::logged_in(120, 36);
    let mut december = snapshot(1);
    december.summary.month = december.summary.month.plus(1);
    december.rows = None;
    bench.retry(Ok(december));
    assert!(matches!(bench.calls()[..], [Call::Refresh { known: None, .. }]));
    bench.hides("22 Nov");
}

#[test]
fn a_new_day_asks_for_the_numbers() {
    let mut bench = Bench::logged_in(120, 36);
    bench.now = bench.now.checked_add(jiff::Span::new().days(1)).unwrap();
    bench.send(Msg::Minute);
    assert_eq!(bench.calls().len(), 1);
    bench
        .answer(Reply::Refreshed(Box::new(Ok(snapshot(1)))))
        .shows("day 23 of 30");
}

#[test]
fn numbers_that_grew_old_say_so() {
    let mut bench = Bench::logged_in(120, 36);
    bench.now = bench.now.checked_add(jiff::Span::new().minutes(11)).unwrap();
    bench.send(Msg::Minute);
    bench.shows("last news 08:14").hides("live");
}

#[test]
fn logging_out_forgets_everything() {
    let mut bench = Bench::logged_in(120, 36);
    bench
        .press("2 /")
        .type_text("dining")
        .press("Enter a")
        .type_text("a secret present")
        .press("Esc [");
    bench.press("L").shows("Log out?").press("Enter").shows("1 Overview");
    bench.press("L y").shows("Logged out.").shows("newuser");
    for gone in [Effect::CloseStream, Effect::Stop(Timer::Poll)] {
        assert!(bench.effects.contains(&gone));
    }
    assert_eq!(bench.calls(), [&Call::LogOut]);
    bench.type_text("password123").press("Enter").answer(session("newuser"));
    assert_eq!(
        *bench.call(),
        Call::Refresh {
            month: None,
            known: None,
            seen: None
        }
    );
    bench.answer(Reply::Refreshed(Box::new(Ok(snapshot(1)))));
    bench
        .press("a")
        .hides("a secret present")
        .press("Esc 2")
        .hides(" / dining")
        .shows("1 of 8");
}

#[test]
fn the_server_may_take_back_what_it_can_do() {
    let mut bench = Bench::classic(120, 36);
    bench
        .press("e")
        .shows("five classic calls, so setting a limit is not possible here.");
    bench.press("[").shows("looking at other months is not possible here");
    bench.press("u").shows("taking a change back is not possible here");
    bench.press("4 e").shows("setting a limit is not possible here");
    assert!(rows().alerts.len() == 2);
}
