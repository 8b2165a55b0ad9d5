//! What a step changes in the sums by month and by day: gathered, and written at the end of the step, each sum once
//! however many expenses it is about.

use std::collections::BTreeMap;

use jiff::civil::Date;
use uuid::Uuid;

use super::rollups::in_range;
use super::scope::{Scope, day_number, day_of};
use super::tx::{Ask, Row, StoreError, Tx};
use super::{accounts, days, rollups};
use crate::domain::{Calendar, Month};

/// What is added to one sum, or taken out of it when it is less than zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Shift {
    /// Minor units.
    spent: i64,
    /// Expenses.
    n: i64,
}

/// What a step changes in the sums of one user.
#[derive(Debug, Default)]
pub(super) struct Shifts {
    /// By day and category; [`Uuid::nil`] is none.
    days: BTreeMap<(Date, Uuid), Shift>,
    /// Expenses that begin to wait for a review, less those that no longer do.
    to_review: i64,
}

impl Shifts {
    /// Adds an expense to the sums (`sign` 1) or takes it out of them (`sign` -1).
    pub(super) fn post(&mut self, day: Date, category: Option<Uuid>, amount: i64, sign: i64) {
        let shift = self.days.entry((day, category.unwrap_or_default())).or_default();
        shift.spent = shift.spent.saturating_add(amount * sign);
        shift.n += sign;
    }

    /// Counts expenses that begin to wait for a review, or no longer do when `by` is less than zero.
    pub(super) fn wait_for_review(&mut self, by: i64) {
        self.to_review += by;
    }

    fn by_day(&self) -> impl Iterator<Item = ((Date, Uuid), Shift)> + '_ {
        let shifts = self.days.iter().map(|(place, shift)| (*place, *shift));
        shifts.filter(|(_, shift)| *shift != Shift::default())
    }

    fn by_month(&self, calendar: Calendar) -> BTreeMap<(Month, Uuid), Shift> {
        let mut months: BTreeMap<(Month, Uuid), Shift> = BTreeMap::new();
        for ((day, category), shift) in &self.days {
            let month = months.entry((calendar.month_of(*day), *category)).or_default();
            month.spent = month.spent.saturating_add(shift.spent);
            month.n += shift.n;
        }
        months.retain(|_, shift| *shift != Shift::default());
        months
    }

    /// By how many expenses `month` grows.
    fn written_in(&self, calendar: Calendar, month: Month) -> i64 {
        let in_month = self
            .days
            .iter()
            .filter(|((day, _), _)| calendar.month_of(*day) == month);
        in_month.map(|(_, shift)| shift.n).sum()
    }
}

/// Writes the sums of some steps, each of another user. The answers to `asks`, which travel ahead, come back.
pub(super) fn write(
    tx: &mut dyn Tx,
    steps: &[(Scope, Shifts)],
    mut asks: Vec<Ask>,
) -> Result<Vec<Vec<Row>>, StoreError> {
    let (ahead, mut shifts) = (asks.len(), Vec::new());
    for (step, (scope, own)) in steps.iter().enumerate() {
        accounts::shift_to_review(tx, scope.user, own.to_review)?;
        for ((month, category), shift) in own.by_month(scope.calendar) {
            asks.push(shift_month(scope, month, category, shift));
            shifts.push((step, Place::Month(month), category, shift));
        }
        for ((day, category), shift) in own.by_day() {
            asks.push(shift_day(scope, day, category, shift));
            shifts.push((step, Place::Day(day), category, shift));
        }
    }
    let mut answers = tx.query_many(&asks)?;
    let sums = answers.split_off(ahead);
    let mut edges = Edges::default();
    for ((step, place, category, shift), rows) in shifts.into_iter().zip(sums) {
        let (spent, n) = rows.first().map_or(Ok((0, 0)), |row| Ok((row.int(0)?, row.int(1)?)))?;
        in_range(spent)?;
        let (appeared, gone) = (shift.n > 0 && n == shift.n, shift.n < 0 && n == 0);
        match place {
            Place::Month(month) if appeared || gone => edges.months.push((step, month)),
            Place::Day(day) if appeared => edges.days.push((step, day, Edge::Appeared)),
            Place::Day(day) if gone => {
                days::forget(tx, &steps[step].0, day, category)?;
                edges.days.push((step, day, Edge::Gone));
            }
            _ => {}
        }
    }
    edges.settle(tx, steps)?;
    Ok(answers)
}

/// What a sum is about.
enum Place {
    Month(Month),
    Day(Date),
}

fn shift_month(scope: &Scope, month: Month, category: Uuid, shift: Shift) -> Ask {
    (
        "INSERT INTO rollups (user_id, month, category_id, spent, n) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (user_id, month, category_id)
         DO UPDATE SET spent = rollups.spent + excluded.spent, n = rollups.n + excluded.n
         RETURNING spent, n",
        vec![
            scope.user.into(),
            month.index().into(),
            category.into(),
            shift.spent.into(),
            shift.n.into(),
        ],
    )
}

fn shift_day(scope: &Scope, day: Date, category: Uuid, shift: Shift) -> Ask {
    (
        "INSERT INTO day_sums (user_id, day, category_id, spent, n) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (user_id, day, category_id)
         DO UPDATE SET spent = day_sums.spent + excluded.spent, n = day_sums.n + excluded.n
         RETURNING spent, n",
        vec![
            scope.user.into(),
            day_number(day).into(),
            category.into(),
            shift.spent.into(),
            shift.n.into(),
        ],
    )
}

/// A category's first expenses of a day, or its last ones.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    Appeared,
    Gone,
}

/// Where what is known at all may have changed, by the place of the step.
#[derive(Default)]
struct Edges {
    months: Vec<(usize, Month)>,
    days: Vec<(usize, Date, Edge)>,
}

impl Edges {
    /// Has all forecasts of those users made anew of whom another month, or an earlier or later first day, is known.
    fn settle(mut self, tx: &mut dyn Tx, steps: &[(Scope, Shifts)]) -> Result<(), StoreError> {
        self.months.dedup();
        let mut asks: Vec<Ask> = Vec::new();
        asks.extend(
            self.months
                .iter()
                .map(|(step, month)| rollups::written(&steps[*step].0, *month)),
        );
        asks.extend(self.days.iter().map(|(step, _, _)| days::first(&steps[*step].0)));
        if asks.is_empty() {
            return Ok(());
        }
        let found = tx.query_many(&asks)?;
        let (months, days) = found.split_at(self.months.len());
        let mut changed: Vec<usize> = Vec::new();
        for ((step, month), rows) in self.months.iter().zip(months) {
            let (scope, shifts) = &steps[*step];
            let (by, now) = (
                shifts.written_in(scope.calendar, *month),
                number(rows)?.unwrap_or_default(),
            );
            if by != 0 && now == by.max(0) {
                changed.push(*step);
            }
        }
        for ((step, day, edge), rows) in self.days.iter().zip(days) {
            let first = number(rows)?.map(day_of).transpose()?;
            let moved = match edge {
                Edge::Appeared => first == Some(*day),
                Edge::Gone => first.is_none_or(|first| *day < first),
            };
            if moved {
                changed.push(*step);
            }
        }
        changed.sort_unstable();
        changed.dedup();
        changed
            .into_iter()
            .try_for_each(|step| accounts::judge_again(tx, &steps[step].0))
    }
}

fn number(rows: &[Row]) -> Result<Option<i64>, StoreError> {
    rows.first().map_or(Ok(None), |row| row.opt_int(0))
}
