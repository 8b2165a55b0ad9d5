//! The event stream: opened, lost, opened again, and what the header says of it.

use std::time::Duration;

use super::Bench;
use super::data::{failure, snapshot};
use super::sync::next_poll;
use crate::api::Failure;
use crate::app::{Call, Effect, Msg, Reply, Settings, Timer};

#[test]
fn the_stream_is_opened_again_and_never_on_a_five_call_server() {
    let mut bench = Bench::logged_in(80, 24);
    bench.send(Msg::StreamLost(None));
    assert!(
        matches!(bench.call(), Call::Refresh { .. }),
        "a server that is gone is noticed at once"
    );
    assert_eq!(stream_comes_back(&bench), Some((500, 1000)));
    bench.timer(Timer::Stream);
    assert_eq!(bench.effects, [Effect::OpenStream(Some(1))]);
    let mut classic = Bench::classic(80, 24);
    classic.send(Msg::StreamLost(None));
    assert!(classic.effects.is_empty());
}

/// Within which time the stream is opened again, ms.
fn stream_comes_back(bench: &Bench) -> Option<(u128, u128)> {
    bench.effects.iter().find_map(|effect| match effect {
        Effect::WaitBetween {
            timer: Timer::Stream,
            least,
            most,
        } => Some((least.as_millis(), most.as_millis())),
        _ => None,
    })
}

#[test]
fn a_stream_that_does_not_last_is_opened_less_and_less_often() {
    let mut bench = Bench::logged_in(80, 24);
    for most in [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000] {
        bench.send(Msg::StreamLost(Some(failure())));
        assert_eq!(stream_comes_back(&bench), Some((500, most)));
        bench.timer(Timer::Stream);
    }
    bench.unix_ms += 10_000;
    bench.send(Msg::StreamLost(None));
    assert_eq!(stream_comes_back(&bench), Some((500, 1000)), "that one lasted");
    bench.send(Msg::StreamLost(Some(Failure::Busy {
        status: 429,
        message: "Too many tries.".to_owned(),
        retry_after: Some(Duration::from_secs(15)),
    })));
    assert_eq!(stream_comes_back(&bench), Some((15_000, 17_000)));
    assert!(
        bench.calls().is_empty(),
        "a stream that never opened says nothing about the server"
    );
}

#[test]
fn the_header_says_how_news_come() {
    for (columns, rows) in [(120, 36), (80, 24)] {
        let mut bench = Bench::logged_in(columns, rows);
        bench.shows("● live").hides("polling");
        assert_eq!(
            next_poll(&bench),
            Some(Duration::from_mins(1)),
            "the net under the stream"
        );
        bench.send(Msg::StreamLost(Some(failure())));
        bench.answer(Reply::Refreshed(Box::new(Ok(snapshot(1)))));
        bench.hides("live");
        bench.shows("● polling every 15 s");
        assert_eq!(next_poll(&bench), Some(Duration::from_secs(15)));
        bench.timer(Timer::Stream).shows("● live");
    }
    let mut slow = Bench::with(
        Settings {
            user: Some("newuser".to_owned()),
            poll: Duration::from_mins(5),
            ..Settings::default()
        },
        120,
        36,
    );
    slow.answer(Reply::Refreshed(Box::new(Ok(snapshot(1))))).shows("● live");
    slow.send(Msg::StreamLost(None));
    slow.shows("polling every 5 min 08:14");
}

#[test]
fn a_poll_that_is_answered_brings_a_stream_back_that_would_wait_long() {
    let mut bench = Bench::logged_in(120, 36);
    for _ in 0..7 {
        bench.send(Msg::StreamLost(Some(failure())));
        bench.retry(Err(failure()));
    }
    bench.retry(Ok(snapshot(1))).shows("The server answers again.");
    assert_eq!(stream_comes_back(&bench), Some((500, 4000)), "not all clients at once");
    bench.retry(Ok(snapshot(1)));
    assert_eq!(stream_comes_back(&bench), None, "it comes already");
    bench.timer(Timer::Stream).shows("● live");
    // A proxy that lets no stream through is left alone although polls are answered.
    for most in [60_000, 60_000] {
        bench.send(Msg::StreamLost(Some(failure())));
        assert_eq!(stream_comes_back(&bench), Some((500, most)));
        bench.retry(Ok(snapshot(1)));
        assert_eq!(stream_comes_back(&bench), None);
    }
}

#[test]
fn a_stream_that_broke_off_while_polls_went_on_comes_back_with_the_next_poll() {
    let mut bench = Bench::logged_in(120, 36);
    for _ in 0..5 {
        bench.send(Msg::StreamLost(None));
    }
    bench.retry(Ok(snapshot(1)));
    assert_eq!(stream_comes_back(&bench), Some((500, 4000)));
}

#[test]
fn a_stream_that_may_hang_since_the_server_was_away_is_opened_anew() {
    let mut bench = Bench::logged_in(120, 36);
    bench.retry(Err(failure()));
    bench.retry(Ok(snapshot(1)));
    assert_eq!(stream_comes_back(&bench), Some((500, 4000)));
    assert!(!bench.effects.contains(&Effect::OpenStream(Some(1))));
}
