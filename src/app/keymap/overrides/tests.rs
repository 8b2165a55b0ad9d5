//! What the user binds, and what is refused.

use super::*;
use crate::app::keymap::Binding;
use proptest::prelude::*;
use rstest::rstest;

fn with(entries: &[(&str, &[&str])]) -> Result<Keymap, KeymapError> {
    let owned = entries.iter().map(|(name, keys)| {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        ((*name).to_owned(), keys)
    });
    Keymap::with(&owned.collect())
}

/// What a key does with a focus.
fn does(keymap: &Keymap, focus: Focus, key: &str) -> Option<Action> {
    let key: Chord = key.parse().unwrap();
    keymap.action(focus.scopes(), key.event())
}

#[test]
fn an_entry_holds_wherever_there_is_the_action() {
    let keymap = with(&[("add", &["+", "Insert"])]).unwrap();
    for focus in [Focus::Overview, Focus::Expenses, Focus::Budgets, Focus::Alerts] {
        assert_eq!(does(&keymap, focus, "+"), Some(Action::Add));
        assert_eq!(does(&keymap, focus, "Insert"), Some(Action::Add));
        assert_eq!(does(&keymap, focus, "a"), None);
    }
    assert_eq!(keymap.key(Focus::Overview.scopes(), Action::Add).unwrap().label(), "+");
}

#[test]
fn an_entry_for_one_scope_is_the_stronger_one() {
    let keymap = with(&[("edit-limit", &["E"]), ("budgets.edit-limit", &["ctrl-e"])]).unwrap();
    assert_eq!(does(&keymap, Focus::Overview, "E"), Some(Action::EditLimit));
    assert_eq!(does(&keymap, Focus::Budgets, "ctrl-e"), Some(Action::EditLimit));
    assert_eq!(does(&keymap, Focus::Budgets, "E"), None);
}

#[test]
fn no_keys_unbind_and_the_way_out_stays() {
    let keymap = with(&[
        ("add", &[]),
        ("quit", &[]),
        ("help", &[]),
        ("back", &[]),
        ("cancel", &[]),
        ("submit", &[]),
        ("down", &[]),
    ])
    .unwrap();
    assert_eq!(does(&keymap, Focus::Overview, "a"), None);
    assert_eq!(does(&keymap, Focus::Overview, "q"), None);
    assert_eq!(does(&keymap, Focus::Overview, "?"), None);
    for focus in [Focus::Overview, Focus::ExpenseForm] {
        assert_eq!(does(&keymap, focus, "ctrl-c"), Some(Action::Quit));
        assert_eq!(does(&keymap, focus, "F1"), Some(Action::Help));
    }
    assert_eq!(does(&keymap, Focus::Overview, "Esc"), Some(Action::Back));
    assert_eq!(does(&keymap, Focus::ExpenseForm, "Esc"), Some(Action::Cancel));
    assert_eq!(does(&keymap, Focus::ExpenseForm, "Enter"), Some(Action::Submit));
    assert_eq!(does(&keymap, Focus::Overview, "j"), Some(Action::Down));
    assert_eq!(does(&keymap, Focus::Overview, "Down"), Some(Action::Down));
    assert_eq!(does(&keymap, Focus::Overview, "PageDown"), Some(Action::PageDown));
}

#[test]
fn a_vim_key_moves_until_it_is_given_away() {
    let keymap = with(&[("down", &["F9"]), ("expenses.delete", &["k"])]).unwrap();
    for key in ["F9", "j", "Down"] {
        assert_eq!(does(&keymap, Focus::Budgets, key), Some(Action::Down));
    }
    assert_eq!(does(&keymap, Focus::Expenses, "k"), Some(Action::DeleteExpense));
    assert_eq!(does(&keymap, Focus::Expenses, "Up"), Some(Action::Up));
    assert_eq!(does(&keymap, Focus::Expenses, "d"), None);
}

