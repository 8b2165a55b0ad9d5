//! The built-in word list: phrases that mean a category, found as whole words, the longest first.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use super::evidence::{self, Kind};
use super::words::{Word, name_words, singular, split};
use super::{Categorizer, Guess, MAX_GUESSES, percent};
use crate::domain::category::DEFAULTS;
use crate::domain::expense::CategorySource;

/// Most words in a phrase of the list.
const LONGEST: usize = 5;

/// Shortest phrase, in letters, that is also found when it is written as one word.
const JOINED_LETTERS: usize = 6;

/// One phrase of the list.
#[derive(Clone, Debug)]
struct Entry {
    kind: Kind,
    /// Indexes into [`DEFAULTS`]; more than one where the list disagrees with itself.
    categories: Vec<usize>,
}

impl Entry {
    /// The odds of each category; a category beside others has its part of them.
    fn odds(&self, words: &[Word<'_>], at: &Range<usize>) -> Vec<(usize, f64)> {
        #[expect(clippy::cast_precision_loss, reason = "a handful of categories")]
        let part = evidence::odds_at(self.kind, words, at) / self.categories.len() as f64;
        self.categories.iter().map(|&category| (category, part)).collect()
    }
}

/// How often a word stands in phrases of each category: a hint where no phrase matches.
type Tally = [u16; DEFAULTS.len()];

/// The built-in word list, made for looking up.
#[derive(Debug)]
pub struct Lexicon {
    phrases: HashMap<String, Entry>,
    parts: HashMap<String, Tally>,
}

/// A phrase found in a description.
struct Match<'a> {
    /// Where in the description, counted in words.
    at: Range<usize>,
    /// Categories with the odds that each is right.
    odds: Vec<(usize, f64)>,
    phrase: &'a [Word<'a>],
}

impl Lexicon {
    /// The list that comes with the program, built at the first call.
    #[must_use]
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Lexicon> = OnceLock::new();
        SHARED.get_or_init(Self::built_in)
    }

    /// The list that comes with the program, built anew; [`Lexicon::shared`] is what to use.
    #[must_use]
    pub fn built_in() -> Self {
        Self::from_csv(include_str!("../../assets/categorize/lexicon.csv"))
    }

    /// Reads lines of `phrase,category,kind` below a heading; lines that say anything else are left out.
    fn from_csv(text: &str) -> Self {
        let mut lexicon = Self {
            phrases: HashMap::with_capacity(12_000),
            parts: HashMap::with_capacity(4_000),
        };
        for line in text.lines().skip(1) {
            let mut cells = line.rsplitn(3, ',');
            let kind = match cells.next() {
                Some("merchant") => Kind::Merchant,
                Some("term") => Kind::Term,
                Some("common") => Kind::Common,
                _ => continue,
            };
            let category = cells
                .next()
                .and_then(|name| DEFAULTS.iter().position(|(known, _)| *known == name));
            if let (Some(category), Some(phrase)) = (category, cells.next()) {
                lexicon.add(phrase, category, kind);
            }
        }
        lexicon
    }

    fn add(&mut self, phrase: &str, category: usize, kind: Kind) {
        let words = split(phrase);
        let Some(last) = words.last() else { return };
        let text = joined(&words, " ");
        if words.len() > 1 {
            for word in &words {
                self.parts.entry(singular(&word.text).to_owned()).or_default()[category] += 1;
            }
            let run_on = joined(&words, "");
            if run_on.chars().count() >= JOINED_LETTERS {
                self.insert(run_on, category, kind);
            }
        }
        let stem = singular(&last.text);
        if stem.len() >= 4 && stem.len() < last.text.len() {
            self.insert(
                text[..text.len() - (last.text.len() - stem.len())].to_owned(),
                category,
                kind,
            );
        }
        self.insert(text, category, kind);
    }

    fn insert(&mut self, phrase: String, category: usize, kind: Kind) {
        let entry = self.phrases.entry(phrase).or_insert_with(|| Entry {
            kind,
            categories: Vec::with_capacity(1),
        });
        if !entry.categories.contains(&category) {
            entry.categories.push(category);
        }
        if kind == Kind::Common {
            entry.kind = kind;
        }
    }

    /// The entry for these words, in the plural or singular, apart or in one.
    fn find(&self, words: &[Word<'_>]) -> Option<&Entry> {
        let text = joined(words, " ");
        let last = &words.last()?.text;
        let cut = last.len() - singular(last).len();
        self.phrases
            .get(&text)
            .or_else(|| self.phrases.get(&text[..text.len() - cut]))
            .or_else(|| {
                let run_on = joined(words, "");
                (words.len() == 2 && run_on.len() >= JOINED_LETTERS)
                    .then(|| self.phrases.get(&run_on))
                    .flatten()
            })
    }

    /// Phrases in the description, the longest first, none of them overlapping.
    fn matches<'a>(&self, words: &'a [Word<'a>]) -> Vec<Match<'a>> {
        let mut taken = vec![false; words.len()];
        let mut found = Vec::new();
        for length in (1..=LONGEST.min(words.len())).rev() {
            for start in 0..=words.len() - length {
                let span = start..start + length;
                if taken[span.clone()].contains(&true) {
                    continue;
                }
                let phrase = &words[span.clone()];
                let odds = match self.find(phrase) {
                    Some(entry) => entry.odds(words, &span),
                    None if length == 1 => self.hint(&phrase[0]),
                    None => continue,
                };
                if !odds.is_empty() {
                    taken[span.clone()].fill(true);
                    found.push(Match { at: span, odds, phrase });
                }
            }
        }
        found
    }

    /// What a word suggests that stands only inside phrases of the list, most of them of one category.
    fn hint(&self, word: &Word<'_>) -> Vec<(usize, f64)> {
        let Some(tally) = self.parts.get(singular(&word.text)) else {
            return Vec::new();
        };
        let total: u16 = tally.iter().sum();
        let leading = tally.iter().enumerate().max_by_key(|(_, count)| **count);
        match leading {
            Some((category, &count)) if word.text.chars().count() >= 3 && count >= 2 && count * 2 > total => {
                vec![(category, evidence::odds(evidence::HINT))]
            }
            _ => Vec::new(),
        }
    }
}

/// The words in one text, for looking up.
fn joined(words: &[Word<'_>], gap: &str) -> String {
    let mut text = String::with_capacity(words.len() * 8);
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            text.push_str(gap);
        }
        text.push_str(&word.text);
    }
    text
}

