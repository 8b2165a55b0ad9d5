//! Limits by category and month: one holds from the month in which it was set until the next change.

use std::collections::HashMap;

use uuid::Uuid;

use super::scope::Scope;
use super::tx::{Row, StoreError, Tx};
use super::{accounts, alerts, categories};
use crate::api::Budget;
use crate::domain::Month;

/// The limits in force in `month`, in display order.
pub fn list(tx: &mut dyn Tx, scope: &Scope, month: Month) -> Result<Vec<Budget>, StoreError> {
    let rows = in_force(tx, scope, month)?;
    rows.iter()
        .filter_map(|row| {
            let limit = row.opt_int(2).transpose()?;
            Some(limit.and_then(|limit_minor| {
                Ok(Budget {
                    category_id: row.id(0)?,
                    limit_minor,
                    since: Month::from_index(row.int(1)?),
                })
            }))
        })
        .collect()
}

/// The category's limit in force in `month`, minor units.
pub(super) fn limit(tx: &mut dyn Tx, scope: &Scope, category: Uuid, month: Month) -> Result<Option<i64>, StoreError> {
    Ok(latest(tx, scope, category, month)?.and_then(|(_, limit)| limit))
}

/// Sets the limit from `month` on; `None` clears it from `month` on. Nothing happens when it is so already.
pub fn set(tx: &mut dyn Tx, scope: &Scope, category: Uuid, month: Month, limit: Option<i64>) -> Result<(), StoreError> {
    let found = categories::get(tx, scope, category)?.ok_or(StoreError::NotFound("category"))?;
    if limit.is_some() && !found.kind.is_spending() {
        return Err(StoreError::invalid(
            "category_id",
            "This category is no spending, so it takes no limit.",
        ));
    }
    let before = latest(tx, scope, category, month)?;
    let unchanged = match (before, limit) {
        (None | Some((_, None)), None) => true,
        (Some((since, Some(old))), Some(new)) => since == month && old == new,
        _ => false,
    };
    if !unchanged {
        accounts::bump(tx, scope.user)?;
        tx.execute(
            "INSERT INTO budgets (user_id, category_id, month, limit_minor) VALUES ($1, $2, $3, $4)
             ON CONFLICT (user_id, category_id, month) DO UPDATE SET limit_minor = excluded.limit_minor",
            &[scope.user.into(), category.into(), month.index().into(), limit.into()],
        )?;
        for affected in months_under(tx, scope, category, month)? {
            alerts::judge(tx, scope, &found, affected, None)?;
        }
    }
    Ok(())
}

/// The limits of several months.
#[derive(Debug, Default)]
pub(super) struct Limits(HashMap<Uuid, Vec<(i64, Option<i64>)>>);

impl Limits {
    /// The category's limit in force in `month`.
    pub(super) fn get(&self, category: Uuid, month: Month) -> Option<i64> {
        let changes = self.0.get(&category)?;
        changes.iter().rev().find(|(since, _)| *since <= month.index())?.1
    }
}

/// The limits in force from month `from` to month `to`.
pub(super) fn between(tx: &mut dyn Tx, scope: &Scope, from: Month, to: Month) -> Result<Limits, StoreError> {
    let mut rows = in_force(tx, scope, from)?;
    rows.extend(tx.query_all(
        "SELECT b.category_id, b.month, b.limit_minor
         FROM categories c JOIN budgets b ON b.user_id = c.user_id AND b.category_id = c.id
         WHERE c.user_id = $1 AND b.month > $2 AND b.month <= $3 ORDER BY b.category_id, b.month",
        &[scope.user.into(), from.index().into(), to.index().into()],
    )?);
    let mut limits = Limits::default();
    for row in &rows {
        let changes = limits.0.entry(row.id(0)?).or_default();
        changes.push((row.int(1)?, row.opt_int(2)?));
    }
    Ok(limits)
}

/// For each category the last change at or before `month`: category, month, limit.
fn in_force(tx: &mut dyn Tx, scope: &Scope, month: Month) -> Result<Vec<Row>, StoreError> {
    tx.query_all(
        "SELECT b.category_id, b.month, b.limit_minor
         FROM categories c JOIN budgets b ON b.user_id = c.user_id AND b.category_id = c.id
         WHERE c.user_id = $1 AND b.month =
             (SELECT MAX(m.month) FROM budgets m WHERE m.user_id = c.user_id AND m.category_id = c.id AND m.month <= $2)
         ORDER BY c.sort",
        &[scope.user.into(), month.index().into()],
    )
}

fn latest(
    tx: &mut dyn Tx,
    scope: &Scope,
    category: Uuid,
    month: Month,
) -> Result<Option<(Month, Option<i64>)>, StoreError> {
    let row = tx.query_opt(
        "SELECT month, limit_minor FROM budgets WHERE user_id = $1 AND category_id = $2 AND month <= $3
         ORDER BY month DESC LIMIT 1",
        &[scope.user.into(), category.into(), month.index().into()],
    )?;
    row.map(|row| Ok((Month::from_index(row.int(0)?), row.opt_int(1)?)))
        .transpose()
}

/// The months up to the current one in which the limit set in `since` decides about something:
/// those with expenses or alerts, before the next change; the current month always.
fn months_under(tx: &mut dyn Tx, scope: &Scope, category: Uuid, since: Month) -> Result<Vec<Month>, StoreError> {
    let next = tx.query_opt(
        "SELECT MIN(month) FROM budgets WHERE user_id = $1 AND category_id = $2 AND month > $3",
        &[scope.user.into(), category.into(), since.index().into()],
    )?;
    let next = next.map_or(Ok(None), |row| row.opt_int(0))?;
    let current = scope.month().index();
    let last = next.map_or(i64::MAX, |next| next - 1);
    let rows = tx.query_all(
        "SELECT month FROM rollups WHERE user_id = $1 AND category_id = $2 AND month BETWEEN $3 AND $4 AND n > 0
         UNION SELECT month FROM alerts WHERE user_id = $1 AND category_id = $2 AND month BETWEEN $3 AND $4",
        &[scope.user.into(), category.into(), since.index().into(), last.into()],
    )?;
    let mut months = rows.iter().map(|row| row.int(0)).collect::<Result<Vec<_>, _>>()?;
    if (since.index()..=last).contains(&current) && !months.contains(&current) {
        months.push(current);
    }
    Ok(months.into_iter().map(Month::from_index).collect())
}
