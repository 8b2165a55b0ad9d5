//! Whatever is done to the list can be taken back.

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;
use uuid::Uuid;

use crate::app::tests::Bench;
use crate::app::tests::store::Store;

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
