//! The filter language of the expenses: words and terms, all of which must hold.
//!
//! | written | lets through |
//! | --- | --- |
//! | `coffee` | the word in the description or at the start of a word of the category's name; small slips forgiven |
//! | `14.40` | also an amount that begins like this |
//! | `cat:fun`, `cat:none` | categories whose name begins like this; what waits in no category |
//! | `amount>20`, `amount<=5`, `amount=12.50`, `amount:10-20` | amounts |
//! | `since:1sep`, `until:30sep`, `on:yesterday` | days as [`super::day`] reads them, or whole months |
//! | `month:2026-09`, `month:sep`, `month:last`, `month:this` | one month |
//! | `mar 2026`, `2026-03`, `last month`, `13 nov`, `2026-11-13`, `2 days ago`, `>15` | the same without a key |
//! | `march`, `yesterday` | those days, and the word |
//! | `is:unsure`, `is:uncategorised`, `is:mine` | by who chose the category |
//! | `-word`, `-cat:fun` | everything but that |
//!
//! Case and accents do not count. A term that is still being typed (`amount>`, `since:`) lets everything through.

mod phrase;
mod term;
#[cfg(test)]
mod tests;
mod word;

use std::ops::RangeInclusive;

use jiff::civil::Date;

use super::calendar::Calendar;
use super::expense::{CategorySource, is_unsure};
use super::money::Currency;
use super::nearest::nearest;
use super::text::fold;
use term::{Read, When};
use word::Word;

/// Longest filter, in characters.
pub const MAX_FILTER: usize = 256;

/// Begins a term that must match the category alone.
const CATEGORY: &str = "cat:";
/// What the absence of a category answers to.
const NO_CATEGORY: [&str; 2] = ["none", "uncategorised"];

/// A filter as it was typed.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    terms: Vec<Term>,
    hint: Option<String>,
}

/// What a filter looks at.
#[derive(Clone, Copy, Debug)]
pub struct FilterRow<'a> {
    /// The local day.
    pub day: Date,
    /// What the expense was for.
    pub description: &'a str,
    /// Minor units of the account's currency.
    pub amount_minor: i64,
    /// The category's name, if the expense is in one.
    pub category: Option<&'a str>,
    /// Who chose the category.
    pub source: CategorySource,
    /// How sure the choice is, percent.
    pub confidence: u8,
}

/// A word that nothing is called, and what was probably meant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suggestion {
    /// The term as it was typed: `fnu`, `cat:fnu`.
    pub typed: String,
    /// What to write in its place: `fun`, `cat:fun`.
    pub instead: String,
}

#[derive(Clone, Debug)]
struct Term {
    negated: bool,
    test: Test,
}

/// What a term asks of a row.
#[derive(Clone, Debug)]
enum Test {
    Word(Word),
    /// The category's name begins with this; folded, without spaces.
    Category(String),
    Amount(RangeInclusive<i64>),
    Days(Date, Date),
    /// `march`: the word, or a day of that month.
    WordOrDays(Word, Date, Date),
    Unsure,
    Uncategorised,
    Mine,
}

impl Filter {
    /// Reads a filter; `today`, `calendar` and `currency` give days, months and amounts their meaning. It never
    /// fails: what cannot be read lets everything through, and [`Filter::hint`] says why.
    #[must_use]
    pub fn parse(text: &str, today: Date, calendar: Calendar, currency: Currency) -> Self {
        let when = When { today, calendar };
        let mut filter = Self::default();
        let mut tokens: Vec<&str> = text.split_whitespace().collect();
        let mut at = 0;
        while at < tokens.len() {
            let typed = tokens[at];
            let (negated, bare) = typed.strip_prefix('-').map_or((false, typed), |rest| (true, rest));
            tokens[at] = bare;
            let (read, taken) =
                phrase::read(&tokens[at..], when, currency).unwrap_or_else(|| (term::read(bare, when, currency), 1));
            at += taken;
            match read {
                Read::Test(asked) => filter.terms.push(Term { negated, test: asked }),
                Read::Unfinished => {}
                Read::Wrong(what) => {
                    let shown: String = bare.chars().take(24).collect();
                    filter.hint.get_or_insert_with(|| format!("{shown} {what}"));
                }
            }
        }
        filter
    }

    /// What is typed to see one category.
    #[must_use]
    pub fn of_category(name: &str) -> String {
        format!("{CATEGORY}{}", joined(name))
    }

