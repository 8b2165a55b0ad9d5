//! What the months before leave to a month's limit, where the user wants that.

/// Months before the one in question whose rests add up.
pub const LOOK_BACK: usize = 24;

/// One month of a category whose rest moves on, minor units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CarryMonth {
    /// The limit as it was set, if one was.
    pub limit: Option<i64>,
    /// What was spent.
    pub spent: i64,
}

/// What `months`, oldest first, leave to the month that follows them: more than zero when they kept their limits,
/// less when they did not. Each leaves its own limit and what was left to it, less what was spent; one without a
/// limit leaves nothing. Only the last [`LOOK_BACK`] count.
#[must_use]
pub fn carried(months: &[CarryMonth]) -> i64 {
    let from = months.len().saturating_sub(LOOK_BACK);
    months[from..].iter().fold(0, |rest: i64, month| {
        month
            .limit
            .map_or(0, |limit| rest.saturating_add(limit).saturating_sub(month.spent))
    })
}

/// The limit that is in force: what was set and what is carried over, never below zero. The second number is the part
/// that was carried, so that the two always differ by what was set; the rest of a debt waits for the months after.
#[must_use]
pub fn in_force(set: i64, carried: i64) -> (i64, i64) {
    let limit = set.saturating_add(carried).max(0);
    (limit, limit - set)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn month(limit: Option<i64>, spent: i64) -> CarryMonth {
        CarryMonth { limit, spent }
    }

    #[test]
    fn what_is_left_moves_on_and_so_does_a_debt() {
        assert_eq!(carried(&[]), 0);
        assert_eq!(carried(&[month(Some(100), 60)]), 40);
        assert_eq!(carried(&[month(Some(100), 60), month(Some(100), 170)]), -30);
        assert_eq!(
            carried(&[month(Some(100), 0), month(None, 50), month(Some(100), 90)]),
            10
        );
        assert_eq!(carried(&[month(Some(100), 0), month(None, 50)]), 0);
        assert_eq!(carried(&[month(Some(1), 0); 30]), 24);
    }

    #[test]
    fn a_limit_never_falls_below_zero() {
        assert_eq!(in_force(100, 40), (140, 40));
        assert_eq!(in_force(100, -30), (70, -30));
        assert_eq!(in_force(100, -130), (0, -100));
    }

    proptest! {
        #[test]
        fn months_with_limits_leave_their_sum(months in prop::collection::vec((0_i64..1_000_000, 0_i64..1_000_000), 0..=LOOK_BACK)) {
            let rest: i64 = months.iter().map(|(limit, spent)| limit - spent).sum();
            let months: Vec<_> = months.into_iter().map(|(limit, spent)| month(Some(limit), spent)).collect();
            prop_assert_eq!(carried(&months), rest);
        }

        #[test]
        fn spending_what_is_in_force_leaves_nothing(limits in prop::collection::vec(prop::option::of(0_i64..1_000_000), 0..40)) {
            let mut months: Vec<CarryMonth> = Vec::new();
            for limit in limits {
                let spent = limit.map_or(0, |set| set + carried(&months));
                months.push(month(limit, spent));
            }
            prop_assert_eq!(carried(&months), 0);
        }

        #[test]
        fn what_came_before_a_month_without_a_limit_is_gone(
            before in prop::collection::vec((0_i64..1000, 0_i64..1000), 0..6),
            after in prop::collection::vec((0_i64..1000, 0_i64..1000), 0..6),
        ) {
            let months = |part: &[(i64, i64)]| part.iter().map(|(limit, spent)| month(Some(*limit), *spent)).collect::<Vec<_>>();
            let all = [months(&before), vec![month(None, 7)], months(&after)].concat();
            prop_assert_eq!(carried(&all), carried(&months(&after)));
        }

        #[test]
        fn extremes_do_not_overflow(months in prop::collection::vec((prop::option::of(0_i64..), 0_i64..), 0..30), set in 0_i64..) {
            let months: Vec<_> = months.into_iter().map(|(limit, spent)| month(limit, spent)).collect();
            let (limit, part) = in_force(set, carried(&months));
            prop_assert!(limit >= 0);
            prop_assert_eq!(limit - part, set);
        }
    }
}
