//! Everything the overview draws, from the sums alone.

use uuid::Uuid;

use super::accounts;
use super::categories::{self, Kept};
use super::days::{self, Days};
use super::limits::{self, Limits, look_back};
use super::rollups::{self, PAST_MONTHS, Sums};
use super::scope::Scope;
use super::tx::{StoreError, Tx};
use crate::api::{CategorySummary, MonthTotal, Summary};
use crate::domain::forecast::{Forecast, History, Known, month_end};
use crate::domain::{Kind, Month};

/// Months in the trend, the one in question included.
const TREND_MONTHS: i64 = 6;

/// The summary of `month`.
pub fn of_month(tx: &mut dyn Tx, scope: &Scope, month: Month) -> Result<Summary, StoreError> {
    let categories = categories::all(tx, scope)?;
    let first = if categories.iter().any(|category| category.carry_since.is_some()) {
        look_back(month.plus(-PAST_MONTHS))
    } else {
        month.plus(-PAST_MONTHS)
    };
    let sums = rollups::between(tx, scope, first, month)?;
    let limits = limits::all(tx, scope, month)?;
    let past = Past::read(tx, scope, month)?;
    let income = categories.iter().filter(|kept| kept.category.kind == Kind::Income);
    let income = income.map(|kept| sums.get(month, kept.category.id).spent_minor);
    Ok(Summary {
        month,
        calendar: scope.calendar,
        today: scope.today,
        currency: scope.currency.code().to_owned(),
        revision: accounts::revision(tx, scope.user)?,
        uncategorised: sums.get(month, Uuid::nil()),
        income_minor: income.fold(0, i64::saturating_add),
        to_review: accounts::to_review(tx, scope.user)?,
        daily_minor: past.days.totals(scope, &categories, month),
        months: trend(&categories, &sums, &limits, month),
        categories: categories
            .iter()
            .map(|kept| CategorySummary {
                daily_minor: past.days.each_day(scope, [kept.category.id], month),
                forecast: past.forecast(kept, month, scope),
                ..one(kept, &sums, &limits, month)
            })
            .filter(|row| !row.category.hidden || row.count > 0 || row.limit_minor.is_some())
            .collect(),
    })
}

/// The days that a forecast looks at; only those of the month when it has none.
struct Past {
    days: Days,
    known: Known,
}

impl Past {
    fn read(tx: &mut dyn Tx, scope: &Scope, month: Month) -> Result<Self, StoreError> {
        if !scope.progress(month).running() {
            return Ok(Self {
                days: days::between(tx, scope, month, month)?,
                known: Known::default(),
            });
        }
        Ok(Self {
            days: days::between(tx, scope, days::oldest(month), month)?,
            known: days::known(tx, scope, month)?,
        })
    }

    fn forecast(&self, kept: &Kept, month: Month, scope: &Scope) -> Option<Forecast> {
        let spent = self.days.of(kept.category.id).iter().copied();
        let history = History::new(scope.calendar, month, &self.known, spent);
        month_end(kept.category.kind, scope.progress(month), &history)
    }
}

fn one(kept: &Kept, sums: &Sums, limits: &Limits, month: Month) -> CategorySummary {
    let category = kept.category.clone();
    let bucket = sums.get(month, category.id);
    let limit = limits.in_force(kept, month, sums);
    CategorySummary {
        spent_minor: bucket.spent_minor,
        count: bucket.count,
        limit_minor: limit.map(|limit| limit.minor),
        carried_minor: limit.map_or(0, |limit| limit.carried),
        past_minor: sums.before(month, category.id),
        past_limits_minor: (1..=PAST_MONTHS)
            .rev()
            .map(|back| Some(limits.in_force(kept, month.plus(-back), sums)?.minor))
            .collect(),
        daily_minor: Vec::new(),
        forecast: None,
        category,
    }
}

/// The last months' totals; what waits in no category is spent all the same.
fn trend(categories: &[Kept], sums: &Sums, limits: &Limits, month: Month) -> Vec<MonthTotal> {
    let back = (TREND_MONTHS - 1).min(month.index());
    (-back..=0)
        .map(|step| {
            let month = month.plus(step);
            let spending = categories.iter().filter(|kept| kept.category.kind.is_spending());
            let uncategorised = sums.get(month, Uuid::nil()).spent_minor;
            spending.fold(
                MonthTotal {
                    month,
                    spent_minor: uncategorised,
                    limit_minor: 0,
                },
                |total, kept| {
                    let spent = sums.get(month, kept.category.id).spent_minor;
                    let limit = limits.in_force(kept, month, sums).map_or(0, |limit| limit.minor);
                    MonthTotal {
                        month,
                        spent_minor: total.spent_minor.saturating_add(spent),
                        limit_minor: total.limit_minor.saturating_add(limit),
                    }
                },
            )
        })
        .collect()
}
