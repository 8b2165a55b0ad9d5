//! Which part of a list is on the screen.

/// The first row to show of a list of `len` rows in `height` lines, as close to the present `offset` as it can
/// be with `selected` in sight and no empty lines at the end.
#[must_use]
pub fn window(selected: usize, offset: usize, len: usize, height: usize) -> usize {
    if height == 0 || len == 0 {
        return 0;
    }
    let selected = selected.min(len - 1);
    let nearest = offset.clamp((selected + 1).saturating_sub(height), selected);
    nearest.min(len.saturating_sub(height))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case(0, 0, 9, 4, 0)]
    #[case(4, 0, 9, 4, 1)]
    #[case(2, 3, 9, 4, 2)]
    #[case(5, 3, 9, 4, 3)]
    #[case(8, 8, 9, 4, 5)]
    #[case(3, 3, 4, 9, 0)]
    fn moves_no_further_than_needed(
        #[case] selected: usize,
        #[case] offset: usize,
        #[case] len: usize,
        #[case] height: usize,
        #[case] expected: usize,
    ) {
        assert_eq!(window(selected, offset, len, height), expected);
    }

    proptest! {
        #[test]
        fn the_selection_is_in_sight(selected in 0_usize..200, offset: usize, len in 1_usize..100, height in 1_usize..60) {
            let first = window(selected, offset, len, height);
            let row = selected.min(len - 1);
            prop_assert!(first <= row && row < first + height);
            prop_assert!(first == 0 || first + height <= len);
        }
    }
}
