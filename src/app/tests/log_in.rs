//! Log in, sign up, and a session that ends.

use super::{Bench, failure, session};
use crate::api::{ApiError, ErrorCode, Failure};
use crate::app::{Call, Effect, Reply, Timer};

#[test]
fn f5_logs_the_sample_user_in_and_the_overview_follows() {
    let mut bench = Bench::new(120, 36);
    bench.shows("Log in").press("F5");
    assert_eq!(
        *bench.call(),
        Call::LogIn {
            name: "newuser".to_owned(),
            password: "password123".to_owned(),
            code: None,
            keep: true
        }
    );
    bench.shows("Logging in").answer(session("newuser"));
    assert!(bench.effects.contains(&Effect::OpenStream));
    assert_eq!(
        *bench.call(),
        Call::Refresh {
            month: None,
            known: None
        }
    );
    bench.shows("1 Overview");
}

#[test]
fn a_slow_log_in_counts_its_seconds() {
    let mut bench = Bench::new(80, 24);
    bench.press("F5").shows("Logging in").hides("Logging in 1 s");
    bench.timer(Timer::Waiting).shows("Logging in 1 s");
    bench.timer(Timer::Waiting).shows("Logging in 2 s");
    bench.press("Esc").hides("Logging in");
    bench.timer(Timer::Waiting);
    assert!(bench.effects.is_empty(), "no timer runs on: {:?}", bench.effects);
}

#[test]
fn a_wrong_password_is_told_under_its_field_and_the_name_stays() {
    let mut bench = Bench::new(80, 24);
    bench
        .type_text("ada")
        .press("Tab")
        .type_text("wrong-word")
        .press("Enter");
    let refused = ApiError::new(ErrorCode::BadCredentials, "Wrong name or password.");
    bench.answer(Reply::LoggedIn(Err(Failure::Rejected(refused))));
    bench.shows("Wrong name or password.").shows("ada").hides("•");
}

#[test]
fn esc_cancels_a_log_in_that_hangs() {
    let mut bench = Bench::new(80, 24);
    bench.press("F5 Esc").shows("Cancelled.");
    let (id, _) = bench.open.pop().unwrap();
    bench.send(crate::app::Msg::Reply(id, session("newuser")));
    bench.shows("Log in").hides("1 Overview");
}

#[test]
fn sign_up_checks_each_field_and_goes_to_the_first_wrong_one() {
    let mut bench = Bench::new(120, 36);
    bench
        .press("F3")
        .type_text("ada")
        .press("Tab")
        .type_text("nonsense")
        .press("Tab")
        .type_text("short")
        .press("Tab")
        .type_text("other")
        .press("Enter");
    bench
        .shows("Write an email address")
        .shows("Use 8 to 128 characters")
        .shows("The two passwords differ.");
    assert!(bench.open.is_empty());
    bench
        .press("^u")
        .type_text("ada@example.org")
        .press("Tab ^u")
        .type_text("kitchen-lamp-9")
        .press("Tab ^u")
        .type_text("kitchen-lamp-9")
        .press("Enter");
    assert!(matches!(bench.call(), Call::SignUp { name, email, .. } if name == "ada" && email == "ada@example.org"));
}

#[test]
fn an_ended_session_leads_to_the_log_in_and_back_with_the_typed_text() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("a").type_text("half a thought");
    bench.send(crate::app::Msg::Timer(crate::app::Timer::Poll));
    bench.answer(Reply::Refreshed(Box::new(Err(Failure::SignedOut))));
    bench.shows("Your session has ended").shows("newuser");
    assert!(bench.effects.contains(&Effect::ForgetSession));
    bench.type_text("password123").press("Enter").answer(session("newuser"));
    bench.shows("Add expense").shows("half a thought");
}

#[test]
fn somebody_else_never_sees_the_typed_text() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("a").type_text("a secret present");
    bench.send(crate::app::Msg::Timer(crate::app::Timer::Poll));
    bench.answer(Reply::Refreshed(Box::new(Err(Failure::SignedOut))));
    bench
        .press("S-Tab ^u")
        .type_text("eve")
        .press("Tab")
        .type_text("some password")
        .press("Enter")
        .answer(session("eve"));
    bench
        .hides("a secret present")
        .hides("Ramen House")
        .press("a")
        .hides("a secret present");
}

#[test]
fn no_server_is_a_sentence_and_the_form_stays() {
    let mut bench = Bench::new(80, 24);
    bench.press("F5").answer(Reply::LoggedIn(Err(failure())));
    bench.shows("No answer from 127.0.0.1:8080").shows("newuser");
}
