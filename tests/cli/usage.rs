//! Wrong command lines: exit code 2, nothing on the standard output, and a word on what to write instead.

use rstest::rstest;

use crate::support::program::{Home, outcome};

#[rstest]
#[case("frobnicate", "--help")]
#[case("add", "DESCRIPTION")]
#[case("add lunch", "coffee 4.20 yesterday")]
#[case("add lunch-mon", "no amount")]
#[case("add lunch abc", "12.50")]
#[case("add lunch -5", "more than zero")]
#[case("add lunch 0", "more than zero")]
#[case("add lunch 1e5", "12.50")]
#[case("add lunch 0.125", "2 decimals")]
#[case("add lunch 99999999999999999999", "too large")]
#[case("add lunch 5 --date someday", "2026-11-22")]
#[case("add lunch 5 --date 2026-02-30", "2026-11-22")]
#[case("summary --month 2026-13", "2026-11")]
#[case("summary --month november", "2026-11")]
#[case("alerts --month 2026", "2026-11")]
#[case("list --limit 0", "1..=")]
#[case("list --limit -1", "--help")]
#[case("chart --month x", "2026-11")]
#[case("summary --format xml", "json")]
#[case("signup ada", "--email")]
#[case("signup ada --email nobody --password-stdin", "ada@example.org")]
#[case("signup ada --email a@b --currency XXQ --password-stdin", "ISO 4217")]
#[case("signup ada --email a@b --password hunter2", "--password-stdin")]
#[case("login", "NAME")]
#[case("login ada --password-stdin", "one line")]
#[case("login ada", "--password-stdin")]
#[case("serve --listen nowhere", "--listen")]
#[case("serve --server https://budget.example.org", "--listen")]
#[case("--server embedded serve", "--listen")]
#[case("serve --format json", "--log-format")]
#[case("summary --server localhost:8080", "https://")]
fn a_wrong_command_line_is_two(#[case] line: &str, #[case] words: &str) {
    let home = Home::new();
    let run = outcome(&mut home.run(line));
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
    assert!(run.err.starts_with("error: ") && run.err.contains(words), "{}", run.err);
    assert!(!home.path("config").exists() && !home.path("data").exists());
}

#[test]
fn a_description_is_checked_before_it_is_sent() {
    let home = Home::new();
    for description in ["", "  ", "a\u{1b}[31mb", &"x".repeat(257)] {
        let run = outcome(home.run("add").args([description, "5"]));
        assert_eq!(run.code, 2, "{}", run.err);
        assert!(
            run.err.contains("DESCRIPTION") && !run.err.contains('\u{1b}'),
            "{}",
            run.err
        );
    }
}

#[test]
fn a_password_that_many_use_is_refused_before_it_is_sent() {
    let home = Home::new();
    let mut command = home.run("signup ada --email a@b.org");
    let run = outcome(command.env("BUDGET_TRACKER_PASSWORD", "password123"));
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("most common") && !run.err.contains("password123"),
        "{}",
        run.err
    );
}

#[test]
fn without_a_terminal_the_dashboard_says_what_to_use() {
    let run = outcome(&mut Home::new().run(""));
    assert_eq!(run.code, 2);
    assert!(run.err.contains("budget-tracker summary"), "{}", run.err);
}

#[rstest]
#[case("summary")]
#[case("add lunch 5")]
#[case("list")]
#[case("alerts")]
#[case("categories")]
#[case("rules")]
#[case("recategorize")]
#[case("chart")]
fn without_a_session_nothing_is_started(#[case] line: &str) {
    let home = Home::new();
    let run = outcome(&mut home.run(line));
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert_eq!(run.err.lines().count(), 2, "{}", run.err);
    assert!(
        run.err.contains("not logged in") && run.err.contains("budget-tracker login"),
        "{}",
        run.err
    );
    assert!(!home.path("data").exists());
}

#[rstest]
#[case("--help")]
#[case("signup --help")]
#[case("login --help")]
#[case("logout --help")]
#[case("add --help")]
#[case("summary --help")]
#[case("alerts --help")]
#[case("categories --help")]
#[case("rules --help")]
#[case("recategorize --help")]
#[case("list --help")]
#[case("chart --help")]
#[case("serve --help")]
#[case("backup --help")]
#[case("restore --help")]
#[case("verify --help")]
#[case("doctor --help")]
fn help_tells_how_and_shows_examples(#[case] line: &str) {
    let run = outcome(&mut Home::new().run(line));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.contains("Usage: budget-tracker"), "{}", run.out);
    assert!(run.out.contains("Examples:") || line == "logout --help", "{}", run.out);
    assert!(run.out.lines().all(|line| line.chars().count() <= 100), "{}", run.out);
}

#[rstest]
#[case("summary --help", &["not_spending", "in no total"])]
#[case("add --help", &["2026-11-22", "yesterday", "fri", "22 nov"])]
fn help_explains_what_is_easily_missed(#[case] line: &str, #[case] words: &[&str]) {
    let run = outcome(&mut Home::new().run(line));
    for word in words {
        assert!(run.out.contains(word), "{word}: {}", run.out);
    }
}

#[test]
fn the_manual_and_the_completions_are_printed() {
    let home = Home::new();
    let manual = outcome(&mut home.run("man"));
    assert_eq!((manual.code, manual.err.as_str()), (0, ""));
    for part in [
        ".TH budget-tracker 1",
        ".SH KEYS",
        "Overview (overview)",
        "add an expense [add]",
    ] {
        assert!(manual.out.contains(part), "{part} is missing\n{}", manual.out);
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = outcome(home.run("completions").arg(shell));
        assert_eq!((script.code, script.err.as_str()), (0, ""), "{shell}");
        assert!(script.out.contains("summary"), "{shell}\n{}", script.out);
    }
    assert_eq!(outcome(home.run("completions").arg("csh")).code, 2);
}

