//! The rows that the model learns from, and the list of phrases made of them.

use std::collections::BTreeMap;

use crate::categorize::model::features::phrase_key;
use crate::categorize::model::phrases::{Phrase, Phrases};
use crate::categorize::words::split;
use crate::domain::category::DEFAULTS;

/// Where a row is from, the most trusted first; the number is the `kind` of a [`Phrase`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Origin {
    /// A shop or brand of the hand-written list.
    Merchant = 0,
    /// A thing or service of the hand-written list.
    Term = 1,
    /// A word of the hand-written list that often means something else.
    Common = 2,
    /// A brand of the name-suggestion-index.
    Brand = 3,
    /// A shop or service word of the OpenStreetMap tagging schema.
    Place = 4,
    /// The wording of a merchant category code.
    Code = 5,
    /// A noun of `WordNet`.
    Noun = 6,
    /// A noun whose category was guessed by a machine.
    Guessed = 7,
    /// A word that names a kind of shop at the end of a shop's name, and something else in a note: `kitchen`.
    Head = 8,
}

impl Origin {
    /// How many there are.
    pub const COUNT: usize = 9;
}

/// One phrase with its category.
#[derive(Clone, Debug)]
pub(in crate::categorize) struct Row {
    /// The phrase as it is in the file.
    pub text: String,
    /// Index into [`DEFAULTS`].
    pub category: u8,
    pub origin: Origin,
    /// How much it counts, 0 to 3.
    pub weight: f32,
    /// What the phrase is filed under.
    pub key: u32,
}

/// A file of phrases.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Where its rows are from; `None` for the hand-written list, whose third column says so.
    pub origin: Option<Origin>,
    /// CSV with a heading: `phrase,category,kind` or `phrase,category,weight`.
    pub text: &'a str,
}

/// Reads the rows of all sources; lines that say nothing are left out.
pub(in crate::categorize) fn rows(sources: &[Source<'_>]) -> Vec<Row> {
    let mut rows = Vec::new();
    for source in sources {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(source.text.as_bytes());
        for record in reader.records().flatten() {
            rows.extend(row(&record, source.origin));
        }
    }
    rows
}

fn row(record: &csv::StringRecord, origin: Option<Origin>) -> Option<Row> {
    let text = record.get(0)?.trim().to_owned();
    let category = DEFAULTS
        .iter()
        .position(|(name, _)| *name == record.get(1).unwrap_or_default())?;
    let (origin, weight) = match (origin, record.get(2)?) {
        (Some(origin), weight) => (origin, weight.parse().ok()?),
        (None, "merchant") => (Origin::Merchant, 2.0),
        (None, "term") => (Origin::Term, 2.0),
        (None, "common") => (Origin::Common, 1.0),
        (None, "head") => (Origin::Head, 2.0),
        (None, _) => return None,
    };
    let words = split(&text);
    let key = (!words.is_empty()).then(|| phrase_key(&words))?;
    Some(Row {
        category: u8::try_from(category).unwrap_or(0),
        origin,
        weight,
        key,
        text,
    })
}

/// The phrases of the rows, each with the category that the best sources give it.
#[derive(Debug, Default)]
pub(in crate::categorize) struct Phrasebook(BTreeMap<u32, Phrase>);

impl Phrasebook {
    pub fn new(rows: &[Row]) -> Self {
        let mut votes: BTreeMap<u32, Vec<(Origin, u8, f32)>> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.origin <= Origin::Brand) {
            votes
                .entry(row.key)
                .or_default()
                .push((row.origin, row.category, row.weight));
        }
        Self(votes.into_iter().map(|(key, votes)| (key, elect(&votes))).collect())
    }

    /// All phrases by key.
    pub fn entries(&self) -> impl Iterator<Item = (u32, Phrase)> {
        self.0.iter().map(|(&key, &phrase)| (key, phrase))
    }
}

/// The category with the most votes; hand-written rows outweigh all others.
fn elect(votes: &[(Origin, u8, f32)]) -> Phrase {
    let mut count = [0.0_f32; DEFAULTS.len()];
    let mut origin = Origin::Guessed;
    for &(from, category, weight) in votes {
        let by_hand = from <= Origin::Common;
        count[usize::from(category)] += if by_hand { 20.0 } else { weight };
        origin = origin.min(from);
    }
    // A word that often means something else stays one, whoever else knows it.
    if votes.iter().any(|vote| vote.0 == Origin::Common) {
        origin = Origin::Common;
    }
    let mut order: Vec<u8> = (0..20).collect();
    order.sort_by(|&a, &b| count[usize::from(b)].total_cmp(&count[usize::from(a)]));
    let (first, second) = (count[usize::from(order[0])], count[usize::from(order[1])]);
    Phrase {
        category: order[0],
        also: (second > 0.0 && second >= 0.4 * first).then_some(order[1]),
        kind: origin as u8,
    }
}

impl Phrases for Phrasebook {
    fn find(&self, key: u32) -> Option<Phrase> {
        self.0.get(&key).copied()
    }
}

/// A phrasebook without the entry of the row that is being learned.
pub(super) struct Without<'a, P> {
    pub inner: &'a P,
    pub hidden: &'a [u32],
}

impl<P: Phrases> Phrases for Without<'_, P> {
    fn find(&self, key: u32) -> Option<Phrase> {
        if self.hidden.contains(&key) {
            None
        } else {
            self.inner.find(key)
        }
    }
}
