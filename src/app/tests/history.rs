//! Undo and redo.

use super::Bench;
use super::data::{category_id, expense, failure, limit, refusal, snapshot};
use crate::api::{ErrorCode, Expense, ExpensePatch, SetBudget};
use crate::app::{Call, Reply, Snapshot, Timer};
use crate::domain::expense::CategorySource;

/// Answers a change with what is stored, and the refresh that follows.
fn stored(bench: &mut Bench, expense: Expense, after: Snapshot) {
    bench.answer(Reply::Stored(Ok(expense)));
    bench.answer(Reply::Refreshed(Box::new(Ok(after))));
}

fn done(bench: &mut Bench, after: Snapshot) {
    bench.answer(Reply::Done(Ok(())));
    bench.answer(Reply::Refreshed(Box::new(Ok(after))));
}

/// The numbers of a later revision, with another limit for Groceries.
fn with_limit(revision: i64, limit_minor: i64) -> Snapshot {
    let mut snapshot = snapshot(revision);
    snapshot.summary.categories[0].limit_minor = Some(limit_minor);
    snapshot
}

fn patch(bench: &Bench) -> ExpensePatch {
    match bench.call() {
        Call::Edit(_, patch) => patch.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_new_expense_is_taken_back_and_done_again() {
    let mut bench = Bench::logged_in(120, 36);
    bench
        .press("a")
        .type_text("ramen")
        .press("Tab")
        .type_text("5")
        .press("Enter");
    let Call::Add(new) = bench.call().clone() else { panic!() };
    let mut ramen = expense(0, 22, "ramen", Some("Dining"), 500);
    ramen.id = new.id;
    stored(&mut bench, ramen.clone(), snapshot(2));
    bench.press("u");
    assert_eq!(*bench.call(), Call::Delete(new.id));
    done(&mut bench, snapshot(3));
    bench
        .shows("Took back: added ramen $5.00")
        .shows("^R redo 8s")
        .press("^r");
    assert_eq!(*bench.call(), Call::Restore(new.id));
    stored(&mut bench, ramen, snapshot(4));
    bench.shows("Did again: added ramen $5.00").shows("u undo 8s");
    bench.press("^r").shows("Nothing to do again.");
}

#[test]
fn an_edit_is_taken_back_to_the_letter() {
    let mut bench = Bench::logged_in(120, 36);
    // The third one has no category: choosing one and taking that back leaves none again.
    bench
        .press("2 j j e")
        .type_text("!")
        .press("Tab Tab Tab")
        .type_text("dining")
        .press("Enter");
    assert_eq!(
        patch(&bench),
        ExpensePatch {
            description: Some("Cinema Lumière!".to_owned()),
            category_id: Some(Some(category_id("Dining"))),
            base_revision: Some(1),
            ..ExpensePatch::default()
        }
    );
    let mut after = expense(3, 20, "Cinema Lumière!", Some("Dining"), 3500);
    after.revision = 7;
    (after.category_source, after.confidence) = (CategorySource::You, 100);
    stored(&mut bench, after.clone(), snapshot(7));
    bench.press("u");
    assert_eq!(
        patch(&bench),
        ExpensePatch {
            description: Some("Cinema Lumière".to_owned()),
            category_id: Some(None),
            base_revision: Some(7),
            ..ExpensePatch::default()
        }
    );
    let mut before = expense(3, 20, "Cinema Lumière", None, 3500);
    before.revision = 8;
    stored(&mut bench, before, snapshot(8));
    bench.shows("Took back: changed Cinema Lumière").press("^r");
    let again = ExpensePatch {
        description: Some("Cinema Lumière!".to_owned()),
        category_id: Some(Some(category_id("Dining"))),
        base_revision: Some(8),
        ..ExpensePatch::default()
    };
    assert_eq!(patch(&bench), again);
}

#[test]
fn older_steps_of_an_expense_rest_on_what_the_newer_ones_stored() {
    let mut bench = Bench::logged_in(120, 36);
    for (letter, revision) in [("1", 5), ("2", 7)] {
        bench.press("2 g e").type_text(letter).press("Enter");
        let mut after = expense(1, 22, &format!("Ramen {letter}"), Some("Dining"), 1850);
        after.revision = revision;
        stored(&mut bench, after, snapshot(revision));
    }
    bench.press("u");
    assert_eq!(patch(&bench).base_revision, Some(7));
    let mut back = expense(1, 22, "Ramen House 東京", Some("Dining"), 1850);
    back.revision = 9;
    stored(&mut bench, back, snapshot(9));
    bench.press("u");
    assert_eq!(
        patch(&bench).base_revision,
        Some(9),
        "a change of one's own is no conflict"
    );
}

#[test]
fn a_limit_is_taken_back_and_set_again() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("3 Enter").type_text("500").press("Enter");
    done(&mut bench, with_limit(2, 50_000));
    for (key, minor, revision, said) in [
        ("u", 45_000, 3, "Took back: Groceries limit from $450 to $500"),
        ("^r", 50_000, 4, "Did again: Groceries limit from $450 to $500"),
    ] {
        bench.press(key);
        let body = SetBudget {
            base_revision: Some(revision - 1),
            ..limit(minor)
        };
        assert_eq!(
            *bench.call(),
            Call::SetBudget("2026-11".parse().unwrap(), category_id("Groceries"), body)
        );
        done(&mut bench, with_limit(revision, minor));
        bench.shows(said);
    }
}

#[test]
fn a_new_change_forgets_what_could_be_done_again() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("2 d");
    done(&mut bench, snapshot(2));
    bench.press("u");
    stored(
        &mut bench,
        expense(1, 22, "Ramen House 東京", Some("Dining"), 1850),
        snapshot(3),
    );
    bench.press("g j d");
    done(&mut bench, snapshot(4));
    bench.press("^r").shows("Nothing to do again.");
    assert!(bench.open.is_empty());
}