impl Categorizer for Lexicon {
    fn guess(&self, description: &str) -> Vec<Guess> {
        let words = name_words(description);
        let mut matches = self.matches(&words);
        matches.sort_by_key(|found| found.at.start);
        let ranked = evidence::rank(matches.iter().flat_map(|found| &found.odds));
        ranked
            .into_iter()
            .take(MAX_GUESSES)
            .map(|(category, probability)| Guess {
                category: DEFAULTS[category].0.to_owned(),
                confidence: percent(probability),
                because: because(&matches, category),
                source: CategorySource::Lexicon,
            })
            .collect()
    }

    /// What no phrase claims is shared out evenly.
    fn log_probabilities(&self, description: &str) -> [f32; DEFAULTS.len()] {
        let words = name_words(description);
        let matches = self.matches(&words);
        let ranked = evidence::rank(matches.iter().flat_map(|found| &found.odds));
        let mut shares = [0.0_f64; DEFAULTS.len()];
        for (category, probability) in ranked {
            shares[category] = probability;
        }
        #[expect(clippy::cast_precision_loss, reason = "twenty categories")]
        let rest = (1.0 - shares.iter().sum::<f64>()).max(0.01) / DEFAULTS.len() as f64;
        let total: f64 = shares.iter().map(|share| share + rest).sum();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a logarithm needs no more than an f32 holds"
        )]
        shares.map(|share| ((share + rest) / total).ln() as f32)
    }
}

