//! The amount in a line.

use std::ops::Range;

use super::Question;
use super::when;
use super::words::Word;
use crate::domain::money::sum::{is_operator, split_count, terms};
use crate::domain::{Currency, Money};

/// Marks of currencies that are met most; beside another currency's mark a number is no amount of this account.
const MARKS: [&str; 28] = [
    "$", "€", "£", "¥", "₹", "₩", "₺", "₪", "₫", "₱", "₽", "₴", "฿", "kr", "usd", "eur", "gbp", "chf", "jpy", "cad",
    "aud", "cny", "inr", "sek", "nok", "dkk", "pln", "czk",
];

/// How much a number looks like the price.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Likeness {
    marked: bool,
    decimals: bool,
    /// Not a difference of whole numbers, which is rather a span of hours or pages.
    plain: bool,
}

/// The words of the likeliest amount from word `free` on, and the amount.
pub(super) fn find(
    words: &[Word<'_>],
    free: usize,
    taken: impl Fn(usize) -> bool,
    question: Question,
) -> Option<(Range<usize>, Money)> {
    let currency = question.currency;
    let is_free = |at: usize| at >= free && at < words.len() && !taken(at);
    let mut best: Option<(Likeness, Range<usize>, Money)> = None;
    for at in (free..words.len()).filter(|&at| is_free(at)) {
        let Some((mut likeness, money)) = number(&words[at], currency) else {
            continue;
        };
        let beside = |at: usize| is_free(at).then(|| words[at].bare());
        let (before, after) = (at.checked_sub(1).and_then(beside), beside(at + 1));
        if !likeness.marked
            && [before, after]
                .into_iter()
                .flatten()
                .any(|mark| is_other_mark(mark, currency))
        {
            continue;
        }
        let mut range = at..at + 1;
        if !likeness.marked && after.is_some_and(|mark| is_own_mark(mark, currency)) {
            (likeness.marked, range) = (true, at..at + 2);
        } else if !likeness.marked && before.is_some_and(|mark| is_own_mark(mark, currency)) {
            // `12 € 2`: the mark belongs to the 12, unless the other one looks more like a price.
            let is_anothers = at >= 2
                && is_free(at - 2)
                && number(&words[at - 2], currency).is_some_and(|(other, _)| other.decimals >= likeness.decimals);
            if !is_anothers {
                (likeness.marked, range) = (true, at - 1..at + 1);
            }
        }
        if best.as_ref().is_none_or(|(other, _, _)| likeness >= *other) {
            best = Some((likeness, range, money));
        }
    }
    best.map(|(_, range, money)| (range, money))
}

/// Whether a word can be an amount.
pub(super) fn may_be(word: &Word<'_>, currency: Currency) -> bool {
    number(word, currency).is_some()
}

/// Whether a word is the account's currency alone.
pub(super) fn is_own_mark(text: &str, currency: Currency) -> bool {
    let marks = [currency.prefix(), currency.code().to_owned(), currency.symbol()];
    marks.iter().any(|mark| same(mark.trim(), text))
}

fn is_other_mark(text: &str, currency: Currency) -> bool {
    MARKS.iter().any(|mark| same(mark, text)) && !is_own_mark(text, currency)
}

fn same(mark: &str, text: &str) -> bool {
    !mark.is_empty() && mark.to_lowercase() == text.to_lowercase()
}

/// A word as an amount.
fn number(word: &Word<'_>, currency: Currency) -> Option<(Likeness, Money)> {
    let text = word.bare();
    // Longer than the largest sum that anybody types; and most words end here.
    if text.len() > 64 || !text.bytes().any(|b| b.is_ascii_digit()) || when::is_one_word(word).is_some() {
        return None;
    }
    let parts = terms(text);
    let difference = parts.iter().any(|(sign, _)| *sign < 0);
    let mut likeness = Likeness {
        marked: false,
        decimals: false,
        plain: true,
    };
    for (_, part) in &parts {
        let (counted, price) = split_count(part).map_or((false, *part), |(_, price)| (true, price));
        let digits = without_marks(price, currency);
        let marked = digits != price;
        let decimals = Money::is_written_with_decimals(digits, currency);
        let zero = digits
            .strip_prefix('0')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        let bare = digits
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '\''));
        if !bare || ((zero || counted) && !marked && !decimals) {
            return None;
        }
        likeness.marked |= marked;
        likeness.decimals |= decimals;
    }
    likeness.plain = !difference || likeness.decimals || likeness.marked;
    let money = Money::parse_sum(text, currency).and_then(Money::positive).ok()?;
    (!text.starts_with(is_operator)).then_some((likeness, money))
}

/// What is left of a price without the account's own marks at either end.
fn without_marks(price: &str, currency: Currency) -> &str {
    let marks = [currency.prefix(), currency.code().to_owned(), currency.symbol()];
    for mark in marks.iter().map(|mark| mark.trim()).filter(|mark| !mark.is_empty()) {
        let head = price.get(..mark.len()).filter(|head| same(mark, head));
        let tail = price.len().checked_sub(mark.len());
        if head.is_some() {
            return &price[mark.len()..];
        }
        if let Some(at) = tail.filter(|&at| price.get(at..).is_some_and(|tail| same(mark, tail))) {
            return &price[..at];
        }
    }
    price
}
