//! What gave way: values that a change replaced without having seen them, kept for as long as what was deleted.

use jiff::civil::Date;
use uuid::Uuid;

use super::scope::{Scope, day_number, day_of};
use super::tombstones::KEPT_MS;
use super::tx::{Row, StoreError, Tx, Value};
use crate::api::{HistoryRow, Replaced};
use crate::domain::Month;

/// What a change has seen of what it changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// All changes up to this revision; none: nothing is known of what was seen.
    pub base: Option<i64>,
    /// Revisions that came of earlier changes of the same device, which it knows without having read them.
    pub own: Vec<i64>,
}

impl Seen {
    /// What was changed up to a revision.
    #[must_use]
    pub fn up_to(base: Option<i64>) -> Self {
        Self { base, own: Vec::new() }
    }

    /// Everything there is.
    #[must_use]
    pub fn everything() -> Self {
        Self::up_to(Some(i64::MAX))
    }

    /// Whether a value that was written at this revision was seen.
    #[must_use]
    pub fn has(&self, revision: i64) -> bool {
        self.base.is_some_and(|base| revision <= base) || self.own.contains(&revision)
    }
}

/// The columns of a value, of which at most one is not NULL: number, text, category.
type Columns = [Value; 3];

fn number(number: Option<i64>) -> Columns {
    [number.into(), Value::Null, Value::Null]
}

fn words(text: &str) -> Columns {
    [Value::Null, text.into(), Value::Null]
}

fn category(id: Option<Uuid>) -> Columns {
    [Value::Null, Value::Null, id.into()]
}

/// Keeps what gave way at `revision`; `expense` is whose field it was, unless it was a limit.
pub(super) fn keep(
    tx: &mut dyn Tx,
    scope: &Scope,
    expense: Option<Uuid>,
    change: &Replaced,
    revision: i64,
) -> Result<(), StoreError> {
    let day = |day: Date| number(Some(day_number(day)));
    let (was, now) = match change {
        Replaced::Day { was, now } => (day(*was), day(*now)),
        Replaced::Description { was, now } => (words(was), words(now)),
        Replaced::AmountMinor { was, now } => (number(Some(*was)), number(Some(*now))),
        Replaced::CategoryId { was, now } => (category(*was), category(*now)),
        Replaced::LimitMinor { was, now, .. } => (number(*was), number(*now)),
    };
    let limit = match change {
        Replaced::LimitMinor { category_id, month, .. } => [(*category_id).into(), month.index().into()],
        _ => [Value::Null, Value::Null],
    };
    let mut params = vec![
        scope.user.into(),
        Uuid::now_v7().into(),
        revision.into(),
        scope.now.into(),
        expense.into(),
        change.field().into(),
    ];
    params.extend(limit);
    params.extend(was);
    params.extend(now);
    tx.change(
        "INSERT INTO history (user_id, id, revision, created_at, expense_id, field, category_id, month,
             was_number, was_text, was_category, now_number, now_text, now_category)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        &params,
    )
}

/// What gave way in an expense, also in a deleted one, newest first.
pub fn of_expense(tx: &mut dyn Tx, scope: &Scope, expense: Uuid, limit: i64) -> Result<Vec<HistoryRow>, StoreError> {
    let there = tx.query_opt(
        "SELECT 1 FROM expenses WHERE user_id = $1 AND id = $2",
        &[scope.user.into(), expense.into()],
    )?;
    there.ok_or(StoreError::NotFound("expense"))?;
    let rows = tx.query_all(
        "SELECT id, expense_id, revision, created_at, field, category_id, month, was_number, was_text, was_category,
             now_number, now_text, now_category
         FROM history WHERE user_id = $1 AND expense_id = $2 ORDER BY revision DESC, id DESC LIMIT $3",
        &[scope.user.into(), expense.into(), limit.into()],
    )?;
    rows.iter().map(read).collect()
}

/// What gave way after a revision, newest first.
pub fn since(tx: &mut dyn Tx, scope: &Scope, revision: i64, limit: i64) -> Result<Vec<HistoryRow>, StoreError> {
    let rows = tx.query_all(
        "SELECT id, expense_id, revision, created_at, field, category_id, month, was_number, was_text, was_category,
             now_number, now_text, now_category
         FROM history WHERE user_id = $1 AND revision > $2 ORDER BY revision DESC, id DESC LIMIT $3",
        &[scope.user.into(), revision.into(), limit.into()],
    )?;
    rows.iter().map(read).collect()
}

/// Has what is kept of one category be about another one, which takes it in.
pub(super) fn move_category(
    tx: &mut dyn Tx,
    scope: &Scope,
    (from, into): (Uuid, Uuid),
    revision: i64,
) -> Result<(), StoreError> {
    for statement in [
        "UPDATE history SET category_id = $1, revision = $2 WHERE user_id = $3 AND category_id = $4",
        "UPDATE history SET was_category = $1, revision = $2 WHERE user_id = $3 AND was_category = $4",
        "UPDATE history SET now_category = $1, revision = $2 WHERE user_id = $3 AND now_category = $4",
    ] {
        tx.change(
            statement,
            &[into.into(), revision.into(), scope.user.into(), from.into()],
        )?;
    }
    Ok(())
}

/// Forgets what gave way too long ago, and what is about expenses that are forgotten with it.
pub(super) fn purge(tx: &mut dyn Tx, scope: &Scope) -> Result<(), StoreError> {
    let old = [scope.user.into(), (scope.now - KEPT_MS).into()];
    tx.change("DELETE FROM history WHERE user_id = $1 AND created_at < $2", &old)?;
    tx.change(
        "DELETE FROM history WHERE user_id = $1 AND expense_id IN
         (SELECT id FROM tombstones WHERE user_id = $1 AND gone_at < $2 AND thing = 'expense')",
        &old,
    )
}

/// Reads the thirteen columns of [`since`].
pub(super) fn read(row: &Row) -> Result<HistoryRow, StoreError> {
    let change = match row.text(4)? {
        "day" => Replaced::Day {
            was: day_of(row.int(7)?)?,
            now: day_of(row.int(10)?)?,
        },
        "description" => Replaced::Description {
            was: row.text(8)?.to_owned(),
            now: row.text(11)?.to_owned(),
        },
        "amount_minor" => Replaced::AmountMinor {
            was: row.int(7)?,
            now: row.int(10)?,
        },
        "category_id" => Replaced::CategoryId {
            was: row.opt_id(9)?,
            now: row.opt_id(12)?,
        },
        "limit_minor" => Replaced::LimitMinor {
            category_id: row.id(5)?,
            month: Month::from_index(row.int(6)?),
            was: row.opt_int(7)?,
            now: row.opt_int(10)?,
        },
        other => return Err(StoreError::Sql(format!("unknown field {other} in the history"))),
    };
    Ok(HistoryRow {
        id: row.id(0)?,
        expense_id: row.opt_id(1)?,
        revision: row.int(2)?,
        at: row.int(3)?,
        change,
    })
}
