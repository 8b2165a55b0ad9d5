//! The one table of keys: dispatch, footer and help are made from it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What a key can do.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, strum::EnumIter)]
#[expect(
    missing_docs,
    reason = "the table below says what each one does, in the words the user reads"
)]
pub enum Action {
    Quit,
    Suspend,
    Redraw,
    Help,
    ShowOverview,
    ShowExpenses,
    ShowBudgets,
    ShowAlerts,
    NextPane,
    PreviousPane,
    NextScreen,
    PreviousScreen,
    Add,
    Undo,
    Retry,
    PreviousMonth,
    NextMonth,
    ThisMonth,
    SaveChart,
    LogOut,
    Back,
    Down,
    Up,
    PageDown,
    PageUp,
    First,
    Last,
    Open,
    EditLimit,
    ClearLimit,
    Sort,
    EditExpense,
    DeleteExpense,
    Filter,
    MarkRead,
    MarkAllRead,
    Submit,
    SubmitAndNew,
    Cancel,
    NextField,
    PreviousField,
    NextChoice,
    PreviousChoice,
    ShowPassword,
    SwitchForm,
    Demo,
    KeepFilter,
    ClearFilter,
}

/// Where a binding holds; the first scope of a state that knows the key wins.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Scope {
    /// Screens with a list.
    Lists,
    /// Every screen outside text fields.
    Everywhere,
    /// Everywhere, in text fields too.
    Always,
    /// The overview.
    Overview,
    /// The list of expenses.
    Expenses,
    /// The budgets.
    Budgets,
    /// The alerts.
    Alerts,
    /// Log in and sign up.
    LogIn,
    /// The form of an expense.
    ExpenseForm,
    /// Typing a limit.
    LimitField,
    /// Typing a filter.
    FilterField,
    /// The help.
    Help,
}

/// A key with its modifiers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Chord(pub KeyCode, pub KeyModifiers);

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Where it holds.
    pub scope: Scope,
    /// The keys, the one to show first.
    pub keys: &'static [Chord],
    /// What it does.
    pub action: Action,
    /// What the help says.
    pub help: &'static str,
    /// The word in the footer, if it stands there.
    pub hint: Option<&'static str>,
}

const fn c(letter: char) -> Chord {
    Chord(KeyCode::Char(letter), KeyModifiers::NONE)
}
const fn ctrl(letter: char) -> Chord {
    Chord(KeyCode::Char(letter), KeyModifiers::CONTROL)
}
const fn k(code: KeyCode) -> Chord {
    Chord(code, KeyModifiers::NONE)
}
const fn row(scope: Scope, keys: &'static [Chord], action: Action, help: &'static str) -> Binding {
    Binding {
        scope,
        keys,
        action,
        help,
        hint: None,
    }
}
const fn hinted(
    scope: Scope,
    keys: &'static [Chord],
    action: Action,
    help: &'static str,
    hint: &'static str,
) -> Binding {
    Binding {
        scope,
        keys,
        action,
        help,
        hint: Some(hint),
    }
}

use Action as A;
use KeyCode::{BackTab, Down, End, Enter, Esc, F, Home, Left, PageDown, PageUp, Right, Tab, Up};
use Scope as S;

