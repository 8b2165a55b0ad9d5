//! What was taken away, remembered for those who still have it.

use uuid::Uuid;

use super::history;
use super::scope::Scope;
use super::tx::{StoreError, Tx};
use crate::api::Thing;

/// How long it is remembered, ms: 180 days.
pub(super) const KEPT_MS: i64 = 180 * 24 * 60 * 60 * 1000;

/// Remembers that a thing went with the user's `revision`. If it is made anew under the same id, that has a later
/// revision.
pub(super) fn bury(
    tx: &mut dyn Tx,
    scope: &Scope,
    (thing, id): (Thing, Uuid),
    revision: i64,
) -> Result<(), StoreError> {
    tx.change(
        "INSERT INTO tombstones (user_id, thing, id, revision, gone_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (user_id, thing, id) DO UPDATE SET revision = excluded.revision, gone_at = excluded.gone_at",
        &[
            scope.user.into(),
            thing.to_string().into(),
            id.into(),
            revision.into(),
            scope.now.into(),
        ],
    )
}

/// [`bury`] for a category that another one took in, to which those lead from now on that led to it.
pub(super) fn bury_in(
    tx: &mut dyn Tx,
    scope: &Scope,
    (from, into): (Uuid, Uuid),
    revision: i64,
) -> Result<(), StoreError> {
    bury(tx, scope, (Thing::Category, from), revision)?;
    tx.change(
        "UPDATE tombstones SET into_id = $1 WHERE user_id = $2 AND thing = 'category' AND (id = $3 OR into_id = $3)",
        &[into.into(), scope.user.into(), from.into()],
    )
}

/// The category that took in the one with this id; the id itself where none did.
pub fn standing(tx: &mut dyn Tx, scope: &Scope, category: Uuid) -> Result<Uuid, StoreError> {
    let row = tx.query_opt(
        "SELECT into_id FROM tombstones WHERE user_id = $1 AND thing = 'category' AND id = $2",
        &[scope.user.into(), category.into()],
    )?;
    let into = row.map_or(Ok(None), |row| row.opt_id(0))?;
    Ok(into.unwrap_or(category))
}

/// Forgets that a thing went: it is back.
pub(super) fn lift(tx: &mut dyn Tx, scope: &Scope, (thing, id): (Thing, Uuid)) -> Result<(), StoreError> {
    tx.change(
        "DELETE FROM tombstones WHERE user_id = $1 AND thing = $2 AND id = $3",
        &[scope.user.into(), thing.to_string().into(), id.into()],
    )
}

/// Whether a thing is known to have gone.
pub(super) fn is_gone(tx: &mut dyn Tx, scope: &Scope, (thing, id): (Thing, Uuid)) -> Result<bool, StoreError> {
    let row = tx.query_opt(
        "SELECT 1 FROM tombstones WHERE user_id = $1 AND thing = $2 AND id = $3",
        &[scope.user.into(), thing.to_string().into(), id.into()],
    )?;
    Ok(row.is_some())
}

/// Forgets what went or gave way more than [`KEPT_MS`] ago, deleted expenses with all they held. Whoever has not heard of it yet
/// has to begin anew, which the user's least revision says.
pub(super) fn purge(tx: &mut dyn Tx, scope: &Scope) -> Result<(), StoreError> {
    // What went before such times were written down is kept as long, counted from now.
    tx.change(
        "UPDATE tombstones SET gone_at = $1 WHERE user_id = $2 AND gone_at = 0",
        &[scope.now.into(), scope.user.into()],
    )?;
    history::purge(tx, scope)?;
    let old = [scope.user.into(), (scope.now - KEPT_MS).into()];
    let row = tx.query_opt(
        "SELECT MAX(revision) FROM tombstones WHERE user_id = $1 AND gone_at < $2",
        &old,
    )?;
    let Some(last) = row.map_or(Ok(None), |row| row.opt_int(0))? else {
        return Ok(());
    };
    tx.change(
        "DELETE FROM expenses WHERE user_id = $1 AND deleted = 1
         AND id IN (SELECT id FROM tombstones WHERE user_id = $1 AND gone_at < $2 AND thing = 'expense')",
        &old,
    )?;
    tx.change("DELETE FROM tombstones WHERE user_id = $1 AND gone_at < $2", &old)?;
    tx.change(
        "UPDATE users SET min_revision = $1 WHERE id = $2 AND min_revision < $1",
        &[last.into(), scope.user.into()],
    )
}
