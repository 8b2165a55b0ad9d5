//! The list of expenses on a server in memory: paging, filtering, sorting, marks, categories.

use jiff::civil::date;
use rstest::rstest;

use super::Bench;
use super::data::TODAY;
use super::store::{Store, row};
use crate::app::{Call, Effect, Timer};

mod choosing;
mod filtering;
mod scrolling;
mod taken_back;

/// One month with more rows than fit into memory.
fn long_month(count: u128) -> Store {
    let rows = (0..count).map(|n| row(n, TODAY, &format!("Row {n}"), None, 100));
    Store::new(rows.collect())
}

/// Filters as a person does: types, and pauses.
fn filter(store: &mut Store, bench: &mut Bench, text: &str) {
    bench.press("/").type_text(text).timer(Timer::Rest);
    store.serve(bench);
}

/// The row with the cursor's mark.
#[track_caller]
fn under_cursor(bench: &Bench) -> String {
    let frame = bench.frame();
    let marked = frame.lines().skip(1).find(|line| {
        let mut words = line.split(['│', ' ']).filter(|word| !word.is_empty());
        words.next().is_some_and(|word| word.starts_with('▸')) && !line.contains('─')
    });
    marked
        .unwrap_or_else(|| panic!("no cursor:\n{frame}"))
        .trim()
        .to_owned()
}

#[test]
fn rows_are_copied_as_text() {
    let mut store = Store::new(vec![
        row(1, date(2026, 11, 3), "Café\u{1b}[31m", Some("Dining"), 1234),
        row(2, date(2026, 11, 2), "Lidl", None, 50),
    ]);
    let mut bench = store.bench(80, 24);
    bench.press("y").shows("Copied Caf");
    assert_eq!(
        bench.effects[0],
        Effect::Copy("2026-11-03\tCafé\u{fffd}[31m\tDining\t12.34".to_owned())
    );
    bench.press("* y").shows("Copied 2 expenses");
    let Effect::Copy(text) = &bench.effects[0] else {
        panic!("{:?}", bench.effects)
    };
    assert!(text.ends_with("\n2026-11-02\tLidl\t\t0.50"));
}

#[test]
fn a_wide_screen_shows_the_row_in_detail_and_edits_it_there() {
    let mut store = Store::filled(30);
    let mut bench = store.bench(120, 36);
    bench.shows("─ Details ─").shows("Also likely").hides("Shopping  31%");
    bench.timer(Timer::Rest);
    store.serve(&mut bench);
    bench.shows("Dining  62%").shows("Shopping  31%");
    bench
        .press("e")
        .shows("▸ Edit")
        .shows("saves on Enter")
        .shows("Shell 0088 29");
    bench.press("Tab ^u").type_text("77").press("Enter");
    store.serve(&mut bench);
    bench.shows("Saved Shell").shows("─ Details ─").shows("$77.00");
    let mut narrow = store.bench(80, 24);
    narrow.hides("Details").press("e").shows("Edit expense");
}

#[test]
fn moving_fast_asks_about_nothing_but_where_the_cursor_rests() {
    let mut store = Store::filled(30);
    let mut bench = store.bench(120, 36);
    bench.press("j j j j");
    assert!(bench.open.is_empty());
    bench.timer(Timer::Rest);
    assert!(matches!(bench.calls()[..], [Call::Predict(text, Some(_))] if text.starts_with("Ramen House")));
    store.serve(&mut bench);
    bench.timer(Timer::Rest);
    assert!(bench.open.is_empty(), "it is known already");
}

/// The store of the pictures, and a dashboard on it.
fn pictured(columns: u16, rows: u16) -> (Store, Bench) {
    let mut store = Store::filled(40);
    let mut bench = store.bench(columns, rows);
    bench.timer(Timer::Rest);
    store.serve(&mut bench);
    (store, bench)
}

fn after(columns: u16, rows: u16, keys: &str) -> Bench {
    let (mut store, mut bench) = pictured(columns, rows);
    bench.press(keys);
    store.serve(&mut bench);
    bench
}

fn found(columns: u16, rows: u16, text: &str, keys: &str) -> Bench {
    let (mut store, mut bench) = pictured(columns, rows);
    filter(&mut store, &mut bench, text);
    bench.press(keys);
    store.serve(&mut bench);
    bench
}

#[rstest]
#[case::found("list_found", |c, r| found(c, r, "-shell amount>2.50", "Down"))]
#[case::wrong("list_with_a_wrong_term", |c, r| found(c, r, "lidl since:never", "Enter"))]
#[case::nothing("list_without_a_match", |c, r| found(c, r, "cat:dinig", "Down"))]
#[case::marked("list_marked", |c, r| after(c, r, "Space Space j Space"))]
#[case::leaving("list_leaving", |c, r| after(c, r, "j d"))]
#[case::delete("list_delete_many", |c, r| after(c, r, "Space Space d"))]
#[case::edit("list_edit", |c, r| after(c, r, "j e"))]
#[case::amount("list_by_amount", |c, r| after(c, r, "s"))]
#[case::one("chooser_for_one", |c, r| after(c, r, "c"))]
#[case::many("chooser_for_many", |c, r| after(c, r, "Space Space c e s"))]
#[case::review("review", |c, r| after(c, r, "r"))]
fn looks(#[case] name: &str, #[case] make: fn(u16, u16) -> Bench) {
    let sizes = [(120, 36), (80, 24), (40, 10)];
    let frames = sizes.map(|(columns, rows)| format!("{columns} x {rows}\n{}", make(columns, rows).frame()));
    insta::assert_snapshot!(name, frames.join("\n\n"));
}
