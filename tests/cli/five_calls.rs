//! Every command against a server that knows the five classic calls.

use std::fs;
use std::process::{Command, Stdio};

use rstest::rstest;
use serde_json::Value;

use crate::support::five_calls::{FiveCalls, OLD, PLAIN, Shape};
use crate::support::hostile::{Hostile, Step, whole};
use crate::support::program::{Home, outcome};

const PASSWORD: &str = "correct horse";

/// A home whose usual server is `server`, with ada logged in.
fn signed_up(server: &FiveCalls) -> Home {
    let home = Home::new();
    home.configure(&format!("server = \"{}\"\n", server.url));
    let run = outcome(
        home.run("signup ada --email a@b.org --password-stdin")
            .write_stdin(format!("{PASSWORD}\n")),
    );
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.starts_with("Welcome, ada."), "{}", run.out);
    home
}

fn good(home: &Home, line: &str) -> String {
    let run = outcome(&mut home.run(line));
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{line}");
    assert!(!run.out.contains("token-of"), "{}", run.out);
    run.out
}

fn add(home: &Home, description: &str, amount: &str) -> String {
    let run = outcome(home.run("add").args([description, amount]));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    run.out
}

#[rstest]
#[case(PLAIN)]
#[case(OLD)]
fn the_whole_job_from_a_shell(#[case] shape: Shape) {
    let server = FiveCalls::start(shape);
    let home = signed_up(&server);
    assert_eq!(good(&home, "alerts"), "No alerts.\n");
    assert!(add(&home, "lunch at chipotle", "60").starts_with("Added lunch at chipotle, $60.00, on 20"));
    assert!(add(&home, "uber to airport", "$31,50").ends_with(" in Transport.\n"));

    let table = good(&home, "summary");
    let line = |start: &str| {
        table
            .lines()
            .find(|line| line.starts_with(start))
            .unwrap_or_default()
            .to_owned()
    };
    assert!(
        line("Dining").contains("$60.00") && line("Dining").ends_with("over $10"),
        "{table}"
    );
    assert!(line("Total").contains("$91.50"), "{table}");
    let csv = good(&home, "summary --format csv");
    assert!(
        csv.starts_with("month,category,kind,spent,limit,forecast,outlook,currency\n"),
        "{csv}"
    );
    assert!(csv.contains(",Dining,flexible,60.00,50.00,,over $10,USD\n"), "{csv}");
    let json: Value = serde_json::from_str(&good(&home, "--format json summary")).unwrap();
    assert_eq!(json["categories"][0]["spent_minor"], 6000);

    assert!(good(&home, "alerts").contains("2026-11-22 08:00  new    Dining is over its budget."));
    assert!(good(&home, "alerts --format csv").ends_with(",new,Dining is over its budget.\n"));
    let json: Value = serde_json::from_str(&good(&home, "alerts --format json")).unwrap();
    assert_eq!(json[0]["message"], "Dining is over its budget.");

    assert!(good(&home, "logout").starts_with("Logged out of http://"));
    assert!(!home.path("config/session.toml").exists());
    assert_eq!(outcome(&mut home.run("summary")).code, 1);
    let run = outcome(home.run("login ada").env("BUDGET_TRACKER_PASSWORD", PASSWORD));
    assert!(run.out.starts_with("Welcome back, ada."), "{}", run.err);
    assert!(good(&home, "summary").contains("$91.50"));
}

#[rstest]
#[case("list", "listing expenses")]
#[case("add lunch 5 --date 2020-01-01", "another day")]
#[case("summary --month 2020-01", "another month")]
#[case("alerts --read", "marking alerts")]
fn what_such_a_server_cannot_do_is_said(#[case] line: &str, #[case] words: &str) {
    let server = FiveCalls::start(PLAIN);
    let home = signed_up(&server);
    let run = outcome(&mut home.run(line));
    assert_eq!(run.code, 1);
    assert!(run.err.contains(words) && run.err.lines().count() == 2, "{}", run.err);
}

