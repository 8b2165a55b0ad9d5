//! Many expenses changed in one step.

use super::expenses::{self, Placing, Writing};
use super::history::Seen;
use super::scope::Scope;
use super::tx::{StoreError, Tx};
use crate::api::Bulk;

/// Most expenses in one step.
pub const MAX_BULK: usize = 1000;

/// Deletes, restores or places expenses: all of them, or none. What is so already stays as it is; a category that gives
/// way unseen is kept in the history.
pub fn apply(tx: &mut dyn Tx, scope: &Scope, bulk: &Bulk) -> Result<(), StoreError> {
    let mut writing = Writing::default();
    match bulk {
        Bulk::Delete { ids } => {
            for id in ids {
                expenses::take_away(tx, scope, *id, &mut writing).map_err(|error| error.about(*id))?;
            }
        }
        Bulk::Restore { ids } => {
            for id in ids {
                expenses::bring_back(tx, scope, *id, &mut writing).map_err(|error| error.about(*id))?;
            }
        }
        Bulk::Place { places } => {
            for place in places {
                let old = expenses::live(tx, scope, place.id).map_err(|error| error.about(place.id))?;
                let placing = Placing::told(place.category_id, place.placed_by);
                writing.puts_back = place.placed_by.is_some();
                let new = expenses::placed(&old.expense, placing);
                let seen = Seen::up_to(place.base_revision);
                expenses::rewrite(tx, scope, &old, new, &seen, &mut writing)?;
            }
        }
    }
    writing.finish(tx, scope)
}
