//! Taking a typed amount apart.

use super::{Currency, LARGEST_MAJOR, MoneyError};

/// Takes a symbol or code off either end, in either case.
pub(super) fn strip_currency(text: &str, currency: Currency) -> &str {
    let text = text.trim();
    let (prefix, symbol) = (currency.prefix(), currency.symbol());
    for mark in [prefix.trim_end(), currency.code(), &symbol] {
        let (head, tail) = (
            text.get(..mark.len()),
            text.len().checked_sub(mark.len()).and_then(|at| text.get(at..)),
        );
        if head.is_some_and(|head| head.eq_ignore_ascii_case(mark)) {
            return text[mark.len()..].trim();
        }
        if tail.is_some_and(|tail| tail.eq_ignore_ascii_case(mark)) {
            return text[..text.len() - mark.len()].trim();
        }
    }
    text
}

/// Takes one leading sign off.
pub(super) fn split_sign(text: &str) -> (i64, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (-1, rest.trim_start()),
        None => (1, text.strip_prefix('+').map_or(text, str::trim_start)),
    }
}

/// Splits into whole and fraction digits, or `None` when the text is no number.
pub(super) fn split_decimal(digits: &str, currency: Currency) -> Option<(String, String)> {
    if !digits.bytes().any(|b| b.is_ascii_digit())
        || !digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
    {
        return None;
    }
    let Some(last) = digits.rfind(['.', ',']) else {
        return Some((digits.to_owned(), String::new()));
    };
    let mark = digits.as_bytes()[last];
    let (head, tail) = (&digits[..last], &digits[last + 1..]);
    let other = if mark == b'.' { ',' } else { '.' };
    let repeated = head.bytes().any(|b| b == mark);
    let alone = !head.contains(other) && tail.len() == 3 && !head.is_empty() && head != "0";
    let numbers = currency.numbers();
    let is_group = match char::from(mark) {
        mark if numbers.stated && mark == numbers.decimal => false,
        mark if numbers.stated && mark == numbers.group => true,
        _ => currency.decimals() != 3,
    };
    if repeated || (alone && is_group) {
        let parts: Vec<&str> = digits.split(char::from(mark)).collect();
        let grouped = !digits.contains(other) && numbers.are_groups(&parts);
        return grouped.then(|| (digits.replace(char::from(mark), ""), String::new()));
    }
    let parts: Vec<&str> = head.split(other).collect();
    let grouped = parts.len() == 1 || numbers.are_groups(&parts);
    (grouped && !tail.is_empty()).then(|| (head.replace(other, ""), tail.to_owned()))
}

/// Minor units of digits before and after the decimal mark.
pub(super) fn to_minor(whole: &str, fraction: &str, currency: Currency, shown: &str) -> Result<i64, MoneyError> {
    let decimals = currency.decimals();
    if fraction.len() > decimals as usize {
        return Err(MoneyError::TooPrecise {
            text: shown.to_owned(),
            currency,
            decimals,
        });
    }
    let number = |text: &str| -> Result<i64, MoneyError> {
        if text.is_empty() {
            Ok(0)
        } else {
            text.parse().map_err(|_| MoneyError::TooLarge)
        }
    };
    let major = number(whole)?;
    if major > LARGEST_MAJOR {
        return Err(MoneyError::TooLarge);
    }
    let padded = format!("{fraction:0<width$}", width = decimals as usize);
    major
        .checked_mul(currency.scale())
        .and_then(|minor| minor.checked_add(number(&padded).ok()?))
        .ok_or(MoneyError::TooLarge)
}
