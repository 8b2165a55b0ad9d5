//! 5,000 strange strings on every screen: none steers the terminal, none breaks a column.

use vt100::Screen;

use crate::support::dashboard::{Dashboard, ENTER, Launch};
use crate::support::program::Home;
use crate::support::strange::{EXPENSES, STRINGS, Strange, marker, steering};

const WANTED: usize = 5000;
const COLUMNS: u16 = 120;
/// Every expense of a round is on the screen at once.
const ROWS: u16 = 220;

#[test]
fn strange_strings_steer_nothing_and_break_no_column() {
    let home = Home::new();
    let server = Strange::start();
    let mut dashboard = Launch::new(&home).server(server.url()).size(COLUMNS, ROWS).start();
    dashboard
        .wait_for("User name")
        .fill(&["ada", "kitchen lamp nine"])
        .press(ENTER);
    dashboard.wait_for(&marker(0));
    let rounds = WANTED.div_ceil(STRINGS);
    for _ in 0..rounds {
        let round = server.next_round();
        dashboard
            .press("2")
            .wait_for("Expenses ")
            .press("R")
            .wait_for(&marker(round));
        check_columns(&dashboard, EXPENSES);
        for (key, title) in [("1", "Recent expenses"), ("3", "Budgets for"), ("4", "f all")] {
            dashboard.press(key).wait_for(title);
            check_borders(&dashboard);
        }
    }
    let found = steering(&dashboard.bytes());
    assert_eq!(found, None);
}

/// Each box has its sides under its corners.
#[track_caller]
fn check_borders(dashboard: &Dashboard) {
    let screen = dashboard.screen();
    let mut boxes = 0;
    for top in 0..ROWS {
        for left in (0..COLUMNS).filter(|x| cell(&screen, top, *x) == "╭") {
            let right = (left..COLUMNS).find(|x| cell(&screen, top, *x) == "╮").unwrap();
            let bottom = (top + 1..ROWS).find(|y| cell(&screen, *y, left) != "│").unwrap();
            assert_eq!(
                cell(&screen, bottom, left),
                "╰",
                "row {bottom}\n{}",
                dashboard.contents()
            );
            for row in top + 1..bottom {
                assert_eq!(cell(&screen, row, right), "│", "row {row}\n{}", dashboard.contents());
            }
            boxes += 1;
        }
    }
    assert!(boxes > 0, "no box\n{}", dashboard.contents());
}

/// The amounts stand under each other.
#[track_caller]
fn check_columns(dashboard: &Dashboard, count: usize) {
    check_borders(dashboard);
    let screen = dashboard.screen();
    let ends: Vec<u16> = (0..ROWS).filter_map(|y| end_of(&screen, y, "12.50")).collect();
    assert_eq!(ends.len(), count, "{}", dashboard.contents());
    assert!(
        ends.iter().all(|end| *end == ends[0]),
        "{ends:?}\n{}",
        dashboard.contents()
    );
}

fn cell(screen: &Screen, row: u16, column: u16) -> String {
    screen
        .cell(row, column)
        .map(|cell| cell.contents().to_owned())
        .unwrap_or_default()
}

/// The column behind the first `word` in a row.
fn end_of(screen: &Screen, row: u16, word: &str) -> Option<u16> {
    let cells: Vec<String> = (0..COLUMNS).map(|column| cell(screen, row, column)).collect();
    let length = word.len();
    let at = (0..=cells.len() - length).find(|at| cells[*at..*at + length].concat() == word)?;
    u16::try_from(at + length).ok()
}
