//! Judges what is worth telling, in the transaction that changes what it is about.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::categories::Kept;
use super::limits::{self, Limits, last_that_inherits, look_back};
use super::scope::{Scope, day_number, day_of};
use super::tx::{Ask, Row, StoreError, Tx};
use super::{accounts, alerts, categories, days, rollups, tombstones};
use crate::domain::alert::{Facts, Level};
use crate::domain::forecast::{History, month_end};
use crate::domain::{Kind, Month};

const LEVELS: [Level; 3] = [Level::Near, Level::Forecast, Level::Over];

/// How many queries [`Case::asks`] for.
const LIMITS_AND_ALERTS: usize = 3;

/// What is known of an alert that exists.
struct Existing {
    id: Uuid,
    resolved: bool,
    amounts: (i64, i64, Option<i64>),
}

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

/// Categories and months whose alerts have to be judged after a change of expenses, and the expense that did it.
#[derive(Default)]
pub(super) struct Affected(Vec<(Kept, Month, Option<String>)>);

impl Affected {
    /// Notes one; the last cause counts.
    pub(super) fn note(&mut self, category: &Kept, month: Month, cause: Option<&str>) {
        let cause = cause.map(str::to_owned);
        let id = category.category.id;
        match self
            .0
            .iter_mut()
            .find(|(noted, at, _)| noted.category.id == id && *at == month)
        {
            Some((_, _, known)) => *known = cause.or(known.take()),
            None => self.0.push((category.clone(), month, cause)),
        }
    }
}

/// Judges what was noted in some steps, each of another user, and the later months on which it has a bearing.
pub(super) fn judge_affected(tx: &mut dyn Tx, steps: &[(Scope, Affected)]) -> Result<(), StoreError> {
    let noted = || {
        steps
            .iter()
            .flat_map(|(scope, Affected(noted))| noted.iter().map(move |one| (scope, one)))
    };
    let first: Vec<Case<'_>> = noted()
        .map(|(scope, (kept, month, cause))| Case {
            scope: *scope,
            kept,
            month: *month,
            cause: cause.as_deref(),
        })
        .collect();
    if first.is_empty() {
        return Ok(());
    }
    judge_cases(tx, &first)?;
    let what = |case: &Case<'_>| (case.scope.user, case.kept.category.id, case.month);
    let mut judged: HashSet<_> = first.iter().map(what).collect();
    let mut later = Vec::new();
    for (scope, (kept, month, _)) in noted() {
        for month in later_months(tx, scope, kept, *month)? {
            let case = Case {
                scope: *scope,
                kept,
                month,
                cause: None,
            };
            if judged.insert(what(&case)) {
                later.push(case);
            }
        }
    }
    judge_cases(tx, &later).map(|_| ())
}

/// The months after `month` whose alerts depend on what happened in it: the current one when its forecast looks back
/// so far, and those to which the rest of the limit moves.
fn later_months(tx: &mut dyn Tx, scope: &Scope, category: &Kept, month: Month) -> Result<Vec<Month>, StoreError> {
    let current = scope.month();
    if category.carry_since.is_some() {
        let last = last_that_inherits(month);
        return months_with_news(tx, scope, category, month.plus(1), last);
    }
    let remembered = month < current && month >= days::oldest(current);
    Ok(if remembered { vec![current] } else { Vec::new() })
}

/// The months from `first` to `last` that have expenses or alerts; the current one always.
pub(super) fn months_with_news(
    tx: &mut dyn Tx,
    scope: &Scope,
    category: &Kept,
    first: Month,
    last: Month,
) -> Result<Vec<Month>, StoreError> {
    let rows = tx.query_all(
        "SELECT month FROM rollups WHERE user_id = $1 AND category_id = $2 AND month BETWEEN $3 AND $4 AND n > 0
         UNION SELECT month FROM alerts WHERE user_id = $1 AND category_id = $2 AND month BETWEEN $3 AND $4",
        &[
            scope.user.into(),
            category.category.id.into(),
            first.index().into(),
            last.index().into(),
        ],
    )?;
    let mut months = rows
        .iter()
        .map(|row| row.int(0).map(Month::from_index))
        .collect::<Result<Vec<_>, _>>()?;
    let current = scope.month();
    if (first..=last).contains(&current) && !months.contains(&current) {
        months.push(current);
    }
    Ok(months)
}

/// Judges a category anew after the user changed what he wants of it. Months that are over are no news.
pub(super) fn judge_settings(tx: &mut dyn Tx, scope: &Scope, old: &Kept, new: &Kept) -> Result<(), StoreError> {
    let current = scope.month();
    let ever = old.category.kind != new.category.kind || old.carry_since != new.carry_since;
    let hidden = (old.hidden_since != new.hidden_since).then(|| old.hidden_since.or(new.hidden_since));
    let first = match hidden.flatten() {
        _ if ever => Month::from_index(0),
        Some(since) => since.min(current),
        None if old.category.alert_at != new.category.alert_at => current,
        None => return Ok(()),
    };
    judge_since(tx, scope, new, first)
}

/// Judges a category anew in all of its months. Those that are over are no news.
pub(super) fn judge_all(tx: &mut dyn Tx, scope: &Scope, category: &Kept) -> Result<(), StoreError> {
    judge_since(tx, scope, category, Month::from_index(0))
}

