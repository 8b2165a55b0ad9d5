//! The sample user's data (placeholder until the real one is merged).

use jiff::civil::Date;

use crate::domain::Month;
use crate::domain::expense::CategorySource;

/// Limits and expenses of the sample user.
pub struct DemoData {
    /// The limits.
    pub budgets: Vec<DemoBudget>,
    /// The expenses, oldest first.
    pub expenses: Vec<DemoExpense>,
}

/// One limit.
pub struct DemoBudget {
    /// Name of a default category.
    pub category: &'static str,
    /// From which month on.
    pub month: Month,
    /// Minor units.
    pub limit_minor: i64,
}

/// One expense.
pub struct DemoExpense {
    /// The local day.
    pub day: Date,
    /// What it was for.
    pub description: String,
    /// Minor units.
    pub amount_minor: i64,
    /// Name of a default category.
    pub category: Option<&'static str>,
    /// Who chose it.
    pub source: CategorySource,
    /// Percent.
    pub confidence: u8,
}

/// Makes the data relative to `today`.
#[must_use]
pub fn generate(today: Date) -> DemoData {
    let month = Month::of(today);
    DemoData {
        budgets: vec![DemoBudget { category: "Dining", month: month.plus(-7), limit_minor: 12_000 }],
        expenses: vec![DemoExpense {
            day: today,
            description: "Nakamura ramen".to_owned(),
            amount_minor: 12_580,
            category: Some("Dining"),
            source: CategorySource::Lexicon,
            confidence: 92,
        }],
    }
}
