//! Rules made of a choice, what is also likely picked by its number, categories merged.

use uuid::Uuid;

use super::Bench;
use super::data::{category_id, failure, prediction, refusal};
use super::store::Store;
use crate::api::{Bulk, ErrorCode, NewRule, Rule};
use crate::app::{Call, Reply, Timer};
use crate::domain::expense::CategorySource;

/// The first expense is edited; what is likely for it has been answered.
fn editing(columns: u16, rows: u16) -> Bench {
    let mut bench = Bench::logged_in(columns, rows);
    bench.press("2 e");
    let likely = prediction(&[("Dining", 60), ("Shopping", 31), ("Health", 4)]);
    bench.answer(Reply::Predicted(Ok(likely)));
    bench
}

/// The category was changed and the cursor stands on the box below it.
pub fn on_the_box() -> Bench {
    let mut bench = editing(120, 36);
    bench.press("Tab Tab Tab").type_text("1").press("Tab");
    bench
}

/// The rules that are on their way.
fn rules(bench: &Bench) -> Vec<NewRule> {
    let rule = |call: &&Call| match call {
        Call::AddRule(rule) => Some(rule.clone()),
        _ => None,
    };
    bench.calls().iter().filter_map(rule).collect()
}

#[test]
fn a_number_picks_what_is_also_likely() {
    for (columns, rows) in [(120, 36), (80, 24)] {
        let mut bench = editing(columns, rows);
        bench
            .shows("Also likely")
            .shows("1 Shopping")
            .shows("2 Health")
            .hides("Always for");
        bench.press("Tab Tab Tab").type_text("2");
        bench.shows("Health").shows("[ ] Always for \"ramen house\"");
        bench.type_text("9").shows("No category \"9\".");
        bench.press("Backspace").type_text("1").press("Enter");
        let sent = bench.calls();
        let [Call::Edit(_, patch)] = &sent[..] else {
            panic!("{sent:?}")
        };
        assert_eq!(patch.category_id, Some(Some(category_id("Shopping"))));
    }
}

#[test]
fn another_amount_is_asked_about_where_it_may_decide() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("a").type_text("amazon");
    bench.timer(Timer::Predict);
    let contested = prediction(&[("Dining", 60), ("Shopping", 31)]);
    bench.answer(Reply::Predicted(Ok(contested)));
    bench.press("Tab").type_text("90");
    bench.shows("Dining").timer(Timer::Predict);
    assert_eq!(*bench.call(), Call::Predict("amazon".to_owned(), Some(9000)));
    let decided = prediction(&[("Shopping", 90), ("Dining", 8)]);
    bench.answer(Reply::Predicted(Ok(decided))).shows("auto: Shopping 90%");
}

#[test]
fn the_box_makes_a_rule_with_the_change_and_undo_takes_it_away() {
    let mut bench = on_the_box();
    bench.shows("▸ [ ] Always for \"ramen house\"");
    bench
        .press("Space")
        .shows("[x] Always for")
        .press("Space")
        .shows("[ ] Always for");
    bench.press("^t").shows("[x] Always for").press("Enter");
    let made = rules(&bench);
    let [rule] = &made[..] else { panic!("{made:?}") };
    assert_eq!(
        (rule.pattern.as_str(), rule.category_id),
        ("ramen house", category_id("Shopping"))
    );
    assert!(bench.calls().iter().any(|call| matches!(call, Call::Edit(..))));
}

#[test]
fn undo_takes_the_rule_away_and_redo_makes_it_again() {
    let mut store = Store::filled(10);
    let mut bench = store.bench(120, 36);
    bench.press("r");
    store.serve(&mut bench);
    bench.press("a 2");
    let rule = rules(&bench)[0].clone();
    store.serve(&mut bench);
    let done = store.rows.clone();
    bench.shows("Made a rule: ramen house is always Shopping");
    bench.press("u");
    let taken_back = bench.calls().iter().any(|call| match call {
        Call::Both(_, then) => **then == Call::RemoveRule(rule.id),
        _ => false,
    });
    assert!(taken_back, "{:?}", bench.calls());
    store.serve(&mut bench);
    bench.shows("Took back: ramen house is always Shopping");
    assert!(store.rules.is_empty());
    bench.press("Esc ^r");
    store.serve(&mut bench);
    assert_eq!(store.rules[0].id, rule.id);
    assert_eq!(store.rows, done, "done again is what it was");
}

/// An older rule of the same words, as the server tells it to nobody who does not ask.
fn older_rule() -> Rule {
    Rule {
        id: Uuid::from_u128(77),
        pattern: "ramen house".to_owned(),
        category_id: category_id("Dining"),
        category: "Dining".to_owned(),
        hits: 4,
        replaced: None,
    }
}

