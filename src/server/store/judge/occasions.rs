//! When alerts are judged: after a change of expenses or of a category, and on a new day.

use std::collections::HashSet;

use super::{Case, judge, judge_cases};
use crate::domain::Month;
use crate::server::store::categories::Kept;
use crate::server::store::limits::last_that_inherits;
use crate::server::store::scope::{Scope, day_number, day_of};
use crate::server::store::tx::{StoreError, Tx};
use crate::server::store::{accounts, alerts, categories, days, tombstones};

/// Categories and months whose alerts have to be judged after a change of expenses, and the expense that did it.
#[derive(Default)]
pub(in crate::server::store) struct Affected(Vec<(Kept, Month, Option<String>)>);

impl Affected {
    /// Notes one; the last cause counts.
    pub(in crate::server::store) fn note(&mut self, category: &Kept, month: Month, cause: Option<&str>) {
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
pub(in crate::server::store) fn judge_affected(tx: &mut dyn Tx, steps: &[(Scope, Affected)]) -> Result<(), StoreError> {
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
pub(in crate::server::store) fn months_with_news(
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
pub(in crate::server::store) fn judge_settings(
    tx: &mut dyn Tx,
    scope: &Scope,
    old: &Kept,
    new: &Kept,
) -> Result<(), StoreError> {
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
pub(in crate::server::store) fn judge_all(tx: &mut dyn Tx, scope: &Scope, category: &Kept) -> Result<(), StoreError> {
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
