//! The contract that client and server share: paths, bodies, errors. Data only.
//!
//! Amounts are whole minor units of the account's currency; days are local days (`2026-11-22`);
//! times are UTC milliseconds since 1970. Fields that a request does not know are refused.

mod access;
mod account;
mod alert;
mod budget;
mod category;
mod changes;
mod error;
mod expense;
mod failure;
mod history;
mod listing;
mod ops;
mod predict;
mod recategorize;
mod rule;
mod stream;
mod summary;
mod totals;

pub use access::*;
pub use account::{Account, AccountPatch, Hello, LogIn, Session, SignUp};
pub use alert::{Alert, Snooze};
pub use budget::{Budget, MoveBudget, SetBudget};
pub use category::{Category, CategoryPatch, MergeCategory, NewCategory};
pub use changes::{CategoryRow, Change, ChangedRow, Changes, ChangesQuery, Gone, LimitRow, MovedRow, Thing};
pub use error::{ApiError, ErrorBody, ErrorCode};
pub use expense::{Bulk, Expense, ExpensePatch, NewExpense, Place, PlacedBy};
pub use failure::{Dialect, Failure};
pub use history::{ExpenseHistoryQuery, HistoryQuery, HistoryRow, Replaced};
pub use listing::{ExpenseOrder, ExpensePage, ExpenseQuery, Found};
pub use ops::{Deed, MAX_OPS, Op, OpResult, OpStatus, Ops, OpsDone};
pub use predict::{Choice, Note, NoteCode, PredictRequest, Prediction};
pub use recategorize::{Recategorize, Recategorized, Replacement};
pub use rule::{NewRule, Rule, RulePatch};
pub use stream::{Between, Reopening, SOON};
pub use summary::{Bucket, CategorySummary, MonthTotal, Summary};
pub use totals::Totals;

/// Where the REST API lives below the base URL.
pub const V1: &str = "/v1";

/// The `service` value that tells one of our servers from any other.
pub const SERVICE: &str = "budget-tracker";

/// Most rows in one page of expenses.
pub const MAX_PAGE: u32 = 1000;
