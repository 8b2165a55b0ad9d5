//! What the state machine asks of the shell. Plain data, so that a test can compare it.

use std::time::Duration;

use jiff::civil::Date;
use uuid::Uuid;

use super::always::RuleChange;
use super::msg::Timer;
use super::notify::Notice;
use super::reversible::Reversible;
use crate::api::{
    AccountPatch, Bulk, CategoryPatch, Expense, ExpensePatch, ExpenseQuery, MoveBudget, NewCategory, NewExpense,
    NewRule, SetBudget, Summary,
};
use crate::domain::{Currency, Month};

/// One thing to do.
#[derive(Clone, PartialEq, Debug)]
pub enum Effect {
    /// Run a call as a task and answer with `Msg::Reply(id, ..)`.
    Call {
        /// The number that the answer must carry.
        id: u64,
        /// A newer call in the same slot ends the older one.
        slot: Slot,
        /// What to call.
        call: Call,
    },
    /// End the call in this slot without an answer.
    Cancel(Slot),
    /// Send `Msg::Timer` after about this time (the shell adds jitter where `jitter` is set).
    Wait {
        /// Which timer.
        timer: Timer,
        /// How long.
        after: Duration,
        /// Whether to spread the moment, so that many clients do not come at once.
        jitter: bool,
    },
    /// Send `Msg::Timer` after a time between these two; any is as likely, so that many clients do not come at once.
    WaitBetween {
        /// Which timer.
        timer: Timer,
        /// At least.
        least: Duration,
        /// At most.
        most: Duration,
    },
    /// Forget a timer.
    Stop(Timer),
    /// Open the event stream with the present session, to be told what comes after this revision; from the present one
    /// on when none is known.
    OpenStream(Option<i64>),
    /// Close the event stream.
    CloseStream,
    /// Forget the session on this machine.
    ForgetSession,
    /// Put a text on the clipboard of the machine in front of which the user sits.
    Copy(String),
    /// Tell somebody who looks elsewhere, on the desktop or with the bell.
    Notify(Notice),
    /// Report clicks and the wheel from now on, or no more.
    Mouse(bool),
    /// The theme follows the terminal's background from now on: learn what it is.
    FollowBackground,
    /// Draw everything anew.
    Redraw,
    /// Give the terminal back to the shell that started us (^Z).
    Suspend,
    /// Leave.
    Quit,
}

/// Calls of one slot replace each other.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Slot {
    /// Log in and sign up.
    Session,
    /// Who may sign up.
    SignUpMode,
    /// Log out: a log-in that follows must not end it.
    LogOut,
    /// The month's numbers.
    Refresh,
    /// A part of the list of expenses.
    Find,
    /// What waits for a review.
    Review,
    /// The category of what is being typed.
    Predict,
    /// The limits of the month before.
    Copy,
    /// The categories that fit a stored expense.
    Likely,
    /// What gave way in an expense.
    History,
    /// All categories.
    Categories,
    /// Where the user is logged in.
    Sessions,
    /// The picture.
    Chart,
    /// A change of data, by request number: never replaced.
    Change(u64),
}

/// A call to the server (or, for the picture, to the disk).
#[derive(Clone, PartialEq)]
pub enum Call {
    /// Log in.
    LogIn {
        /// User name.
        name: String,
        /// Password.
        password: String,
        /// A code of the second factor, once the server has asked for it.
        code: Option<String>,
        /// Whether the session is kept on this machine.
        keep: bool,
    },
    /// Make an account and log in.
    SignUp {
        /// User name.
        name: String,
        /// Email address.
        email: String,
        /// Password.
        password: String,
        /// The code of an invitation, where the server asks for one.
        invite: Option<String>,
        /// Whether the session is kept on this machine.
        keep: bool,
    },
    /// Who may make an account here.
    SignUpMode,
    /// End the session on the server.
    LogOut,
    /// The month's numbers, and the lists unless the revision is still `known`.
    Refresh {
        /// Which month; the current one when `None`.
        month: Option<Month>,
        /// The revision whose lists are here already.
        known: Option<i64>,
        /// The revision up to which it is known what gave way; nothing is asked about that without it.
        seen: Option<i64>,
    },
    /// The category of a description, and its amount in minor units where that is known.
    Predict(String, Option<i64>),
    /// Store a new expense.
    Add(NewExpense),
    /// Change an expense.
    Edit(Uuid, ExpensePatch),
    /// Delete an expense.
    Delete(Uuid),
    /// Bring a deleted expense back.
    Restore(Uuid),
    /// A page of the expenses that a query finds.
    Find(Box<ExpenseQuery>),
    /// Change many expenses in one step.
    Bulk(Bulk),
    /// What gave way in an expense.
    History(Uuid),
    /// All categories, hidden ones too.
    Categories,
    /// Change the account.
    EditAccount(AccountPatch),
    /// Make a category.
    AddCategory(NewCategory),
    /// Change a category.
    EditCategory(Uuid, CategoryPatch),
    /// Move everything of a category into another one and take it away.
    MergeCategory(Uuid, Uuid),
    /// Make a rule.
    AddRule(NewRule),
    /// Take a rule away.
    RemoveRule(Uuid),
    /// Two calls, the second once the first is done. The answer is that of the first, with what went wrong in either.
    Both(Box<Call>, Box<Call>),
    /// Set a limit.
    SetBudget(Month, Uuid, SetBudget),
    /// Take a limit away, as it was at a revision.
    ClearBudget(Month, Uuid, Option<i64>),
    /// Take from one limit what another gets.
    MoveBudget(Month, MoveBudget),
    /// Be quiet about the category of an alert until this local day; none ends the quiet.
    Snooze(Uuid, Option<Date>),
    /// Mark one alert as read.
    MarkRead(Uuid),
    /// Mark all alerts as read.
    MarkAllRead,
    /// Where the user is logged in.
    Sessions,
    /// End one session.
    EndSession(Uuid),
    /// End all sessions but this one.
    EndOtherSessions,
    /// Write `budget_vs_spending.png`.
    SaveChart(Box<Summary>, Currency),
}

