//! An expense in one line: typed, completed, pasted.

use jiff::civil::date;

use super::Bench;
use super::data::{category_id, expense, prediction, snapshot};
use crate::api::NewExpense;
use crate::app::{Call, Effect, Msg, Reply, Timer};

/// The form with a line in its description.
fn line(text: &str) -> Bench {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("a").type_text(text);
    bench
}

fn sent(bench: &Bench) -> NewExpense {
    match bench.call() {
        Call::Add(new) => new.clone(),
        other => panic!("{other:?} is no new expense"),
    }
}

#[test]
fn one_line_is_echoed_and_saved_in_one_go() {
    let mut bench = line("airport taxi 12+6.5 yesterday #trans");
    bench.shows("airport taxi · $18.50 · yesterday, Sat 21 Nov · Transport");
    bench
        .shows("Amount   as above")
        .shows("Date   as above")
        .shows("Category   as above");
    bench.press("Enter");
    let new = sent(&bench);
    assert_eq!((new.description.as_str(), new.amount_minor), ("airport taxi", 1850));
    assert_eq!(new.day, Some(date(2026, 11, 21)));
    assert_eq!(new.category_id, Some(category_id("Transport")));
}

#[test]
fn until_there_is_something_to_tell_an_example_stands_there() {
    line("coffee").shows("one line works too: coffee 4.20 yesterday");
    line("coffee yesterday").shows("coffee · no amount yet · yesterday, Sat 21 Nov · …");
    line("4.20").shows("what was it? · $4.20 · today, Sun 22 Nov · no category yet");
    Bench::logged_in(120, 36).press("2 e").hides("one line works too");
}

#[test]
fn what_a_field_says_by_hand_the_line_is_not_read_for() {
    let mut bench = line("bus 42 mon");
    bench.shows("bus · $42.00 · Mon 16 Nov");
    bench.press("Tab").type_text("2.80");
    bench.shows("bus 42 · $2.80 · Mon 16 Nov").shows("Amount   = $2.80");
    bench.press("Tab").type_text("today");
    bench.shows("bus 42 mon · $2.80 · today, Sun 22 Nov");
    bench.press("Enter");
    let new = sent(&bench);
    assert_eq!((new.description.as_str(), new.amount_minor), ("bus 42 mon", 280));
    assert_eq!(new.day, Some(date(2026, 11, 22)));
}

#[test]
fn a_category_chosen_by_hand_wins_over_the_line() {
    let mut bench = line("taxi 12.5 #trans");
    bench.press("Tab Tab Tab").type_text("din").press("Enter");
    let new = sent(&bench);
    assert_eq!(
        (new.description.as_str(), new.category_id),
        ("taxi", Some(category_id("Dining")))
    );
}

#[test]
fn arrows_go_on_from_the_category_of_the_line() {
    let mut bench = line("taxi 12.5 #trans");
    bench.press("Down Enter");
    assert_eq!(
        sent(&bench).category_id,
        Some(category_id("Housing")),
        "the one after Transport"
    );
}

#[test]
fn a_category_that_is_none_is_told_under_the_line() {
    let mut bench = line("taxi 12.5 #rocket");
    bench.shows("taxi · $12.50 · today, Sun 22 Nov · no category \"rocket\"");
    bench.press("Enter").shows("✗ No category \"rocket\".");
    assert!(bench.calls().is_empty());
    bench.press("Backspace").hides("✗");
}

#[test]
fn a_line_without_words_goes_back_to_the_description() {
    let mut bench = line("4.20");
    bench.press("Enter").shows("✗ Say what it was for.");
    bench.type_text(" tea").press("Enter");
    assert_eq!(sent(&bench).description, "tea");
}

#[test]
fn a_line_without_an_amount_goes_on_to_the_amount() {
    let mut bench = line("tea yesterday");
    bench.press("Enter").type_text("3").press("Enter");
    let new = sent(&bench);
    assert_eq!((new.amount_minor, new.day), (300, Some(date(2026, 11, 21))));
}

#[test]
fn a_number_behind_the_words_is_not_predicted_again() {
    let mut bench = line("ramen");
    bench.timer(Timer::Predict);
    bench.answer(Reply::Predicted(Ok(prediction(&[("Dining", 96)]))));
    bench.type_text(" 18,50");
    assert!(bench.effects.is_empty(), "{:?}", bench.effects);
    bench.type_text(" fri");
    assert_eq!(bench.effects, [Effect::Stop(Timer::Predict)]);
    bench
        .shows("ramen · $18.50 · Fri 20 Nov · Dining")
        .shows("auto: Dining 96%");
    bench.type_text(" x");
    assert!(matches!(
        bench.effects[..],
        [Effect::Wait {
            timer: Timer::Predict,
            ..
        }]
    ));
    bench.timer(Timer::Predict);
    assert_eq!(*bench.call(), Call::Predict("ramen fri x".to_owned(), Some(1850)));
}

