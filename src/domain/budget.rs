//! How a category stands against its limit, and the words for it.

use jiff::civil::Date;

use super::calendar::Calendar;
use super::category::Kind;
use super::forecast::{Forecast, crossing_day};
use super::locale::Locale;
use super::money::{Currency, Money};
use super::month::{Month, Progress};

/// Percentage points either side of the calendar that still count as on pace.
const PACE_TOLERANCE: i64 = 5;

/// What is known of one category in one month; amounts in minor units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Standing<'a> {
    /// How the category's money moves.
    pub kind: Kind,
    /// Spent so far.
    pub spent: i64,
    /// The month's limit, if one is set.
    pub limit: Option<i64>,
    /// The month-end estimate, if there is one.
    pub forecast: Option<&'a Forecast>,
    /// When months begin.
    pub calendar: Calendar,
    /// The month in question.
    pub month: Month,
    /// How far it has come.
    pub progress: Progress,
}

/// What a budget will come to, in the order of risk in which lists are sorted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub enum Outlook {
    /// Spent more than the limit, by this much.
    Over(i64),
    /// The forecast passes the limit, on this day where it can be told.
    WillPass(Option<Date>),
    /// Further than the calendar by this many percentage points.
    Ahead(i64),
    /// Within a few points of the calendar.
    OnPace,
    /// Behind the calendar by this many percentage points.
    Below(i64),
    /// A closed month that kept its limit, with this much left.
    Kept(i64),
    /// A limit, and nothing spent.
    Unused,
    /// A bill; whether it is paid in full.
    Fixed {
        /// Spent as much as the limit.
        paid: bool,
    },
    /// No limit is set.
    NoLimit,
}

impl Standing<'_> {
    /// Judges the category.
    #[must_use]
    pub fn outlook(&self) -> Outlook {
        let Some(limit) = self.limit else {
            return Outlook::NoLimit;
        };
        if self.spent > limit {
            return Outlook::Over(self.spent.saturating_sub(limit));
        }
        if self.kind == Kind::Fixed && self.forecast.is_none_or(|f| f.mid_minor <= limit) {
            return Outlook::Fixed {
                paid: self.spent == limit && limit > 0,
            };
        }
        if self.progress.closed {
            return Outlook::Kept(limit.saturating_sub(self.spent));
        }
        if let Some(forecast) = self.forecast.filter(|f| f.mid_minor > limit) {
            let day = crossing_day(self.spent, limit, forecast, self.progress);
            return Outlook::WillPass(day.map(|day| self.calendar.day_of(self.month, day)));
        }
        if self.spent <= 0 {
            return Outlook::Unused;
        }
        match used_percent(self.spent, limit) - i64::from(self.progress.percent()) {
            points if points > PACE_TOLERANCE => Outlook::Ahead(points),
            points if points < -PACE_TOLERANCE => Outlook::Below(-points),
            _ => Outlook::OnPace,
        }
    }
}

impl Outlook {
    /// The group in which a list sorted by risk shows it: 0 is the most urgent.
    #[must_use]
    pub fn risk(&self) -> u8 {
        match self {
            Self::Over(_) => 0,
            Self::WillPass(_) => 1,
            Self::Ahead(_) => 2,
            Self::OnPace => 3,
            Self::Below(_) | Self::Kept(_) => 4,
            Self::Unused => 5,
            Self::Fixed { .. } => 6,
            Self::NoLimit => 7,
        }
    }

    /// The few words beside the bar: `over $5.80`, `hits 25 Nov`, `28% below`.
    #[must_use]
    pub fn words(&self, currency: Currency, locale: &Locale) -> String {
        let money = |minor| Money::new(minor, currency);
        match *self {
            Self::Over(by) => format!("over {}", money(by).short_symbol()),
            Self::WillPass(Some(day)) => format!("hits {}", locale.day(day, "%-d %b")),
            Self::WillPass(None) => "will pass".to_owned(),
            Self::Ahead(points) => format!("{points}% ahead"),
            Self::OnPace => "on pace".to_owned(),
            Self::Below(points) => format!("{points}% below"),
            Self::Kept(left) => format!("{} left", money(left).whole()),
            Self::Unused => "unused".to_owned(),
            Self::Fixed { paid: true } => "fixed, paid".to_owned(),
            Self::Fixed { paid: false } => "fixed".to_owned(),
            Self::NoLimit => "no limit".to_owned(),
        }
    }
}

/// Spent as a rounded percentage of the limit; a limit of zero counts as full.
#[must_use]
pub fn used_percent(spent: i64, limit: i64) -> i64 {
    if limit <= 0 {
        return if spent > 0 { 100 } else { 0 };
    }
    let percent = (i128::from(spent) * 200 + i128::from(limit)) / (2 * i128::from(limit));
    i64::try_from(percent).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;
    use rstest::rstest;

    const DAY_22: Progress = Progress {
        day: 22,
        length: 30,
        closed: false,
    };

    fn forecast(spent: i64, mid: Option<i64>) -> Option<Forecast> {
        mid.map(|mid| Forecast::evenly(spent, mid, DAY_22))
    }

    fn standing(kind: Kind, spent: i64, limit: Option<i64>, forecast: Option<&Forecast>) -> Standing<'_> {
        Standing {
            kind,
            spent,
            limit,
            forecast,
            calendar: Calendar::default(),
            month: Month::of(date(2026, 11, 1)),
            progress: DAY_22,
        }
    }

    #[rstest]
    #[case(Kind::Flexible, 12_580, Some(12_000), None, "over $5.80")]
    #[case(Kind::Flexible, 8120, Some(9000), Some(11_070), "hits 25 Nov")]
    #[case(Kind::Flexible, 11_840, Some(16_000), Some(15_900), "on pace")]
    #[case(Kind::Flexible, 20_330, Some(45_000), None, "28% below")]
    #[case(Kind::Flexible, 8500, Some(10_000), Some(9900), "12% ahead")]
    #[case(Kind::Flexible, 0, Some(10_000), None, "unused")]
    #[case(Kind::Fixed, 120_000, Some(120_000), Some(120_000), "fixed, paid")]
    #[case(Kind::Fixed, 4197, Some(4500), None, "fixed")]
    #[case(Kind::Flexible, 500, None, None, "no limit")]
    fn says_what_the_mock_ups_say(
        #[case] kind: Kind,
        #[case] spent: i64,
        #[case] limit: Option<i64>,
        #[case] mid: Option<i64>,
        #[case] words: &str,
    ) {
        let forecast = forecast(spent, mid);
        let outlook = standing(kind, spent, limit, forecast.as_ref()).outlook();
        assert_eq!(outlook.words(Currency::USD, &Locale::default()), words);
    }

    #[test]
    fn a_closed_month_was_kept_or_not() {
        let mut closed = standing(Kind::Flexible, 9000, Some(10_000), None);
        closed.progress.closed = true;
        closed.progress.day = 30;
        assert_eq!(closed.outlook(), Outlook::Kept(1000));
    }

    proptest! {
        #[test]
        fn over_means_more_than_the_limit_and_nothing_else(spent in 0_i64..1_000_000, limit in 0_i64..1_000_000, mid in prop::option::of(0_i64..2_000_000)) {
            let forecast = forecast(spent, mid);
            for kind in [Kind::Flexible, Kind::Fixed] {
                let outlook = standing(kind, spent, Some(limit), forecast.as_ref()).outlook();
                prop_assert_eq!(outlook.risk() == 0, spent > limit);
                prop_assert!(!outlook.words(Currency::USD, &Locale::default()).is_empty());
            }
        }
    }
}
