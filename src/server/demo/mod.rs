//! Believable data for the sample user: eight months that end today, the same ones for the same day.
//!
//! Whatever the day, one budget is over, one is about to be, one is unused and the others are calm.

mod habits;
mod month;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::categorize::{self, Evidence, Guess, Model, Own, PastChoice, Weight};
use crate::domain::Month;
use crate::domain::category::DEFAULTS;
use crate::domain::expense::{CategorySource, Sureness};

/// Months of expenses, counted back from today.
const MONTHS: i32 = 8;

/// A limit that holds from a month on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoBudget {
    /// Name of one of the default categories.
    pub category: &'static str,
    /// The first month in which it holds.
    pub month: Month,
    /// Cents, more than zero.
    pub limit_minor: i64,
}

/// An expense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoExpense {
    /// The local day, today at the latest.
    pub day: Date,
    /// What it was for, some as banks print it.
    pub description: String,
    /// Cents, more than zero.
    pub amount_minor: i64,
    /// Name of one of the default categories; `None` for the two that wait in no category.
    pub category: Option<&'static str>,
    /// Who chose the category.
    pub source: CategorySource,
    /// How sure that is, percent.
    pub confidence: u8,
}

/// Everything that the sample user has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoData {
    /// Limits, oldest first.
    pub budgets: Vec<DemoBudget>,
    /// Expenses in US dollars, oldest first.
    pub expenses: Vec<DemoExpense>,
}

/// Makes the sample user's data for the local day `today`.
#[must_use]
pub fn generate(today: Date) -> DemoData {
    let now = Month::of(today);
    let first_day = today
        .saturating_sub(MONTHS.months())
        .saturating_add(1.day())
        .max(Month::from_index(0).first_day());
    let first = Month::of(first_day);
    let mut history = month::History::default();
    for index in first.index()..now.index() {
        let mut purchases = month::closed(Month::from_index(index), now.index() - index);
        purchases.retain(|purchase| purchase.day >= first_day);
        history.add(purchases);
    }
    let running = month::running(today, &history);
    history.add(running);
    DemoData {
        budgets: budgets(first, now),
        expenses: categorised(history.into_purchases(), now),
    }
}

/// The limits from the first month on, and the one that was lowered this month.
fn budgets(first: Month, now: Month) -> Vec<DemoBudget> {
    let limit = |month, (category, limit_minor)| DemoBudget {
        category,
        month,
        limit_minor,
    };
    let mut budgets: Vec<_> = habits::LIMITS.map(|entry| limit(first, entry)).into();
    budgets.push(limit(now, ("Utilities", habits::UTILITIES_NOW)));
    budgets
}

/// Replays how each purchase got its category: predicted where the prediction was right, else chosen by the
/// user and remembered for the next time.
fn categorised(mut purchases: Vec<month::Purchase>, now: Month) -> Vec<DemoExpense> {
    purchases.sort_by_key(|purchase| purchase.day);
    let own = Own::defaults();
    let mut learned: HashMap<&'static str, Evidence> = HashMap::new();
    let mut guesses: HashMap<&'static str, Option<Guess>> = HashMap::new();
    let mut choose = |purchase: &month::Purchase, category: &'static str| {
        let name = purchase.description;
        let known = learned.entry(name).or_default();
        let predict = || {
            let guesses = categorize::predict(Model::shared(), &own, &[], known, name, None);
            guesses.into_iter().next()
        };
        let guess = guesses.entry(name).or_insert_with(predict).clone();
        let right = guess.filter(|guess| {
            let reviewed = Month::of(purchase.day) < now && Sureness::of(guess.confidence) == Sureness::Unsure;
            guess.category == category && !reviewed
        });
        if let Some(guess) = right {
            return (guess.source, guess.confidence);
        }
        if let Some(category) = DEFAULTS.iter().position(|(known, _)| *known == category) {
            let choice = PastChoice {
                category,
                amount_minor: purchase.amount,
                weight: Weight::Chosen,
            };
            known.choices.insert(0, choice);
            known.choices.truncate(categorize::MAX_REMEMBERED);
        }
        guesses.remove(name);
        (CategorySource::You, 100)
    };
    purchases
        .iter()
        .map(|purchase| {
            let chosen = purchase.category.map(|category| choose(purchase, category));
            let (source, confidence) = chosen.unwrap_or((CategorySource::None, 0));
            DemoExpense {
                day: purchase.day,
                description: purchase.description.to_owned(),
                amount_minor: purchase.amount,
                category: purchase.category,
                source,
                confidence,
            }
        })
        .collect()
}
