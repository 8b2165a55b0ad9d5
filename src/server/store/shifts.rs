//! What a step changes in the sums by month and by day: gathered, and written at the end of the step, each sum once
//! however many expenses it is about.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use uuid::Uuid;

use super::rollups::in_range;
use super::scope::{Scope, day_number, day_of};
use super::tx::{Ask, Row, Several, StoreError, Tx, Value, in_rows, unexpected};
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
    let ahead = asks.len();
    let (mut months, mut days) = (BTreeMap::new(), BTreeMap::new());
    for (step, (scope, own)) in steps.iter().enumerate() {
        accounts::shift_to_review(tx, scope.user, own.to_review)?;
        for ((month, category), shift) in own.by_month(scope.calendar) {
            months.insert((scope.user, month.index(), category), (step, shift));
        }
        for ((day, category), shift) in own.by_day() {
            days.insert((scope.user, day_number(day), category), (step, shift));
        }
    }
    asks.extend(SHIFT_MONTHS.asks(rows(&months), in_rows));
    let before_days = asks.len();
    asks.extend(SHIFT_DAYS.asks(rows(&days), in_rows));
    let mut answers = tx.query_many(&asks)?;
    let mut edges = Edges::default();
    for row in answers[ahead..before_days].iter().flatten() {
        let (step, edge, month, _) = edge_of(row, &months)?;
        if edge.is_some() {
            edges.months.push((step, Month::from_index(month)));
        }
    }
    for row in answers[before_days..].iter().flatten() {
        let (step, edge, day, category) = edge_of(row, &days)?;
        let day = day_of(day)?;
        if edge == Some(Edge::Gone) {
            days::forget(tx, &steps[step].0, day, category)?;
        }
        edges.days.extend(edge.map(|edge| (step, day, edge)));
    }
    edges.settle(tx, steps)?;
    answers.truncate(ahead);
    Ok(answers)
}

/// What is added to sums, by user, number of the month or the day, and category; and the place of the step.
type Places = BTreeMap<(Uuid, i64, Uuid), (usize, Shift)>;

static SHIFT_MONTHS: LazyLock<Several> = LazyLock::new(|| upsert("rollups", "month"));
static SHIFT_DAYS: LazyLock<Several> = LazyLock::new(|| upsert("day_sums", "day"));

fn upsert(table: &str, time: &str) -> Several {
    let tail = format!(
        "ON CONFLICT (user_id, {time}, category_id)
         DO UPDATE SET spent = {table}.spent + excluded.spent, n = {table}.n + excluded.n
         RETURNING user_id, {time}, category_id, spent, n"
    );
    Several::insert(table, &["user_id", time, "category_id", "spent", "n"], &tail)
}

fn rows(places: &Places) -> Vec<Vec<Value>> {
    let row = |((user, time, category), (_, shift)): (&(Uuid, i64, Uuid), &(usize, Shift))| {
        vec![
            (*user).into(),
            (*time).into(),
            (*category).into(),
            shift.spent.into(),
            shift.n.into(),
        ]
    };
    places.iter().map(row).collect()
}

/// Looks at a sum that was written: the step, whether the sum begins or ends, its time and its category.
fn edge_of(row: &Row, places: &Places) -> Result<(usize, Option<Edge>, i64, Uuid), StoreError> {
    let (time, category) = (row.int(1)?, row.id(2)?);
    in_range(row.int(3)?)?;
    let (step, shift) = places.get(&(row.id(0)?, time, category)).ok_or_else(|| unexpected(0))?;
    let n = row.int(4)?;
    let edge = if shift.n > 0 && n == shift.n {
        Some(Edge::Appeared)
    } else if shift.n < 0 && n == 0 {
        Some(Edge::Gone)
    } else {
        None
    };
    Ok((*step, edge, time, category))
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
