//! When a budget is worth telling the user about.
//!
//! An alert is a fact with a cause: there is at most one for each category, month and level. It stays
//! while its cause holds and is resolved when an edit takes the cause away.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::forecast::Forecast;
use super::money::{Currency, Money};
use super::month::Month;

/// Percent of the limit at which the first alert is raised, unless the user wants another.
pub const USUAL_NEAR_PERCENT: u8 = 80;

/// Percent of the limit that the month-end estimate must fall below before an alert about it is withdrawn.
///
/// An estimate moves a little every day. One that wavers round the limit would bring the same news again and again.
pub const WITHDRAW_PERCENT: i64 = 95;

/// What a user wants to be told about a category.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertRules {
    /// Tell when this percentage of the limit is spent, 1 to 99; never when absent.
    #[schema(minimum = 1, maximum = 99)]
    pub near_percent: Option<u8>,
    /// Tell when the month-end estimate passes the limit.
    pub forecast: bool,
    /// Tell when more than the limit is spent.
    pub over: bool,
}

impl Default for AlertRules {
    fn default() -> Self {
        Self {
            near_percent: Some(USUAL_NEAR_PERCENT),
            forecast: true,
            over: true,
        }
    }
}

/// What an alert is about.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Debug,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Level {
    /// A part of the limit is spent, 80 % unless the user wants another.
    Near,
    /// The month-end estimate passes the limit.
    Forecast,
    /// More than the limit is spent.
    Over,
}

/// What decides about a category's alerts in one month; amounts in minor units.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Spent so far.
    pub spent: i64,
    /// The limit, if one is set.
    pub limit: Option<i64>,
    /// The month-end estimate, if there is one.
    pub forecast: Option<Forecast>,
    /// Whether the month lies in the past: then only [`Level::Over`] is news.
    pub closed: bool,
    /// Whether the category is a bill: reaching its limit exactly is no news.
    pub fixed: bool,
    /// What the user wants to be told.
    pub rules: AlertRules,
}

impl Facts {
    /// Whether the cause of an alert of `level` that was raised before still holds, and the user wants to be told of it.
    #[must_use]
    pub fn holds(&self, level: Level) -> bool {
        let Some(limit) = self.limit else { return false };
        match level {
            Level::Near => self.rules.near_percent.is_some_and(|percent| {
                self.spent > 0 && i128::from(self.spent) * 100 >= i128::from(limit) * i128::from(percent)
            }),
            Level::Over => self.rules.over && self.spent > limit,
            Level::Forecast => {
                self.rules.forecast && (self.spent > limit || self.forecast_passes(limit, WITHDRAW_PERCENT))
            }
        }
    }

    /// Whether the month-end estimate is above `percent` of the limit.
    fn forecast_passes(&self, limit: i64, percent: i64) -> bool {
        let above =
            |forecast: &Forecast| i128::from(forecast.mid_minor) * 100 > i128::from(limit) * i128::from(percent);
        self.forecast.as_ref().is_some_and(above)
    }

    /// Whether a new alert of `level` should be raised now: its cause holds and no stronger one says it already.
    #[must_use]
    pub fn raises(&self, level: Level) -> bool {
        let over = self.holds(Level::Over);
        self.holds(level)
            && match level {
                Level::Over => true,
                Level::Near => !over && !self.closed && !self.fixed,
                Level::Forecast => {
                    !over && !self.closed && self.limit.is_some_and(|limit| self.forecast_passes(limit, 100))
                }
            }
    }
}

