//! An expense in one line, as it is typed: `coffee 4.20 yesterday`, `12.5 taxi #transport`, `rent 1200 1 nov`.
//!
//! The words may stand in any order:
//!
//! - `#word` names a category; [`find_category`] finds the one it means. The last one counts.
//! - A day is `today`, `yesterday`, `tomorrow`, `2026-11-01`, `1 nov`, `nov 1`, `1 nov 2025`, `1.11.`,
//!   `1.11.2026`, `15/3`, `2 days ago` or `last friday`, with or without `on`. A weekday's name is a day behind all other words only, so that sun cream
//!   stays sun cream. Of several days the last one counts.
//! - An amount is what [`Money::parse_sum`] reads. Of several numbers the one with a currency mark counts, else one
//!   with decimals, else the last; a difference of whole numbers (`9-5`) counts when nothing else does. A number that
//!   is glued to letters (`7up`), begins with a needless zero (`0421`), or stands beside another currency is text;
//!   so is a product of whole numbers (`4x4`).
//! - Everything else is the description. A line of nothing but a day is one, too.

use std::ops::Range;

use jiff::civil::Date;

use super::money::{Currency, Money};

mod amount;
mod category;
mod when;
mod words;

pub use category::find_category;
use words::{Word, split};

/// What a line is asked for: what is known from elsewhere stays text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Question {
    /// The user's local day.
    pub today: Date,
    /// The account's currency.
    pub currency: Currency,
    /// Whether a number may be the amount.
    pub amount: bool,
    /// Whether words may be a day.
    pub day: bool,
    /// Whether `#word` may be a category.
    pub category: bool,
    /// Bytes at the start of the line that are text, whatever they look like.
    pub literal: usize,
}

impl Question {
    /// Asks for everything.
    #[must_use]
    pub const fn all(today: Date, currency: Currency) -> Self {
        Self {
            today,
            currency,
            amount: true,
            day: true,
            category: true,
            literal: 0,
        }
    }
}

/// Something found in a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found<T> {
    /// What it says.
    pub value: T,
    /// The bytes of the line that say it.
    pub span: Range<usize>,
}

/// What a line says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The words that say nothing else, one space between them; may be empty.
    pub description: String,
    /// More than zero.
    pub amount: Option<Found<Money>>,
    /// The day, inside the range that an expense may have.
    pub day: Option<Found<Date>>,
    /// The word behind the `#`.
    pub category: Option<Found<String>>,
}

impl Entry {
    /// Whether anything but the description was found.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.amount.is_none() && self.day.is_none() && self.category.is_none()
    }

    /// The bytes of the line that are not the description, in no order.
    pub fn spans(&self) -> impl Iterator<Item = Range<usize>> {
        let amount = self.amount.as_ref().map(|found| found.span.clone());
        let day = self.day.as_ref().map(|found| found.span.clone());
        let category = self.category.as_ref().map(|found| found.span.clone());
        [amount, day, category].into_iter().flatten()
    }
}

/// Reads a line; any text is one.
#[must_use]
pub fn read(line: &str, question: Question) -> Entry {
    let words = split(line);
    let free = words.iter().position(|word| word.start >= question.literal);
    let free = free.unwrap_or(words.len());
    let category = if question.category {
        category::tag(&words, free)
    } else {
        None
    };
    let tag = category.as_ref().map(|(at, _)| *at);
    let day = when::find(&words, free, tag, question);
    let amount = if question.amount {
        let taken = |at: usize| Some(at) == tag || day.as_ref().is_some_and(|(range, _)| range.contains(&at));
        amount::find(&words, free, taken, question)
    } else {
        None
    };
    let taken = |at: usize| {
        Some(at) == tag
            || day.as_ref().is_some_and(|(range, _)| range.contains(&at))
            || amount.as_ref().is_some_and(|(range, _)| range.contains(&at))
    };
    let rest = words.iter().enumerate().filter(|(at, _)| !taken(*at));
    let rest: Vec<&str> = rest.map(|(_, word)| word.text).collect();
    let description = tidy(&rest.join(" "), words.len() > rest.len());
    if description.is_empty() && amount.is_none() && category.is_none() {
        return Entry {
            description: words.iter().map(|word| word.text).collect::<Vec<_>>().join(" "),
            amount: None,
            day: None,
            category: None,
        };
    }
    Entry {
        description,
        amount: amount.map(|(range, value)| found(&words, &range, value)),
        day: day.map(|(range, value)| found(&words, &range, value)),
        category: category.map(|(at, value)| found(&words, &(at..at + 1), value)),
    }
}

fn found<T>(words: &[Word<'_>], range: &Range<usize>, value: T) -> Found<T> {
    let (first, last) = (&words[range.start], &words[range.end - 1]);
    Found {
        value,
        span: first.start..last.start + last.text.len(),
    }
}

/// Without the commas that parted the description from what was taken out of the line.
fn tidy(text: &str, parted: bool) -> String {
    if parted {
        text.trim_matches([',', ';', ' ']).to_owned()
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests;