/// Every key of the program. Order is the order in the footer and in the help.
pub static BINDINGS: &[Binding] = &[
    hinted(S::Overview, &[c('e')], A::EditLimit, "change the limit", "limit"),
    hinted(S::Overview, &[k(Enter)], A::Open, "show its expenses", "open"),
    hinted(S::Overview, &[k(Tab)], A::NextPane, "next pane", "pane"),
    row(S::Overview, &[k(BackTab)], A::PreviousPane, "previous pane"),
    row(S::Overview, &[c('s')], A::Sort, "sort in another way"),
    hinted(
        S::Expenses,
        &[c('e'), k(Enter)],
        A::EditExpense,
        "edit the expense",
        "edit",
    ),
    hinted(
        S::Expenses,
        &[c('d')],
        A::DeleteExpense,
        "delete (u undoes it)",
        "delete",
    ),
    hinted(S::Expenses, &[c('/')], A::Filter, "filter as you type", "filter"),
    row(S::Expenses, &[k(Esc)], A::ClearFilter, "clear the filter"),
    hinted(
        S::Budgets,
        &[k(Enter), c('e')],
        A::EditLimit,
        "type a limit",
        "set limit",
    ),
    hinted(S::Budgets, &[c('d')], A::ClearLimit, "clear it (u undoes it)", "clear"),
    hinted(S::Alerts, &[k(Enter)], A::Open, "show its expenses", "open"),
    hinted(S::Alerts, &[c('x')], A::MarkRead, "mark as read", "mark read"),
    hinted(S::Alerts, &[c('X')], A::MarkAllRead, "mark all as read", "all read"),
    row(S::Alerts, &[c('e')], A::EditLimit, "change the limit"),
    row(S::Lists, &[c('j'), k(Down)], A::Down, "down"),
    row(S::Lists, &[c('k'), k(Up)], A::Up, "up"),
    row(S::Lists, &[c('g'), k(Home)], A::First, "first"),
    row(S::Lists, &[c('G'), k(End)], A::Last, "last"),
    row(S::Lists, &[ctrl('d'), k(PageDown)], A::PageDown, "half a page down"),
    row(S::Lists, &[ctrl('u'), k(PageUp)], A::PageUp, "half a page up"),
    hinted(S::Everywhere, &[c('a')], A::Add, "add an expense", "add"),
    hinted(S::Everywhere, &[c('[')], A::PreviousMonth, "month back", "month back"),
    row(S::Everywhere, &[c(']')], A::NextMonth, "month forward"),
    row(S::Everywhere, &[c('.')], A::ThisMonth, "this month"),
    row(S::Everywhere, &[c('l'), k(Right)], A::NextScreen, "next screen"),
    row(S::Everywhere, &[c('h'), k(Left)], A::PreviousScreen, "previous screen"),
    row(S::Everywhere, &[c('1')], A::ShowOverview, "overview"),
    row(S::Everywhere, &[c('2')], A::ShowExpenses, "expenses"),
    row(S::Everywhere, &[c('3')], A::ShowBudgets, "budgets"),
    row(S::Everywhere, &[c('4')], A::ShowAlerts, "alerts"),
    row(S::Everywhere, &[c('u')], A::Undo, "undo the last change"),
    hinted(S::Everywhere, &[c('p')], A::SaveChart, "picture of the bars", "picture"),
    row(S::Everywhere, &[c('R')], A::Retry, "ask the server now"),
    row(S::Everywhere, &[c('L')], A::LogOut, "log out"),
    row(S::Everywhere, &[k(Esc)], A::Back, "back, never quit"),
    hinted(S::Everywhere, &[c('?')], A::Help, "this help", "help"),
    hinted(S::Everywhere, &[c('q')], A::Quit, "quit", "quit"),
    hinted(S::Always, &[k(F(1))], A::Help, "this help", "help"),
    row(S::Always, &[ctrl('l')], A::Redraw, "draw the screen again"),
    row(S::Always, &[ctrl('z')], A::Suspend, "suspend (fg resumes)"),
    hinted(S::Always, &[ctrl('c')], A::Quit, "quit", "quit"),
    hinted(S::LogIn, &[k(Tab), k(Down)], A::NextField, "next field", "next"),
    row(S::LogIn, &[k(BackTab), k(Up)], A::PreviousField, "previous field"),
    hinted(S::LogIn, &[k(Enter)], A::Submit, "log in or sign up", "go"),
    hinted(S::LogIn, &[k(F(2))], A::ShowPassword, "show the password", "show"),
    hinted(
        S::LogIn,
        &[k(F(3))],
        A::SwitchForm,
        "log in or sign up form",
        "log in / sign up",
    ),
    hinted(S::LogIn, &[k(F(5))], A::Demo, "try the sample user", "demo"),
    row(S::LogIn, &[k(Esc)], A::Cancel, "cancel a request"),
    hinted(S::ExpenseForm, &[k(Enter)], A::Submit, "save", "save"),
    hinted(
        S::ExpenseForm,
        &[ctrl('n')],
        A::SubmitAndNew,
        "save and write another",
        "save + new",
    ),
    hinted(S::ExpenseForm, &[k(Tab)], A::NextField, "next field", "next field"),
    row(S::ExpenseForm, &[k(BackTab)], A::PreviousField, "previous field"),
    hinted(S::ExpenseForm, &[k(Down)], A::NextChoice, "next category", "category"),
    row(S::ExpenseForm, &[k(Up)], A::PreviousChoice, "previous category"),
    hinted(S::ExpenseForm, &[k(Esc)], A::Cancel, "close, keep a new one", "close"),
    hinted(S::LimitField, &[k(Enter)], A::Submit, "save the limit", "save"),
    hinted(S::LimitField, &[k(Esc)], A::Cancel, "leave it as it was", "drop"),
    hinted(S::FilterField, &[k(Enter)], A::KeepFilter, "keep the filter", "keep"),
    hinted(S::FilterField, &[k(Esc)], A::ClearFilter, "clear the filter", "clear"),
    row(S::FilterField, &[k(Down)], A::Down, "down"),
    row(S::FilterField, &[k(Up)], A::Up, "up"),
    hinted(
        S::Help,
        &[k(Esc), c('?'), k(F(1)), c('q'), k(Enter)],
        A::Cancel,
        "close the help",
        "close",
    ),
    hinted(S::Help, &[c('j'), k(Down)], A::Down, "down", "down"),
    row(S::Help, &[c('k'), k(Up)], A::Up, "up"),
];

