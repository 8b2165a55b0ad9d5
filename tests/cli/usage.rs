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
