//! What a bank or a person wrote, as comparable words: folded, without processors, numbers and places.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

mod bank;

use bank::{STATES, cut_after_store_number, cut_place, is_bank_line, strip_lead, strip_processor};

/// Words looked at; a description holds 256 characters at most, so longer texts are not from a user.
const MAX_WORDS: usize = 64;

/// One word of a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word<'a> {
    /// The description from this word on, and how many bytes of it are the word as it was written.
    from: &'a str,
    length: usize,
    /// Lower case, NFKC, without accents and apostrophes: what is compared.
    pub text: String,
    /// Part of a date, an amount or a time: digits joined to other digits by a mark.
    compound: bool,
    /// A `#` or `x` mask stands before it.
    marked: bool,
}

impl<'a> Word<'a> {
    /// The word as it was written.
    fn written(&self) -> &'a str {
        &self.from[..self.length]
    }

    /// The description from this word to the end of `last`, as it was written.
    pub(super) fn written_to(&self, last: &Word<'a>) -> &'a str {
        &self.from[..self.from.len() - last.from.len() + last.length]
    }

    fn digits(&self) -> usize {
        self.text.bytes().filter(u8::is_ascii_digit).count()
    }

    fn is_number(&self) -> bool {
        let masked = self.text.trim_start_matches('x');
        !masked.is_empty() && masked.bytes().all(|b| b.is_ascii_digit())
    }

    /// A store number, a date, a card tail or a reference such as `2k4rt`.
    pub(super) fn is_code(&self) -> bool {
        self.compound || self.is_number() || self.digits() >= 2
    }

    /// A number that names a shop: `7 eleven`, `24 hour fitness`, `f45`.
    fn can_lead(&self) -> bool {
        !self.compound && !self.marked && (!self.is_number() || self.text.len() <= 2)
    }
}

/// A description taken apart.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    /// The payment processors that stood before the name: `SQ *`.
    pub processors: &'a str,
    /// What a bank printed before the name, and numbers there.
    pub lead: Vec<Word<'a>>,
    /// The words that may name a shop or a thing.
    pub name: Vec<Word<'a>>,
    /// A store number and the place behind it, or a state.
    pub tail: Vec<Word<'a>>,
    /// Whether it looks printed by a bank.
    pub line: bool,
    /// Whether the tail is a state, so that the last word of the name is a place.
    before_state: bool,
}

/// The merchant behind a description: what two lines of the same shop have in common.
///
/// Lower case and without accents; payment processors, store numbers, dates, card tails, city and state are cut.
#[must_use]
pub fn merchant_key(description: &str) -> String {
    let Parts {
        name: mut words,
        before_state,
        ..
    } = parts(description);
    if before_state {
        cut_place(&mut words);
    }
    let mut kept: Vec<&str> = Vec::with_capacity(words.len());
    for word in &words {
        if !word.is_code() || (kept.is_empty() && word.can_lead()) {
            kept.push(&word.text);
        }
    }
    match (kept.is_empty(), words.is_empty()) {
        (false, _) => kept.join(" "),
        (true, false) => words
            .iter()
            .map(|word| word.text.as_str())
            .collect::<Vec<_>>()
            .join(" "),
        (true, true) => fold(description.trim()),
    }
}

/// Words that join others and say nothing themselves.
const JOINING: [&str; 40] = [
    "the", "and", "for", "with", "from", "to", "at", "in", "on", "of", "by", "my", "our", "und", "der", "die", "das",
    "den", "dem", "mit", "fur", "von", "im", "am", "auf", "bei", "le", "la", "les", "de", "des", "du", "et", "pour",
    "el", "los", "con", "para", "di", "per",
];

/// Most words of one description that are learned from.
pub const MAX_LEARNED: usize = 8;

/// The words of a description by which it may be recognised next time: in the singular, each once, no codes.
#[must_use]
pub fn telling_words(description: &str) -> Vec<String> {
    let mut telling: Vec<String> = Vec::new();
    for word in &parts(description).name {
        let text = singular(&word.text);
        if telling.len() < MAX_LEARNED
            && text.len() >= 2
            && !JOINING.contains(&word.text.as_str())
            && !word.is_code()
            && !telling.iter().any(|known| known == text)
        {
            telling.push(text.to_owned());
        }
    }
    telling
}

/// Takes a description apart.
pub(super) fn parts(description: &str) -> Parts<'_> {
    let rest = strip_processor(description);
    let mut words = split(rest);
    let mut parts = Parts {
        processors: &description[..description.len() - rest.len()],
        lead: strip_lead(&mut words),
        name: Vec::new(),
        tail: Vec::new(),
        line: is_bank_line(description),
        before_state: false,
    };
    if parts.line {
        parts.tail = cut_after_store_number(&mut words);
    }
    if parts.tail.is_empty() && words.len() > 2 && words.last().is_some_and(|last| STATES.contains(&last.written())) {
        parts.tail.extend(words.pop());
        parts.before_state = true;
    }
    parts.name = words;
    parts
}

/// Lower case, NFKC, accents removed.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text
        .nfkd()
        .filter(|&c| !is_combining_mark(c))
        .flat_map(char::to_lowercase)
        .nfkc()
    {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' => folded.push('d'),
            'ı' => folded.push('i'),
            mark if is_combining_mark(mark) => {}
            other => folded.push(other),
        }
    }
    folded
}

/// The singular of an English plural, as far as spelling tells; other words as they are.
pub(super) fn singular(word: &str) -> &str {
    if word.len() < 4 || !word.ends_with('s') || word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return word;
    }
    let stem = &word[..word.len() - 1];
    match stem.strip_suffix('e') {
        Some(base) if ["sh", "ch", "x", "ss", "zz"].iter().any(|end| base.ends_with(end)) => base,
        _ => stem,
    }
}

/// Splits at everything but letters, digits, their marks and apostrophes.
pub(super) fn split(text: &str) -> Vec<Word<'_>> {
    let inside = |c: char| c.is_alphanumeric() || is_combining_mark(c) || matches!(c, '\'' | '’');
    let mut words = Vec::new();
    let (mut rest, mut before) = (text, None);
    while let Some(start) = rest.find(inside) {
        let gap = &rest[..start];
        let tail = &rest[start..];
        let end = tail.find(|c| !inside(c)).unwrap_or(tail.len());
        let (written, after) = tail.split_at(end);
        let folded: String = fold(written).chars().filter(|c| c.is_alphanumeric()).collect();
        rest = after;
        if folded.is_empty() {
            continue;
        }
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let joined = matches!(gap, "/" | "." | ":" | "-" | ",") && before.is_some_and(digits) && digits(&folded);
        if joined && let Some(last) = words.last_mut() {
            let last: &mut Word<'_> = last;
            last.compound = true;
        }
        words.push(Word {
            from: tail,
            length: end,
            marked: gap.ends_with(['#', '*']),
            text: folded,
            compound: joined,
        });
        before = Some(written);
        if words.len() == MAX_WORDS {
            break;
        }
    }
    words
}

#[cfg(test)]
mod tests;
