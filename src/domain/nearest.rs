//! "Did you mean": the known word that is closest to a mistyped one.

/// The candidate with the fewest slips of the finger (letters changed, added, left out) from `word`, in any
/// case, if there are few enough to be a slip at all: one for each three letters, and one at least.
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

/// The Levenshtein distance, one row at a time.
fn distance(word: &[char], other: &str) -> usize {
    let mut row: Vec<usize> = (0..=word.len()).collect();
    for (above, letter) in other.to_lowercase().chars().enumerate() {
        let mut diagonal = above;
        let mut left = above + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, &mine) in row.iter_mut().skip(1).zip(word) {
            let changed = diagonal + usize::from(mine != letter);
            diagonal = *cell;
            left = changed.min(*cell + 1).min(left + 1);
            *cell = left;
        }
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
        fn any_text_is_safe(word in "\\PC{0,80}", other in "\\PC{0,80}") {
            let _ = nearest(&word, [other.as_str()]);
        }
    }
}
