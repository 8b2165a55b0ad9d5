//! Days as people type them.

use jiff::ToSpan;
use jiff::civil::Date;
use thiserror::Error;

/// A text that is no day, or a day that no expense can have.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DayError {
    /// Not one of the accepted forms.
    #[error("\"{0}\" is not a day. Write 2026-11-22, 22 nov, 22, today or yesterday.")]
    NotADay(String),
    /// Before 1970 or more than ten years ahead.
    #[error("This day is out of range: 1970 to ten years from now.")]
    OutOfRange,
}

/// Reads `today`, `yesterday`, `2026-11-22`, `22 nov`, `22nov`, `nov 22`, `22.11.`, `22.11.2026`, `22`, a weekday
/// name, `last friday`, `3 days ago` or `2 weeks ago`.
///
/// `11/22` and `22/11` can only mean one day; `3/4` is refused: half the world reads it the other way round.
///
/// A day without a year, or without a month, is the latest one that is not after `today`.
///
/// # Errors
/// [`DayError`], saying what to type instead.
pub fn parse(text: &str, today: Date) -> Result<Date, DayError> {
    let lower = text.trim().to_lowercase();
    let error = || DayError::NotADay(text.trim().chars().take(24).collect());
    let day = match lower.as_str() {
        "" | "today" => Some(today),
        "yesterday" => today.yesterday().ok(),
        "tomorrow" => today.tomorrow().ok(),
        _ => lower
            .parse()
            .ok()
            .filter(|_| lower.len() == 10)
            .or_else(|| ago(&lower, today))
            .or_else(|| slashed(&lower, today))
            .or_else(|| relative(&lower, today)),
    };
    check(day.ok_or_else(error)?, today)
}

/// Whether an expense may have this day, seen from `today`.
///
/// # Errors
/// [`DayError::OutOfRange`].
pub fn check(day: Date, today: Date) -> Result<Date, DayError> {
    let latest = today.checked_add(10.years()).unwrap_or(Date::MAX);
    if day < Date::constant(1970, 1, 1) || day > latest {
        Err(DayError::OutOfRange)
    } else {
        Ok(day)
    }
}

/// `3 days ago`, `a week ago`, `last friday`.
fn ago(text: &str, today: Date) -> Option<Date> {
    let parts: Vec<&str> = text.split_whitespace().collect();
    match parts.as_slice() {
        ["last", "night"] => today.yesterday().ok(),
        ["last", name] => match weekday(name, today)? {
            day if day == today => today.checked_sub(7.days()).ok(),
            day => Some(day),
        },
        [count, unit, "ago"] => {
            let count: i64 = match *count {
                "a" | "one" => 1,
                "two" => 2,
                "three" => 3,
                digits => digits.parse().ok().filter(|count| (0..=999).contains(count))?,
            };
            let days = match unit.strip_suffix('s').unwrap_or(unit) {
                "day" => 1,
                "week" => 7,
                _ => return None,
            };
            today.checked_sub((count * days).days()).ok()
        }
        _ => None,
    }
}

/// `22/11`, `11/22`, `22/11/2026`: where only one of the two numbers can be a month.
fn slashed(text: &str, today: Date) -> Option<Date> {
    let mut parts = text.split('/');
    let (a, b): (i8, i8) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let (day, month) = match (a > 12, b > 12) {
        (true, false) => (a, b),
        (false, true) => (b, a),
        // Twice the same number: both readings agree.
        _ if a == b => (a, b),
        _ => return None,
    };
    let spaced = match (parts.next(), parts.next()) {
        (None, _) => format!("{day} {month}"),
        (Some(year), None) => format!("{day} {month} {year}"),
        _ => return None,
    };
    relative(&spaced, today)
}

fn relative(text: &str, today: Date) -> Option<Date> {
    let spaced = spaced(text);
    let parts: Vec<&str> = spaced.split([' ', '.', ',']).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [one] => weekday(one, today).or_else(|| {
            let day: i8 = one.parse().ok()?;
            (0..12)
                .filter_map(|back| with_day(today.first_of_month().checked_sub(back.months()).ok()?, day))
                .find(|d| *d <= today)
        }),
        [a, b] => {
            let (day, month) = match (a.parse::<i8>(), b.parse::<i8>()) {
                (Ok(day), Ok(month)) => (day, month),
                (Ok(day), Err(_)) => (day, month_number(b)?),
                (Err(_), Ok(day)) => (day, month_number(a)?),
                (Err(_), Err(_)) => return None,
            };
            // Eight years always hold a 29 February.
            (0..=8)
                .filter_map(|back| Date::new(today.year() - back, month, day).ok())
                .find(|d| *d <= today)
        }
        [day, month, year] if year.len() == 4 => {
            let month = month.parse().ok().or_else(|| month_number(month))?;
            Date::new(year.parse().ok()?, month, day.parse().ok()?).ok()
        }
        _ => None,
    }
}

