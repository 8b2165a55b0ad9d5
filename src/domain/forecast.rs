//! What a category will have cost when the month ends.
//!
//! The estimate is what is spent already, plus what is still to come on each day left. That has two parts, because
//! money moves in two ways:
//!
//! 1. **Bills** (`forecast/bills.rs`). An amount seen in most months round one day (or every second, third, fourth or
//!    sixth month) that has not come yet is still to come, on its day. In a category of bills the day alone tells a
//!    bill, since amounts of electricity differ; elsewhere the amounts have to be alike and be found on no other days.
//!    A payment up to four days off its day is the same bill, across the end of a month too.
//! 2. **Flow** (`forecast/flow.rs`): everything else. Its pace is that of the last twelve months, newer ones counting
//!    more, and of the days gone of this one; each counts by the days that it holds, so evidence decides how much this
//!    month's pace is believed. Days are weighed by their weekday, and by how much is usually left at this time of the
//!    month; both only as far as purchases have been seen that show it. A purchase, or a month, far above the usual
//!    ones is cut to size before it counts as pace: one large purchase does not take over. The best estimate is the
//!    median: in a category that is mostly not used, nothing. In a category of bills what is left when the regular
//!    ones are taken out is the median of what was left in other months; there is no pace.
//!
//! The range comes from the spread of the single purchases (variance of a compound Poisson sum), from how much months
//! differ beyond that, and from how much the bills differ. Eight of ten months should come to an amount inside.
//!
//! A month in which the user wrote nothing down at all, and the days before the first expense, are not known, which is
//! not the same as zero. Without a past, four known days are needed before anything is said.
//!
//! The constants were chosen with `cargo bench --bench forecast`, on other years and seeds than those it prints. None
//! of them is sharp: halving or doubling any one moves the mean error by at most a few percent.
//!
//! Estimates are binary fractions inside; what goes in and what comes out is whole minor units.

mod bills;
mod flow;
mod history;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::category::Kind;
use super::month::Progress;
pub use history::{History, Known};

/// Most months before the one in question that a forecast looks at.
pub const MONTHS_BACK: u8 = 12;

/// Days of a month that must be known before they alone say anything.
const QUIET_DAYS: usize = 4;

/// Eight of ten outcomes of a bell curve lie within this many standard deviations.
const EIGHT_OF_TEN: f64 = 1.28;

/// A month-end estimate in minor units.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Forecast {
    /// The low end of the likely range: about one month in ten comes to less.
    pub low_minor: i64,
    /// The single best estimate; never below what is already spent.
    pub mid_minor: i64,
    /// The high end of the likely range: about one month in ten comes to more.
    pub high_minor: i64,
    /// The mean of what may come, rare large purchases by how often they come. Add up these, not the best estimates,
    /// over several categories.
    pub average_minor: i64,
    /// What is still expected today and on each day left, today first; with what is spent it adds up to `mid_minor`.
    pub days_minor: Vec<i64>,
}

impl Forecast {
    /// The straight way from `spent` to `minor` at the month's end, minor units, without a range.
    #[must_use]
    pub fn evenly(spent: i64, minor: i64, progress: Progress) -> Self {
        let rest = amount(minor.saturating_sub(spent).max(0));
        let left = usize::from(progress.left());
        let mut days = vec![rest / amount(i64::from(progress.left().max(1))); left + 1];
        days[0] = if left == 0 { rest } else { 0.0 };
        Self {
            low_minor: minor,
            mid_minor: minor,
            high_minor: minor,
            average_minor: minor,
            days_minor: in_whole_units(&days),
        }
    }
}

/// Estimates what a category of `kind` will have cost when the month of `history` ends.
///
/// `None` when there is nothing to go by: a closed or coming month, the first days of a category without a past, and
/// a category of bills without a past on any day.
#[must_use]
pub fn month_end(kind: Kind, progress: Progress, history: &History) -> Option<Forecast> {
    if !progress.running() || !kind.is_spending() {
        return None;
    }
    let today = history.today(progress);
    let known = (today + 1).saturating_sub(history.now.known());
    if !history.used_before() && (kind == Kind::Fixed || known < QUIET_DAYS) {
        return None;
    }
    let mut amounts = history.amounts();
    let bills = bills::take_out(kind, history, today, &mut amounts);
    let flow = flow::rest(kind, history, today, &amounts);
    let mut days = vec![0.0; history.now.end() - today];
    for (day, share) in days.iter_mut().skip(1).zip(&flow.shares) {
        *day = share * flow.likely;
    }
    let (mut due, mut variance) = (0.0, flow.variance);
    for bill in bills {
        days[bill.place - today] += bill.amount;
        due += bill.amount;
        variance += bill.spread * bill.spread;
    }
    let spent = history.spent();
    let with = |rest: f64| spent.saturating_add(minor(rest.max(0.0)));
    let days_minor = in_whole_units(&days);
    let mid_minor = days_minor.iter().fold(spent, |sum, day| sum.saturating_add(*day));
    let (mean, swing) = (flow.average + due, EIGHT_OF_TEN * variance.sqrt());
    Some(Forecast {
        low_minor: with(mean - swing).min(mid_minor),
        mid_minor,
        high_minor: with(mean + swing).max(mid_minor),
        average_minor: with(mean),
        days_minor,
    })
}

/// The day of the month on which the expected spending passes `limit`, today or later.
///
/// `None` when more than that is `spent` already, or when the estimate stays within the limit.
#[must_use]
pub fn crossing_day(spent: i64, limit: i64, forecast: &Forecast, progress: Progress) -> Option<u8> {
    if spent > limit {
        return None;
    }
    let sums = forecast.days_minor.iter().scan(spent, |sum, day| {
        *sum = sum.saturating_add(*day);
        Some(*sum)
    });
    let days = progress.day..=progress.length;
    days.zip(sums).find(|(_, sum)| *sum > limit).map(|(day, _)| day)
}

/// Whole minor units whose sums are the rounded sums of `days`.
fn in_whole_units(days: &[f64]) -> Vec<i64> {
    let (mut exact, mut told) = (0.0, 0_i64);
    days.iter()
        .map(|day| {
            exact += day;
            let step = minor(exact).saturating_sub(told).max(0);
            told = told.saturating_add(step);
            step
        })
        .collect()
}

/// A number to estimate with. Money is whole units before and after; what is guessed in between needs no exactness.
#[expect(clippy::cast_precision_loss, reason = "53 bits are plenty for an estimate")]
fn amount(minor: i64) -> f64 {
    minor as f64
}

/// An estimate in whole units, held inside `i64`.
#[expect(clippy::cast_possible_truncation, reason = "`as` stops at the ends of i64")]
fn minor(amount: f64) -> i64 {
    amount.round() as i64
}
