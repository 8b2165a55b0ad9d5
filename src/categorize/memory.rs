//! What the user chose before for the very same merchant.

use super::{Guess, MAX_GUESSES, Own, percent};
use crate::domain::expense::CategorySource;

/// Most choices of one merchant that are looked at, the latest ones.
pub const MAX_REMEMBERED: usize = 32;

/// Doubt left beside the user's choices, in choices: one choice is right again four times in five,
/// three choices nine times in ten.
const DOUBT: f64 = 0.25;
/// What each later choice leaves of a choice, for a merchant that once changed its category. Below one half, so that
/// a single change of mind counts more than all that was chosen before.
const AFTER_A_CHANGE: f64 = 0.4;
/// The same for a merchant that is filed now here, now there.
const WHEN_MIXED: f64 = 0.9;
/// How far two amounts may be apart to speak for the same category, in natural logarithms.
const AMOUNT_WIDTH: f64 = 0.35;
/// What a choice counts however far its amount is away.
const ANY_AMOUNT: f64 = 0.03;
/// Amounts decided when the choices would have counted less than this without them.
const DECIDED: f64 = 0.5;

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
    /// What the choices count, with the amounts and without them.
    votes: f64,
    without_amounts: f64,
}

/// The user's own choices for the merchant `key` as guesses, best first; `choices` are the latest first.
///
/// A merchant that was always filed alike is filed so again. After one change of category the new one counts; when it
/// changes to and fro, all of them count, and those of similar amounts the most.
pub(super) fn guesses(own: &[Own<'_>], choices: &[PastChoice], key: &str, amount: Option<i64>) -> Vec<Guess> {
    let mut shares = shares(choices, amount);
    shares.retain(|share| own.get(share.category).is_some_and(|own| !own.hidden));
    shares.sort_by(|a, b| b.votes.total_cmp(&a.votes));
    let total: f64 = shares.iter().map(|share| share.votes).sum();
    let shown = shares.iter().take(MAX_GUESSES);
    shown
        .map(|share| Guess {
            category: own[share.category].name.to_owned(),
            confidence: percent(share.votes / (total + DOUBT)),
            because: because(own[share.category].name, share, &shares, key, choices.len()),
            source: CategorySource::Learned,
        })
        .collect()
}

fn because(name: &str, share: &Share, all: &[Share], key: &str, looked_at: usize) -> String {
    let often = match share.count {
        count if looked_at >= MAX_REMEMBERED => format!("was {name} {count} of the last {looked_at} times"),
        1 => format!("was once {name}"),
        count => format!("was {count} times {name}"),
    };
    let total: f64 = all.iter().map(|share| share.without_amounts).sum();
    let by_amount = all.len() > 1 && share.votes > 0.0 && {
        let votes: f64 = all.iter().map(|share| share.votes).sum();
        share.votes / votes > DECIDED && share.without_amounts / total <= DECIDED
    };
    let amount = if by_amount { ", for amounts like this" } else { "" };
    format!("\"{key}\" {often}{amount}")
}

fn shares(choices: &[PastChoice], amount: Option<i64>) -> Vec<Share> {
    let changes = choices
        .windows(2)
        .filter(|pair| pair[0].category != pair[1].category)
        .count();
    let fade: f64 = match changes {
        0 => 1.0,
        1 => AFTER_A_CHANGE,
        _ => WHEN_MIXED,
    };
    let mut shares: Vec<Share> = Vec::new();
    let mut worth = 1.0;
    for choice in choices {
        let plain = choice.weight.in_choices() * worth;
        let near = if changes == 0 {
            1.0
        } else {
            nearness(choice.amount_minor, amount)
        };
        worth *= fade;
        let place = shares.iter().position(|share| share.category == choice.category);
        let place = place.unwrap_or_else(|| {
            shares.push(Share {
                category: choice.category,
                count: 0,
                votes: 0.0,
                without_amounts: 0.0,
            });
            shares.len() - 1
        });
        let share = &mut shares[place];
        share.count += 1;
        share.votes += plain * near;
        share.without_amounts += plain;
    }
    shares
}

/// 1 for the same amount, [`ANY_AMOUNT`] for another one altogether.
fn nearness(past: i64, now: Option<i64>) -> f64 {
    let Some(now) = now.filter(|now| *now > 0) else {
        return 1.0;
    };
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    let apart = ((now as f64).ln() - (past.max(1) as f64).ln()) / AMOUNT_WIDTH;
    ANY_AMOUNT + (1.0 - ANY_AMOUNT) * (-apart * apart / 2.0).exp()
}
