//! What the user's choices of categories teach: read for a prediction, counted in the transaction of the choice.
//!
//! Two things are kept. The choices for one merchant are the expenses themselves, in an index by merchant and time of
//! the choice; so what is deleted, restored, moved or undone is forgotten and remembered with its expense. The words of
//! all choices are summed up, each sum fading with time: a choice counts half as much as one that is a year younger.

use std::iter::once;

use uuid::Uuid;

use super::categories::{self, Kept};
use super::rules;
use super::scope::{Scope, day_number};
use super::tx::{Row, StoreError, Tx, Value};
use crate::api::Expense;
use crate::categorize::{
    Categorizer, Evidence, Guess, MAX_LEARNED, MAX_REMEMBERED, Own, PastChoice, Rule, Weight, WordCount, merchant_key,
    predict, telling_words,
};
use crate::domain::expense::CategorySource;

/// Days in which a choice loses half of what it counts.
const HALF_LIFE: i64 = 365;
/// 2020-01-01 as a day number: a choice on this day or before counts [`ONE`] half units.
const FIRST_DAY: i64 = 18_262;
/// What an agreement on [`FIRST_DAY`] counts. Later ones count more, so that nothing has to be faded in place.
const ONE: i64 = 1 << 10;
/// Half-lives after which the sums stop growing, so that they stay inside `i64`: until the year 2055.
const MAX_DOUBLINGS: i64 = 35;

/// When and how deliberately the user chose an expense's category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chosen {
    /// The user's revision at the choice.
    pub(super) at: i64,
    /// The user's local day at the choice, a [`day_number`].
    pub(super) day: i64,
    /// [`Chosen::BY_CHOICE`] or [`Chosen::BY_AGREEMENT`].
    pub(super) weight: i64,
}

impl Chosen {
    /// The weight of a category that the user chose.
    pub(super) const BY_CHOICE: i64 = 2;
    /// The weight of a prediction that the user agreed with.
    pub(super) const BY_AGREEMENT: i64 = 1;

    /// The choice that stands in `new`, if its category is the user's; `old` is what was stored before.
    pub(super) fn now(scope: &Scope, old: Option<(&Expense, Option<Self>)>, new: &Expense) -> Option<Self> {
        if new.category_source != CategorySource::You || new.category_id.is_none() {
            return None;
        }
        let same = old.filter(|(before, _)| before.category_id == new.category_id);
        if let Some((_, Some(chosen))) = same {
            return Some(chosen);
        }
        Some(Self {
            at: new.revision,
            day: day_number(scope.today),
            weight: if same.is_some() {
                Self::BY_AGREEMENT
            } else {
                Self::BY_CHOICE
            },
        })
    }

    /// What it adds to the sums of its words.
    pub(super) fn counts(self) -> i64 {
        self.weight * one_on(self.day)
    }
}

/// What an agreement on a day counts: twice as much each [`HALF_LIFE`], evenly between.
fn one_on(day: i64) -> i64 {
    let age = (day - FIRST_DAY).clamp(0, MAX_DOUBLINGS * HALF_LIFE);
    let doubled = ONE << (age / HALF_LIFE);
    doubled + doubled * (age % HALF_LIFE) / HALF_LIFE
}

/// The merchant that an expense is remembered by, while its category is the user's choice.
pub(super) fn merchant(expense: &Expense, chosen: Option<Chosen>) -> Option<String> {
    chosen.map(|_| merchant_key(&expense.description))
}

/// The words that a choice is counted under; the empty one counts all choices.
pub(super) fn counted_words(description: &str) -> impl Iterator<Item = String> {
    telling_words(description).into_iter().chain(once(String::new()))
}

/// Counts the words of a choice (`sign` 1), or takes them back (`sign` -1).
pub(super) fn count(
    tx: &mut dyn Tx,
    scope: &Scope,
    expense: &Expense,
    chosen: Option<Chosen>,
    sign: i64,
) -> Result<(), StoreError> {
    let (Some(chosen), Some(category)) = (chosen, expense.category_id) else {
        return Ok(());
    };
    for word in counted_words(&expense.description) {
        shift(tx, scope, word, category, sign * chosen.counts())?;
    }
    Ok(())
}

/// Takes back what an expense taught before a change and counts what it teaches now, if that is another thing.
pub(super) fn recount(
    tx: &mut dyn Tx,
    scope: &Scope,
    (old, before): (&Expense, Option<Chosen>),
    (new, after): (&Expense, Option<Chosen>),
) -> Result<(), StoreError> {
    if before == after && old.description == new.description {
        return Ok(());
    }
    count(tx, scope, old, before, -1)?;
    count(tx, scope, new, after, 1)
}

fn shift(tx: &mut dyn Tx, scope: &Scope, word: String, category: Uuid, by: i64) -> Result<(), StoreError> {
    let word = Value::from(word);
    tx.change(
        "INSERT INTO learned (user_id, word, category_id, weight) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, word, category_id) DO UPDATE SET weight = learned.weight + excluded.weight",
        &[scope.user.into(), word.clone(), category.into(), by.into()],
    )?;
    if by < 0 {
        tx.change(
            "DELETE FROM learned WHERE user_id = $1 AND word = $2 AND category_id = $3 AND weight <= 0",
            &[scope.user.into(), word, category.into()],
        )?;
    }
    Ok(())
}

/// Reads three columns of `row` from `column` on.
pub(super) fn read_chosen(row: &Row, column: usize) -> Result<Option<Chosen>, StoreError> {
    let parts = (row.opt_int(column)?, row.opt_int(column + 1)?, row.opt_int(column + 2)?);
    let (Some(at), Some(day), Some(weight)) = parts else {
        return Ok(None);
    };
    Ok(Some(Chosen { at, day, weight }))
}

