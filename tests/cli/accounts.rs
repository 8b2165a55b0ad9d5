//! Sessions, passwords, the second factor and the administrator's commands, on the embedded server.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::authenticator::code;
use crate::support::program::{Home, Outcome, outcome};

const PASSWORD: &str = "correct horse";

fn run(home: &Home, line: &str, input: &str) -> Outcome {
    outcome(home.run(line).write_stdin(input))
}

fn good(home: &Home, line: &str, input: &str) -> String {
    let run = run(home, line, input);
    assert_eq!(run.code, 0, "{line}: {}", run.err);
    run.out
}

fn json(home: &Home, line: &str) -> Value {
    serde_json::from_str(&good(home, &format!("{line} --format json"), "")).unwrap()
}

fn signed_up(home: &Home) {
    good(home, "signup ada --email ada@example.org --password-stdin", PASSWORD);
}

#[test]
fn sessions_are_listed_and_ended() {
    let home = Home::new();
    signed_up(&home);
    // Another configuration, as another computer has it.
    let elsewhere = outcome(
        home.run("login ada --password-stdin")
            .env("BUDGET_TRACKER_CONFIG_DIR", home.path("elsewhere"))
            .write_stdin(PASSWORD),
    );
    assert_eq!(elsewhere.code, 0, "{}", elsewhere.err);
    let sessions = json(&home, "account sessions");
    let sessions = sessions.as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    assert!(sessions[0]["label"].as_str().unwrap().starts_with("Budget Tracker"));
    assert_eq!(sessions[0]["address"], "127.0.0.1");
    let other = sessions.iter().find(|session| session["current"] == false).unwrap();
    let id = &other["id"].as_str().unwrap()[..8];
    let table = good(&home, "account sessions", "");
    assert!(table.contains(id) && table.contains("this one"), "{table}");
    assert_eq!(
        good(&home, &format!("account sessions end {id}"), ""),
        "One session has ended.\n"
    );
    let again = run(&home, &format!("account sessions end {id}"), "");
    assert_eq!(again.code, 1, "{}", again.err);
    assert_eq!(
        good(&home, "account sessions end --others", ""),
        "There is no other session.\n"
    );
    assert!(good(&home, "account", "").contains("ada@example.org"));
}

#[test]
fn a_log_in_ends_the_session_that_it_replaces() {
    let home = Home::new();
    signed_up(&home);
    let first = json(&home, "account sessions");
    good(&home, "login ada --password-stdin", PASSWORD);
    let second = json(&home, "account sessions");
    assert_eq!(second.as_array().unwrap().len(), 1, "{second}");
    assert_eq!(second[0]["current"], true);
    assert_ne!(first[0]["id"], second[0]["id"]);
    // A log-in that fails ends nothing.
    assert_eq!(run(&home, "login ada --password-stdin", "wrong horse").code, 1);
    assert_eq!(json(&home, "account sessions"), second);
}

#[test]
fn a_session_that_is_taken_over_again_goes_on() {
    let home = Home::new();
    let server = crate::server::Server::start(&home.path("server"), &[]);
    let at = format!("--server {}", server.url);
    good(
        &home,
        &format!("signup ada --email a@b.org --password-stdin {at}"),
        PASSWORD,
    );
    let kept = std::fs::read_to_string(home.path("config/session.toml")).unwrap();
    let token = kept.lines().find_map(|line| line.strip_prefix("token = ")).unwrap();
    let file = home.path("blueseave-ada-config.ini");
    let ini = format!(
        "[client]\nwebservice = {}\ntoken = {}\n",
        server.url,
        token.trim_matches('"')
    );
    std::fs::write(&file, ini).unwrap();
    good(&home, "login --import blueseave-ada-config.ini", "");
    assert_eq!(
        json(&home, &format!("account sessions {at}")).as_array().unwrap().len(),
        1
    );
}

#[test]
fn the_password_changes_from_two_lines() {
    let home = Home::new();
    signed_up(&home);
    let wrong = run(
        &home,
        "account password --password-stdin",
        "wrong horse\nbattery staple\n",
    );
    assert_eq!(wrong.code, 1);
    assert!(wrong.err.contains("This is not your password."), "{}", wrong.err);
    let input = format!("{PASSWORD}\nbattery staple\n");
    assert!(good(&home, "account password --password-stdin", &input).contains("is changed"));
    assert_eq!(run(&home, "login ada --password-stdin", PASSWORD).code, 1);
    good(&home, "login ada --password-stdin", "battery staple");
}

#[test]
fn an_export_holds_what_was_entered() {
    let home = Home::new();
    signed_up(&home);
    good(&home, "add lunch 12.50 --category Dining --date 2026-09-03", "");
    good(&home, "rules add xkcd Entertainment", "");
    let all = json(&home, "account export");
    assert_eq!(all["account"]["name"], "ada");
    assert_eq!(all["expenses"][0]["amount_minor"], 1250);
    assert_eq!(all["rules"][0]["pattern"], "xkcd");
    assert_eq!(all["categories"].as_array().unwrap().len(), 20);
    assert_eq!(all["sessions"][0]["current"], true);
    assert!(!all.to_string().contains("bt1_"));
    assert_eq!(run(&home, "account export --format csv", "").code, 2);
}

