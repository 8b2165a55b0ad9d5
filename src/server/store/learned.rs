//! How often the user chose which category for which merchant.

use uuid::Uuid;

use super::scope::Scope;
use super::tx::{StoreError, Tx};
use crate::categorize::Learned;

/// The user's earlier choices for a merchant, most frequent first, of the categories in use.
pub fn choices(tx: &mut dyn Tx, scope: &Scope, merchant_key: &str) -> Result<Vec<Learned>, StoreError> {
    if merchant_key.is_empty() {
        return Ok(Vec::new());
    }
    let rows = tx.query_all(
        "SELECT c.name, l.n FROM learned l JOIN categories c ON c.user_id = l.user_id AND c.id = l.category_id
         WHERE l.user_id = $1 AND l.merchant_key = $2 AND l.n > 0 AND c.hidden_since IS NULL ORDER BY l.n DESC, c.sort",
        &[scope.user.into(), merchant_key.into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Learned {
                category: row.text(0)?.to_owned(),
                count: u32::try_from(row.int(1)?).unwrap_or(u32::MAX),
            })
        })
        .collect()
}

/// Counts one choice more (`by` 1) or takes one back (`by` -1).
pub(super) fn count(
    tx: &mut dyn Tx,
    scope: &Scope,
    merchant_key: &str,
    category: Uuid,
    by: i64,
) -> Result<(), StoreError> {
    if merchant_key.is_empty() {
        return Ok(());
    }
    tx.change(
        "INSERT INTO learned (user_id, merchant_key, category_id, n) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, merchant_key, category_id) DO UPDATE SET n = learned.n + excluded.n",
        &[scope.user.into(), merchant_key.into(), category.into(), by.into()],
    )?;
    Ok(())
}