/// Which words decided, as the user wrote them: `"lunch" and "chipotle" mean Dining`.
fn because(matches: &[Match<'_>], category: usize) -> String {
    let mut shown: Vec<String> = Vec::new();
    for found in matches {
        let decided = found.odds.iter().any(|(known, _)| *known == category);
        let (Some(first), Some(last)) = (found.phrase.first(), found.phrase.last()) else {
            continue;
        };
        let written = format!("\"{}\"", first.written_to(last).to_lowercase());
        // A word that stands there twice is named once.
        if decided && shown.len() < 3 && !shown.contains(&written) {
            shown.push(written);
        }
    }
    let verb = if shown.len() == 1 { "means" } else { "mean" };
    let words = match shown.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    };
    format!("{words} {verb} {}", DEFAULTS[category].0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn best(description: &str) -> Option<Guess> {
        Lexicon::shared().guess(description).into_iter().next()
    }

    #[rstest]
    #[case("lunch at chipotle", "Dining")]
    #[case("weekly shop at aldi", "Groceries")]
    #[case("TRADER JOE'S #123 SAN JOSE CA", "Groceries")]
    #[case("SQ *BLUE BOTTLE 0421 OAKLAND CA", "Dining")]
    #[case("AMZN Mktp US*2K4RT", "Shopping")]
    #[case("CAFÉ NERO", "Dining")]
    #[case("dog food", "Pets")]
    #[case("Netflix.com", "Subscriptions")]
    #[case("PG&E", "Utilities")]
    #[case("birthday present for mum", "Gifts & Donations")]
    #[case("TARGET 00012345 AUSTIN TX", "Shopping")]
    fn is_sure_of_what_it_knows(#[case] description: &str, #[case] category: &str) {
        let guess = best(description).unwrap();
        assert_eq!(guess.category, category);
        assert!(guess.confidence >= 85, "{guess:?}");
        assert_eq!(guess.source, CategorySource::Lexicon);
    }

    #[rstest]
    #[case("uber to airport", "Transport")]
    #[case("taxi to hospital", "Transport")]
    #[case("two bananas", "Groceries")]
    #[case("bananas", "Groceries")]
    #[case("whole foods", "Groceries")]
    #[case("WHOLEFOODS", "Groceries")]
    fn finds_the_category(#[case] description: &str, #[case] category: &str) {
        assert_eq!(best(description).map(|guess| guess.category).as_deref(), Some(category));
    }

    #[test]
    fn says_when_it_is_unsure() {
        for description in ["PP*4421 XKCD STORE", "market day", "new shoes for the kids"] {
            let guess = best(description).unwrap();
            assert!(guess.confidence < 60, "{guess:?}");
        }
    }

    #[test]
    fn a_word_that_is_there_twice_is_named_once() {
        assert_eq!(
            best("Netflix NETFLIX").unwrap().because,
            "\"netflix\" means Subscriptions"
        );
        let guess = best("uber ride, uber again").unwrap();
        assert_eq!(guess.because.matches("\"uber\"").count(), 1, "{guess:?}");
    }

    #[test]
    fn words_that_say_nothing_are_no_evidence() {
        for description in [
            "",
            "  ",
            "the",
            "card",
            "payment",
            "the card payment",
            "xyzzy",
            "4471",
            "東京",
            "!!!",
        ] {
            assert_eq!(Lexicon::shared().guess(description), [], "{description}");
        }
    }

    #[test]
    fn the_longest_phrase_wins_and_words_are_whole() {
        assert_eq!(best("dog food").unwrap().because, "\"dog food\" means Pets");
        assert_eq!(best("hotdog").map(|guess| guess.category).as_deref(), Some("Dining"));
        assert_eq!(best("aldington"), None);
    }

    #[test]
    fn names_the_words_that_decided() {
        assert_eq!(
            best("Lunch at Chipotle").unwrap().because,
            "\"lunch\" and \"chipotle\" mean Dining"
        );
        assert_eq!(best("Café Nero").unwrap().because, "\"café nero\" means Dining");
    }

    #[test]
    fn every_line_of_the_list_is_read_and_finds_its_category() {
        let list = include_str!("../../assets/categorize/lexicon.csv");
        assert!(list.lines().count() > 5000);
        for line in list.lines().skip(1) {
            let (phrase, rest) = line.split_once(',').unwrap();
            let (category, kind) = rest.split_once(',').unwrap();
            assert!(DEFAULTS.iter().any(|(name, _)| *name == category), "{line}");
            assert!(["merchant", "term", "common"].contains(&kind), "{line}");
            let words = split(phrase);
            let entry = Lexicon::shared().phrases.get(&joined(&words, " "));
            let known = entry.is_some_and(|e| e.categories.iter().any(|&index| DEFAULTS[index].0 == category));
            assert!(known, "{line}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gets_a_sane_answer(text in "(\\PC{0,20}|lunch|aldi|to|play|rent|kids|\\PC{0,300})( (uber|car|fee|insurance|\\PC{0,9})){0,8}") {
            let guesses = Lexicon::shared().guess(&text);
            prop_assert!(guesses.len() <= MAX_GUESSES);
            prop_assert!(guesses.iter().map(|g| u32::from(g.confidence)).sum::<u32>() <= 100);
            prop_assert!(guesses.windows(2).all(|pair| pair[0].confidence >= pair[1].confidence));
            prop_assert!(guesses.iter().all(|g| g.confidence > 0 && g.because.contains('"')));
            let logs = Lexicon::shared().log_probabilities(&text);
            prop_assert!(logs.iter().all(|log| log.is_finite() && *log < 0.0), "{logs:?}");
            prop_assert!((logs.iter().map(|log| log.exp()).sum::<f32>() - 1.0).abs() < 1e-4);
        }
    }
}
