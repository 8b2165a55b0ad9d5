//! Predictions for one user: what the user said once and for all, then what the user chose before, then the model.

use super::memory::{self, PastChoice};
use super::own_words::{self, WordCount};
use super::pattern::{Pattern, Subject};
use super::{Categorizer, Guess, MAX_GUESSES, merchant_key};
use crate::domain::category::DEFAULTS;
use crate::domain::expense::CategorySource;

/// What a rule is worth, percent: the user said so.
const BY_RULE: u8 = 100;

/// One of the user's categories, as predictions see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own<'a> {
    /// Its name.
    pub name: &'a str,
    /// Places of the [`DEFAULTS`] that it stands for: none for a category of the user's own making, several after
    /// others were merged into it.
    pub means: Vec<usize>,
    /// Whether it is out of use: then it is not predicted.
    pub hidden: bool,
}

impl Own<'static> {
    /// The twenty that an account starts with.
    #[must_use]
    pub fn defaults() -> Vec<Self> {
        let own = |(place, (name, _)): (usize, &(&'static str, _))| Self {
            name,
            means: vec![place],
            hidden: false,
        };
        DEFAULTS.iter().enumerate().map(own).collect()
    }
}

/// A rule of the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Which descriptions it is for.
    pub pattern: Pattern,
    /// Place of its category in the list that the prediction is given.
    pub category: usize,
}

/// What is known of the user that has a bearing on one description.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// The user's choices for its merchant, the latest first.
    pub choices: Vec<PastChoice>,
    /// The user's choices with each of its words, and with any.
    pub words: Vec<WordCount>,
}

/// Puts a description into one of the user's categories. At most [`MAX_GUESSES`], best first.
///
/// A rule decides alone. Without one, the user's choices for the same merchant come first; what they leave of the
/// confidence is for what the model and the words of other choices say.
#[must_use]
pub fn predict(
    model: &dyn Categorizer,
    own: &[Own<'_>],
    rules: &[Rule],
    evidence: &Evidence,
    description: &str,
    amount: Option<i64>,
) -> Vec<Guess> {
    if let Some(rule) = deciding_rule(rules, own, description) {
        let name = own[rule.category].name;
        return vec![Guess {
            category: name.to_owned(),
            confidence: BY_RULE,
            because: format!("your rule says {} is {name}", rule.pattern),
            source: CategorySource::Rule,
        }];
    }
    let mut guesses = memory::guesses(own, &evidence.choices, &merchant_key(description), amount);
    let others = own_words::guesses(model, own, &evidence.words, description);
    let others = others.unwrap_or_else(|| renamed(model, own, description));
    let mut rest = 100 - guesses.iter().map(|guess| guess.confidence).sum::<u8>().min(100);
    for mut other in others {
        if guesses.len() == MAX_GUESSES {
            break;
        }
        if guesses.iter().any(|guess| guess.category == other.category) {
            continue;
        }
        other.confidence = other.confidence.min(rest);
        if other.confidence > 0 {
            rest -= other.confidence;
            guesses.push(other);
        }
    }
    guesses
}

/// The most exact of the rules that match, the first of those in `rules`; none for a category that is out of use.
#[must_use]
pub fn deciding_rule<'a>(rules: &'a [Rule], own: &[Own<'_>], description: &str) -> Option<&'a Rule> {
    if rules.is_empty() {
        return None;
    }
    let subject = Subject::new(description);
    let in_use = |rule: &&Rule| own.get(rule.category).is_some_and(|own| !own.hidden);
    let matching = rules
        .iter()
        .filter(in_use)
        .filter(|rule| rule.pattern.matches(&subject));
    matching.rev().max_by_key(|rule| rule.pattern.precision())
}

/// What the model says, in the user's own categories: those that mean the same add up, hidden ones are left out.
pub(super) fn renamed(model: &dyn Categorizer, own: &[Own<'_>], description: &str) -> Vec<Guess> {
    let mut guesses: Vec<Guess> = Vec::new();
    for guess in model.guess(description) {
        let place = DEFAULTS.iter().position(|(name, _)| *name == guess.category);
        let means = |own: &&Own<'_>| place.is_some_and(|place| own.means.contains(&place));
        let Some(own) = own.iter().find(means).filter(|own| !own.hidden) else {
            continue;
        };
        if let Some(same) = guesses.iter_mut().find(|known| known.category == own.name) {
            same.confidence = same.confidence.saturating_add(guess.confidence).min(98);
            continue;
        }
        let because = match guess.because.strip_suffix(&guess.category) {
            Some(words) => format!("{words}{}", own.name),
            None => guess.because,
        };
        guesses.push(Guess {
            category: own.name.to_owned(),
            because,
            ..guess
        });
    }
    guesses.sort_by_key(|guess| std::cmp::Reverse(guess.confidence));
    guesses
}

#[cfg(test)]
mod tests;
