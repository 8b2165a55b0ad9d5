//! Changes that met others.

use rstest::rstest;

use super::Bench;
use super::data::{category_id, limit, refusal, snapshot};
use crate::api::{ErrorCode, ExpensePatch, Failure, PlacedBy, SetBudget};
use crate::app::changes::Change;
use crate::app::confirm::{self, Confirm};
use crate::app::{Call, Reply, Snapshot};
use crate::domain::expense::CategorySource;

fn conflict() -> Failure {
    refusal(ErrorCode::Conflict, "It was changed meanwhile.")
}

/// Somebody else changed the first expense and the limit of Dining.
fn theirs() -> Snapshot {
    let mut snapshot = snapshot(9);
    let first = &mut snapshot.rows.as_mut().unwrap().expenses.expenses[0];
    first.amount_minor = 2000;
    first.revision = 9;
    snapshot.summary.categories[1].limit_minor = Some(13_000);
    snapshot
}

/// The same, and the limit of Dining was set once more.
fn theirs_then(limit_minor: i64) -> Snapshot {
    let mut snapshot = theirs();
    snapshot.summary.categories[1].limit_minor = Some(limit_minor);
    snapshot
}

/// The description was edited here while the amount was edited there.
fn edited() -> Bench {
    let mut bench = Bench::logged_in(120, 36);
    bench
        .press("2 e")
        .type_text("!")
        .press("Tab ^u")
        .type_text("30")
        .press("Enter")
        .answer(Reply::Stored(Err(conflict())));
    bench.shows("Changed elsewhere").shows("Asking what stands there now.");
    bench.answer(Reply::Refreshed(Box::new(Ok(theirs()))));
    bench
}

#[test]
fn both_sides_of_an_edit_are_shown() {
    let mut bench = edited();
    bench
        .shows("Ramen House 東京 was changed elsewhere meanwhile.")
        .shows("$20.00")
        .shows("$30.00")
        .shows("Keep theirs 1")
        .hides("Description  Ramen");
    insta::assert_snapshot!(bench.frame());
}

#[test]
fn theirs_stays_when_it_is_chosen() {
    let mut bench = edited();
    bench.press("1").hides("saves on Enter").shows("20.00");
    // What met nothing is stored all the same.
    let Call::Edit(_, patch) = bench.call() else { panic!() };
    let expected = ExpensePatch {
        description: Some("Ramen House 東京!".to_owned()),
        base_revision: Some(9),
        ..ExpensePatch::default()
    };
    assert_eq!(*patch, expected);
    let mut after = super::data::expense(1, 22, "Ramen House 東京!", Some("Dining"), 2000);
    after.revision = 10;
    bench.answer(Reply::Stored(Ok(after))).shows("Saved Ramen House 東京!");
}

#[test]
fn nothing_is_sent_when_all_of_it_gives_way() {
    let mut bench = Bench::logged_in(120, 36);
    bench
        .press("2 e Tab ^u")
        .type_text("30")
        .press("Enter")
        .answer(Reply::Stored(Err(conflict())));
    bench.answer(Reply::Refreshed(Box::new(Ok(theirs()))));
    bench.press("1").shows("Kept what was changed elsewhere.");
    assert!(bench.calls().iter().all(|call| matches!(call, Call::Predict(..))));
    bench.press("u").shows("Nothing to undo.");
}

/// Takes a new description back. With the old words comes the category that they had, from whoever chose it.
fn old_words() -> ExpensePatch {
    ExpensePatch {
        description: Some("Ramen House 東京".to_owned()),
        category_id: Some(Some(category_id("Dining"))),
        placed_by: Some(PlacedBy {
            category_source: CategorySource::Lexicon,
            confidence: 96,
        }),
        base_revision: Some(10),
        ..ExpensePatch::default()
    }
}

#[test]
fn what_others_changed_in_other_fields_is_not_taken_back() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("2 e").type_text("!").press("Enter");
    let mut merged = super::data::expense(1, 22, "Ramen House 東京!", Some("Dining"), 2000);
    merged.revision = 10;
    bench.answer(Reply::Stored(Ok(merged))).press("u");
    let Call::Edit(_, patch) = bench.call() else { panic!() };
    assert_eq!(*patch, old_words());
}

