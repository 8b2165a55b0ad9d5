//! What the model sees of a description: words, pairs, letter groups, phrases of the list, and how it is printed.

use super::hash::Hash;
use super::phrases::{Phrase, Phrases};
use crate::categorize::words::{Parts, Word, parts, singular};

/// Most words of a name that are looked at.
const MOST_WORDS: usize = 24;
/// Most words in a phrase of the list.
const LONGEST: usize = 5;
/// Letters that a word needs before phrases are looked for in its halves, and letters of such a half.
const COMPOUND: usize = 8;
const HALF: usize = 4;
/// Lengths of letter groups.
const SHORTEST_GROUP: usize = 3;
const LONGEST_GROUP: usize = 5;
/// How much the letter groups of one word weigh together, beside the word's own 1.
const GROUPS_WEIGH: f32 = 1.6;

/// What a feature is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::categorize) enum Made {
    /// Whole words, which say nothing about words never seen.
    Words,
    /// The consonants of a word, as banks shorten words to them.
    Bones,
    /// Letters of a word.
    Letters,
    /// A phrase of the list.
    Phrase,
    /// The form of the description.
    Form,
}

/// One thing that is true of a description.
#[derive(Clone, Copy, Debug)]
pub(in crate::categorize) struct Feature {
    /// What it is, hashed.
    pub id: u32,
    /// How strongly it counts.
    pub value: f32,
    /// The words it came from: indexes into the name, `from..to`; empty for what belongs to no word.
    pub from: u8,
    pub to: u8,
    pub made: Made,
}

/// Kinds of features, so that a word and a pair that hash alike stay apart.
mod kind {
    pub const ALWAYS: u8 = 0;
    pub const WORD: u8 = 1;
    pub const PAIR: u8 = 2;
    pub const FIRST: u8 = 3;
    pub const LAST: u8 = 4;
    pub const BONES: u8 = 5;
    pub const GROUP: u8 = 6;
    pub const PROCESSOR: u8 = 7;
    pub const FORM: u8 = 8;
    pub const AROUND: u8 = 9;
    pub const PHRASE: u8 = 10;
    pub const START: u8 = 11;
    pub const RUN_ON: u8 = 12;
    pub const COUNT: u8 = 13;
}

/// Where a phrase of the list stands in a description.
#[derive(Clone, Copy)]
enum Place {
    Whole = 0,
    Several = 1,
    First = 2,
    Last = 3,
    Middle = 4,
    WordStart = 5,
    WordEnd = 6,
}

/// The features of a description, and the words they refer to.
#[derive(Debug)]
pub(in crate::categorize) struct Features<'a> {
    pub parts: Parts<'a>,
    pub list: Vec<Feature>,
}

/// Reads a description; `phrases` is the list of known phrases.
pub(in crate::categorize) fn features<'a>(description: &'a str, phrases: &impl Phrases) -> Features<'a> {
    let mut parts = parts(description);
    parts.name.truncate(MOST_WORDS);
    let mut reader = Reader {
        line: parts.line,
        list: Vec::with_capacity(160),
        letters: Vec::with_capacity(32),
    };
    reader.form(&parts);
    reader.around(&parts);
    reader.words(&parts.name);
    reader.phrases(&parts.name, phrases);
    Features {
        parts,
        list: reader.list,
    }
}

struct Reader {
    line: bool,
    list: Vec<Feature>,
    /// The word at hand between marks for its start and end.
    letters: Vec<u32>,
}

impl Reader {
    fn push(&mut self, hash: Hash, value: f32, words: (usize, usize), made: Made) {
        // Names hold 24 words at most.
        let index = |at: usize| u8::try_from(at).unwrap_or(u8::MAX);
        self.list.push(Feature {
            id: hash.finish(),
            value,
            from: index(words.0),
            to: index(words.1),
            made,
        });
    }