#[test]
fn save_and_new_keeps_the_day_of_the_line() {
    let mut bench = line("tea 3 on friday");
    bench.press("^n");
    let new = sent(&bench);
    bench.answer(Reply::Stored(Ok(expense(7, 20, &new.description, None, 300))));
    bench.shows("Add expense").shows("2026-11-20").hides("tea 3");
}

#[test]
fn an_earlier_description_is_taken_over_at_the_end_of_the_text() {
    for key in ["Right", "End"] {
        let mut bench = line("ram");
        bench.shows("Ramen House 東京 → accept").shows("→ take it");
        bench.press("Left").hides("accept").press("Right").shows("accept");
        bench.press(key).hides("accept");
        bench.type_text(" 18.5").shows("Ramen House 東京 · $18.50");
        bench.press("Enter");
        assert_eq!(sent(&bench).description, "Ramen House 東京");
    }
    line("r").hides("accept");
    line("Ramen House 東京").hides("accept");
}

#[test]
fn a_number_in_an_earlier_description_is_no_amount() {
    let mut bench = Bench::logged_in(120, 36);
    bench
        .model
        .data
        .expenses
        .push(expense(40, 2, "Bus 42 Sunday", None, 280));
    bench.press("a").type_text("bus").press("Right");
    bench.shows("one line works too").hides("$42.00");
    bench.type_text(" 2.80").press("Enter");
    let new = sent(&bench);
    assert_eq!((new.description.as_str(), new.amount_minor), ("Bus 42 Sunday", 280));
}

#[test]
fn a_hostile_description_is_not_offered() {
    let mut bench = Bench::logged_in(120, 36);
    bench
        .model
        .data
        .expenses
        .insert(0, expense(40, 2, "zz\u{1b}[31m evil", None, 280));
    bench.press("a").type_text("zz").hides("accept");
}

#[test]
fn a_paste_outside_a_field_asks_whether_it_is_an_expense() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("4").paste("coffee\t4.20\u{1b} yesterday");
    bench
        .shows("Add expense")
        .shows("Add this as an expense? Enter saves it, Esc does not.");
    bench.shows("coffee · $4.20 · yesterday, Sat 21 Nov");
    bench.press("Enter");
    assert_eq!(sent(&bench).amount_minor, 420);
}

#[test]
fn of_a_pasted_text_the_first_line_is_taken() {
    let mut bench = Bench::logged_in(120, 36);
    bench.paste("\n  coffee 4.20\nq\nd\n");
    bench.shows("Add the first line as an expense?").shows("coffee · $4.20");
    bench.press("Esc").hides("Add expense").hides("Not saved");
    assert!(bench.calls().is_empty());
    bench.press("q");
    assert!(bench.model.wants_quit(), "what was only pasted is no draft");
}

#[test]
fn a_paste_does_not_push_a_draft_aside() {
    let mut bench = line("half an expense");
    bench.press("Esc").paste("coffee 4.20");
    bench
        .shows("An unfinished expense waits: a opens it.")
        .hides("Add expense");
    bench.press("a").shows("half an expense");
}

#[test]
fn the_consequence_is_shown_before_it_happens() {
    line("soap 5 #health").shows("After this  Health").shows("● $43 left");
    line("sushi 5 #dining").shows("▲ $10.80 over");
    line("sushi 5 2 oct #dining").shows("After this  Dining           counts in October 2026");
    line("pay 5 #income").shows("After this  Income           is in no total of spending");
    let mut bench = Bench::logged_in(120, 36);
    bench.model.data.summary.as_mut().unwrap().categories[1].limit_minor = None;
    bench
        .press("a")
        .type_text("sushi 5 #dining")
        .shows("$130.80 spent, no limit");
}

#[test]
fn for_an_edit_the_old_amount_is_taken_out() {
    for size in [(120, 36), (100, 30)] {
        let mut bench = Bench::logged_in(size.0, size.1);
        bench
            .press("2 e")
            .shows("▲ $5.80 over")
            .press("Tab ^u")
            .type_text("10")
            .shows("◆ $2.70 left");
    }
}

#[test]
fn how_long_a_prediction_took_stands_beside_its_source() {
    let mut bench = line("ramen");
    bench.timer(Timer::Predict).shows("Predicted  …");
    bench.unix_ms += 3;
    bench.answer(Reply::Predicted(Ok(prediction(&[("Dining", 72), ("Groceries", 20)]))));
    bench
        .shows("Predicted  your earlier choices, 3 ms")
        .shows("~72%")
        .shows("any other: Tab to Category");
}

#[test]
fn a_reading_follows_the_day() {
    let mut bench = line("tea 3 yesterday");
    bench.now = date(2026, 11, 23).at(0, 1, 0, 0);
    bench.send(Msg::Minute);
    bench.shows("yesterday, Sun 22 Nov");
    bench.answer(Reply::Refreshed(Box::new(Ok(snapshot(2)))));
}
