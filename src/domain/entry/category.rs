//! `#transport`, and the category that it means.

use super::words::Word;
use crate::domain::nearest::nearest;

/// The last `#word` from word `free` on, and the word.
pub(super) fn tag(words: &[Word<'_>], free: usize) -> Option<(usize, String)> {
    let at = (free..words.len()).rev().find(|&at| name(&words[at]).is_some())?;
    Some((at, name(&words[at])?.to_owned()))
}

/// What stands behind the `#`; a number behind it is a number of something.
pub(super) fn name<'a>(word: &Word<'a>) -> Option<&'a str> {
    let name = word.bare().strip_prefix('#')?;
    name.starts_with(char::is_alphabetic).then_some(name)
}

/// The place of the category that `typed` means: its name in any case, its start, the start of one of its words, a
/// part of it, its first letter and some of the others in order, or its name with a slip of the finger.
#[must_use]
pub fn find_category<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<usize> {
    let letters = key(typed);
    if letters.is_empty() {
        return None;
    }
    let names: Vec<&str> = names.into_iter().collect();
    let keys: Vec<String> = names.iter().map(|name| key(name)).collect();
    let by = |holds: &dyn Fn(usize) -> bool| (0..names.len()).find(|&at| holds(at));
    by(&|at| keys[at] == letters)
        .or_else(|| by(&|at| keys[at].starts_with(&letters)))
        .or_else(|| by(&|at| names[at].split_whitespace().any(|word| key(word).starts_with(&letters))))
        .or_else(|| by(&|at| keys[at].contains(&letters)))
        .or_else(|| by(&|at| is_abbreviation(&letters, &keys[at])))
        .or_else(|| {
            let near = nearest(typed, names.iter().copied())?;
            by(&|at| names[at] == near)
        })
}

/// Letters and digits in lower case: nobody types the `&` of `Fees & Taxes`.
fn key(text: &str) -> String {
    let known = text.chars().take(256).filter(|c| c.is_alphanumeric());
    known.flat_map(char::to_lowercase).collect()
}

/// Whether `name` begins with the first letter and has the others in this order.
fn is_abbreviation(letters: &str, name: &str) -> bool {
    let mut rest = name.chars();
    letters.chars().count() > 1
        && rest.clone().next() == letters.chars().next()
        && letters.chars().all(|letter| rest.any(|c| c == letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    const NAMES: [&str; 6] = [
        "Groceries",
        "Dining",
        "Transport",
        "Fees & Taxes",
        "Travel",
        "Gifts & Donations",
    ];

    #[rstest]
    #[case("dining", Some("Dining"))]
    #[case("TRA", Some("Transport"))]
    #[case("trav", Some("Travel"))]
    #[case("taxes", Some("Fees & Taxes"))]
    #[case("feestaxes", Some("Fees & Taxes"))]
    #[case("port", Some("Transport"))]
    #[case("tspt", Some("Transport"))]
    #[case("grcs", Some("Groceries"))]
    #[case("dinning", Some("Dining"))]
    #[case("rocket", None)]
    #[case("&", None)]
    #[case("", None)]
    fn a_few_letters_mean_a_category(#[case] typed: &str, #[case] name: Option<&str>) {
        assert_eq!(find_category(typed, NAMES).map(|at| NAMES[at]), name);
    }

    proptest! {
        #[test]
        fn any_text_is_safe(typed in "\\PC{0,40}", name in "\\PC{0,40}") {
            let found = find_category(&typed, [name.as_str(), "Dining"]);
            prop_assert!(found.is_none_or(|at| at < 2));
        }

        #[test]
        fn a_name_means_itself(at in 0_usize..6) {
            prop_assert_eq!(find_category(NAMES[at], NAMES), Some(at));
        }
    }
}
