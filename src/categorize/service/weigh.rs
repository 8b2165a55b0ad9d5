//! What a service's answer is worth beside the local prediction.

use super::super::percent;

/// How often a service is taken to be right: less than a good model is, because nobody has measured the one that a
/// server names.
const TRUST: f64 = 0.8;
/// The least confidence of a service's answer, percent: it was asked, so it decides, and where the local model is
/// sure of something else the odds are even and the user is asked.
const LEAST: u8 = 50;

/// The categories with their confidence in percent, the service's `answer` first; 100 in all at most.
///
/// `local` are the local choices with their confidence in percent, `of` is the number of categories that there are.
/// By Bayes' rule: a service that is right with probability `t`, and wrong in every other way alike, multiplies what is
/// known of its answer by `t` and of each other category by `(1 - t) / (of - 1)`.
#[must_use]
pub fn weigh<T: Copy + PartialEq>(local: &[(T, u8)], answer: T, of: usize) -> Vec<(T, u8)> {
    let others = count(of.max(local.len() + 1)) - 1.0;
    let known: f64 = local.iter().map(|(_, percent)| f64::from(*percent) / 100.0).sum();
    let unknown = (1.0 - known).max(0.0);
    let listed = local.iter().find(|(category, _)| *category == answer);
    let unlisted = (others + 1.0 - count(local.len())).max(1.0);
    let before = listed.map_or(unknown / unlisted, |(_, percent)| f64::from(*percent) / 100.0);
    let wrong = (1.0 - TRUST) / others.max(1.0);
    let total = before * TRUST + (known + unknown - before).max(0.0) * wrong;
    let share = |weight: f64| if total > 0.0 { weight / total } else { 0.0 };
    let best = percent(share(before * TRUST)).max(LEAST);
    let mut rest = 100 - best;
    let mut weighed = vec![(answer, best)];
    for (category, confidence) in local.iter().filter(|(category, _)| *category != answer) {
        let confidence = percent(share(f64::from(*confidence) / 100.0 * wrong)).min(rest);
        if confidence > 0 {
            rest -= confidence;
            weighed.push((*category, confidence));
        }
    }
    weighed
}

/// A small count as a number with which one can divide.
fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn where_nothing_is_known_a_service_is_trusted_as_far_as_services_are() {
        assert_eq!(weigh(&[], 'd', 20), [('d', 80)]);
    }

    #[test]
    fn agreement_makes_sure_and_contradiction_asks() {
        assert_eq!(weigh(&[('d', 40), ('g', 30)], 'd', 20)[0], ('d', 98));
        assert_eq!(weigh(&[('g', 98)], 'd', 20), [('d', 50), ('g', 50)]);
        let doubtful = weigh(&[('g', 45), ('s', 20)], 'd', 20);
        assert_eq!(doubtful[0].0, 'd');
        assert!((60..80).contains(&doubtful[0].1), "{doubtful:?}");
    }

    proptest! {
        #[test]
        fn the_answer_is_first_and_all_of_it_is_100_at_most(
            parts in prop::collection::vec(1_u8..40, 0..3),
            answer in 0_usize..6,
            of in 0_usize..30,
        ) {
            let local: Vec<(usize, u8)> = parts.iter().copied().enumerate().collect();
            let weighed = weigh(&local, answer, of);
            prop_assert_eq!(weighed[0].0, answer);
            prop_assert!(weighed.iter().map(|(_, c)| u32::from(*c)).sum::<u32>() <= 100);
            prop_assert!(weighed.iter().all(|(_, c)| (1..=98).contains(c) && *c <= weighed[0].1));
        }
    }
}
