//! Sums over a summary.

use jiff::civil::Date;

use super::{CategorySummary, Summary};
use crate::domain::budget::used_percent;
use crate::domain::{Calendar, Kind, Month, Standing};

/// Sums over everything in a month that is spending; minor units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Totals {
    /// Spent so far, what is in no category included.
    pub spent: i64,
    /// The limits in force, if there is one.
    pub limit: Option<i64>,
    /// What the month will come to, if anything is known of that.
    pub forecast: Option<i64>,
    /// Number of expenses, of what is not spending too.
    pub count: i64,
}

impl Totals {
    /// Spent as a rounded percentage of the limits.
    #[must_use]
    pub fn used(&self) -> Option<i64> {
        self.limit.map(|limit| used_percent(self.spent, limit))
    }
}

impl Summary {
    /// The month's sums.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let spending = || self.categories.iter().filter(|c| c.category.kind.is_spending());
        let sum = |of: fn(&CategorySummary) -> i64| spending().map(of).fold(0_i64, i64::saturating_add);
        let expected = sum(|c| c.forecast.as_ref().map_or(c.spent_minor, |f| f.average_minor));
        let unsorted = self.uncategorised.spent_minor;
        Totals {
            spent: sum(|c| c.spent_minor).saturating_add(unsorted),
            limit: spending()
                .any(|c| c.limit_minor.is_some())
                .then(|| sum(|c| c.limit_minor.unwrap_or(0))),
            forecast: spending()
                .any(|c| c.forecast.is_some())
                .then(|| expected.saturating_add(unsorted)),
            count: self
                .categories
                .iter()
                .fold(self.uncategorised.count, |sum, c| sum.saturating_add(c.count)),
        }
    }
}

impl Summary {
    /// What usually comes in within a month, minor units: the median of the months before in which anything came in,
    /// the lower one of two; `None` while there is no such month.
    #[must_use]
    pub fn usual_income_minor(&self) -> Option<i64> {
        let sources = || self.categories.iter().filter(|c| c.category.kind == Kind::Income);
        let months = sources().map(|c| c.past_minor.len()).max().unwrap_or(0);
        let came_in = |back: usize| {
            let of = |c: &CategorySummary| c.past_minor.iter().rev().nth(back).copied().unwrap_or(0);
            sources().map(of).fold(0_i64, i64::saturating_add)
        };
        let mut incomes: Vec<i64> = (0..months).map(came_in).filter(|minor| *minor > 0).collect();
        incomes.sort_unstable();
        incomes.get(incomes.len().checked_sub(1)? / 2).copied()
    }
}

impl CategorySummary {
    /// How the category stands in `month` of `calendar`, seen from `today`.
    #[must_use]
    pub fn standing(&self, calendar: Calendar, month: Month, today: Date) -> Standing<'_> {
        Standing {
            kind: self.category.kind,
            spent: self.spent_minor,
            limit: self.limit_minor,
            forecast: self.forecast.as_ref(),
            calendar,
            month,
            progress: calendar.progress(month, today),
        }
    }
}
