//! Changes of an expense that meet others. Each field is on its own: one that nobody else has changed meanwhile takes
//! its new value, whatever happened to the others. Where two changes meet in the same field, a person is asked, and what
//! a device did on its own is done as the later one; what gives way unseen is kept in the history.

use jiff::civil::Date;
use uuid::Uuid;

use super::fields::{too_late, unseen};
use super::{Placing, Stored, Writing, find, live, placed, rewrite};
use crate::api::{Expense, Replaced, Thing};
use crate::domain::Money;
use crate::server::store::history::{self, Seen};
use crate::server::store::scope::Scope;
use crate::server::store::tx::{StoreError, Tx};
use crate::server::store::{accounts, categories, tombstones};

/// What changes in an expense; every field has passed its check.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// A new day.
    pub day: Option<Date>,
    /// A new description.
    pub description: Option<String>,
    /// A new amount, minor units.
    pub amount_minor: Option<i64>,
    /// A category: chosen by the user, or predicted for the new description.
    pub placing: Option<Placing>,
    /// Whether the category was only predicted: then one that somebody has changed meanwhile stays.
    pub predicted: bool,
    /// Whether `placing` only takes up again what was before: no rule counts it once more.
    pub puts_back: bool,
    /// The revision that the change is based on.
    pub base_revision: Option<i64>,
}

impl Change {
    /// What the expense becomes.
    fn of(&self, stored: &Stored, seen: &Seen) -> Expense {
        let old = &stored.expense;
        let yields = self.predicted && seen.base.is_some() && !seen.has(stored.revisions.category);
        let mut new = match self.placing.filter(|_| !yields) {
            Some(placing) => placed(old, placing),
            None => old.clone(),
        };
        new.day = self.day.unwrap_or(old.day);
        new.amount_minor = self.amount_minor.unwrap_or(old.amount_minor);
        if let Some(description) = &self.description {
            new.description.clone_from(description);
        }
        new
    }
}

/// What came of a change that a device made on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The expense as it is now, and the revision that the change made, unless everything was so already.
    Changed(Box<Expense>, Option<i64>),
    /// The expense was deleted and stays so; what the change wanted is in the history.
    Deleted,
}

/// Changes the given fields. Where one of them was changed to something else after the revision that the change is
/// based on, nothing is changed: that is for a person to decide. Without such a revision nothing is asked.
pub fn change(tx: &mut dyn Tx, scope: &Scope, id: Uuid, change: &Change) -> Result<Expense, StoreError> {
    let stored = live(tx, scope, id)?;
    let seen = Seen::up_to(change.base_revision);
    let new = change.of(&stored, &seen);
    // Sent again, a change finds itself: that is no conflict.
    let met = unseen(&stored.expense, stored.revisions, &new, &seen);
    if change.base_revision.is_some() && !met.is_empty() {
        return Err(outdated(tx, scope, &met)?);
    }
    write(tx, scope, &stored, new, change, &seen)
}

/// Changes the given fields for a device that was on its own: it is the later one, and what it has not seen is kept in
/// the history. `own` are the revisions of its changes before. A deleted expense stays deleted.
pub fn overwrite(
    tx: &mut dyn Tx,
    scope: &Scope,
    id: Uuid,
    change: &Change,
    own: &[i64],
) -> Result<Outcome, StoreError> {
    let stored = find(tx, scope, id)?;
    let seen = Seen {
        own: own.to_vec(),
        ..Seen::up_to(change.base_revision)
    };
    if stored.deleted {
        keep_too_late(tx, scope, &stored, change)?;
        return Ok(Outcome::Deleted);
    }
    let new = change.of(&stored, &seen);
    let before = stored.expense.revision;
    let new = write(tx, scope, &stored, new, change, &seen)?;
    let made = Some(new.revision).filter(|revision| *revision != before);
    Ok(Outcome::Changed(Box::new(new), made))
}

fn write(
    tx: &mut dyn Tx,
    scope: &Scope,
    stored: &Stored,
    new: Expense,
    change: &Change,
    seen: &Seen,
) -> Result<Expense, StoreError> {
    let mut writing = Writing::default();
    writing.puts_back = change.puts_back;
    let new = rewrite(tx, scope, stored, new, seen, &mut writing)?;
    writing.finish(tx, scope)?;
    Ok(new)
}

/// Keeps what a change wanted of an expense that is deleted, which is remembered as long from now on.
fn keep_too_late(tx: &mut dyn Tx, scope: &Scope, stored: &Stored, change: &Change) -> Result<(), StoreError> {
    let kept = &stored.expense;
    let mut wanted = change.of(stored, &Seen::everything());
    if change.predicted {
        wanted.category_id = kept.category_id;
    } else if let Some(category) = wanted.category_id {
        categories::chosen(tx, scope, category)?;
    }
    let late = too_late(kept, &wanted);
    if late.is_empty() {
        return Ok(());
    }
    let revision = accounts::bump(tx, scope.user)?;
    for value in &late {
        history::keep(tx, scope, Some(kept.id), value, revision)?;
    }
    tombstones::bury(tx, scope, (Thing::Expense, kept.id), revision)
}

/// Names the fields in which a change met another one, as they are now.
fn outdated(tx: &mut dyn Tx, scope: &Scope, met: &[Replaced]) -> Result<StoreError, StoreError> {
    let mut fields = Vec::with_capacity(met.len());
    for value in met {
        fields.push(match value {
            Replaced::Day { was, .. } => format!("its date is {}", was.strftime("%-d %b %Y")),
            Replaced::Description { was, .. } => format!("it is called {was}"),
            Replaced::AmountMinor { was, .. } => format!("its amount is {}", Money::new(*was, scope.currency)),
            Replaced::CategoryId { was: None, .. } => "it is in no category".to_owned(),
            Replaced::CategoryId { was: Some(id), .. } => {
                format!("it is in {}", categories::chosen(tx, scope, *id)?.category.name)
            }
            Replaced::LimitMinor { .. } => continue,
        });
    }
    let fields = fields.join(" and ");
    Ok(StoreError::Outdated(format!(
        "This expense was changed meanwhile: {fields} now. Look at it again."
    )))
}
