//! Which server is used, and what happens with wrong files.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::support::five_calls::{FiveCalls, PLAIN};
use crate::support::hostile::Hostile;
use crate::support::program::{Home, outcome};

#[test]
fn flags_beat_the_environment_which_beats_the_file() {
    let home = Home::new();
    let logged_in_to = |run: &mut assert_cmd::Command| outcome(run).err;
    assert!(logged_in_to(&mut home.run("summary")).contains("the embedded server"));
    home.configure("server = \"https://file.example\"\n");
    assert!(logged_in_to(&mut home.run("summary")).contains("https://file.example"));
    let environment = |line| {
        let mut command = home.run(line);
        command.env("BUDGET_TRACKER_SERVER", "https://environment.example");
        command
    };
    assert!(logged_in_to(&mut environment("summary")).contains("https://environment.example"));
    let flag = "summary --server https://flag.example/prod/";
    assert!(logged_in_to(&mut environment(flag)).contains("https://flag.example/prod."));
    assert!(logged_in_to(&mut environment("--server embedded summary")).contains("the embedded server"));
    let mut empty = home.run("summary");
    assert!(logged_in_to(empty.env("BUDGET_TRACKER_SERVER", "")).contains("https://file.example"));
}

#[test]
fn a_mistake_in_the_file_is_named_and_kept() {
    let home = Home::new();
    home.configure("pol_seconds = 5\n");
    let run = outcome(&mut home.run("summary"));
    assert_eq!(run.code, 1);
    assert!(
        run.err.contains("config.toml") && run.err.contains("Did you mean \"poll_seconds\"?"),
        "{}",
        run.err
    );
    assert_eq!(
        fs::read_to_string(home.path("config/config.toml")).unwrap(),
        "pol_seconds = 5\n"
    );
}

#[test]
fn plain_http_to_another_machine_is_a_choice() {
    let home = Home::new();
    let mut command = home.run("login ada --server http://192.0.2.1:8080");
    let run = outcome(command.env("BUDGET_TRACKER_PASSWORD", "correct horse"));
    assert_eq!(run.code, 1);
    assert!(
        run.err.contains("not encrypted") && run.err.contains("--insecure-http"),
        "{}",
        run.err
    );
}

#[test]
fn a_session_that_others_can_read_is_refused() {
    let server = FiveCalls::start(PLAIN);
    let home = Home::new();
    home.configure(&format!("server = \"{}\"\n", server.url));
    let mut command = home.run("signup ada --email a@b.org");
    assert_eq!(outcome(command.env("BUDGET_TRACKER_PASSWORD", "correct horse")).code, 0);
    let path = home.path("config/session.toml");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let run = outcome(&mut home.run("summary"));
    assert_eq!(run.code, 1);
    assert!(
        run.err.contains("chmod 600") && run.err.contains("session.toml"),
        "{}",
        run.err
    );
}

#[test]
fn a_session_goes_to_its_own_server_only() {
    let server = FiveCalls::start(PLAIN);
    let home = Home::new();
    let mut command = home.run(&format!("signup ada --email a@b.org --server {}", server.url));
    assert_eq!(outcome(command.env("BUDGET_TRACKER_PASSWORD", "correct horse")).code, 0);

    let stranger = Hostile::answering("200 OK", "", "[]");
    let run = outcome(&mut home.run(&format!("summary --server {}", stranger.url)));
    assert!(run.err.contains("not logged in"), "{}", run.err);
    assert!(stranger.requests().is_empty());
}

#[test]
fn an_older_programs_session_is_imported() {
    let server = FiveCalls::start(PLAIN);
    let home = Home::new();
    let signed_up = outcome(
        Home::new()
            .run(&format!("signup ada --email a@b.org --server {}", server.url))
            .env("BUDGET_TRACKER_PASSWORD", "correct horse"),
    );
    assert_eq!(signed_up.code, 0, "{}", signed_up.err);
    let file = home.path("blueseave-ada-config.ini");
    fs::write(
        &file,
        format!("[client]\nwebservice = {}/\ntoken = token-of-ada\n", server.url),
    )
    .unwrap();
    let run = outcome(&mut home.run("login --import blueseave-ada-config.ini"));
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("Welcome back, ada"), "{}", run.out);
    assert_eq!(
        outcome(&mut home.run("summary")).code,
        0,
        "its server is the usual one now"
    );

    fs::write(
        &file,
        format!("[client]\nwebservice = {}\ntoken = token-of-eve\n", server.url),
    )
    .unwrap();
    let run = outcome(&mut home.run("login --import blueseave-ada-config.ini"));
    assert_eq!(run.code, 1);
    assert!(
        run.err.contains("session has ended") && !run.err.contains("token-of-eve"),
        "{}",
        run.err
    );
}