#[test]
fn mine_is_sent_over_theirs() {
    let mut bench = edited();
    bench.press("2").shows("Saving");
    let Call::Edit(_, patch) = bench.call() else { panic!() };
    let expected = ExpensePatch {
        description: Some("Ramen House 東京!".to_owned()),
        amount_minor: Some(3000),
        ..ExpensePatch::default()
    };
    assert_eq!(*patch, expected);
    let mut after = super::data::expense(1, 22, "Ramen House 東京!", Some("Dining"), 3000);
    after.revision = 10;
    bench.answer(Reply::Stored(Ok(after))).press("u");
    let Call::Edit(_, back) = bench.call() else { panic!() };
    let theirs = ExpensePatch {
        amount_minor: Some(2000),
        ..old_words()
    };
    assert_eq!(*back, theirs, "taking it back leads to theirs");
}

#[rstest]
#[case("3")]
#[case("Esc")]
#[case("Right Right Enter")]
fn editing_goes_on_over_what_stands_there_now(#[case] keys: &str) {
    let mut bench = edited();
    bench
        .press(keys)
        .shows("saves on Enter")
        .shows("Changed elsewhere meanwhile.");
    bench.press("^u").type_text("20").press("Enter");
    let Call::Edit(_, patch) = bench.call() else { panic!() };
    let expected = ExpensePatch {
        description: Some("Ramen House 東京!".to_owned()),
        base_revision: Some(9),
        ..ExpensePatch::default()
    };
    assert_eq!(*patch, expected);
}

#[test]
fn a_field_that_was_not_touched_follows_what_stands_there() {
    let mut bench = Bench::logged_in(120, 36);
    bench
        .press("2 e")
        .type_text("!")
        .press("Enter")
        .answer(Reply::Stored(Err(conflict())));
    bench.answer(Reply::Refreshed(Box::new(Ok(theirs()))));
    bench.press("3").shows("20.00").press("Enter");
    let Call::Edit(_, patch) = bench.call() else { panic!() };
    assert_eq!((patch.amount_minor, patch.base_revision), (None, Some(9)));
}

/// The limit of Dining was set here to 150, and there to 130.
fn limited() -> Bench {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("e").type_text("150").press("Enter");
    assert!(matches!(bench.call(), Call::SetBudget(_, _, body) if *body == limit(15_000)));
    bench.answer(Reply::Done(Err(conflict())));
    bench.answer(Reply::Refreshed(Box::new(Ok(theirs()))));
    bench
        .shows("The limit of Dining was changed elsewhere")
        .shows("$130")
        .shows("$150");
    bench
}

#[test]
fn a_limit_asks_which_one_holds() {
    let mut theirs = limited();
    theirs.hides("Go on editing").press("3").shows("Changed elsewhere");
    theirs.press("Enter").hides("Changed elsewhere").shows("130");
    assert!(theirs.open.is_empty());
    let mut mine = limited();
    mine.press("2");
    let over = SetBudget {
        limit_minor: 15_000,
        base_revision: None,
    };
    assert_eq!(
        *mine.call(),
        Call::SetBudget("2026-11".parse().unwrap(), category_id("Dining"), over)
    );
    mine.answer(Reply::Done(Ok(()))).shows("Dining: limit $150");
    let mut stored = theirs_then(15_000);
    stored.summary.revision = 10;
    mine.answer(Reply::Refreshed(Box::new(Ok(stored)))).press("u");
    assert!(
        matches!(mine.call(), Call::SetBudget(_, _, body) if body.limit_minor == 13_000),
        "back to theirs: {:?}",
        mine.call()
    );
}

#[test]
fn a_limit_changed_elsewhere_is_not_taken_back_unasked() {
    let mut bench = Bench::logged_in(120, 36);
    bench
        .press("e")
        .type_text("150")
        .press("Enter")
        .answer(Reply::Done(Ok(())));
    let mut after = snapshot(2);
    after.summary.categories[1].limit_minor = Some(15_000);
    bench.answer(Reply::Refreshed(Box::new(Ok(after))));
    bench.retry(Ok(theirs())).press("u").shows("Changed elsewhere");
    bench.answer(Reply::Refreshed(Box::new(Ok(theirs()))));
    bench.shows("$130").shows("$120").press("2");
    assert!(matches!(bench.call(), Call::SetBudget(_, _, body) if body.limit_minor == 12_000));
    bench
        .answer(Reply::Done(Ok(())))
        .shows("Took back: Dining limit from $120 to $150");
}