/// A limit set or cleared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LimitChange {
    /// Which month.
    pub month: Month,
    /// Which category.
    pub category_id: Uuid,
    /// Its name, for the message.
    pub category: String,
    /// The limit before, minor units.
    pub before: Option<i64>,
    /// The limit after, minor units.
    pub after: Option<i64>,
}

/// A change that can be taken back, and done again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Undo {
    /// An expense was added.
    Added(Expense),
    /// An expense was deleted.
    Deleted(Expense),
    /// Many expenses were deleted in one step.
    DeletedMany(Vec<Expense>),
    /// Expenses were put into a category.
    Placed {
        /// The expenses as they were.
        before: Vec<Expense>,
        /// The category that they were put into; none takes them out of theirs.
        to: Option<Uuid>,
    },
    /// Fields of an expense were changed.
    Edited {
        /// The expense as it was.
        before: Expense,
        /// The expense as it became.
        after: Expense,
    },
    /// A category was chosen, and along with it a rule was made.
    Ruled {
        /// The rule.
        rule: RuleChange,
        /// The choice.
        choice: Box<Undo>,
    },
    /// A limit was set or cleared.
    Limit(LimitChange),
    /// A change that knows its own reverse.
    Reversible(Reversible),
}

impl std::fmt::Debug for Call {
    /// Passwords stay out of every log and test output.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::LogIn { name, .. } => write!(f, "LogIn({name:?})"),
            Self::SignUp { name, email, .. } => write!(f, "SignUp({name:?}, {email:?})"),
            Self::SignUpMode => f.write_str("SignUpMode"),
            Self::LogOut => f.write_str("LogOut"),
            Self::Refresh { month, known, seen } => write!(f, "Refresh({month:?}, {known:?}, {seen:?})"),
            Self::Predict(text, amount) => write!(f, "Predict({text:?}, {amount:?})"),
            Self::Add(new) => write!(f, "Add({new:?})"),
            Self::Edit(id, patch) => write!(f, "Edit({id}, {patch:?})"),
            Self::Delete(id) => write!(f, "Delete({id})"),
            Self::Restore(id) => write!(f, "Restore({id})"),
            Self::Find(query) => write!(f, "Find({query:?})"),
            Self::Bulk(bulk) => write!(f, "Bulk({bulk:?})"),
            Self::History(id) => write!(f, "History({id})"),
            Self::Categories => f.write_str("Categories"),
            Self::EditAccount(patch) => write!(f, "EditAccount({patch:?})"),
            Self::AddCategory(new) => write!(f, "AddCategory({new:?})"),
            Self::EditCategory(id, patch) => write!(f, "EditCategory({id}, {patch:?})"),
            Self::MergeCategory(from, into) => write!(f, "MergeCategory({from}, {into})"),
            Self::AddRule(new) => write!(f, "AddRule({new:?})"),
            Self::Both(first, second) => write!(f, "Both({first:?}, {second:?})"),
            Self::RemoveRule(id) => write!(f, "RemoveRule({id})"),
            Self::SetBudget(month, id, body) => write!(f, "SetBudget({month}, {id}, {body:?})"),
            Self::MoveBudget(month, body) => write!(f, "MoveBudget({month}, {body:?})"),
            Self::Snooze(id, until) => write!(f, "Snooze({id}, {until:?})"),
            Self::ClearBudget(month, id, base) => write!(f, "ClearBudget({month}, {id}, {base:?})"),
            Self::MarkRead(id) => write!(f, "MarkRead({id})"),
            Self::MarkAllRead => f.write_str("MarkAllRead"),
            Self::Sessions => f.write_str("Sessions"),
            Self::EndSession(id) => write!(f, "EndSession({id})"),
            Self::EndOtherSessions => f.write_str("EndOtherSessions"),
            Self::SaveChart(summary, _) => write!(f, "SaveChart({})", summary.month),
        }
    }
}
