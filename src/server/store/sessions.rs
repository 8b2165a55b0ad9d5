//! Sessions: only the hash of a token is kept.

use uuid::Uuid;

use super::accounts::{self, User};
use super::tx::{StoreError, Tx};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// A session that is not used for this long has ended (SERVER.md: idle 30 days), ms.
pub const IDLE_MS: i64 = 30 * DAY_MS;
/// A session ends after this long in any case, ms.
pub const ABSOLUTE_MS: i64 = 365 * DAY_MS;
/// `last_seen` is written at most this often, ms.
pub const SEEN_MS: i64 = 10 * 60 * 1000;

/// A session that holds, and its user.
#[derive(Debug, Clone)]
pub struct Found {
    /// Whose it is.
    pub user: User,
    /// The stored hash, for the comparison in constant time.
    pub hash: Vec<u8>,
    /// When it was last written down as used, UTC ms.
    pub last_seen: i64,
}

/// Begins a session and forgets the user's ended ones.
pub fn begin(tx: &mut dyn Tx, user: Uuid, hash: &[u8], now: i64) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM sessions WHERE user_id = $1 AND (last_seen < $2 OR created_at < $3)",
        &[user.into(), (now - IDLE_MS).into(), (now - ABSOLUTE_MS).into()],
    )?;
    tx.execute(
        "INSERT INTO sessions (user_id, token_hash, created_at, last_seen) VALUES ($1, $2, $3, $3)",
        &[user.into(), hash.into(), now.into()],
    )?;
    Ok(())
}

/// The session with this hash, if it has not ended at `now`.
pub fn find(tx: &mut dyn Tx, user: Uuid, hash: &[u8], now: i64) -> Result<Option<Found>, StoreError> {
    let row = tx.query_opt(
        "SELECT u.id, u.name, u.email, u.currency, u.time_zone, u.revision, u.judged_day, u.month_start,
                s.token_hash, s.last_seen, s.created_at
         FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.user_id = $1 AND s.token_hash = $2",
        &[user.into(), hash.into()],
    )?;
    let Some(row) = row else { return Ok(None) };
    let (last_seen, created) = (row.int(9)?, row.int(10)?);
    if now.saturating_sub(last_seen) > IDLE_MS || now.saturating_sub(created) > ABSOLUTE_MS {
        return Ok(None);
    }
    Ok(Some(Found {
        user: accounts::read(&row)?,
        hash: row.bytes(8)?.to_vec(),
        last_seen,
    }))
}

/// Writes down that the session was used.
pub fn seen(tx: &mut dyn Tx, user: Uuid, hash: &[u8], now: i64) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE sessions SET last_seen = $1 WHERE user_id = $2 AND token_hash = $3",
        &[now.into(), user.into(), hash.into()],
    )?;
    Ok(())
}

/// Ends the session. The user's revision moves on, so that open event streams look whether they may go on, on every
/// server.
pub fn end(tx: &mut dyn Tx, user: Uuid, hash: &[u8]) -> Result<(), StoreError> {
    let ended = tx.execute(
        "DELETE FROM sessions WHERE user_id = $1 AND token_hash = $2",
        &[user.into(), hash.into()],
    )?;
    if ended > 0 {
        accounts::bump(tx, user)?;
    }
    Ok(())
}
