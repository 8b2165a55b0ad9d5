//! What a filter matches.

use unicode_normalization::UnicodeNormalization;

/// Lower case without accents, so that `cafe` finds `Café`.
pub(super) fn fold(text: &str) -> String {
    text.nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .collect::<String>()
        .to_lowercase()
}

/// Whether every word of the folded `filter` is found in the folded `text`.
pub(super) fn matches(filter: &str, text: &str) -> bool {
    filter.split_whitespace().all(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_match_anywhere_in_any_order_and_without_accents() {
        let text = fold("Café Lumière Dining 14.40");
        assert!(matches(&fold("dining CAFE"), &text));
        assert!(matches("", &text));
        assert!(!matches("cafe groceries", &text));
    }
}
