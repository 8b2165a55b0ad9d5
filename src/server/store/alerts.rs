//! Alerts: judged in the transaction that changes what they are about.

use std::collections::HashMap;
use std::str::FromStr;

use uuid::Uuid;

use super::scope::{Scope, day_number, day_of};
use super::tx::{Row, StoreError, Tx};
use super::{accounts, budgets, categories, days, rollups};
use crate::api::{Alert, Category};
use crate::domain::alert::{self, Facts, Level};
use crate::domain::forecast::{Forecast, History, month_end};
use crate::domain::{Kind, Month};

/// Most alerts in one answer.
const MAX_LIST: i64 = 500;
const LEVELS: [Level; 3] = [Level::Near, Level::Forecast, Level::Over];

/// What is known of an alert that exists.
struct Existing {
    id: Uuid,
    resolved: bool,
    amounts: (i64, i64, Option<i64>),
}

/// Raises, refreshes and resolves the alerts of one category in one month; says whether any changed.
///
/// `cause` is the description of the expense that led here, if one did.
pub(super) fn judge(
    tx: &mut dyn Tx,
    scope: &Scope,
    category: &Category,
    month: Month,
    cause: Option<&str>,
) -> Result<bool, StoreError> {
    if !category.kind.is_spending() {
        return Ok(false);
    }
    let limit = budgets::limit(tx, scope, category.id, month)?;
    let mut existing = existing(tx, scope, category.id, month)?;
    if limit.is_none() && existing.is_empty() {
        return Ok(false);
    }
    let facts = facts(tx, scope, category, month, limit)?;
    let amounts = (
        facts.spent,
        limit.unwrap_or_default(),
        facts.forecast.as_ref().map(|forecast| forecast.mid_minor),
    );
    let mut changed = false;
    for level in LEVELS {
        let old = existing.remove(&level);
        if level == Level::Over && facts.raises(level) && old.as_ref().is_none_or(|old| old.resolved) {
            mark_weaker_read(tx, scope, category.id, month)?;
        }
        changed |= match old {
            None if facts.raises(level) => raise(tx, scope, category.id, month, level, amounts, cause)?,
            Some(old) if old.resolved && facts.raises(level) => reopen(tx, scope, &old, level, amounts, cause)?,
            Some(old) if !old.resolved && !facts.holds(level) => resolve(tx, scope, &old)?,
            // Once a stronger alert tells the amounts, a weaker one keeps those that it was raised with.
            Some(old) if !old.resolved && facts.raises(level) && old.amounts != amounts => {
                refresh(tx, scope, &old, amounts)?
            }
            _ => false,
        };
    }
    Ok(changed)
}

/// Judges a change in `month`: that month, and the current one when its forecast looks back at `month`.
pub(super) fn judge_change(
    tx: &mut dyn Tx,
    scope: &Scope,
    category: &Category,
    month: Month,
    cause: Option<&str>,
) -> Result<(), StoreError> {
    judge(tx, scope, category, month, cause)?;
    let current = scope.month();
    if month < current && month >= days::oldest(current) {
        judge(tx, scope, category, current, None)?;
    }
    Ok(())
}

/// Judges anew what the calendar alone has changed, once in each of the user's local days.
pub fn judge_day(tx: &mut dyn Tx, scope: &Scope) -> Result<(), StoreError> {
    let today = day_number(scope.today);
    let before = accounts::set_judged_day(tx, scope.user, today)?;
    if before == today {
        return Ok(());
    }
    let (last, current) = (Month::of(day_of(before)?), scope.month());
    let mut changed = false;
    for category in categories::list(tx, scope)? {
        // A month that has ended since loses what was only a forecast.
        if last < current {
            changed |= judge(tx, scope, &category, last, None)?;
        }
        changed |= judge(tx, scope, &category, current, None)?;
    }
    if changed {
        accounts::bump(tx, scope.user)?;
    }
    Ok(())
}

