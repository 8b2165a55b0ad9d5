//! What a category will have cost when the month ends.
//!
//! The estimate is this month's money so far plus, for the days that are left, a blend of two daily
//! rates: this month's own pace and the median of the last months. The share given to this month's
//! pace grows with the days seen, so one large purchase on the second day does not take over.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::category::Kind;
use super::month::Progress;

/// Days of a month before its pace alone says anything.
const QUIET_DAYS: u8 = 4;

/// A month-end estimate in minor units.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Forecast {
    /// The low end of the likely range.
    pub low_minor: i64,
    /// The single best estimate; never below what is already spent.
    pub mid_minor: i64,
    /// The high end of the likely range.
    pub high_minor: i64,
}

/// Estimates the month's end from `spent` so far and the totals of closed months, `past`.
///
/// `None` when there is nothing to go by: a closed or coming month, or the first days without a past.
#[must_use]
pub fn month_end(kind: Kind, spent: i64, progress: Progress, past: &[i64]) -> Option<Forecast> {
    if !progress.running() || !kind.is_spending() {
        return None;
    }
    let typical = median(past);
    if kind == Kind::Fixed {
        // Bills repeat: what was paid stays, what was paid in other months is still to come.
        return typical.map(|usual| exact(spent.max(usual)));
    }
    let (day, length, left) = (
        i128::from(progress.day),
        i128::from(progress.length),
        i128::from(progress.left()),
    );
    let now = i128::from(spent);
    let pace_rest = now * left / day;
    let rest = match typical {
        Some(usual) => (pace_rest * day + i128::from(usual) * left / length * (length - day)) / length,
        None if progress.day >= QUIET_DAYS => pace_rest,
        None => return None,
    };
    let usual_rest = typical.map_or(rest, |usual| i128::from(usual) * left / length);
    let swing = (pace_rest - usual_rest).abs() / 2 + rest / 8;
    Some(Forecast {
        low_minor: narrow(now + (rest - swing).max(0)),
        mid_minor: narrow(now + rest),
        high_minor: narrow(now + rest + swing),
    })
}

/// The day of the month on which the estimate passes `limit`, when it does so after today.
#[must_use]
pub fn crossing_day(spent: i64, limit: i64, forecast: Forecast, progress: Progress) -> Option<u8> {
    if spent > limit || forecast.mid_minor <= limit || progress.left() == 0 {
        return None;
    }
    let (rest, left) = (
        i128::from(forecast.mid_minor) - i128::from(spent),
        i128::from(progress.left()),
    );
    let needed = i128::from(limit) - i128::from(spent) + 1;
    let days = (needed * left + rest - 1) / rest;
    Some(progress.day + u8::try_from(days.clamp(1, left)).unwrap_or(1))
}

fn exact(minor: i64) -> Forecast {
    Forecast {
        low_minor: minor,
        mid_minor: minor,
        high_minor: minor,
    }
}

fn narrow(minor: i128) -> i64 {
    i64::try_from(minor).unwrap_or(i64::MAX)
}

/// The middle value, or the mean of the two in the middle; `None` of nothing.
fn median(values: &[i64]) -> Option<i64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let half = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        n if n % 2 == 1 => Some(sorted[half]),
        _ => Some(sorted[half - 1].midpoint(sorted[half])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn on(day: u8) -> Progress {
        Progress {
            day,
            length: 30,
            closed: false,
        }
    }

    #[test]
    fn without_a_past_the_first_days_say_nothing() {
        assert_eq!(month_end(Kind::Flexible, 5000, on(2), &[]), None);
        assert_eq!(
            month_end(Kind::Flexible, 5000, on(10), &[]).map(|f| f.mid_minor),
            Some(15_000)
        );
        assert_eq!(month_end(Kind::NotSpending, 5000, on(10), &[]), None);
    }

    #[test]
    fn one_large_purchase_early_does_not_take_over() {
        let straight_line = 30_000 * 30 / 2;
        let forecast = month_end(Kind::Flexible, 30_000, on(2), &[40_000, 42_000, 38_000]).unwrap();
        assert!(forecast.mid_minor < straight_line / 4, "{forecast:?}");
        assert!(forecast.mid_minor > 60_000, "{forecast:?}");
    }

    #[test]
    fn a_bill_is_expected_once() {
        assert_eq!(
            month_end(Kind::Fixed, 0, on(1), &[120_000]).map(|f| f.mid_minor),
            Some(120_000)
        );
        assert_eq!(
            month_end(Kind::Fixed, 120_000, on(20), &[120_000]).map(|f| f.mid_minor),
            Some(120_000)
        );
    }

    #[test]
    fn the_crossing_day_lies_between_today_and_the_end() {
        let forecast = Forecast {
            low_minor: 9000,
            mid_minor: 11_070,
            high_minor: 12_000,
        };
        assert_eq!(crossing_day(8120, 9000, forecast, on(22)), Some(25));
        assert_eq!(crossing_day(9100, 9000, forecast, on(22)), None);
        assert_eq!(crossing_day(8120, 20_000, forecast, on(22)), None);
    }

    proptest! {
        #[test]
        fn a_forecast_never_falls_below_what_is_spent(spent in 0_i64..1_000_000_000, day in 1_u8..=30, past in prop::collection::vec(0_i64..1_000_000_000, 0..6)) {
            if let Some(f) = month_end(Kind::Flexible, spent, on(day), &past) {
                prop_assert!(spent <= f.low_minor && f.low_minor <= f.mid_minor && f.mid_minor <= f.high_minor);
                if let Some(on_day) = crossing_day(spent, spent + 1, f, on(day)) {
                    prop_assert!(day < on_day && on_day <= 30);
                }
            }
        }

        #[test]
        fn extremes_do_not_overflow(spent in any::<i64>(), day in 1_u8..=30, past in prop::collection::vec(any::<i64>(), 0..6)) {
            let _ = month_end(Kind::Flexible, spent.max(0), on(day), &past);
        }
    }
}
