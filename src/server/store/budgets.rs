//! Limits by category and month: one holds from the month in which it was set until the next change. What is moved
//! between categories counts in its month only.

use uuid::Uuid;

use super::categories::{self, Kept};
use super::history::{self, Seen};
use super::limits::{self, SetLimit};
use super::scope::Scope;
use super::tx::{StoreError, Tx};
use super::{accounts, judge};
use crate::api::{Budget, MoveBudget, Replaced};
use crate::domain::{Money, Month};

/// The limits in force in `month` as they were set, in display order.
pub fn list(tx: &mut dyn Tx, scope: &Scope, month: Month) -> Result<Vec<Budget>, StoreError> {
    let limits = limits::all(tx, scope, month)?;
    let categories = categories::all(tx, scope)?;
    let budget = |category: &Kept| {
        let SetLimit { minor, since } = limits.set(category, month)?;
        Some(Budget {
            category_id: category.category.id,
            limit_minor: minor,
            since,
        })
    };
    Ok(categories.iter().filter_map(budget).collect())
}

/// Sets the limit from `month` on; `None` clears it from `month` on. Nothing happens when it is so already.
///
/// `base` is the revision that the wish is based on: a limit that was changed after it is not overwritten, that is for a
/// person to decide. Without it nothing is asked, and what gives way is kept in the history.
pub fn set(
    tx: &mut dyn Tx,
    scope: &Scope,
    category: Uuid,
    month: Month,
    limit: Option<i64>,
    base: Option<i64>,
) -> Result<(), StoreError> {
    let wish = Wish { category, month, limit };
    let change = look(tx, scope, &wish)?;
    match change {
        Some(change) if base.is_some_and(|base| change.before_at > base) => {
            Err(outdated(scope, &change.kept, change.before))
        }
        Some(change) => write(tx, scope, &wish, change, &Seen::up_to(base)).map(|_| ()),
        None => Ok(()),
    }
}

/// A limit from a month on; none: no limit.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// Of which category.
    pub category: Uuid,
    /// From when on.
    pub month: Month,
    /// Minor units, zero or more.
    pub limit: Option<i64>,
}

/// [`set`] for a device that was on its own: it is the later one, and what it has not seen is kept in the history.
/// Returns the revision that it made, unless everything was so already.
pub fn overwrite(tx: &mut dyn Tx, scope: &Scope, wish: &Wish, seen: &Seen) -> Result<Option<i64>, StoreError> {
    match look(tx, scope, wish)? {
        Some(change) => write(tx, scope, wish, change, seen).map(Some),
        None => Ok(None),
    }
}

/// A limit that is about to be replaced.
struct Replacing {
    kept: Kept,
    /// What is in force, and since which revision; zero when there never was any.
    before: Option<SetLimit>,
    before_at: i64,
}

/// What a wish replaces; none when it is so already.
fn look(tx: &mut dyn Tx, scope: &Scope, wish: &Wish) -> Result<Option<Replacing>, StoreError> {
    let Wish { category, month, limit } = *wish;
    let kept = categories::get(tx, scope, category)?.ok_or(StoreError::NotFound("category"))?;
    if limit.is_some() {
        check_takes_limit(&kept, month, "category_id")?;
    }
    let before = latest(tx, scope, category, month)?;
    let moved = moved(tx, scope, category, month)?;
    let is_so_already = match (before.limit, limit) {
        (None, None) => true,
        (Some(old), Some(new)) => before.since == Some(month) && old == new,
        _ => false,
    };
    if is_so_already && moved.amount == 0 {
        return Ok(None);
    }
    Ok(Some(Replacing {
        before: limits::of_category(tx, scope, category, month)?.set(&kept, month),
        before_at: before.revision.max(moved.revision),
        kept,
    }))
}

fn write(
    tx: &mut dyn Tx,
    scope: &Scope,
    wish: &Wish,
    Replacing {
        kept,
        before,
        before_at,
    }: Replacing,
    seen: &Seen,
) -> Result<i64, StoreError> {
    let Wish { category, month, limit } = *wish;
    let revision = accounts::bump(tx, scope.user)?;
    let was = before.map(|before| before.minor);
    if before_at > 0 && was != limit && !seen.has(before_at) {
        let replaced = Replaced::LimitMinor {
            category_id: category,
            month,
            was,
            now: limit,
        };
        history::keep(tx, scope, None, &replaced, revision)?;
    }
    tx.execute(
        "INSERT INTO budgets (user_id, category_id, month, limit_minor, revision) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (user_id, category_id, month)
         DO UPDATE SET limit_minor = excluded.limit_minor, revision = excluded.revision",
        &[
            scope.user.into(),
            category.into(),
            month.index().into(),
            limit.into(),
            revision.into(),
        ],
    )?;
    tx.execute(
        "UPDATE budget_moves SET moved = 0, revision = $1 WHERE user_id = $2 AND category_id = $3 AND month = $4",
        &[
            revision.into(),
            scope.user.into(),
            category.into(),
            month.index().into(),
        ],
    )?;
    let last = last_month_under(tx, scope, &kept, month)?;
    for affected in judge::months_with_news(tx, scope, &kept, month, last)? {
        judge::judge(tx, scope, &kept, affected)?;
    }
    Ok(revision)
}