#[test]
fn a_question_waits_until_nothing_is_being_typed() {
    let mut bench = Bench::logged_in(120, 36);
    bench
        .press("e")
        .type_text("150")
        .press("Enter a")
        .answer(Reply::Done(Err(conflict())));
    bench.hides("Changed elsewhere").type_text("2 taxis").shows("2 taxis");
    bench.press("Esc").shows("Changed elsewhere");
}

#[test]
fn a_question_that_is_open_when_the_session_ends_is_gone() {
    let mut bench = edited();
    bench.retry(Err(Failure::SignedOut)).shows("Your session has ended");
    bench
        .type_text("password123")
        .press("Enter")
        .answer(super::session("newuser"));
    bench.hides("Changed elsewhere").shows("saves on Enter");
}

/// Deleting two expenses waits for a yes.
fn confirming(columns: u16, rows: u16) -> Bench {
    let mut bench = Bench::logged_in(columns, rows);
    let expense = bench.model.data.expenses[0].clone();
    let call = Call::Delete(expense.id);
    let question = Confirm {
        question: "Delete 2 expenses, $139.70 in all?".to_owned(),
        keep: "Keep",
        act: "Delete 2 expenses".to_owned(),
        change: Change::Delete(expense),
        call,
    };
    confirm::ask(&mut bench.model, question);
    bench
}

#[rstest]
#[case("Enter", false)]
#[case("Esc", false)]
#[case("n", false)]
#[case("y", true)]
#[case("Right Enter", true)]
#[case("l Enter", true)]
#[case("Right Right Enter", false)]
#[case("x 1 a", false)]
fn much_is_changed_only_after_a_yes(#[case] keys: &str, #[case] sent: bool) {
    let mut bench = confirming(80, 24);
    bench.shows("Delete 2 expenses, $139.70 in all?").press(keys);
    assert_eq!(!bench.open.is_empty(), sent);
}

#[test]
fn a_confirmation_fits_into_a_small_window() {
    let frames = [(80, 24), (40, 10)].map(|(columns, rows)| confirming(columns, rows).frame());
    insta::assert_snapshot!(frames.join("\n\n"));
}

#[test]
fn each_of_several_conflicts_is_asked_about() {
    let mut bench = Bench::logged_in(120, 36);
    bench
        .press("3 Enter")
        .type_text("500")
        .press("Down")
        .type_text("150")
        .press("F2");
    assert_eq!(bench.calls().len(), 2);
    bench.answer(Reply::Done(Err(conflict())));
    let (first, _) = bench.open.remove(0);
    bench.send(crate::app::Msg::Reply(first, Reply::Done(Err(conflict()))));
    bench.shows("The limit of Dining was changed elsewhere").press("1");
    bench.shows("The limit of Groceries was changed elsewhere").press("2");
    assert!(matches!(bench.call(), Call::SetBudget(_, id, body)
        if *id == category_id("Groceries") && body.base_revision.is_none()));
}

#[test]
fn esc_leaves_what_was_typed_and_what_can_be_taken_back() {
    let mut limit = limited();
    limit.press("Esc").hides("Changed elsewhere").shows("150");
    assert!(limit.open.is_empty());
    let mut undo = Bench::logged_in(120, 36);
    undo.press("2 e").type_text("!").press("Enter");
    let mut after = super::data::expense(1, 22, "Ramen House 東京!", Some("Dining"), 1850);
    after.revision = 2;
    undo.answer(Reply::Stored(Ok(after)));
    undo.answer(Reply::Refreshed(Box::new(Ok(snapshot(2)))));
    undo.press("u")
        .answer(Reply::Stored(Err(conflict())))
        .shows("Changed elsewhere")
        .press("Esc u");
    assert!(matches!(undo.call(), Call::Edit(..)), "it is asked for again");
}
