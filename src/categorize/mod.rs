//! Puts a description into a category (placeholder until the categorizer is merged).

use crate::domain::expense::CategorySource;

/// One possible category, best first in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// Name of one of the default categories.
    pub category: String,
    /// Percent, 0 to 100.
    pub confidence: u8,
    /// The words that decided, as a clause.
    pub because: String,
    /// Who says so.
    pub source: CategorySource,
}

/// How often the user chose a category for a merchant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learned {
    /// The category's name.
    pub category: String,
    /// Number of choices.
    pub count: u32,
}

/// Something that guesses categories.
pub trait Categorizer: Send + Sync {
    /// The categories that fit `description`, best first.
    fn guess(&self, description: &str) -> Vec<Guess>;
}

/// What two descriptions of one merchant have in common.
#[must_use]
pub fn merchant_key(description: &str) -> String {
    description
        .to_lowercase()
        .split_whitespace()
        .filter(|word| word.chars().all(char::is_alphabetic))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Combines the user's own earlier choices with `categorizer`.
#[must_use]
pub fn predict(categorizer: &dyn Categorizer, learned: &[Learned], description: &str) -> Vec<Guess> {
    let mut guesses: Vec<Guess> = learned
        .iter()
        .map(|choice| Guess {
            category: choice.category.clone(),
            confidence: 90,
            because: format!("was {} times {}", choice.count, choice.category),
            source: CategorySource::Learned,
        })
        .collect();
    guesses.extend(categorizer.guess(description));
    guesses
}

/// The built-in word list.
#[must_use]
pub fn built_in() -> Box<dyn Categorizer> {
    Box::new(FewWords)
}

struct FewWords;

impl Categorizer for FewWords {
    fn guess(&self, description: &str) -> Vec<Guess> {
        let lower = description.to_lowercase();
        [("lunch", "Dining"), ("uber", "Transport"), ("market", "Groceries")]
            .iter()
            .filter(|(word, _)| lower.contains(word))
            .map(|(word, category)| Guess {
                category: (*category).to_owned(),
                confidence: 90,
                because: format!("\"{word}\" means {category}"),
                source: CategorySource::Lexicon,
            })
            .collect()
    }
}
