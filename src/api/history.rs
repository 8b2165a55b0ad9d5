//! What gave way: values that a change replaced without having seen them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::Month;

/// A value that gave way to a change that had not seen it. Known for 180 days.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct HistoryRow {
    /// Its id.
    pub id: Uuid,
    /// The expense whose field it was; none: it was a limit.
    pub expense_id: Option<Uuid>,
    /// The user's revision when it gave way, or when a category in it was merged into another one.
    #[schema(minimum = 1)]
    pub revision: i64,
    /// When it gave way, UTC ms.
    pub at: i64,
    /// What gave way to what.
    pub change: Replaced,
}

/// What gave way (`was`) and what stands in its place (`now`). In a deleted expense, `was` is what a change wanted that
/// came too late.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "field", rename_all = "snake_case")]
pub enum Replaced {
    /// A day.
    Day {
        /// What gave way.
        was: Date,
        /// What stands in its place.
        now: Date,
    },
    /// A description.
    Description {
        /// What gave way.
        was: String,
        /// What stands in its place.
        now: String,
    },
    /// An amount, minor units.
    AmountMinor {
        /// What gave way.
        was: i64,
        /// What stands in its place.
        now: i64,
    },
    /// A category; none: among the uncategorised.
    CategoryId {
        /// What gave way.
        was: Option<Uuid>,
        /// What stands in its place.
        now: Option<Uuid>,
    },
    /// A limit, minor units; none: no limit.
    LimitMinor {
        /// The category that it limits.
        category_id: Uuid,
        /// The month from which on it holds.
        #[schema(value_type = String, pattern = "^[0-9]{4}-[0-9]{2}$")]
        month: Month,
        /// What gave way.
        was: Option<i64>,
        /// What stands in its place.
        now: Option<i64>,
    },
}

impl Replaced {
    /// The name of the field, as it is written.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::Day { .. } => "day",
            Self::Description { .. } => "description",
            Self::AmountMinor { .. } => "amount_minor",
            Self::CategoryId { .. } => "category_id",
            Self::LimitMinor { .. } => "limit_minor",
        }
    }
}

/// `GET /v1/history`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// Only what gave way after this revision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 0)]
    pub since: Option<i64>,
    /// Rows in the answer: 1 to 1000, 100 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
}

/// `GET /v1/expenses/{id}/history`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExpenseHistoryQuery {
    /// Rows in the answer: 1 to 1000, 100 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
}
