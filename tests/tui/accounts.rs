//! What a log-in in the dashboard leaves behind: one session, and the certificate of the server.

use serde_json::Value;

use super::PASSWORD;
use crate::server::Server;
use crate::support::dashboard::{Dashboard, ENTER, Launch, TAB};
use crate::support::program::{Home, outcome};

/// Far more questions than a session takes to end.
const TRIES: u32 = 300;

fn sessions(home: &Home, at: &str) -> Vec<Value> {
    let listed = outcome(&mut home.run(&format!("account sessions --format json {at}")));
    assert_eq!(listed.code, 0, "{}", listed.err);
    serde_json::from_str(&listed.out).unwrap()
}

#[track_caller]
fn one_is_left(home: &Home, at: &str) {
    let mut last = Vec::new();
    for _ in 0..TRIES {
        last = sessions(home, at);
        if last.len() == 1 {
            assert_eq!(last[0]["current"], true);
            return;
        }
    }
    panic!("the session that was replaced goes on: {last:?}");
}

/// A dashboard at its log-in screen; meanwhile somebody has signed up beside it, in the same configuration.
fn beside_a_session(home: &Home, server: &Server, at: &str) -> Dashboard {
    let mut dashboard = Launch::new(home).server(&server.url).start();
    dashboard.wait_for("User name");
    let line = format!("signup ada --email a@b.org --password-stdin {at}");
    let made = outcome(home.run(&line).write_stdin(PASSWORD));
    assert_eq!(made.code, 0, "{}", made.err);
    dashboard
}

/// The same after a log-in, which ends the session beside it.
fn instead_of_a_session(home: &Home, server: &Server, at: &str) -> Dashboard {
    let mut dashboard = beside_a_session(home, server, at);
    dashboard.fill(&["ada", PASSWORD]).press(ENTER).wait_for("No alerts");
    one_is_left(home, at);
    dashboard
}

#[test]
fn a_log_in_ends_the_session_that_it_replaces() {
    let home = Home::new();
    let server = Server::start(&home.path("server"), &[]);
    let at = format!("--server {}", server.url);
    let mut dashboard = instead_of_a_session(&home, &server, &at);
    dashboard.press("q");
    assert_eq!(dashboard.exit_code(), 0);

    let words = outcome(
        home.run(&format!("--plain {at}"))
            .write_stdin(format!("login ada\n{PASSWORD}\nquit\n")),
    );
    assert_eq!(words.code, 0, "{} {}", words.out, words.err);
    assert_eq!(sessions(&home, &at).len(), 1);
}

/// Logs ada in from another configuration.
#[track_caller]
fn log_in(home: &Home, at: &str) {
    let run = outcome(
        home.run(&format!("login ada --password-stdin {at}"))
            .write_stdin(PASSWORD),
    );
    assert_eq!(run.code, 0, "{}", run.err);
}

#[test]
fn the_dashboard_lists_and_ends_the_sessions_of_its_user() {
    let home = Home::new();
    let server = Server::start(&home.path("server"), &[]);
    let at = format!("--server {}", server.url);
    let mut dashboard = instead_of_a_session(&home, &server, &at);
    let elsewhere = [Home::new(), Home::new(), Home::new()];
    for home in &elsewhere {
        log_in(home, &at);
    }
    dashboard
        .press("W")
        .wait_for("4 in all")
        .wait_for("this one")
        .wait_for("127.0.0.1");
    dashboard
        .press("jx")
        .wait_for("End the session of")
        .press("y")
        .wait_for("has ended.");
    assert_eq!(sessions(&home, &at).len(), 3);
    dashboard
        .wait_for("3 in all")
        .press("X")
        .wait_for("End the 2 other sessions?");
    dashboard.press("y").wait_for("All other sessions have ended.");
    one_is_left(&home, &at);
    for home in &elsewhere {
        let run = outcome(&mut home.run(&format!("summary {at}")));
        assert!(run.code != 0 && run.err.contains("session has ended"), "{}", run.err);
    }
}

#[test]
fn sessions_are_listed_and_ended_in_words_too() {
    let (home, elsewhere) = (Home::new(), Home::new());
    let server = Server::start(&home.path("server"), &[]);
    let at = format!("--server {}", server.url);
    let made = format!("signup ada --email a@b.org --password-stdin {at}");
    assert_eq!(outcome(home.run(&made).write_stdin(PASSWORD)).code, 0);
    log_in(&elsewhere, &at);
    let lines = "sessions\nend 1\nend 2\nend others\nend 9\nquit\n";
    let words = outcome(home.run(&format!("--plain {at}")).write_stdin(lines));
    for told in [
        "from 127.0.0.1, this session.",
        " from 127.0.0.1, last used ",
        "The session of ",
        "There is no other session.",
    ] {
        assert!(words.out.contains(told), "{told}: {}", words.out);
    }
    for told in [
        "Line 2: This is the session you are in: logout ends it.",
        "Line 5: There is no session with this number. sessions lists them.",
    ] {
        assert!(words.err.contains(told), "{told}: {}", words.err);
    }
    one_is_left(&home, &at);
}

#[test]
fn a_session_that_is_not_kept_leaves_the_kept_one_alone() {
    let home = Home::new();
    let server = Server::start(&home.path("server"), &[]);
    let at = format!("--server {}", server.url);
    let mut dashboard = beside_a_session(&home, &server, &at);
    dashboard
        .fill(&["ada", PASSWORD])
        .press(TAB)
        .press(" ")
        .press(ENTER)
        .wait_for("No alerts");
    assert_eq!(sessions(&home, &at).len(), 2);
}

#[test]
fn a_fingerprint_of_the_command_line_is_known_after_the_log_in_with_it() {
    let home = Home::new();
    let (server, fingerprint) = Server::with_own_certificate(&home);
    let launch = || Launch::new(&home).server(&server.url);
    let mut dashboard = launch().argument("--server-fingerprint").argument(&fingerprint).start();
    super::sign_up(&mut dashboard, "ada");
    dashboard.press("q");
    assert_eq!(dashboard.exit_code(), 0);
    let kept = std::fs::read_to_string(home.path("config/config.toml")).unwrap();
    assert!(
        kept.contains(&format!("server_fingerprint = \"{fingerprint}\"")),
        "{kept}"
    );
    let mut dashboard = launch().start();
    dashboard.wait_for("No alerts");
}

#[test]
fn a_password_of_the_administrator_is_told_at_the_log_in() {
    let home = Home::new();
    let made = outcome(
        home.run("signup ada --email a@b.org --password-stdin")
            .write_stdin(PASSWORD),
    );
    assert_eq!(made.code, 0, "{}", made.err);
    let reset = outcome(
        home.run("user reset-password ada --password-stdin")
            .write_stdin(PASSWORD),
    );
    assert_eq!(reset.code, 0, "{}", reset.err);
    let mut dashboard = Launch::new(&home).size(80, 24).start();
    dashboard
        .wait_for("Your session has ended")
        .fill(&[PASSWORD])
        .press(ENTER);
    dashboard.wait_for("Temporary password. Choose your own: budget-tracker account password");
    let words = outcome(
        home.run("--plain")
            .write_stdin(format!("login ada\n{PASSWORD}\nquit\n")),
    );
    assert!(words.out.contains("Temporary password."), "{}", words.out);
}
