//! Predicting the categories of stored expenses anew.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Expense;
use crate::domain::Month;
use crate::domain::expense::CategorySource;

/// `POST /v1/expenses/recategorize`: one step through the expenses, newest day first.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Recategorize {
    /// Only this month; all when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^(19[7-9]|[2-9][0-9]{2})[0-9]-(0[1-9]|1[0-2])$")]
    pub month: Option<Month>,
    /// Only tells what would change.
    #[serde(default)]
    pub dry_run: bool,
    /// `next` of the step before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1024, pattern = "^-?[0-9]+[.]-?[0-9]+$")]
    pub cursor: Option<String>,
}

/// What one step of a recategorization changed, or would change.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Recategorized {
    /// Expenses looked at whose category the user did not choose.
    #[schema(minimum = 0)]
    pub looked_at: i64,
    /// Those that another category, or another confidence, was found for.
    pub changes: Vec<Replacement>,
    /// Where the next step begins; absent after the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// An expense and its new category.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Replacement {
    /// The expense as it was before.
    pub expense: Expense,
    /// The new category.
    pub category_id: Uuid,
    /// Who says so.
    pub category_source: CategorySource,
    /// How sure that is, percent.
    #[schema(minimum = 0, maximum = 100)]
    pub confidence: u8,
    /// The words that decided, as a clause.
    pub because: String,
}
