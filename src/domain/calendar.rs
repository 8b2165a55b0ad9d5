//! When budget months begin: on the first, or on another day such as pay day.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::month::{Month, Progress};

/// A user's budget months.
///
/// All of them begin on the same day of the month, 1 to 28, and each has the name of the calendar month in which it
/// begins: when months begin on the 25th, November 2026 runs from 25 November to 24 December. So it has as many days
/// as the calendar month of its name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Calendar {
    month_start: u8,
}

/// A day on which no month can begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("A month cannot begin on day {0}. Choose a day from 1 to 28.")]
pub struct MonthStartError(pub u8);

impl Default for Calendar {
    /// Budget months are calendar months.
    fn default() -> Self {
        Self { month_start: 1 }
    }
}

impl Calendar {
    /// Months that begin on day `month_start`.
    ///
    /// # Errors
    /// [`MonthStartError`] when that is not from 1 to 28: not every month has such a day.
    pub fn new(month_start: u8) -> Result<Self, MonthStartError> {
        if (1..=28).contains(&month_start) {
            Ok(Self { month_start })
        } else {
            Err(MonthStartError(month_start))
        }
    }

    /// The day of the month on which budget months begin: 1 to 28.
    #[must_use]
    pub fn month_start(self) -> u8 {
        self.month_start
    }

    /// Whether budget months are calendar months.
    #[must_use]
    pub fn is_usual(self) -> bool {
        self.month_start == 1
    }

    /// The month that holds `day`; days outside the supported years fall to the nearest month inside.
    #[must_use]
    pub fn month_of(self, day: Date) -> Month {
        Month::of(day.saturating_sub(self.shift().days()))
    }

    /// The first day of `month`.
    #[must_use]
    pub fn first_day(self, month: Month) -> Date {
        month.first_day().saturating_add(self.shift().days())
    }

    /// The last day of `month`.
    #[must_use]
    pub fn last_day(self, month: Month) -> Date {
        month.last_day().saturating_add(self.shift().days())
    }

    /// The day of `month` with the number `day`, counted from 1; the last one when there are not so many.
    #[must_use]
    pub fn day_of(self, month: Month, day: u8) -> Date {
        let later = i64::from(day.clamp(1, month.length())) - 1;
        self.first_day(month).saturating_add(later.days())
    }

    /// Whether `day` lies in `month`.
    #[must_use]
    pub fn contains(self, month: Month, day: Date) -> bool {
        (self.first_day(month)..=self.last_day(month)).contains(&day)
    }

    /// How far `month` has come on the local day `today`.
    #[must_use]
    pub fn progress(self, month: Month, today: Date) -> Progress {
        let gone = i64::from((today - self.first_day(month)).get_days()) + 1;
        let length = month.length();
        Progress {
            day: u8::try_from(gone.clamp(0, i64::from(length))).unwrap_or(length),
            length,
            closed: gone > i64::from(length),
        }
    }

    /// `November 2026`; where that is no calendar month, its days too: `November 2026 (25 Nov to 24 Dec)`.
    #[must_use]
    pub fn long_name(self, month: Month) -> String {
        let name = month.long_name();
        if self.is_usual() {
            return name;
        }
        let words = |day: Date| day.strftime("%-d %b").to_string();
        format!(
            "{name} ({} to {})",
            words(self.first_day(month)),
            words(self.last_day(month))
        )
    }

    /// `Months begin on the 25th`, without a full stop.
    #[must_use]
    pub fn words(self) -> String {
        let ending = match self.month_start {
            1 | 21 => "st",
            2 | 22 => "nd",
            3 | 23 => "rd",
            _ => "th",
        };
        format!("Months begin on the {}{ending}", self.month_start)
    }

    /// Days between the first of a calendar month and that of the budget month of its name.
    fn shift(self) -> i64 {
        i64::from(self.month_start) - 1
    }
}

impl TryFrom<u8> for Calendar {
    type Error = MonthStartError;

    fn try_from(month_start: u8) -> Result<Self, MonthStartError> {
        Self::new(month_start)
    }
}

