//! Adding, editing, deleting, and taking it back.

use super::Bench;
use super::data::{category_id, expense, failure, prediction, refusal, session, snapshot};
use crate::api::{ErrorCode, Expense, ExpensePatch, Failure, NewExpense, Note, NoteCode, Prediction};
use crate::app::{Call, Effect, Msg, Reply, Slot, Timer};
use jiff::civil::date;

/// The form with a description and an amount in it.
fn typed(description: &str, amount: &str) -> Bench {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("a").type_text(description).press("Tab").type_text(amount);
    bench
}

fn sent(bench: &Bench) -> NewExpense {
    match bench.call() {
        Call::Add(new) => new.clone(),
        other => panic!("{other:?} is no new expense"),
    }
}

fn stored(new: &NewExpense) -> Expense {
    let mut expense = expense(0x77, 22, &new.description, Some("Dining"), new.amount_minor);
    expense.id = new.id;
    expense
}

/// Answers the newest change, and the refresh that follows it.
fn settle(bench: &mut Bench, expense: Expense) {
    bench.answer(Reply::Stored(Ok(expense)));
    bench.answer(Reply::Refreshed(Box::new(Ok(snapshot(2)))));
}

#[test]
fn the_category_is_predicted_when_the_typing_pauses() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("a").type_text("ramen");
    let wait = bench.effects.iter().find_map(|effect| match effect {
        Effect::Wait { timer, after, .. } => Some((*timer, after.as_millis())),
        _ => None,
    });
    assert_eq!(wait, Some((Timer::Predict, 150)));
    assert!(bench.open.is_empty(), "nothing is asked while typing");
    bench.timer(Timer::Predict);
    assert_eq!(*bench.call(), Call::Predict("ramen".to_owned(), None));
    bench
        .answer(Reply::Predicted(Ok(prediction(&[("Dining", 96)]))))
        .shows("auto: Dining 96%");
}

#[test]
fn a_prediction_about_older_text_is_dropped() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("a").type_text("ra").timer(Timer::Predict).type_text("zor");
    bench
        .answer(Reply::Predicted(Ok(prediction(&[("Dining", 96)]))))
        .hides("auto: Dining");
    bench.press("^u").hides("Dining 96%");
}

#[test]
fn an_answer_for_a_closed_form_is_dropped() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("a").type_text("ra").timer(Timer::Predict).press("^u Esc a");
    bench
        .answer(Reply::Predicted(Ok(prediction(&[("Dining", 96)]))))
        .hides("auto: Dining");
}

#[test]
fn enter_saves_without_waiting_for_the_prediction() {
    let mut bench = typed("ramen", "18,50");
    bench.press("Enter");
    let new = sent(&bench);
    assert_eq!((new.amount_minor, new.category_id), (1850, None));
    assert_eq!(new.day, Some(date(2026, 11, 22)));
    bench.shows("Saving").shows("1 pending");
    settle(&mut bench, stored(&new));
    bench
        .shows("Added ramen $18.50 to Dining (96% sure)")
        .shows("undo 8s")
        .hides("Add expense");
}

#[test]
fn an_unsure_prediction_asks_once() {
    let mut bench = typed("thing", "5");
    bench.timer(Timer::Predict);
    bench.answer(Reply::Predicted(Ok(prediction(&[("Dining", 44)]))));
    bench.press("Enter").shows("Not sure: choose, or Enter for later.");
    assert!(bench.open.is_empty());
    bench.press("Enter");
    assert_eq!(sent(&bench).category_id, None);
}

#[test]
fn a_chosen_category_is_sent() {
    let mut bench = typed("thing", "5");
    bench.timer(Timer::Predict);
    bench.answer(Reply::Predicted(Ok(prediction(&[("Dining", 44), ("Shopping", 30)]))));
    bench.press("Down Down Enter");
    assert_eq!(sent(&bench).category_id, Some(category_id("Shopping")));
}

#[test]
fn letters_choose_in_the_category_field() {
    let mut bench = typed("thing", "5");
    bench.press("Tab Tab").type_text("tra").shows("Transport");
    bench.type_text("xx").shows("No category \"traxx\".");
    bench.press("Up Down Enter");
    assert!(sent(&bench).category_id.is_some());
}

