//! The user's categories.

use std::str::FromStr;

use uuid::Uuid;

use super::scope::Scope;
use super::tx::{Row, StoreError, Tx};
use crate::api::Category;
use crate::domain::AlertRules;
use crate::domain::category::{DEFAULTS, Kind};

/// Gives a new user the default categories, in their order.
pub(super) fn create_defaults(tx: &mut dyn Tx, user: Uuid) -> Result<(), StoreError> {
    for (sort, (name, kind)) in (0_i64..).zip(DEFAULTS) {
        tx.execute(
            "INSERT INTO categories (user_id, id, name, kind, sort) VALUES ($1, $2, $3, $4, $5)",
            &[
                user.into(),
                Uuid::now_v7().into(),
                name.into(),
                kind.to_string().into(),
                sort.into(),
            ],
        )?;
    }
    Ok(())
}

/// All categories in display order.
pub fn list(tx: &mut dyn Tx, scope: &Scope) -> Result<Vec<Category>, StoreError> {
    let rows = tx.query_all(
        "SELECT id, name, kind FROM categories WHERE user_id = $1 ORDER BY sort, name",
        &[scope.user.into()],
    )?;
    rows.iter().map(read).collect()
}

/// The category that a request names, which must be one of the user's own.
pub fn chosen(tx: &mut dyn Tx, scope: &Scope, id: Uuid) -> Result<Category, StoreError> {
    let unknown = || StoreError::invalid("category_id", "You have no such category. Choose one of the list.");
    get(tx, scope, id)?.ok_or_else(unknown)
}

/// One category, if the user has it.
pub fn get(tx: &mut dyn Tx, scope: &Scope, id: Uuid) -> Result<Option<Category>, StoreError> {
    let row = tx.query_opt(
        "SELECT id, name, kind FROM categories WHERE user_id = $1 AND id = $2",
        &[scope.user.into(), id.into()],
    )?;
    row.as_ref().map(read).transpose()
}

/// The category of this name, if the user has it.
pub fn named(tx: &mut dyn Tx, scope: &Scope, name: &str) -> Result<Option<Category>, StoreError> {
    let row = tx.query_opt(
        "SELECT id, name, kind FROM categories WHERE user_id = $1 AND name = $2",
        &[scope.user.into(), name.into()],
    )?;
    row.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<Category, StoreError> {
    Ok(Category {
        id: row.id(0)?,
        name: row.text(1)?.to_owned(),
        kind: Kind::from_str(row.text(2)?).map_err(|e| StoreError::Sql(e.to_string()))?,
        alert_at: AlertRules::default(),
        carry_over: false,
        hidden: false,
    })
}
