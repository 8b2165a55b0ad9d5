//! A hundred thousand expenses: found, scrolled through and changed, with few of them in memory.

use std::path::Path;

use super::sign_up;
use crate::support::dashboard::{CTRL_D, Dashboard, ENTER, ESC, Launch};
use crate::support::program::Home;

/// Every fifth is a `Row`, three are a `Needle`, the others something else; a hundred a day, newest first.
const FILL: &str = "
    CREATE TEMP TABLE n AS
        WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99999) SELECT i FROM n;
    INSERT INTO expenses (user_id, id, seq, revision, day, description, amount_minor, category_id, category_source,
                          confidence, fingerprint, created_at, to_review)
        SELECT users.id, randomblob(16), 1000000 - i, 1000000 - i,
               CAST(unixepoch() / 86400 AS INTEGER) - i / 100,
               CASE WHEN i IN (77, 50077, 99977) THEN 'Needle ' WHEN i % 5 = 0 THEN 'Row ' ELSE 'Other ' END || i,
               100, NULL, 'none', 0, x'00', 0, 1
        FROM n, users WHERE users.name = 'ada';
    INSERT INTO rollups (user_id, month, category_id, spent, n)
        SELECT user_id,
               (strftime('%Y', day * 86400, 'unixepoch') - 1970) * 12 + strftime('%m', day * 86400, 'unixepoch') - 1,
               zeroblob(16), SUM(amount_minor), COUNT(*)
        FROM expenses WHERE fingerprint = x'00' GROUP BY 1, 2;
    INSERT INTO day_sums (user_id, day, category_id, spent, n)
        SELECT user_id, day, zeroblob(16), SUM(amount_minor), COUNT(*)
        FROM expenses WHERE fingerprint = x'00' GROUP BY 1, 2;
    UPDATE users SET revision = 1000000, to_review = 100000 WHERE name = 'ada';
";

fn fill(database: &Path) {
    rusqlite::Connection::open(database)
        .unwrap()
        .execute_batch(FILL)
        .unwrap();
}

/// What the process has taken of the machine's memory for itself, in KiB.
#[cfg(target_os = "linux")]
fn own_memory(dashboard: &Dashboard) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", dashboard.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn a_hundred_thousand_expenses_are_at_hand() {
    let home = Home::new();
    let mut dashboard = Launch::new(&home).start();
    sign_up(&mut dashboard, "ada");
    dashboard.press("q");
    assert_eq!(dashboard.exit_code(), 0);
    fill(&home.path("data/budget.db"));

    let mut dashboard = Launch::new(&home).start();
    dashboard.wait_for("Uncategorised").wait_for("r review");
    dashboard.press("2").wait_for("Other 1 ").press("/");
    dashboard.press("needle").wait_for("3 of 100,000, $3.00");
    dashboard.wait_for("Needle 99977").press(ESC).wait_gone("Needle 99977");

    find_every_row(&mut dashboard);
    delete_two(&mut dashboard);
    #[cfg(target_os = "linux")]
    assert!(own_memory(&dashboard) < 20 * 1024, "{} KiB", own_memory(&dashboard));
    dashboard.press("q");
    assert_eq!(dashboard.exit_code(), 0);
}

/// To the last of 20,000 rows, and back.
fn find_every_row(dashboard: &mut Dashboard) {
    dashboard
        .press("/row")
        .press(ENTER)
        .wait_for("20,000 of 100,000, $20,000.00");
    dashboard.wait_for("1 of 20,000");
    for _ in 0..20 {
        dashboard.press(CTRL_D);
    }
    dashboard.press("G").wait_for("20,000 of 20,000").wait_for("Row 99995");
    dashboard.press("k").wait_for("19,999 of 20,000");
    dashboard.press("g").wait_for("1 of 20,000").wait_for("Row 0 ");
}

/// Marks the first two, deletes them in one step, and takes that back.
fn delete_two(dashboard: &mut Dashboard) {
    dashboard.press("  ").wait_for("2 marked, $2.00");
    dashboard
        .press("d")
        .wait_for("Delete 2 expenses, $2.00 in all?")
        .press("y");
    dashboard
        .wait_for("Deleted 2 expenses")
        .wait_for("19,998 of 99,998")
        .wait_gone("Row 0 ");
    dashboard.press("u").wait_for("20,000 of 100,000").wait_for("Row 0 ");
}
