//! A free word of a filter: found as it is typed, small slips forgiven.

use std::ops::RangeInclusive;

use super::NO_CATEGORY;
use crate::domain::money::{Currency, Money};
use crate::domain::text::fold;

/// From this many letters on, a word is also found with letters left out or with one slip.
const FORGIVING: usize = 4;
/// From this many letters on, a slip is forgiven while the rest of a longer word is not typed yet.
const FORGIVING_EARLY: usize = 6;

/// A word, folded.
#[derive(Clone, Debug)]
pub(super) struct Word {
    text: String,
    /// Whether slips are forgiven: letters only, and enough of them.
    forgiving: bool,
    letters: usize,
    /// The amounts that begin like this, when it can be read as one.
    amounts: Option<RangeInclusive<i64>>,
}

impl Word {
    /// `None` when nothing of the text counts.
    pub(super) fn new(typed: &str, currency: Currency) -> Option<Self> {
        let text = fold(typed).into_owned();
        let letters = text.chars().count();
        (letters > 0).then(|| Self {
            forgiving: letters >= FORGIVING && text.chars().all(char::is_alphabetic),
            letters,
            amounts: amounts(typed, currency),
            text,
        })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether the word stands in `text`, which is ASCII in any case or folded: anywhere, or with a slip inside one
    /// of its words.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let found = find(text.as_bytes(), self.text.as_bytes()).next().is_some();
        found || self.is_nearly_in(text)
    }

    /// Whether one of the words of `name` begins with it, small slips forgiven.
    pub(super) fn begins_a_word_of(&self, name: &str) -> bool {
        let name = if name.is_ascii() { name.into() } else { fold(name) };
        let bytes = name.as_bytes();
        let begins = |at: usize| at == 0 || !(bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] >= 0x80);
        find(bytes, self.text.as_bytes()).any(begins) || self.is_nearly_in(&name)
    }

    /// Whether it is the beginning of "uncategorised".
    pub(super) fn means_no_category(&self) -> bool {
        self.letters >= 3 && NO_CATEGORY[1].starts_with(&self.text)
    }

    /// Whether an amount, minor units, begins like this.
    pub(super) fn is_amount(&self, minor: i64) -> bool {
        self.amounts.as_ref().is_some_and(|range| range.contains(&minor))
    }

    /// `text` is ASCII in any case, or folded.
    fn is_nearly_in(&self, text: &str) -> bool {
        self.forgiving && words(text).any(|word| self.is_nearly(word))
    }

    /// The first letter must be right: that keeps "rent" away from "tent", "sent" and "bent".
    fn is_nearly(&self, word: &str) -> bool {
        let (mut mine, mut theirs) = (letters(&self.text), letters(word));
        if mine.next() != theirs.next() {
            return false;
        }
        let abbreviates = word.len() <= 2 * self.text.len() && mine.all(|c| theirs.any(|other| other == c));
        abbreviates || is_one_slip(&self.text, word, self.letters >= FORGIVING_EARLY)
    }
}

/// Where `needle`, which is folded, begins in `hay`, whatever the case of its ASCII letters.
fn find<'a>(hay: &'a [u8], needle: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let first = needle.first().copied().unwrap_or_default();
    hay.windows(needle.len().max(1))
        .enumerate()
        .filter(move |(_, window)| window[0].to_ascii_lowercase() == first && window.eq_ignore_ascii_case(needle))
        .map(|(at, _)| at)
}

/// The words of a text: its runs of letters and digits.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

type Letters<'a> = std::iter::Map<std::str::Chars<'a>, fn(char) -> char>;

fn letters(text: &str) -> Letters<'_> {
    text.chars().map(|c| c.to_ascii_lowercase())
}

/// Whether one letter changed, added or left out, or two swapped, make `mine` into `theirs`, or into its beginning.
fn is_one_slip(mine: &str, theirs: &str, beginning: bool) -> bool {
    let (mut a, mut b) = (letters(mine), letters(theirs));
    let mut first = (a.next(), b.next());
    while first.0.is_some() && first.0 == first.1 {
        first = (a.next(), b.next());
    }
    // Both stand behind their first difference now.
    let (Some(wrong), Some(right)) = first else {
        return matches!(first, (Some(_), None)) && a.next().is_none();
    };
    let same =
        |mut a: Letters<'_>, mut b: Letters<'_>| a.all(|c| b.next() == Some(c)) && (beginning || b.next().is_none());
    let (mut later_a, mut later_b) = (a.clone(), b.clone());
    let (next_a, next_b) = (later_a.next(), later_b.next());
    same(a.clone(), b.clone())
        || (next_a == Some(right) && same(later_a.clone(), b))
        || (next_b == Some(wrong) && same(a, later_b.clone()))
        || (next_a == Some(right) && next_b == Some(wrong) && same(later_a, later_b))
}

/// The amounts that begin like `typed`: `14.4` is 14.40 to 14.49.
fn amounts(typed: &str, currency: Currency) -> Option<RangeInclusive<i64>> {
    let number = typed.trim_end_matches(['.', ',']);
    if !number.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let least = Money::parse(number, currency).ok()?.minor;
    let typed_decimals = number
        .rfind(['.', ','])
        .and_then(|mark| u32::try_from(number.len() - mark - 1).ok())
        .filter(|decimals| *decimals <= currency.decimals())
        .unwrap_or(0);
    let step = 10_i64.pow(currency.decimals() - typed_decimals);
    Some(least..=least.saturating_add(step - 1))
}