fn judge_since(tx: &mut dyn Tx, scope: &Scope, category: &Kept, first: Month) -> Result<(), StoreError> {
    for month in months_with_news(tx, scope, category, first, Month::from_index(i64::MAX))? {
        judge(tx, scope, category, month)?;
    }
    tx.change(
        "UPDATE alerts SET is_read = 1, revision = (SELECT revision FROM users WHERE id = $1)
         WHERE user_id = $1 AND category_id = $2 AND month < $3 AND created_at = $4 AND is_read = 0",
        &[
            scope.user.into(),
            category.category.id.into(),
            scope.month().index().into(),
            scope.now.into(),
        ],
    )?;
    Ok(())
}

/// Judges anew what the calendar alone has changed, once in each of the user's local days.
pub fn judge_day(tx: &mut dyn Tx, scope: &Scope) -> Result<(), StoreError> {
    let today = day_number(scope.today);
    let before = accounts::set_judged_day(tx, scope.user, today)?;
    if before == today {
        return Ok(());
    }
    let (last, current) = (scope.calendar.month_of(day_of(before)?), scope.month());
    tombstones::purge(tx, scope)?;
    // What changes does so under the next revision; if nothing does, there is none.
    let next = accounts::step(tx, scope.user, 1)?;
    let mut changed = alerts::end_snoozes(tx, scope)?;
    for category in categories::all(tx, scope)? {
        // A month that has ended since loses what was only a forecast.
        if last < current {
            changed |= judge(tx, scope, &category, last)?;
        }
        changed |= judge(tx, scope, &category, current)?;
    }
    if changed {
        tx.note_revision(scope.user, next);
    } else {
        accounts::step(tx, scope.user, -1)?;
    }
    Ok(())
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

fn read_existing(rows: &[Row]) -> Result<HashMap<Level, Existing>, StoreError> {
    rows.iter()
        .map(|row| {
            let alert = Existing {
                id: row.id(1)?,
                resolved: row.opt_int(2)?.is_some(),
                amounts: (row.int(3)?, row.int(4)?, row.opt_int(5)?),
            };
            Ok((alerts::level(row.text(0)?)?, alert))
        })
        .collect()
}

fn raise(
    tx: &mut dyn Tx,
    scope: &Scope,
    category: Uuid,
    month: Month,
    level: Level,
    (spent, limit, forecast): (i64, i64, Option<i64>),
    cause: Option<&str>,
) -> Result<bool, StoreError> {
    tx.change(
        "INSERT INTO alerts (user_id, id, month, category_id, level, spent, limit_minor, forecast_minor, cause,
             created_at, revision)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, (SELECT revision FROM users WHERE id = $1))",
        &[
            scope.user.into(),
            Uuid::now_v7().into(),
            month.index().into(),
            category.into(),
            level.to_string().into(),
            spent.into(),
            limit.into(),
            forecast.into(),
            cause.into(),
            scope.now.into(),
        ],
    )?;
    Ok(true)
}

/// Being over says all that the weaker levels said.
fn mark_weaker_read(tx: &mut dyn Tx, scope: &Scope, category: Uuid, month: Month) -> Result<(), StoreError> {
    tx.change(
        "UPDATE alerts SET is_read = 1, revision = (SELECT revision FROM users WHERE id = $1)
         WHERE user_id = $1 AND month = $2 AND category_id = $3 AND level <> $4 AND is_read = 0",
        &[
            scope.user.into(),
            month.index().into(),
            category.into(),
            Level::Over.to_string().into(),
        ],
    )?;
    Ok(())
}

/// An alert whose cause is back. Being over is news again; the weaker levels stay as read as they were.
fn reopen(
    tx: &mut dyn Tx,
    scope: &Scope,
    old: &Existing,
    level: Level,
    amounts: (i64, i64, Option<i64>),
    cause: Option<&str>,
) -> Result<bool, StoreError> {
    refresh(tx, scope, old, amounts)?;
    tx.change(
        "UPDATE alerts SET resolved_at = NULL, cause = $1 WHERE user_id = $2 AND id = $3",
        &[cause.into(), scope.user.into(), old.id.into()],
    )?;
    if level == Level::Over {
        tx.change(
            "UPDATE alerts SET is_read = 0, created_at = $1 WHERE user_id = $2 AND id = $3",
            &[scope.now.into(), scope.user.into(), old.id.into()],
        )?;
    }
    Ok(true)
}

fn resolve(tx: &mut dyn Tx, scope: &Scope, old: &Existing) -> Result<bool, StoreError> {
    tx.change(
        "UPDATE alerts SET resolved_at = $1, revision = (SELECT revision FROM users WHERE id = $2)
         WHERE user_id = $2 AND id = $3",
        &[scope.now.into(), scope.user.into(), old.id.into()],
    )?;
    Ok(true)
}

fn refresh(
    tx: &mut dyn Tx,
    scope: &Scope,
    old: &Existing,
    (spent, limit, forecast): (i64, i64, Option<i64>),
) -> Result<bool, StoreError> {
    tx.change(
        "UPDATE alerts SET spent = $1, limit_minor = $2, forecast_minor = $3,
             revision = (SELECT revision FROM users WHERE id = $4) WHERE user_id = $4 AND id = $5",
        &[
            spent.into(),
            limit.into(),
            forecast.into(),
            scope.user.into(),
            old.id.into(),
        ],
    )?;
    Ok(true)
}
