//! The days of a month as tiny columns in one row.

use ratatui::text::{Line, Span};

use super::theme::{Role, Skin};

/// One column for each day of `daily` (minor units, first day first), the highest day full.
///
/// A day on which something was spent is higher than one on which nothing was; days to come are blank.
#[must_use]
pub fn line(daily: &[i64], day: u8, skin: &Skin) -> Line<'static> {
    let most = daily.iter().copied().max().unwrap_or(0);
    let shown: String = (1..=daily.len())
        .zip(daily)
        .map(|(at, &minor)| {
            if at > usize::from(day) {
                " "
            } else {
                skin.glyphs.steps[usize::from(level(minor, most))]
            }
        })
        .collect();
    Line::from(Span::styled(shown, skin.theme.style(Role::Muted)))
}

/// The height of a day in eighths: 1 for nothing, 2 to 8 for something.
fn level(minor: i64, most: i64) -> u8 {
    if minor <= 0 || most <= 0 {
        return 1;
    }
    let above = (6 * i128::from(minor) + i128::from(most) / 2) / i128::from(most);
    u8::try_from(above).map_or(8, |above| 2 + above.min(6))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::tests::skins;
    use proptest::prelude::*;

    #[test]
    fn days_are_compared_with_the_highest() {
        let [unicode, ascii] = skins();
        let daily = [600, 0, 100, 1, 300, 0, 500];
        assert_eq!(line(&daily, 6, &unicode).to_string(), "█▁▃▂▅▁ ");
        assert_eq!(line(&daily, 6, &ascii).to_string(), "#_:.=_ ");
        assert_eq!(line(&[], 6, &ascii).to_string(), "");
    }

    proptest! {
        #[test]
        fn more_is_never_lower(a in any::<i64>(), b in any::<i64>(), most in any::<i64>()) {
            prop_assert!(level(a.min(b), most) <= level(a.max(b), most));
            prop_assert_eq!(level(a, most) > 1, a > 0 && most > 0);
        }
    }
}
