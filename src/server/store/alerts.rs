//! Alerts: listed, marked as seen, kept quiet. `judge` raises and resolves them.

use std::str::FromStr;

use jiff::civil::Date;
use uuid::Uuid;

use super::accounts;
use super::scope::{Scope, day_number, day_of};
use super::tx::{Row, StoreError, Tx};
use crate::api::Alert;
use crate::domain::Month;
use crate::domain::alert::{self, Level};

/// Most alerts in one answer.
const MAX_LIST: i64 = 500;

/// The alerts of one month or of all, newest first.
pub fn list(tx: &mut dyn Tx, scope: &Scope, month: Option<Month>) -> Result<Vec<Alert>, StoreError> {
    let (from, to) = month.map_or((0, i64::MAX), |month| (month.index(), month.index()));
    let rows = tx.query_all(
        "SELECT a.id, a.category_id, c.name, a.month, a.level, a.spent, a.limit_minor, a.forecast_minor,
                a.cause, a.created_at, a.is_read, a.resolved_at, c.quiet_until
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
        let revision = accounts::bump(tx, scope.user)?;
        tx.execute(
            "UPDATE alerts SET is_read = 1, revision = $1 WHERE user_id = $2 AND id = $3",
            &[revision.into(), scope.user.into(), id.into()],
        )?;
    }
    Ok(())
}

/// Marks all alerts as seen.
pub fn mark_all_read(tx: &mut dyn Tx, scope: &Scope) -> Result<(), StoreError> {
    let next = accounts::step(tx, scope.user, 1)?;
    let marked = tx.execute(
        "UPDATE alerts SET is_read = 1, revision = $1 WHERE user_id = $2 AND is_read = 0",
        &[next.into(), scope.user.into()],
    )?;
    if marked > 0 {
        tx.note_revision(scope.user, next);
    } else {
        accounts::step(tx, scope.user, -1)?;
    }
    Ok(())
}

/// Marks the alerts of all months before `month` as seen, as part of another change.
pub fn mark_read_before(tx: &mut dyn Tx, scope: &Scope, month: Month) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE alerts SET is_read = 1, revision = (SELECT revision FROM users WHERE id = $1)
         WHERE user_id = $1 AND month < $2 AND is_read = 0",
        &[scope.user.into(), month.index().into()],
    )?;
    Ok(())
}

/// Keeps quiet about the category of an alert until the day `until`, which lies ahead; `None` ends the quiet.
pub fn snooze(tx: &mut dyn Tx, scope: &Scope, id: Uuid, until: Option<Date>) -> Result<(), StoreError> {
    let row = tx.query_opt(
        "SELECT c.id, c.quiet_until FROM alerts a JOIN categories c ON c.user_id = a.user_id AND c.id = a.category_id
         WHERE a.user_id = $1 AND a.id = $2",
        &[scope.user.into(), id.into()],
    )?;
    let row = row.ok_or(StoreError::NotFound("alert"))?;
    let until = until.map(day_number);
    if row.opt_int(1)? != until {
        let revision = accounts::bump(tx, scope.user)?;
        stamp(tx, scope, row.id(0)?, revision)?;
        tx.execute(
            "UPDATE categories SET quiet_until = $1 WHERE user_id = $2 AND id = $3",
            &[until.into(), scope.user.into(), row.id(0)?.into()],
        )?;
    }
    Ok(())
}

/// Ends the quiet whose day has come; says whether there was one.
pub(super) fn end_snoozes(tx: &mut dyn Tx, scope: &Scope) -> Result<bool, StoreError> {
    let now = [scope.user.into(), day_number(scope.today).into()];
    tx.execute(
        "UPDATE alerts SET revision = (SELECT revision FROM users WHERE id = $1) WHERE user_id = $1
         AND category_id IN (SELECT id FROM categories WHERE user_id = $1 AND quiet_until <= $2)",
        &now,
    )?;
    let ended = tx.execute(
        "UPDATE categories SET quiet_until = NULL WHERE user_id = $1 AND quiet_until <= $2",
        &now,
    )?;
    Ok(ended > 0)
}

/// Has the alerts of a category count as changed: they tell its name and its quiet.
pub(super) fn stamp(tx: &mut dyn Tx, scope: &Scope, category: Uuid, revision: i64) -> Result<(), StoreError> {
    tx.change(
        "UPDATE alerts SET revision = $1 WHERE user_id = $2 AND category_id = $3",
        &[revision.into(), scope.user.into(), category.into()],
    )
}

/// Reads the first thirteen columns of `row`: those of [`list`].
pub(super) fn read(row: &Row, scope: &Scope) -> Result<Alert, StoreError> {
    let quiet_until = row.opt_int(12)?.map(day_of).transpose()?;
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
        snoozed_until: quiet_until.filter(|day| *day > scope.today),
    })
}

/// Reads a level.
pub(super) fn level(text: &str) -> Result<Level, StoreError> {
    Level::from_str(text).map_err(|e| StoreError::Sql(e.to_string()))
}
