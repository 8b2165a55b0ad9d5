//! `backup`, `restore`, `verify` and `doctor`, as an administrator runs them.

use serde_json::{Value, json};

use super::super::support::program::{Home, Outcome, outcome};

const DAMAGE: &str = "UPDATE rollups SET spent = spent + 5";

fn run(home: &Home, line: &str) -> Outcome {
    outcome(home.run(line).env("BUDGET_TRACKER_PASSWORD", "kitchen lamp nine"))
}

/// A home with a user and two expenses.
fn lived_in() -> Home {
    let home = Home::new();
    for line in [
        "signup ada --email ada@example.org",
        "add lunch 12.50",
        "add coffee 4.20",
    ] {
        let done = run(&home, line);
        assert_eq!(done.code, 0, "{}", done.err);
    }
    home
}

fn break_sums(home: &Home) {
    let conn = rusqlite::Connection::open(home.path("data/budget.db")).unwrap();
    assert!(conn.execute(DAMAGE, []).unwrap() > 0);
}

#[test]
fn data_moves_into_another_home_through_a_backup() {
    let home = lived_in();
    let made = run(&home, "backup copy.db");
    assert_eq!((made.code, made.err.as_str()), (0, ""));
    assert!(
        made.out.starts_with("Wrote copy.db: ") && made.out.contains("expenses"),
        "{}",
        made.out
    );
    let again = run(&home, "backup copy.db");
    assert_eq!((again.code, again.out.as_str()), (1, ""));
    assert!(again.err.contains("--replace"), "{}", again.err);
    let replaced = run(&home, "backup copy.db --replace --format json");
    let told: Value = serde_json::from_str(&replaced.out).unwrap();
    assert_eq!((&told["file"], &told["findings"]), (&json!("copy.db"), &json!([])));
    let restored = run(&home, "restore copy.db --data-dir elsewhere --format json");
    assert_eq!(restored.code, 0, "{}", restored.err);
    let there: Value = serde_json::from_str(&restored.out).unwrap();
    assert_eq!(there["expenses"], told["expenses"]);
    let refused = run(&home, "restore copy.db --data-dir elsewhere");
    assert_eq!(refused.code, 1);
    assert!(
        refused.err.contains("There is data in elsewhere/budget.db already."),
        "{}",
        refused.err
    );
    let verified = run(&home, "verify --data-dir elsewhere");
    assert!(
        verified.code == 0 && verified.out.contains("All is well."),
        "{}",
        verified.out
    );
}

#[test]
fn wrong_sums_are_told_with_exit_code_1_until_they_are_put_right() {
    let home = lived_in();
    break_sums(&home);
    for line in ["verify", "doctor", "verify --format json", "doctor --format csv"] {
        let told = run(&home, line);
        assert_eq!(told.code, 1, "{line}: {}", told.out);
        assert!(
            told.out.contains("ada") && told.out.contains("months"),
            "{line}: {}",
            told.out
        );
        assert!(
            told.err.starts_with("error: ") && told.err.contains("doctor"),
            "{}",
            told.err
        );
    }
    let mended = run(&home, "doctor --repair");
    assert_eq!(mended.code, 0, "{}", mended.err);
    assert!(
        mended.out.contains("Put right: ada:") && mended.out.contains("All is well."),
        "{}",
        mended.out
    );
    assert_eq!(run(&home, "verify").code, 0);
}

#[test]
fn what_says_nothing_to_them_is_refused() {
    let home = Home::new();
    for command in ["backup x.db", "restore x.db", "verify", "doctor"] {
        let refused = run(&home, &format!("{command} --server https://budget.example.org"));
        assert_eq!(refused.code, 2, "{}", refused.err);
        assert!(refused.err.contains("--data-dir"), "{}", refused.err);
        let nothing = run(&home, command);
        assert_eq!((nothing.code, nothing.out.as_str()), (1, ""), "{command}");
        assert!(nothing.err.contains("There is no database at"), "{}", nothing.err);
    }
    assert!(!home.path("data").exists(), "looking makes nothing");
}

#[cfg(unix)]
#[test]
fn a_password_file_that_others_can_read_is_told_and_left_alone() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let file = home.path(".pgpass");
    std::fs::write(&file, "*:*:*:*:s3cr3t\n").unwrap();
    let with_mode = |mode| {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        // Nobody listens there.
        run(&home, "verify --database postgres://ada@127.0.0.1:1/budget")
    };
    let told = with_mode(0o644);
    let words = format!(
        "The passwords in {0} are not used, because others can read them. Run: chmod 600 {0}\n",
        file.display()
    );
    assert!(told.err.starts_with(&words), "{}", told.err);
    assert!(told.code != 0 && !told.err.contains("s3cr3t"), "{}", told.err);
    let own = with_mode(0o600);
    assert!(own.code != 0 && !own.err.contains("others can read"), "{}", own.err);
}
