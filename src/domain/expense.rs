//! What is known about an expense's category: who chose it and how sure that is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who put an expense into its category.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Hash, Serialize, Deserialize, ToSchema, strum::Display, strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum CategorySource {
    /// The user chose it.
    You,
    /// A rule that the user wrote.
    Rule,
    /// The user's own earlier choices for this merchant.
    Learned,
    /// The built-in word list of earlier versions.
    Lexicon,
    /// A service that speaks the chat completions of `OpenAI`.
    Openai,
    /// An endpoint of AWS `SageMaker`.
    Sagemaker,
    /// The model that comes with the program.
    Model,
    /// Nothing matched: the expense waits in no category.
    None,
}

impl CategorySource {
    /// The name that a person reads.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::You => "you",
            Self::Rule => "your rule",
            Self::Learned => "your earlier choices",
            Self::Lexicon => "word list",
            Self::Openai => "OpenAI-compatible",
            Self::Sagemaker => "SageMaker",
            Self::Model => "local model",
            Self::None => "no match",
        }
    }

    /// The same in a word or two, for a narrow column.
    #[must_use]
    pub fn short(self) -> &'static str {
        match self {
            Self::You => "you",
            Self::Rule => "your rule",
            Self::Learned => "learned",
            Self::Lexicon => "word list",
            Self::Openai => "OpenAI",
            Self::Sagemaker => "SageMaker",
            Self::Model => "model",
            Self::None => "",
        }
    }

    /// Whether it is the user's own word, now or earlier.
    #[must_use]
    pub fn is_own(self) -> bool {
        matches!(self, Self::You | Self::Rule | Self::Learned)
    }
}

/// A category that the user did not choose waits for a review below this confidence, percent.
pub const UNSURE_BELOW: u8 = 60;

/// Whether an expense waits for a review: it is in no category, or in one that nobody is sure of.
#[must_use]
pub fn to_review(categorised: bool, source: CategorySource, confidence: u8) -> bool {
    !categorised || is_unsure(source, confidence)
}

/// Whether nobody is sure of the category that an expense is in.
#[must_use]
pub fn is_unsure(source: CategorySource, confidence: u8) -> bool {
    source != CategorySource::You && Sureness::of(confidence) == Sureness::Unsure
}

/// How much a prediction can be relied on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sureness {
    /// 85 % and more: shown without a mark.
    Sure,
    /// 60 to 84 %: marked `~`.
    Fair,
    /// Below 60 %: marked `?`, and the user is asked.
    Unsure,
}

impl Sureness {
    /// From a confidence in percent, 0 to 100.
    #[must_use]
    pub fn of(confidence: u8) -> Self {
        match confidence {
            85.. => Self::Sure,
            UNSURE_BELOW..85 => Self::Fair,
            _ => Self::Unsure,
        }
    }

    /// The mark that stands beside the category, or nothing.
    #[must_use]
    pub fn mark(self) -> &'static str {
        match self {
            Self::Sure => "",
            Self::Fair => "~",
            Self::Unsure => "?",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_is_sure_of_waits_for_a_review() {
        assert!(to_review(false, CategorySource::None, 0));
        assert!(to_review(true, CategorySource::Lexicon, 59));
        assert!(!to_review(true, CategorySource::Learned, 60));
        assert!(!to_review(true, CategorySource::You, 0));
    }
}
