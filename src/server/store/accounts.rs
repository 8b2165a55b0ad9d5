//! Users and their names.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use uuid::Uuid;

use super::categories;
use super::scope::{Scope, day_number, local_day};
use super::tx::{Ask, Row, Several, StoreError, TOGETHER, Tx, together};
use crate::api::Account;
use crate::domain::{Calendar, Currency, account};

/// A user as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: Uuid,
    /// What others may see of it.
    pub account: Account,
    /// The currency of every amount.
    pub currency: Currency,
    /// The last local day, as a number, on which alerts were judged.
    pub judged_day: i64,
}

impl User {
    /// The user at the moment `now`.
    #[must_use]
    pub fn scope(&self, now: Timestamp) -> Scope {
        Scope {
            user: self.id,
            currency: self.currency,
            calendar: self.account.calendar,
            today: local_day(&self.account.time_zone, now),
            now: now.as_millisecond(),
        }
    }
}

/// A user to be stored; every field has passed its check.
#[derive(Clone)]
pub struct NewUser {
    /// A random id.
    pub id: Uuid,
    /// The name as chosen.
    pub name: String,
    /// The email address.
    pub email: String,
    /// The password's PHC string.
    pub password: String,
    /// The currency of every amount.
    pub currency: Currency,
    /// IANA time zone.
    pub time_zone: String,
    /// When months begin.
    pub calendar: Calendar,
    /// Whether this is the sample user.
    pub demo: bool,
}

/// What a log-in is checked against.
#[derive(Clone)]
pub struct Credentials {
    /// Whose.
    pub user: Uuid,
    /// The password's PHC string.
    pub password: String,
    /// Whether this is the sample user.
    pub demo: bool,
    /// Whether the administrator keeps it from logging in.
    pub disabled: bool,
    /// Whether a log-in asks for a code too.
    pub second_factor: bool,
    /// Until when the password lets in, UTC ms; nothing where the user has chosen it.
    pub password_until: Option<i64>,
}

/// What somebody is told who wants a name that is taken.
pub const NAME_TAKEN: &str = "This user name is taken. Choose another, or log in.";

const COLUMNS: &str =
    "SELECT id, name, email, currency, time_zone, revision, judged_day, month_start FROM users WHERE id = $1";

/// Stores a user with the default categories.
pub fn create(tx: &mut dyn Tx, new: &NewUser, today: Date, now: i64) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO users (id, name, email, password, currency, time_zone, demo, revision, judged_day, created_at,
             month_start)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10)",
        &[
            new.id.into(),
            new.name.as_str().into(),
            new.email.as_str().into(),
            new.password.as_str().into(),
            new.currency.code().into(),
            new.time_zone.as_str().into(),
            new.demo.into(),
            day_number(today).into(),
            now.into(),
            i64::from(new.calendar.month_start()).into(),
        ],
    )?;
    let taken = tx.execute(
        "INSERT INTO usernames (name_key, user_id) VALUES ($1, $2) ON CONFLICT (name_key) DO NOTHING",
        &[account::name_key(&new.name).into(), new.id.into()],
    )? == 0;
    if taken {
        return Err(StoreError::conflict("name", NAME_TAKEN));
    }
    categories::create_defaults(tx, new.id)
}

/// What to check a log-in under `name` against, in any spelling of it.
pub fn credentials(tx: &mut dyn Tx, name: &str) -> Result<Option<Credentials>, StoreError> {
    let row = tx.query_opt(
        "SELECT u.id, u.password, u.demo, u.disabled, COALESCE(f.confirmed, 0), u.password_until
         FROM usernames n JOIN users u ON u.id = n.user_id LEFT JOIN second_factors f ON f.user_id = u.id
         WHERE n.name_key = $1",
        &[account::name_key(name).into()],
    )?;
    row.as_ref().map(read_credentials).transpose()
}

/// [`credentials`] of the user with this id.
pub fn credentials_of(tx: &mut dyn Tx, user: Uuid) -> Result<Credentials, StoreError> {
    let row = tx.query_opt(
        "SELECT u.id, u.password, u.demo, u.disabled, COALESCE(f.confirmed, 0), u.password_until
         FROM users u LEFT JOIN second_factors f ON f.user_id = u.id WHERE u.id = $1",
        &[user.into()],
    )?;
    read_credentials(&row.ok_or(StoreError::NotFound("user"))?)
}

fn read_credentials(row: &Row) -> Result<Credentials, StoreError> {
    Ok(Credentials {
        user: row.id(0)?,
        password: row.text(1)?.to_owned(),
        demo: row.flag(2)?,
        disabled: row.flag(3)?,
        second_factor: row.flag(4)?,
        password_until: row.opt_int(5)?,
    })
}

/// The user with this id.
pub fn load(tx: &mut dyn Tx, user: Uuid) -> Result<User, StoreError> {
    let row = tx.query_opt(COLUMNS, &[user.into()])?;
    read(&row.ok_or(StoreError::NotFound("user"))?)
}

