//! Two categories of one name, made on devices that did not know of each other: they become one.

use super::categories;
use super::merge::merge;
use super::scope::Scope;
use super::tx::{StoreError, Tx};
use super::{accounts, tombstones};
use crate::api::{NewCategory, Thing};
use crate::domain::account::name_key;

/// Makes a category for a device that was on its own. If there is one of this name, the two become one, with the lower
/// id of both and everything else of the one that was there first; a hidden one is in use again.
pub fn add(tx: &mut dyn Tx, scope: &Scope, new: &NewCategory) -> Result<(), StoreError> {
    let key = name_key(&new.name);
    let all = categories::all(tx, scope)?;
    let is_there = all.iter().any(|kept| kept.category.id == new.id);
    let twin = all.iter().find(|kept| name_key(&kept.category.name) == key);
    let Some(twin) = twin.filter(|_| !is_there) else {
        return categories::add(tx, scope, new).map(|_| ());
    };
    let there = twin.category.id;
    if twin.category.hidden {
        let show = categories::Change {
            hidden: Some(false),
            ..categories::Change::default()
        };
        categories::change(tx, scope, there, &show)?;
    }
    if tombstones::is_gone(tx, scope, (Thing::Category, new.id))? {
        // It was taken in before: an id is never used twice.
        return Ok(());
    }
    let revision = accounts::bump(tx, scope.user)?;
    if there < new.id {
        return tombstones::bury_in(tx, scope, (new.id, there), revision);
    }
    // Two cannot have one name, so the new one gets it when the old one is gone.
    tx.execute(
        "INSERT INTO categories (user_id, id, name, kind, sort, near_percent, tell_forecast, tell_over, carry_since,
             hidden_since, quiet_until, revision)
         SELECT user_id, $1, $2, kind, sort, near_percent, tell_forecast, tell_over, carry_since, hidden_since,
             quiet_until, $3
         FROM categories WHERE user_id = $4 AND id = $5",
        &[
            new.id.into(),
            new.id.to_string().into(),
            revision.into(),
            scope.user.into(),
            there.into(),
        ],
    )?;
    merge(tx, scope, there, new.id)?;
    tx.execute(
        "UPDATE categories SET name = $1 WHERE user_id = $2 AND id = $3",
        &[twin.category.name.as_str().into(), scope.user.into(), new.id.into()],
    )?;
    Ok(())
}