/// Turns the second factor on as a person does: reads the secret, types the code of it.
fn turned_on(home: &Home) -> (String, Vec<String>) {
    let prepared = home.run("account second-factor on --password-stdin");
    let mut command = Command::new(prepared.get_program());
    command.env_clear().args(prepared.get_args());
    for (name, value) in prepared.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    writeln!(input, "{PASSWORD}").unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let secret = lines
        .find_map(|line| Some(line.strip_prefix("Secret: ")?.replace(' ', "")))
        .unwrap();
    writeln!(input, "{}", code(&secret)).unwrap();
    let rest: Vec<String> = lines.collect();
    assert!(child.wait().unwrap().success());
    let codes = rest
        .into_iter()
        .filter(|line| line.len() == 34 && line.matches('-').count() == 6)
        .collect();
    (secret, codes)
}

#[test]
fn a_second_factor_is_turned_on_asked_for_and_turned_off() {
    let home = Home::new();
    signed_up(&home);
    assert!(good(&home, "account second-factor", "").contains("is off"));
    let (_, codes) = turned_on(&home);
    assert_eq!(codes.len(), 10);
    assert!(good(&home, "account second-factor", "").contains("10 recovery codes"));
    let missing = run(&home, "login ada --password-stdin", PASSWORD);
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("There is no code."), "{}", missing.err);
    good(
        &home,
        "login ada --password-stdin",
        &format!("{PASSWORD}\n{}\n", codes[0]),
    );
    good(
        &home,
        &format!("login ada --password-stdin --code {}", codes[1]),
        PASSWORD,
    );
    let used = run(
        &home,
        &format!("login ada --password-stdin --code {}", codes[1]),
        PASSWORD,
    );
    assert_eq!(used.code, 1);
    assert!(used.err.contains("was used already"), "{}", used.err);
    let off = format!("account second-factor off --password-stdin --code {}", codes[2]);
    assert!(good(&home, &off, PASSWORD).contains("is off"));
    good(&home, "login ada --password-stdin", PASSWORD);
}

#[test]
fn the_administrator_lists_disables_resets_and_deletes() {
    let home = Home::new();
    let nothing = run(&home, "user list", "");
    assert_eq!(nothing.code, 1);
    assert!(nothing.err.contains("There is no database"), "{}", nothing.err);
    signed_up(&home);
    let users = json(&home, "user list");
    let names: Vec<_> = users
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["name"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"ada"), "{names:?}");
    assert!(good(&home, "user list", "").contains("ada@example.org"));
    assert_eq!(run(&home, "user disable eve", "").code, 1);

    assert!(good(&home, "user disable ADA", "").contains("ada cannot log in"));
    assert!(run(&home, "summary", "").err.contains("Your session has ended."));
    let refused = run(&home, "login ada --password-stdin", PASSWORD);
    assert!(refused.err.contains("This account is disabled."), "{}", refused.err);
    good(&home, "user enable ada", "");
    good(&home, "login ada --password-stdin", PASSWORD);

    let made = json(&home, "user reset-password ada");
    let password = made["password"].as_str().unwrap();
    assert!(made["until"].is_i64(), "{made}");
    assert_eq!(run(&home, "summary", "").code, 1);
    let entered = run(&home, "login ada --password-stdin", password);
    assert_eq!(entered.code, 0, "{}", entered.err);
    for words in ["holds until 20", "budget-tracker account password"] {
        assert!(entered.err.contains(words), "{}", entered.err);
    }
    good(&home, "user reset-password ada --password-stdin", "battery staple");
    good(&home, "login ada --password-stdin", "battery staple");

    assert_eq!(run(&home, "user delete ada", "").code, 2);
    assert!(good(&home, "user delete ada --yes", "").contains("are gone"));
    assert_eq!(run(&home, "login ada --password-stdin", "battery staple").code, 1);
    signed_up(&home);
}

#[test]
fn invitations_are_shown_once_listed_and_taken_back() {
    let home = Home::new();
    signed_up(&home);
    let made = json(&home, "invite --label Grace --days 3");
    let (code, id) = (made["code"].as_str().unwrap(), made["id"].as_str().unwrap());
    assert_eq!(code.len(), 34);
    let listed = good(&home, "invite list", "");
    assert!(
        listed.contains(id) && listed.contains("Grace") && listed.contains("open"),
        "{listed}"
    );
    assert!(!listed.contains(code));
    good(&home, &format!("invite revoke {id}"), "");
    assert_eq!(run(&home, &format!("invite revoke {id}"), "").code, 1);
    assert!(good(&home, "invite list", "").contains("No invitations."));
    assert_eq!(run(&home, "invite --days 0", "").code, 2);
}
