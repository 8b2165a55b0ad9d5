//! Where the user is logged in, and ending that.

use uuid::Uuid;

use super::Bench;
use super::data::{NOW_MS, failure, refusal};
use crate::api::{ErrorCode, Failure, SessionEntry};
use crate::app::{Call, Effect, Msg, Reply, Slot};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

fn entry(number: u128, label: Option<&str>, address: &str, used: i64) -> SessionEntry {
    SessionEntry {
        id: Uuid::from_u128(number),
        label: label.map(str::to_owned),
        created_at: NOW_MS - 10 * DAY,
        last_seen: NOW_MS - used,
        address: Some(address.to_owned()),
        current: number == 2,
    }
}

/// As the server lists them: the last used first.
fn listed() -> Vec<SessionEntry> {
    vec![
        entry(1, Some("phone"), "203.0.113.9", 14 * MINUTE),
        entry(2, Some("ada-laptop"), "192.0.2.7", 20 * MINUTE),
        entry(3, None, "2001:db8:85a3:8d3:1319:8a2e:370:7348", 9 * DAY),
    ]
}

pub fn dialog(columns: u16, rows: u16) -> Bench {
    let mut bench = Bench::logged_in(columns, rows);
    bench.press("W").answer(Reply::Sessions(Ok(listed())));
    bench
}

#[test]
fn it_looks_the_same_at_every_size() {
    let frames = [(120, 36), (80, 24), (40, 10)].map(|(columns, rows)| {
        let shown = dialog(columns, rows).frame();
        let asked = dialog(columns, rows).press("j x").frame();
        format!("{columns} x {rows}\n{shown}\n\n{asked}")
    });
    insta::assert_snapshot!(frames.join("\n\n"));
}

#[test]
fn this_session_stands_first_and_each_says_where_and_when() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("W").shows("Asking where you are logged in.");
    assert_eq!(*bench.call(), Call::Sessions);
    bench.answer(Reply::Sessions(Ok(listed())));
    let frame = bench.frame();
    let row = |text: &str| frame.lines().position(|line| line.contains(text)).unwrap();
    assert!(row("ada-laptop") < row("phone") && row("phone") < row("an unnamed device"));
    bench.shows("3 in all").shows("this one").shows("08:00").shows("13 Nov");
    bench
        .press("G")
        .shows("Began 12 Nov from 2001:db8:85a3:8d3:1319:8a2e:370:7348");
    bench.press("Esc").hides("Sessions");
    assert_eq!(bench.effects, [Effect::Cancel(Slot::Sessions)]);
}

#[test]
fn one_session_ends_after_a_yes() {
    let mut bench = dialog(120, 36);
    bench
        .press("j x")
        .shows("End the session of phone? It has to log in again.");
    bench.press("Enter").hides("Please confirm");
    assert!(bench.calls().is_empty(), "Enter gives the safe answer");
    bench.press("x y");
    assert_eq!(bench.calls(), [&Call::EndSession(Uuid::from_u128(1))]);
    bench.shows("ending").press("x").shows("It is ending already.");
    bench.answer(Reply::Done(Ok(())));
    bench
        .shows("The session of phone has ended.")
        .shows("2 in all")
        .shows("▸ an unnamed device");
    assert_eq!(bench.calls(), [&Call::Sessions], "the server has the last word");
    bench
        .answer(Reply::Sessions(Ok(listed()[1..].to_vec())))
        .shows("2 in all");
}

#[test]
fn all_others_end_after_a_yes() {
    let mut bench = dialog(120, 36);
    bench
        .press("X")
        .shows("End the 2 other sessions? Each has to log in again.");
    bench.press("n").shows("3 in all").press("X y");
    assert_eq!(bench.calls(), [&Call::EndOtherSessions]);
    // It is told with the list closed, too.
    bench.press("Esc").answer(Reply::Done(Ok(())));
    bench.shows("All other sessions have ended.").hides("in all");
    assert!(bench.calls().is_empty());
    bench.press("W").answer(Reply::Sessions(Ok(vec![listed()[1].clone()])));
    bench
        .hides("end all others")
        .press("X")
        .shows("There is no other session.");
}

#[test]
fn ending_this_session_is_logging_out() {
    let mut bench = dialog(80, 24);
    bench.press("x").shows("Log out?").press("y");
    assert_eq!(bench.calls(), [&Call::LogOut]);
    bench.shows("Logged out.").hides("Sessions");
}

#[test]
fn it_is_found_in_the_palette() {
    let mut bench = Bench::logged_in(80, 24);
    bench.press(":").type_text("sessions").press("Enter");
    assert_eq!(*bench.call(), Call::Sessions);
    bench
        .answer(Reply::Sessions(Ok(listed())))
        .press("j ^p")
        .shows("end all others");
    bench
        .hides("month:")
        .type_text("end this")
        .press("Enter")
        .shows("End the session of phone?");
}

#[test]
fn a_server_without_sessions_is_told_plainly() {
    let mut classic = Bench::classic(80, 24);
    classic
        .press("W")
        .shows("This server only knows the five classic calls, so listing sessions is not po");
    assert!(classic.calls().is_empty());
    let mut older = Bench::logged_in(80, 24);
    let words = "This server is older than this program and does not list sessions. Update it.";
    older
        .press("W")
        .answer(Reply::Sessions(Err(refusal(ErrorCode::NotFound, words))))
        .shows("This server is older than this program and does not list sessions.")
        .shows("R asks again.");
}

#[test]
fn what_fails_is_told_and_asked_again() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("W").answer(Reply::Sessions(Err(failure())));
    bench.shows("No answer from 127.0.0.1:8080").press("R");
    bench.answer(Reply::Sessions(Ok(listed()))).press("X y");
    bench.answer(Reply::Done(Err(failure())));
    bench
        .shows("Not ended. No answer from")
        .shows("3 in all")
        .hides("ending");
    bench.press("R").answer(Reply::Sessions(Err(failure())));
    bench.shows("3 in all").shows("No answer from");
}

#[test]
fn one_that_has_ended_already_is_as_good_as_ended() {
    let mut bench = dialog(120, 36);
    bench.press("j x y");
    bench.answer(Reply::Done(Err(refusal(
        ErrorCode::NotFound,
        "There is no such session.",
    ))));
    bench.shows("The session of phone has ended.").shows("2 in all");
}

#[test]
fn a_session_that_was_ended_elsewhere_leads_to_the_log_in() {
    let mut bench = dialog(120, 36);
    bench.press("R").answer(Reply::Sessions(Err(Failure::SignedOut)));
    bench.shows("Your session has ended.").hides("in all");
    let mut ending = dialog(120, 36);
    ending.press("X y").answer(Reply::Done(Err(Failure::SignedOut)));
    ending.shows("Your session has ended.").hides("in all");
}

#[test]
fn leaving_before_it_has_ended_is_asked_about() {
    let mut bench = dialog(120, 36);
    bench.press("X y Esc q").shows("still on its way");
    assert!(!bench.model.wants_quit());
}

#[test]
fn many_sessions_scroll_and_a_smaller_window_keeps_the_cursor_in_sight() {
    let mut bench = Bench::logged_in(80, 24);
    let many = (2..60).map(|number| entry(number, Some(&format!("device {number}")), "192.0.2.7", MINUTE));
    bench.press("W").answer(Reply::Sessions(Ok(many.collect())));
    bench.shows("58 in all").press("G").shows("▸ device 59");
    bench.send(Msg::Resize(40, 10));
    bench.shows("▸ device 59").press("g").shows("▸ device 2 ");
}