/// `1sep2026` as `1 sep 2026`.
pub(super) fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    let mut before = ' ';
    for c in text.chars() {
        if (before.is_ascii_digit() && c.is_alphabetic()) || (before.is_alphabetic() && c.is_ascii_digit()) {
            out.push(' ');
        }
        out.push(c);
        before = c;
    }
    out
}

fn with_day(first: Date, day: i8) -> Option<Date> {
    Date::new(first.year(), first.month(), day).ok()
}

/// The months' names, January first.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The weekdays' names, Monday first.
const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Every word that a day may be written with.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    let near = ["today", "yesterday", "tomorrow"];
    near.into_iter().chain(MONTHS).chain(WEEKDAYS)
}

/// 1 to 12 for a month's name or at least its first three letters, in lower case.
pub(super) fn month_number(name: &str) -> Option<i8> {
    if name.len() < 3 {
        return None;
    }
    MONTHS
        .iter()
        .position(|month| month.starts_with(name))
        .and_then(|at| i8::try_from(at + 1).ok())
}

/// Whether this is a month's whole name, in lower case.
pub(super) fn is_month(name: &str) -> bool {
    MONTHS.contains(&name)
}

/// The latest day with this weekday's name, of three letters or more.
pub(super) fn weekday(name: &str, today: Date) -> Option<Date> {
    if name.len() < 3 {
        return None;
    }
    let wanted = WEEKDAYS.iter().position(|day| day.starts_with(name))?;
    let now = usize::try_from(today.weekday().to_monday_zero_offset()).ok()?;
    let back = i64::try_from((now + 7 - wanted) % 7).ok()?;
    today.checked_sub(back.days()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("", date(2026, 11, 22))]
    #[case("Today", date(2026, 11, 22))]
    #[case("yesterday", date(2026, 11, 21))]
    #[case("2026-03-09", date(2026, 3, 9))]
    #[case("22 nov", date(2026, 11, 22))]
    #[case("dec 24", date(2025, 12, 24))]
    #[case("3.11.", date(2026, 11, 3))]
    #[case("30", date(2026, 10, 30))]
    #[case("29 feb", date(2024, 2, 29))]
    #[case("fri", date(2026, 11, 20))]
    #[case("sunday", date(2026, 11, 22))]
    #[case("22.11.2026", date(2026, 11, 22))]
    #[case("1 mar 2024", date(2024, 3, 1))]
    #[case("1sep", date(2026, 9, 1))]
    #[case("Dec24", date(2025, 12, 24))]
    #[case("1mar2024", date(2024, 3, 1))]
    #[case("2 days ago", date(2026, 11, 20))]
    #[case("a week ago", date(2026, 11, 15))]
    #[case("last friday", date(2026, 11, 20))]
    #[case("last sunday", date(2026, 11, 15))]
    #[case("last night", date(2026, 11, 21))]
    #[case("15/3", date(2026, 3, 15))]
    #[case("3/15", date(2026, 3, 15))]
    #[case("11/11", date(2026, 11, 11))]
    #[case("24/12/2025", date(2025, 12, 24))]
    fn reads_what_people_type(#[case] text: &str, #[case] day: Date) {
        assert_eq!(parse(text, date(2026, 11, 22)), Ok(day));
    }

    #[rstest]
    #[case("soon")]
    #[case("32")]
    #[case("2026-02-30")]
    #[case("1969-12-31")]
    #[case("2036-11-23")]
    #[case("1 2 3 4")]
    #[case("3/4")]
    #[case("13/13")]
    #[case("1/2/3/4")]
    #[case("99999 weeks ago")]
    #[case("20261122")]
    #[case("2026-11-22T10:00")]
    fn refuses_what_is_no_day(#[case] text: &str) {
        assert!(parse(text, date(2026, 11, 22)).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in "\\PC{0,16}") {
            let _ = parse(&text, date(2026, 11, 22));
        }
    }
}
