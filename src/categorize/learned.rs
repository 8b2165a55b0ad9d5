//! The user's own earlier choices, which win over every model.

use super::{Categorizer, Guess, MAX_GUESSES, percent};
use crate::domain::expense::CategorySource;

/// Doubt left beside the user's choices, in choices: one choice is right again four times in five,
/// three choices nine times in ten.
const DOUBT: f64 = 0.25;

/// A category that the user chose before for the same merchant key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learned {
    /// The category's name.
    pub category: String,
    /// How often it was chosen: 1 or more.
    pub count: u32,
}

/// Puts a description into a category: the user's own earlier choices for its merchant first, then the categorizer's.
///
/// Choices that contradict each other share the confidence. At most [`MAX_GUESSES`], best first.
#[must_use]
pub fn predict(categorizer: &dyn Categorizer, learned: &[Learned], description: &str) -> Vec<Guess> {
    let mut guesses = own_choices(learned, description);
    let mut rest = 100 - guesses.iter().map(|guess| guess.confidence).sum::<u8>().min(100);
    for mut other in categorizer.guess(description) {
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

/// The user's choices as guesses, most frequent first.
fn own_choices(learned: &[Learned], description: &str) -> Vec<Guess> {
    let mut chosen: Vec<&Learned> = learned.iter().filter(|choice| choice.count > 0).collect();
    chosen.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.category.cmp(&b.category)));
    let total: f64 = chosen.iter().map(|choice| f64::from(choice.count)).sum();
    let key = super::merchant_key(description);
    chosen
        .iter()
        .take(MAX_GUESSES)
        .map(|choice| Guess {
            category: choice.category.clone(),
            confidence: percent(f64::from(choice.count) / (total + DOUBT)),
            because: match choice.count {
                1 => format!("\"{key}\" was once {}", choice.category),
                count => format!("\"{key}\" was {count} times {}", choice.category),
            },
            source: CategorySource::Learned,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::Model;
    use super::*;
    use proptest::prelude::*;

    fn chose(category: &str, count: u32) -> Learned {
        Learned {
            category: category.to_owned(),
            count,
        }
    }

    #[test]
    fn own_choices_win_over_the_model() {
        let guesses = predict(Model::shared(), &[chose("Gifts & Donations", 7)], "SQ *RAMEN HOUSE 12");
        assert_eq!(guesses[0].category, "Gifts & Donations");
        assert_eq!(guesses[0].because, "\"ramen house\" was 7 times Gifts & Donations");
        assert_eq!(guesses[0].source, CategorySource::Learned);
        assert!(guesses[0].confidence >= 95);
        assert_eq!(predict(Model::shared(), &[], "ramen house")[0].category, "Dining");
    }

    #[test]
    fn contradictory_choices_share_the_confidence() {
        let guesses = predict(
            Model::shared(),
            &[chose("Kids", 2), chose("Pets", 2), chose("Other", 1)],
            "tesco",
        );
        let all: Vec<_> = guesses.iter().map(|g| (g.category.as_str(), g.confidence)).collect();
        assert_eq!(all, [("Kids", 38), ("Pets", 38), ("Other", 19)]);
        assert!(guesses[2].because.ends_with("was once Other"));
    }

    #[test]
    fn one_choice_is_fair_and_more_are_sure() {
        let confidence = |count| predict(Model::shared(), &[chose("Kids", count)], "tesco")[0].confidence;
        assert_eq!(confidence(1), 80);
        assert!(confidence(3) > 90 && confidence(u32::MAX) <= 98);
    }

    proptest! {
        #[test]
        fn confidences_add_up_to_100_at_most(counts in prop::collection::vec(0_u32.., 0..30), text in "[a-z]{3,9} (aldi|uber|rent) [a-z]{3,9}") {
            let learned: Vec<_> = counts.iter().enumerate().map(|(i, &n)| chose(&format!("c{i}"), n)).collect();
            let guesses = predict(Model::shared(), &learned, &text);
            prop_assert!(guesses.len() <= MAX_GUESSES);
            prop_assert!(guesses.iter().map(|g| u32::from(g.confidence)).sum::<u32>() <= 100);
            prop_assert!(guesses.windows(2).all(|pair| pair[0].confidence >= pair[1].confidence || pair[0].source != pair[1].source));
        }
    }
}
