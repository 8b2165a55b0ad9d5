//! A filter is echoed at once, answered by the server, kept live, and left again.

use jiff::civil::date;
use rstest::rstest;

use super::{filter, under_cursor};
use crate::api::ExpenseQuery;
use crate::app::tests::data::{TODAY, failure};
use crate::app::tests::store::{Store, row};
use crate::app::{Call, Effect, Msg, Reply, Slot, Timer};

#[test]
fn a_filter_is_echoed_at_once_and_answered_from_all_months() {
    let mut store = Store::filled(400);
    let mut bench = store.bench(120, 36);
    bench.press("/").type_text("lumi");
    // Nobody was asked yet, and the rows at hand are filtered.
    assert!(bench.open.is_empty());
    bench
        .shows("/ lumi")
        .hides("Lidl")
        .shows("so far")
        .shows("Cinema Lumière 397");
    bench.timer(Timer::Rest);
    let wanted = ExpenseQuery {
        filter: Some("lumi".to_owned()),
        limit: Some(200),
        ..ExpenseQuery::default()
    };
    assert_eq!(bench.calls()[0], &Call::Find(Box::new(wanted)));
    store.serve(&mut bench);
    bench.shows("80 of 400, ").shows("of all months").shows("1 of 80");
    bench.press("Enter G");
    store.serve(&mut bench);
    bench.shows("80 of 80").shows("2025");
    bench.press("Esc").hides("/ lumi").shows("November 2026").shows("Lidl");
}

#[test]
fn the_newest_filter_wins_whatever_arrives_late() {
    let mut store = Store::filled(50);
    let mut bench = store.bench(80, 24);
    bench.press("/").type_text("lidl").timer(Timer::Rest);
    bench.type_text(" -1").timer(Timer::Rest);
    let slots: Vec<_> = bench
        .effects
        .iter()
        .filter(|e| matches!(e, Effect::Call { slot: Slot::Find, .. }))
        .collect();
    assert_eq!(slots.len(), 1);
    store.serve(&mut bench);
    bench.press("Enter").shows("Lidl 46").hides("Lidl 41").hides("Lidl 31");
}

#[test]
fn an_entered_filter_is_asked_for_without_a_pause() {
    let mut store = Store::filled(50);
    let mut bench = store.bench(80, 24);
    bench.press("/").type_text("lidl").press("Enter");
    assert!(matches!(bench.call(), Call::Find(_)));
    store.serve(&mut bench);
    bench.shows("10 of 50");
}

#[test]
fn a_filtered_list_is_live() {
    let mut store = Store::filled(50);
    let mut bench = store.bench(80, 24);
    filter(&mut store, &mut bench, "lidl");
    bench.press("Enter j").shows("2 of 10");
    let here = under_cursor(&bench);
    store.rows.push(row(900, TODAY, "Lidl express", Some("Groceries"), 250));
    store.revision += 1;
    bench.send(Msg::Revision(store.revision));
    store.serve(&mut bench);
    bench.shows("Lidl express").shows("11 of 51").shows("3 of 11");
    assert_eq!(under_cursor(&bench), here);
}

#[test]
fn a_filter_that_finds_nothing_says_what_was_probably_meant() {
    let mut store = Store::filled(50);
    let mut bench = store.bench(120, 36);
    filter(&mut store, &mut bench, "cat:dinig");
    bench
        .shows("Nothing matches \"cat:dinig\".")
        .shows("Did you mean cat:dining? Tab takes it.");
    bench.press("Tab");
    store.serve(&mut bench);
    bench.shows("/ cat:dining").shows("10 of 50");
    bench.press("Esc").shows("November 2026");
}

#[test]
fn a_term_that_cannot_be_read_is_named_and_the_others_hold() {
    let mut store = Store::filled(50);
    let mut bench = store.bench(80, 24);
    filter(&mut store, &mut bench, "lidl since:someday");
    bench.shows("since:someday is not a day").shows("10 of 50");
}

#[test]
fn the_title_says_which_months_were_searched() {
    let mut store = Store::filled(50);
    let mut bench = store.bench(120, 36);
    for (text, title) in [
        ("lidl", "Expenses of all months"),
        ("lidl since:1sep", "Expenses since 1 Sep 2026"),
        ("lidl month:2026-03", "Expenses March 2026"),
        ("until:5jan", "Expenses until 5 Jan 2026"),
    ] {
        filter(&mut store, &mut bench, text);
        bench.shows(title).press("Esc");
    }
}

#[test]
fn what_the_last_filter_found_is_found_again_in_the_month() {
    let mut store = Store::filled(365);
    let mut bench = store.bench(80, 24);
    bench.press("n").shows("Nothing was searched for yet.");
    filter(&mut store, &mut bench, "lidl");
    bench.press("Enter Esc g");
    store.serve(&mut bench);
    for expected in ["Lidl 361", "Lidl 356", "Lidl 351"] {
        bench.press("n");
        assert!(under_cursor(&bench).contains(expected), "{}", bench.frame());
    }
    bench.press("N");
    assert!(under_cursor(&bench).contains("Lidl 356"));
    bench
        .press("N N")
        .shows("No earlier \"lidl\" in November 2026. / searches all months.");
    assert!(under_cursor(&bench).contains("Lidl 361"));
    // While a filter stands, every row is a match.
    filter(&mut store, &mut bench, "lidl");
    bench.press("Enter g n").shows("2 of 73");
}

#[test]
fn esc_keeps_the_cursor_on_its_row_where_the_month_has_it() {
    let mut store = Store::filled(365);
    let mut bench = store.bench(80, 24);
    filter(&mut store, &mut bench, "lidl");
    bench.press("Enter j j");
    let row = under_cursor(&bench);
    let name = row
        .split("  ")
        .find(|part| part.contains("Lidl"))
        .unwrap()
        .trim()
        .to_owned();
    bench.press("Esc");
    store.serve(&mut bench);
    assert!(under_cursor(&bench).contains(&name), "{}", bench.frame());
}

#[test]
fn a_filter_that_names_the_month_follows_it() {
    let mut store = Store::filled(400);
    let mut bench = store.bench(120, 36);
    bench.press("1 Enter");
    store.serve(&mut bench);
    bench
        .shows("/ cat:dining month:2026-11")
        .shows("Expenses November 2026");
    bench.press("[");
    store.serve(&mut bench);
    bench.shows("/ cat:dining month:2026-10").shows("Expenses October 2026");
}

#[test]
fn a_search_that_fails_says_so_and_is_tried_again_with_the_next_numbers() {
    let mut store = Store::filled(50);
    let mut bench = store.bench(80, 24);
    bench.press("/").type_text("shell").press("Enter");
    bench.answer(Reply::Found(Err(failure()))).shows("connection refused");
    assert!(bench.open.is_empty(), "it asks without end");
    bench.shows("Shell 0088 49");
    bench.timer(Timer::Poll);
    store.serve(&mut bench);
    bench.shows("10 of 50");
}

#[rstest]
#[case(120, 36)]
#[case(80, 24)]
#[case(40, 10)]
fn days_of_another_year_tell_it(#[case] columns: u16, #[case] rows: u16) {
    let mut store = Store::new(vec![
        row(1, date(2025, 3, 4), "Old coffee", Some("Dining"), 400),
        row(2, date(2026, 11, 2), "New coffee", Some("Dining"), 500),
    ]);
    let mut bench = store.bench(columns, rows);
    filter(&mut store, &mut bench, "coffee");
    let old = if columns == 40 { "04 Mar '25" } else { "04 Mar 2025" };
    bench.shows(old).shows("02 Nov ").shows("Old coffee").shows("4.00");
}
