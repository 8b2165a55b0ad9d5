//! A few amounts as columns of one row.

use ratatui::text::Span;

use super::theme::{Role, Skin};

/// One column for each amount with its limit, the highest as high as the largest of them all. Any amount more than
/// nothing shows; those over their limit stand out by colour and weight.
#[must_use]
pub fn spans(amounts: &[i64], limits: &[Option<i64>], skin: &Skin) -> Vec<Span<'static>> {
    let most = amounts
        .iter()
        .copied()
        .chain(limits.iter().copied().flatten())
        .max()
        .unwrap_or(0)
        .max(1);
    // A full cell would touch the row above, and rows would run into one block.
    let top = skin.glyphs.steps.len() - 2;
    let column = |(at, amount): (usize, &i64)| {
        let over = limits.get(at).copied().flatten().is_some_and(|limit| *amount > limit);
        let style = if over {
            skin.theme.bold(Role::Over)
        } else {
            skin.theme.style(Role::Muted)
        };
        Span::styled(skin.glyphs.steps[step(*amount, most, top)], style)
    };
    amounts.iter().enumerate().map(column).collect()
}

/// How many of `top` steps `amount` reaches of `most`, which is more than nothing.
fn step(amount: i64, most: i64, top: usize) -> usize {
    if amount <= 0 {
        return 0;
    }
    let steps = i128::try_from(top).unwrap_or(0);
    let (amount, most) = (i128::from(amount), i128::from(most));
    let nearest = (2 * amount * steps + most) / (2 * most);
    usize::try_from(nearest.clamp(1, steps.max(1))).unwrap_or(top)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::tests::skins;
    use proptest::prelude::*;

    fn drawn(amounts: &[i64], limit: Option<i64>, skin: &Skin) -> String {
        spans(amounts, &vec![limit; amounts.len().max(1)], skin)
            .iter()
            .map(|span| span.content.to_string())
            .collect()
    }

    #[test]
    fn the_highest_column_is_the_largest_amount_or_the_limit() {
        let [unicode, ascii] = [skins()[0], skins()[1]].map(|skin| drawn(&[0, 1, 30, 60, 90, 120], Some(60), &skin));
        assert_eq!((unicode.as_str(), ascii.as_str()), (" ▁▂▄▅▇", " _.:=#"));
        assert_eq!(drawn(&[60, 30], Some(120), &skins()[0]), "▄▂");
        assert_eq!(drawn(&[], None, &skins()[0]), "");
    }

    #[test]
    fn months_over_the_limit_stand_out_without_colour() {
        let mono = skins()[1];
        let columns = spans(&[50, 60, 61], &[Some(60); 3], &mono);
        let bold: Vec<bool> = columns
            .iter()
            .map(|span| span.style.has_modifier(ratatui::style::Modifier::BOLD))
            .collect();
        assert_eq!(bold, [false, false, true]);
    }

    proptest! {
        #[test]
        fn more_is_never_lower(mut amounts in prop::collection::vec(any::<i64>(), 0..8), limit in prop::option::of(any::<i64>())) {
            amounts.sort_unstable();
            let skin = skins()[0];
            let most = amounts.iter().copied().chain(limit).max().unwrap_or(0).max(1);
            let steps: Vec<usize> = amounts.iter().map(|amount| step(*amount, most, 8)).collect();
            prop_assert!(steps.windows(2).all(|pair| pair[0] <= pair[1]) && steps.iter().all(|step| *step <= 8));
            prop_assert!(amounts.iter().zip(&steps).all(|(amount, step)| (*amount > 0) == (*step > 0)));
            prop_assert_eq!(spans(&amounts, &vec![limit; amounts.len()], &skin).len(), amounts.len());
        }
    }
}
