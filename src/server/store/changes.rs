//! The change feed: every row of a user that a client keeps, in the order of the revisions at which they changed.
//!
//! A row is told once, as it is now, so the feed never grows beyond the data and its tombstones. A step may change many
//! rows in one revision; so a page ends at a place between rows, not between revisions. The user's row is locked by
//! whoever moves the revision on, so nobody sees a revision before all of those below it.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use super::scope::Scope;
use super::tx::{Row, StoreError, Tx, Value};
use super::{accounts, alerts, categories, expenses, history, rules};
use crate::api::{CategoryRow, Change, ChangedRow, Changes, Gone, LimitRow, MovedRow, Thing};
use crate::domain::Month;

/// Longest [`Since`] in writing, bytes.
const MAX_SINCE: usize = 128;
/// The number of kinds of rows.
const KINDS: u8 = 9;

/// Where a reader of the feed is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    /// What the reader's copy holds is complete up to this revision; `None` for one that begins now.
    base: Option<i64>,
    /// The last row that was told.
    at: Place,
}

/// A place between two rows of the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    revision: i64,
    /// [`kind`] of the last row told; [`KINDS`] when the revision is told to its end.
    kind: u8,
    id: Uuid,
    /// The month, of a row that has one.
    month: i64,
}

impl Place {
    /// Behind all rows of a revision.
    fn after(revision: i64) -> Self {
        Self {
            revision,
            kind: KINDS,
            id: Uuid::nil(),
            month: 0,
        }
    }

    /// Behind one row.
    fn behind(change: &Change) -> Self {
        let (id, month) = key(&change.row);
        Self {
            revision: change.revision,
            kind: kind(&change.row),
            id,
            month,
        }
    }

    /// What a query of one kind's rows is asked with: the rows after revision, id and month, in this order.
    fn bounds(self, kind: u8) -> [Value; 3] {
        let (id, month): (&[u8], i64) = match kind.cmp(&self.kind) {
            // Before every id, and behind every id.
            std::cmp::Ordering::Greater => (&[], 0),
            std::cmp::Ordering::Less => (&[0xff; 17], 0),
            std::cmp::Ordering::Equal => (self.id.as_bytes(), self.month),
        };
        [self.revision.into(), id.into(), month.into()]
    }
}

impl Since {
    /// For a reader that has nothing yet.
    pub const NOTHING: Self = Self {
        base: None,
        at: Place {
            revision: -1,
            kind: KINDS,
            id: Uuid::nil(),
            month: 0,
        },
    };
}

impl FromStr for Since {
    type Err = ();

    /// Reads a revision, or what [`Since`] is written as. Nobody begins with 0 but who has nothing yet.
    fn from_str(text: &str) -> Result<Self, ()> {
        if text.len() > MAX_SINCE {
            return Err(());
        }
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| text.parse::<i64>().ok()).flatten().ok_or(())
        };
        let mut parts = text.split('.');
        let base = number(parts.next().unwrap_or_default())?;
        let Some(revision) = parts.next() else {
            return Ok(match base {
                0 => Self::NOTHING,
                base => Self {
                    base: Some(base),
                    at: Place::after(base),
                },
            });
        };
        let (kind, id, month) = (
            parts.next().ok_or(())?,
            parts.next().ok_or(())?,
            parts.next().ok_or(())?,
        );
        let at = Place {
            revision: number(revision)?,
            kind: kind.parse().map_err(|_| ())?,
            id: Uuid::try_parse(id).map_err(|_| ())?,
            month: number(month)?,
        };
        let known = at.kind < KINDS && parts.next().is_none();
        known.then_some(Self { base: Some(base), at }).ok_or(())
    }
}

impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (base, at) = (self.base.unwrap_or(0), self.at);
        if at.kind == KINDS {
            return write!(f, "{base}");
        }
        let (kind, id) = (at.kind, at.id.simple());
        write!(f, "{base}.{}.{kind}.{id}.{}", at.revision, at.month)
    }
}