/// Takes from one limit what it gives to another, in `month` only. No category gives more than was set for it.
pub fn shift(tx: &mut dyn Tx, scope: &Scope, month: Month, wish: &MoveBudget) -> Result<(), StoreError> {
    let missing = || StoreError::NotFound("category");
    let from = categories::get(tx, scope, wish.from)?.ok_or_else(missing)?;
    let to = categories::get(tx, scope, wish.to)?.ok_or_else(missing)?;
    if wish.from == wish.to {
        return Err(StoreError::invalid("to", "Choose another category to give to."));
    }
    check_takes_limit(&from, month, "from")?;
    check_takes_limit(&to, month, "to")?;
    let limits = limits::all(tx, scope, month)?;
    let money = |minor| Money::new(minor, scope.currency);
    let has = limits.set(&from, month).map_or(0, |limit| limit.minor);
    if wish.amount_minor > has {
        let message = format!(
            "{} has only {} to give in {}. Move that much or less.",
            from.category.name,
            money(has).short_symbol(),
            month.long_name()
        );
        return Err(StoreError::invalid("amount_minor", message));
    }
    let gets = limits.set(&to, month).map_or(0, |limit| limit.minor);
    let sum = gets.saturating_add(wish.amount_minor);
    money(sum)
        .within_limits()
        .map_err(|error| StoreError::invalid("amount_minor", error.to_string()))?;
    let revision = accounts::bump(tx, scope.user)?;
    for (kept, amount) in [(&from, -wish.amount_minor), (&to, wish.amount_minor)] {
        limits::add_move(tx, scope, kept.category.id, (month, amount), revision)?;
        let last = if kept.carry_since.is_some() {
            limits::last_that_inherits(month)
        } else {
            month
        };
        for affected in judge::months_with_news(tx, scope, kept, month, last)? {
            judge::judge(tx, scope, kept, affected)?;
        }
    }
    Ok(())
}

fn check_takes_limit(kept: &Kept, month: Month, field: &'static str) -> Result<(), StoreError> {
    if kept.takes_limit(month) {
        return Ok(());
    }
    Err(StoreError::invalid(
        field,
        if kept.category.kind.is_spending() {
            "This category is hidden. Show it again to give it a limit."
        } else {
            "This category is no spending, so it takes no limit."
        },
    ))
}

fn outdated(scope: &Scope, kept: &Kept, now: Option<SetLimit>) -> StoreError {
    let name = &kept.category.name;
    StoreError::Outdated(match now {
        Some(limit) => format!(
            "The limit of {name} was changed meanwhile: it is {} now. Look at it again.",
            Money::new(limit.minor, scope.currency).short_symbol()
        ),
        None => format!("The limit of {name} was taken away meanwhile. Look at it again."),
    })
}

/// The last change of a limit.
#[derive(Default)]
struct Latest {
    since: Option<Month>,
    limit: Option<i64>,
    revision: i64,
}

fn latest(tx: &mut dyn Tx, scope: &Scope, category: Uuid, month: Month) -> Result<Latest, StoreError> {
    let row = tx.query_opt(
        "SELECT month, limit_minor, revision FROM budgets WHERE user_id = $1 AND category_id = $2 AND month <= $3
         ORDER BY month DESC LIMIT 1",
        &[scope.user.into(), category.into(), month.index().into()],
    )?;
    row.map_or(Ok(Latest::default()), |row| {
        Ok(Latest {
            since: Some(Month::from_index(row.int(0)?)),
            limit: row.opt_int(1)?,
            revision: row.int(2)?,
        })
    })
}

/// What a month's limit got or gave.
#[derive(Default)]
struct Moved {
    amount: i64,
    revision: i64,
}

fn moved(tx: &mut dyn Tx, scope: &Scope, category: Uuid, month: Month) -> Result<Moved, StoreError> {
    let row = tx.query_opt(
        "SELECT moved, revision FROM budget_moves WHERE user_id = $1 AND category_id = $2 AND month = $3",
        &[scope.user.into(), category.into(), month.index().into()],
    )?;
    row.map_or(Ok(Moved::default()), |row| {
        Ok(Moved {
            amount: row.int(0)?,
            revision: row.int(1)?,
        })
    })
}

/// The last month in which the limit set in `since` decides about something: the one before the next change, or
/// any later one when rests move on.
fn last_month_under(tx: &mut dyn Tx, scope: &Scope, kept: &Kept, since: Month) -> Result<Month, StoreError> {
    let end = Month::from_index(i64::MAX);
    if kept.carry_since.is_some() {
        return Ok(end);
    }
    let next = tx.query_opt(
        "SELECT MIN(month) FROM budgets WHERE user_id = $1 AND category_id = $2 AND month > $3",
        &[scope.user.into(), kept.category.id.into(), since.index().into()],
    )?;
    let next = next.map_or(Ok(None), |row| row.opt_int(0))?;
    Ok(next.map_or(end, |next| Month::from_index(next - 1)))
}
