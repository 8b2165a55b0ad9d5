//! Deleted rows stay a while.

use super::Bench;
use super::data::{expense, failure, october, rows, session, snapshot};
use crate::api::{ExpensePage, Failure};
use crate::app::{Call, Reply, Rows, Snapshot, Timer};

/// The numbers after some expenses were deleted.
fn without(deleted: &[u128], revision: i64) -> Snapshot {
    let all = rows();
    let gone: Vec<_> = deleted.iter().map(|n| expense(*n, 1, "", None, 1).id).collect();
    let expenses = all
        .expenses
        .expenses
        .into_iter()
        .filter(|e| !gone.contains(&e.id))
        .collect();
    Snapshot {
        rows: Some(Rows {
            expenses: ExpensePage {
                expenses,
                found: None,
                next: None,
            },
            alerts: all.alerts,
            history: Vec::new(),
        }),
        ..snapshot(revision)
    }
}

fn refreshed(bench: &mut Bench, snapshot: Snapshot) {
    bench.answer(Reply::Refreshed(Box::new(Ok(snapshot))));
}

/// Deletes the second expense, REWE.
fn deleted() -> Bench {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("2 j d").shows("✗ 21 Nov  REWE").shows("deleting");
    assert!(matches!(bench.call(), Call::Delete(_)));
    bench.answer(Reply::Done(Ok(())));
    refreshed(&mut bench, without(&[2], 2));
    bench
}

/// The rows of the list from the top, by their first words.
fn order(bench: &Bench) -> Vec<String> {
    let frame = bench.frame();
    let rows = frame.lines().filter(|line| line.contains(" Nov "));
    rows.map(|line| {
        let (marks, rest) = line.split_once(" Nov ").unwrap();
        let cross = if marks.contains('✗') { "✗ " } else { "" };
        let name = format!("{cross}{}", rest.trim());
        name.chars().take(6).collect()
    })
    .collect()
}

#[test]
fn a_deleted_row_stays_in_its_place_and_counts_down() {
    let mut bench = deleted();
    bench
        .shows("Deleted REWE")
        .shows("u undo 8s")
        .shows("leaves in 8 s  u undo");
    assert_eq!(order(&bench)[..3], ["Ramen ", "✗ REWE", "Cinema"]);
    for left in (1..8).rev() {
        bench.timer(Timer::Leaving).shows(&format!("leaves in {left} s"));
    }
    bench.timer(Timer::Leaving).hides("REWE sagt Danke 0421   ");
    assert!(bench.effects.is_empty(), "no timer runs on: {:?}", bench.effects);
    bench.shows("of 7");
}

#[test]
fn a_row_keeps_its_place_among_those_of_its_day() {
    let same_day = |deleted: &[u128], revision| {
        let mut snapshot = without(deleted, revision);
        for expense in &mut snapshot.rows.as_mut().unwrap().expenses.expenses {
            expense.day = jiff::civil::date(2026, 11, 22);
        }
        snapshot
    };
    let mut bench = Bench::logged_in(120, 36);
    bench.retry(Ok(same_day(&[], 2))).press("2 j");
    for deleted in [&[2][..], &[2, 3], &[2, 3, 4]] {
        bench.press("d").answer(Reply::Done(Ok(())));
        refreshed(&mut bench, same_day(deleted, 3));
        bench.model.data.lists = None;
    }
    assert_eq!(order(&bench)[..5], ["Ramen ", "✗ REWE", "✗ Cine", "✗ PP*4", "Shell "]);
}

#[test]
fn undo_brings_it_back_where_it_was() {
    let mut bench = deleted();
    bench.timer(Timer::Leaving).press("u");
    assert!(matches!(bench.call(), Call::Restore(_)));
    bench.answer(Reply::Stored(Ok(expense(
        2,
        21,
        "REWE sagt Danke 0421",
        Some("Groceries"),
        12_120,
    ))));
    bench
        .shows("Took back: deleted REWE sagt Danke 0421 $121.20")
        .hides("leaves in")
        .shows("▸  21 Nov  REWE sagt Danke 0421");
    refreshed(&mut bench, snapshot(3));
    assert_eq!(order(&bench)[..3], ["Ramen ", "REWE s", "Cinema"]);
    for _ in 0..9 {
        bench.timer(Timer::Leaving);
    }
    bench.shows("REWE sagt Danke 0421").shows("of 8");
    bench.press("^r").answer(Reply::Done(Ok(())));
    bench.shows("Did again: deleted REWE").shows("leaves in 8 s");
}

#[test]
fn several_rows_leave_each_in_its_time() {
    let mut bench = deleted();
    bench.timer(Timer::Leaving).timer(Timer::Leaving);
    // The cursor went on to the next row.
    bench.press("d");
    bench.answer(Reply::Done(Ok(())));
    assert!(
        !format!("{:?}", bench.effects).contains("Leaving"),
        "the first clock goes on"
    );
    refreshed(&mut bench, without(&[2, 3], 3));
    assert_eq!(order(&bench)[..3], ["Ramen ", "✗ REWE", "✗ Cine"]);
    bench
        .shows("leaves in 6 s")
        .hides("leaves in 6 s  u")
        .shows("leaves in 8 s  u undo");
    for _ in 0..6 {
        bench.timer(Timer::Leaving);
    }
    assert_eq!(order(&bench)[..2], ["Ramen ", "✗ Cine"]);
    bench.shows("leaves in 2 s");
}

#[test]
fn a_deleted_row_is_neither_edited_nor_deleted_again() {
    let mut bench = deleted();
    bench.press("k e").shows("This expense is deleted already.");
    bench.press("d").shows("This expense is deleted already.");
    assert!(bench.open.is_empty());
}

#[test]
fn a_failed_deletion_says_so_and_the_row_stays() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("2 d").answer(Reply::Done(Err(failure())));
    bench
        .shows("Ramen House 東京 is not deleted.")
        .hides("leaves in")
        .shows("of 8");
}

#[test]
fn a_row_of_another_month_does_not_follow() {
    let mut bench = deleted();
    bench.press("[");
    refreshed(&mut bench, october(2));
    bench.hides("leaves in").press("]");
    refreshed(&mut bench, without(&[2], 2));
    bench.shows("leaves in 8 s");
}

#[test]
fn a_row_behind_the_end_of_a_page_waits_for_its_page() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("2 G d").answer(Reply::Done(Ok(())));
    let mut page = without(&[8], 2);
    let first = page.rows.as_mut().unwrap();
    first.expenses.expenses.truncate(3);
    first.expenses.next = Some("more".to_owned());
    refreshed(&mut bench, page);
    bench.hides("✗ 01 Nov");
    let rest = without(&[8], 2).rows.unwrap().expenses.expenses.split_off(3);
    bench.answer(Reply::Found(Ok(ExpensePage {
        expenses: rest,
        found: None,
        next: None,
    })));
    bench.shows("✗ 01 Nov  Rent");
}

#[test]
fn the_rows_of_one_user_are_not_shown_to_the_next() {
    let mut bench = deleted();
    bench.press("L y");
    bench.type_text("password123").press("Enter").answer(session("newuser"));
    refreshed(&mut bench, without(&[2], 2));
    bench.press("2").hides("REWE sagt Danke 0421   ");
}

#[test]
fn a_session_that_ends_takes_the_deleted_rows_along() {
    let mut bench = deleted();
    bench.retry(Err(Failure::SignedOut));
    assert!(format!("{:?}", bench.effects).contains("Stop(Leaving)"));
    bench.type_text("password123").press("Enter").answer(session("newuser"));
    bench.hides("REWE sagt Danke 0421   ");
}
