//! Sums by month and category, kept in the transaction that changes an expense.
//!
//! So a summary costs the same for a thousand expenses and for a million.

use std::collections::HashMap;
use std::ops::ControlFlow;

use uuid::Uuid;

use super::scope::Scope;
use super::tx::{Ask, Row, StoreError, Tx};
use crate::api::Bucket;
use crate::domain::Month;

/// Months before the one in question whose totals a summary tells.
pub const PAST_MONTHS: i64 = 6;

/// No sum may grow beyond this, so that sums of sums stay inside `i64`; minor units.
const MAX_SUM: i64 = i64::MAX / 64;

/// Asks how many expenses a month has.
pub(super) fn written(scope: &Scope, month: Month) -> Ask {
    (
        "SELECT CAST(SUM(n) AS BIGINT) FROM rollups WHERE user_id = $1 AND month = $2",
        vec![scope.user.into(), month.index().into()],
    )
}

/// Refuses a sum that could not be added up any further.
pub(super) fn in_range(sum: i64) -> Result<(), StoreError> {
    if (0..=MAX_SUM).contains(&sum) {
        Ok(())
    } else {
        Err(StoreError::invalid(
            "amount_minor",
            "With this amount the month's total is too large to be kept. Check the amount.",
        ))
    }
}

/// Refuses sums of a category that could not be added up any further.
pub(super) fn check_sums(tx: &mut dyn Tx, scope: &Scope, category: Uuid) -> Result<(), StoreError> {
    let row = tx.query_opt(
        "SELECT MAX(spent) FROM rollups WHERE user_id = $1 AND category_id = $2",
        &[scope.user.into(), category.into()],
    )?;
    in_range(row.map_or(Ok(None), |row| row.opt_int(0))?.unwrap_or_default())
}

/// The sums of some months: by month, then by category; [`Uuid::nil`] is no category.
#[derive(Debug, Default)]
pub(super) struct Sums(HashMap<(i64, Uuid), Bucket>);

impl Sums {
    /// One category's month.
    pub(super) fn get(&self, month: Month, category: Uuid) -> Bucket {
        self.0.get(&(month.index(), category)).copied().unwrap_or_default()
    }

    /// What was spent in each of the six months before `month`, oldest first.
    pub(super) fn before(&self, month: Month, category: Uuid) -> Vec<i64> {
        let spent = |back| {
            let index = month.index() - back;
            self.0.get(&(index, category)).map_or(0, |bucket| bucket.spent_minor)
        };
        (1..=PAST_MONTHS).rev().map(spent).collect()
    }
}

/// All sums from month `from` to month `to`.
pub(super) fn between(tx: &mut dyn Tx, scope: &Scope, from: Month, to: Month) -> Result<Sums, StoreError> {
    let rows = tx.query_all(
        "SELECT month, category_id, spent, n FROM rollups WHERE user_id = $1 AND month BETWEEN $2 AND $3",
        &[scope.user.into(), from.index().into(), to.index().into()],
    )?;
    sums(&rows)
}

/// How many expenses each month and category holds; no category is [`Uuid::nil`].
pub(super) fn counts(tx: &mut dyn Tx, scope: &Scope, each: &mut dyn FnMut(Month, Uuid, i64)) -> Result<(), StoreError> {
    tx.query_each(
        "SELECT month, category_id, n FROM rollups WHERE user_id = $1",
        &[scope.user.into()],
        &mut |row| {
            each(Month::from_index(row.int(0)?), row.id(1)?, row.int(2)?);
            Ok(ControlFlow::Continue(()))
        },
    )
}

/// Asks for one category's sums from month `from` to month `to`.
pub(super) fn of_category(scope: &Scope, category: Uuid, from: Month, to: Month) -> Ask {
    (
        "SELECT month, category_id, spent, n FROM rollups
         WHERE user_id = $1 AND month BETWEEN $2 AND $3 AND category_id = $4",
        vec![
            scope.user.into(),
            from.index().into(),
            to.index().into(),
            category.into(),
        ],
    )
}

/// Reads what [`between`] or [`of_category`] found.
pub(super) fn sums(rows: &[Row]) -> Result<Sums, StoreError> {
    let sum = |row: &Row| {
        let bucket = Bucket {
            spent_minor: row.int(2)?,
            count: row.int(3)?,
        };
        Ok(((row.int(0)?, row.id(1)?), bucket))
    };
    rows.iter().map(sum).collect::<Result<_, _>>().map(Sums)
}
