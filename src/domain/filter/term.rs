//! Reading one term of a filter.

use std::ops::RangeInclusive;

use jiff::civil::Date;

use super::word::Word;
use super::{Test, joined};
use crate::domain::calendar::Calendar;
use crate::domain::day;
use crate::domain::money::{Currency, Money, MoneyError};
use crate::domain::month::Month;

/// What a typed term turned out to be.
pub(super) enum Read {
    /// Something that a row can be tested with.
    Test(Test),
    /// Not complete yet.
    Unfinished,
    /// Cannot be read; the words say what it is not.
    Wrong(&'static str),
}

/// What day it is, and when months begin.
#[derive(Clone, Copy)]
pub(super) struct When {
    pub(super) today: Date,
    pub(super) calendar: Calendar,
}

impl When {
    /// First and last day of a month.
    pub(super) fn days_of(self, month: Month) -> (Date, Date) {
        (self.calendar.first_day(month), self.calendar.last_day(month))
    }
}

/// Reads one term without its minus. What is no known term is a word.
pub(super) fn read(typed: &str, when: When, currency: Currency) -> Read {
    let at = typed.find([':', '>', '<', '=']).unwrap_or(typed.len());
    let (key, rest) = (typed[..at].to_ascii_lowercase(), &typed[at..]);
    if key == "amount" && !rest.is_empty() {
        return amount(rest, currency);
    }
    let Some(value) = rest.strip_prefix(':') else {
        return word(typed, currency);
    };
    match key.as_str() {
        "cat" | "category" => category(value),
        "since" => days(value, when, |(first, _)| (first, Date::MAX)),
        "until" => days(value, when, |(_, last)| (Date::MIN, last)),
        "on" => days(value, when, |span| span),
        "month" => in_month(value, when),
        "is" => is(value),
        _ => word(typed, currency),
    }
}

fn word(typed: &str, currency: Currency) -> Read {
    Word::new(typed, currency).map_or(Read::Unfinished, |word| Read::Test(Test::Word(word)))
}

fn category(value: &str) -> Read {
    match joined(value) {
        empty if empty.is_empty() => Read::Unfinished,
        wanted => Read::Test(Test::Category(wanted)),
    }
}

fn is(value: &str) -> Read {
    const KNOWN: [(&str, Test); 4] = [
        ("unsure", Test::Unsure),
        ("uncategorised", Test::Uncategorised),
        ("uncategorized", Test::Uncategorised),
        ("mine", Test::Mine),
    ];
    let value = value.to_lowercase();
    if let Some((_, test)) = KNOWN.iter().find(|(name, _)| *name == value) {
        return Read::Test(test.clone());
    }
    if KNOWN.iter().any(|(name, _)| name.starts_with(&value)) {
        Read::Unfinished
    } else {
        Read::Wrong("is not known; there are is:unsure, is:uncategorised and is:mine")
    }
}

/// What stands after `amount`: `>20`, `<=5`, `=12.50`, `:10-20`.
pub(super) fn amount(rest: &str, currency: Currency) -> Read {
    const SIGNS: [&str; 7] = [">=", "=>", "<=", "=<", ">", "<", "="];
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign)).unwrap_or("");
    let value = &rest[sign.len()..];
    let range = match sign {
        ">" => number(value, currency).map(|least| least.saturating_add(1)..=i64::MAX),
        "<" => number(value, currency).map(|most| i64::MIN..=most.saturating_sub(1)),
        ">=" | "=>" => number(value, currency).map(|least| least..=i64::MAX),
        "<=" | "=<" => number(value, currency).map(|most| i64::MIN..=most),
        _ => between(value, currency),
    };
    match range {
        Ok(range) => Read::Test(Test::Amount(range)),
        Err(MoneyError::Empty) => Read::Unfinished,
        Err(MoneyError::TooPrecise { .. }) => Read::Wrong("has more decimals than the currency"),
        Err(_) => Read::Wrong("is not an amount"),
    }
}

/// `10-20`, `10-` or one amount alone.
fn between(value: &str, currency: Currency) -> Result<RangeInclusive<i64>, MoneyError> {
    let Some((least, most)) = value.split_once("..").or_else(|| value.split_once('-')) else {
        return number(value, currency).map(|only| only..=only);
    };
    let end = |text, open| match number(text, currency) {
        Err(MoneyError::Empty) => Ok(open),
        other => other,
    };
    if least.is_empty() && most.is_empty() {
        return Err(MoneyError::Empty);
    }
    let (least, most) = (end(least, i64::MIN)?, end(most, i64::MAX)?);
    Ok(least.min(most)..=least.max(most))
}

/// Minor units; a decimal mark at the end waits for its decimals.
fn number(text: &str, currency: Currency) -> Result<i64, MoneyError> {
    Money::parse(text.trim_end_matches(['.', ',']), currency).map(|money| money.minor)
}

fn days(value: &str, when: When, kept: impl Fn((Date, Date)) -> (Date, Date)) -> Read {
    let day = || day::parse(value, when.today).ok().map(|day| (day, day));
    match value {
        "" => Read::Unfinished,
        _ => match day()
            .or_else(|| month(value, when).map(|month| when.days_of(month)))
            .map(kept)
        {
            Some((first, last)) => Read::Test(Test::Days(first, last)),
            None if may_become_a_day(value) => Read::Unfinished,
            None => Read::Wrong("is not a day"),
        },
    }
}

fn in_month(value: &str, when: When) -> Read {
    let begun = ["this", "last"]
        .iter()
        .any(|word| word.starts_with(&value.to_lowercase()));
    match month(value, when).map(|month| when.days_of(month)) {
        Some((first, last)) => Read::Test(Test::Days(first, last)),
        None if begun || may_become_a_day(value) => Read::Unfinished,
        None => Read::Wrong("is not a month"),
    }
}

/// Reads `2026-09`, `sep`, `9`, `sep2025`, `this`, `last`. Without a year it is the latest one that is not after
/// this month.
pub(super) fn month(text: &str, when: When) -> Option<Month> {
    let text = text.to_lowercase();
    let current = when.calendar.month_of(when.today);
    let spaced = day::spaced(&text);
    let parts: Vec<&str> = spaced.split([' ', '-', '.']).filter(|part| !part.is_empty()).collect();
    let number = |name: &str| -> Option<i64> {
        let number = name.parse().ok().or_else(|| day::month_number(name))?;
        (1..=12).contains(&number).then_some(i64::from(number))
    };
    let in_year = |year: &str, name: &str| -> Option<Month> {
        let year: i64 = year.parse().ok().filter(|_| year.len() == 4)?;
        let index = (year - 1970) * 12 + number(name)? - 1;
        (index >= 0).then(|| Month::from_index(index))
    };
    match parts.as_slice() {
        ["this"] => Some(current),
        ["last"] => Some(current.plus(-1)),
        [name] => {
            let (wanted, now) = (number(name)?, current.index() % 12 + 1);
            Some(current.plus(-((now - wanted).rem_euclid(12))))
        }
        [a, b] => in_year(a, b).or_else(|| in_year(b, a)),
        _ => None,
    }
}

/// Whether more letters can make a day or a month of a text that is none.
fn may_become_a_day(text: &str) -> bool {
    let text = text.to_lowercase();
    let spaced = day::spaced(&text);
    let last = spaced.rsplit([' ', '-', '.']).next().unwrap_or_default();
    if last.chars().all(|c| c.is_ascii_digit()) {
        let marked = text.contains(['-', '.']) || text.starts_with("19") || text.starts_with("20");
        return text.len() < 10 && (marked || text.len() < 2);
    }
    day::words().any(|word| word.starts_with(last))
}
