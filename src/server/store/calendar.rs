//! When a user's months begin, and everything that has to be summed up anew when that changes.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::scope::{Scope, day_of};
use super::tx::{StoreError, Tx};
use super::{accounts, categories, judge, rollups};
use crate::api::Account;
use crate::domain::{Calendar, Month};

/// Has the user's months begin as `wish` says. Sums and alerts of all months are made anew; limits keep their months.
pub fn change(tx: &mut dyn Tx, scope: &Scope, wish: Calendar) -> Result<Account, StoreError> {
    if wish != scope.calendar {
        let revision = accounts::bump(tx, scope.user)?;
        tx.execute(
            "UPDATE users SET month_start = $1, account_revision = $2 WHERE id = $3",
            &[i64::from(wish.month_start()).into(), revision.into(), scope.user.into()],
        )?;
        let scope = Scope {
            calendar: wish,
            ..*scope
        };
        sum_up(tx, &scope)?;
        for category in categories::all(tx, &scope)? {
            judge::judge_all(tx, &scope, &category)?;
        }
    }
    Ok(accounts::load(tx, scope.user)?.account)
}

/// Makes the sums of the months from those of the days.
pub(super) fn sum_up(tx: &mut dyn Tx, scope: &Scope) -> Result<(), StoreError> {
    let days = tx.query_all(
        "SELECT day, category_id, spent, n FROM day_sums WHERE user_id = $1",
        &[scope.user.into()],
    )?;
    let mut months: BTreeMap<(Month, Uuid), (i64, i64)> = BTreeMap::new();
    for row in &days {
        let month = scope.calendar.month_of(day_of(row.int(0)?)?);
        let (spent, n) = months.entry((month, row.id(1)?)).or_default();
        *spent = spent.saturating_add(row.int(2)?);
        *n += row.int(3)?;
    }
    tx.execute("DELETE FROM rollups WHERE user_id = $1", &[scope.user.into()])?;
    for ((month, category), (spent, n)) in months {
        rollups::in_range(spent)?;
        tx.execute(
            "INSERT INTO rollups (user_id, month, category_id, spent, n) VALUES ($1, $2, $3, $4, $5)",
            &[
                scope.user.into(),
                month.index().into(),
                category.into(),
                spent.into(),
                n.into(),
            ],
        )?;
    }
    Ok(())
}
