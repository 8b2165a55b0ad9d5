//! What is told outside the window.

use jiff::civil::date;

use super::Bench;
use super::data::{NOW_MS, alert, snapshot};
use crate::api::Alert;
use crate::app::{Effect, Model, Msg, Notice, Settings};
use crate::domain::Level;

/// The user looks elsewhere, and has seen what there was.
fn away(settings: Settings) -> Bench {
    let user = Some("newuser".to_owned());
    let mut bench = Bench::with(Settings { user, ..settings }, 120, 36);
    let mut first = snapshot(1);
    first.rows.as_mut().unwrap().alerts = vec![alert(1, "Dining", Level::Over)];
    bench.retry(Ok(first));
    assert_eq!(told(&bench), None);
    bench.send(Msg::Focus(false));
    bench
}

/// These alerts are there now.
fn with(bench: &mut Bench, revision: i64, alerts: Vec<Alert>) -> Option<Notice> {
    let mut next = snapshot(revision);
    next.rows.as_mut().unwrap().alerts = alerts;
    bench.retry(Ok(next));
    told(bench)
}

fn told(bench: &Bench) -> Option<Notice> {
    bench.effects.iter().find_map(|effect| match effect {
        Effect::Notify(notice) => Some(notice.clone()),
        _ => None,
    })
}

fn new(number: u128, category: &str) -> Alert {
    Alert {
        created_at: NOW_MS,
        ..alert(number, category, Level::Forecast)
    }
}

#[test]
fn a_new_alert_is_told_once_to_whoever_looks_elsewhere() {
    let mut bench = away(Settings::default());
    let notice = with(&mut bench, 2, vec![new(2, "Fun"), alert(1, "Dining", Level::Over)]).unwrap();
    assert_eq!(notice.title, "Budget Tracker");
    assert!(notice.text.starts_with("Fun is over"), "{notice:?}");
    assert_eq!(with(&mut bench, 3, vec![new(2, "Fun")]), None);
    // It goes and comes back: the same fact.
    assert_eq!(with(&mut bench, 4, Vec::new()), None);
    assert_eq!(with(&mut bench, 5, vec![new(2, "Fun")]), None);
}

#[test]
fn several_at_once_are_one_notice() {
    let mut bench = away(Settings::default());
    let notice = with(&mut bench, 2, vec![new(2, "Fun"), new(3, "Health"), new(4, "Fees")]).unwrap();
    assert!(notice.text.ends_with("And 2 more."), "{notice:?}");
}

#[test]
fn nobody_is_told_what_is_seen_anyway() {
    let mut bench = away(Settings::default());
    bench.send(Msg::Focus(true));
    assert_eq!(with(&mut bench, 2, vec![new(2, "Fun")]), None);
    bench.send(Msg::Focus(false));
    assert_eq!(with(&mut bench, 3, vec![new(2, "Fun")]), None);
}

#[test]
fn what_is_read_resolved_snoozed_or_older_is_no_news() {
    let mut bench = away(Settings::default());
    let read = Alert {
        read: true,
        ..new(2, "Fun")
    };
    let resolved = Alert {
        resolved_at: Some(NOW_MS),
        ..new(3, "Fun")
    };
    let snoozed = Alert {
        snoozed_until: Some(date(2026, 11, 23)),
        ..new(4, "Fun")
    };
    let older = Alert {
        created_at: NOW_MS - 86_400_000,
        ..new(5, "Fun")
    };
    assert_eq!(with(&mut bench, 2, vec![read, resolved, snoozed, older]), None);
    let awake = Alert {
        snoozed_until: Some(date(2026, 11, 22)),
        ..new(6, "Fun")
    };
    assert!(with(&mut bench, 3, vec![awake]).is_some());
}

#[test]
fn quiet_hours_and_levels_are_the_users_choice() {
    // It is 08:14.
    let quiet = |hours: &str| Settings {
        quiet: Some(hours.parse().unwrap()),
        ..Settings::default()
    };
    assert_eq!(with(&mut away(quiet("22:00-09:00")), 2, vec![new(2, "Fun")]), None);
    assert!(with(&mut away(quiet("22:00-07:00")), 2, vec![new(2, "Fun")]).is_some());
    let over = Settings {
        levels: vec![Level::Over],
        ..Settings::default()
    };
    assert_eq!(with(&mut away(over), 2, vec![new(2, "Fun")]), None);
}

#[test]
fn another_user_has_other_alerts() {
    let mut bench = away(Settings::default());
    bench.press("L y").answer(crate::app::Reply::LoggedOut);
    bench.type_text("eve").press("Tab").type_text("password").press("Enter");
    bench.answer(super::data::session("eve"));
    let mut first = snapshot(9);
    first.rows.as_mut().unwrap().alerts = vec![new(7, "Fees")];
    bench.answer(crate::app::Reply::Refreshed(Box::new(Ok(first))));
    assert_eq!(told(&bench), None);
}

#[test]
fn the_title_counts_what_is_new() {
    let bench = Bench::logged_in(120, 36);
    let title = Model::title(&bench.model);
    assert!(title.starts_with("budget: ") && title.contains("% ▲"), "{title}");
}