/// The next rows, `limit` at most.
///
/// # Errors
/// [`StoreError::TooOld`] when the reader has to begin anew: what went since then is forgotten, or the reader comes
/// from a revision that does not exist.
pub fn page(tx: &mut dyn Tx, scope: &Scope, since: Since, limit: usize) -> Result<Changes, StoreError> {
    let row = tx.query_opt(
        "SELECT revision, min_revision, account_revision FROM users WHERE id = $1",
        &[scope.user.into()],
    )?;
    let row = row.ok_or(StoreError::NotFound("user"))?;
    let (now, oldest) = (row.int(0)?, row.int(1)?);
    // Whoever begins now has nothing that could have gone before.
    let base = since.base.unwrap_or(now);
    if base < oldest || base > now || (since.at.kind < KINDS && since.at.revision > now) {
        return Err(StoreError::TooOld);
    }
    let mut changes = account(tx, scope, since.at, row.int(2)?)?;
    for kind in 1..KINDS {
        changes.extend(rows(tx, scope, since.at, kind, limit + 1)?);
    }
    // Those of one kind are in their order already.
    changes.sort_by_key(|change| (change.revision, kind(&change.row)));
    let more = changes.len() > limit;
    changes.truncate(limit);
    let next = match changes.last().filter(|_| more) {
        Some(last) => Since {
            base: Some(base),
            at: Place::behind(last),
        },
        None => Since {
            base: Some(now),
            at: Place::after(now),
        },
    };
    Ok(Changes {
        changes,
        next: next.to_string(),
        more,
    })
}

/// The place of a row's kind among the kinds.
fn kind(row: &ChangedRow) -> u8 {
    match row {
        ChangedRow::Account(_) => 0,
        ChangedRow::Category(_) => 1,
        ChangedRow::Limit(_) => 2,
        ChangedRow::Moved(_) => 3,
        ChangedRow::Expense(_) => 4,
        ChangedRow::Rule(_) => 5,
        ChangedRow::Alert(_) => 6,
        ChangedRow::History(_) => 7,
        ChangedRow::Gone(_) => KINDS - 1,
    }
}

/// What tells a row from the others of its kind.
fn key(row: &ChangedRow) -> (Uuid, i64) {
    match row {
        ChangedRow::Account(_) => (Uuid::nil(), 0),
        ChangedRow::Category(row) => (row.category.id, 0),
        ChangedRow::Limit(row) => (row.category_id, row.month.index()),
        ChangedRow::Moved(row) => (row.category_id, row.month.index()),
        ChangedRow::Expense(row) => (row.id, 0),
        ChangedRow::Rule(row) => (row.id, 0),
        ChangedRow::Alert(row) => (row.id, 0),
        ChangedRow::History(row) => (row.id, 0),
        ChangedRow::Gone(row) => (row.id, 0),
    }
}

fn account(tx: &mut dyn Tx, scope: &Scope, at: Place, revision: i64) -> Result<Vec<Change>, StoreError> {
    if revision <= at.revision {
        return Ok(Vec::new());
    }
    let mut account = accounts::load(tx, scope.user)?.account;
    account.revision = revision;
    Ok(vec![Change {
        revision,
        row: ChangedRow::Account(account),
    }])
}

const CATEGORIES: &str = "SELECT id, name, kind, near_percent, tell_forecast, tell_over, carry_since, hidden_since,
        word_list, sort, revision
    FROM categories WHERE user_id = $1 AND (revision, id) > ($2, $3) ORDER BY revision, id LIMIT $4";
const LIMITS: &str = "SELECT category_id, month, limit_minor, revision FROM budgets
    WHERE user_id = $1 AND (revision, category_id, month) > ($2, $3, $4)
    ORDER BY revision, category_id, month LIMIT $5";
const MOVES: &str = "SELECT category_id, month, moved, revision FROM budget_moves
    WHERE user_id = $1 AND (revision, category_id, month) > ($2, $3, $4)
    ORDER BY revision, category_id, month LIMIT $5";
const EXPENSES: &str = "SELECT id, day, description, amount_minor, category_id, category_source, confidence, revision,
        created_at
    FROM expenses WHERE user_id = $1 AND deleted = 0 AND (revision, id) > ($2, $3) ORDER BY revision, id LIMIT $4";
const RULES: &str = "SELECT r.id, r.pattern, r.category_id, c.name, r.hits, r.revision
    FROM rules r JOIN categories c ON c.user_id = r.user_id AND c.id = r.category_id
    WHERE r.user_id = $1 AND (r.revision, r.id) > ($2, $3) ORDER BY r.revision, r.id LIMIT $4";
const ALERTS: &str = "SELECT a.id, a.category_id, c.name, a.month, a.level, a.spent, a.limit_minor, a.forecast_minor,
        a.cause, a.created_at, a.is_read, a.resolved_at, c.quiet_until, a.revision
    FROM alerts a JOIN categories c ON c.user_id = a.user_id AND c.id = a.category_id
    WHERE a.user_id = $1 AND (a.revision, a.id) > ($2, $3) ORDER BY a.revision, a.id LIMIT $4";