impl From<Calendar> for u8 {
    fn from(calendar: Calendar) -> Self {
        calendar.month_start
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn from(month_start: u8) -> Calendar {
        Calendar::new(month_start).unwrap()
    }

    #[test]
    fn a_month_has_the_name_of_the_month_in_which_it_begins() {
        let (november, pay_day) = (Month::of(date(2026, 11, 1)), from(25));
        assert_eq!(pay_day.first_day(november), date(2026, 11, 25));
        assert_eq!(pay_day.last_day(november), date(2026, 12, 24));
        assert_eq!(pay_day.month_of(date(2026, 12, 24)), november);
        assert_eq!(pay_day.month_of(date(2026, 12, 25)), november.plus(1));
        assert_eq!(pay_day.month_of(date(2026, 11, 24)), november.plus(-1));
        let told = pay_day.progress(november, date(2026, 12, 4));
        assert_eq!((told.day, told.length, told.closed), (10, 30, false));
        assert_eq!(pay_day.day_of(november, 10), date(2026, 12, 4));
        assert_eq!(pay_day.long_name(november), "November 2026 (25 Nov to 24 Dec)");
        assert_eq!(Calendar::default().long_name(november), "November 2026");
    }

    #[test]
    fn february_is_a_month_like_the_others() {
        let february = Month::of(date(2027, 2, 1));
        assert_eq!(from(28).first_day(february), date(2027, 2, 28));
        assert_eq!(from(28).last_day(february), date(2027, 3, 27));
        assert_eq!(from(28).month_of(date(2027, 3, 1)), february);
    }

    #[test]
    fn only_days_that_every_month_has_can_begin_one() {
        for day in [0, 29, 31, 255] {
            let error = Calendar::new(day).unwrap_err();
            assert!(error.to_string().contains("1 to 28"), "{error}");
            assert!(serde_json::from_str::<Calendar>(&day.to_string()).is_err());
        }
        assert_eq!(serde_json::to_string(&from(25)).unwrap(), "25");
        assert!(Calendar::default().is_usual() && !from(2).is_usual());
    }

    #[test]
    fn the_day_is_told_in_words() {
        let told = [1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 28].map(|day| from(day).words());
        let endings = told.map(|words| words.replace("Months begin on the ", ""));
        let wanted = [
            "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "23rd", "28th",
        ];
        assert_eq!(endings, wanted);
    }

    fn any_day() -> impl Strategy<Value = Date> {
        (0_i64..2_000_000).prop_map(|days| date(1970, 1, 28).saturating_add(days.days()))
    }

    proptest! {
        #[test]
        fn every_day_belongs_to_exactly_one_month(day in any_day(), start in 1_u8..=28) {
            let calendar = from(start);
            let month = calendar.month_of(day);
            for back in -2..=2 {
                prop_assert_eq!(calendar.contains(month.plus(back), day), back == 0);
            }
            prop_assert_eq!(calendar.first_day(month.plus(1)), calendar.last_day(month).tomorrow().unwrap());
            prop_assert_eq!(calendar.first_day(month).day().unsigned_abs(), start);
        }

        #[test]
        fn first_and_last_day_are_in_the_month_and_their_neighbours_are_not(index in 1_i64..90_000, start in 1_u8..=28) {
            let (month, calendar) = (Month::from_index(index), from(start));
            let (first, last) = (calendar.first_day(month), calendar.last_day(month));
            prop_assert_eq!((calendar.month_of(first), calendar.month_of(last)), (month, month));
            prop_assert!(!calendar.contains(month, first.yesterday().unwrap()) && !calendar.contains(month, last.tomorrow().unwrap()));
            prop_assert_eq!((last - first).get_days() + 1, i32::from(month.length()));
        }

        #[test]
        fn progress_counts_the_days(index in 1_i64..90_000, start in 1_u8..=28, away in -70_i64..70) {
            let (month, calendar) = (Month::from_index(index), from(start));
            let today = calendar.first_day(month).saturating_add(away.days());
            let progress = calendar.progress(month, today);
            prop_assert_eq!(progress.length, month.length());
            prop_assert_eq!(progress.closed, today > calendar.last_day(month));
            prop_assert_eq!(progress.running(), calendar.contains(month, today));
            if progress.running() {
                prop_assert_eq!(calendar.day_of(month, progress.day), today);
            }
        }

        #[test]
        fn without_a_month_start_it_is_the_calendar(day in any_day(), away in -70_i64..70) {
            let (usual, month) = (Calendar::default(), Month::of(day));
            let today = day.saturating_add(away.days());
            prop_assert_eq!(usual.month_of(day), month);
            prop_assert_eq!((usual.first_day(month), usual.last_day(month)), (month.first_day(), month.last_day()));
            prop_assert_eq!(usual.contains(month, today), month.contains(today));
            prop_assert_eq!(usual.progress(month, today), month.progress(today));
        }

        #[test]
        fn extremes_do_not_panic(days in any::<i32>(), index in any::<i64>(), start in 1_u8..=28, day: u8) {
            let today = date(1970, 1, 1).saturating_add(i64::from(days % 7_000_000).days());
            let (month, calendar) = (Month::from_index(index), from(start));
            let _ = (calendar.month_of(today), calendar.progress(month, today), calendar.day_of(month, day));
        }
    }
}
