//! The review of expenses that nobody is sure of.

use super::Bench;
use super::data::{category_id, failure};
use super::store::{Store, id};
use crate::app::{Call, Msg, Reply};

/// A dashboard that has the review open.
fn reviewing(store: &mut Store, columns: u16, rows: u16) -> Bench {
    let mut bench = store.bench(columns, rows);
    bench.press("r");
    store.serve(&mut bench);
    bench
}

#[test]
fn one_key_decides_and_the_next_one_is_in_front() {
    let mut store = Store::filled(10);
    assert_eq!(store.waiting(), 4);
    let mut bench = reviewing(&mut store, 120, 36);
    bench
        .shows("Review")
        .shows("0 done, 4 to go")
        .shows("PP*4421 XKCD STORE 8")
        .shows("1 Dining")
        .shows("62%");
    bench.press("2").shows("Cinema Lumière 7").shows("1 done, 3 to go");
    store.serve(&mut bench);
    bench.shows("PP*4421 XKCD STORE 8 is in Shopping now");
    assert_eq!(store.rows[8].category_id, Some(category_id("Shopping")));
    bench.press("Enter");
    store.serve(&mut bench);
    bench
        .press("c")
        .shows("Category of PP*4421")
        .type_text("heal")
        .press("Enter");
    store.serve(&mut bench);
    assert_eq!(store.rows[3].category_id, Some(category_id("Health")));
    bench.press("1");
    store.serve(&mut bench);
    bench.shows("All done.").shows("4 expenses got a category.");
    assert_eq!(store.waiting(), 0);
    bench.press("Esc").hides("Review").shows("Expenses November");
}

#[test]
fn the_review_begins_on_the_overview_too() {
    let mut store = Store::filled(10);
    let mut bench = store.bench(120, 36);
    bench.press("1").shows("r review").press("r");
    store.serve(&mut bench);
    bench.shows("4 to go");
}

#[test]
fn a_skipped_one_waits_until_it_is_asked_for_again() {
    let mut store = Store::filled(5);
    let mut bench = reviewing(&mut store, 80, 24);
    bench.shows("2 to go").press("s").shows("1 to go").press("s");
    bench.shows("0 expenses got a category, 2 skipped.").press("r");
    store.serve(&mut bench);
    bench.shows("2 to go");
    assert_eq!(store.waiting(), 2);
}

#[test]
fn undo_brings_the_last_one_back_in_front() {
    let mut store = Store::filled(10);
    let mut bench = reviewing(&mut store, 80, 24);
    bench.press("1");
    store.serve(&mut bench);
    bench.shows("1 done, 3 to go").press("u");
    store.serve(&mut bench);
    bench
        .shows("0 done")
        .shows("PP*4421 XKCD STORE 8")
        .shows("Took back: put PP*4421");
    bench.press("2");
    store.serve(&mut bench);
    assert_eq!(store.rows[8].category_id, Some(category_id("Shopping")));
}

#[test]
fn a_decision_that_fails_waits_again() {
    let mut store = Store::filled(10);
    let mut bench = reviewing(&mut store, 80, 24);
    bench.press("1").shows("Cinema Lumière 7");
    let at = bench
        .open
        .iter()
        .position(|(_, call)| matches!(call, Call::Bulk(_)))
        .unwrap();
    let (id, _) = bench.open.remove(at);
    bench.send(Msg::Reply(id, Reply::Done(Err(failure()))));
    bench
        .shows("Nothing is changed.")
        .shows("PP*4421 XKCD STORE 8")
        .shows("0 done");
}

#[test]
fn what_another_device_decides_leaves_the_review() {
    let mut store = Store::filled(10);
    let mut bench = reviewing(&mut store, 80, 24);
    bench.press("s");
    store.serve(&mut bench);
    bench.shows("Cinema Lumière 7");
    store.rows.retain(|row| row.id != id(7));
    store.revision += 1;
    bench.send(Msg::Revision(store.revision));
    store.serve(&mut bench);
    bench.shows("PP*4421 XKCD STORE 3");
}

#[test]
fn a_queue_of_many_pages_is_seen_to_its_end() {
    let mut store = Store::filled(700);
    let waiting = store.waiting();
    assert!(waiting > 250);
    let mut bench = reviewing(&mut store, 80, 24);
    for skipped in 0..waiting {
        bench.shows(&format!("{} to go", waiting - skipped)).press("s");
        store.serve(&mut bench);
    }
    bench.shows(&format!("{waiting} skipped"));
}

#[test]
fn nothing_to_review_is_said_kindly() {
    let mut store = Store::new(Vec::new());
    let mut bench = reviewing(&mut store, 40, 10);
    bench
        .shows("Nothing waits for a review.")
        .press("1 s c q")
        .hides("Review");
}

#[test]
fn a_server_that_does_not_answer_is_named_and_asked_again() {
    let mut store = Store::filled(10);
    let mut bench = store.bench(80, 24);
    bench
        .press("r")
        .answer(Reply::Found(Err(failure())))
        .shows("R asks again")
        .shows("connection refused");
    assert!(bench.open.is_empty());
    bench.press("R");
    store.serve(&mut bench);
    bench.shows("4 to go");
}

#[test]
fn the_footer_offers_only_what_can_be_taken() {
    let mut store = Store::filled(10);
    let mut bench = store.bench(120, 36);
    bench.press("r");
    store.serve(&mut bench);
    assert!(bench.footer().contains("1 take"), "{}", bench.footer());
    bench.press("s");
    assert!(!bench.footer().contains("take"), "not known yet: {}", bench.footer());
    let nothing = crate::api::Prediction::default();
    while !matches!(bench.call(), Call::Predict(..)) {
        store.answer_oldest(&mut bench);
        bench.timer(crate::app::Timer::Rest);
    }
    bench.answer(Reply::Predicted(Ok(nothing)));
    bench.shows("Nothing fits. c chooses a category, s skips it.");
    let footer = bench.footer();
    for word in ["take", "always"] {
        assert!(!footer.contains(word), "{footer}");
    }
    for hint in ["c other", "s skip", "Esc close"] {
        assert!(footer.contains(hint), "{footer}");
    }
}
