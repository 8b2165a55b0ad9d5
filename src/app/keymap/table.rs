//! The keys of the program, as they are unless the user binds others.

use crossterm::event::KeyCode;

use super::action::Action as A;
use super::chord::Chord;
use super::scope::Scope as S;
use KeyCode::{BackTab, Down, End, Enter, Esc, F, Home, Left, PageDown, PageUp, Right, Tab, Up};

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub scope: S,
    /// The keys, the one to show first.
    pub keys: &'static [Chord],
    pub action: A,
    /// What the help and the palette say.
    pub help: &'static str,
    /// The word in the footer, if it stands there.
    pub hint: Option<&'static str>,
}

const fn c(letter: char) -> Chord {
    Chord::plain(KeyCode::Char(letter))
}
const fn ctrl(letter: char) -> Chord {
    Chord::ctrl(letter)
}
const fn k(code: KeyCode) -> Chord {
    Chord::plain(code)
}
const fn row(scope: S, keys: &'static [Chord], action: A, help: &'static str) -> Row {
    Row {
        scope,
        keys,
        action,
        help,
        hint: None,
    }
}
const fn hinted(scope: S, keys: &'static [Chord], action: A, help: &'static str, hint: &'static str) -> Row {
    Row {
        hint: Some(hint),
        ..row(scope, keys, action, help)
    }
}

