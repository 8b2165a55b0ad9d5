//! "Did you mean": the known word that is closest to a mistyped one.

/// The candidate with the fewest slips of the finger (a letter changed, added, left out, or swapped with its
/// neighbour) from `word`, in any case, if there are few enough to be a slip at all: one for each three letters,
/// and one at least.
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

/// The distance of Levenshtein, where two neighbours that changed places are one slip too (optimal string
/// alignment). Three rows of the table at a time.
fn distance(word: &[char], other: &str) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=word.len()).collect();
    let mut above = None;
    for (count, letter) in other.to_lowercase().chars().enumerate() {
        let mut next = vec![count + 1];
        let mut left = count + 1;
        for (at, &mine) in word.iter().enumerate() {
            let changed = row[at] + usize::from(mine != letter);
            left = changed.min(row[at + 1] + 1).min(left + 1);
            if at > 0 && Some(mine) == above && word[at - 1] == letter {
                left = left.min(before[at - 1] + 1);
            }
            next.push(left);
        }
        above = Some(letter);
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
        assert_eq!(nearest("dniing", known), Some("Dining"));
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
        fn two_swapped_letters_are_one_slip(word in "[a-z]{4,10}", at in 0_usize..3) {
            let mut letters: Vec<char> = word.chars().collect();
            prop_assume!(letters[at] != letters[at + 1]);
            letters.swap(at, at + 1);
            prop_assert_eq!(distance(&letters, &word), 1);
        }

        #[test]
        fn any_text_is_safe(word in "\\PC{0,80}", other in "\\PC{0,80}") {
            let _ = nearest(&word, [other.as_str()]);
        }
    }
}
