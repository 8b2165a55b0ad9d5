//! Which limit is in force: what was set, what was moved between categories, and what months before left over.

use std::collections::HashMap;

use uuid::Uuid;

use super::categories::Kept;
use super::rollups::Sums;
use super::scope::Scope;
use super::tx::{Ask, Row, StoreError, Tx};
use crate::domain::Month;
use crate::domain::carry::{self, CarryMonth, LOOK_BACK};

/// A limit as it was set for a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SetLimit {
    /// Minor units, zero or more.
    pub(super) minor: i64,
    /// The month in which it was set.
    pub(super) since: Month,
}

/// A limit in force in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct InForce {
    /// Minor units, zero or more; what was carried over is part of it.
    pub(super) minor: i64,
    /// What was carried over, minor units.
    pub(super) carried: i64,
}

/// The limits of some categories in some months.
#[derive(Debug, Default)]
pub(super) struct Limits {
    /// By category: from which month on which limit holds, oldest first.
    changes: HashMap<Uuid, Vec<(i64, Option<i64>)>>,
    /// By category and month: what this month's limit got or gave.
    moved: HashMap<(Uuid, i64), i64>,
}

impl Limits {
    /// The months from which on a category has another limit than before.
    pub(super) fn changed_in(&self, category: &Kept) -> impl Iterator<Item = i64> + use<'_> {
        let changes = self.changes.get(&category.category.id);
        changes.into_iter().flatten().map(|(since, _)| *since)
    }

    /// What was moved to or from a category, by month.
    pub(super) fn moves(&self, category: &Kept) -> impl Iterator<Item = (i64, i64)> + use<'_> {
        let wanted = category.category.id;
        let of_category = self.moved.iter().filter(move |((id, _), _)| *id == wanted);
        of_category.map(|((_, month), moved)| (*month, *moved))
    }

    /// The category's limit as it was set for `month`, without what was moved in that month alone, whether it counts
    /// or not.
    pub(super) fn base(&self, category: &Kept, month: Month) -> Option<i64> {
        let changes = self.changes.get(&category.category.id)?;
        let (_, limit) = changes.iter().rev().find(|(since, _)| *since <= month.index())?;
        *limit
    }

    /// The category's limit as it was set for `month`, moved money included.
    pub(super) fn set(&self, category: &Kept, month: Month) -> Option<SetLimit> {
        if !category.takes_limit(month) {
            return None;
        }
        let id = category.category.id;
        let changes = self.changes.get(&id).map_or(&[][..], Vec::as_slice);
        let last = changes.iter().rev().find(|(since, _)| *since <= month.index());
        let base = last.and_then(|(since, limit)| Some((Month::from_index(*since), (*limit)?)));
        match (base, self.moved.get(&(id, month.index())).copied().unwrap_or_default()) {
            (None, moved) if moved <= 0 => None,
            (None, moved) => Some(SetLimit {
                minor: moved,
                since: month,
            }),
            (Some((since, minor)), 0) => Some(SetLimit { minor, since }),
            (Some((_, minor)), moved) => Some(SetLimit {
                minor: minor.saturating_add(moved).max(0),
                since: month,
            }),
        }
    }

    /// The category's limit in force in `month`; `sums` reach as far back as these limits do.
    pub(super) fn in_force(&self, category: &Kept, month: Month, sums: &Sums) -> Option<InForce> {
        let set = self.set(category, month)?.minor;
        let (minor, carried) = carry::in_force(set, self.carried(category, month, sums));
        Some(InForce { minor, carried })
    }

    fn carried(&self, category: &Kept, month: Month, sums: &Sums) -> i64 {
        let Some(since) = category.carry_since else { return 0 };
        let first = since.max(look_back(month)).index();
        let months: Vec<CarryMonth> = (first..month.index())
            .map(|index| {
                let month = Month::from_index(index);
                CarryMonth {
                    limit: self.set(category, month).map(|limit| limit.minor),
                    spent: sums.get(month, category.category.id).spent_minor,
                }
            })
            .collect();
        carry::carried(&months)
    }

    /// Reads what [`asks`] or [`all`] found.
    pub(super) fn read(changes: &[Row], moves: &[Row]) -> Result<Self, StoreError> {
        let mut limits = Self::default();
        for row in changes {
            let changes = limits.changes.entry(row.id(0)?).or_default();
            changes.push((row.int(1)?, row.opt_int(2)?));
        }
        for row in moves {
            limits.moved.insert((row.id(0)?, row.int(1)?), row.int(2)?);
        }
        Ok(limits)
    }
}

/// The first month that can leave something to `month`.
pub(super) fn look_back(month: Month) -> Month {
    month.plus(-i64::try_from(LOOK_BACK).unwrap_or(0))
}

/// The last month to which `month` can leave something.
pub(super) fn last_that_inherits(month: Month) -> Month {
    month.plus(i64::try_from(LOOK_BACK).unwrap_or(0))
}

/// The limits of every category in the months up to `to`.
pub(super) fn all(tx: &mut dyn Tx, scope: &Scope, to: Month) -> Result<Limits, StoreError> {
    let params = [scope.user.into(), to.index().into()];
    let changes = tx.query_all(
        "SELECT category_id, month, limit_minor FROM budgets WHERE user_id = $1 AND month <= $2
         ORDER BY category_id, month",
        &params,
    )?;
    let moves = tx.query_all(
        "SELECT category_id, month, moved FROM budget_moves WHERE user_id = $1 AND month <= $2",
        &params,
    )?;
    Limits::read(&changes, &moves)
}

/// The limits of one category in the months up to `to`.
pub(super) fn of_category(tx: &mut dyn Tx, scope: &Scope, category: Uuid, to: Month) -> Result<Limits, StoreError> {
    let found = tx.query_many(&asks(scope, category, to))?;
    Limits::read(&found[0], &found[1])
}

/// Adds what was moved to (more than zero) or from (less) a category's limit in one month.
pub(super) fn add_move(
    tx: &mut dyn Tx,
    scope: &Scope,
    category: Uuid,
    (month, moved): (Month, i64),
    revision: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO budget_moves (user_id, category_id, month, moved, revision) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (user_id, category_id, month)
         DO UPDATE SET moved = budget_moves.moved + excluded.moved, revision = excluded.revision",
        &[
            scope.user.into(),
            category.into(),
            month.index().into(),
            moved.into(),
            revision.into(),
        ],
    )?;
    Ok(())
}

/// Asks for the limits of one category in the months up to `to`, and for what was moved.
pub(super) fn asks(scope: &Scope, category: Uuid, to: Month) -> [Ask; 2] {
    let params = || vec![scope.user.into(), category.into(), to.index().into()];
    [
        (
            "SELECT category_id, month, limit_minor FROM budgets
             WHERE user_id = $1 AND category_id = $2 AND month <= $3 ORDER BY month",
            params(),
        ),
        (
            "SELECT category_id, month, moved FROM budget_moves
             WHERE user_id = $1 AND category_id = $2 AND month <= $3",
            params(),
        ),
    ]
}