/// Every key of the program. Order is the order in the footer and in the help.
pub(super) static TABLE: &[Row] = &[
    hinted(S::Overview, &[c('e')], A::EditLimit, "raise or lower a limit", "limit"),
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
        "delete, can be undone",
        "delete",
    ),
    hinted(S::Expenses, &[c('/')], A::Filter, "filter as you type", "filter"),
    row(S::Expenses, &[k(Esc)], A::ClearFilter, "clear the filter"),
    hinted(S::LimitDraft, &[k(Enter)], A::Submit, "save the limit", "save"),
    hinted(S::LimitDraft, &[k(Esc)], A::Cancel, "drop what was typed", "drop"),
    hinted(
        S::Budgets,
        &[c('e'), k(Enter)],
        A::EditLimit,
        "raise or lower a limit",
        "limit",
    ),
    hinted(
        S::Budgets,
        &[c('S'), k(F(2))],
        A::SaveAll,
        "save all limits",
        "save all",
    ),
    hinted(
        S::Budgets,
        &[c('t')],
        A::TakeSuggestion,
        "take the suggestion",
        "take hint",
    ),
    hinted(S::Budgets, &[c('m')], A::MoveMoney, "move money here", "move money"),
    hinted(S::Budgets, &[c('n')], A::NewCategory, "new category", "new"),
    hinted(S::Budgets, &[c('r')], A::Rename, "rename the category", "rename"),
    hinted(S::Budgets, &[c('A')], A::EditRules, "when to alert", "alert at"),
    row(S::Budgets, &[c('f')], A::SwitchKind, "fixed or flexible"),
    row(S::Budgets, &[c('o')], A::CarryOver, "carry over, or not"),
    row(S::Budgets, &[c('c')], A::ClearLimit, "no limit"),
    row(S::Budgets, &[c('C')], A::CopyLimits, "copy last month"),
    hinted(S::Budgets, &[c('d')], A::HideCategory, "hide it, or use again", "hide"),
    hinted(S::Alerts, &[k(Enter)], A::Open, "show its expenses", "open"),
    hinted(S::Alerts, &[c('z')], A::Snooze, "silence it, or not", "silence"),
    hinted(
        S::Alerts,
        &[c('l'), c('e')],
        A::EditLimit,
        "raise the limit",
        "raise limit",
    ),
    hinted(S::Alerts, &[c('m')], A::MoveMoney, "move money to it", "move money"),
    hinted(S::Alerts, &[c('x')], A::MarkRead, "mark as read", "mark read"),
    hinted(S::Alerts, &[c('X')], A::MarkAllRead, "mark all as read", "all read"),
    hinted(S::Alerts, &[c('f')], A::FilterAlerts, "all, new, this month", "filter"),
    row(S::Alerts, &[c('A')], A::EditRules, "when to alert"),
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
    row(S::Everywhere, &[c('3')], A::ShowBudgets, "budgets: the limits"),
    row(S::Everywhere, &[c('4')], A::ShowAlerts, "alerts: read, silence"),
    row(S::Everywhere, &[c('u')], A::Undo, "undo the last change"),
    row(S::Everywhere, &[ctrl('r')], A::Redo, "redo what was undone"),
    hinted(S::Everywhere, &[c('p')], A::SaveChart, "picture of the bars", "picture"),
    row(S::Everywhere, &[c('M')], A::Mouse, "mouse on or off"),
    row(S::Everywhere, &[c('R')], A::Retry, "ask the server now"),
    row(S::Everywhere, &[c('L')], A::LogOut, "log out"),
    row(S::Everywhere, &[k(Esc)], A::Back, "back, never quit"),
    hinted(S::Everywhere, &[c(':')], A::Palette, "find a command", "commands"),
    hinted(S::Everywhere, &[c('?')], A::Help, "this help", "help"),
    hinted(S::Everywhere, &[c('q')], A::Quit, "quit", "quit"),
    hinted(S::Always, &[k(F(1))], A::Help, "this help", "help"),
    row(S::Always, &[ctrl('p')], A::Palette, "find a command"),
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
    hinted(
        S::LimitField,
        &[k(Down), k(Tab)],
        A::Down,
        "keep it, next row",
        "next row",
    ),
    row(S::LimitField, &[k(Up), k(BackTab)], A::Up, "keep it, previous row"),
    hinted(S::LimitField, &[k(F(2))], A::SaveAll, "save all limits", "save all"),
    hinted(S::NameField, &[k(Enter)], A::Submit, "rename", "rename"),
    hinted(S::NameField, &[k(Esc)], A::Cancel, "leave it as it was", "drop"),
    hinted(S::CategoryField, &[k(Enter)], A::Submit, "make the category", "make it"),
    hinted(
        S::CategoryField,
        &[k(Tab), k(Down)],
        A::NextChoice,
        "another kind",
        "kind",
    ),
    row(
        S::CategoryField,
        &[k(BackTab), k(Up)],
        A::PreviousChoice,
        "previous kind",
    ),
    hinted(S::CategoryField, &[k(Esc)], A::Cancel, "make none", "drop"),
    hinted(S::RulesField, &[k(Enter)], A::Submit, "save", "save"),
    hinted(S::RulesField, &[k(Esc)], A::Cancel, "leave it as it was", "drop"),
    hinted(S::MoveForm, &[k(Enter)], A::Submit, "move the money", "move"),
    hinted(
        S::MoveForm,
        &[k(Down), k(Tab)],
        A::NextChoice,
        "another giver",
        "another giver",
    ),
    row(S::MoveForm, &[k(Up), k(BackTab)], A::PreviousChoice, "previous giver"),
    hinted(S::MoveForm, &[k(Esc)], A::Cancel, "move nothing", "cancel"),
    hinted(S::FilterField, &[k(Enter)], A::KeepFilter, "keep the filter", "keep"),
    hinted(S::FilterField, &[k(Esc)], A::ClearFilter, "clear the filter", "clear"),
    row(S::FilterField, &[k(Down)], A::Down, "down"),
    row(S::FilterField, &[k(Up)], A::Up, "up"),
    hinted(S::Question, &[k(Enter)], A::Submit, "take this answer", "answer"),
    row(
        S::Question,
        &[k(Right), k(Tab), c('l'), k(Down), c('j')],
        A::NextChoice,
        "next answer",
    ),
    row(
        S::Question,
        &[k(Left), k(BackTab), c('h'), k(Up), c('k')],
        A::PreviousChoice,
        "previous answer",
    ),
    hinted(S::Question, &[c('n')], A::No, "no", "no"),
    hinted(S::Question, &[c('y')], A::Yes, "yes", "yes"),
    hinted(S::Question, &[c('1')], A::FirstAnswer, "first answer", "theirs"),
    hinted(S::Question, &[c('2')], A::SecondAnswer, "second answer", "mine"),
    hinted(S::Question, &[c('3')], A::ThirdAnswer, "third answer", "edit"),
    hinted(S::Question, &[k(Esc)], A::Cancel, "the safe answer", "close"),
    hinted(S::Help, &[k(Down), ctrl('n')], A::Down, "down", "down"),
    row(S::Help, &[k(Up), ctrl('p')], A::Up, "up"),
    row(S::Help, &[k(PageDown)], A::PageDown, "a page down"),
    row(S::Help, &[k(PageUp)], A::PageUp, "a page up"),
    hinted(S::Help, &[k(F(1))], A::AllKeys, "keys of all screens", "all keys"),
    hinted(S::Help, &[k(Esc)], A::Cancel, "clear, close the help", "close"),
    hinted(S::Palette, &[k(Enter)], A::Submit, "run it", "run"),
    hinted(S::Palette, &[k(Down), ctrl('n')], A::Down, "down", "down"),
    row(S::Palette, &[k(Up), ctrl('p')], A::Up, "up"),
    row(S::Palette, &[k(PageDown)], A::PageDown, "a page down"),
    row(S::Palette, &[k(PageUp)], A::PageUp, "a page up"),
    hinted(S::Palette, &[k(Esc)], A::Cancel, "close", "close"),
];
