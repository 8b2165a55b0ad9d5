//! What a filter lets through.

use unicode_normalization::UnicodeNormalization;

/// Begins a word that must match the category alone: `cat:dining`.
const CATEGORY: &str = "cat:";

/// A filter as it was typed: every word must be found, `cat:` words in the category.
pub(super) struct Filter {
    words: Vec<String>,
    categories: Vec<String>,
}

impl Filter {
    pub(super) fn new(typed: &str) -> Self {
        let folded = fold(typed);
        let (categories, words): (Vec<&str>, Vec<&str>) =
            folded.split_whitespace().partition(|word| word.starts_with(CATEGORY));
        Self {
            words: words.into_iter().map(str::to_owned).collect(),
            categories: categories
                .into_iter()
                .map(|word| word[CATEGORY.len()..].to_owned())
                .collect(),
        }
    }

    /// What is typed to see one category.
    pub(super) fn of_category(name: &str) -> String {
        format!("{CATEGORY}{}", joined(&fold(name)))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.categories.is_empty()
    }

    /// Whether a row with these texts passes.
    pub(super) fn matches(&self, texts: &[&str], category: &str) -> bool {
        let texts: Vec<String> = texts.iter().map(|text| fold(text)).collect();
        let category = joined(&fold(category));
        self.words
            .iter()
            .all(|word| texts.iter().any(|text| text.contains(word)))
            && self.categories.iter().all(|wanted| category.starts_with(wanted))
    }
}

/// A name of several words as one: `fees&taxes`.
fn joined(folded: &str) -> String {
    folded.split_whitespace().collect()
}

/// Lower case without accents, so that `cafe` finds `Café`.
fn fold(text: &str) -> String {
    text.nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .collect::<String>()
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("dining CAFE", true)]
    #[case("", true)]
    #[case("cafe groceries", false)]
    #[case("14.4", true)]
    #[case("cat:din", true)]
    #[case("cat:caf", false)]
    fn words_match_anywhere_in_any_order_and_without_accents(#[case] typed: &str, #[case] passes: bool) {
        let filter = Filter::new(typed);
        assert_eq!(filter.matches(&["Café Lumière", "Dining", "14.40"], "Dining"), passes);
    }

    #[test]
    fn a_category_of_several_words_is_one_word() {
        let typed = Filter::of_category("Fees & Taxes");
        assert_eq!(typed, "cat:fees&taxes");
        assert!(Filter::new(&typed).matches(&[], "Fees & Taxes"));
        assert!(!Filter::new(&typed).matches(&["fees&taxes"], "Other"));
    }
}
