//! The second factor of a user: the secret of an authenticator app, and recovery codes.

use uuid::Uuid;

use super::tx::{StoreError, Tx};

/// What is kept of a second factor.
#[derive(Clone)]
pub struct Kept {
    /// The secret that the authenticator app has too.
    pub secret: Vec<u8>,
    /// Whether log-ins ask for it.
    pub confirmed: bool,
}

/// The user's second factor, if one is in force or being set up.
pub fn load(tx: &mut dyn Tx, user: Uuid) -> Result<Option<Kept>, StoreError> {
    let row = tx.query_opt(
        "SELECT secret, confirmed FROM second_factors WHERE user_id = $1",
        &[user.into()],
    )?;
    row.map(|row| {
        Ok(Kept {
            secret: row.bytes(0)?.to_vec(),
            confirmed: row.flag(1)?,
        })
    })
    .transpose()
}

/// Keeps a secret until a code of it confirms it.
pub fn prepare(tx: &mut dyn Tx, user: Uuid, secret: &[u8]) -> Result<(), StoreError> {
    let kept = tx.execute(
        "INSERT INTO second_factors (user_id, secret, confirmed, last_step) VALUES ($1, $2, 0, 0)
         ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, last_step = 0
         WHERE second_factors.confirmed = 0",
        &[user.into(), secret.into()],
    )?;
    if kept == 0 {
        return Err(StoreError::conflict(
            "second_factor",
            "The second factor is on already. Turn it off before you set up another one.",
        ));
    }
    Ok(())
}

/// The secret that waits for its first code.
pub fn awaiting(tx: &mut dyn Tx, user: Uuid) -> Result<Vec<u8>, StoreError> {
    let refused = |message: &'static str| StoreError::conflict("second_factor", message);
    match load(tx, user)? {
        None => Err(refused("Nothing waits to be confirmed. Set up a second factor first.")),
        Some(kept) if kept.confirmed => Err(refused("The second factor is on already.")),
        Some(kept) => Ok(kept.secret),
    }
}

/// Puts the second factor in force, with these recovery codes.
pub fn confirm(tx: &mut dyn Tx, user: Uuid, recovery: &[[u8; 32]]) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE second_factors SET confirmed = 1 WHERE user_id = $1",
        &[user.into()],
    )?;
    tx.execute("DELETE FROM recovery_codes WHERE user_id = $1", &[user.into()])?;
    for hash in recovery {
        tx.change(
            "INSERT INTO recovery_codes (user_id, code_hash) VALUES ($1, $2)",
            &[user.into(), hash.as_slice().into()],
        )?;
    }
    Ok(())
}

/// Accepts the code of a half minute, once; says whether it was the first time, and none later came before.
pub fn use_step(tx: &mut dyn Tx, user: Uuid, step: i64) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE second_factors SET last_step = $1 WHERE user_id = $2 AND last_step < $1",
        &[step.into(), user.into()],
    )?;
    Ok(changed == 1)
}

/// Uses a recovery code up; says whether there was such a one.
pub fn use_recovery_code(tx: &mut dyn Tx, user: Uuid, hash: &[u8]) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "DELETE FROM recovery_codes WHERE user_id = $1 AND code_hash = $2",
        &[user.into(), hash.into()],
    )?;
    Ok(changed == 1)
}

/// How many recovery codes are left.
pub fn recovery_codes_left(tx: &mut dyn Tx, user: Uuid) -> Result<i64, StoreError> {
    let row = tx.query_opt("SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1", &[user.into()])?;
    row.map_or(Ok(0), |row| row.int(0))
}

/// Forgets the second factor and its recovery codes.
pub fn remove(tx: &mut dyn Tx, user: Uuid) -> Result<(), StoreError> {
    tx.execute("DELETE FROM recovery_codes WHERE user_id = $1", &[user.into()])?;
    tx.execute("DELETE FROM second_factors WHERE user_id = $1", &[user.into()])?;
    Ok(())
}
