//! Which budget can give money to another one.

use super::budget::Standing;
use super::category::Kind;

impl Standing<'_> {
    /// What will be left of the limit when the month ends, minor units: never less than nothing.
    ///
    /// A bill that nothing is known of is expected to come to its limit.
    #[must_use]
    pub fn spare(&self) -> i64 {
        let Some(limit) = self.limit.filter(|_| self.kind.is_spending()) else {
            return 0;
        };
        let expected = match (self.forecast, self.kind) {
            _ if self.progress.closed => self.spent,
            (Some(forecast), _) => forecast.mid_minor.max(self.spent),
            (None, Kind::Fixed) => limit.max(self.spent),
            (None, _) => self.spent,
        };
        limit.saturating_sub(expected.max(0)).max(0)
    }

    /// What the limit lacks, minor units: what is spent beyond it, else what is expected beyond it.
    #[must_use]
    pub fn missing(&self) -> i64 {
        let Some(limit) = self.limit else { return 0 };
        let over = self.spent.saturating_sub(limit);
        if over > 0 || self.progress.closed {
            return over.max(0);
        }
        self.forecast.map_or(0, |f| f.mid_minor.saturating_sub(limit).max(0))
    }
}

/// The budgets that have a limit to give from, each with what it can spare: most first, equal ones in the order given.
#[must_use]
pub fn donors<'a, T: PartialEq>(budgets: impl IntoIterator<Item = (T, Standing<'a>)>, to: &T) -> Vec<(T, i64)> {
    let mut found: Vec<(T, i64)> = budgets
        .into_iter()
        .filter(|(id, standing)| {
            id != to && standing.kind.is_spending() && standing.limit.is_some_and(|limit| limit > 0)
        })
        .map(|(id, standing)| (id, standing.spare()))
        .collect();
    found.sort_by_key(|(_, spare)| std::cmp::Reverse(*spare));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Calendar, Forecast, Month, Outlook};
    use jiff::civil::date;
    use proptest::prelude::*;
    use rstest::rstest;

    fn standing(kind: Kind, spent: i64, limit: Option<i64>, mid: Option<i64>) -> Standing<'static> {
        let month = Month::of(date(2026, 11, 1));
        let progress = month.progress(date(2026, 11, 22));
        // A few bytes that the test leaves behind, for standings that can be copied and kept in lists.
        let forecast = mid.map(|mid| &*Box::leak(Box::new(Forecast::evenly(spent, mid, progress))));
        Standing {
            kind,
            spent,
            limit,
            forecast,
            calendar: Calendar::default(),
            month,
            progress,
        }
    }

    #[rstest]
    #[case(Kind::Flexible, 20_330, Some(45_000), Some(27_800), 17_200, 0)]
    #[case(Kind::Flexible, 12_580, Some(12_000), Some(14_000), 0, 580)]
    #[case(Kind::Flexible, 8120, Some(9000), Some(11_070), 0, 2070)]
    #[case(Kind::Flexible, 0, Some(10_000), None, 10_000, 0)]
    #[case(Kind::Fixed, 0, Some(120_000), None, 0, 0)]
    #[case(Kind::Fixed, 4197, Some(4500), Some(4197), 303, 0)]
    #[case(Kind::Flexible, 500, None, None, 0, 0)]
    #[case(Kind::Income, 280_000, Some(1), None, 0, 279_999)]
    fn what_can_be_spared_and_what_is_missing(
        #[case] kind: Kind,
        #[case] spent: i64,
        #[case] limit: Option<i64>,
        #[case] mid: Option<i64>,
        #[case] spare: i64,
        #[case] missing: i64,
    ) {
        let found = standing(kind, spent, limit, mid);
        assert_eq!((found.spare(), found.missing()), (spare, missing));
    }

    #[test]
    fn a_closed_month_has_what_it_did_not_spend() {
        let mut closed = standing(Kind::Fixed, 11_840, Some(16_000), None);
        closed.progress = closed.month.progress(date(2026, 12, 3));
        assert_eq!(closed.spare(), 4160);
        closed.spent = 16_500;
        assert_eq!((closed.spare(), closed.missing()), (0, 500));
    }

    #[test]
    fn the_one_with_most_to_spare_gives_first() {
        let budgets = [
            ("Dining", standing(Kind::Flexible, 12_580, Some(12_000), None)),
            ("Health", standing(Kind::Flexible, 1200, Some(6000), None)),
            (
                "Groceries",
                standing(Kind::Flexible, 20_330, Some(45_000), Some(27_800)),
            ),
            ("Pets", standing(Kind::Flexible, 10, None, None)),
            ("Rent", standing(Kind::Fixed, 120_000, Some(120_000), None)),
        ];
        assert_eq!(
            donors(budgets, &"Dining"),
            [("Groceries", 17_200), ("Health", 4800), ("Rent", 0)]
        );
    }

    prop_compose! {
        fn any_standing()(
            fixed: bool,
            spent in 0_i64..100_000,
            limit in prop::option::of(0_i64..100_000),
            mid in prop::option::of(0_i64..200_000),
            day in 1_i8..=30,
        ) -> Standing<'static> {
            let kind = if fixed { Kind::Fixed } else { Kind::Flexible };
            let mut found = standing(kind, spent, limit, mid.map(|mid| mid.max(spent)));
            found.progress = found.month.progress(date(2026, 11, day));
            found
        }
    }

    proptest! {
        #[test]
        fn who_gives_what_it_can_spare_is_not_in_need_itself(budgets in prop::collection::vec(any_standing(), 1..12)) {
            let found = donors(budgets.iter().copied().enumerate(), &0);
            prop_assert!(found.windows(2).all(|pair| pair[0].1 >= pair[1].1));
            for (id, spare) in &found {
                prop_assert!(*id != 0 && *spare >= 0);
                if *spare > 0 {
                    let mut giver = budgets[*id];
                    giver.limit = giver.limit.map(|limit| limit - spare);
                    prop_assert!(!matches!(giver.outlook(), Outlook::Over(_) | Outlook::WillPass(_)), "{giver:?}");
                }
            }
            let most = budgets.iter().skip(1).map(Standing::spare).max().unwrap_or(0);
            prop_assert_eq!(found.first().map_or(0, |(_, spare)| *spare), most);
        }

        #[test]
        fn who_gets_what_is_missing_is_out_of_need(mut budget in any_standing()) {
            let missing = budget.missing();
            prop_assert!(missing >= 0 && (missing == 0 || budget.spare() == 0));
            let was_over = matches!(budget.outlook(), Outlook::Over(_));
            budget.limit = budget.limit.map(|limit| limit + missing);
            prop_assert!(!matches!(budget.outlook(), Outlook::Over(_)));
            prop_assert!(was_over || !matches!(budget.outlook(), Outlook::WillPass(_)));
        }

        #[test]
        fn extremes_do_not_overflow(spent in any::<i64>(), limit in any::<i64>(), mid in any::<i64>()) {
            let found = standing(Kind::Flexible, spent, Some(limit), Some(mid));
            prop_assert!(found.spare() >= 0 && found.missing() >= 0);
        }
    }
}
