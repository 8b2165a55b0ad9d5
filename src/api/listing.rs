//! Lists of expenses: what is asked for, and its pages.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Expense;
use crate::domain::Month;

/// The order of a list of expenses.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ExpenseOrder {
    /// Newest day first.
    #[default]
    Day,
    /// Largest amount first.
    Amount,
    /// By description, A to Z.
    Description,
}

/// `GET /v1/expenses`: newest day first; all filters are optional and combine.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExpenseQuery {
    /// Only this month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>, pattern = "^(19[7-9]|[2-9][0-9]{2})[0-9]-(0[1-9]|1[0-2])$", example = "2026-11")]
    pub month: Option<Month>,
    /// Only this category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category_id: Option<Uuid>,
    /// Only what this filter lets through: words found in any order, and terms such as `cat:fun`, `amount>20`,
    /// `since:1sep`, `until:30sep`, `month:2026-09`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(max_length = 256, example = "coffee amount>3 since:1sep")]
    pub filter: Option<String>,
    /// Only those that wait for a review: in no category, or in one that nobody is sure of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<bool>,
    /// Newest day first when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub order: Option<ExpenseOrder>,
    /// Rows in the page: 1 to 1000, 100 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// `next` of the page before, which had the same order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(max_length = 1500, pattern = "^-?[0-9]+([.]-?[0-9]+){1,2}([.][A-Za-z0-9_-]*)?$")]
    pub cursor: Option<String>,
}

/// A page of expenses.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct ExpensePage {
    /// In the order asked for; newest day first, within a day last stored first.
    #[schema(max_items = 1000)]
    pub expenses: Vec<Expense>,
    /// What the filter found in all: on the first page of a query with `filter` or `review`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Found>,
    /// Where the next page begins; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What a filter found, over all pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Found {
    /// Number of expenses found.
    #[schema(minimum = 0)]
    pub count: i64,
    /// Their sum, minor units; what is not spending is left out.
    pub spent_minor: i64,
    /// Number of all expenses of the user.
    #[schema(minimum = 0)]
    pub of: i64,
}
