//! Which limit the last months call for.

use super::{average, counted};
use crate::domain::category::Kind;
use crate::domain::money::{Currency, Money};

/// A limit is called too high when no month came to more than this percentage of it.
const IDLE_PERCENT: i128 = 75;

/// Why another limit would fit better.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// There is none yet.
    NoLimit,
    /// This many months, two at least, came to more than it.
    Passed(usize),
    /// No month came near it; the dearest came to this much, minor units.
    Idle(i64),
}

/// A limit worth taking; amounts in minor units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Suggestion {
    /// How many months it rests on: 1 or more.
    pub months: usize,
    /// What they came to on average.
    pub average: i64,
    /// Why the present limit does not fit.
    pub reason: Reason,
    /// The limit to take, never the present one.
    pub take: i64,
}

/// The limit that `past` calls for (spent in each of the months before, oldest first), or `None` when the present
/// limit `now` fits, or nothing was spent.
///
/// It is one that all months but the dearest would have kept, and never less than the average; for bills, one that
/// all of them would have kept.
#[must_use]
pub fn suggest(kind: Kind, now: Option<i64>, past: &[i64], currency: Currency) -> Option<Suggestion> {
    let months = counted(past);
    let average = average(past).filter(|_| kind.is_spending())?;
    let mut sorted = months.to_vec();
    sorted.sort_unstable();
    let dearest = *sorted.last()?;
    let kept = match kind {
        Kind::Flexible => sorted
            .iter()
            .rev()
            .nth(1)
            .map_or(dearest, |second| (*second).max(average)),
        _ => dearest,
    };
    let take = friendly(kept, currency);
    let reason = match now {
        None => Reason::NoLimit,
        Some(limit) => match months.iter().filter(|spent| **spent > limit).count() {
            passed @ 2.. if take > limit => Reason::Passed(passed),
            0 if take < limit && months.len() > 2 && is_idle(dearest, limit) => Reason::Idle(dearest),
            _ => return None,
        },
    };
    Some(Suggestion {
        months: months.len(),
        average,
        reason,
        take,
    })
}

fn is_idle(dearest: i64, limit: i64) -> bool {
    i128::from(dearest) * 100 <= i128::from(limit) * IDLE_PERCENT
}

/// `minor` or a little more, as a round number that people use as a limit: whole units below 20, then steps of at
/// most a twentieth of it.
#[must_use]
pub fn friendly(minor: i64, currency: Currency) -> i64 {
    let unit = i128::from(currency.scale());
    let amount = i128::from(minor.max(0));
    let mut step = unit;
    // 1, 5, 10, 50, 100 …: each is a step as long as it stays small beside the amount.
    for factor in [5, 2].into_iter().cycle() {
        let next = step * factor;
        if next * 20 > amount {
            break;
        }
        step = next;
    }
    i64::try_from((amount + step - 1) / step * step).unwrap_or(minor)
}

