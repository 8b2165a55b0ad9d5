//! Puts a description into a category: the local model first, what is known of the user above it.
//!
//! A [`Categorizer`] knows nothing of the user. [`predict`] joins its guesses with the user's rules ([`Pattern`]), the
//! choices for the same merchant ([`merchant_key`]) and those with the same words ([`telling_words`]). [`service`] is what a
//! service outside is asked where that is not enough.

mod learned;
mod memory;
mod model;
mod own_words;
mod pattern;
pub mod service;
#[cfg(test)]
mod tests;
pub mod train;
mod words;

use learned::renamed;
pub use learned::{Evidence, Own, Rule, deciding_rule, predict};
pub use memory::{MAX_REMEMBERED, PastChoice, Weight};
pub use model::{AssetError, Model, Opinion, Reason};
pub use own_words::{WordCount, meanings};
pub use pattern::{MAX_PATTERN, Pattern, PatternError};
pub use words::{MAX_LEARNED, merchant_key, telling_words};

use crate::domain::category::DEFAULTS;
use crate::domain::expense::CategorySource;

/// Most guesses that an answer holds.
pub const MAX_GUESSES: usize = 3;

/// The least probability of a guess that is worth showing beside others.
const LEAST_SHOWN: f64 = 0.01;

/// One category that a description may belong to.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess {
    /// The category's name: one of [`crate::domain::category::DEFAULTS`], or what the user calls it.
    pub category: String,
    /// Percent, 1 to 98, and 100 for a rule of the user; those of one answer add up to 100 at most.
    pub confidence: u8,
    /// What decided, as a clause: `"lunch" and "chipotle" mean Dining`.
    pub because: String,
    /// Who says so.
    pub source: CategorySource,
}

/// Something that can put a description into a category.
pub trait Categorizer: Send + Sync {
    /// The categories that fit, best first, [`MAX_GUESSES`] at most; empty when nothing is known.
    fn guess(&self, description: &str) -> Vec<Guess>;

    /// The logarithm of each default category's probability, in the order of [`DEFAULTS`]: each is finite and below 0,
    /// and the probabilities add up to 1. A description that says nothing gets what is usual.
    fn log_probabilities(&self, description: &str) -> [f32; DEFAULTS.len()];
}

/// A probability as percent: never certain, never nothing.
fn percent(probability: f64) -> u8 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 1..=98 first; rounding down keeps sums below 100"
    )]
    let percent = (probability * 100.0 + 1e-9).clamp(1.0, 98.0) as u8;
    percent
}