#[test]
fn refusals_are_told_in_the_servers_words_and_without_the_password() {
    let server = FiveCalls::start(PLAIN);
    let home = signed_up(&server);
    let run = outcome(home.run("login ada").env("BUDGET_TRACKER_PASSWORD", "wrong-pass-word"));
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.err.starts_with("error: Wrong name or password.\n"), "{}", run.err);
    let again = outcome(
        home.run("signup ada --email a@b.org")
            .env("BUDGET_TRACKER_PASSWORD", PASSWORD),
    );
    assert!(
        again.err.contains("This name is taken.\n       Choose another.\n"),
        "{}",
        again.err
    );
    assert!(!format!("{}{}", run.err, again.err).contains("pass-word"));
}

#[test]
fn every_command_prints_as_json_and_csv_too() {
    let server = FiveCalls::start(PLAIN);
    let home = signed_up(&server);
    let json: Value = serde_json::from_str(&good(&home, "add lunch 12.5 --format json")).unwrap();
    assert_eq!(json["amount_minor"], 1250);
    let run = outcome(home.run("add --format csv").args(["=lunch", "1"]));
    assert!(run.out.contains(",'=lunch,Dining,1.00,USD\n"), "{}", run.out);
    let mut login = home.run("login ada --format json");
    let json: Value = serde_json::from_str(&outcome(login.env("BUDGET_TRACKER_PASSWORD", PASSWORD)).out).unwrap();
    assert_eq!((&json["name"], json.get("token")), (&Value::from("ada"), None));
    assert!(good(&home, "logout --format csv").ends_with(",true\n"));
    let json: Value = serde_json::from_str(&good(&home, "logout --format json")).unwrap();
    assert_eq!(json["logged_out"], false);
}

#[test]
fn a_reader_that_stops_reading_is_no_failure() {
    let server = FiveCalls::start(PLAIN);
    let home = signed_up(&server);
    add(&home, "lunch", "5");
    let prepared = home.run("summary");
    let mut command = Command::new(prepared.get_program());
    command.env_clear().args(prepared.get_args());
    command.envs(prepared.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let ended = command
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap();
    assert_eq!(
        (ended.status.code(), String::from_utf8_lossy(&ended.stderr).as_ref()),
        (Some(0), "")
    );
}

#[test]
fn nothing_that_a_server_says_steers_the_terminal() {
    let rows = r#"[{"CategoryName":"\u001b]52;c;eA==\u0007=evil","TotalAmount":1,"BudgetAmount":null}]"#;
    let server = Hostile::start(move |request| {
        vec![Step::Send(match request {
            _ if request.starts_with("GET /v1 ") => whole("404 Not Found", "", b""),
            _ if request.starts_with("POST /login ") => whole("200 OK", "", br#"{"token":"t"}"#),
            _ => whole("200 OK", "", rows.as_bytes()),
        })]
    });
    let home = Home::new();
    home.configure(&format!("server = \"{}\"\n", server.url));
    let run = outcome(home.run("login ada").env("BUDGET_TRACKER_PASSWORD", PASSWORD));
    assert_eq!(run.code, 0, "{}", run.err);
    for format in ["table", "csv", "json"] {
        let out = good(&home, &format!("summary --format {format}"));
        assert!(
            out.contains("=evil") && !out.chars().any(|c| c != '\n' && c.is_control()),
            "{out:?}"
        );
    }
}

#[test]
fn a_server_that_is_gone_is_told_in_two_lines() {
    let home = {
        let server = FiveCalls::start(PLAIN);
        signed_up(&server)
    };
    let run = outcome(&mut home.run("summary"));
    assert_eq!(run.code, 1);
    assert!(
        run.err.contains("No answer from 127.0.0.1:") && run.err.contains("connection refused"),
        "{}",
        run.err
    );
    assert_eq!(run.err.lines().count(), 2);
    let run = outcome(&mut home.run("logout"));
    assert_eq!(run.code, 0);
    assert!(run.err.contains("the server was not told"), "{}", run.err);
    assert!(!fs::exists(home.path("config/session.toml")).unwrap());
}
