//! From money to pixels: whole numbers, any amount.

/// Most steps that an axis is divided into.
pub(super) const MOST_STEPS: i64 = 8;

/// A money axis from zero to a round number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scale {
    /// The right end, minor units: more than zero.
    pub top: i64,
    /// From one mark to the next, minor units.
    pub step: i64,
    /// Its length in pixels.
    pub length: i32,
}

impl Scale {
    /// An axis of `length` pixels that holds `largest`, with at most `steps` marks beside zero, all of them round.
    ///
    /// `unit` is one major unit: amounts below it are no marks.
    pub fn new(largest: i64, unit: i64, steps: i64, length: i32) -> Self {
        let largest = i128::from(largest.max(unit));
        let steps = i128::from(steps.clamp(1, MOST_STEPS));
        let mut step = i128::from(unit);
        while step * steps < largest {
            // 1, 2, 5, 10, 20, 50: the leading digit decides about the next one.
            let mut leading = step;
            while leading % 10 == 0 {
                leading /= 10;
            }
            step = if leading == 2 { step / 2 * 5 } else { step * 2 };
        }
        let top = (largest + step - 1) / step * step;
        let narrow = |number: i128| i64::try_from(number).unwrap_or(i64::MAX);
        Self {
            top: narrow(top),
            step: narrow(step),
            length,
        }
    }

    /// Shortens the axis so that a bar of `minor` ends at `room` pixels at the latest.
    pub fn shorten(&mut self, minor: i64, room: i32) {
        if minor > 0 {
            let fitting = i128::from(room.max(0)) * i128::from(self.top) / i128::from(minor);
            self.length = self.length.min(i32::try_from(fitting).unwrap_or(self.length));
        }
    }

    /// Pixels from zero to `minor`: nothing for nothing, one at least for something.
    pub fn pixels(&self, minor: i64) -> i32 {
        if minor <= 0 {
            return 0;
        }
        let top = i128::from(self.top.max(1));
        let exact = (i128::from(minor) * i128::from(self.length) + top / 2) / top;
        i32::try_from(exact).unwrap_or(self.length).clamp(1, self.length)
    }

    /// The marks of the axis, zero first.
    pub fn marks(&self) -> impl Iterator<Item = i64> {
        let (step, top) = (self.step.max(1), self.top);
        (0..=MOST_STEPS)
            .map_while(move |count| step.checked_mul(count))
            .take_while(move |mark| *mark <= top)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case(145_000, 100, 20_000, 160_000)]
    #[case(18_580, 100, 5000, 20_000)]
    #[case(0, 100, 100, 100)]
    #[case(1, 1, 1, 1)]
    #[case(70, 1, 10, 70)]
    fn marks_are_round(#[case] largest: i64, #[case] unit: i64, #[case] step: i64, #[case] top: i64) {
        let scale = Scale::new(largest, unit, 8, 1000);
        assert_eq!((scale.step, scale.top), (step, top));
    }

    #[test]
    fn an_axis_is_shortened_for_the_bar_that_needs_room() {
        let mut scale = Scale::new(100, 1, 8, 1000);
        scale.shorten(50, 600);
        assert_eq!(scale.length, 1000);
        scale.shorten(100, 800);
        assert_eq!((scale.length, scale.pixels(100)), (800, 800));
        scale.shorten(0, 0);
        assert_eq!(scale.length, 800);
    }

    proptest! {
        #[test]
        fn everything_fits_and_keeps_its_order(amounts in prop::collection::vec(0_i64.., 1..9), unit in prop::sample::select(vec![1_i64, 100, 1000]), steps in 1_i64..9) {
            let largest = amounts.iter().copied().max().unwrap_or(0);
            let scale = Scale::new(largest, unit, steps, 1000);
            prop_assert!(scale.top >= largest);
            prop_assert!(i64::try_from(scale.marks().count()).is_ok_and(|marks| marks <= steps + 1));
            for pair in amounts.windows(2) {
                let (a, b) = (scale.pixels(pair[0]), scale.pixels(pair[1]));
                prop_assert!((0..=1000).contains(&a));
                prop_assert_eq!(pair[0] > 0, a > 0);
                prop_assert!((pair[0] <= pair[1]) == (a <= b) || a == b);
            }
        }
    }
}