#[test]
fn save_and_new_keeps_the_day_and_takes_a_fresh_id() {
    let mut bench = typed("ramen", "5");
    bench.press("Tab").type_text("2026-11-20").press("^n");
    let first = sent(&bench);
    settle(&mut bench, stored(&first));
    bench
        .shows("Add expense")
        .shows("2026-11-20")
        .hides("ramen                ");
    bench.type_text("tea").press("Tab").type_text("3").press("Enter");
    let second = sent(&bench);
    assert_ne!(first.id, second.id);
    assert_eq!(second.day, Some(date(2026, 11, 20)));
}

#[test]
fn a_failure_keeps_the_text_and_the_next_try_has_the_same_id() {
    let mut bench = typed("ramen", "5");
    bench.press("Enter");
    let first = sent(&bench);
    bench.answer(Reply::Stored(Err(failure())));
    bench.shows("Not saved. No answer from 127.0.0.1:8080").shows("ramen");
    bench.press("Enter");
    assert_eq!(sent(&bench), first);
}

#[test]
fn a_refusal_goes_to_its_field() {
    let mut bench = typed("ramen", "5");
    bench.press("Enter");
    let refused = crate::api::ApiError::field("day", "The day lies too far ahead.");
    bench.answer(Reply::Stored(Err(Failure::Rejected(refused))));
    bench
        .shows("The day lies too far ahead.")
        .type_text("20.11.2026")
        .hides("too far ahead");
}

#[test]
fn a_cancelled_send_that_arrived_becomes_an_edit() {
    let mut bench = typed("ramen", "5");
    bench.press("Enter");
    let first = sent(&bench);
    let (id, _) = *bench.open.last().unwrap();
    bench.press("Esc").shows("Cancelled").shows("ramen");
    assert!(bench.effects.contains(&Effect::Cancel(Slot::Change(id))));
    assert!(
        matches!(bench.calls()[..], [Call::Refresh { .. }]),
        "it looks whether it was stored"
    );
    bench.send(Msg::Reply(id, Reply::Stored(Ok(stored(&first)))));
    bench.shows("Add expense");
    bench.type_text("0").press("Enter");
    assert_eq!(sent(&bench).id, first.id);
    bench.answer(Reply::Stored(Err(refusal(ErrorCode::Conflict, "This id is taken."))));
    let Call::Edit(id, patch) = bench.call().clone() else {
        panic!("{:?}", bench.call())
    };
    assert_eq!((id, patch.amount_minor), (first.id, Some(5000)));
    bench
        .answer(Reply::Stored(Ok(stored(&first))))
        .shows("Added ramen")
        .hides("Add expense");
}

#[test]
fn esc_keeps_a_draft_and_quitting_over_it_asks() {
    let mut bench = typed("ramen", "5");
    bench.press("Esc").shows("Not saved yet. a opens it again.");
    bench
        .press("q")
        .shows("An expense is not saved: a opens it. Quit again leaves without it.");
    assert!(!bench.model.wants_quit());
    bench.press("a").shows("ramen").hides("Quit again");
    bench.press("Esc q q");
    assert!(bench.model.wants_quit());
}

#[test]
fn ctrl_c_twice_leaves_unsaved_text() {
    let mut bench = typed("ramen", "5");
    bench.press("^c").shows("This expense is not saved");
    bench.press("0 ^c").shows("This expense is not saved");
    assert!(!bench.model.wants_quit());
    bench.press("^c");
    assert!(bench.model.wants_quit());
    let mut untouched = Bench::logged_in(120, 36);
    untouched.press("2 e ^c");
    assert!(untouched.model.wants_quit());
}

#[test]
fn the_question_whether_to_leave_times_out() {
    let mut bench = typed("ramen", "5");
    bench.press("^c");
    for _ in 0..8 {
        bench.timer(Timer::Toast);
    }
    bench.hides("Quit again").press("^c");
    assert!(!bench.model.wants_quit());
}

#[test]
fn a_form_under_the_help_is_still_saved() {
    let mut bench = typed("ramen", "5");
    bench.press("Enter F1");
    let new = sent(&bench);
    settle(&mut bench, stored(&new));
    bench.press("Esc").hides("Add expense").shows("Added ramen");
}