    /// How the description is printed.
    fn form(&mut self, parts: &Parts<'_>) {
        let form = |what: u32| Hash::of_kind(kind::FORM).with(u32::from(parts.line)).with(what);
        let count = u32::try_from(parts.name.len().min(6)).unwrap_or(0);
        self.push(Hash::of_kind(kind::ALWAYS), 1.0, (0, 0), Made::Form);
        self.push(form(100), 1.0, (0, 0), Made::Form);
        self.push(form(count), 0.5, (0, 0), Made::Form);
        if !parts.tail.is_empty() {
            self.push(form(101), 0.5, (0, 0), Made::Form);
        }
        if parts.name.first().is_some_and(Word::is_code) {
            self.push(form(102), 0.5, (0, 0), Made::Form);
        }
    }

    /// What stands before and behind the name.
    fn around(&mut self, parts: &Parts<'_>) {
        for processor in parts.processors.split('*').map(str::trim).filter(|p| !p.is_empty()) {
            let hash = Hash::of_kind(kind::PROCESSOR).text(&processor.to_lowercase());
            self.push(hash, 1.0, (0, 0), Made::Form);
        }
        for word in parts.lead.iter().chain(&parts.tail).take(8) {
            if !word.is_code() {
                self.push(Hash::of_kind(kind::AROUND).text(&word.text), 0.5, (0, 0), Made::Words);
            }
        }
    }