#[test]
fn one_undo_takes_back_the_rule_and_the_choice_in_whatever_order_they_were_stored() {
    for rule_first in [true, false] {
        let mut store = Store::filled(10);
        store.rules.push(older_rule());
        let before = store.rows.clone();
        let mut bench = store.bench(120, 36);
        bench.press("r");
        store.serve(&mut bench);
        bench.press("a 2");
        let is_rule = |(_, call): &(u64, Call)| matches!(call, Call::AddRule(_));
        bench.open.sort_by_key(|open| is_rule(open) != rule_first);
        store.serve(&mut bench);
        bench.shows("Made a rule: ramen house is always Shopping, no longer Dining");
        assert_eq!(store.rules[0].category_id, category_id("Shopping"));
        bench.press("u");
        store.serve(&mut bench);
        assert_eq!(
            store.rules[0].category_id,
            category_id("Dining"),
            "the older rule is back"
        );
        assert_eq!(store.rows, before, "source and confidence as they were");
        bench.press("u").shows("Nothing to undo.");
    }
}

#[test]
fn an_edit_and_its_rule_are_one_step_too() {
    let mut store = Store::filled(10);
    (store.rows[9].category_source, store.rows[9].confidence) = (CategorySource::Model, 71);
    let before = store.rows.clone();
    let mut bench = store.bench(120, 36);
    bench.press("e");
    store.serve(&mut bench);
    bench.press("Tab Tab Tab").type_text("1").press("^t Enter");
    store.serve(&mut bench);
    assert_ne!(store.rows, before);
    assert_eq!(store.rules.len(), 1);
    bench.press("u");
    store.serve(&mut bench);
    assert!(store.rules.is_empty());
    assert_eq!(store.rows, before);
}

#[test]
fn the_rule_of_an_expense_that_is_gone_can_be_taken_back_alone() {
    let mut store = Store::filled(10);
    let mut bench = store.bench(120, 36);
    bench.press("r");
    store.serve(&mut bench);
    bench.press("a 2");
    store.serve(&mut bench);
    bench.press("u");
    let gone = refusal(ErrorCode::NotFound, "There is no such expense.");
    bench.answer_call(|call| matches!(call, Call::Both(..)), Reply::Done(Err(gone)));
    bench.shows("Not taken back. There is no such expense.");
    assert_eq!(store.rules.len(), 1);
    bench.press("u");
    store.serve(&mut bench);
    assert!(store.rules.is_empty());
}

#[test]
fn a_step_that_meets_another_change_asks_about_the_choice_and_keeps_the_rule_for_the_next_undo() {
    let mut store = Store::filled(10);
    let mut bench = store.bench(120, 36);
    bench.press("e");
    store.serve(&mut bench);
    bench.press("Tab Tab Tab").type_text("1").press("^t Enter");
    store.serve(&mut bench);
    bench.press("u");
    let conflict = refusal(ErrorCode::Conflict, "This expense was changed meanwhile.");
    bench.answer_call(|call| matches!(call, Call::Both(..)), Reply::Stored(Err(conflict)));
    store.serve(&mut bench);
    bench.press("1");
    store.serve(&mut bench);
    assert_eq!(store.rules.len(), 1);
    bench.press("u");
    store.serve(&mut bench);
    assert!(store.rules.is_empty());
}

#[test]
fn without_a_new_category_there_is_nothing_to_make_a_rule_of() {
    let mut bench = editing(80, 24);
    bench.press("^t").shows("Change the category first").hides("Always for");
    bench.press("Down").shows("Always for").press("Up").hides("Always for");
    bench.press("Enter").shows("Nothing was changed.");
    assert!(rules(&bench).is_empty());
}

#[test]
fn a_rule_that_is_refused_says_so() {
    let mut bench = on_the_box();
    bench.press("Space Enter");
    bench.answer_call(|call| matches!(call, Call::AddRule(_)), Reply::RuleMade(Err(failure())));
    bench.shows("[ ] Always for").shows("Saving");
    assert!(bench.open.iter().any(|(_, call)| matches!(call, Call::Edit(..))));
}

#[test]
fn the_review_makes_a_rule_of_what_is_chosen_next() {
    let mut store = Store::filled(10);
    let mut bench = store.bench(120, 36);
    bench.press("r");
    store.serve(&mut bench);
    bench.shows("[ ] Always for \"ramen house\"  a");
    bench.press("a").shows("[x] Always for").press("2");
    let made = rules(&bench);
    let [rule] = &made[..] else { panic!("{made:?}") };
    assert_eq!(
        (rule.pattern.as_str(), rule.category_id),
        ("ramen house", category_id("Shopping"))
    );
    assert!(
        bench
            .calls()
            .iter()
            .any(|call| matches!(call, Call::Bulk(Bulk::Place { .. })))
    );
    store.serve(&mut bench);
    bench.shows("[ ] Always for").press("2");
    assert!(rules(&bench).is_empty(), "a tick is for one expense");
}

#[test]
fn a_category_is_merged_after_a_question() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("3 J").shows("Merge Groceries into").hides("Uncategorised");
    bench.type_text("dini").press("Enter");
    bench.shows("Merge Groceries into Dining?").shows("cannot be undone.");
    bench.press("Enter").hides("cannot be undone.");
    assert!(bench.calls().is_empty(), "the safe answer is in front");
    bench.press("J").type_text("dini").press("Enter y");
    let wanted = Call::MergeCategory(category_id("Groceries"), category_id("Dining"));
    assert_eq!(*bench.call(), wanted);
    bench.answer(Reply::Done(Ok(()))).shows("Merged Groceries into Dining");
}
