//! Codes that let somebody sign up; only their hashes are kept.

use uuid::Uuid;

use super::tx::{Row, StoreError, Tx};

/// An invitation as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// SHA-256 of the code.
    pub hash: Vec<u8>,
    /// Whom it is for, in the administrator's words; may be empty.
    pub label: String,
    /// When it was made, UTC ms.
    pub created_at: i64,
    /// When it ends, UTC ms.
    pub expires_at: i64,
    /// The name of the user who signed up with it.
    pub used_by: Option<String>,
    /// Whether somebody signed up with it, who may be gone again.
    pub used: bool,
}

/// What somebody is told whose code does not let in.
pub const NOT_GOOD: &str = "This invitation is not known here, was used already or has expired. Ask for a new one.";

/// Keeps an invitation.
pub fn create(tx: &mut dyn Tx, hash: &[u8], label: &str, now: i64, expires_at: i64) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO invites (code_hash, label, created_at, expires_at) VALUES ($1, $2, $3, $4)",
        &[hash.into(), label.into(), now.into(), expires_at.into()],
    )?;
    Ok(())
}

/// Whether somebody may sign up with this code at `now`.
pub fn holds(tx: &mut dyn Tx, hash: &[u8], now: i64) -> Result<bool, StoreError> {
    let row = tx.query_opt(
        "SELECT 1 FROM invites WHERE code_hash = $1 AND used_by IS NULL AND expires_at > $2",
        &[hash.into(), now.into()],
    )?;
    Ok(row.is_some())
}

/// Uses the code up for `user`.
pub fn redeem(tx: &mut dyn Tx, hash: &[u8], user: Uuid, now: i64) -> Result<(), StoreError> {
    let redeemed = tx.execute(
        "UPDATE invites SET used_by = $1 WHERE code_hash = $2 AND used_by IS NULL AND expires_at > $3",
        &[user.into(), hash.into(), now.into()],
    )?;
    if redeemed == 0 {
        return Err(StoreError::invalid("invite", NOT_GOOD));
    }
    Ok(())
}

/// All invitations, the latest first.
pub fn list(tx: &mut dyn Tx) -> Result<Vec<Invite>, StoreError> {
    let rows = tx.query_all(
        "SELECT i.code_hash, i.label, i.created_at, i.expires_at, i.used_by, u.name
         FROM invites i LEFT JOIN users u ON u.id = i.used_by ORDER BY i.created_at DESC, i.code_hash",
        &[],
    )?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Invite, StoreError> {
    Ok(Invite {
        hash: row.bytes(0)?.to_vec(),
        label: row.text(1)?.to_owned(),
        created_at: row.int(2)?,
        expires_at: row.int(3)?,
        used: row.opt_id(4)?.is_some(),
        used_by: row.opt_text(5)?.map(str::to_owned),
    })
}

/// Takes an invitation back; whoever signed up with it stays.
pub fn revoke(tx: &mut dyn Tx, hash: &[u8]) -> Result<(), StoreError> {
    tx.execute("DELETE FROM invites WHERE code_hash = $1", &[hash.into()])?;
    Ok(())
}
