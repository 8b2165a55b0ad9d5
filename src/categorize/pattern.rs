//! What a rule of the user says about descriptions: words that stand in them one after another.

use std::fmt;

use thiserror::Error;

use super::words::{fold, merchant_key, split};

/// Longest pattern, in characters.
pub const MAX_PATTERN: usize = 80;

/// Words that a description has to hold: whole ones, in this order and side by side, in any case and with or without
/// accents. A `*` at the end stands for the rest of the last word (`amaz*`), one at the beginning for what comes before
/// the first (`*markt`).
///
/// It is looked for in the description as it was written and in its [`merchant_key`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    words: Vec<String>,
    open_start: bool,
    open_end: bool,
}

/// Why a text is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PatternError {
    /// No letter and no digit.
    #[error("Write the words that a rule looks for, for example \"xkcd store\".")]
    Empty,
    /// More than [`MAX_PATTERN`] characters.
    #[error("A rule has {MAX_PATTERN} characters at most. Leave some words out.")]
    TooLong,
    /// A star inside.
    #[error("A * may stand at the beginning or at the end only. Write the words between as they are.")]
    StarInside,
}

impl Pattern {
    /// Reads what a person wrote.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let text = text.trim();
        if text.chars().count() > MAX_PATTERN {
            return Err(PatternError::TooLong);
        }
        let (open_start, rest) = text.strip_prefix('*').map_or((false, text), |rest| (true, rest));
        let (open_end, rest) = rest.strip_suffix('*').map_or((false, rest), |rest| (true, rest));
        if rest.contains('*') {
            return Err(PatternError::StarInside);
        }
        let words: Vec<String> = split(rest).into_iter().map(|word| word.text).collect();
        if words.is_empty() {
            return Err(PatternError::Empty);
        }
        // A star that stands apart from its word says nothing: any word may stand there anyway.
        let beside = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
        Ok(Self {
            open_start: open_start && beside(rest.chars().next()),
            open_end: open_end && beside(rest.chars().next_back()),
            words,
        })
    }

    /// Whether a description is one of those that the rule means.
    #[must_use]
    pub fn matches(&self, subject: &Subject) -> bool {
        self.is_in(&subject.written) || self.is_in(&subject.merchant)
    }

    /// How exactly it says what it means: of several patterns that match, the greatest decides.
    #[must_use]
    pub fn precision(&self) -> (usize, usize, bool) {
        let letters = self.words.iter().map(|word| word.chars().count()).sum();
        (self.words.len(), letters, !(self.open_start || self.open_end))
    }

    fn is_in(&self, words: &[String]) -> bool {
        words.windows(self.words.len()).any(|window| self.fits(window))
    }

    fn fits(&self, window: &[String]) -> bool {
        let last = self.words.len() - 1;
        self.words
            .iter()
            .zip(window)
            .enumerate()
            .all(
                |(place, (wanted, word))| match (self.open_start && place == 0, self.open_end && place == last) {
                    (false, false) => word == wanted,
                    (true, false) => word.ends_with(wanted.as_str()),
                    (false, true) => word.starts_with(wanted.as_str()),
                    (true, true) => word.contains(wanted.as_str()),
                },
            )
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let star = |open: bool| if open { "*" } else { "" };
        write!(
            f,
            "{}{}{}",
            star(self.open_start),
            self.words.join(" "),
            star(self.open_end)
        )
    }
}

/// A description as rules see it.
#[derive(Clone, Debug)]
pub struct Subject {
    written: Vec<String>,
    merchant: Vec<String>,
}

impl Subject {
    /// Folds a description.
    #[must_use]
    pub fn new(description: &str) -> Self {
        let words = |text: &str| split(text).into_iter().map(|word| fold(&word.text)).collect();
        Self {
            written: words(description),
            merchant: words(&merchant_key(description)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("xkcd store", "PP*4421 XKCD STORE", true)]
    #[case("XKCD Store", "xkcd store, a book", true)]
    #[case("xkcd store", "xkcd book store", false)]
    #[case("store xkcd", "xkcd store", false)]
    #[case("cafe", "Café Nero", true)]
    #[case("Café", "cafe nero", true)]
    #[case("amaz*", "AMAZON EU", true)]
    #[case("amaz", "AMAZON EU", false)]
    #[case("*markt", "Biomarkt Süd", true)]
    #[case("*mark*", "Supermarkets", true)]
    #[case("bio *", "bio laden", true)]
    #[case("uber", "UBER 072515 SF", true)]
    #[case("東京", "Ramen House 東京", true)]
    #[case("store", "", false)]
    fn matches_whole_words_in_order(#[case] pattern: &str, #[case] description: &str, #[case] matches: bool) {
        let pattern = Pattern::parse(pattern).unwrap();
        assert_eq!(pattern.matches(&Subject::new(description)), matches);
    }

    #[rstest]
    #[case("", PatternError::Empty)]
    #[case(" * ", PatternError::Empty)]
    #[case("**", PatternError::Empty)]
    #[case("!?", PatternError::Empty)]
    #[case("SQ *blue", PatternError::StarInside)]
    fn other_texts_are_refused(#[case] text: &str, #[case] error: PatternError) {
        assert_eq!(Pattern::parse(text), Err(error));
        assert_eq!(Pattern::parse(&"a".repeat(81)), Err(PatternError::TooLong));
    }

    #[test]
    fn the_more_exact_pattern_decides() {
        let precision = |text| Pattern::parse(text).unwrap().precision();
        assert!(precision("amazon prime") > precision("amazon"));
        assert!(precision("amazon") > precision("amazo*"));
        assert!(precision("amazon*") < precision("amazon"));
    }

    proptest! {
        #[test]
        fn a_printed_pattern_leads_back(text in "\\*?(\\PC{0,9} ){0,4}\\PC{0,9}\\*?") {
            if let Ok(pattern) = Pattern::parse(&text) {
                prop_assert_eq!(Pattern::parse(&pattern.to_string()), Ok(pattern));
            }
        }

        #[test]
        fn a_merchant_is_matched_by_its_own_key(text in "(SQ \\*|PP\\*)?([A-Za-z0-9#/.]{1,6} ){1,4}(CA|NY)?") {
            let key = merchant_key(&text);
            if let Ok(pattern) = Pattern::parse(&key) {
                prop_assert!(pattern.matches(&Subject::new(&text)), "{}", key);
            }
        }
    }
}
