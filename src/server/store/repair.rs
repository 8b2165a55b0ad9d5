//! Makes what is derived from one user's data anew.

use jiff::Timestamp;
use uuid::Uuid;

use super::tx::{StoreError, Tx};
use super::{accounts, calendar, categories, judge, verify};
use crate::domain::expense::UNSURE_BELOW;

/// Makes all sums, counts and alerts of a user, and what was learned, anew from the expenses.
pub(super) fn repair(tx: &mut dyn Tx, user: Uuid, now: Timestamp) -> Result<(), StoreError> {
    tx.hold(user)?;
    let highest = verify::highest_revision(tx, user)?;
    tx.execute(
        "UPDATE users SET revision = $1 WHERE id = $2 AND revision < $1",
        &[highest.into(), user.into()],
    )?;
    let scope = accounts::load(tx, user)?.scope(now);
    sum_up_days(tx, user)?;
    calendar::sum_up(tx, &scope)?;
    count_reviews(tx, user)?;
    learn(tx, user)?;
    // Whoever shows the old sums reads them again.
    accounts::bump(tx, user)?;
    for category in categories::all(tx, &scope)? {
        judge::judge_all(tx, &scope, &category)?;
    }
    Ok(())
}

fn sum_up_days(tx: &mut dyn Tx, user: Uuid) -> Result<(), StoreError> {
    tx.execute("DELETE FROM day_sums WHERE user_id = $1", &[user.into()])?;
    tx.execute(
        "INSERT INTO day_sums (user_id, day, category_id, spent, n)
         SELECT user_id, day, COALESCE(category_id, $1), CAST(SUM(amount_minor) AS BIGINT), COUNT(*) FROM expenses
         WHERE user_id = $2 AND deleted = 0 GROUP BY user_id, day, category_id",
        &[Uuid::nil().into(), user.into()],
    )?;
    Ok(())
}

fn count_reviews(tx: &mut dyn Tx, user: Uuid) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE expenses SET to_review =
             CASE WHEN category_id IS NULL OR (category_source <> 'you' AND confidence < $1) THEN 1 ELSE 0 END
         WHERE user_id = $2 AND to_review <>
             CASE WHEN category_id IS NULL OR (category_source <> 'you' AND confidence < $1) THEN 1 ELSE 0 END",
        &[i64::from(UNSURE_BELOW).into(), user.into()],
    )?;
    tx.execute(
        "UPDATE users SET to_review =
             (SELECT COUNT(*) FROM expenses e WHERE e.user_id = users.id AND e.deleted = 0 AND e.to_review = 1)
         WHERE id = $1",
        &[user.into()],
    )?;
    Ok(())
}

fn learn(tx: &mut dyn Tx, user: Uuid) -> Result<(), StoreError> {
    let (words, strangers) = verify::taught(tx, user)?;
    tx.execute("DELETE FROM learned WHERE user_id = $1", &[user.into()])?;
    for ((word, category), weight) in words {
        tx.execute(
            "INSERT INTO learned (user_id, word, category_id, weight) VALUES ($1, $2, $3, $4)",
            &[user.into(), word.into(), category.into(), weight.into()],
        )?;
    }
    for (id, merchant) in strangers {
        tx.execute(
            "UPDATE expenses SET merchant = $1 WHERE user_id = $2 AND id = $3",
            &[merchant.into(), user.into(), id.into()],
        )?;
    }
    Ok(())
}
