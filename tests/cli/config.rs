//! `config`: what holds, who said so, the file with every key, and its schema.

use std::fs;

use rstest::rstest;
use serde_json::Value;

use crate::support::program::{Home, outcome};

#[test]
fn every_key_is_shown_with_who_set_it() {
    let home = Home::new();
    home.configure("# mine\npoll_seconds = 30\n\n[keys]\nquit = \"Q\"\n");
    let mut command = home.run("--theme mono config");
    let run = outcome(command.env("BUDGET_TRACKER_BELL", "off"));
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.err);
    let row = |key: &str| {
        let line = run
            .out
            .lines()
            .find(|line| line.starts_with(&format!("{key} ")))
            .unwrap();
        line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(row("poll_seconds"), "30 config.toml line 2");
    assert_eq!(row("keys.quit"), "[\"Q\"] config.toml line 5");
    assert_eq!(row("theme"), "\"mono\" --theme");
    assert_eq!(row("bell"), "false BUDGET_TRACKER_BELL");
    assert_eq!(row("locale"), "\"auto\" default");
    assert_eq!(row("configuration"), home.path("config/config.toml").to_str().unwrap());

    let run = outcome(&mut home.run("config --format json"));
    let report: Value = serde_json::from_str(&run.out).unwrap();
    let poll = report["keys"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["key"] == "poll_seconds");
    assert_eq!(
        poll.unwrap(),
        &serde_json::json!({"key": "poll_seconds", "value": 30, "origin": "file", "line": 2})
    );
    assert!(report["paths"]["log"].as_str().unwrap().ends_with("budget-tracker.log"));
    let run = outcome(&mut home.run("config --format csv"));
    assert!(run.out.starts_with("key,value,from\n") && run.out.contains("poll_seconds,30,config.toml line 2\n"));
    assert!(!home.path("data").exists(), "nothing was started");
}

#[test]
fn the_file_is_begun_and_kept() {
    let home = Home::new();
    let run = outcome(&mut home.run("config --init"));
    assert_eq!(run.code, 0, "{}", run.err);
    let path = home.path("config/config.toml");
    let text = fs::read_to_string(&path).unwrap();
    assert!(
        text.contains("#theme = \"auto\"") && text.contains("#quiet_hours = \"\""),
        "{text}"
    );
    assert_eq!(outcome(&mut home.run("config --check")).code, 0);
    fs::write(&path, "mine").unwrap();
    let run = outcome(&mut home.run("config --init"));
    assert_eq!(run.code, 1);
    assert!(run.err.contains("is there already"), "{}", run.err);
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
}

#[rstest]
#[case("poll_secs = 3\ntheme = \"drak\"\nbell = 4\n", &["line 1: \"poll_secs\"", "line 3: \"bell\"", "bell = true"])]
#[case("\ntheme = \"drak\"\n", &["line 2: \"theme\" cannot be \"drak\"", "Did you mean \"dark\"?"])]
#[case("[keys]\nadd = \"q\"\n", &["line 2: \"keys.add\"", "\"add\" and \"quit\""])]
#[case("theme = dark\n", &["line 1: ", "Correct "])]
fn all_mistakes_are_told_with_line_and_advice(#[case] text: &str, #[case] words: &[&str]) {
    let home = Home::new();
    home.configure(text);
    for line in ["config --check", "config"] {
        let run = outcome(&mut home.run(line));
        assert_eq!((run.code, run.out.as_str()), (1, ""));
        assert!(words.iter().all(|word| run.err.contains(word)), "{}", run.err);
    }
    // What helps to correct it works all the same.
    for line in ["config --path", "config --schema", "config --help"] {
        assert_eq!(outcome(&mut home.run(line)).code, 0);
    }
}

