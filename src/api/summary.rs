//! One month as the overview draws it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Category;
use crate::domain::{Calendar, Forecast, Month};

/// `GET /v1/summary?month=2026-11`: everything the overview draws, in time independent of the number of expenses.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Summary {
    /// The month in question.
    #[schema(value_type = String, pattern = "^[0-9]{4}-[0-9]{2}$")]
    pub month: Month,
    /// The day of the month on which months begin, 1 to 28. A month has the name of the one in which it begins.
    #[serde(default, rename = "month_start")]
    #[schema(value_type = u8, minimum = 1, maximum = 28)]
    pub calendar: Calendar,
    /// The user's local day on the server's clock.
    pub today: Date,
    /// ISO 4217 code of every amount.
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
    /// The user's revision that these numbers show.
    #[schema(minimum = 0)]
    pub revision: i64,
    /// Every category, in display order; those that are not spending too.
    pub categories: Vec<CategorySummary>,
    /// Expenses that wait in no category.
    pub uncategorised: Bucket,
    /// What came in this month, over all categories of income, minor units.
    #[serde(default)]
    pub income_minor: i64,
    /// Expenses of any month in no category, or in one that nobody is sure of: the queue for a review.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub to_review: i64,
    /// Money spent on each day of the month, first day first; not-spending categories left out.
    #[schema(min_items = 28, max_items = 31)]
    pub daily_minor: Vec<i64>,
    /// The last six months, this one last.
    #[schema(min_items = 1, max_items = 6)]
    pub months: Vec<MonthTotal>,
}

/// One category's month.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct CategorySummary {
    /// Which category.
    #[serde(flatten)]
    pub category: Category,
    /// Spent so far, minor units.
    pub spent_minor: i64,
    /// Number of expenses.
    #[schema(minimum = 0)]
    pub count: i64,
    /// The limit in force, minor units, zero or more; what was carried over is part of it.
    #[schema(minimum = 0)]
    pub limit_minor: Option<i64>,
    /// What the months before left over (more than zero) or overspent (less), minor units; the limit without it is the
    /// one that was set. A debt larger than that takes the limit to zero, and its rest waits for the months after.
    #[serde(default)]
    pub carried_minor: i64,
    /// Spent in each of the six months before this one, oldest first, minor units.
    #[serde(default)]
    #[schema(max_items = 6)]
    pub past_minor: Vec<i64>,
    /// The limit in force in each of these months, minor units; empty when the server does not tell.
    #[serde(default)]
    #[schema(max_items = 6)]
    pub past_limits_minor: Vec<Option<i64>>,
    /// Spent on each day of the month, first day first, minor units; empty when the server tells no single days.
    #[serde(default)]
    #[schema(max_items = 31)]
    pub daily_minor: Vec<i64>,
    /// The month-end estimate, while the month runs.
    pub forecast: Option<Forecast>,
}

impl CategorySummary {
    /// The limit as it was set, without what was carried over, minor units.
    #[must_use]
    pub fn own_limit_minor(&self) -> Option<i64> {
        Some(self.limit_minor?.saturating_sub(self.carried_minor))
    }
}

/// A sum and a count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Bucket {
    /// Minor units.
    pub spent_minor: i64,
    /// Number of expenses.
    #[schema(minimum = 0)]
    pub count: i64,
}

/// What one month came to, over all spending categories.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct MonthTotal {
    /// Which month.
    #[schema(value_type = String, pattern = "^[0-9]{4}-[0-9]{2}$")]
    pub month: Month,
    /// Spent, minor units.
    pub spent_minor: i64,
    /// Sum of the limits in force, minor units.
    pub limit_minor: i64,
}
