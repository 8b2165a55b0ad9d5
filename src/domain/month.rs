//! Calendar months and how far a month has come.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A calendar month, written `2026-11`. Years run from 1970 to 9998.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    year: i16,
    month: i8,
}

/// A text that is no month.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("\"{0}\" is not a month. Write year and month, for example 2026-11.")]
pub struct MonthError(String);

const FIRST_YEAR: i16 = 1970;
const LAST_YEAR: i16 = 9998;

impl Month {
    /// The month that holds `day`; days outside the supported years fall to the nearest month inside.
    #[must_use]
    pub fn of(day: Date) -> Self {
        match day.year() {
            year if year < FIRST_YEAR => Self {
                year: FIRST_YEAR,
                month: 1,
            },
            year if year > LAST_YEAR => Self {
                year: LAST_YEAR,
                month: 12,
            },
            year => Self {
                year,
                month: day.month(),
            },
        }
    }

    /// Months since January 1970: what the store keeps.
    #[must_use]
    pub fn index(self) -> i64 {
        (i64::from(self.year) - i64::from(FIRST_YEAR)) * 12 + i64::from(self.month) - 1
    }

    /// The month at [`Month::index`] `index`, held inside the supported years.
    #[must_use]
    pub fn from_index(index: i64) -> Self {
        let last = Self {
            year: LAST_YEAR,
            month: 12,
        }
        .index();
        let index = index.clamp(0, last);
        let year = i16::try_from(index / 12).map_or(LAST_YEAR, |years| years + FIRST_YEAR);
        let month = i8::try_from(index % 12).map_or(12, |month| month + 1);
        Self { year, month }
    }

    /// `count` months later, or earlier when negative.
    #[must_use]
    pub fn plus(self, count: i64) -> Self {
        Self::from_index(self.index().saturating_add(count))
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> Date {
        Date::constant(self.year, self.month, 1)
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> Date {
        self.first_day().last_of_month()
    }

    /// Number of days: 28 to 31.
    #[must_use]
    pub fn length(self) -> u8 {
        self.last_day().day().unsigned_abs()
    }

    /// Whether `day` lies in this month.
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        day.year() == self.year && day.month() == self.month
    }

    /// How far the month has come on the local day `today`.
    #[must_use]
    pub fn progress(self, today: Date) -> Progress {
        let length = self.length();
        let day = if today < self.first_day() {
            0
        } else if self.contains(today) {
            today.day().unsigned_abs()
        } else {
            length
        };
        Progress {
            day,
            length,
            closed: today > self.last_day(),
        }
    }

    /// `November 2026`.
    #[must_use]
    pub fn long_name(self) -> String {
        self.first_day().strftime("%B %Y").to_string()
    }

    /// `Nov`.
    #[must_use]
    pub fn short_name(self) -> String {
        self.first_day().strftime("%b").to_string()
    }
}

/// How far a month has come: the current day counts as begun and done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// Days gone, today included: 0 before the month, `length` after it.
    pub day: u8,
    /// Days of the month: 28 to 31.
    pub length: u8,
    /// Whether the month lies in the past.
    pub closed: bool,
}

impl Progress {
    /// Days left after today.
    #[must_use]
    pub fn left(self) -> u8 {
        self.length - self.day
    }

    /// Part of the month gone, rounded percent: 0 to 100.
    #[must_use]
    pub fn percent(self) -> u8 {
        let length = u16::from(self.length);
        u8::try_from((u16::from(self.day) * 200 + length) / (2 * length)).unwrap_or(100)
    }

    /// Whether a forecast still has something to say.
    #[must_use]
    pub fn running(self) -> bool {
        self.day > 0 && !self.closed
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl fmt::Debug for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Month {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, MonthError> {
        let error = || MonthError(text.chars().take(16).collect());
        let (year, month) = text.trim().split_once('-').ok_or_else(error)?;
        let digits = |part: &str, len: usize| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(error());
        }
        let (year, month) = (year.parse().map_err(|_| error())?, month.parse().map_err(|_| error())?);
        if !(FIRST_YEAR..=LAST_YEAR).contains(&year) || !(1..=12).contains(&month) {
            return Err(error());
        }
        Ok(Self { year, month })
    }
}

impl TryFrom<String> for Month {
    type Error = MonthError;
    fn try_from(text: String) -> Result<Self, MonthError> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn a_month_knows_its_days() {
        let month: Month = "2028-02".parse().unwrap();
        assert_eq!((month.length(), month.last_day()), (29, date(2028, 2, 29)));
        assert_eq!(month.plus(-2).to_string(), "2027-12");
        assert_eq!(
            month.progress(date(2028, 2, 22)),
            Progress {
                day: 22,
                length: 29,
                closed: false
            }
        );
        assert_eq!(month.progress(date(2028, 1, 31)).day, 0);
        assert!(month.progress(date(2028, 3, 1)).closed);
        assert_eq!(
            Progress {
                day: 22,
                length: 30,
                closed: false
            }
            .percent(),
            73
        );
    }

    #[test]
    fn what_is_no_month_is_refused() {
        for text in [
            "",
            "2026",
            "2026-13",
            "2026-00",
            "26-11",
            "2026-1",
            "1969-12",
            "+026-11",
            "2026-11-01",
        ] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn index_and_text_lead_back(index in 0_i64..96_348) {
            let month = Month::from_index(index);
            prop_assert_eq!(month.index(), index);
            prop_assert_eq!(month.to_string().parse::<Month>(), Ok(month));
            prop_assert_eq!(month.plus(1).first_day(), month.last_day().tomorrow().unwrap());
        }

        #[test]
        fn any_text_and_step_is_safe(text in "\\PC{0,12}", step in any::<i64>()) {
            let _ = text.parse::<Month>();
            let _ = Month::from_index(step).plus(step).length();
        }
    }
}
