//! Judges what is worth telling, in the transaction that changes what it is about.

use std::collections::HashMap;

use super::categories::Kept;
use super::scope::Scope;
use super::tx::{StoreError, Tx};
use crate::domain::Month;
use crate::domain::alert::{Facts, Level};

mod knowledge;
mod occasions;
mod rows;

use knowledge::{Spent, Watched};
pub use occasions::judge_day;
pub(super) use occasions::{Affected, judge_affected, judge_all, judge_settings, months_with_news};
use rows::{Existing, mark_weaker_read, raise, refresh, reopen, resolve};

const LEVELS: [Level; 3] = [Level::Near, Level::Forecast, Level::Over];

/// A category in a month, whose alerts are to be judged.
pub(super) struct Case<'a> {
    pub(super) scope: Scope,
    pub(super) kept: &'a Kept,
    pub(super) month: Month,
    /// The description of the expense that led here, if one did.
    pub(super) cause: Option<&'a str>,
}

/// Raises, refreshes and resolves the alerts of one category in one month; says whether any changed.
pub(super) fn judge(tx: &mut dyn Tx, scope: &Scope, kept: &Kept, month: Month) -> Result<bool, StoreError> {
    let (scope, cause) = (*scope, None);
    judge_cases(
        tx,
        &[Case {
            scope,
            kept,
            month,
            cause,
        }],
    )
}

/// Judges some cases, none of them twice; says whether any alert changed. Alerts carry the user's revision, to which the
/// change that led here has moved on already.
pub(super) fn judge_cases(tx: &mut dyn Tx, cases: &[Case<'_>]) -> Result<bool, StoreError> {
    let watched = Watched::find(tx, cases)?;
    let mut open = Vec::new();
    for case in cases {
        let existing = watched.alerts(case)?;
        let limits = watched.limits(case);
        let limits = limits.filter(|limits| limits.set(case.kept, case.month).is_some() || !existing.is_empty());
        open.extend(limits.map(|limits| (case, limits, existing)));
    }
    let judged: Vec<&Case<'_>> = open.iter().map(|(case, ..)| *case).collect();
    let spent = Spent::find(tx, &judged)?;
    let mut changed = false;
    for (case, limits, existing) in open {
        changed |= settle(tx, case, &spent.facts(case, limits), existing)?;
    }
    Ok(changed)
}

/// Has the alerts of a case say what the facts are.
fn settle(
    tx: &mut dyn Tx,
    case: &Case<'_>,
    facts: &Facts,
    mut existing: HashMap<Level, Existing>,
) -> Result<bool, StoreError> {
    let (scope, category) = (&case.scope, case.kept.category.id);
    let amounts = (
        facts.spent,
        facts.limit.unwrap_or_default(),
        facts.forecast.as_ref().map(|forecast| forecast.mid_minor),
    );
    let mut changed = false;
    for level in LEVELS {
        let old = existing.remove(&level);
        if level == Level::Over && facts.raises(level) && old.as_ref().is_none_or(|old| old.resolved) {
            mark_weaker_read(tx, scope, category, case.month)?;
        }
        changed |= match old {
            None if facts.raises(level) => raise(tx, scope, category, case.month, level, amounts, case.cause)?,
            Some(old) if old.resolved && facts.raises(level) => reopen(tx, scope, &old, level, amounts, case.cause)?,
            Some(old) if !old.resolved && is_settled(facts, level, &old) => {
                if facts.limit.is_some() {
                    refresh(tx, scope, &old, amounts)?;
                }
                resolve(tx, scope, &old)?
            }
            // Once a stronger alert tells the amounts, a weaker one keeps those that it was raised with.
            Some(old) if !old.resolved && facts.raises(level) && old.amounts != amounts => {
                refresh(tx, scope, &old, amounts)?
            }
            _ => false,
        };
    }
    Ok(changed)
}

/// Whether the cause of an alert is gone. A forecast has to fall clearly below its limit, or it would come and go
/// with every expense; below a limit that was changed it is enough to be below.
fn is_settled(facts: &Facts, level: Level, old: &Existing) -> bool {
    let changed = facts.limit.is_some_and(|limit| limit != old.amounts.1);
    !facts.holds(level) || (level == Level::Forecast && changed && !facts.raises(level) && !facts.holds(Level::Over))
}