#[test]
fn a_theme_is_checked_before_the_dashboard_opens() {
    let home = Home::new();
    home.configure("theme = \"mine\"\n");
    fs::create_dir_all(home.path("config/themes")).unwrap();
    fs::write(home.path("config/themes/mine.toml"), "[light]\nover = \"#ffcccc\"\n").unwrap();
    let run = outcome(&mut home.run("config --check"));
    assert_eq!(run.code, 1);
    assert!(
        run.err.contains("themes/mine.toml, line 2: \"light.over\"") && run.err.contains(":1"),
        "{}",
        run.err
    );
    assert_eq!(
        outcome(&mut home.run("list --month x")).code,
        2,
        "other commands do not mind"
    );
    let run = outcome(&mut home.run("--theme mnoo config"));
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("--theme cannot be \"mnoo\"") && run.err.contains("Did you mean \"mono\"?"),
        "{}",
        run.err
    );
}

#[test]
fn the_example_of_a_theme_is_one() {
    let home = Home::new();
    let run = outcome(&mut home.run("config --theme-file"));
    home.configure("theme = \"mine\"\n");
    fs::create_dir_all(home.path("config/themes")).unwrap();
    fs::write(
        home.path("config/themes/mine.toml"),
        run.out.replace("#background", "background"),
    )
    .unwrap();
    let run = outcome(&mut home.run("config --check"));
    assert_eq!(run.code, 0, "{}", run.err);
}

#[test]
fn the_schema_has_every_key_and_action() {
    let run = outcome(&mut Home::new().run("config --schema"));
    let schema: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(
        schema["properties"]["bars"]["enum"],
        serde_json::json!(["inline", "bullet", "days"])
    );
    assert_eq!(schema["properties"]["poll_seconds"]["maximum"], 3600);
    assert!(schema["properties"]["keys"]["properties"]["add"].is_object());
    assert_eq!(schema["additionalProperties"], false);
}

#[test]
fn the_readme_lists_every_key() {
    let run = outcome(&mut Home::new().run("config --schema"));
    let schema: Value = serde_json::from_str(&run.out).unwrap();
    let readme = include_str!("../../README.md");
    let table = readme.split_once("| key | values | usual |").unwrap().1;
    let table = table.split_once("\n\n").unwrap().0;
    for key in schema["properties"].as_object().unwrap().keys() {
        let named = table.contains(&format!("`{key}`")) || table.contains(&format!("`[{key}]`"));
        assert!(named, "README.md does not explain {key}");
    }
}

#[rstest]
#[case("config --init --check")]
#[case("config --schema --path")]
#[case("--theme")]
fn one_thing_at_a_time(#[case] line: &str) {
    assert_eq!(outcome(&mut Home::new().run(line)).code, 2);
}

#[rstest]
#[case::keys("[keys]\nadd = \"q\"\n", "\"keys.add\"")]
#[case::key_file(
    "[categorize]\nbackend = \"openai\"\nbase_url = \"https://a.example.org/v1\"\nmodel = \"m\"\nkey_file = \"nowhere.key\"\n",
    "nowhere.key"
)]
fn what_only_some_commands_need_stops_only_them(#[case] text: &str, #[case] words: &str) {
    let home = Home::new();
    let made = outcome(
        home.run("signup ada --email a@b.org --password-stdin")
            .write_stdin("correct horse"),
    );
    assert_eq!(made.code, 0, "{}", made.err);
    home.configure(text);
    let keys = text.starts_with("[keys]");
    for line in ["verify", "user list", "doctor", "backup copy.db", "invite list"] {
        let run = outcome(&mut home.run(line));
        assert_eq!(run.code, 0, "{line}: {}", run.err);
        assert_eq!(run.err.contains(words), keys, "{line}: {}", run.err);
        assert!(run.err.lines().count() <= 1, "{}", run.err);
    }
    // Whoever finds no category asks no service: the server in this program needs no key for it.
    for line in [
        "summary",
        "list",
        "add tea 3 --category dining",
        "recategorize",
        "rules",
        "logout",
    ] {
        let run = outcome(&mut home.run(line));
        assert_eq!(run.code, 0, "{line}: {}", run.err);
        assert_eq!(run.err.contains(words), keys, "{line}: {}", run.err);
    }
    let added = outcome(&mut home.run("add tea 3"));
    assert_eq!(added.code, 1, "{}", added.err);
    assert!(added.err.contains(words), "{}", added.err);
    let checked = outcome(&mut home.run("config --check"));
    assert_eq!(checked.code, 1);
    assert!(checked.err.contains(words), "{}", checked.err);
}