/// What `key` does in the first of `scopes` that knows it.
#[must_use]
pub fn action(scopes: &[Scope], key: KeyEvent) -> Option<Action> {
    scopes.iter().find_map(|&scope| {
        of_scope(scope)
            .find(|b| b.keys.iter().any(|chord| chord.is(key)))
            .map(|b| b.action)
    })
}

/// The rows of one scope, in order.
pub fn of_scope(scope: Scope) -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter().filter(move |binding| binding.scope == scope)
}

impl Chord {
    fn is(self, key: KeyEvent) -> bool {
        // Shift is part of the letter itself, and terminals differ in reporting it.
        let modifiers = key.modifiers - KeyModifiers::SHIFT;
        match (self.0, key.code) {
            (BackTab, BackTab) => true,
            (BackTab, Tab) => key.modifiers.contains(KeyModifiers::SHIFT),
            (Tab, Tab) => key.modifiers.is_empty(),
            (mine, theirs) => mine == theirs && self.1 == modifiers,
        }
    }

    /// How the key is written: `a`, `^N`, `F2`, `Enter`, `↓`.
    #[must_use]
    pub fn label(self) -> String {
        match (self.0, self.1) {
            (KeyCode::Char(letter), KeyModifiers::CONTROL) => format!("^{}", letter.to_ascii_uppercase()),
            (KeyCode::Char(letter), _) => letter.to_string(),
            (F(number), _) => format!("F{number}"),
            (BackTab, _) => "S-Tab".to_owned(),
            (Up, _) => "↑".to_owned(),
            (Down, _) => "↓".to_owned(),
            (Left, _) => "←".to_owned(),
            (Right, _) => "→".to_owned(),
            (PageDown, _) => "PgDn".to_owned(),
            (PageUp, _) => "PgUp".to_owned(),
            (code, _) => format!("{code:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use strum::IntoEnumIterator;

    #[test]
    fn no_key_has_two_meanings_in_one_scope() {
        let mut seen = HashSet::new();
        for binding in BINDINGS {
            for chord in binding.keys {
                assert!(
                    seen.insert((binding.scope, chord.label())),
                    "{:?} {} is bound twice",
                    binding.scope,
                    chord.label()
                );
            }
        }
    }

    #[test]
    fn every_action_has_a_key() {
        for action in Action::iter() {
            assert!(BINDINGS.iter().any(|b| b.action == action), "{action:?} has no key");
        }
    }

    #[test]
    fn keys_that_terminals_cannot_tell_apart_are_not_bound() {
        for binding in BINDINGS {
            for chord in binding.keys {
                let bad = chord.1 == KeyModifiers::CONTROL
                    && matches!(chord.0, KeyCode::Char('h' | 'i' | 'j' | 'm' | 's' | 'q' | 'a' | 'b'));
                assert!(!bad && !chord.1.contains(KeyModifiers::ALT), "{chord:?}");
            }
        }
    }

    #[test]
    fn what_a_key_does_fits_into_a_column_of_the_help() {
        for binding in BINDINGS {
            assert!(binding.help.len() <= 22, "{:?}", binding.help);
        }
    }

    #[test]
    fn shift_is_part_of_the_letter() {
        let key = KeyEvent::new(KeyCode::Char('X'), KeyModifiers::SHIFT);
        assert_eq!(action(&[Scope::Alerts], key), Some(Action::MarkAllRead));
        assert_eq!(
            action(&[Scope::Alerts], KeyEvent::new(KeyCode::Char('x'), KeyModifiers::ALT)),
            None
        );
    }
}