const CHOICES: &str = "SELECT category_id, amount_minor, chosen_weight FROM expenses
    WHERE user_id = $1 AND merchant = $2 AND merchant IS NOT NULL AND deleted = 0
    ORDER BY chosen_at DESC, seq DESC LIMIT $3";
const WORDS: &str = "SELECT word, category_id, weight FROM learned
    WHERE user_id = $1 AND word IN ($2, $3, $4, $5, $6, $7, $8, $9, $10) ORDER BY word, category_id";

/// What predictions for one user need, whatever the description is.
pub struct Known {
    categories: Vec<Kept>,
    rules: Vec<(Uuid, Rule)>,
}

impl Known {
    /// Reads the user's categories and rules.
    pub fn read(tx: &mut dyn Tx, scope: &Scope) -> Result<Self, StoreError> {
        let categories = categories::all(tx, scope)?;
        let rules = rules::readable(tx, scope, &categories)?;
        Ok(Self { categories, rules })
    }

    /// The categories that fit a description, best first.
    pub fn predict(
        &self,
        tx: &mut dyn Tx,
        scope: &Scope,
        model: &dyn Categorizer,
        description: &str,
        amount: Option<i64>,
    ) -> Result<Vec<(&Kept, Guess)>, StoreError> {
        let own: Vec<Own<'_>> = self.categories.iter().map(Kept::own).collect();
        let rules: Vec<Rule> = self.rules.iter().map(|(_, rule)| rule.clone()).collect();
        let evidence = Evidence {
            choices: self.choices(tx, scope, description)?,
            words: self.words(tx, scope, description)?,
        };
        let guesses = predict(model, &own, &rules, &evidence, description, amount);
        let kept = |guess: Guess| {
            let kept = self
                .categories
                .iter()
                .find(|kept| kept.category.name == guess.category)?;
            Some((kept, guess))
        };
        Ok(guesses.into_iter().filter_map(kept).collect())
    }

    fn place(&self, category: Uuid) -> Option<usize> {
        self.categories.iter().position(|kept| kept.category.id == category)
    }

    /// The latest choices for the merchant of a description.
    fn choices(&self, tx: &mut dyn Tx, scope: &Scope, description: &str) -> Result<Vec<PastChoice>, StoreError> {
        let limit = i64::try_from(MAX_REMEMBERED).unwrap_or(i64::MAX);
        let rows = tx.query_all(
            CHOICES,
            &[scope.user.into(), merchant_key(description).into(), limit.into()],
        )?;
        let mut choices = Vec::with_capacity(rows.len());
        for row in &rows {
            let category = row.opt_id(0)?.and_then(|id| self.place(id));
            choices.extend(
                category
                    .map(|category| -> Result<_, StoreError> {
                        Ok(PastChoice {
                            category,
                            amount_minor: row.int(1)?,
                            weight: if row.int(2)? < Chosen::BY_CHOICE {
                                Weight::Agreed
                            } else {
                                Weight::Chosen
                            },
                        })
                    })
                    .transpose()?,
            );
        }
        Ok(choices)
    }

    /// How much the choices with each word of a description count today.
    fn words(&self, tx: &mut dyn Tx, scope: &Scope, description: &str) -> Result<Vec<WordCount>, StoreError> {
        let mut params = vec![Value::from(scope.user)];
        params.extend(counted_words(description).map(Value::from));
        // Every place of the statement is filled; the empty word is asked for in any case.
        params.resize(MAX_LEARNED + 2, Value::from(""));
        let rows = tx.query_all(WORDS, &params)?;
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let today = (Chosen::BY_CHOICE * one_on(day_number(scope.today))) as f64;
        let mut words = Vec::with_capacity(rows.len());
        for row in &rows {
            if let Some(category) = self.place(row.id(1)?) {
                #[expect(clippy::cast_precision_loss, reason = "an estimate")]
                let choices = row.int(2)? as f64 / today;
                words.push(WordCount {
                    word: row.text(0)?.to_owned(),
                    category,
                    choices,
                });
            }
        }
        Ok(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_halves_what_a_choice_counts_and_nothing_overflows() {
        assert_eq!(one_on(FIRST_DAY - 9), ONE);
        assert_eq!(one_on(FIRST_DAY + HALF_LIFE), 2 * ONE);
        assert_eq!(one_on(FIRST_DAY + HALF_LIFE + HALF_LIFE / 2), 3 * ONE - 3);
        let most = one_on(i64::MAX / 2);
        assert!(most.checked_mul(Chosen::BY_CHOICE * 50_000).is_some());
    }

    #[test]
    fn a_prediction_reads_by_index() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("budget.db");
        let store = crate::server::store::Store::open(&path, 0, Box::new(|_| ())).unwrap();
        let conn = rusqlite::Connection::open(store.path().unwrap()).unwrap();
        for (sql, wanted) in [
            (
                CHOICES,
                "SEARCH expenses USING COVERING INDEX expenses_by_merchant (user_id=? AND merchant=?)",
            ),
            (WORDS, "SEARCH learned USING PRIMARY KEY (user_id=? AND word=?)"),
        ] {
            let mut plan = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let count = plan.parameter_count();
            let nothing = vec![rusqlite::types::Null; count];
            let steps = plan.query_map(rusqlite::params_from_iter(nothing), |row| row.get::<_, String>(3));
            let steps: Vec<String> = steps.unwrap().map(Result::unwrap).collect();
            assert_eq!(steps, [wanted]);
        }
    }
}