    fn words(&mut self, words: &[Word<'_>]) {
        let mut before: Option<Hash> = None;
        for (at, word) in words.iter().enumerate() {
            let span = (at, at + 1);
            if word.is_code() {
                self.push(shape(&word.text), 0.5, span, Made::Form);
            }
            let Some(text) = letters_of(word) else { continue };
            let stem = singular(text);
            let hash = Hash::of_kind(kind::WORD).text(stem);
            self.push(hash, 1.0, span, Made::Words);
            let pair = Hash::of_kind(kind::PAIR).with(before.unwrap_or(Hash::of_kind(kind::FIRST)).finish());
            if before.is_some() {
                self.push(pair.with(hash.finish()), 1.0, (at - 1, at + 1), Made::Words);
            }
            before = Some(hash);
            if at == 0 {
                self.push(
                    Hash::of_kind(kind::FIRST).with(u32::from(self.line)).text(stem),
                    0.5,
                    span,
                    Made::Words,
                );
            }
            if at + 1 == words.len() {
                self.push(
                    Hash::of_kind(kind::LAST).with(u32::from(self.line)).text(stem),
                    0.5,
                    span,
                    Made::Words,
                );
            }
            self.letters(text, span);
        }
        if (2..=4).contains(&words.len()) {
            let run_on = words
                .iter()
                .fold(Hash::of_kind(kind::RUN_ON), |hash, word| hash.text(&word.text));
            self.push(run_on, 1.0, (0, words.len()), Made::Words);
        }
    }

    /// Letter groups of a word, its start, and its consonants as banks shorten words to them.
    fn letters(&mut self, text: &str, span: (usize, usize)) {
        self.letters.clear();
        self.letters.push(u32::from('^'));
        self.letters.extend(text.chars().take(24).map(u32::from));
        self.letters.push(u32::from('$'));
        let letters = std::mem::take(&mut self.letters);
        let length = letters.len();
        #[expect(clippy::cast_precision_loss, reason = "words are short")]
        let value = GROUPS_WEIGH / (((length - 2) * 3) as f32).sqrt();
        for size in SHORTEST_GROUP..=LONGEST_GROUP {
            for group in letters.windows(size) {
                let hash = group.iter().fold(Hash::of_kind(kind::GROUP), |hash, &c| hash.with(c));
                self.push(hash, value, span, Made::Letters);
            }
        }
        for size in [7, 8] {
            if length > size {
                let start = letters[..size]
                    .iter()
                    .fold(Hash::of_kind(kind::START), |hash, &c| hash.with(c));
                self.push(start, 0.4, span, Made::Letters);
            }
        }
        if length >= 6 {
            let vowel = |c: u32| "aeiou".chars().any(|vowel| u32::from(vowel) == c);
            let bones = letters[2..length - 1].iter().filter(|&&c| !vowel(c));
            let hash = bones.fold(Hash::of_kind(kind::BONES).with(letters[1]), |hash, &c| hash.with(c));
            self.push(hash, 0.5, span, Made::Bones);
        }
        self.letters = letters;
    }

    /// Phrases of the list, the longest first, none of them overlapping; then the halves of words in none.
    fn phrases(&mut self, words: &[Word<'_>], phrases: &impl Phrases) {
        let mut taken = [false; MOST_WORDS];
        let mut found = 0;
        for length in (1..=LONGEST.min(words.len())).rev() {
            for start in 0..=words.len() - length {
                let end = start + length;
                if taken[start..end].contains(&true) {
                    continue;
                }
                let Some(phrase) = phrases.find(phrase_key(&words[start..end])) else {
                    continue;
                };
                taken[start..end].fill(true);
                found += 1;
                let place = match (start == 0, end == words.len()) {
                    (true, true) => Place::Whole,
                    _ if length > 1 => Place::Several,
                    (true, false) => Place::First,
                    (false, true) => Place::Last,
                    (false, false) => Place::Middle,
                };
                self.phrase(phrase, place, (start, end));
            }
        }
        for (at, word) in words.iter().enumerate() {
            let Some(text) = letters_of(word).filter(|_| !taken[at]) else {
                continue;
            };
            match phrases.find(text_key(singular(text))) {
                Some(phrase) if word.is_code() => {
                    found += 1;
                    self.phrase(phrase, Place::First, (at, at + 1));
                }
                _ => found += u32::from(self.halves(text, phrases, (at, at + 1))),
            }
        }
        self.push(Hash::of_kind(kind::COUNT).with(found.min(3)), 0.5, (0, 0), Made::Form);
    }

    fn phrase(&mut self, phrase: Phrase, place: Place, span: (usize, usize)) {
        let base = Hash::of_kind(kind::PHRASE)
            .with(place as u32 * 2 + u32::from(self.line))
            .with(u32::from(phrase.kind));
        for (category, value) in [(Some(phrase.category), 1.0), (phrase.also, 0.7)] {
            if let Some(category) = category {
                self.push(base.with(u32::from(category)), value, span, Made::Phrase);
            }
        }
    }

    /// The longest phrase that a long word begins with, and the longest it ends with: `GRUBHUBMASALA`, `Autoversicherung`.
    fn halves(&mut self, text: &str, phrases: &impl Phrases, span: (usize, usize)) -> bool {
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).take(24).collect();
        if ends.len() < COMPOUND {
            return false;
        }
        let cuts = &ends[HALF..=ends.len() - HALF];
        let start = cuts.iter().rev().find_map(|&cut| phrases.find(text_key(&text[..cut])));
        let end = cuts
            .iter()
            .find_map(|&cut| phrases.find(text_key(singular(&text[cut..]))));
        for (half, place) in [(start, Place::WordStart), (end, Place::WordEnd)] {
            if let Some(phrase) = half {
                self.phrase(phrase, place, span);
            }
        }
        start.is_some() || end.is_some()
    }
}

/// The word without a number that a bank wrote to it: `HOTELSCOM9200326`; `None` for what is mostly a number.
fn letters_of<'t>(word: &'t Word<'_>) -> Option<&'t str> {
    if !word.is_code() {
        return Some(&word.text);
    }
    let name = word
        .text
        .find(|c: char| c.is_ascii_digit())
        .map_or(&*word.text, |at| &word.text[..at]);
    (name.chars().count() >= 3).then_some(name)
}

/// What a phrase is filed under: its letters without gaps, the last word in the singular.
pub(in crate::categorize) fn phrase_key(words: &[Word<'_>]) -> u32 {
    let last = words.len().saturating_sub(1);
    let hash = words
        .iter()
        .enumerate()
        .fold(Hash::of_kind(kind::PHRASE), |hash, (at, word)| {
            hash.text(if at == last { singular(&word.text) } else { &word.text })
        });
    hash.finish()
}

fn text_key(text: &str) -> u32 {
    Hash::of_kind(kind::PHRASE).text(text).finish()
}

/// Letters and digits as `a` and `0`, runs as one.
fn shape(text: &str) -> Hash {
    let mut hash = Hash::of_kind(kind::FORM);
    let mut before = ' ';
    for c in text.chars().take(8) {
        let shape = if c.is_ascii_digit() { '0' } else { 'a' };
        if shape != before {
            hash = hash.with(u32::from(shape));
            before = shape;
        }
    }
    hash
}
