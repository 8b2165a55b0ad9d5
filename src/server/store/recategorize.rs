//! Predicts categories anew for expenses whose category the user did not choose.

use super::expenses::{self, Placing, Writing};
use super::history::Seen;
use super::learned::Known;
use super::pages::{PageQuery, page};
use super::scope::Scope;
use super::tx::{StoreError, Tx};
use crate::api::{Recategorized, Replacement};
use crate::categorize::Categorizer;
use crate::domain::expense::CategorySource;

/// What would change in the expenses of one page. Nothing is stored.
///
/// A category is never taken away: where nothing is likely enough any more, the old one stays. The same category
/// counts as a change when it settles what waited for a review, or the other way round.
pub fn look(
    tx: &mut dyn Tx,
    scope: &Scope,
    model: &dyn Categorizer,
    query: &PageQuery,
    least: u8,
) -> Result<Recategorized, StoreError> {
    let known = Known::read(tx, scope)?;
    let rows = page(tx, scope, query)?;
    let mut found = Recategorized {
        looked_at: 0,
        changes: Vec::new(),
        next: rows.next,
    };
    for old in rows.expenses {
        if old.category_source == CategorySource::You {
            continue;
        }
        found.looked_at += 1;
        let guesses = known.predict(tx, scope, model, &old.description, Some(old.amount_minor))?;
        let Some((kept, guess)) = guesses
            .into_iter()
            .next()
            .filter(|(_, guess)| guess.confidence >= least)
        else {
            continue;
        };
        let placing = Placing {
            category: Some(kept.category.id),
            source: guess.source,
            confidence: guess.confidence,
        };
        let new = expenses::placed(&old, placing);
        if new.category_id != old.category_id || expenses::to_review(&new) != expenses::to_review(&old) {
            found.changes.push(Replacement {
                category_id: kept.category.id,
                category_source: guess.source,
                confidence: guess.confidence,
                because: guess.because,
                expense: old,
            });
        }
    }
    Ok(found)
}

/// Stores what [`look`] has found, in one step; returns those that were stored. What was changed in the meantime
/// stays as it is.
pub fn apply(tx: &mut dyn Tx, scope: &Scope, changes: &[Replacement]) -> Result<Vec<Replacement>, StoreError> {
    let mut writing = Writing::default();
    let mut stored = Vec::with_capacity(changes.len());
    for change in changes {
        let old = match expenses::live(tx, scope, change.expense.id) {
            Ok(old) if old.expense.revision == change.expense.revision => old,
            Ok(_) | Err(StoreError::NotFound(_)) => continue,
            Err(error) => return Err(error),
        };
        let placing = Placing {
            category: Some(change.category_id),
            source: change.category_source,
            confidence: change.confidence,
        };
        let new = expenses::placed(&old.expense, placing);
        expenses::rewrite(tx, scope, &old, new, &Seen::everything(), &mut writing)?;
        stored.push(change.clone());
    }
    writing.finish(tx, scope)?;
    Ok(stored)
}
