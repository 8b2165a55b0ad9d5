//! One step that changes expenses: its revision, sums and alerts.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use uuid::Uuid;

use super::to_review;
use crate::api::Expense;
use crate::server::store::categories::Target;
use crate::server::store::judge::Affected;
use crate::server::store::scope::Scope;
use crate::server::store::shifts::Shifts;
use crate::server::store::tx::{Ask, Row, StoreError, Tx};
use crate::server::store::{accounts, categories, judge, shifts};

/// One step that changes expenses of one user: all of them get the same revision; sums are written and alerts judged
/// once, at its end.
#[derive(Default)]
pub(in crate::server::store) struct Writing {
    /// Whether a rule's category is only taken up again: then it is not counted once more.
    pub(in crate::server::store) puts_back: bool,
    revision: Option<i64>,
    targets: HashMap<Uuid, Target>,
    shifts: Shifts,
    affected: Affected,
}

impl Writing {
    /// A step of which some categories are known.
    pub(in crate::server::store) fn knowing(targets: HashMap<Uuid, Target>) -> Self {
        Self {
            targets,
            ..Self::default()
        }
    }

    pub(super) fn revision(&mut self, tx: &mut dyn Tx, scope: &Scope) -> Result<i64, StoreError> {
        match self.revision {
            Some(revision) => Ok(revision),
            None => Ok(*self.revision.insert(accounts::bump(tx, scope.user)?)),
        }
    }

    /// Puts an expense into every sum, or takes it out of them.
    pub(super) fn post(
        &mut self,
        tx: &mut dyn Tx,
        scope: &Scope,
        expense: &Expense,
        way: Way,
    ) -> Result<(), StoreError> {
        let sign = match way {
            Way::In => 1,
            Way::Out => -1,
        };
        self.shifts.wait_for_review(sign * i64::from(to_review(expense)));
        self.weigh(tx, scope, expense, way)
    }

    /// Puts an expense into every sum that has been counted as waiting for a review, if it does.
    pub(in crate::server::store) fn post_new(
        &mut self,
        tx: &mut dyn Tx,
        scope: &Scope,
        expense: &Expense,
    ) -> Result<(), StoreError> {
        self.weigh(tx, scope, expense, Way::In)
    }

    fn weigh(&mut self, tx: &mut dyn Tx, scope: &Scope, expense: &Expense, way: Way) -> Result<(), StoreError> {
        let (sign, cause) = match way {
            Way::In => (1, Some(expense.description.as_str())),
            Way::Out => (-1, None),
        };
        self.shifts
            .post(expense.day, expense.category_id, expense.amount_minor, sign);
        let Some(id) = expense.category_id else { return Ok(()) };
        let target = match self.targets.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(categories::target(tx, scope.user, id)?),
        };
        if target.is_watched {
            let month = scope.calendar.month_of(expense.day);
            self.affected.note(&target.kept, month, cause);
        }
        Ok(())
    }

    /// Writes the sums, and judges what the step has a bearing on.
    pub(in crate::server::store) fn finish(self, tx: &mut dyn Tx, scope: &Scope) -> Result<(), StoreError> {
        finish(tx, vec![(*scope, self)], Vec::new()).map(|_| ())
    }
}

/// Writes the sums of some steps, each of another user, and judges what they have a bearing on. The answers to `asks`,
/// which travel ahead, come back.
pub(in crate::server::store) fn finish(
    tx: &mut dyn Tx,
    steps: Vec<(Scope, Writing)>,
    asks: Vec<Ask>,
) -> Result<Vec<Vec<Row>>, StoreError> {
    let (mut sums, mut affected) = (Vec::with_capacity(steps.len()), Vec::with_capacity(steps.len()));
    for (scope, writing) in steps {
        sums.push((scope, writing.shifts));
        affected.push((scope, writing.affected));
    }
    let answers = shifts::write(tx, &sums, asks)?;
    judge::judge_affected(tx, &affected)?;
    Ok(answers)
}

/// Into the sums or out of them.
#[derive(Clone, Copy)]
pub(super) enum Way {
    In,
    Out,
}