/// A user as the administrator sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserEntry {
    /// The user name.
    pub name: String,
    /// The email address.
    pub email: String,
    /// When the account was made, UTC ms.
    pub created_at: i64,
    /// Whether it may not log in.
    pub disabled: bool,
    /// Whether a log-in asks for a code.
    pub second_factor: bool,
    /// Sessions that hold.
    pub sessions: i64,
    /// When one of them was last used, UTC ms, to ten minutes.
    pub last_seen: Option<i64>,
}

/// All users by name, with the sessions that were begun after `created` and used after `seen` (UTC ms).
pub fn list(tx: &mut dyn Tx, seen: i64, created: i64) -> Result<Vec<UserEntry>, StoreError> {
    let rows = tx.query_all(
        "SELECT u.name, u.email, u.created_at, u.disabled, COALESCE(f.confirmed, 0), COUNT(s.token_hash),
             MAX(s.last_seen)
         FROM users u LEFT JOIN second_factors f ON f.user_id = u.id
             LEFT JOIN sessions s ON s.user_id = u.id AND s.last_seen >= $1 AND s.created_at >= $2
         GROUP BY u.id, u.name, u.email, u.created_at, u.disabled, f.confirmed ORDER BY u.name",
        &[seen.into(), created.into()],
    )?;
    let read = |row: &Row| {
        Ok(UserEntry {
            name: row.text(0)?.to_owned(),
            email: row.text(1)?.to_owned(),
            created_at: row.int(2)?,
            disabled: row.flag(3)?,
            second_factor: row.flag(4)?,
            sessions: row.int(5)?,
            last_seen: row.opt_int(6)?,
        })
    };
    rows.iter().map(read).collect()
}

/// Keeps the user from logging in, or no longer.
pub fn set_disabled(tx: &mut dyn Tx, user: Uuid, disabled: bool) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE users SET disabled = $1 WHERE id = $2",
        &[disabled.into(), user.into()],
    )?;
    Ok(())
}

/// Takes a user and everything of it away, for good.
pub fn remove(tx: &mut dyn Tx, user: Uuid) -> Result<(), StoreError> {
    // What refers to something goes before it.
    for statement in [
        "DELETE FROM sessions WHERE user_id = $1",
        "DELETE FROM recovery_codes WHERE user_id = $1",
        "DELETE FROM second_factors WHERE user_id = $1",
        "DELETE FROM refusals WHERE user_id = $1",
        "DELETE FROM devices WHERE user_id = $1",
        "DELETE FROM history WHERE user_id = $1",
        "DELETE FROM tombstones WHERE user_id = $1",
        "DELETE FROM alerts WHERE user_id = $1",
        "DELETE FROM rules WHERE user_id = $1",
        "DELETE FROM learned WHERE user_id = $1",
        "DELETE FROM budget_moves WHERE user_id = $1",
        "DELETE FROM budgets WHERE user_id = $1",
        "DELETE FROM day_sums WHERE user_id = $1",
        "DELETE FROM rollups WHERE user_id = $1",
        "DELETE FROM expenses WHERE user_id = $1",
        "DELETE FROM categories WHERE user_id = $1",
        "DELETE FROM usernames WHERE user_id = $1",
        "DELETE FROM users WHERE id = $1",
    ] {
        tx.execute(statement, &[user.into()])?;
    }
    Ok(())
}

/// Whether there is any user at all.
pub fn any(tx: &mut dyn Tx) -> Result<bool, StoreError> {
    Ok(tx.query_opt("SELECT 1 FROM usernames LIMIT 1", &[])?.is_some())
}

/// Gives the user another password, which lets in until `until` (UTC ms), or for good.
pub fn set_password(tx: &mut dyn Tx, user: Uuid, password: &str, until: Option<i64>) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE users SET password = $1, password_until = $2 WHERE id = $3",
        &[password.into(), until.into(), user.into()],
    )?;
    Ok(())
}

/// Replaces the PHC string of the same password.
pub fn rehash_password(tx: &mut dyn Tx, user: Uuid, password: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE users SET password = $1 WHERE id = $2",
        &[password.into(), user.into()],
    )?;
    Ok(())
}

/// Moves the user on to the next revision: once in every transaction that changes the user's data.
pub fn bump(tx: &mut dyn Tx, user: Uuid) -> Result<i64, StoreError> {
    let revision = step(tx, user, 1)?;
    tx.note_revision(user, revision);
    Ok(revision)
}

/// Moves the user's revision by so many and tells nobody.
pub(super) fn step(tx: &mut dyn Tx, user: Uuid, by: i64) -> Result<i64, StoreError> {
    let row = tx.query_opt(
        "UPDATE users SET revision = revision + $1 WHERE id = $2 RETURNING revision",
        &[by.into(), user.into()],
    )?;
    row.ok_or(StoreError::NotFound("user"))?.int(0)
}

/// By how much a user moves on.
pub(super) struct Advance {
    pub(super) user: Uuid,
    /// Revisions.
    pub(super) revisions: i64,
    /// Expenses that begin to wait for a review.
    pub(super) to_review: i64,
}

