//! How sure a phrase makes us: measured shares of right answers, and how several of them add up.

use std::ops::Range;

use super::words::Word;
use crate::domain::category::DEFAULTS;

/// What a word gets right that only stands inside phrases of the list.
///
/// This and the shares in [`trust`] were measured on some 1,500 descriptions that are not part of the list.
pub(super) const HINT: f64 = 0.42;
/// How much the goal of a way counts beside other words: "taxi to hospital" is a taxi.
const GOAL: f64 = 0.2;
/// The least probability of the best guess, and of those beside it, that is worth showing.
const LEAST: f64 = 0.25;
const LEAST_BESIDE: f64 = 0.01;

/// What a phrase of the list is, which says how far it can be trusted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A shop or brand.
    Merchant,
    /// A thing or a service.
    Term,
    /// A word that often means something else: `target`, `play`, `bar`.
    Common,
}

/// How often an entry found at `at` is right when nothing else speaks.
fn trust(kind: Kind, words: &[Word<'_>], at: &Range<usize>) -> f64 {
    if at.len() == words.len() {
        return 0.95;
    }
    let letters = words[at.start].text.chars().count();
    let (first, last) = (at.start == 0, at.end == words.len());
    match (kind, at.len()) {
        (Kind::Common, 1) => 0.48,
        (Kind::Merchant, 1) if !first && !last => 0.55,
        (Kind::Merchant, 1) if letters <= 3 || !first => 0.80,
        (Kind::Merchant, 1) => 0.92,
        (_, 1) if letters >= 7 => 0.88,
        (_, 1) if letters >= 5 => 0.82,
        (_, 1) => 0.77,
        _ => 0.94,
    }
}

/// The odds that an entry found at `at` is right.
pub(super) fn odds_at(kind: Kind, words: &[Word<'_>], at: &Range<usize>) -> f64 {
    let goal = at.start > 1 && words[at.start - 1].text == "to";
    odds(trust(kind, words, at)) * if goal { GOAL } else { 1.0 }
}

/// A probability below 1 as odds.
pub(super) fn odds(probability: f64) -> f64 {
    probability / (1.0 - probability)
}

/// The categories with their probabilities, most likely first; nothing when no category is likely.
///
/// Evidence for one category multiplies: two words that are each right four times in five are right 24 times in 25.
/// Categories that contradict each other share the probability, and none of them is a possibility too.
pub(super) fn rank<'a>(evidence: impl Iterator<Item = &'a (usize, f64)>) -> Vec<(usize, f64)> {
    let mut against = [1.0_f64; DEFAULTS.len()];
    for (category, odds) in evidence {
        against[*category] *= 1.0 + odds;
    }
    let total = 1.0 + against.iter().map(|product| product - 1.0).sum::<f64>();
    let share = |(category, product): (usize, &f64)| (category, (product - 1.0) / total);
    let mut ranked: Vec<_> = against
        .iter()
        .enumerate()
        .map(share)
        .filter(|found| found.1 >= LEAST_BESIDE)
        .collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    if ranked.first().is_none_or(|best| best.1 < LEAST) {
        ranked.clear();
    }
    ranked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_for_one_category_multiplies() {
        let ranked = rank([(1, odds(0.8)), (1, odds(0.8))].iter());
        assert_eq!(ranked.len(), 1);
        assert!((ranked[0].1 - 0.96).abs() < 1e-9, "{ranked:?}");
    }

    #[test]
    fn contradictions_share_and_weak_hints_are_nothing() {
        let ranked = rank([(1, odds(0.8)), (2, odds(0.8))].iter());
        assert_eq!((ranked.len(), ranked[0].0), (2, 1));
        assert!(ranked.iter().all(|(_, p)| (p - 4.0 / 9.0).abs() < 1e-9), "{ranked:?}");
        assert_eq!(rank([(1, odds(0.2))].iter()), []);
        assert_eq!(rank([].iter()), []);
    }
}