const HISTORY: &str = "SELECT id, expense_id, revision, created_at, field, category_id, month, was_number, was_text,
        was_category, now_number, now_text, now_category
    FROM history WHERE user_id = $1 AND (revision, id) > ($2, $3) ORDER BY revision, id LIMIT $4";
// One revision takes away things of one kind only.
const TOMBSTONES: &str = "SELECT id, thing, revision, into_id FROM tombstones
    WHERE user_id = $1 AND (revision, id) > ($2, $3) ORDER BY revision, id LIMIT $4";

/// The next rows of one kind, in their order.
fn rows(tx: &mut dyn Tx, scope: &Scope, at: Place, kind: u8, limit: usize) -> Result<Vec<Change>, StoreError> {
    let [revision, id, month] = at.bounds(kind);
    let limit = Value::Int(i64::try_from(limit).unwrap_or(i64::MAX));
    let user = Value::from(scope.user);
    let (sql, with_month) = match kind {
        1 => (CATEGORIES, false),
        2 => (LIMITS, true),
        3 => (MOVES, true),
        4 => (EXPENSES, false),
        5 => (RULES, false),
        6 => (ALERTS, false),
        7 => (HISTORY, false),
        _ => (TOMBSTONES, false),
    };
    let params = if with_month {
        vec![user, revision, id, month, limit]
    } else {
        vec![user, revision, id, limit]
    };
    let found = tx.query_all(sql, &params)?;
    found.iter().map(|row| read(row, scope, kind)).collect()
}

fn read(row: &Row, scope: &Scope, kind: u8) -> Result<Change, StoreError> {
    let (revision, row) = match kind {
        1 => (row.int(10)?, ChangedRow::Category(category(row)?)),
        2 => {
            let limit = LimitRow {
                category_id: row.id(0)?,
                month: Month::from_index(row.int(1)?),
                limit_minor: row.opt_int(2)?,
            };
            (row.int(3)?, ChangedRow::Limit(limit))
        }
        3 => {
            let moved = MovedRow {
                category_id: row.id(0)?,
                month: Month::from_index(row.int(1)?),
                moved_minor: row.int(2)?,
            };
            (row.int(3)?, ChangedRow::Moved(moved))
        }
        4 => (row.int(7)?, ChangedRow::Expense(expenses::read(row)?)),
        5 => (row.int(5)?, ChangedRow::Rule(rules::read(row)?)),
        6 => (row.int(13)?, ChangedRow::Alert(alerts::read(row, scope)?)),
        7 => (row.int(2)?, ChangedRow::History(history::read(row)?)),
        _ => {
            let thing = Thing::from_str(row.text(1)?).map_err(|e| StoreError::Sql(e.to_string()))?;
            let gone = Gone {
                thing,
                id: row.id(0)?,
                into: row.opt_id(3)?,
            };
            (row.int(2)?, ChangedRow::Gone(gone))
        }
    };
    Ok(Change { revision, row })
}

fn category(row: &Row) -> Result<CategoryRow, StoreError> {
    let kept = categories::read(row)?;
    Ok(CategoryRow {
        category: kept.category,
        place: row.int(9)?,
        carry_since: kept.carry_since,
        hidden_since: kept.hidden_since,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn places_lead_back(
            base in 1_i64..,
            row in proptest::option::of((0_i64.., 0..KINDS, any::<u128>(), 0_i64..10_000)),
        ) {
            let at = row.map_or(Place::after(base), |(revision, kind, id, month)| Place {
                revision,
                kind,
                id: Uuid::from_u128(id),
                month,
            });
            let since = Since { base: Some(base), at };
            prop_assert_eq!(since.to_string().parse(), Ok(since));
        }

        #[test]
        fn any_text_is_safe(text in "\\PC{0,60}") {
            let _ = text.parse::<Since>();
        }
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for text in [
            "",
            "-1",
            "+1",
            "1.",
            "1.2",
            "1.2.8.x.0",
            "9999999999999999999",
            " 1",
            "1.2.9.00000000000000000000000000000000.0",
        ] {
            assert!(text.parse::<Since>().is_err(), "{text}");
        }
        assert_eq!("0".parse(), Ok(Since::NOTHING));
    }
}
