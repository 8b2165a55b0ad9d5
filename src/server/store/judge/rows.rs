//! The rows of alerts: read, raised, brought up to date, resolved and reopened.

use std::collections::HashMap;

use uuid::Uuid;

use crate::domain::Month;
use crate::domain::alert::Level;
use crate::server::store::alerts;
use crate::server::store::scope::Scope;
use crate::server::store::tx::{Row, StoreError, Tx};

/// What is known of an alert that exists.
pub(super) struct Existing {
    id: Uuid,
    pub(super) resolved: bool,
    pub(super) amounts: (i64, i64, Option<i64>),
}

pub(super) fn read_existing(rows: &[Row]) -> Result<HashMap<Level, Existing>, StoreError> {
    rows.iter()
        .map(|row| {
            let alert = Existing {
                id: row.id(1)?,
                resolved: row.opt_int(2)?.is_some(),
                amounts: (row.int(3)?, row.int(4)?, row.opt_int(5)?),
            };
            Ok((alerts::level(row.text(0)?)?, alert))
        })
        .collect()
}

pub(super) fn raise(
    tx: &mut dyn Tx,
    scope: &Scope,
    category: Uuid,
    month: Month,
    level: Level,
    (spent, limit, forecast): (i64, i64, Option<i64>),
    cause: Option<&str>,
) -> Result<bool, StoreError> {
    tx.change(
        "INSERT INTO alerts (user_id, id, month, category_id, level, spent, limit_minor, forecast_minor, cause,
             created_at, revision)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, (SELECT revision FROM users WHERE id = $1))",
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
pub(super) fn mark_weaker_read(tx: &mut dyn Tx, scope: &Scope, category: Uuid, month: Month) -> Result<(), StoreError> {
    tx.change(
        "UPDATE alerts SET is_read = 1, revision = (SELECT revision FROM users WHERE id = $1)
         WHERE user_id = $1 AND month = $2 AND category_id = $3 AND level <> $4 AND is_read = 0",
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
pub(super) fn reopen(
    tx: &mut dyn Tx,
    scope: &Scope,
    old: &Existing,
    level: Level,
    amounts: (i64, i64, Option<i64>),
    cause: Option<&str>,
) -> Result<bool, StoreError> {
    refresh(tx, scope, old, amounts)?;
    tx.change(
        "UPDATE alerts SET resolved_at = NULL, cause = $1 WHERE user_id = $2 AND id = $3",
        &[cause.into(), scope.user.into(), old.id.into()],
    )?;
    if level == Level::Over {
        tx.change(
            "UPDATE alerts SET is_read = 0, created_at = $1 WHERE user_id = $2 AND id = $3",
            &[scope.now.into(), scope.user.into(), old.id.into()],
        )?;
    }
    Ok(true)
}

pub(super) fn resolve(tx: &mut dyn Tx, scope: &Scope, old: &Existing) -> Result<bool, StoreError> {
    tx.change(
        "UPDATE alerts SET resolved_at = $1, revision = (SELECT revision FROM users WHERE id = $2)
         WHERE user_id = $2 AND id = $3",
        &[scope.now.into(), scope.user.into(), old.id.into()],
    )?;
    Ok(true)
}

pub(super) fn refresh(
    tx: &mut dyn Tx,
    scope: &Scope,
    old: &Existing,
    (spent, limit, forecast): (i64, i64, Option<i64>),
) -> Result<bool, StoreError> {
    tx.change(
        "UPDATE alerts SET spent = $1, limit_minor = $2, forecast_minor = $3,
             revision = (SELECT revision FROM users WHERE id = $4) WHERE user_id = $4 AND id = $5",
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
