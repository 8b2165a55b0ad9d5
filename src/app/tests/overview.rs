//! The overview: the styles of its bars, large windows, and every state of the connection.

use rstest::rstest;

use super::Bench;
use super::data::{failure, october, snapshot};
use crate::api::Failure;
use crate::app::{Effect, Msg, Reply, Settings, Timer};
use crate::ui::{BarStyle, Glyphs, Graph, Skin, Theme};

fn styled(columns: u16, rows: u16, bars: BarStyle, graph: Graph) -> Bench {
    let settings = Settings {
        user: Some("newuser".to_owned()),
        skin: Skin {
            graph,
            bars,
            ..Settings::default().skin
        },
        ..Settings::default()
    };
    let mut bench = Bench::with(settings, columns, rows);
    bench.retry(Ok(snapshot(1)));
    bench.model.toast = None;
    bench
}

#[rstest]
#[case::days("overview_days", BarStyle::Days, Graph::Auto, &[(160, 48), (140, 40), (120, 36)])]
#[case::inline("overview_inline", BarStyle::Inline, Graph::Block, &[(160, 48)])]
#[case::bullet("overview_bullet", BarStyle::Bullet, Graph::Ascii, &[(120, 36), (80, 24), (40, 10)])]
fn looks(#[case] name: &str, #[case] bars: BarStyle, #[case] graph: Graph, #[case] sizes: &[(u16, u16)]) {
    let frames = sizes.iter().map(|&(columns, rows)| {
        let frame = styled(columns, rows, bars, graph).frame();
        format!("{columns} x {rows}\n{frame}")
    });
    insta::assert_snapshot!(name, frames.collect::<Vec<_>>().join("\n\n"));
}

#[test]
fn a_large_window_is_used() {
    insta::assert_snapshot!("overview_200x60", styled(200, 60, BarStyle::Days, Graph::Auto).frame());
}

#[test]
fn two_rows_for_a_budget_scroll_as_one() {
    for (columns, rows) in [(120, 36), (100, 26)] {
        let mut bench = styled(columns, rows, BarStyle::Bullet, Graph::Auto);
        bench.hides("■ Subscriptions").press("G").shows("■ Subscriptions");
        bench.press("g").shows("▲ Dining").hides("■ Subscriptions");
    }
}

#[test]
fn without_single_days_bars_take_their_place() {
    let mut bench = styled(160, 48, BarStyle::Days, Graph::Auto);
    bench.shows("1                           30");
    let mut news = snapshot(2);
    for category in &mut news.summary.categories {
        category.daily_minor.clear();
    }
    bench.retry(Ok(news)).hides("1                           30");
}

#[test]
fn every_style_is_drawn_in_ascii_at_every_size() {
    for bars in [BarStyle::Inline, BarStyle::Bullet, BarStyle::Days] {
        for (columns, rows) in [(200, 60), (140, 30), (110, 29), (70, 17), (40, 10), (30, 6)] {
            let mut bench = styled(columns, rows, bars, Graph::Block);
            bench.model.settings.skin = Skin {
                bars,
                ..Skin::new(Theme::mono(), Glyphs::ascii())
            };
            for expense in &mut bench.model.data.expenses {
                expense.description = "plain".to_owned();
            }
            for alert in &mut bench.model.data.alerts {
                alert.cause = None;
            }
            bench.send(Msg::Minute);
            let frame = bench.frame();
            assert!(frame.is_ascii(), "{frame}");
        }
    }
}

fn busy() -> Failure {
    Failure::Busy {
        status: 503,
        message: "The server is busy.".to_owned(),
        retry_after: None,
    }
}

/// Lets time pass, with its messages.
fn pass(bench: &mut Bench, seconds: i64) {
    bench.unix_ms += seconds * 1000;
    bench.now += jiff::SignedDuration::from_secs(seconds);
}

fn counts(bench: &Bench) -> bool {
    let waits = |effect: &Effect| {
        matches!(
            effect,
            Effect::Wait {
                timer: Timer::Countdown,
                ..
            }
        )
    };
    bench.effects.iter().any(waits)
}

#[test]
fn a_failing_server_is_counted_down_and_then_left_in_peace() {
    let mut bench = Bench::logged_in(120, 36);
    for _ in 0..4 {
        bench.retry(Err(busy()));
    }
    bench
        .shows("▲ error 503, retry in 8 s R now")
        .shows("Next try in 8 s, R now. The server is busy.");
    assert!(counts(&bench));
    pass(&mut bench, 3);
    bench
        .timer(Timer::Countdown)
        .shows("retry in 5 s")
        .shows("Next try in 5 s");
    assert!(counts(&bench));
    pass(&mut bench, 5);
    bench
        .timer(Timer::Countdown)
        .hides("retry in")
        .shows("Trying again, R now.");
    assert!(!counts(&bench));
    bench
        .retry(Err(busy()))
        .retry(Err(busy()))
        .shows("Next try in about 1 min, R now.");
    assert!(!counts(&bench), "a long pause leaves the screen at rest");
    bench.retry(Ok(snapshot(2))).shows("● live").hides("Next try");
}

#[test]
fn nobody_counts_for_a_window_that_is_not_in_front() {
    let mut bench = Bench::logged_in(120, 36);
    bench.send(Msg::Focus(false));
    bench.retry(Err(busy()));
    assert!(!counts(&bench));
}

#[test]
fn being_offline_is_told_in_minutes_with_what_waits() {
    let mut bench = Bench::logged_in(120, 36);
    for _ in 0..6 {
        bench.retry(Err(failure()));
    }
    bench.shows("○ offline R now");
    pass(&mut bench, 12 * 60 + 5);
    bench.send(Msg::Minute);
    bench.shows("○ offline 12 min R now");
    bench.press("2 d").shows("○ offline 12 min, 1 pending");
    pass(&mut bench, 3 * 3600);
    bench.send(Msg::Minute);
    bench.shows("○ offline 3 h, 1 pending");
}

#[test]
fn the_last_known_numbers_stay_while_others_are_loaded() {
    let mut bench = Bench::logged_in(120, 36);
    bench
        .press("[")
        .shows("◌ loading")
        .shows("$1,826.77")
        .shows("Loading October 2026.");
    bench
        .answer(Reply::Refreshed(Box::new(Ok(october(1)))))
        .shows("● live")
        .hides("Loading");
    bench.press("R").shows("◌ loading");
}

#[test]
fn old_numbers_are_called_old() {
    let mut bench = Bench::logged_in(120, 36);
    pass(&mut bench, 11 * 60);
    bench.send(Msg::Minute);
    bench.shows("○ last news 08:14");
}
