//! Categories and the twenty that every account starts with.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Longest name of a category, in characters.
pub const MAX_CATEGORY_NAME: usize = 40;

/// Names that stand for expenses without a category, as [`account::name_key`](super::account::name_key) writes them.
pub const NOT_NAMES: [&str; 3] = ["none", "uncategorised", "uncategorized"];

/// How a category's money moves.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Hash, Serialize, Deserialize, ToSchema, strum::Display, strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// Bought through the month: paced and forecast.
    Flexible,
    /// Bills: paid once or at fixed times, so no pace.
    Fixed,
    /// Money that comes in (salary, interest): listed, but in no total of spending.
    Income,
    /// Money that moves without being spent (savings, a card's bill): listed, but in no total.
    NotSpending,
}

impl Kind {
    /// Whether the category's expenses count as spending.
    #[must_use]
    pub fn is_spending(self) -> bool {
        matches!(self, Self::Flexible | Self::Fixed)
    }
}

/// The categories of a new account, in the order in which lists and charts show them.
pub const DEFAULTS: [(&str, Kind); 20] = [
    ("Groceries", Kind::Flexible),
    ("Dining", Kind::Flexible),
    ("Transport", Kind::Flexible),
    ("Housing", Kind::Fixed),
    ("Utilities", Kind::Fixed),
    ("Health", Kind::Flexible),
    ("Entertainment", Kind::Flexible),
    ("Shopping", Kind::Flexible),
    ("Travel", Kind::Flexible),
    ("Subscriptions", Kind::Fixed),
    ("Education", Kind::Flexible),
    ("Insurance", Kind::Fixed),
    ("Fees & Taxes", Kind::Flexible),
    ("Gifts & Donations", Kind::Flexible),
    ("Personal Care", Kind::Flexible),
    ("Pets", Kind::Flexible),
    ("Kids", Kind::Flexible),
    ("Income", Kind::Income),
    ("Transfers", Kind::NotSpending),
    ("Other", Kind::Flexible),
];
