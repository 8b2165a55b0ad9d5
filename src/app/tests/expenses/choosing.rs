//! Rows are marked, and put into a category, one or many.

use std::collections::HashMap;

use super::{filter, long_month};
use crate::api::{Bulk, Expense};
use crate::app::tests::data::category_id;
use crate::app::tests::store::Store;
use crate::app::{Call, Msg};
use crate::domain::expense::CategorySource;

#[test]
fn marks_are_counted_and_survive_scrolling_filtering_and_news() {
    let mut store = Store::filled(400);
    let mut bench = store.bench(120, 36);
    bench.press("Space Space").shows("2 marked, $");
    filter(&mut store, &mut bench, "shell");
    bench.press("Enter j Space").shows("3 marked");
    store.revision += 1;
    bench.send(Msg::Revision(store.revision));
    store.serve(&mut bench);
    bench.press("G");
    store.serve(&mut bench);
    bench.shows("3 marked");
    bench.press("Esc").hides("marked").shows("/ shell");
    bench
        .press("Esc")
        .hides("/ shell")
        .press("Esc")
        .shows("Recent expenses");
}

#[test]
fn a_range_and_all_rows_are_marked() {
    let mut store = long_month(12);
    let mut bench = store.bench(80, 24);
    bench.press("Space j j j v").shows("5 marked, $5.00");
    bench.press("*").shows("12 marked, $12.00").press("*").hides("marked");
    let mut long = long_month(500);
    let mut bench = long.bench(80, 24);
    bench
        .press("*")
        .shows("200 marked")
        .shows("Marked the 200 rows that are loaded; G loads the others.");
}

#[test]
fn marks_go_with_the_user() {
    let mut store = Store::filled(20);
    let mut bench = store.bench(80, 24);
    bench.press("Space L y");
    assert!(bench.model.expenses.marks.is_empty());
}

#[test]
fn a_category_is_found_by_its_letters() {
    let mut store = Store::filled(20);
    let mut bench = store.bench(120, 36);
    bench.press("c").shows("Category of Shell 0088 19");
    store.serve(&mut bench);
    bench.shows("62% likely").shows("Uncategorised");
    bench
        .type_text("grc")
        .shows("▸ Groceries")
        .hides("Housing")
        .press("Enter");
    store.serve(&mut bench);
    bench.shows("Shell 0088 19 is in Groceries now").shows("u undo");
    assert_eq!(store.rows[19].category_id, Some(category_id("Groceries")));
    bench.press("u");
    store.serve(&mut bench);
    bench.shows("Took back: put Shell 0088 19 into another category");
    assert_eq!(store.rows[19].category_id, Some(category_id("Transport")));
}

#[test]
fn the_likely_categories_come_first() {
    let mut store = Store::filled(20);
    let mut bench = store.bench(80, 24);
    bench.press("c");
    store.serve(&mut bench);
    bench.press("Enter");
    store.serve(&mut bench);
    assert_eq!(store.rows[19].category_id, Some(category_id("Dining")));
    // Up from the first is the last: no category.
    bench.press("c");
    store.serve(&mut bench);
    bench.press("Up Enter");
    store.serve(&mut bench);
    bench.shows("is in no category now");
    assert_eq!(
        (store.rows[19].category_id, store.rows[19].category_source),
        (None, CategorySource::None)
    );
}

#[test]
fn marked_rows_get_one_category_in_one_step() {
    let mut store = Store::filled(20);
    let mut bench = store.bench(80, 24);
    let before = store.rows.clone();
    bench.press("Space Space Space c").shows("Category of 3 expenses");
    assert!(bench.open.is_empty(), "there is no one row to predict for");
    bench.type_text("health").press("Enter");
    assert!(matches!(bench.call(), Call::Bulk(Bulk::Place { places }) if places.len() == 3));
    store.serve(&mut bench);
    bench.shows("3 expenses are in Health now");
    bench.press("u");
    store.serve(&mut bench);
    bench.shows("Took back: put 3 expenses into another category");
    let categories = |rows: &[Expense]| {
        rows.iter()
            .map(|row| (row.id, row.category_id))
            .collect::<HashMap<_, _>>()
    };
    assert_eq!(categories(&store.rows), categories(&before));
}

#[test]
fn a_chooser_that_finds_nothing_takes_nothing() {
    let mut store = Store::filled(20);
    let mut bench = store.bench(80, 24);
    bench.press("c");
    store.serve(&mut bench);
    bench
        .type_text("xyz")
        .shows("No category is called like this.")
        .press("Enter")
        .shows("\"xyz\"");
    bench.press("Esc").hides("Category of");
    assert!(bench.open.is_empty());
}