#[test]
fn an_edit_sends_what_changed_and_nothing_else() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("2 j e Tab ^u").type_text("130").press("Enter");
    let Call::Edit(_, patch) = bench.call().clone() else {
        panic!("{:?}", bench.call())
    };
    let expected = ExpensePatch {
        amount_minor: Some(13_000),
        base_revision: Some(1),
        ..ExpensePatch::default()
    };
    assert_eq!(patch, expected);
}

#[test]
fn an_edit_without_changes_sends_nothing() {
    let mut bench = Bench::logged_in(120, 36);
    bench
        .press("2 e Enter")
        .shows("Nothing was changed.")
        .hides("Edit expense");
    assert!(bench.calls().iter().all(|call| matches!(call, Call::Predict(..))));
}

#[test]
fn a_session_that_ends_under_a_change_keeps_the_form() {
    let mut bench = typed("ramen", "5");
    bench.press("Enter");
    let first = sent(&bench);
    bench
        .answer(Reply::Stored(Err(Failure::SignedOut)))
        .shows("Your session has ended");
    bench.press("^c").shows("An expense is not saved: log in and save it.");
    bench.type_text("password123").press("Enter").answer(session("newuser"));
    bench
        .shows("Add expense")
        .shows("ramen")
        .hides("Saving")
        .hides("pending");
    bench.press("Enter");
    assert_eq!(sent(&bench), first);
}

#[test]
fn a_session_that_ends_under_the_help_keeps_the_form() {
    let mut bench = typed("ramen", "5");
    bench.press("F1").retry(Err(Failure::SignedOut));
    bench.type_text("password123").press("Enter").answer(session("newuser"));
    bench.shows("Add expense").shows("ramen");
}

/// A service was asked for the category and did not answer.
fn too_slow() -> Note {
    Note {
        code: NoteCode::TooSlow,
        message: "SageMaker did not answer in 800 ms, so the local model decided.".to_owned(),
    }
}

#[test]
fn a_service_that_did_not_answer_is_told_in_the_form_and_after_saving() {
    for (columns, rows) in [(120, 36), (80, 24)] {
        let mut bench = Bench::logged_in(columns, rows);
        bench.press("a").type_text("ramen 5").timer(Timer::Predict);
        let known = Prediction {
            note: Some(too_slow()),
            ..prediction(&[("Dining", 70), ("Fun", 20), ("Gifts", 5)])
        };
        bench.answer(Reply::Predicted(Ok(known)));
        bench
            .shows("▲ SageMaker did not answer in 800 ms, so the local model decided")
            .shows("5%");
        bench.press("Enter");
        let mut expense = stored(&sent(&bench));
        expense.note = Some(too_slow());
        settle(&mut bench, expense);
        bench.shows("Added ramen $5.00 to Dining. SageMaker did not answer in");
    }
}

#[test]
fn a_service_that_did_not_answer_is_told_where_nothing_fits() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("a").type_text("zorble 5").timer(Timer::Predict);
    let nothing = Prediction {
        note: Some(too_slow()),
        ..Prediction::default()
    };
    bench.answer(Reply::Predicted(Ok(nothing)));
    bench
        .shows("not sure: choose a category")
        .shows("SageMaker did not answer in 800 ms");
}

#[test]
fn a_draft_can_be_thrown_away() {
    for (columns, rows) in [(120, 36), (80, 24)] {
        let mut bench = Bench::logged_in(columns, rows);
        bench.press("a").hides("discard");
        bench.press("^x").shows("There is nothing new here to throw away.");
        bench.type_text("tea").shows("Esc keep   ^X discard");
        bench.press("Esc").shows("Not saved yet. a opens it again.");
        bench
            .press("a")
            .shows("Your unfinished expense is back. ^X throws it away.");
        bench.press("^x").hides("Add expense").shows("Threw away tea.");
        bench.press("a").hides("▌tea").hides("unfinished");
    }
    let mut edit = Bench::logged_in(120, 36);
    edit.press("2 e").type_text("!").hides("discard");
    edit.press("^x")
        .shows("There is nothing new here")
        .shows("▌Ramen House 東京!");
    // Nothing new follows an edit.
    assert!(!edit.footer().contains("save + new"), "{}", edit.footer());
}
