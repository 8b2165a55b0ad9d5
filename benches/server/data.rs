//! Databases with users who are logged in already.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use budget_tracker::domain::{Calendar, Currency};
use budget_tracker::server::store::expenses::{self, Draft, Placing};
use budget_tracker::server::store::{
    AtClose, Scope, Store, accounts, budgets, categories, local_day,
    sessions::{self, Origin},
};
use jiff::{Timestamp, ToSpan};
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use uuid::Uuid;

use super::Outcome;

/// What every expense of these benches was for.
pub const DESCRIPTION: &str = "Nakamura ramen";

/// The temporary folder of one bench; taken away with all its databases at the end.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Outcome<Self> {
        Ok(Self(tempfile::tempdir()?))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

/// A user with a session.
#[derive(Clone)]
pub struct User {
    pub scope: Scope,
    pub token: String,
    /// Categories with limits.
    pub places: Vec<Uuid>,
}

impl User {
    pub fn draft(&self, number: usize) -> Draft {
        let back = i64::try_from(number % 240).unwrap_or_default();
        Draft {
            id: Uuid::now_v7(),
            day: self.scope.today.checked_sub(back.days()).unwrap_or(self.scope.today),
            description: DESCRIPTION.to_owned(),
            amount_minor: 100,
            placing: Placing::by_user(self.places[number % self.places.len()]),
            fingerprint: vec![1; 16],
        }
    }
}

/// Opens the store in this process.
pub fn open(file: &Path) -> Outcome<Store> {
    Ok(Store::open(file, 0, Box::new(|_| {}))?)
}

/// Makes a database with some users, each with ten limits and some expenses in the last eight months.
pub async fn database(file: &Path, users: usize, each: usize) -> Outcome<Vec<User>> {
    let store = open(file)?;
    let made = store
        .write(move |tx| {
            (0..users)
                .map(|number| {
                    let user = user(tx, &format!("user{number}"), "x")?;
                    for number in 0..each {
                        expenses::add(tx, &user.scope, &user.draft(number))?;
                    }
                    Ok(user)
                })
                .collect::<Result<Vec<_>, _>>()
        })
        .await?;
    store.close(AtClose::EmptyLog).await;
    Ok(made)
}

/// One more user in this transaction, with ten limits; `password` is a PHC string.
pub fn user(
    tx: &mut dyn budget_tracker::server::store::Tx,
    name: &str,
    password: &str,
) -> Result<User, budget_tracker::server::store::StoreError> {
    let now = Timestamp::now();
    let new = accounts::NewUser {
        id: Uuid::new_v4(),
        name: name.to_owned(),
        email: "bench@example.org".to_owned(),
        password: password.to_owned(),
        currency: Currency::USD,
        time_zone: "UTC".to_owned(),
        calendar: Calendar::default(),
        demo: false,
    };
    accounts::create(tx, &new, local_day("UTC", now), now.as_millisecond())?;
    let secret: [u8; 32] = rand::random();
    let token = format!("bt1_{}_{}", new.id.simple(), URL_SAFE_NO_PAD.encode(secret));
    sessions::begin(
        tx,
        new.id,
        &Sha256::digest(secret),
        &Origin::default(),
        now.as_millisecond(),
    )?;
    let scope = accounts::load(tx, new.id)?.scope(now);
    let spending = categories::list(tx, &scope)?
        .into_iter()
        .filter(|category| category.kind.is_spending());
    let places: Vec<Uuid> = spending.map(|category| category.id).take(10).collect();
    for place in &places {
        budgets::set(tx, &scope, *place, scope.month(), Some(1_000_000_000), None)?;
    }
    Ok(User { scope, token, places })
}

/// Gives a user many expenses at once: the same thousand pairs of a day and a category, again and again. Goes round
/// the store, which would take hours, and leaves the same sums behind.
pub fn fill(file: &Path, user: &User, rows: u32) -> Outcome {
    let mut conn = Connection::open(file)?;
    conn.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144;")?;
    let tx = conn.transaction()?;
    let indices: Vec<(String, String)> = tx
        .prepare(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'expenses' AND sql IS NOT NULL",
        )?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (name, _) in &indices {
        tx.execute_batch(&format!("DROP INDEX {name}"))?;
    }
    let id = user.scope.user.as_bytes().as_slice();
    let today = budget_tracker::server::store::day_number(user.scope.today);
    tx.execute_batch("CREATE TEMP TABLE places (place INTEGER PRIMARY KEY, id BLOB)")?;
    for (place, category) in (0_i64..).zip(&user.places) {
        tx.execute(
            "INSERT INTO temp.places VALUES (?1, ?2)",
            params![place, category.as_bytes().as_slice()],
        )?;
    }
    tx.execute(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?3 - 1)
         INSERT INTO expenses (user_id, id, seq, revision, day, description, amount_minor, category_id, category_source,
             confidence, fingerprint, created_at)
         SELECT ?1, CAST(printf('%016d', i) AS BLOB), i + 1, i + 1, ?2 - i % 100, 'Shop', 100,
             (SELECT id FROM temp.places WHERE place = i / 100 % 10), 'lexicon', 90, x'', 1
         FROM n",
        params![id, today, rows],
    )?;
    tx.execute(
        "INSERT INTO day_sums (user_id, day, category_id, spent, n)
         SELECT user_id, day, category_id, SUM(amount_minor), COUNT(*) FROM expenses GROUP BY user_id, day, category_id",
        [],
    )?;
    let days: Vec<(i64, Vec<u8>, i64, i64)> = tx
        .prepare("SELECT day, category_id, spent, n FROM day_sums")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
        .collect::<Result<_, _>>()?;
    for (day, category, spent, n) in days {
        let date = user.scope.today.checked_sub((today - day).days())?;
        let month = user.scope.calendar.month_of(date).index();
        tx.execute(
            "INSERT INTO rollups (user_id, month, category_id, spent, n) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET spent = spent + excluded.spent, n = n + excluded.n",
            params![id, month, category, spent, n],
        )?;
    }
    tx.execute("UPDATE users SET revision = ?2 WHERE id = ?1", params![id, rows])?;
    for (_, sql) in &indices {
        tx.execute_batch(sql)?;
    }
    tx.commit()?;
    Ok(())
}
