//! Limits: the one in force, setting it, moving money between two.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::Month;

/// A limit in force in a month.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Budget {
    /// Which category.
    pub category_id: Uuid,
    /// Minor units, zero or more.
    #[schema(minimum = 0)]
    pub limit_minor: i64,
    /// The month in which this limit was set; it holds until the next change.
    #[schema(value_type = String, pattern = "^[0-9]{4}-[0-9]{2}$")]
    pub since: Month,
}

/// `PUT /v1/budgets/{month}/{category_id}`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetBudget {
    /// Minor units, zero or more.
    #[schema(minimum = 0)]
    pub limit_minor: i64,
    /// The revision that the change is based on: when this limit was changed to something else after it, the answer is
    /// 409. Left out: what stands there is replaced, and kept in the history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    pub base_revision: Option<i64>,
}

/// `POST /v1/budgets/{month}/move`: takes from one limit what it gives to another, in this month only.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveBudget {
    /// The category that gives.
    pub from: Uuid,
    /// The category that takes.
    pub to: Uuid,
    /// Minor units, more than zero; no more than the limit that gives.
    #[schema(minimum = 1)]
    pub amount_minor: i64,
}
