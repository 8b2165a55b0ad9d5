//! Judges what is worth telling, in the transaction that changes what it is about.

use std::collections::HashMap;

use uuid::Uuid;

use super::categories::Kept;
use super::limits::{self, last_that_inherits, look_back};
use super::scope::{Scope, day_number, day_of};
use super::tx::{StoreError, Tx};
use super::{accounts, alerts, categories, days, rollups, tombstones};
use crate::domain::alert::{Facts, Level};
use crate::domain::forecast::{Forecast, History, month_end};
use crate::domain::{Kind, Month};

const LEVELS: [Level; 3] = [Level::Near, Level::Forecast, Level::Over];

/// What is known of an alert that exists.
struct Existing {
    id: Uuid,
    resolved: bool,
    amounts: (i64, i64, Option<i64>),
}

/// Raises, refreshes and resolves the alerts of one category in one month; says whether any changed. They carry the
/// user's revision, to which the change that led here has moved on already.
///
/// `cause` is the description of the expense that led here, if one did.
pub(super) fn judge(
    tx: &mut dyn Tx,
    scope: &Scope,
    kept: &Kept,
    month: Month,
    cause: Option<&str>,
) -> Result<bool, StoreError> {
    let category = &kept.category;
    let limits = limits::of_category(tx, scope, category.id, month)?;
    let mut existing = existing(tx, scope, category.id, month)?;
    if limits.set(kept, month).is_none() && existing.is_empty() {
        return Ok(false);
    }
    let facts = facts(tx, scope, kept, month, &limits)?;
    let amounts = (
        facts.spent,
        facts.limit.unwrap_or_default(),
        facts.forecast.as_ref().map(|forecast| forecast.mid_minor),
    );
    let mut changed = false;
    for level in LEVELS {
        let old = existing.remove(&level);
        if level == Level::Over && facts.raises(level) && old.as_ref().is_none_or(|old| old.resolved) {
            mark_weaker_read(tx, scope, category.id, month)?;
        }
        changed |= match old {
            None if facts.raises(level) => raise(tx, scope, category.id, month, level, amounts, cause)?,
            Some(old) if old.resolved && facts.raises(level) => reopen(tx, scope, &old, level, amounts, cause)?,
            Some(old) if !old.resolved && is_settled(&facts, level, &old) => {
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

    /// Judges what was noted, and the later months on which it has a bearing.
    pub(super) fn judge(self, tx: &mut dyn Tx, scope: &Scope) -> Result<(), StoreError> {
        let mut judged = Vec::new();
        for (category, month, cause) in &self.0 {
            judge(tx, scope, category, *month, cause.as_deref())?;
            judged.push((category.category.id, *month));
        }
        for (category, month, _) in &self.0 {
            for later in later_months(tx, scope, category, *month)? {
                let what = (category.category.id, later);
                if !judged.contains(&what) {
                    judge(tx, scope, category, later, None)?;
                    judged.push(what);
                }
            }
        }
        Ok(())
    }
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
        judge(tx, scope, category, month, None)?;
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
            changed |= judge(tx, scope, &category, last, None)?;
        }
        changed |= judge(tx, scope, &category, current, None)?;
    }
    if changed {
        tx.note_revision(scope.user, next);
    } else {
        accounts::step(tx, scope.user, -1)?;
    }
    Ok(())
}

fn facts(
    tx: &mut dyn Tx,
    scope: &Scope,
    kept: &Kept,
    month: Month,
    limits: &limits::Limits,
) -> Result<Facts, StoreError> {
    let category = &kept.category;
    let from = kept.carry_since.map_or(month, |_| look_back(month));
    let sums = rollups::of_category(tx, scope, category.id, from, month)?;
    Ok(Facts {
        spent: sums.get(month, category.id).spent_minor,
        limit: limits.in_force(kept, month, &sums).map(|limit| limit.minor),
        forecast: forecast(tx, scope, kept, month)?,
        closed: scope.progress(month).closed,
        fixed: category.kind == Kind::Fixed,
        rules: category.alert_at,
    })
}

fn forecast(tx: &mut dyn Tx, scope: &Scope, kept: &Kept, month: Month) -> Result<Option<Forecast>, StoreError> {
    let progress = scope.progress(month);
    if !progress.running() {
        return Ok(None);
    }
    let known = days::known(tx, scope, month)?;
    let spent = days::of_category(tx, scope, kept.category.id, days::oldest(month), month)?;
    Ok(month_end(
        kept.category.kind,
        progress,
        &History::new(scope.calendar, month, &known, spent),
    ))
}

fn existing(
    tx: &mut dyn Tx,
    scope: &Scope,
    category: Uuid,
    month: Month,
) -> Result<HashMap<Level, Existing>, StoreError> {
    let rows = tx.query_all(
        "SELECT level, id, resolved_at, spent, limit_minor, forecast_minor FROM alerts
         WHERE user_id = $1 AND month = $2 AND category_id = $3",
        &[scope.user.into(), month.index().into(), category.into()],
    )?;
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