#[test]
fn undo_never_takes_back_an_older_change_than_the_last() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("2 d").answer(Reply::Done(Ok(())));
    bench.answer(Reply::Refreshed(Box::new(Ok(snapshot(2)))));
    // The list may show the second one as deleted before its own answer comes.
    bench.press("d u").shows("still on its way");
    assert!(matches!(bench.call(), Call::Delete(_)));
    bench.answer(Reply::Done(Ok(()))).press("u");
    assert!(matches!(bench.call(), Call::Restore(_)));
    bench.press("^r").shows("still on its way");
}

#[test]
fn what_could_not_be_taken_back_can_be_tried_again() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("2 d");
    done(&mut bench, snapshot(2));
    bench.press("u").answer(Reply::Stored(Err(failure())));
    bench.press("^r").shows("Nothing to do again.").press("u");
    assert!(matches!(bench.call(), Call::Restore(_)));
}

#[test]
fn what_is_gone_for_good_does_not_stand_before_older_steps() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("3 Enter").type_text("500").press("Enter");
    done(&mut bench, with_limit(2, 50_000));
    bench.press("2 d");
    done(&mut bench, with_limit(3, 50_000));
    let gone = refusal(ErrorCode::NotFound, "There is no such expense.");
    bench.press("u").answer(Reply::Stored(Err(gone)));
    bench.shows("Not taken back. There is no such expense.").press("u");
    assert!(matches!(bench.call(), Call::SetBudget(..)), "{:?}", bench.calls());
}

#[test]
fn fifty_changes_can_be_taken_back_and_done_again() {
    let mut bench = Bench::logged_in(120, 36);
    for _ in 0..60 {
        bench.press("2 g d").answer(Reply::Done(Ok(())));
        bench.answer(Reply::Refreshed(Box::new(Ok(snapshot(2)))));
        for _ in 0..8 {
            bench.timer(Timer::Leaving);
        }
        bench.retry(Ok(snapshot(2)));
    }
    let answers = [
        ("u", Reply::Stored(Ok(expense(1, 22, "x", None, 1)))),
        ("^r", Reply::Done(Ok(()))),
    ];
    for (key, answer) in answers {
        let mut steps = 0;
        while bench.press(key).calls().len() == 1 {
            steps += 1;
            bench.answer(answer.clone());
            bench.answer(Reply::Refreshed(Box::new(Ok(snapshot(2)))));
        }
        assert_eq!(steps, 50, "{key}");
    }
}