    /// Whether everything is let through.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// What is wrong with the first term that cannot be read: `since:xyz is not a day`.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Whether a row is let through.
    #[must_use]
    pub fn matches(&self, row: &FilterRow<'_>) -> bool {
        let has_words = self
            .terms
            .iter()
            .any(|term| matches!(term.test, Test::Word(_) | Test::WordOrDays(..)));
        // Folded once for all words; plain ASCII is compared as it is.
        let folded = (has_words && !row.description.is_ascii()).then(|| fold(row.description));
        let row = FilterRow {
            description: folded.as_deref().unwrap_or(row.description),
            ..*row
        };
        self.terms.iter().all(|term| term.test.holds(&row) != term.negated)
    }

    /// First and last day that a row which is let through can have; every day is [`Date::MIN`] to [`Date::MAX`].
    #[must_use]
    pub fn days(&self) -> (Date, Date) {
        self.required()
            .fold((Date::MIN, Date::MAX), |(first, last), test| match test {
                Test::Days(from, to) => (first.max(*from), last.min(*to)),
                _ => (first, last),
            })
    }

    /// The amounts that a row which is let through can have, minor units.
    #[must_use]
    pub fn amounts(&self) -> RangeInclusive<i64> {
        let (least, most) = self
            .required()
            .fold((i64::MIN, i64::MAX), |(least, most), test| match test {
                Test::Amount(range) => (least.max(*range.start()), most.min(*range.end())),
                _ => (least, most),
            });
        least..=most
    }

    /// Whether rows of this category, or of none, can be let through at all.
    #[must_use]
    pub fn admits_category(&self, name: Option<&str>) -> bool {
        self.terms.iter().all(|term| match &term.test {
            Test::Category(wanted) => begins_with(name, wanted) != term.negated,
            Test::Uncategorised => name.is_none() != term.negated,
            Test::Unsure => name.is_some() || term.negated,
            _ => true,
        })
    }

    /// For a filter that found nothing: its first word that none of `names` answers to, and the name that was
    /// probably meant. Names are those of categories, descriptions or both.
    #[must_use]
    pub fn did_you_mean<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Option<Suggestion> {
        let names: Vec<String> = names.into_iter().map(|name| fold(name).into_owned()).collect();
        let words = || names.iter().flat_map(|name| word::words(name));
        self.required().find_map(|test| match test {
            Test::Word(word) if !names.iter().any(|name| word.is_in(name)) => {
                let instead = nearest(word.text(), words())?;
                Some(Suggestion {
                    typed: word.text().to_owned(),
                    instead: instead.to_owned(),
                })
            }
            Test::Category(wanted) if !names.iter().any(|name| begins_with(Some(name), wanted)) => {
                let joined: Vec<String> = names.iter().map(|name| joined(name)).collect();
                let instead = nearest(wanted, joined.iter().map(String::as_str))?;
                Some(Suggestion {
                    typed: format!("{CATEGORY}{wanted}"),
                    instead: format!("{CATEGORY}{instead}"),
                })
            }
            _ => None,
        })
    }

    /// The tests that must hold.
    fn required(&self) -> impl Iterator<Item = &Test> {
        self.terms.iter().filter(|term| !term.negated).map(|term| &term.test)
    }
}

impl Test {
    /// Whether a row passes whose description is ASCII or folded.
    fn holds(&self, row: &FilterRow<'_>) -> bool {
        match self {
            Self::Word(word) => says(row, word),
            Self::WordOrDays(word, first, last) => (*first..=*last).contains(&row.day) || says(row, word),
            Self::Category(wanted) => begins_with(row.category, wanted),
            Self::Amount(range) => range.contains(&row.amount_minor),
            Self::Days(first, last) => (*first..=*last).contains(&row.day),
            Self::Unsure => row.category.is_some() && is_unsure(row.source, row.confidence),
            Self::Uncategorised => row.category.is_none(),
            Self::Mine => row.source == CategorySource::You,
        }
    }
}

/// Whether a word stands in the row.
fn says(row: &FilterRow<'_>, word: &Word) -> bool {
    word.is_in(row.description)
        || word.is_amount(row.amount_minor)
        || match row.category {
            Some(name) => word.begins_a_word_of(name),
            None => word.means_no_category(),
        }
}

/// Whether a category's name, without its spaces, begins with `wanted`.
fn begins_with(category: Option<&str>, wanted: &str) -> bool {
    let Some(name) = category else {
        return NO_CATEGORY.iter().any(|name| name.starts_with(wanted));
    };
    if !name.is_ascii() {
        return joined(name).starts_with(wanted);
    }
    let mut letters = name.bytes().filter(|b| *b != b' ').map(|b| b.to_ascii_lowercase());
    wanted.bytes().all(|b| letters.next() == Some(b))
}

/// A name of several words as one: `fees&taxes`.
fn joined(name: &str) -> String {
    fold(name).split_whitespace().collect()
}
