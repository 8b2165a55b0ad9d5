//! `POST /v1/ops`: changes that a device made on its own, sent in the order in which it made them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    ApiError, Bulk, CategoryPatch, Expense, ExpensePatch, MoveBudget, NewCategory, NewExpense, NewRule, RulePatch,
    SetBudget,
};
use crate::domain::Month;

/// Most operations in one batch.
pub const MAX_OPS: usize = 500;

/// `POST /v1/ops`. An operation that was done already is not done again, however often it is sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ops {
    /// A UUID that the device made once and keeps.
    pub device_id: Uuid,
    /// 1 to 500, in the order in which they were made.
    #[schema(min_items = 1, max_items = 500)]
    pub ops: Vec<Op>,
}

/// One operation of a device.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Op {
    /// The device's own count of its operations, from 1 on, without a gap.
    #[schema(minimum = 1)]
    pub seq: i64,
    /// What to do, kept as it came: an operation that cannot be read is refused alone.
    #[serde(rename = "do")]
    #[schema(value_type = Deed)]
    pub deed: Box<RawValue>,
}

impl Op {
    /// What to do.
    ///
    /// # Errors
    /// In words, when it is nothing that can be done.
    pub fn read(&self) -> Result<Deed, serde_json::Error> {
        serde_json::from_str(self.deed.get())
    }
}

/// What a device can do on its own. Each is checked and done as by its own route.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Deed {
    /// `POST /v1/expenses`.
    AddExpense(NewExpense),
    /// `PATCH /v1/expenses/{id}`. Nobody is there to be asked: what this device has not seen is replaced, and kept in the
    /// history.
    ChangeExpense {
        /// Which expense.
        id: Uuid,
        /// The fields that change.
        change: ExpensePatch,
    },
    /// `DELETE /v1/expenses/{id}`.
    DeleteExpense {
        /// Which expense.
        id: Uuid,
    },
    /// `POST /v1/expenses/{id}/restore`.
    RestoreExpense {
        /// Which expense.
        id: Uuid,
    },
    /// `POST /v1/expenses/bulk`.
    ChangeExpenses(Bulk),
    /// `PUT /v1/budgets/{month}/{category_id}`. What this device has not seen is replaced, and kept in the history.
    SetLimit {
        /// From this month on.
        #[schema(value_type = String, pattern = "^(19[7-9]|[2-9][0-9]{2})[0-9]-(0[1-9]|1[0-2])$", example = "2026-11")]
        month: Month,
        /// Which category.
        category_id: Uuid,
        /// The limit.
        limit: SetBudget,
    },
    /// `DELETE /v1/budgets/{month}/{category_id}`.
    ClearLimit {
        /// From this month on.
        #[schema(value_type = String, pattern = "^(19[7-9]|[2-9][0-9]{2})[0-9]-(0[1-9]|1[0-2])$", example = "2026-11")]
        month: Month,
        /// Which category.
        category_id: Uuid,
        /// The revision that the change is based on: a limit that was changed after it is kept in the history, as any
        /// is when this is left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 0)]
        base_revision: Option<i64>,
    },
    /// `POST /v1/budgets/{month}/move`.
    MoveLimit {
        /// In this month only.
        #[schema(value_type = String, pattern = "^(19[7-9]|[2-9][0-9]{2})[0-9]-(0[1-9]|1[0-2])$", example = "2026-11")]
        month: Month,
        /// From where, to where, how much.
        wish: MoveBudget,
    },
    /// `POST /v1/categories`. When there is another one of this name, the two become one: the one with the lower id, which
    /// is meant from then on when an operation names the other. The change feed tells the one that is `gone`.
    AddCategory(NewCategory),
    /// `PATCH /v1/categories/{id}`.
    ChangeCategory {
        /// Which category.
        id: Uuid,
        /// The fields that change.
        change: CategoryPatch,
    },
    /// `POST /v1/categories/{id}/merge`.
    MergeCategory {
        /// The category that goes.
        id: Uuid,
        /// The one that takes everything in.
        into: Uuid,
    },
    /// `POST /v1/rules`.
    AddRule(NewRule),
    /// `PATCH /v1/rules/{id}`.
    ChangeRule {
        /// Which rule.
        id: Uuid,
        /// The fields that change.
        change: RulePatch,
    },
    /// `DELETE /v1/rules/{id}`.
    RemoveRule {
        /// Which rule.
        id: Uuid,
    },
    /// `POST /v1/alerts/{id}/read`.
    ReadAlert {
        /// Which alert.
        id: Uuid,
    },
    /// `POST /v1/alerts/read`.
    ReadAlerts {},
    /// `PUT /v1/alerts/{id}/snooze`.
    SnoozeAlert {
        /// Which alert.
        id: Uuid,
        /// The local day on which it may be told again; none ends the quiet.
        #[schema(pattern = "^(19[7-9]|2[0-9]{2})[0-9]-[0-9]{2}-[0-9]{2}$")]
        until: Option<Date>,
    },
}

/// What came of each operation, in the order in which they were sent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct OpsDone {
    /// One for each operation.
    pub results: Vec<OpResult>,
    /// The last operation of the device that is settled: the next one to send is the one after it.
    #[schema(minimum = 0)]
    pub last_seq: i64,
}

/// What came of one operation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct OpResult {
    /// The device's count.
    pub seq: i64,
    /// Whether it was done.
    pub status: OpStatus,
    /// The expense in question as it is now; absent when there is none, or when it is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expense: Option<Expense>,
    /// Why it was not done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ApiError>,
}

/// Whether an operation was done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OpStatus {
    /// It was, and is on the server's disk.
    Done,
    /// It was, when it was sent before.
    DoneBefore,
    /// It was not and will not be; `error` says why. The ones after it are done all the same.
    Refused,
    /// It was not: it changes an expense that is deleted, which stays so. What it wanted is in the expense's history. The
    /// ones after it are done all the same.
    Deleted,
    /// It was not yet: send it again, after those before it; `error` says why.
    NotYet,
}
