//! What reaches the state machine.

use crossterm::event::KeyEvent;
use jiff::civil::DateTime;
use uuid::Uuid;

use super::mouse::Mouse;
use crate::api::{
    Alert, Category, Dialect, Expense, ExpensePage, Failure, HistoryRow, Prediction, Rule, Session, SessionEntry,
    SignUpMode, Summary,
};
use crate::ui::Look;

/// The moment a message arrived, and an id nobody has used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stamp {
    /// UTC ms since 1970.
    pub unix_ms: i64,
    /// The same moment on the user's wall clock.
    pub local: DateTime,
    /// A fresh `UUIDv7`.
    pub id: Uuid,
}

/// One message.
#[derive(Clone, PartialEq, Debug)]
pub enum Msg {
    /// The shell is ready: the first message of all.
    Start,
    /// A key was pressed or repeats.
    Key(KeyEvent),
    /// A bracketed paste.
    Paste(String),
    /// A click, or a turn of the wheel.
    Mouse(Mouse),
    /// The terminal has this many columns and rows.
    Resize(u16, u16),
    /// The terminal window gained or lost the focus.
    Focus(bool),
    /// The terminal turned out to show other colours or characters than it was taken to.
    Look(Look),
    /// The wall clock shows a new minute.
    Minute,
    /// A timer ran out.
    Timer(Timer),
    /// The answer to request number `.0`.
    Reply(u64, Reply),
    /// The event stream is open: what changes is told at once.
    StreamOpen,
    /// The user's data changed and has this revision now.
    Revision(i64),
    /// The event stream ended, and why if it broke off or never came about; polling goes on.
    StreamLost(Option<Failure>),
    /// The terminal was given back after ^Z.
    Resumed,
}

/// Timers; setting one again replaces it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Timer {
    /// Ask the server for news.
    Poll,
    /// The typing paused: ask for a prediction.
    Predict,
    /// The keys rest: ask what they were about.
    Rest,
    /// One second of the toast's life.
    Toast,
    /// One second more of a log-in.
    Waiting,
    /// Open the event stream again.
    Stream,
    /// One second less to the next try.
    Countdown,
    /// One second less for the rows of deleted expenses.
    Leaving,
}

/// An answer to a [`super::Call`].
#[derive(Clone, PartialEq, Debug)]
pub enum Reply {
    /// To `LogIn`, `SignUp` and `Demo`; the dialect says what the server can do.
    LoggedIn(Result<(Session, Dialect), Failure>),
    /// To `SignUpMode`.
    SignUpMode(Result<SignUpMode, Failure>),
    /// To `LogOut`; the local session is gone in any case.
    LoggedOut,
    /// To `Refresh`.
    Refreshed(Box<Result<Snapshot, Failure>>),
    /// To `Find`.
    Found(Result<ExpensePage, Failure>),
    /// To `Predict`.
    Predicted(Result<Prediction, Failure>),
    /// To `Add` and `Restore`, `Edit`: the expense as it is stored.
    Stored(Result<Expense, Failure>),
    /// To `History`, newest first.
    History(Result<Vec<HistoryRow>, Failure>),
    /// To `Categories`.
    Categories(Result<Vec<Category>, Failure>),
    /// To `Sessions`.
    Sessions(Result<Vec<SessionEntry>, Failure>),
    /// To `AddRule`: the rule as it is stored.
    RuleMade(Result<Rule, Failure>),
    /// To every other change.
    Done(Result<(), Failure>),
    /// To `SaveChart`: the path written, or what to do.
    ChartSaved(Result<String, String>),
}

/// Everything the screens show of one month.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Snapshot {
    /// Budgets against spending.
    pub summary: Summary,
    /// What changed with the revision: absent when the revision is the one already known.
    pub rows: Option<Rows>,
    /// What the server can do.
    pub dialect: Dialect,
}

/// The lists of a snapshot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rows {
    /// The first page of the month's expenses.
    pub expenses: ExpensePage,
    /// The latest alerts of all months, newest first.
    pub alerts: Vec<Alert>,
    /// What gave way since the revision that was asked about, newest first.
    pub history: Vec<HistoryRow>,
}
