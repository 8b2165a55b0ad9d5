//! Days and amounts as people type them without a key: `march 2026`, `13 nov`, `2026-03`, `>15`.

use super::Test;
use super::term::{Read, When, amount, month};
use super::word::Word;
use crate::domain::day;
use crate::domain::money::Currency;

/// What the first of `tokens`, alone or with those behind it, asks for, and how many of them it takes.
///
/// A month's full name alone (`march`) and `yesterday` may be words of a description as well: either will do.
pub(super) fn read(tokens: &[&str], when: When, currency: Currency) -> Option<(Read, usize)> {
    let lower = |count: usize| Some(tokens.get(..count)?.join(" ").to_lowercase());
    let a_day = |text: &str| day::parse(text, when.today).ok().map(|day| Test::Days(day, day));
    let a_month = |text: &str| month(text, when).map(|month| days(when, month));
    if let Some(test) = lower(3).filter(|text| is_day(text)).and_then(|text| a_day(&text)) {
        return Some((Read::Test(test), 3));
    }
    if let Some(two) = lower(2) {
        let found = match two.as_str() {
            "this month" => a_month("this"),
            "last month" => a_month("last"),
            _ if is_day(&two) => a_day(&two),
            _ if is_month_of_a_year(&two) => a_month(&two),
            _ => None,
        };
        if let Some(test) = found {
            return Some((Read::Test(test), 2));
        }
    }
    let one = lower(1)?;
    if one.starts_with(['>', '<']) {
        return Some((amount(&one, currency), 1));
    }
    if is_dashed(&one) {
        let test = a_day(&one).filter(|_| one.len() == 10).or_else(|| a_month(&one))?;
        return Some((Read::Test(test), 1));
    }
    let test = match one.as_str() {
        "today" | "yesterday" => a_day(&one),
        name if day::is_month(name) => a_month(name),
        _ => None,
    }?;
    let (Test::Days(first, last), Some(word)) = (test, Word::new(tokens[0], currency)) else {
        return None;
    };
    Some((Read::Test(Test::WordOrDays(word, first, last)), 1))
}

fn days(when: When, month: crate::domain::Month) -> Test {
    let (first, last) = when.days_of(month);
    Test::Days(first, last)
}

/// `13 nov`, `nov 13`, `13 nov 2025`, `2 days ago`: a day's number and a month's name, or so long ago.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split(' ').collect();
    let number = |part: &str| part.parse().is_ok_and(|number: u8| (1..=31).contains(&number));
    let name = |part: &str| day::month_number(part).is_some();
    let year = |part: &str| part.len() == 4 && part.bytes().all(|b| b.is_ascii_digit());
    match parts[..] {
        [a, b] => (number(a) && name(b)) || (name(a) && number(b)),
        [_, _, "ago"] => true,
        [a, b, c] => year(c) && ((number(a) && name(b)) || (name(a) && number(b))),
        _ => false,
    }
}

/// `mar 2026`.
fn is_month_of_a_year(text: &str) -> bool {
    text.split_once(' ')
        .is_some_and(|(name, year)| day::month_number(name).is_some() && year.len() == 4)
}

/// `2026-03`, `2026-03-13`.
fn is_dashed(text: &str) -> bool {
    let mut parts = text
        .split('-')
        .map(|part| part.len() * usize::from(part.bytes().all(|b| b.is_ascii_digit())));
    parts.next() == Some(4)
        && matches!(parts.next(), Some(2))
        && matches!(parts.next(), None | Some(2))
        && parts.next().is_none()
}
