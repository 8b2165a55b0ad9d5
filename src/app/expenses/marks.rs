//! The expenses that are marked for one change together.

use std::cmp::Reverse;
use std::collections::HashMap;

use uuid::Uuid;

use crate::api::Expense;

/// As many as one change takes.
pub(super) const MOST: usize = 1000;

/// Marked expenses, as they were seen last: they stay marked while the list shows others.
#[derive(Clone, Debug, Default)]
pub(in crate::app) struct Marks {
    rows: HashMap<Uuid, Expense>,
    /// The one that was marked last: a range begins there.
    last: Option<Uuid>,
}

impl Marks {
    pub(in crate::app) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn contains(&self, id: Uuid) -> bool {
        self.rows.contains_key(&id)
    }

    /// Where a range begins.
    pub(super) fn last(&self) -> Option<Uuid> {
        self.last
    }

    /// Marks an expense; whether there was room.
    pub(super) fn add(&mut self, expense: &Expense) -> bool {
        let room = self.rows.len() < MOST || self.contains(expense.id);
        if room {
            self.last = Some(expense.id);
            self.rows.insert(expense.id, expense.clone());
        }
        room
    }

    pub(super) fn remove(&mut self, id: Uuid) {
        self.rows.remove(&id);
        self.last.take_if(|last| *last == id);
    }

    /// These expenses look like this now.
    pub(super) fn update(&mut self, rows: &[Expense]) {
        for row in rows {
            if let Some(marked) = self.rows.get_mut(&row.id) {
                marked.clone_from(row);
            }
        }
    }

    /// Changes those among `ids`.
    pub(super) fn change(&mut self, ids: &[Uuid], edit: impl Fn(&mut Expense)) {
        for id in ids {
            if let Some(row) = self.rows.get_mut(id) {
                edit(row);
            }
        }
    }

    /// All of them, newest day first.
    pub(super) fn rows(&self) -> Vec<Expense> {
        let mut rows: Vec<Expense> = self.rows.values().cloned().collect();
        rows.sort_by_key(|row| Reverse((row.day, row.id)));
        rows
    }

    #[cfg(test)]
    pub(in crate::app) fn ids(&self) -> std::collections::HashSet<Uuid> {
        self.rows.keys().copied().collect()
    }

    /// Their sum, minor units.
    pub(super) fn sum(&self) -> i64 {
        self.rows
            .values()
            .fold(0_i64, |sum, row| sum.saturating_add(row.amount_minor))
    }
}