impl Suggestion {
    /// What the months say, without a full stop: `Dining averaged $118 for 6 months, 2 over`.
    #[must_use]
    pub fn words(&self, category: &str, currency: Currency) -> String {
        let whole = |minor| Money::new(minor, currency).whole();
        let average = whole(self.average);
        let past = match self.months {
            1 => format!("{category} came to {average} last month"),
            months => format!("{category} averaged {average} for {months} months"),
        };
        match self.reason {
            Reason::NoLimit => format!("{past}, no limit yet"),
            Reason::Passed(months) => format!("{past}, {months} over"),
            Reason::Idle(dearest) => format!("{past}, {} at most", whole(dearest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn of(kind: Kind, now: Option<i64>, past: &[i64]) -> Option<(String, i64)> {
        let found = suggest(kind, now, past, Currency::USD)?;
        Some((found.words("Dining", Currency::USD), found.take))
    }

    #[rstest]
    #[case(Kind::Flexible, Some(12_000), &[9800, 11_300, 10_900, 12_700, 11_200, 15_000], "Dining averaged $118 for 6 months, 2 over", 13_000)]
    #[case(Kind::Flexible, None, &[0, 0, 0, 6000, 6700, 6100], "Dining averaged $63 for 3 months, no limit yet", 6300)]
    #[case(Kind::Flexible, None, &[0, 0, 0, 0, 0, 4197], "Dining came to $42 last month, no limit yet", 4200)]
    #[case(Kind::Flexible, Some(45_000), &[28_000, 29_000, 30_000, 28_500, 29_900, 29_500], "Dining averaged $292 for 6 months, $300 at most", 30_000)]
    #[case(Kind::Fixed, Some(110_000), &[120_000; 6], "Dining averaged $1,200 for 6 months, 6 over", 120_000)]
    fn says_what_the_months_call_for(
        #[case] kind: Kind,
        #[case] now: Option<i64>,
        #[case] past: &[i64],
        #[case] words: &str,
        #[case] take: i64,
    ) {
        assert_eq!(of(kind, now, past), Some((words.to_owned(), take)));
    }

    #[rstest]
    #[case(Kind::Flexible, Some(12_000), &[9800, 11_300, 10_900, 11_700, 11_200, 15_000])]
    #[case(Kind::Fixed, Some(120_000), &[120_000; 6])]
    #[case(Kind::Flexible, None, &[0; 6])]
    #[case(Kind::Flexible, Some(45_000), &[0, 0, 0, 0, 28_000, 29_000])]
    #[case(Kind::Income, None, &[280_000; 6])]
    fn is_silent_where_the_limit_fits(#[case] kind: Kind, #[case] now: Option<i64>, #[case] past: &[i64]) {
        assert_eq!(of(kind, now, past), None);
    }

    #[rstest]
    #[case(11_820, 12_000)]
    #[case(12_581, 13_000)]
    #[case(1234, 1300)]
    #[case(120_000, 120_000)]
    #[case(120_001, 125_000)]
    #[case(0, 0)]
    fn round_numbers(#[case] minor: i64, #[case] rounded: i64) {
        assert_eq!(friendly(minor, Currency::USD), rounded);
    }

    proptest! {
        #[test]
        fn a_round_number_is_near_and_not_less(minor in 0_i64..1_000_000_000_000, code in prop::sample::select(vec!["USD", "JPY", "KWD"])) {
            let currency = Currency::from_code(code).unwrap();
            let rounded = friendly(minor, currency);
            prop_assert!(rounded >= minor && rounded - minor < (minor / 20).max(currency.scale()));
            prop_assert_eq!(rounded % currency.scale(), 0);
            prop_assert_eq!(friendly(rounded, currency), rounded);
        }

        #[test]
        fn what_is_suggested_would_have_been_kept(now in prop::option::of(0_i64..1_000_000), past in prop::collection::vec(0_i64..1_000_000, 0..7), fixed: bool) {
            let kind = if fixed { Kind::Fixed } else { Kind::Flexible };
            if let Some(found) = suggest(kind, now, &past, Currency::USD) {
                let broken = past.iter().filter(|spent| **spent > found.take).count();
                prop_assert!(broken <= usize::from(!fixed));
                prop_assert!(Some(found.take) != now && found.take >= found.average && found.months > 0);
                match (found.reason, now) {
                    (Reason::NoLimit, None) => {}
                    (Reason::Passed(months), Some(limit)) => prop_assert!(months >= 2 && found.take > limit),
                    (Reason::Idle(dearest), Some(limit)) => prop_assert!(dearest < limit && found.take < limit),
                    other => prop_assert!(false, "{other:?}"),
                }
                // Whoever takes it is left in peace.
                let again = suggest(kind, Some(found.take), &past, Currency::USD);
                prop_assert_eq!(again, None);
            }
        }

        #[test]
        fn extremes_do_not_overflow(now in prop::option::of(any::<i64>()), past in prop::collection::vec(any::<i64>(), 0..7), minor in any::<i64>()) {
            let _ = suggest(Kind::Flexible, now, &past, Currency::USD).map(|found| found.words("x", Currency::USD));
            let _ = friendly(minor, Currency::USD);
        }
    }
}
