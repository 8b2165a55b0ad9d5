//! One category taken into another, with all that belongs to it.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::categories::{self, Kept};
use super::limits::{self, Limits};
use super::scope::Scope;
use super::tx::{StoreError, Tx};
use super::{accounts, history, judge, rollups, tombstones};
use crate::api::Category;
use crate::domain::{Money, Month};

/// Moves everything of the category `from` into `into` and takes `from` away: its expenses, also deleted ones, its
/// limits, its rules and what was learned for it. What meant `from` so far means `into` from now on.
///
/// The limits of a month add up, so that what was planned in all stays what it was; what is not spending, or hidden,
/// has none to give. Name, kind and wishes are those of `into`; alerts are judged anew.
pub fn merge(tx: &mut dyn Tx, scope: &Scope, from: Uuid, into: Uuid) -> Result<Category, StoreError> {
    if from == into {
        return Err(StoreError::invalid("into", "Choose another category to merge into."));
    }
    let source = categories::get(tx, scope, from)?.ok_or(StoreError::NotFound("category"))?;
    let unknown = || StoreError::invalid("into", "You have no such category. Choose one of the list.");
    let target = categories::get(tx, scope, into)?.ok_or_else(unknown)?;
    let revision = accounts::bump(tx, scope.user)?;
    add_up_limits(tx, scope, &source, &target, revision)?;
    history::move_category(tx, scope, (from, into), revision)?;
    move_rows(tx, scope, (from, into), revision)?;
    rollups::check_sums(tx, scope, into)?;
    tombstones::bury_in(tx, scope, (from, into), revision)?;
    let target = categories::take_meanings(tx, scope, &source, target)?;
    judge::judge_all(tx, scope, &target)?;
    Ok(target.category)
}

/// Gives `target` the sum of both limits from each month on in which one of them changes.
fn add_up_limits(
    tx: &mut dyn Tx,
    scope: &Scope,
    source: &Kept,
    target: &Kept,
    revision: i64,
) -> Result<(), StoreError> {
    let last = Month::from_index(i64::MAX);
    let giving = limits::of_category(tx, scope, source.category.id, last)?;
    let taking = limits::of_category(tx, scope, target.category.id, last)?;
    let mut months: BTreeSet<i64> = giving.changed_in(source).chain(taking.changed_in(target)).collect();
    months.extend(source.hidden_since.map(Month::index));
    for index in months {
        let month = Month::from_index(index);
        let counts = source.takes_limit(month) && target.category.kind.is_spending();
        let given = giving.base(source, month).filter(|_| counts);
        let sum = match (given, taking.base(target, month)) {
            (None, None) => None,
            (given, own) => Some(given.unwrap_or(0).saturating_add(own.unwrap_or(0))),
        };
        if let Some(sum) = sum {
            Money::new(sum, scope.currency)
                .within_limits()
                .map_err(|error| StoreError::invalid("into", error.to_string()))?;
        }
        tx.execute(
            "INSERT INTO budgets (user_id, category_id, month, limit_minor, revision) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (user_id, category_id, month)
             DO UPDATE SET limit_minor = excluded.limit_minor, revision = excluded.revision",
            &[
                scope.user.into(),
                target.category.id.into(),
                index.into(),
                sum.into(),
                revision.into(),
            ],
        )?;
    }
    add_up_moves(tx, scope, (source, target), (&giving, revision))
}

/// What was moved to or from `source` in single months was moved to or from `target`.
fn add_up_moves(
    tx: &mut dyn Tx,
    scope: &Scope,
    (source, target): (&Kept, &Kept),
    (giving, revision): (&Limits, i64),
) -> Result<(), StoreError> {
    for (month, moved) in giving.moves(source) {
        let month = Month::from_index(month);
        if target.category.kind.is_spending() && source.takes_limit(month) {
            limits::add_move(tx, scope, target.category.id, (month, moved), revision)?;
        }
    }
    Ok(())
}

fn move_rows(tx: &mut dyn Tx, scope: &Scope, (from, into): (Uuid, Uuid), revision: i64) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE expenses SET category_id = $1, revision = $2 WHERE user_id = $3 AND category_id = $4",
        &[into.into(), revision.into(), scope.user.into(), from.into()],
    )?;
    tx.execute(
        "UPDATE rules SET category_id = $1, revision = $2 WHERE user_id = $3 AND category_id = $4",
        &[into.into(), revision.into(), scope.user.into(), from.into()],
    )?;
    // Sums are added to those that are there.
    let pair = [into.into(), scope.user.into(), from.into()];
    for sum in [
        "INSERT INTO rollups (user_id, month, category_id, spent, n)
         SELECT user_id, month, $1, spent, n FROM rollups WHERE user_id = $2 AND category_id = $3
         ON CONFLICT (user_id, month, category_id)
         DO UPDATE SET spent = rollups.spent + excluded.spent, n = rollups.n + excluded.n",
        "INSERT INTO day_sums (user_id, day, category_id, spent, n)
         SELECT user_id, day, $1, spent, n FROM day_sums WHERE user_id = $2 AND category_id = $3
         ON CONFLICT (user_id, day, category_id)
         DO UPDATE SET spent = day_sums.spent + excluded.spent, n = day_sums.n + excluded.n",
        "INSERT INTO learned (user_id, word, category_id, weight)
         SELECT user_id, word, $1, weight FROM learned WHERE user_id = $2 AND category_id = $3
         ON CONFLICT (user_id, word, category_id) DO UPDATE SET weight = learned.weight + excluded.weight",
    ] {
        tx.execute(sum, &pair)?;
    }
    for gone in [
        "DELETE FROM rollups WHERE user_id = $1 AND category_id = $2",
        "DELETE FROM day_sums WHERE user_id = $1 AND category_id = $2",
        "DELETE FROM learned WHERE user_id = $1 AND category_id = $2",
        "DELETE FROM budgets WHERE user_id = $1 AND category_id = $2",
        "DELETE FROM budget_moves WHERE user_id = $1 AND category_id = $2",
        "DELETE FROM alerts WHERE user_id = $1 AND category_id = $2",
        "DELETE FROM categories WHERE user_id = $1 AND id = $2",
    ] {
        tx.execute(gone, &[scope.user.into(), from.into()])?;
    }
    Ok(())
}
