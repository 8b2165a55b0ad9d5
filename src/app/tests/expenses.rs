//! The list of expenses on a server in memory: paging, filtering, sorting, marks, categories.

use std::collections::{HashMap, HashSet};

use jiff::civil::date;
use proptest::prelude::*;
use rstest::rstest;
use uuid::Uuid;

use super::Bench;
use super::data::{TODAY, category_id, failure};
use super::store::{Store, id, row};
use crate::api::{Bulk, Expense, ExpenseOrder, ExpenseQuery};
use crate::app::{Call, Effect, Msg, Reply, Slot, Timer};
use crate::domain::expense::CategorySource;

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

/// Rows that are in memory.
fn in_memory(bench: &Bench) -> usize {
    let whole = format!("{:?}", bench.model.expenses);
    whole.matches(" Expense {").count()
}

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

#[derive(Clone, Debug)]
enum Step {
    Move(u8),
    Mark,
    MarkAll,
    Range,
    Category(&'static str),
    Delete,
    Undo,
    Filter(&'static str),
    Esc,
    Sort,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0_u8..6).prop_map(Step::Move),
        6 => Just(Step::Mark),
        1 => Just(Step::MarkAll),
        1 => Just(Step::Range),
        3 => prop::sample::select(vec!["health", "dining", "uncat"]).prop_map(Step::Category),
        2 => Just(Step::Delete),
        2 => Just(Step::Undo),
        1 => prop::sample::select(vec!["lidl", "cat:dining", "amount>20", "-shell"]).prop_map(Step::Filter),
        1 => Just(Step::Esc),
        1 => Just(Step::Sort),
    ]
}

fn take(store: &mut Store, bench: &mut Bench, step: &Step) {
    match step {
        Step::Move(which) => {
            bench.press(["j", "k", "G", "g", "^d", "^u"][usize::from(*which)]);
        }
        Step::Mark => drop(bench.press("Space")),
        Step::MarkAll => drop(bench.press("*")),
        Step::Range => drop(bench.press("v")),
        Step::Category(name) => {
            bench.press("c");
            if bench.model.chooser.is_some() {
                bench.type_text(name).press("Enter");
            }
        }
        Step::Delete => {
            bench.press("d");
            confirm(bench);
        }
        Step::Undo => drop(bench.press("u")),
        Step::Filter(text) => {
            bench.press("/ ^u").type_text(text).press("Enter");
        }
        Step::Esc => {
            // Not beyond the list.
            let leaves = bench.model.expenses.marks.is_empty() && bench.model.expenses.filter.value().is_empty();
            if !leaves {
                bench.press("Esc");
            }
        }
        Step::Sort => drop(bench.press("s")),
    }
    store.serve(bench);
}

/// Says yes when the change of many is asked about.
fn confirm(bench: &mut Bench) {
    if !bench.model.questions.is_empty() {
        bench.press("y");
    }
}

/// What undoing has to bring back: which expenses there are, and where.
fn state(store: &Store) -> HashMap<Uuid, Option<Uuid>> {
    store.rows.iter().map(|row| (row.id, row.category_id)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_change_can_be_taken_back_and_the_list_tells_the_truth(steps in prop::collection::vec(step(), 1..40)) {
        let mut store = Store::filled(60);
        let mut bench = store.bench(100, 20);
        let first = state(&store);
        for step in &steps {
            take(&mut store, &mut bench, step);
            let marked: HashSet<Uuid> = bench.model.expenses.marks.ids();
            let there: HashSet<Uuid> = store.rows.iter().map(|row| row.id).collect();
            prop_assert!(marked.is_subset(&there), "what is gone is still marked");
        }
        // What the screen shows is what the server has.
        let frame = bench.frame();
        let hidden = frame.lines().filter(|line| line.contains(" 東京 ")).count();
        prop_assert!(hidden <= store.rows.len());
        for _ in 0..60 {
            bench.press("u");
            store.serve(&mut bench);
        }
        prop_assert_eq!(state(&store), first);
    }
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
