//! Judges what is worth telling, in the transaction that changes what it is about.

use std::collections::HashMap;

use super::categories::Kept;
use super::limits::{self, Limits, look_back};
use super::scope::Scope;
use super::tx::{Ask, Row, StoreError, Tx};
use super::{days, rollups};
use crate::domain::alert::{Facts, Level};
use crate::domain::forecast::{History, month_end};
use crate::domain::{Kind, Month};

mod occasions;
mod rows;

pub use occasions::judge_day;
pub(super) use occasions::{Affected, judge_affected, judge_all, judge_settings, months_with_news};
use rows::{Existing, mark_weaker_read, raise, read_existing, refresh, reopen, resolve};

const LEVELS: [Level; 3] = [Level::Near, Level::Forecast, Level::Over];

/// How many queries [`Case::asks`] for.
const LIMITS_AND_ALERTS: usize = 3;

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
    let asks: Vec<Ask> = cases.iter().flat_map(Case::asks).collect();
    let found = tx.query_many(&asks)?;
    let mut open = Vec::new();
    for (case, found) in cases.iter().zip(found.chunks(LIMITS_AND_ALERTS)) {
        let limits = Limits::read(&found[0], &found[1])?;
        let existing = read_existing(&found[2])?;
        if limits.set(case.kept, case.month).is_some() || !existing.is_empty() {
            open.push((case, limits, existing));
        }
    }
    let asks: Vec<Ask> = open.iter().flat_map(|(case, ..)| case.fact_asks()).collect();
    let mut found = tx.query_many(&asks)?.into_iter();
    let mut changed = false;
    for (case, limits, existing) in open {
        let facts = case.facts(&limits, &mut found)?;
        changed |= settle(tx, case, &facts, existing)?;
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

impl Case<'_> {
    /// Asks for limits and for alerts: without both there is nothing to judge.
    fn asks(&self) -> [Ask; LIMITS_AND_ALERTS] {
        let (scope, category) = (&self.scope, self.kept.category.id);
        let [changes, moves] = limits::asks(scope, category, self.month);
        let existing = (
            "SELECT level, id, resolved_at, spent, limit_minor, forecast_minor FROM alerts
             WHERE user_id = $1 AND month = $2 AND category_id = $3",
            vec![scope.user.into(), self.month.index().into(), category.into()],
        );
        [changes, moves, existing]
    }

    /// Asks for what [`Case::facts`] reads.
    fn fact_asks(&self) -> Vec<Ask> {
        let (scope, category, month) = (&self.scope, self.kept.category.id, self.month);
        let from = self.kept.carry_since.map_or(month, |_| look_back(month));
        let mut asks = vec![rollups::of_category(scope, category, from, month)];
        if scope.progress(month).running() {
            asks.extend(days::known_asks(scope, month));
            asks.push(days::of_category(scope, category, days::oldest(month), month));
        }
        asks
    }

    fn facts(&self, limits: &Limits, found: &mut impl Iterator<Item = Vec<Row>>) -> Result<Facts, StoreError> {
        let (scope, category, month) = (&self.scope, &self.kept.category, self.month);
        let mut next = || found.next().unwrap_or_default();
        let sums = rollups::sums(&next())?;
        let progress = scope.progress(month);
        let forecast = if progress.running() {
            let known = days::read_known(&next(), &next())?;
            let spent = next().iter().map(days::read).collect::<Result<Vec<_>, _>>()?;
            month_end(
                category.kind,
                progress,
                &History::new(scope.calendar, month, &known, spent),
            )
        } else {
            None
        };
        Ok(Facts {
            spent: sums.get(month, category.id).spent_minor,
            limit: limits.in_force(self.kept, month, &sums).map(|limit| limit.minor),
            forecast,
            closed: progress.closed,
            fixed: category.kind == Kind::Fixed,
            rules: category.alert_at,
        })
    }
}