/// The sentence of an alert; `spent`, `limit` and `forecast` in minor units.
#[must_use]
pub fn message(
    level: Level,
    category: &str,
    month: Month,
    amounts: (i64, i64, Option<i64>),
    currency: Currency,
) -> String {
    let money = |minor| Money::new(minor, currency).short_symbol();
    let (spent, limit, forecast) = amounts;
    let name = month.long_name();
    match level {
        Level::Near => format!(
            "{category} has reached {}% of its {} limit for {name}.",
            super::budget::used_percent(spent, limit),
            money(limit)
        ),
        Level::Over => format!(
            "{category} is over its {} limit for {name} by {}.",
            money(limit),
            money(spent.saturating_sub(limit))
        ),
        Level::Forecast => match forecast {
            Some(mid) => format!(
                "{category} will pass its {} limit for {name}: {} expected.",
                money(limit),
                money(mid)
            ),
            None => format!("{category} will pass its {} limit for {name}.", money(limit)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::month::Progress;
    use proptest::prelude::*;

    fn facts(spent: i64, limit: i64, mid: Option<i64>) -> Facts {
        let progress = Progress {
            day: 22,
            length: 30,
            closed: false,
        };
        Facts {
            spent,
            limit: Some(limit),
            forecast: mid.map(|mid| Forecast::evenly(spent, mid, progress)),
            closed: false,
            fixed: false,
            rules: AlertRules::default(),
        }
    }

    #[test]
    fn only_what_the_user_wants_is_told() {
        let quiet = AlertRules {
            near_percent: None,
            forecast: false,
            over: false,
        };
        let told = |rules, spent| {
            let facts = Facts {
                rules,
                ..facts(spent, 5000, Some(9000))
            };
            [Level::Near, Level::Forecast, Level::Over].map(|level| facts.raises(level))
        };
        assert_eq!(told(quiet, 6000), [false; 3]);
        assert_eq!(
            told(
                AlertRules {
                    near_percent: Some(50),
                    ..quiet
                },
                2500
            ),
            [true, false, false]
        );
        assert_eq!(
            told(
                AlertRules {
                    near_percent: Some(50),
                    ..quiet
                },
                2499
            ),
            [false; 3]
        );
        // What is over is near as well, for whom that is all he wants to know.
        assert_eq!(
            told(
                AlertRules {
                    near_percent: Some(99),
                    ..quiet
                },
                6000
            ),
            [true, false, false]
        );
        assert_eq!(told(AlertRules { over: true, ..quiet }, 6000), [false, false, true]);
        assert_eq!(
            told(
                AlertRules {
                    forecast: true,
                    ..quiet
                },
                100
            ),
            [false, true, false]
        );
    }

    #[test]
    fn the_strongest_news_is_told_once() {
        let over = facts(6000, 5000, Some(7000));
        assert!(over.raises(Level::Over) && !over.raises(Level::Near) && !over.raises(Level::Forecast));
        assert!(over.holds(Level::Near) && over.holds(Level::Forecast));
        assert!(facts(4000, 5000, None).raises(Level::Near));
        assert!(facts(1000, 5000, Some(5001)).raises(Level::Forecast));
        assert!(!facts(5000, 5000, Some(5000)).raises(Level::Over));
    }

    #[test]
    fn an_estimate_that_wavers_round_the_limit_is_told_once() {
        let told = |mid| facts(1000, 5000, Some(mid)).raises(Level::Forecast);
        let stays = |mid| facts(1000, 5000, Some(mid)).holds(Level::Forecast);
        assert!(told(5001) && stays(5001));
        assert!(!told(5000) && stays(5000) && stays(4751));
        assert!(!told(4750) && !stays(4750));
    }

    #[test]
    fn a_closed_month_only_tells_what_went_over() {
        let closed = Facts {
            closed: true,
            ..facts(4500, 5000, None)
        };
        assert!(!closed.raises(Level::Near));
        assert!(
            Facts {
                closed: true,
                ..facts(5001, 5000, None)
            }
            .raises(Level::Over)
        );
    }

    #[test]
    fn messages_name_category_month_and_amount() {
        let month: Month = "2026-11".parse().unwrap();
        assert_eq!(
            message(Level::Over, "Dining", month, (12_580, 12_000, None), Currency::USD),
            "Dining is over its $120 limit for November 2026 by $5.80."
        );
    }

    proptest! {
        #[test]
        fn what_is_raised_also_holds(spent in 0_i64..10_000, limit in 0_i64..10_000, mid in prop::option::of(0_i64..20_000), closed: bool, fixed: bool) {
            let facts = Facts { closed, fixed, ..facts(spent, limit, mid) };
            for level in [Level::Near, Level::Forecast, Level::Over] {
                prop_assert!(!facts.raises(level) || facts.holds(level));
            }
        }
    }
}
