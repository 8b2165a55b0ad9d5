//! Long lists: every row is reached, few are kept, and the cursor stays on its row.

use super::{filter, long_month, under_cursor};
use crate::api::ExpenseOrder;
use crate::app::tests::Bench;
use crate::app::tests::data::TODAY;
use crate::app::tests::store::{id, row};
use crate::app::{Call, Msg};

#[test]
fn scrolling_down_a_long_list_shows_every_row_once_and_keeps_few() {
    let mut store = long_month(1100);
    let mut bench = store.bench(80, 24);
    let mut seen = Vec::new();
    for _ in 0..1100 {
        let frame = bench.frame();
        let line = frame
            .lines()
            .find(|line| line.contains('▸') && line.contains("Row"))
            .unwrap();
        let name = line
            .split_whitespace()
            .skip_while(|word| *word != "Row")
            .nth(1)
            .unwrap();
        seen.push(name.parse::<u128>().unwrap());
        bench.press("j");
        store.serve(&mut bench);
    }
    let all: Vec<u128> = (0..1100).rev().collect();
    assert_eq!(seen, all);
    assert!(in_memory(&bench) <= 1000, "{}", in_memory(&bench));
    bench.shows("1,100 of 1,100");
    for _ in 0..1099 {
        bench.press("k");
        store.serve(&mut bench);
    }
    bench.shows("1 of 1,100").shows("Row 1099");
}

#[test]
fn the_ends_of_a_long_list_are_one_key_away() {
    let mut store = long_month(9000);
    let mut bench = store.bench(80, 24);
    bench.press("G");
    store.serve(&mut bench);
    bench.shows("9,000 of 9,000").shows("Row 0 ");
    assert!(in_memory(&bench) <= 3000, "{}", in_memory(&bench));
    assert!(store.finds < 20, "{} calls", store.finds);
    bench.press("g");
    store.serve(&mut bench);
    bench.shows("1 of 9,000").shows("Row 8999");
}

#[test]
fn another_key_ends_the_way_to_the_last_row() {
    let mut store = long_month(5000);
    let mut bench = store.bench(80, 24);
    bench.press("G");
    store.answer_oldest(&mut bench);
    bench.press("k");
    let finds = store.finds;
    store.serve(&mut bench);
    assert!(store.finds <= finds + 2);
    bench.hides("5000 of");
}

#[test]
fn the_cursor_keeps_its_row_while_others_come_and_go_above() {
    let mut store = long_month(900);
    let mut bench = store.bench(80, 24);
    for _ in 0..40 {
        bench.press("^d");
        store.serve(&mut bench);
    }
    let before = under_cursor(&bench);
    store.rows.push(row(5000, TODAY, "Row new", None, 100));
    store.rows.retain(|row| row.id != id(880));
    store.revision += 1;
    bench.send(Msg::Revision(store.revision));
    store.serve(&mut bench);
    assert_eq!(under_cursor(&bench), before);
    bench.press("g");
    store.serve(&mut bench);
    bench.shows("Row new").hides("Row 880 ");
}

#[test]
fn the_list_is_sorted_by_the_server() {
    let mut store = long_month(500);
    for (at, row) in store.rows.iter_mut().enumerate() {
        row.amount_minor = 100 + i64::try_from(at * 7919 % 500).unwrap();
    }
    let mut bench = store.bench(80, 24);
    bench.press("s").shows("s amount");
    assert!(
        matches!(bench.call(), Call::Find(query) if query.order == Some(ExpenseOrder::Amount) && query.month.is_some())
    );
    store.serve(&mut bench);
    assert!(under_cursor(&bench).ends_with("5.99 │"), "{}", bench.frame());
    bench.press("G");
    store.serve(&mut bench);
    assert!(under_cursor(&bench).contains("1.00"), "{}", bench.frame());
    bench.press("s");
    store.serve(&mut bench);
    bench.shows("s name").shows("Row 0 ").press("s").shows("s date");
    assert!(bench.open.is_empty(), "the month's first page is here already");
}

/// Rows that are in memory.
fn in_memory(bench: &Bench) -> usize {
    let whole = format!("{:?}", bench.model.expenses);
    whole.matches(" Expense {").count()
}

#[test]
fn a_deleted_row_stays_between_its_neighbours_of_one_moment() {
    let mut store = long_month(30);
    let mut bench = store.bench(80, 24);
    let order = |bench: &Bench| -> Vec<String> {
        let frame = bench.frame();
        let rows = frame.lines().filter_map(|line| line.split_once("Row ")).take(6);
        rows.map(|(_, rest)| rest.split(' ').next().unwrap().to_owned())
            .collect()
    };
    assert_eq!(order(&bench), ["29", "28", "27", "26", "25", "24"]);
    for keys in ["j j d", "s s g j j d", "s g d"] {
        let before = order(&bench);
        bench.press(keys);
        store.serve(&mut bench);
        if !keys.starts_with('s') {
            assert_eq!(order(&bench), before);
        }
        bench.shows("leaves in 8 s");
    }
    filter(&mut store, &mut bench, "row 2");
    bench.shows("✗ 22 Nov");
}