/// The alerts of one month or of all, newest first.
pub fn list(tx: &mut dyn Tx, scope: &Scope, month: Option<Month>) -> Result<Vec<Alert>, StoreError> {
    let (from, to) = month.map_or((0, i64::MAX), |month| (month.index(), month.index()));
    let rows = tx.query_all(
        "SELECT a.id, a.category_id, c.name, a.month, a.level, a.spent, a.limit_minor, a.forecast_minor,
                a.cause, a.created_at, a.is_read, a.resolved_at
         FROM alerts a JOIN categories c ON c.user_id = a.user_id AND c.id = a.category_id
         WHERE a.user_id = $1 AND a.month BETWEEN $2 AND $3
         ORDER BY a.created_at DESC, a.id DESC LIMIT $4",
        &[scope.user.into(), from.into(), to.into(), MAX_LIST.into()],
    )?;
    rows.iter().map(|row| read(row, scope)).collect()
}

/// Marks one alert as seen.
pub fn mark_read(tx: &mut dyn Tx, scope: &Scope, id: Uuid) -> Result<(), StoreError> {
    let row = tx.query_opt(
        "SELECT is_read FROM alerts WHERE user_id = $1 AND id = $2",
        &[scope.user.into(), id.into()],
    )?;
    if !row.ok_or(StoreError::NotFound("alert"))?.flag(0)? {
        tx.execute(
            "UPDATE alerts SET is_read = 1 WHERE user_id = $1 AND id = $2",
            &[scope.user.into(), id.into()],
        )?;
        accounts::bump(tx, scope.user)?;
    }
    Ok(())
}

/// Marks all alerts as seen.
pub fn mark_all_read(tx: &mut dyn Tx, scope: &Scope) -> Result<(), StoreError> {
    let marked = tx.execute(
        "UPDATE alerts SET is_read = 1 WHERE user_id = $1 AND is_read = 0",
        &[scope.user.into()],
    )?;
    if marked > 0 {
        accounts::bump(tx, scope.user)?;
    }
    Ok(())
}

/// Marks the alerts of all months before `month` as seen, as part of another change.
pub fn mark_read_before(tx: &mut dyn Tx, scope: &Scope, month: Month) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE alerts SET is_read = 1 WHERE user_id = $1 AND month < $2",
        &[scope.user.into(), month.index().into()],
    )?;
    Ok(())
}

fn facts(
    tx: &mut dyn Tx,
    scope: &Scope,
    category: &Category,
    month: Month,
    limit: Option<i64>,
) -> Result<Facts, StoreError> {
    Ok(Facts {
        spent: rollups::of_category(tx, scope, category.id, month)?.spent_minor,
        limit,
        forecast: forecast(tx, scope, category, month)?,
        closed: month.progress(scope.today).closed,
        fixed: category.kind == Kind::Fixed,
    })
}

fn forecast(tx: &mut dyn Tx, scope: &Scope, category: &Category, month: Month) -> Result<Option<Forecast>, StoreError> {
    let progress = month.progress(scope.today);
    if !progress.running() {
        return Ok(None);
    }
    let known = days::known(tx, scope, month)?;
    let spent = days::of_category(tx, scope, category.id, days::oldest(month), month)?;
    Ok(month_end(category.kind, progress, &History::new(month, &known, spent)))
}

fn existing(
    tx: &mut dyn Tx,
    scope: &Scope,
    category: Uuid,
    month: Month,
) -> Result<HashMap<Level, Existing>, StoreError> {
    let rows = tx.query_all(
        "SELECT level, id, resolved_at, spent, limit_minor, forecast_minor FROM alerts
         WHERE user_id = $1 AND month = $2 AND category_id = $3",
        &[scope.user.into(), month.index().into(), category.into()],
    )?;
    rows.iter()
        .map(|row| {
            let alert = Existing {
                id: row.id(1)?,
                resolved: row.opt_int(2)?.is_some(),
                amounts: (row.int(3)?, row.int(4)?, row.opt_int(5)?),
            };
            Ok((level(row.text(0)?)?, alert))
        })
        .collect()
}

