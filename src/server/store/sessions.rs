//! Sessions: only the hash of a token is kept.

use uuid::Uuid;

use super::accounts::{self, User};
use super::tx::{Row, StoreError, Tx};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// A session that is not used for this long has ended, ms.
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

/// A session in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The stored hash.
    pub hash: Vec<u8>,
    /// What the device called itself.
    pub label: Option<String>,
    /// When it began, UTC ms.
    pub created_at: i64,
    /// When it was last written down as used, UTC ms.
    pub last_seen: i64,
    /// The network address from which it began.
    pub address: Option<String>,
}

impl Listed {
    /// What names the session: it leads to neither the token nor its hash.
    #[must_use]
    pub fn id(&self, user: Uuid) -> Uuid {
        Uuid::new_v5(&user, &self.hash)
    }
}

/// Where a session begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// What the device calls itself.
    pub label: Option<String>,
    /// Its network address.
    pub address: Option<String>,
}

/// Begins a session and forgets the user's ended ones.
pub fn begin(tx: &mut dyn Tx, user: Uuid, hash: &[u8], from: &Origin, now: i64) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM sessions WHERE user_id = $1 AND (last_seen < $2 OR created_at < $3)",
        &[user.into(), (now - IDLE_MS).into(), (now - ABSOLUTE_MS).into()],
    )?;
    tx.execute(
        "INSERT INTO sessions (user_id, token_hash, created_at, last_seen, label, address)
         VALUES ($1, $2, $3, $3, $4, $5)",
        &[
            user.into(),
            hash.into(),
            now.into(),
            from.label.as_deref().into(),
            from.address.as_deref().into(),
        ],
    )?;
    Ok(())
}

/// The session with this hash, if it has not ended at `now`.
pub fn find(tx: &mut dyn Tx, user: Uuid, hash: &[u8], now: i64) -> Result<Option<Found>, StoreError> {
    let row = tx.query_opt(
        "SELECT u.id, u.name, u.email, u.currency, u.time_zone, u.revision, u.judged_day, u.month_start,
                s.token_hash, s.last_seen, s.created_at
         FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.user_id = $1 AND s.token_hash = $2 AND u.disabled = 0",
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

/// The user's sessions that have not ended at `now`, the last used first.
pub fn list(tx: &mut dyn Tx, user: Uuid, now: i64) -> Result<Vec<Listed>, StoreError> {
    let rows = tx.query_all(
        "SELECT token_hash, label, created_at, last_seen, address FROM sessions
         WHERE user_id = $1 AND last_seen >= $2 AND created_at >= $3 ORDER BY last_seen DESC, token_hash",
        &[user.into(), (now - IDLE_MS).into(), (now - ABSOLUTE_MS).into()],
    )?;
    let read = |row: &Row| {
        Ok(Listed {
            hash: row.bytes(0)?.to_vec(),
            label: row.opt_text(1)?.map(str::to_owned),
            created_at: row.int(2)?,
            last_seen: row.int(3)?,
            address: row.opt_text(4)?.map(str::to_owned),
        })
    };
    rows.iter().map(read).collect()
}

/// Ends one of the user's sessions.
pub fn end_one(tx: &mut dyn Tx, user: Uuid, id: Uuid, now: i64) -> Result<(), StoreError> {
    let sessions = list(tx, user, now)?;
    let session = sessions.iter().find(|session| session.id(user) == id);
    end(tx, user, &session.ok_or(StoreError::NotFound("session"))?.hash)?;
    wake(tx, user)
}

/// Ends all of the user's sessions but the one with this hash.
pub fn end_others(tx: &mut dyn Tx, user: Uuid, kept: &[u8]) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM sessions WHERE user_id = $1 AND token_hash <> $2",
        &[user.into(), kept.into()],
    )?;
    wake(tx, user)
}

/// Ends all of the user's sessions.
pub fn end_all(tx: &mut dyn Tx, user: Uuid) -> Result<(), StoreError> {
    tx.execute("DELETE FROM sessions WHERE user_id = $1", &[user.into()])?;
    wake(tx, user)
}

/// Has the user's event streams look whether their session still holds, on every server: a new revision does that.
fn wake(tx: &mut dyn Tx, user: Uuid) -> Result<(), StoreError> {
    accounts::bump(tx, user).map(|_| ())
}
