//! Sums by day and category, kept in the transaction that changes an expense: what forecasts are made from.

use std::collections::HashMap;

use jiff::civil::Date;
use uuid::Uuid;

use super::accounts;
use super::categories::Kept;
use super::rollups::in_range;
use super::scope::{Scope, day_number, day_of};
use super::tx::{Row, StoreError, Tx};
use crate::domain::Month;
use crate::domain::forecast::{Known, MONTHS_BACK};

/// Adds `amount` and `count` expenses, both negative to take them out, to the sums of a day; [`Uuid::nil`] is no category.
pub(super) fn shift(
    tx: &mut dyn Tx,
    scope: &Scope,
    day: Date,
    category: Uuid,
    (amount, count): (i64, i64),
) -> Result<(), StoreError> {
    let since = first_day(tx, scope)?;
    let row = tx.query_opt(
        "INSERT INTO day_sums (user_id, day, category_id, spent, n) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (user_id, day, category_id)
         DO UPDATE SET spent = day_sums.spent + excluded.spent, n = day_sums.n + excluded.n
         RETURNING spent, n",
        &[
            scope.user.into(),
            day_number(day).into(),
            category.into(),
            amount.into(),
            count.into(),
        ],
    )?;
    let (spent, n) = row.map_or(Ok((0, 0)), |row| Ok((row.int(0)?, row.int(1)?)))?;
    in_range(spent)?;
    if n == 0 {
        tx.execute(
            "DELETE FROM day_sums WHERE user_id = $1 AND day = $2 AND category_id = $3",
            &[scope.user.into(), day_number(day).into(), category.into()],
        )?;
    }
    // What is known at all has changed: that moves the forecasts of all categories.
    let first_or_last_of_month = written(tx, scope, scope.calendar.month_of(day))? == count.max(0);
    if first_or_last_of_month || since != first_day(tx, scope)? {
        accounts::judge_again(tx, scope)?;
    }
    Ok(())
}

/// How many expenses a month has.
fn written(tx: &mut dyn Tx, scope: &Scope, month: Month) -> Result<i64, StoreError> {
    let row = tx.query_opt(
        "SELECT CAST(SUM(n) AS BIGINT) FROM rollups WHERE user_id = $1 AND month = $2",
        &[scope.user.into(), month.index().into()],
    )?;
    Ok(row.map_or(Ok(None), |row| row.opt_int(0))?.unwrap_or_default())
}

/// What the user has written down, for forecasts of `month`.
pub(super) fn known(tx: &mut dyn Tx, scope: &Scope, month: Month) -> Result<Known, StoreError> {
    let rows = tx.query_all(
        "SELECT DISTINCT month FROM rollups WHERE user_id = $1 AND month BETWEEN $2 AND $3 AND n > 0",
        &[scope.user.into(), oldest(month).index().into(), month.index().into()],
    )?;
    let month = |row: &Row| Ok(Month::from_index(row.int(0)?));
    Ok(Known {
        since: first_day(tx, scope)?,
        months: rows.iter().map(month).collect::<Result<_, _>>()?,
    })
}

/// The oldest month that a forecast of `month` looks at.
pub(super) fn oldest(month: Month) -> Month {
    month.plus(-i64::from(MONTHS_BACK))
}

fn first_day(tx: &mut dyn Tx, scope: &Scope) -> Result<Option<Date>, StoreError> {
    let row = tx.query_opt("SELECT MIN(day) FROM day_sums WHERE user_id = $1", &[scope.user.into()])?;
    let day = row.map_or(Ok(None), |row| row.opt_int(0))?;
    day.map(day_of).transpose()
}

/// What was spent on each of some days: by category, [`Uuid::nil`] being none.
#[derive(Debug, Default)]
pub(super) struct Days(HashMap<Uuid, Vec<(Date, i64)>>);

impl Days {
    /// One category's days on which something was spent, oldest first; minor units.
    pub(super) fn of(&self, category: Uuid) -> &[(Date, i64)] {
        self.0.get(&category).map_or(&[], Vec::as_slice)
    }

    /// Spent on each day of `month`, first day first; what is not spending is left out.
    pub(super) fn totals(&self, scope: &Scope, categories: &[Kept], month: Month) -> Vec<i64> {
        let spending = categories.iter().filter(|kept| kept.category.kind.is_spending());
        let counted = spending.map(|kept| kept.category.id).chain([Uuid::nil()]);
        self.each_day(scope, counted, month)
    }

    /// Spent in some categories on each day of `month`, first day first.
    pub(super) fn each_day(&self, scope: &Scope, categories: impl IntoIterator<Item = Uuid>, month: Month) -> Vec<i64> {
        let first = scope.calendar.first_day(month);
        let mut totals = vec![0_i64; usize::from(month.length())];
        for (day, spent) in categories.into_iter().flat_map(|category| self.of(category)) {
            let place = usize::try_from((*day - first).get_days()).ok();
            if let Some(total) = place.and_then(|place| totals.get_mut(place)) {
                *total = total.saturating_add(*spent);
            }
        }
        totals
    }
}

/// All days from the first one of month `from` to the last one of month `to`.
pub(super) fn between(tx: &mut dyn Tx, scope: &Scope, from: Month, to: Month) -> Result<Days, StoreError> {
    let rows = tx.query_all(
        "SELECT day, spent, category_id FROM day_sums WHERE user_id = $1 AND day BETWEEN $2 AND $3 ORDER BY day",
        &[
            scope.user.into(),
            day_number(scope.calendar.first_day(from)).into(),
            day_number(scope.calendar.last_day(to)).into(),
        ],
    )?;
    let mut days = Days::default();
    for row in &rows {
        days.0.entry(row.id(2)?).or_default().push(read(row)?);
    }
    Ok(days)
}

/// One category's days from the first one of month `from` to the last one of month `to`.
pub(super) fn of_category(
    tx: &mut dyn Tx,
    scope: &Scope,
    category: Uuid,
    from: Month,
    to: Month,
) -> Result<Vec<(Date, i64)>, StoreError> {
    let rows = tx.query_all(
        "SELECT day, spent FROM day_sums WHERE user_id = $1 AND category_id = $2 AND day BETWEEN $3 AND $4",
        &[
            scope.user.into(),
            category.into(),
            day_number(scope.calendar.first_day(from)).into(),
            day_number(scope.calendar.last_day(to)).into(),
        ],
    )?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<(Date, i64), StoreError> {
    Ok((day_of(row.int(0)?)?, row.int(1)?))
}