#[test]
fn a_letter_is_left_out_where_it_is_text() {
    let keymap = with(&[("quit", &["Q", "ctrl-q"])]).unwrap();
    assert_eq!(does(&keymap, Focus::Overview, "Q"), Some(Action::Quit));
    assert_eq!(does(&keymap, Focus::ExpenseForm, "Q"), None);
    assert_eq!(does(&keymap, Focus::ExpenseForm, "ctrl-q"), Some(Action::Quit));
}

#[test]
fn two_can_swap_their_keys() {
    let keymap = with(&[("edit", &["d"]), ("delete", &["e"])]).unwrap();
    assert_eq!(does(&keymap, Focus::Expenses, "d"), Some(Action::EditExpense));
    assert_eq!(does(&keymap, Focus::Expenses, "e"), Some(Action::DeleteExpense));
}

#[rstest]
#[case("addd", "a", "There is no action \"addd\". Did you mean \"add\"?")]
#[case("rocket", "a", "There is no action \"rocket\".")]
#[case("expense.add", "a", "There is no scope \"expense\". Did you mean \"expenses\"?")]
#[case("budgets.add", "a", "\"add\" does not exist in \"budgets\", only in: everywhere.")]
#[case("add", "Entr", "There is no key \"Entr\". Did you mean \"Enter\"?")]
#[case("add", "^M", "A terminal cannot tell ^M from Enter: choose another key.")]
#[case(
    "submit-and-new",
    "n",
    "n is text in \"expense-form\": choose a function key, or a letter with ctrl."
)]
#[case(
    "add",
    "Up",
    "Up always does the same everywhere and cannot do \"add\": choose another key."
)]
#[case(
    "add",
    "x",
    "x would do both \"add\" and \"mark-read\" in \"alerts\": give one of them another key."
)]
#[case(
    "expenses.delete",
    "e",
    "e would do both \"delete\" and \"edit\" in \"expenses\": give one of them another key."
)]
#[case(
    "redraw",
    "F3",
    "F3 would do both \"redraw\" and \"switch-form\" in \"log-in\": give one of them another key."
)]
fn what_cannot_be_bound_says_why(#[case] name: &str, #[case] key: &str, #[case] why: &str) {
    let error = with(&[(name, &[key])]).unwrap_err();
    assert_eq!((error.name.as_str(), error.to_string().as_str()), (name, why));
}

fn entry() -> impl Strategy<Value = (String, Vec<String>)> {
    let names: Vec<String> = TABLE
        .iter()
        .flat_map(|row| {
            let (scope, action) = (row.scope.name(), row.action.name());
            [action.to_owned(), format!("{scope}.{action}")]
        })
        .collect();
    let keys = "[a-zA-Z?:/.]|ctrl-[a-z]|F[1-9]|Enter|Esc|Up|Left|Tab|Space|Home";
    (prop::sample::select(names), prop::collection::vec(keys, 0..3))
}

proptest! {
    #[test]
    fn whatever_is_taken_is_unambiguous_and_leaves_a_way_out(entries in prop::collection::vec(entry(), 0..4)) {
        let Ok(keymap) = Keymap::with(&entries.into_iter().collect()) else {
            return Ok(());
        };
        for focus in Focus::iter() {
            for key in ["Esc", "ctrl-c", "F1", "Up", "Down"] {
                prop_assert_eq!(does(&keymap, focus, key), does(&Keymap::default(), focus, key));
            }
            let bindings: Vec<&Binding> = focus.scopes().iter().flat_map(|s| keymap.of_scope(*s)).collect();
            for binding in &bindings {
                for key in &binding.keys {
                    let first = keymap.action(focus.scopes(), key.event());
                    let built_in = Keymap::default().action(focus.scopes(), key.event());
                    prop_assert!(first == Some(binding.action) || first == built_in, "{key} {binding:?}");
                    prop_assert!(!focus.takes_text() || !is_text(*key) || first == built_in, "{key} is text");
                }
            }
        }
    }
}
