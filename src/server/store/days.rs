//! Sums by day and category, kept in the transaction that changes an expense: what forecasts are made from.

use std::collections::HashMap;

use jiff::civil::Date;
use uuid::Uuid;

use super::categories::Kept;
use super::scope::{Scope, day_number, day_of};
use super::tx::{Ask, Row, StoreError, Tx};
use crate::domain::Month;
use crate::domain::forecast::{Known, MONTHS_BACK};

/// Takes away the row of a day on which nothing is spent any more.
pub(super) fn forget(tx: &mut dyn Tx, scope: &Scope, day: Date, category: Uuid) -> Result<(), StoreError> {
    tx.change(
        "DELETE FROM day_sums WHERE user_id = $1 AND day = $2 AND category_id = $3",
        &[scope.user.into(), day_number(day).into(), category.into()],
    )
}

/// What the user has written down, for forecasts of `month`.
pub(super) fn known(tx: &mut dyn Tx, scope: &Scope, month: Month) -> Result<Known, StoreError> {
    let found = tx.query_many(&known_asks(scope, month))?;
    read_known(&found[0], &found[1])
}

/// Asks for the months with expenses and for the first day, for forecasts of `month`.
pub(super) fn known_asks(scope: &Scope, month: Month) -> [Ask; 2] {
    let months = (
        "SELECT DISTINCT month FROM rollups WHERE user_id = $1 AND month BETWEEN $2 AND $3 AND n > 0",
        vec![scope.user.into(), oldest(month).index().into(), month.index().into()],
    );
    [months, first(scope)]
}

/// Reads what [`known_asks`] found.
pub(super) fn read_known(months: &[Row], first: &[Row]) -> Result<Known, StoreError> {
    let month = |row: &Row| Ok(Month::from_index(row.int(0)?));
    let first = first.first().map_or(Ok(None), |row| row.opt_int(0))?;
    Ok(Known {
        since: first.map(day_of).transpose()?,
        months: months.iter().map(month).collect::<Result<_, _>>()?,
    })
}

/// The oldest month that a forecast of `month` looks at.
pub(super) fn oldest(month: Month) -> Month {
    month.plus(-i64::from(MONTHS_BACK))
}

/// Asks for the first day with an expense.
pub(super) fn first(scope: &Scope) -> Ask {
    (
        "SELECT MIN(day) FROM day_sums WHERE user_id = $1",
        vec![scope.user.into()],
    )
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

/// Asks for one category's days from the first one of month `from` to the last one of month `to`.
pub(super) fn of_category(scope: &Scope, category: Uuid, from: Month, to: Month) -> Ask {
    (
        "SELECT day, spent FROM day_sums WHERE user_id = $1 AND category_id = $2 AND day BETWEEN $3 AND $4",
        vec![
            scope.user.into(),
            category.into(),
            day_number(scope.calendar.first_day(from)).into(),
            day_number(scope.calendar.last_day(to)).into(),
        ],
    )
}

/// Reads a day and what was spent on it.
pub(super) fn read(row: &Row) -> Result<(Date, i64), StoreError> {
    Ok((day_of(row.int(0)?)?, row.int(1)?))
}
