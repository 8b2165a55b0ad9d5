//! "Did you mean": the known word that is closest to a mistyped one.

/// The candidate with the fewest slips of the finger (letters changed, added, left out, two swapped) from `word`,
/// in any case, if there are few enough to be a slip at all: one for each three letters, and one at least.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Nobody mistypes a text this long; comparing it would cost its length squared.
    let word: Vec<char> = word.trim().to_lowercase().chars().take(65).collect();
    if word.len() > 64 {
        return None;
    }
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, candidate), candidate))
        .filter(|&(slips, _)| slips <= (word.len() / 3).max(1))
        .min_by_key(|&(slips, _)| slips)
        .map(|(_, candidate)| candidate)
}

/// The distance of optimal string alignment: Levenshtein's, and two neighbours swapped are one slip.
fn distance(word: &[char], other: &str) -> usize {
    let other: Vec<char> = other.to_lowercase().chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=word.len()).collect();
    for (at, &letter) in other.iter().enumerate() {
        let mut next = vec![at + 1; word.len() + 1];
        for (i, &mine) in word.iter().enumerate() {
            let changed = row[i] + usize::from(mine != letter);
            next[i + 1] = changed.min(row[i + 1] + 1).min(next[i] + 1);
            if at > 0 && i > 0 && mine == other[at - 1] && word[i - 1] == letter {
                next[i + 1] = next[i + 1].min(before[i - 1] + 1);
            }
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_slip_is_found_and_a_stranger_is_not() {
        let known = ["Groceries", "Dining", "Transport"];
        assert_eq!(nearest("dinning", known), Some("Dining"));
        assert_eq!(nearest("GROCERYES", known), Some("Groceries"));
        assert_eq!(nearest("rocket", known), None);
        assert_eq!(nearest("fnu", ["Fun", "Dining"]), Some("Fun"));
        assert_eq!(nearest("", ["abc"]), None);
    }

    proptest! {
        #[test]
        fn one_changed_letter_is_one_slip(word in "[a-z]{3,10}", at in 0_usize..3) {
            let mut letters: Vec<char> = word.chars().collect();
            letters[at] = 'Z';
            prop_assert_eq!(distance(&letters, &word), 1);
            prop_assert_eq!(distance(&word.chars().collect::<Vec<_>>(), &word), 0);
        }

        #[test]
        fn two_swapped_letters_are_one_slip(word in "[a-z]{3,10}", at in 0_usize..2) {
            let mut letters: Vec<char> = word.chars().collect();
            letters.swap(at, at + 1);
            prop_assert_eq!(distance(&letters, &word), usize::from(letters[at] != letters[at + 1]));
        }

        #[test]
        fn any_text_is_safe(word in "\\PC{0,80}", other in "\\PC{0,80}") {
            let _ = nearest(&word, [other.as_str()]);
        }
    }
}
