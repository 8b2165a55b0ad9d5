//! Log in, sign up, and a session that ends.

use super::{Bench, failure, session};
use crate::api::{ApiError, ErrorCode, Failure, SignUpMode};
use crate::app::{Call, Effect, Reply, Settings, Timer};

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
    assert!(bench.effects.contains(&Effect::OpenStream(None)));
    assert_eq!(
        *bench.call(),
        Call::Refresh {
            month: None,
            known: None,
            seen: None
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

fn refused(code: ErrorCode, field: &str, message: &str) -> Reply {
    Reply::LoggedIn(Err(Failure::Rejected(ApiError {
        field: Some(field.to_owned()),
        ..ApiError::new(code, message)
    })))
}

/// Ada has typed name and password; the server wants a code too.
pub(super) fn asked_for_a_code(columns: u16, rows: u16) -> Bench {
    let mut bench = Bench::new(columns, rows);
    bench
        .type_text("ada")
        .press("Tab")
        .type_text("kitchen lamp nine")
        .press("Enter");
    bench.answer(refused(
        ErrorCode::SecondFactorNeeded,
        "code",
        "Type the code that your authenticator app shows, or a recovery code.",
    ));
    bench
}

#[test]
fn a_second_factor_is_one_field_more_and_nothing_typed_is_lost() {
    let mut bench = asked_for_a_code(120, 36);
    bench
        .shows("Code of your authenticator app")
        .shows("Type the code that your");
    bench.press("Enter").shows("Type the code of your app.");
    bench.type_text("000 000").press("Enter");
    let sent = |code: &str| Call::LogIn {
        name: "ada".to_owned(),
        password: "kitchen lamp nine".to_owned(),
        code: Some(code.to_owned()),
        keep: true,
    };
    assert_eq!(*bench.call(), sent("000 000"));
    bench.answer(refused(ErrorCode::SecondFactorNeeded, "code", "This code is wrong."));
    bench.shows("This code is wrong.").hides("000 000");
    bench.type_text("123456").press("Enter");
    assert_eq!(*bench.call(), sent("123456"));
    bench.answer(session("ada")).shows("1 Overview");
}

#[test]
fn another_user_name_is_not_asked_for_the_code_of_the_first() {
    let mut bench = asked_for_a_code(80, 24);
    bench
        .press("S-Tab S-Tab")
        .type_text("m")
        .hides("Code of your authenticator");
    bench.press("Tab Enter");
    assert!(matches!(bench.call(), Call::LogIn { name, code: None, .. } if name == "adam"));
}

/// The sign-up form of a server elsewhere that admits as it says.
pub(super) fn sign_up_at(mode: SignUpMode, columns: u16, rows: u16) -> Bench {
    let settings = Settings {
        demo: false,
        ..Settings::default()
    };
    let mut bench = Bench::with(settings, columns, rows);
    bench.press("F3");
    assert_eq!(*bench.call(), Call::SignUpMode);
    bench.answer(Reply::SignUpMode(Ok(mode)));
    bench
}

#[test]
fn a_server_that_invites_is_told_the_code() {
    let mut bench = sign_up_at(SignUpMode::Invite, 80, 24);
    bench.shows("Invitation code");
    bench
        .type_text("ada")
        .press("Tab")
        .type_text("ada@example.org")
        .press("Tab Tab");
    bench
        .type_text("kitchen-lamp-9")
        .press("Tab")
        .type_text("kitchen-lamp-9")
        .press("Enter");
    bench.shows("Type the code that you were given.");
    assert!(bench.open.is_empty());
    bench.type_text("ABCD-EFGH").press("Enter");
    assert!(matches!(bench.call(), Call::SignUp { invite: Some(code), .. } if code == "ABCD-EFGH"));
    bench.answer(refused(ErrorCode::Invalid, "invite", "This invitation has expired."));
    bench.shows("This invitation has expired.").shows("ABCD-EFGH");
    bench.press("F3 F3");
    assert!(bench.open.is_empty(), "the server is asked once");
}

#[test]
fn a_closed_server_says_so_and_is_not_asked() {
    let mut bench = sign_up_at(SignUpMode::Closed, 80, 24);
    bench.shows("Sign-up is closed on this server.");
    bench
        .type_text("ada")
        .press("Enter")
        .shows("Sign-up is closed")
        .shows("ada");
    assert!(bench.open.is_empty());
    bench.press("F3").hides("Sign-up is closed").shows("ada");
}

#[test]
fn an_open_server_asks_for_no_code_and_one_that_turns_out_to_invite_does() {
    let mut bench = sign_up_at(SignUpMode::Open, 120, 36);
    bench.hides("Invitation code");
    bench
        .type_text("ada")
        .press("Tab")
        .type_text("ada@example.org")
        .press("Tab");
    bench
        .type_text("kitchen-lamp-9")
        .press("Tab")
        .type_text("kitchen-lamp-9")
        .press("Enter");
    assert!(matches!(bench.call(), Call::SignUp { invite: None, .. }));
    bench.answer(refused(ErrorCode::Invalid, "invite", "Sign-up here is by invitation."));
    bench.shows("Invitation code").shows("Sign-up here is by invitation.");
}
