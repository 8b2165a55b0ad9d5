//! Whose data a statement may touch, and what day it is for that user.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use uuid::Uuid;

use super::tx::StoreError;
use crate::domain::{Calendar, Currency, Month, Progress};
use crate::zone;

/// One user at one moment. Every function that reads or writes a user's data asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// Whose data.
    pub user: Uuid,
    /// The currency of every amount.
    pub currency: Currency,
    /// When the user's months begin.
    pub calendar: Calendar,
    /// The user's local day.
    pub today: Date,
    /// The moment, UTC ms.
    pub now: i64,
}

impl Scope {
    /// The current month of the user.
    #[must_use]
    pub fn month(&self) -> Month {
        self.calendar.month_of(self.today)
    }

    /// How far `month` has come.
    #[must_use]
    pub fn progress(&self, month: Month) -> Progress {
        self.calendar.progress(month, self.today)
    }
}

const EPOCH: Date = Date::constant(1970, 1, 1);

/// Days since 1970-01-01: how the store keeps a day.
#[must_use]
pub fn day_number(day: Date) -> i64 {
    i64::from((day - EPOCH).get_days())
}

/// The day that is [`day_number`] `number`.
pub fn day_of(number: i64) -> Result<Date, StoreError> {
    i32::try_from(number)
        .ok()
        .and_then(|days| EPOCH.checked_add(days.days()).ok())
        .ok_or_else(|| StoreError::Sql("a day outside the calendar".to_owned()))
}

/// The local day in the IANA zone `zone`; UTC when this machine does not know the zone any more.
#[must_use]
pub fn local_day(zone: &str, now: Timestamp) -> Date {
    let zone = zone::named(zone).unwrap_or(TimeZone::UTC);
    now.to_zoned(zone).date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_lead_back() {
        for day in [date(1970, 1, 1), date(2024, 2, 29), date(2036, 12, 31)] {
            assert_eq!(day_of(day_number(day)), Ok(day));
        }
        assert_eq!(day_number(date(1970, 1, 2)), 1);
        assert!(day_of(i64::MAX).is_err());
    }

    #[test]
    fn the_zone_decides_the_day() {
        let late: Timestamp = "2026-11-30T23:30:00Z".parse().unwrap();
        assert_eq!(local_day("UTC", late), date(2026, 11, 30));
        assert_eq!(local_day("Europe/Berlin", late), date(2026, 12, 1));
        assert_eq!(local_day("No/Where", late), date(2026, 11, 30));
    }
}