#[test]
fn the_manual_has_the_keys_of_the_configuration() {
    let home = Home::new();
    home.configure("[keys]\nadd = [\"Insert\"]\n");
    let manual = outcome(&mut home.run("man"));
    assert!(manual.out.contains("\\fBInsert\\fR\nadd an expense"), "{}", manual.out);
    home.configure("[keys]\nadd = [\"x\"]\n");
    let refused = outcome(&mut home.run("man"));
    assert_eq!(refused.code, 1);
    for part in ["keys.add", "mark-read", "give one of them another key"] {
        assert!(refused.err.contains(part), "{}", refused.err);
    }
}

/// Every way to end, through the program itself.
#[rstest]
#[case::done("config --path", "", 0)]
#[case::help("user --help", "", 0)]
#[case::version("--version", "", 0)]
#[case::nobody_is_logged_in("summary", "", 1)]
#[case::wrong_password("login ada --password-stdin", "wrong horse", 1)]
#[case::nobody_answers("login ada --server http://127.0.0.1:9 --password-stdin", "correct horse", 1)]
#[case::no_database("verify --data-dir nowhere", "", 1)]
#[case::no_backup("restore nowhere.db", "", 1)]
#[case::no_user("user disable eve --data-dir nowhere", "", 1)]
#[case::no_file("categorize --csv nowhere.csv", "", 1)]
#[case::no_service("serve --check-backend", "", 1)]
#[case::unknown_command("frobnicate", "", 2)]
#[case::unknown_flag("verify --frobnicate", "", 2)]
#[case::unknown_database("verify --database mysql://x", "", 2)]
#[case::password_in_sight("user list --database postgres://budget:s3cr3t@localhost/x", "", 2)]
#[case::not_sure("user delete ada", "", 2)]
#[case::says_nothing("backup x.db --server https://budget.example.org", "", 2)]
#[case::weak_password("signup ada --email a@b.org --password-stdin", "short", 2)]
#[case::no_password("login ada --password-stdin", "", 2)]
#[case::no_terminal("", "", 2)]
#[case::not_a_label("invite --label \u{1b} --data-dir server", "", 2)]
fn a_command_ends_with_one_of_three_codes(#[case] line: &str, #[case] input: &str, #[case] code: i32) {
    let home = Home::new();
    // A database to work on.
    let made = outcome(
        home.run("signup bob --email b@b.org --password-stdin")
            .env("BUDGET_TRACKER_DATA_DIR", home.path("server"))
            .write_stdin("correct horse"),
    );
    assert_eq!(made.code, 0, "{}", made.err);
    assert_eq!(outcome(&mut home.run("logout")).code, 0);
    let run = outcome(home.run(line).write_stdin(input));
    assert_eq!(run.code, code, "{line}: {}", run.err);
    if code != 0 {
        assert!(run.out.is_empty() && run.err.starts_with("error: "), "{}", run.err);
    }
}

#[test]
fn the_exit_codes_are_told() {
    let help = outcome(&mut Home::new().run("--help")).out;
    let told = help.split_once("Exit codes:").unwrap().1;
    let codes: Vec<&str> = told.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(codes, ["0", "1", "2"], "{told}");
    assert!(include_str!("../../README.md").contains("exit codes 0 done, 1 failed, 2 the command line"));
}

#[rstest]
#[case("user disable x", &["server", "server-fingerprint", "insecure-http"])]
#[case("user list", &["server", "server-fingerprint", "insecure-http"])]
#[case("invite revoke x", &["server", "server-fingerprint", "insecure-http"])]
#[case("backup x.db", &["server", "server-fingerprint", "insecure-http"])]
#[case("restore x.db", &["server", "server-fingerprint", "insecure-http"])]
#[case("verify", &["server", "server-fingerprint", "insecure-http"])]
#[case("doctor", &["server", "server-fingerprint", "insecure-http"])]
#[case("serve", &["server", "server-fingerprint", "format"])]
#[case("server-certificate --host x", &["server", "server-fingerprint", "insecure-http"])]
#[case("categorize lunch", &["server", "server-fingerprint", "insecure-http"])]
#[case("openapi", &["server", "server-fingerprint", "insecure-http", "format"])]
#[case("man", &["server", "server-fingerprint", "insecure-http", "format"])]
#[case("completions bash", &["server", "server-fingerprint", "insecure-http", "format"])]
fn a_flag_that_says_nothing_is_neither_shown_nor_taken(#[case] command: &str, #[case] flags: &[&str]) {
    let home = Home::new();
    let help = outcome(&mut home.run(&format!("{command} --help")));
    assert_eq!(help.code, 0, "{}", help.err);
    let shown = |flag: &str| {
        help.out
            .lines()
            .any(|line| line.trim_start().split([' ', '=']).next() == Some(&format!("--{flag}")))
    };
    assert!(shown("format") || flags.contains(&"format"), "{}", help.out);
    for flag in flags {
        assert!(!shown(flag), "--{flag}: {}", help.out);
        let written = match *flag {
            "insecure-http" => "--insecure-http".to_owned(),
            "format" => "--format json".to_owned(),
            "server" => "--server https://budget.example.org".to_owned(),
            _ => format!("--{flag} {}", "5a".repeat(32)),
        };
        let refused = outcome(&mut home.run(&format!("{command} {written}")));
        assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{written}");
        assert!(
            refused.err.contains(&format!("--{flag} says nothing to")),
            "{}",
            refused.err
        );
    }
}
