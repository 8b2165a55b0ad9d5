//! Keys that come while nobody can look: during a save, and in a window too small to show what they do.

use super::Bench;
use super::data::{expense, failure};
use crate::app::{Call, Msg, Reply};

fn is_add(call: &Call) -> bool {
    matches!(call, Call::Add(_))
}

/// A form on its way to the server.
fn saving() -> Bench {
    let mut bench = Bench::logged_in(120, 36);
    bench
        .press("a")
        .type_text("coffee")
        .press("Tab")
        .type_text("4.75")
        .press("Enter");
    bench
}

#[test]
fn what_is_typed_while_an_expense_is_saved_comes_after_it() {
    let mut bench = saving();
    bench
        .press("Enter a")
        .type_text("zuber ride")
        .press("Tab")
        .type_text("9");
    bench.shows("coffee").hides("zuber");
    bench.answer(Reply::Stored(Ok(expense(90, 22, "coffee", Some("Dining"), 475))));
    bench.shows("Add expense").shows("zuber ride").shows("= $9.00");
    assert!(
        !bench.calls().iter().any(|call| matches!(call, Call::Delete(_))),
        "a letter was taken for a command"
    );
}

#[test]
fn what_is_typed_while_a_save_fails_is_forgotten() {
    let mut bench = saving();
    bench.press("a").type_text("uuu");
    bench.answer(Reply::Stored(Err(failure())));
    bench.shows("Not saved").shows("coffee").hides("uuu");
}

#[test]
fn a_window_of_one_line_takes_no_blind_changes() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("2");
    bench.send(Msg::Resize(29, 3));
    let before = bench.calls().len();
    bench.press("d a x Enter").paste("lunch 5");
    assert_eq!(bench.calls().len(), before);
    bench.send(Msg::Resize(120, 36));
    bench.hides("Add expense").shows("Expenses November 2026");
    bench.press("q");
    assert!(bench.model.wants_quit());
}

#[test]
fn a_category_that_does_not_exist_is_not_passed_over() {
    let mut bench = Bench::logged_in(120, 36);
    bench
        .press("a")
        .type_text("tmp")
        .press("Tab")
        .type_text("3")
        .press("Tab Tab")
        .type_text("zzz");
    bench.press("Enter Enter").shows("No category \"zzz\"");
    assert!(!bench.calls().into_iter().any(is_add));
    bench
        .press("Backspace Backspace Backspace")
        .type_text("din")
        .press("Enter");
    assert!(bench.calls().into_iter().any(is_add));
}
