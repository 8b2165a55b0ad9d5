//! What the user chose before for the very same merchant.

use super::{Guess, MAX_GUESSES, Own, percent};
use crate::domain::expense::CategorySource;

/// Most choices of one merchant that are looked at, the latest ones.
pub const MAX_REMEMBERED: usize = 32;

/// Doubt left beside the user's choices, in choices: one choice is right again four times in five,
/// three choices nine times in ten.
const DOUBT: f64 = 0.25;
/// What an expert keeps for categories that it has not seen.
const UNSEEN: f64 = 0.05;
/// How far two amounts may be apart to speak for the same category, in natural logarithms.
const AMOUNT_WIDTH: f64 = 0.4;
/// What a choice counts however far its amount is away, beside the nearest one.
const ANY_AMOUNT: f64 = 0.01;
/// Amounts decided when the category would have had less than this without them.
const DECIDED: f64 = 0.5;

/// One way to go on from choices that contradict each other.
#[derive(Clone, Copy)]
struct Expert {
    /// How much it is believed before it has been tried.
    belief: f64,
    /// What each later choice leaves of a choice.
    fade: f64,
    by_amount: bool,
}

/// As the last time, by the amount, or as most often. How well each of them would have told the choices so far says
/// how much it is believed: one that was right where the others were not decides alone after a while.
const EXPERTS: [Expert; 3] = [
    Expert {
        belief: 0.5,
        fade: 0.15,
        by_amount: false,
    },
    Expert {
        belief: 0.4,
        fade: 0.75,
        by_amount: true,
    },
    Expert {
        belief: 0.1,
        fade: 0.95,
        by_amount: false,
    },
];

/// How deliberately a category was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// The user agreed with a prediction.
    Agreed,
    /// The user chose it.
    Chosen,
}

impl Weight {
    fn in_choices(self) -> f64 {
        match self {
            Self::Agreed => 0.5,
            Self::Chosen => 1.0,
        }
    }
}

/// One of the user's choices for a merchant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastChoice {
    /// Place of the category in the list that the prediction is given.
    pub category: usize,
    /// What it cost, minor units, more than zero.
    pub amount_minor: i64,
    /// How deliberately it was chosen.
    pub weight: Weight,
}

/// What each category gets of the user's choices.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Share {
    category: usize,
    /// How often it was chosen.
    count: usize,
    /// The probability, and what it would be without the amounts.
    probability: f64,
    without_amounts: f64,
}

/// The user's own choices for the merchant `key` as guesses, best first; `choices` are the latest first.
///
/// A merchant that was always filed alike is filed so again. Where choices contradict each other, a change of mind, a
/// habit by amount and plain disorder are told apart by what fits the choices so far.
pub(super) fn guesses(own: &[Own<'_>], choices: &[PastChoice], key: &str, amount: Option<i64>) -> Vec<Guess> {
    let in_use = |choice: &&PastChoice| own.get(choice.category).is_some_and(|own| !own.hidden);
    let choices: Vec<PastChoice> = choices.iter().filter(in_use).copied().take(MAX_REMEMBERED).collect();
    let mut shares = shares(&choices, amount);
    shares.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    let worth: f64 = choices.iter().map(|choice| choice.weight.in_choices()).sum();
    let sure = worth / (worth + DOUBT);
    let guess = |share: &Share| Guess {
        category: own[share.category].name.to_owned(),
        confidence: percent(share.probability * sure),
        because: because(own[share.category].name, share, key, choices.len()),
        source: CategorySource::Learned,
    };
    shares.iter().take(MAX_GUESSES).map(guess).collect()
}

fn because(name: &str, share: &Share, key: &str, looked_at: usize) -> String {
    let often = match share.count {
        count if looked_at >= MAX_REMEMBERED => format!("was {name} {count} of the last {looked_at} times"),
        1 => format!("was once {name}"),
        count => format!("was {count} times {name}"),
    };
    let by_amount = share.probability > DECIDED && share.without_amounts <= DECIDED;
    let amount = if by_amount { ", for amounts like this" } else { "" };
    format!("\"{key}\" {often}{amount}")
}

/// The categories of `choices` with their probabilities, which add up to 1.
fn shares(choices: &[PastChoice], amount: Option<i64>) -> Vec<Share> {
    let mut shares: Vec<Share> = Vec::new();
    for choice in choices {
        match shares.iter_mut().find(|share| share.category == choice.category) {
            Some(share) => share.count += 1,
            None => shares.push(Share {
                category: choice.category,
                count: 1,
                probability: 0.0,
                without_amounts: 0.0,
            }),
        }
    }
    if let [only] = shares.as_mut_slice() {
        (only.probability, only.without_amounts) = (1.0, 1.0);
        return shares;
    }
    let beliefs = EXPERTS.map(|expert| expert.belief * fit(expert, choices));
    let blind: f64 = EXPERTS
        .iter()
        .zip(beliefs)
        .filter(|(expert, _)| !expert.by_amount)
        .map(|(_, belief)| belief)
        .sum();
    let all: f64 = beliefs.iter().sum();
    for share in &mut shares {
        for (expert, belief) in EXPERTS.into_iter().zip(beliefs) {
            let part = expert.share(choices, share.category, amount);
            share.probability += part * belief / all;
            if !expert.by_amount {
                share.without_amounts += part * belief / blind;
            }
        }
    }
    shares
}

/// How well an expert would have told each choice from those before it: the product of what it gave to them.
fn fit(expert: Expert, choices: &[PastChoice]) -> f64 {
    let told = |place: usize| {
        let share = expert.share(
            &choices[place + 1..],
            choices[place].category,
            Some(choices[place].amount_minor),
        );
        share * (1.0 - UNSEEN) + UNSEEN
    };
    // A power below 1, since what goes before is not independent of what goes after.
    (0..choices.len().saturating_sub(1)).map(told).product::<f64>().sqrt()
}

impl Expert {
    /// What a category gets of the choices, 0 to 1; nothing of none.
    fn share(self, choices: &[PastChoice], category: usize, amount: Option<i64>) -> f64 {
        let (mut here, mut all, mut worth) = (0.0, 0.0, 1.0);
        let nearest = choices
            .iter()
            .map(|choice| apart(choice, amount))
            .fold(f64::INFINITY, f64::min);
        for choice in choices {
            let near = if self.by_amount {
                ANY_AMOUNT + (1.0 - ANY_AMOUNT) * (nearest - apart(choice, amount)).exp()
            } else {
                1.0
            };
            let votes = choice.weight.in_choices() * worth * near;
            worth *= self.fade;
            all += votes;
            if choice.category == category {
                here += votes;
            }
        }
        if all > 0.0 { here / all } else { 0.0 }
    }
}

/// How far the amount of a choice is from this one: half the square of their distance in [`AMOUNT_WIDTH`]s.
fn apart(choice: &PastChoice, amount: Option<i64>) -> f64 {
    let Some(now) = amount.filter(|now| *now > 0) else {
        return 0.0;
    };
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    let distance = ((now as f64).ln() - (choice.amount_minor.max(1) as f64).ln()) / AMOUNT_WIDTH;
    distance * distance / 2.0
}
