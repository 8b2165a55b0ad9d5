//! Everything the overview draws, from the sums alone.

use uuid::Uuid;

use super::budgets::{self, Limits};
use super::rollups::{self, PAST_MONTHS, Sums};
use super::scope::Scope;
use super::tx::{StoreError, Tx};
use super::{accounts, categories};
use crate::api::{Category, CategorySummary, MonthTotal, Summary};
use crate::domain::{Month, forecast};

/// Months in the trend, the one in question included.
const TREND_MONTHS: i64 = 6;

/// The summary of `month`.
pub fn of_month(tx: &mut dyn Tx, scope: &Scope, month: Month) -> Result<Summary, StoreError> {
    let first = month.plus(-PAST_MONTHS);
    let categories = categories::list(tx, scope)?;
    let sums = rollups::between(tx, scope, first, month)?;
    let limits = budgets::between(tx, scope, first, month)?;
    Ok(Summary {
        month,
        today: scope.today,
        currency: scope.currency.code().to_owned(),
        revision: accounts::revision(tx, scope.user)?,
        uncategorised: sums.get(month, Uuid::nil()),
        income_minor: 0,
        to_review: accounts::to_review(tx, scope.user)?,
        daily_minor: rollups::daily(tx, scope, month)?,
        months: trend(&categories, &sums, &limits, month),
        categories: categories
            .into_iter()
            .map(|category| one(category, &sums, &limits, month, scope))
            .collect(),
    })
}

fn one(category: Category, sums: &Sums, limits: &Limits, month: Month, scope: &Scope) -> CategorySummary {
    let bucket = sums.get(month, category.id);
    let past = sums.past(month, category.id);
    CategorySummary {
        spent_minor: bucket.spent_minor,
        count: bucket.count,
        limit_minor: limits.get(category.id, month),
        carried_minor: 0,
        past_minor: Vec::new(),
        daily_minor: Vec::new(),
        forecast: forecast::month_end(category.kind, bucket.spent_minor, month.progress(scope.today), &past),
        category,
    }
}

/// The last months' totals; what waits in no category is spent all the same.
fn trend(categories: &[Category], sums: &Sums, limits: &Limits, month: Month) -> Vec<MonthTotal> {
    let back = (TREND_MONTHS - 1).min(month.index());
    (-back..=0)
        .map(|step| {
            let month = month.plus(step);
            let spending = categories.iter().filter(|category| category.kind.is_spending());
            let uncategorised = sums.get(month, Uuid::nil()).spent_minor;
            spending.fold(
                MonthTotal {
                    month,
                    spent_minor: uncategorised,
                    limit_minor: 0,
                },
                |total, category| MonthTotal {
                    month,
                    spent_minor: total
                        .spent_minor
                        .saturating_add(sums.get(month, category.id).spent_minor),
                    limit_minor: total
                        .limit_minor
                        .saturating_add(limits.get(category.id, month).unwrap_or_default()),
                },
            )
        })
        .collect()
}
