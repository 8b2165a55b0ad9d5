//! Servers that are gone, slow, wrong or evil: keys still answer, numbers stay, and a sentence says what to do.

use std::net::TcpListener;
use std::time::Duration;

use super::{PASSWORD, add, sign_up, today};
use crate::server::Server;
use crate::support::dashboard::{Dashboard, ENTER, ESC, FOCUS_GAINED, FOCUS_LOST, Launch, TAB, find};
use crate::support::hostile::{Step, head, whole};
use crate::support::program::Home;
use crate::support::proxy::Proxy;

/// A real server, a proxy in front of it, and the dashboard of a user with one expense.
struct Bench {
    home: Home,
    proxy: Proxy,
    dashboard: Dashboard,
    _server: Server,
}

impl Bench {
    fn start(replaced: &[(&str, &str)]) -> Self {
        let home = Home::new();
        let server = Server::start(&home.path("server"), &[]);
        let proxy = Proxy::to(&server.url, replaced);
        let mut dashboard = Launch::new(&home).server(proxy.url()).start();
        sign_up(&mut dashboard, "ada");
        add(&mut dashboard, "lunch at chipotle EVIL", "60");
        dashboard.wait_for("─ 1 in ").wait_for("lunch at chipotle");
        Self {
            home,
            proxy,
            dashboard,
            _server: server,
        }
    }

    /// Keys still answer.
    #[track_caller]
    fn check_keys(&mut self) {
        self.dashboard
            .press("?")
            .wait_for("Everywhere")
            .press(ESC)
            .wait_gone("Everywhere");
        self.dashboard.wait_for("60.00 │");
    }
}

#[test]
fn whatever_a_server_answers_is_survived() {
    let mut bench = Bench::start(&[]);
    let page = b"<!DOCTYPE html><html>Welcome to the hotel \x1b]0;owned\x07</html>";
    let json = "Content-Type: application/json\r\n";
    let evil = br#"{"error":{"code":"invalid","message":"evil \u001b]0;owned\u0007 words"}}"#;
    let cases = [
        (
            vec![Step::Send(whole("200 OK", "", page))],
            "Check its address: the answer is a web page",
        ),
        (vec![Step::Send(whole("302 Found", "Location: /x\r\n", b""))], "server"),
        (
            vec![Step::Send(whole("200 OK", json, br#"{"month":"2026-11","today":7}"#))],
            "Check its address: the answer has another shape",
        ),
        (
            vec![Step::Send(whole("200 OK", json, b"[".repeat(100_000).as_slice()))],
            "Check its address",
        ),
        (
            vec![Step::Send(head("200 OK", "")), Step::Repeat(vec![b' '; 65_536], 160)],
            "4 MiB",
        ),
        (vec![Step::Send(whole("400 Bad Request", json, evil))], "evil"),
        (
            vec![Step::Send(whole(
                "503 Service Unavailable",
                "Retry-After: 90\r\n",
                page,
            ))],
            "status 503",
        ),
        (
            vec![Step::Send(b"SSH-2.0-OpenSSH_9.2\r\n\x1b]0;owned\x07".to_vec())],
            "No answer",
        ),
        (vec![], "No answer"),
    ];
    for (steps, words) in cases {
        bench.proxy.answer(steps);
        bench.dashboard.press("R").wait_for(words).wait_for("R now");
        bench.check_keys();
        bench.proxy.be_honest();
        bench.dashboard.press("R").wait_for("live").wait_gone("R now");
    }
    assert!(find(&bench.dashboard.bytes(), "\x1b]0;").is_none());
    bench.dashboard.press("q");
    assert_eq!(bench.dashboard.exit_code(), 0);
}

#[test]
fn a_server_that_drips_freezes_nothing() {
    let mut bench = Bench::start(&[]);
    let drip = Step::Drip(Duration::from_secs(1), 100);
    bench.proxy.answer(vec![Step::Send(head("200 OK", "")), drip]);
    bench.dashboard.press("R").wait_for("Asking the server");
    bench.check_keys();
    bench
        .dashboard
        .press("2")
        .wait_for(&format!("Expenses {}", today("%B")))
        .press("1")
        .wait_for("Recent");
    bench.dashboard.press(ESC).wait_gone("Asking the server");
    bench.dashboard.press("q");
    assert_eq!(bench.dashboard.exit_code(), 0);
}

#[test]
fn what_a_server_says_never_steers_the_terminal() {
    let steering = r"\u001b]52;c;RVZJTA==\u0007\u001b[2J\u009b31m\u202e";
    let evil = format!("EV{steering}IL");
    let dining = format!("Din{steering}ing");
    let mut bench = Bench::start(&[("EVIL", &evil), ("Dining", &dining)]);
    let dashboard = &mut bench.dashboard;
    for (screen, words) in [
        ("2", "chipotle"),
        ("3", "Budgets for"),
        ("4", "Alerts"),
        ("1", "chipotle"),
    ] {
        dashboard.press(screen).wait_for(words);
    }
    dashboard
        .press("2")
        .wait_for("Expenses")
        .press("e")
        .wait_for("Esc drop")
        .wait_for("chipotle");
    let bytes = dashboard.bytes();
    for steering in ["\x1b]52", "\x1b[31m", "\u{9b}", "\u{202e}"] {
        assert!(find(&bytes, steering).is_none(), "{steering:?} came through");
    }
    // The bell ends window titles, and nothing else.
    let titles = String::from_utf8(bytes).unwrap();
    assert_eq!(titles.matches('\x07').count(), titles.matches("\x1b]2;").count());
}

#[test]
fn a_server_that_goes_and_comes_back_is_found_again() {
    let home = Home::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let mut dashboard = Launch::new(&home).server(format!("http://{address}")).start();
    dashboard.wait_for("User name").fill(&["ada", PASSWORD]).press(ENTER);
    dashboard.wait_for(&format!("No answer from {address}"));

    let server = Server::start_at(&address, &home.path("server"), &[]);
    dashboard.press("\x15").press("\x1b[A\x15").wait_gone("ada");
    sign_up(&mut dashboard, "ada");
    add(&mut dashboard, "lunch", "60");
    dashboard.wait_for("60.00 │");
    server.kill();
    dashboard
        .press("R")
        .wait_for("offline")
        .wait_for("No answer")
        .wait_for("60.00 │");
    let _server = Server::start_at(&address, &home.path("server"), &[]);
    // Nobody presses a key for it.
    dashboard.wait_for("live").wait_gone("offline").wait_for("60.00 │");
}

#[test]
fn a_session_that_ends_leads_to_the_log_in_and_back() {
    let mut bench = Bench::start(&[]);
    let dashboard = &mut bench.dashboard;
    dashboard
        .press("a")
        .wait_for("Add expense")
        .fill(&["train to Bern", "12.5"])
        .wait_for("train to Bern");
    let refused = whole(
        "401 Unauthorized",
        "",
        br#"{"error":{"code":"unauthorized","message":"No."}}"#,
    );
    bench.proxy.answer(vec![Step::Send(refused)]);
    // Coming back to the window asks for news.
    dashboard.press(FOCUS_LOST).press(FOCUS_GAINED);
    dashboard.wait_for("Your session has ended").wait_for("what you typed");
    bench.proxy.be_honest();
    dashboard.press(PASSWORD).press(ENTER);
    dashboard
        .wait_for("Add expense")
        .wait_for("train to Bern")
        .press(TAB)
        .press(TAB)
        .press(ENTER);
    dashboard
        .wait_gone("Add expense")
        .wait_for("train to Bern")
        .wait_for("12.50");
    drop(bench.home);
}