static ADVANCE: LazyLock<Several> = LazyLock::new(|| {
    Several::new(|users| {
        let by = |value: &dyn Fn(usize) -> usize| {
            let when = |user| format!("WHEN ${} THEN ${}", 2 * user + 1, value(user));
            (0..users).map(when).collect::<Vec<_>>().join(" ")
        };
        let (revisions, waiting) = (by(&|user| 2 * user + 2), by(&|user| 2 * users + user + 1));
        let ids: Vec<String> = (0..users).map(|user| format!("${}", 2 * user + 1)).collect();
        format!(
            "UPDATE users SET revision = revision + CASE id {revisions} ELSE 0 END,
                 to_review = to_review + CASE id {waiting} ELSE 0 END
             WHERE id IN ({}) RETURNING id, revision, month_start",
            ids.join(", ")
        )
    })
});

/// Moves different users on: [`read_advanced`] reads the answers.
pub(super) fn advance(users: Vec<Advance>) -> Vec<Ask> {
    ADVANCE.asks(users, |few| {
        let revisions = few.iter().flat_map(|one| [one.user.into(), one.revisions.into()]);
        revisions.chain(few.iter().map(|one| one.to_review.into())).collect()
    })
}

/// The last of each user's revisions, and when their months begin.
pub(super) fn read_advanced(rows: &[Row]) -> Result<HashMap<Uuid, (i64, Calendar)>, StoreError> {
    let user = |row: &Row| Ok((row.id(0)?, (row.int(1)?, calendar(row.int(2)?)?)));
    rows.iter().map(user).collect()
}

/// Counts expenses that began to wait for a review, or no longer do when `by` is less than zero.
pub(super) fn shift_to_review(tx: &mut dyn Tx, user: Uuid, by: i64) -> Result<(), StoreError> {
    if by != 0 {
        tx.change(
            "UPDATE users SET to_review = to_review + $1 WHERE id = $2",
            &[by.into(), user.into()],
        )?;
    }
    Ok(())
}

/// How many expenses wait for a review.
pub(super) fn to_review(tx: &mut dyn Tx, user: Uuid) -> Result<i64, StoreError> {
    let row = tx.query_opt("SELECT to_review FROM users WHERE id = $1", &[user.into()])?;
    row.ok_or(StoreError::NotFound("user"))?.int(0)
}

/// The user's revision now.
pub fn revision(tx: &mut dyn Tx, user: Uuid) -> Result<i64, StoreError> {
    let row = tx.query_opt("SELECT revision FROM users WHERE id = $1", &[user.into()])?;
    row.ok_or(StoreError::NotFound("user"))?.int(0)
}

/// The revisions of those of some users who exist.
pub fn revisions(tx: &mut dyn Tx, users: &[Uuid]) -> Result<Vec<(Uuid, i64)>, StoreError> {
    let mut revisions = Vec::with_capacity(users.len());
    for few in users.chunks(TOGETHER) {
        let rows = tx.query_all(
            "SELECT id, revision FROM users WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
                 $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)",
            &together(&[], few),
        )?;
        for row in &rows {
            revisions.push((row.id(0)?, row.int(1)?));
        }
    }
    Ok(revisions)
}

/// Remembers that the alerts were judged on `day`; returns the day before that.
pub fn set_judged_day(tx: &mut dyn Tx, user: Uuid, day: i64) -> Result<i64, StoreError> {
    let row = tx.query_opt("SELECT judged_day FROM users WHERE id = $1", &[user.into()])?;
    let before = row.ok_or(StoreError::NotFound("user"))?.int(0)?;
    if before != day {
        tx.execute(
            "UPDATE users SET judged_day = $1 WHERE id = $2",
            &[day.into(), user.into()],
        )?;
    }
    Ok(before)
}

/// Has the alerts judged anew when they are asked for next.
pub(super) fn judge_again(tx: &mut dyn Tx, scope: &Scope) -> Result<(), StoreError> {
    tx.change(
        "UPDATE users SET judged_day = $1 WHERE id = $2 AND judged_day > $1",
        &[(day_number(scope.today) - 1).into(), scope.user.into()],
    )
}

/// Reads the first eight columns of `row` as a user.
pub(super) fn read(row: &Row) -> Result<User, StoreError> {
    let currency = row.text(3)?;
    Ok(User {
        id: row.id(0)?,
        currency: Currency::from_code(currency).map_err(|e| StoreError::Sql(e.to_string()))?,
        account: Account {
            name: row.text(1)?.to_owned(),
            email: row.text(2)?.to_owned(),
            currency: currency.to_owned(),
            time_zone: row.text(4)?.to_owned(),
            calendar: calendar(row.int(7)?)?,
            revision: row.int(5)?,
        },
        judged_day: row.int(6)?,
    })
}

fn calendar(month_start: i64) -> Result<Calendar, StoreError> {
    Calendar::new(u8::try_from(month_start).unwrap_or_default()).map_err(|e| StoreError::Sql(e.to_string()))
}
