//! Limits that are offered: from what was spent, and from the month before.

use super::{DINING, GROCERIES, budgets, november, set, waiting};
use crate::app::tests::data::{category_id, failure, october, snapshot};
use crate::app::{Call, Msg, Reply, Snapshot};
use crate::domain::Month;

/// Dining was passed in two of six months.
fn with_a_past() -> Snapshot {
    let mut snapshot = snapshot(2);
    snapshot.summary.categories[DINING].past_minor = vec![9800, 11_300, 10_900, 12_700, 11_200, 15_000];
    snapshot
}

#[test]
fn a_suggestion_is_taken_with_one_key() {
    let mut bench = budgets();
    bench.retry(Ok(with_a_past())).press("j");
    bench.shows("Suggestion: Dining averaged $118 for 6 months, 2 over; t take $130.");
    bench
        .press("t")
        .shows("130 +10 ok")
        .shows("Nothing is sent before Enter.");
    assert!(bench.open.is_empty());
    bench.press("Enter");
    assert!(matches!(bench.call(), Call::SetBudget(_, _, body) if body.limit_minor == 13_000));
    let mut fits = budgets();
    fits.press("t").shows("No suggestion for Groceries");
    assert!(!fits.footer().contains("take hint"));
}

#[test]
fn the_limits_of_the_month_before_are_written_in_where_they_differ() {
    let mut bench = budgets();
    bench.press("C");
    let expected = Call::Refresh {
        month: Some(Month::from_index(november().index() - 1)),
        known: Some(1),
        seen: None,
    };
    assert_eq!(*bench.call(), expected);
    let mut before = october(1);
    before.rows = None;
    before.summary.categories[GROCERIES].limit_minor = Some(40_000);
    before.summary.categories[DINING].limit_minor = None;
    bench.answer(Reply::Refreshed(Box::new(Ok(before))));
    bench.shows("2 limits of October are written in: S saves them.");
    bench.shows("Budgets for November 2026").shows("-50 ok").press("S");
    let clear = Call::ClearBudget(november(), category_id("Dining"), Some(1));
    assert_eq!(waiting(&bench), [set("Groceries", 40_000), clear]);
}

#[test]
fn limits_that_cannot_be_copied_say_why() {
    let mut bench = budgets();
    bench.press("C").answer(Reply::Refreshed(Box::new(Ok(october(1)))));
    bench.shows("October had the same limits.");
    bench.press("C").answer(Reply::Refreshed(Box::new(Err(failure()))));
    bench.shows("connection refused");
    // The answer comes when the user has gone on to another month.
    bench.press("C ]");
    let (id, _) = bench.open.remove(0);
    let mut before = october(1);
    before.summary.categories[GROCERIES].limit_minor = Some(40_000);
    bench.send(Msg::Reply(id, Reply::Refreshed(Box::new(Ok(before)))));
    bench.hides("written in").hides("-50");
}
