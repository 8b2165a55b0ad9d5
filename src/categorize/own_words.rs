//! What the user's earlier choices say about the words of a description: naive Bayes on top of the model.

use super::{Categorizer, Guess, LEAST_SHOWN, MAX_GUESSES, Own, percent};
use crate::domain::category::DEFAULTS;
use crate::domain::expense::CategorySource;

/// How many choices of a word it takes to believe it as much as what is usual.
const DOUBT: f64 = 1.0;
/// How many choices it takes to know what is usual for this user.
const USUAL: f64 = 10.0;
/// How much of what is usual for this user counts, beside the words.
const HABIT: f64 = 0.25;
/// The probability of a category that the model does not know, as long as no word speaks for it.
const UNKNOWN: f64 = 0.02;
/// How much the model counts beside words that the user has filed before: those it reads by their letters alone.
const TEMPER: f64 = 0.6;
/// What a word counts at least that stands in nearly all descriptions.
const LEAST_RARITY: f64 = 0.2;
/// A word decided for a category when it makes it so many times more likely.
const TELLING: f64 = 1.3;
/// Most words named as the reason.
const MAX_NAMED: usize = 3;

/// How much the user's choices with one word count for one category.
#[derive(Clone, Debug, PartialEq)]
pub struct WordCount {
    /// One of the [`telling_words`](super::telling_words); the empty word counts all choices.
    pub word: String,
    /// Place of the category in the list that the prediction is given.
    pub category: usize,
    /// In choices of today, more than zero.
    pub choices: f64,
}

/// What the model and the user's words say together, best first; `None` when the user has none of the words.
///
/// By Bayes: the model's probability of each category, times what each word makes of it. The odds of a word are its
/// share of the category's choices against the category's share of all choices, smoothed. Several words seldom speak
/// independently of each other: they count as the root of their number, and rare words more than common ones.
pub(super) fn guesses(
    model: &dyn Categorizer,
    own: &[Own<'_>],
    counts: &[WordCount],
    description: &str,
) -> Option<Vec<Guess>> {
    let words = words_of(counts);
    if words.is_empty() {
        return None;
    }
    let usual = usual(own, counts);
    let mut scores = base(model, own, description);
    let chosen: f64 = of_word(counts, "").map(|count| count.choices).sum();
    let rarity = |word: &str| {
        let all: f64 = of_word(counts, word).map(|count| count.choices).sum();
        ((chosen + DOUBT) / (all + DOUBT)).ln().max(LEAST_RARITY)
    };
    let together = words.iter().map(|word| rarity(word).powi(2)).sum::<f64>().sqrt();
    let mut odds = vec![Vec::with_capacity(words.len()); own.len()];
    for word in words {
        let all: f64 = of_word(counts, word).map(|count| count.choices).sum();
        for (place, usual) in usual.iter().enumerate() {
            let here: f64 = of_word(counts, word)
                .filter(|count| count.category == place)
                .map(|count| count.choices)
                .sum();
            let ratio = (here + DOUBT * usual) / ((all + DOUBT) * usual);
            scores[place] += rarity(word) / together * ratio.ln();
            odds[place].push((word, ratio));
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "at most a few hundred categories")]
    let even = 1.0 / own.len() as f64;
    for (score, usual) in scores.iter_mut().zip(&usual) {
        *score += HABIT * (usual / even).ln();
    }
    Some(named(model, own, &probabilities(&scores), &odds, description))
}

fn of_word<'a>(counts: &'a [WordCount], word: &'a str) -> impl Iterator<Item = &'a WordCount> {
    counts.iter().filter(move |count| count.word == word)
}

fn words_of(counts: &[WordCount]) -> Vec<&str> {
    let mut words: Vec<&str> = Vec::new();
    for count in counts {
        if !count.word.is_empty() && !words.contains(&count.word.as_str()) {
            words.push(&count.word);
        }
    }
    words
}

/// The share of each category in all that the user chose, smoothed: each is more than zero.
fn usual(own: &[Own<'_>], counts: &[WordCount]) -> Vec<f64> {
    let total: f64 = of_word(counts, "").map(|count| count.choices).sum();
    #[expect(clippy::cast_precision_loss, reason = "at most a few hundred categories")]
    let even = USUAL / own.len() as f64;
    let mut shares = vec![even; own.len()];
    for count in of_word(counts, "") {
        if let Some(share) = shares.get_mut(count.category) {
            *share += count.choices;
        }
    }
    shares.iter().map(|share| share / (total + USUAL)).collect()
}

/// The model's log-probabilities, each under the user's category that means it.
fn base(model: &dyn Categorizer, own: &[Own<'_>], description: &str) -> Vec<f64> {
    let logs = model.log_probabilities(description);
    let of = |own: &Own<'_>| {
        let known: f64 = own.means.iter().map(|&place| f64::from(logs[place]).exp()).sum();
        known
            .max(if own.means.is_empty() {
                UNKNOWN
            } else {
                f64::MIN_POSITIVE
            })
            .ln()
            * TEMPER
    };
    own.iter().map(of).collect()
}

fn probabilities(scores: &[f64]) -> Vec<f64> {
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let parts: Vec<f64> = scores.iter().map(|score| (score - most).exp()).collect();
    let total: f64 = parts.iter().sum();
    parts.iter().map(|part| part / total).collect()
}

/// The likeliest categories with the words that decided, the user's own or the model's; none that nothing speaks for.
fn named(
    model: &dyn Categorizer,
    own: &[Own<'_>],
    probabilities: &[f64],
    odds: &[Vec<(&str, f64)>],
    description: &str,
) -> Vec<Guess> {
    let mut ranked: Vec<(usize, f64)> = probabilities.iter().copied().enumerate().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    let of_model = super::renamed(model, own, description);
    let mut guesses = Vec::with_capacity(MAX_GUESSES);
    for (place, probability) in ranked {
        if guesses.len() == MAX_GUESSES || probability < LEAST_SHOWN {
            break;
        }
        if own[place].hidden {
            continue;
        }
        let name = own[place].name;
        let because = of_words(name, &odds[place]).map(|because| (because, CategorySource::Learned));
        let from_model = || {
            let guess = of_model.iter().find(|guess| guess.category == name)?;
            Some((guess.because.clone(), guess.source))
        };
        if let Some((because, source)) = because.or_else(from_model) {
            guesses.push(Guess {
                category: name.to_owned(),
                confidence: percent(probability),
                because,
                source,
            });
        }
    }
    guesses
}

/// `you put "ramen" and "house" into Dining before`.
fn of_words(name: &str, odds: &[(&str, f64)]) -> Option<String> {
    let mut telling: Vec<_> = odds.iter().filter(|(_, odds)| *odds > TELLING).collect();
    telling.sort_by(|a, b| b.1.total_cmp(&a.1));
    telling.truncate(MAX_NAMED);
    let quoted: Vec<String> = telling.iter().map(|(word, _)| format!("\"{word}\"")).collect();
    let (last, others) = quoted.split_last()?;
    let words = if others.is_empty() {
        last.clone()
    } else {
        format!("{} and {last}", others.join(", "))
    };
    Some(format!("you put {words} into {name} before"))
}

/// The places of the default categories that a list of their names means.
#[must_use]
pub fn meanings<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<usize> {
    let place = |name: &str| DEFAULTS.iter().position(|(known, _)| *known == name);
    names.into_iter().filter_map(place).collect()
}
