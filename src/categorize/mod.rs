//! Puts a description into a category: the local model first, the user's own earlier choices above it.
//!
//! A [`Categorizer`] knows nothing of the user. [`predict`] joins its guesses with what the user chose
//! before for the same merchant ([`merchant_key`]).

mod learned;
mod model;
#[cfg(test)]
mod tests;
pub mod train;
mod words;

pub use learned::{Learned, predict};
pub use model::{AssetError, Model, Opinion, Reason};
pub use words::merchant_key;

use crate::domain::category::DEFAULTS;
use crate::domain::expense::CategorySource;

/// Most guesses that an answer holds.
pub const MAX_GUESSES: usize = 3;

/// One category that a description may belong to.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess {
    /// The category's name, one of [`crate::domain::category::DEFAULTS`] or one that the user chose before.
    pub category: String,
    /// Percent, 1 to 98; those of one answer add up to 100 at most.
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
