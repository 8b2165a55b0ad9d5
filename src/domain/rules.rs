//! What a user wants to be told about a category, in a few letters: `80 100 fc`.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::alert::AlertRules;

/// A text that names no rules.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RulesError {
    /// A word that means nothing here.
    #[error("\"{0}\" is not known. Write for example 80 100 fc, or none.")]
    Word(String),
    /// Two percentages below 100.
    #[error("One percentage below 100 is enough. Write for example 80 100 fc.")]
    Twice,
    /// Nothing at all.
    #[error("Write for example 80 100 fc, or none for no alerts.")]
    Empty,
}

impl AlertRules {
    /// No alerts at all.
    pub const NONE: Self = Self {
        near_percent: None,
        forecast: false,
        over: false,
    };

    /// The rules in words: `80%, 100% and the forecast`.
    #[must_use]
    pub fn words(&self) -> String {
        let near = self.near_percent.map(|percent| format!("{percent}%"));
        let over = self.over.then(|| "100%".to_owned());
        let forecast = self.forecast.then(|| "the forecast".to_owned());
        let parts: Vec<String> = [near, over, forecast].into_iter().flatten().collect();
        match parts.as_slice() {
            [] => "never".to_owned(),
            [one] => one.clone(),
            [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
        }
    }
}

impl fmt::Display for AlertRules {
    /// `80 100 fc`: near a percentage, over the limit, by the forecast; `none`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let near = self.near_percent.map(|percent| percent.to_string());
        let over = self.over.then(|| "100".to_owned());
        let forecast = self.forecast.then(|| "fc".to_owned());
        let parts: Vec<String> = [near, over, forecast].into_iter().flatten().collect();
        f.pad(&if parts.is_empty() {
            "none".to_owned()
        } else {
            parts.join(" ")
        })
    }
}

impl FromStr for AlertRules {
    type Err = RulesError;

    /// Reads `80 100 fc` in any order, with or without `%` and commas; `none` is no alerts.
    fn from_str(text: &str) -> Result<Self, RulesError> {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.split([' ', ',', '/']).filter(|word| !word.is_empty()).collect();
        match words.as_slice() {
            [] => return Err(RulesError::Empty),
            ["none"] => return Ok(Self::NONE),
            _ => {}
        }
        let mut rules = Self::NONE;
        for word in words {
            let number = word.strip_suffix('%').unwrap_or(word);
            match (word, number.parse::<u8>()) {
                ("fc" | "forecast", _) => rules.forecast = true,
                (_, Ok(100)) => rules.over = true,
                (_, Ok(percent @ 1..=99)) => {
                    if rules.near_percent.is_some_and(|other| other != percent) {
                        return Err(RulesError::Twice);
                    }
                    rules.near_percent = Some(percent);
                }
                _ => return Err(RulesError::Word(word.chars().take(24).collect())),
            }
        }
        Ok(rules)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("80 100 fc", "80 100 fc", "80%, 100% and the forecast")]
    #[case(" FC, 100%", "100 fc", "100% and the forecast")]
    #[case("75%", "75", "75%")]
    #[case("80/100/forecast", "80 100 fc", "80%, 100% and the forecast")]
    #[case("none", "none", "never")]
    fn rules_are_read_and_written(#[case] typed: &str, #[case] short: &str, #[case] words: &str) {
        let rules: AlertRules = typed.parse().unwrap();
        assert_eq!((rules.to_string(), rules.words()), (short.to_owned(), words.to_owned()));
    }

    #[rstest]
    #[case("", RulesError::Empty)]
    #[case("70 80", RulesError::Twice)]
    #[case("101", RulesError::Word("101".to_owned()))]
    #[case("0", RulesError::Word("0".to_owned()))]
    #[case("80 none", RulesError::Word("none".to_owned()))]
    #[case("often", RulesError::Word("often".to_owned()))]
    fn what_names_no_rules_is_refused(#[case] typed: &str, #[case] error: RulesError) {
        assert_eq!(typed.parse::<AlertRules>(), Err(error));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(near_percent in prop::option::of(1_u8..=99), forecast: bool, over: bool) {
            let rules = AlertRules { near_percent, forecast, over };
            prop_assert_eq!(rules.to_string().parse(), Ok(rules));
        }

        #[test]
        fn any_text_is_safe(text in "\\PC{0,20}") {
            let _ = text.parse::<AlertRules>();
        }
    }
}
