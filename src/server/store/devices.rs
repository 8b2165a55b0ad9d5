//! How far each device has come with the changes that it sends in order, so that none is done twice.
//!
//! The count is kept in the transaction of the change, so both are on the disk or neither is. One number for each
//! device is all that has to be remembered, for ever; besides it only what was refused, until the device has moved on.

use uuid::Uuid;

use super::scope::Scope;
use super::tx::{StoreError, Tx};
use crate::api::ApiError;

/// Most devices of one user.
const MAX_DEVICES: i64 = 1000;

/// Whether it is an operation's turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is the next one.
    Now,
    /// It was settled before.
    Past,
    /// One before it is missing; the last settled one is this.
    After(i64),
}

impl Turn {
    /// Whether it is the turn of `seq` when `last` is the last settled one.
    #[must_use]
    pub fn of(seq: i64, last: i64) -> Self {
        match seq.cmp(&last.saturating_add(1)) {
            std::cmp::Ordering::Less => Self::Past,
            std::cmp::Ordering::Equal => Self::Now,
            std::cmp::Ordering::Greater => Self::After(last),
        }
    }
}

/// The last settled operation of a device; 0 for one that was never heard of.
pub fn last_seq(tx: &mut dyn Tx, scope: &Scope, device: Uuid) -> Result<i64, StoreError> {
    let row = tx.query_opt(
        "SELECT last_seq FROM devices WHERE user_id = $1 AND device_id = $2",
        &[scope.user.into(), device.into()],
    )?;
    row.map_or(Ok(0), |row| row.int(0))
}

/// Asks whether it is the turn of operation `seq`; if it is, it counts as settled from now on. Part of the transaction
/// that does what the operation says, which holds the user's row.
pub fn settle(tx: &mut dyn Tx, scope: &Scope, device: Uuid, seq: i64) -> Result<Turn, StoreError> {
    let last = last_seq(tx, scope, device)?;
    let turn = Turn::of(seq, last);
    if turn == Turn::Now {
        if last == 0 {
            check_room(tx, scope)?;
        }
        tx.change(
            "INSERT INTO devices (user_id, device_id, last_seq, last_seen) VALUES ($1, $2, $3, $4)
             ON CONFLICT (user_id, device_id)
             DO UPDATE SET last_seq = excluded.last_seq, last_seen = excluded.last_seen",
            &[scope.user.into(), device.into(), seq.into(), scope.now.into()],
        )?;
    }
    Ok(turn)
}

fn check_room(tx: &mut dyn Tx, scope: &Scope) -> Result<(), StoreError> {
    let row = tx.query_opt("SELECT COUNT(*) FROM devices WHERE user_id = $1", &[scope.user.into()])?;
    if row.map_or(Ok(0), |row| row.int(0))? < MAX_DEVICES {
        return Ok(());
    }
    Err(StoreError::invalid(
        "device_id",
        format!("There are {MAX_DEVICES} devices already. Keep the id of a device instead of making a new one."),
    ))
}

/// [`settle`] for an operation that is refused, and remembers why.
pub fn refuse(tx: &mut dyn Tx, scope: &Scope, device: Uuid, seq: i64, error: &ApiError) -> Result<Turn, StoreError> {
    let turn = settle(tx, scope, device, seq)?;
    if turn == Turn::Now {
        remember(tx, scope, device, seq, error)?;
    }
    Ok(turn)
}

/// Remembers why a settled operation was not done.
pub fn remember(tx: &mut dyn Tx, scope: &Scope, device: Uuid, seq: i64, error: &ApiError) -> Result<(), StoreError> {
    let error = serde_json::to_string(error).map_err(|e| StoreError::Sql(e.to_string()))?;
    tx.change(
        "INSERT INTO refusals (user_id, device_id, seq, error) VALUES ($1, $2, $3, $4)",
        &[scope.user.into(), device.into(), seq.into(), error.into()],
    )
}

/// Why a settled operation was refused, if it was.
pub fn refusal(tx: &mut dyn Tx, scope: &Scope, device: Uuid, seq: i64) -> Result<Option<ApiError>, StoreError> {
    let row = tx.query_opt(
        "SELECT error FROM refusals WHERE user_id = $1 AND device_id = $2 AND seq = $3",
        &[scope.user.into(), device.into(), seq.into()],
    )?;
    row.map(|row| serde_json::from_str(row.text(0)?).map_err(|e| StoreError::Sql(e.to_string())))
        .transpose()
}

/// Whether refusals before operation `seq` are still remembered.
pub fn has_refusals(tx: &mut dyn Tx, scope: &Scope, device: Uuid, seq: i64) -> Result<bool, StoreError> {
    let row = tx.query_opt(
        "SELECT 1 FROM refusals WHERE user_id = $1 AND device_id = $2 AND seq < $3 LIMIT 1",
        &[scope.user.into(), device.into(), seq.into()],
    )?;
    Ok(row.is_some())
}

/// Forgets the refusals before operation `seq`: a device that sends it knows them.
pub fn forget_refusals(tx: &mut dyn Tx, scope: &Scope, device: Uuid, seq: i64) -> Result<(), StoreError> {
    tx.change(
        "DELETE FROM refusals WHERE user_id = $1 AND device_id = $2 AND seq < $3",
        &[scope.user.into(), device.into(), seq.into()],
    )
}