fn raise(
    tx: &mut dyn Tx,
    scope: &Scope,
    category: Uuid,
    month: Month,
    level: Level,
    (spent, limit, forecast): (i64, i64, Option<i64>),
    cause: Option<&str>,
) -> Result<bool, StoreError> {
    tx.execute(
        "INSERT INTO alerts (user_id, id, month, category_id, level, spent, limit_minor, forecast_minor, cause, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            scope.user.into(),
            Uuid::now_v7().into(),
            month.index().into(),
            category.into(),
            level.to_string().into(),
            spent.into(),
            limit.into(),
            forecast.into(),
            cause.into(),
            scope.now.into(),
        ],
    )?;
    Ok(true)
}

/// Being over says all that the weaker levels said.
fn mark_weaker_read(tx: &mut dyn Tx, scope: &Scope, category: Uuid, month: Month) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE alerts SET is_read = 1 WHERE user_id = $1 AND month = $2 AND category_id = $3 AND level <> $4",
        &[
            scope.user.into(),
            month.index().into(),
            category.into(),
            Level::Over.to_string().into(),
        ],
    )?;
    Ok(())
}

/// An alert whose cause is back. Being over is news again; the weaker levels stay as read as they were.
fn reopen(
    tx: &mut dyn Tx,
    scope: &Scope,
    old: &Existing,
    level: Level,
    amounts: (i64, i64, Option<i64>),
    cause: Option<&str>,
) -> Result<bool, StoreError> {
    refresh(tx, scope, old, amounts)?;
    tx.execute(
        "UPDATE alerts SET resolved_at = NULL, cause = $1 WHERE user_id = $2 AND id = $3",
        &[cause.into(), scope.user.into(), old.id.into()],
    )?;
    if level == Level::Over {
        tx.execute(
            "UPDATE alerts SET is_read = 0, created_at = $1 WHERE user_id = $2 AND id = $3",
            &[scope.now.into(), scope.user.into(), old.id.into()],
        )?;
    }
    Ok(true)
}

fn resolve(tx: &mut dyn Tx, scope: &Scope, old: &Existing) -> Result<bool, StoreError> {
    tx.execute(
        "UPDATE alerts SET resolved_at = $1 WHERE user_id = $2 AND id = $3",
        &[scope.now.into(), scope.user.into(), old.id.into()],
    )?;
    Ok(true)
}

fn refresh(
    tx: &mut dyn Tx,
    scope: &Scope,
    old: &Existing,
    (spent, limit, forecast): (i64, i64, Option<i64>),
) -> Result<bool, StoreError> {
    tx.execute(
        "UPDATE alerts SET spent = $1, limit_minor = $2, forecast_minor = $3 WHERE user_id = $4 AND id = $5",
        &[
            spent.into(),
            limit.into(),
            forecast.into(),
            scope.user.into(),
            old.id.into(),
        ],
    )?;
    Ok(true)
}

fn read(row: &Row, scope: &Scope) -> Result<Alert, StoreError> {
    let (level, month) = (level(row.text(4)?)?, Month::from_index(row.int(3)?));
    let (category, spent, limit) = (row.text(2)?, row.int(5)?, row.int(6)?);
    Ok(Alert {
        id: row.id(0)?,
        category_id: row.id(1)?,
        category: category.to_owned(),
        month,
        level,
        message: alert::message(level, category, month, (spent, limit, row.opt_int(7)?), scope.currency),
        spent_minor: spent,
        limit_minor: limit,
        cause: row.opt_text(8)?.map(str::to_owned),
        created_at: row.int(9)?,
        read: row.flag(10)?,
        resolved_at: row.opt_int(11)?,
        snoozed_until: None,
    })
}

fn level(text: &str) -> Result<Level, StoreError> {
    Level::from_str(text).map_err(|e| StoreError::Sql(e.to_string()))
}
