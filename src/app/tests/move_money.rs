//! The dialog that moves money between limits.

use rstest::rstest;

use super::Bench;
use super::data::{category_id, failure, october, snapshot};
use crate::api::MoveBudget;
use crate::app::{Call, Reply};
use crate::domain::Month;

/// The dialog over the alert of Dining, which is over by $5.80.
fn dialog(columns: u16, rows: u16) -> Bench {
    let mut bench = Bench::logged_in(columns, rows);
    bench.press("4 m");
    bench
}

fn moved(from: &str, to: &str, amount_minor: i64) -> Call {
    let month: Month = "2026-11".parse().unwrap();
    let body = MoveBudget {
        from: category_id(from),
        to: category_id(to),
        amount_minor,
    };
    Call::MoveBudget(month, body)
}

#[test]
fn the_budget_with_most_to_spare_gives_what_is_missing() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("4").shows("m move $5.80 from Groceries ($172.23 to spare)");
    bench.press("m").shows("Groceries has $172.23 to spare").shows("5.80");
    bench.press("Enter").hides("Move money to");
    assert_eq!(*bench.call(), moved("Groceries", "Dining", 580));
    bench.answer(Reply::Done(Ok(())));
    bench
        .shows("Moved $5.80 from Groceries to Dining in November 2026")
        .shows("u undo");
    bench.press("3").shows("444.20").shows("125.80");
}

#[test]
fn it_looks_the_same_at_every_size() {
    let frames = [(120, 36), (80, 24), (40, 10)];
    let frames = frames.map(|(columns, rows)| format!("{columns} x {rows}\n{}", dialog(columns, rows).frame()));
    insta::assert_snapshot!(frames.join("\n\n"));
}

#[test]
fn another_budget_gives_another_amount() {
    let mut bench = dialog(120, 36);
    bench
        .press("Down")
        .shows("Shopping has $100 to spare")
        .type_text("20,5")
        .press("Enter");
    assert_eq!(*bench.call(), moved("Shopping", "Dining", 2050));
    let mut round = dialog(120, 36);
    round.press("Up Down Enter");
    assert_eq!(*round.call(), moved("Groceries", "Dining", 580));
}

#[rstest]
#[case("a lot", "\"a lot\" is not an amount.")]
#[case("0", "The amount must be more than zero.")]
#[case("451", "Groceries has a limit of $450: it cannot give more.")]
fn an_amount_that_cannot_be_moved_says_why(#[case] typed: &str, #[case] why: &str) {
    let mut bench = dialog(120, 36);
    bench.type_text(typed).press("Enter").shows(why);
    assert!(bench.open.is_empty());
    bench.press("^c").shows("This money is not moved: Enter moves it.");
    bench.press("^u").type_text("7").hides(why).press("Enter");
    assert_eq!(*bench.call(), moved("Groceries", "Dining", 700));
}

#[test]
fn a_move_is_taken_back_and_done_again() {
    let mut bench = dialog(120, 36);
    bench.press("Enter").answer(Reply::Done(Ok(())));
    for (key, from, to, words) in [
        (
            "u",
            "Dining",
            "Groceries",
            "Took back: moved $5.80 from Groceries to Dining",
        ),
        (
            "^r",
            "Groceries",
            "Dining",
            "Did again: moved $5.80 from Groceries to Dining",
        ),
    ] {
        bench.open.clear();
        bench.press(key);
        assert_eq!(*bench.call(), moved(from, to, 580));
        bench.answer(Reply::Done(Ok(()))).shows(words);
    }
}

#[test]
fn a_move_that_fails_comes_back_with_the_reason() {
    let mut bench = dialog(120, 36);
    bench.type_text("12").press("Enter").answer(Reply::Done(Err(failure())));
    bench
        .shows("Move money to Dining")
        .shows("▌12")
        .shows("connection refused");
    bench.press("Enter");
    assert_eq!(*bench.call(), moved("Groceries", "Dining", 1200));
}

#[test]
fn it_is_there_for_any_category_of_the_budgets() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("3 m").shows("Move money to Groceries").press("Enter");
    bench.shows("Type an amount, for example 12.50.");
    bench.type_text("10").press("Enter");
    assert_eq!(*bench.call(), moved("Shopping", "Groceries", 1000));
}

#[test]
fn without_a_limit_there_is_nothing_to_move() {
    let mut poor = snapshot(2);
    for category in &mut poor.summary.categories {
        if category.category.name != "Dining" {
            category.limit_minor = None;
        }
    }
    let mut bench = Bench::logged_in(120, 36);
    bench.retry(Ok(poor)).press("3 m").shows("There is no limit here");
    bench
        .press("j m")
        .shows("no other category has a limit")
        .type_text("5")
        .press("Down Enter");
    bench.shows("No other category has a limit to give from.");
    assert!(bench.open.is_empty());
}

#[test]
fn esc_moves_nothing() {
    let mut bench = dialog(120, 36);
    bench
        .type_text("5")
        .press("Esc")
        .hides("Move money to")
        .shows("What helps");
    assert!(bench.open.is_empty());
}

#[test]
fn a_month_that_is_over_moves_what_it_has() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("3 [");
    bench.answer(Reply::Refreshed(Box::new(Ok(october(1)))));
    bench.press("j m").shows("October 2026").press("Enter");
    let Call::MoveBudget(month, body) = bench.call() else {
        panic!()
    };
    assert_eq!((month.to_string(), body.amount_minor), ("2026-10".to_owned(), 580));
}
