//! The fields of an expense, and the revision at which each was changed last: what two changes meet in.

use crate::api::{Expense, Replaced};
use crate::server::store::history::Seen;
use crate::server::store::tx::{Row, StoreError, Value};

/// The user's revision at the last change of each field. Who chose the category, and how sure that is, belong to the
/// category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server::store) struct Revisions {
    pub(super) day: i64,
    pub(super) description: i64,
    pub(super) amount: i64,
    pub(super) category: i64,
}

impl Revisions {
    /// Reads four columns from `first` on: NULL is a field as it was when the expense was stored, at `made`.
    pub(super) fn read(row: &Row, first: usize, made: i64) -> Result<Self, StoreError> {
        let at = |place: usize| Ok::<_, StoreError>(row.opt_int(first + place)?.unwrap_or(made));
        Ok(Self {
            day: at(0)?,
            description: at(1)?,
            amount: at(2)?,
            category: at(3)?,
        })
    }

    /// The same after `new` took the place of `old` at `revision`.
    pub(super) fn after(self, old: &Expense, new: &Expense, revision: i64) -> Self {
        let of = |changed: bool, before: i64| if changed { revision } else { before };
        let category = |e: &Expense| (e.category_id, e.category_source, e.confidence);
        Self {
            day: of(old.day != new.day, self.day),
            description: of(old.description != new.description, self.description),
            amount: of(old.amount_minor != new.amount_minor, self.amount),
            category: of(category(old) != category(new), self.category),
        }
    }

    pub(super) fn values(self) -> [Value; 4] {
        [self.day, self.description, self.amount, self.category].map(Value::from)
    }
}

/// The fields that differ between `old` and `new`, each with its revision in `old`.
fn differing(old: &Expense, at: Revisions, new: &Expense) -> Vec<(i64, Replaced)> {
    let mut all = Vec::new();
    if old.day != new.day {
        let (was, now) = (old.day, new.day);
        all.push((at.day, Replaced::Day { was, now }));
    }
    if old.description != new.description {
        let (was, now) = (old.description.clone(), new.description.clone());
        all.push((at.description, Replaced::Description { was, now }));
    }
    if old.amount_minor != new.amount_minor {
        let (was, now) = (old.amount_minor, new.amount_minor);
        all.push((at.amount, Replaced::AmountMinor { was, now }));
    }
    if old.category_id != new.category_id {
        let (was, now) = (old.category_id, new.category_id);
        all.push((at.category, Replaced::CategoryId { was, now }));
    }
    all
}

/// What gives way when `new` takes the place of `old` without having been seen.
pub(super) fn unseen(old: &Expense, at: Revisions, new: &Expense, seen: &Seen) -> Vec<Replaced> {
    let differing = differing(old, at, new).into_iter();
    let unseen = differing.filter(|(revision, _)| !seen.has(*revision));
    unseen.map(|(_, replaced)| replaced).collect()
}

/// What `wanted` would have put in the place of what `kept` holds, as what gave way to it.
pub(super) fn too_late(kept: &Expense, wanted: &Expense) -> Vec<Replaced> {
    let revisions = Revisions {
        day: 0,
        description: 0,
        amount: 0,
        category: 0,
    };
    let differing = differing(wanted, revisions, kept).into_iter();
    differing.map(|(_, replaced)| replaced).collect()
}
