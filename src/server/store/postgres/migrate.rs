//! Brings a PostgreSQL database to this version's schema, with the steps of the SQLite file in its words.

use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Error};

use super::super::migrate::{STEPS, checksum, known};
use super::super::tx::StoreError;
use super::error;

/// A row that is locked while somebody migrates. The tables are made before it can be.
const PREPARE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
        version BIGINT NOT NULL PRIMARY KEY, checksum BYTEA NOT NULL, applied_at BIGINT NOT NULL);
    CREATE TABLE IF NOT EXISTS schema_lock (id BIGINT NOT NULL PRIMARY KEY);
    INSERT INTO schema_lock (id) VALUES (1) ON CONFLICT (id) DO NOTHING";
/// How often the tables are made when others make them at the same moment.
const MAX_TRIES: usize = 5;

/// What the steps say for SQLite, and how PostgreSQL says it. Texts are compared by their bytes in both.
const WORDS: [(&str, &str); 6] = [
    (" STRICT, WITHOUT ROWID", ""),
    (" STRICT", ""),
    ("INTEGER", "BIGINT"),
    ("BLOB", "BYTEA"),
    (" TEXT", " TEXT COLLATE \"C\""),
    ("zeroblob(16)", "decode(repeat('00', 16), 'hex')"),
];

/// A step in PostgreSQL's words.
fn translate(step: &str) -> String {
    let mut statements = String::new();
    for line in step.lines() {
        let statement = line.split_once("--").map_or(line, |(statement, _)| statement);
        statements.push_str(statement);
        statements.push('\n');
    }
    let translated = |text: String, (from, to): &(&str, &str)| text.replace(from, to);
    WORDS.iter().fold(statements, translated)
}

/// Applies the steps that the database does not have yet, all of them or none; `now` is UTC ms.
pub(super) async fn migrate(client: &mut Client, now: i64) -> Result<(), StoreError> {
    if found(client).await? == STEPS.len() {
        return Ok(());
    }
    prepare(client).await.map_err(|e| error(&e))?;
    let tx = client.transaction().await.map_err(|e| error(&e))?;
    // Others wait here, and find everything done.
    tx.query_one("SELECT id FROM schema_lock WHERE id = 1 FOR UPDATE", &[])
        .await
        .map_err(|e| error(&e))?;
    let done = applied(tx.client()).await?;
    for (version, step) in (1_i64..).zip(STEPS).skip(done) {
        tx.batch_execute(&translate(step)).await.map_err(|e| error(&e))?;
        tx.execute(
            "INSERT INTO schema_migrations (version, checksum, applied_at) VALUES ($1, $2, $3)",
            &[&version, &checksum(step), &now],
        )
        .await
        .map_err(|e| error(&e))?;
    }
    tx.commit().await.map_err(|e| error(&e))
}

/// Refuses a database that has another schema than this version's.
pub(super) async fn check(client: &Client) -> Result<(), StoreError> {
    match found(client).await? {
        0 => Err(StoreError::File(
            "This database holds no data of budget-tracker. Name another with --database.".to_owned(),
        )),
        found if found < STEPS.len() => Err(StoreError::File(format!(
            "The data is of an older version (schema {found}; this one works with {}). Use the version that wrote it, or \
             update the data by starting budget-tracker serve.",
            STEPS.len()
        ))),
        _ => Ok(()),
    }
}

/// How many steps the database has; none where nothing was ever made.
async fn found(client: &Client) -> Result<usize, StoreError> {
    let there = "SELECT 1 FROM information_schema.tables
        WHERE table_schema = current_schema() AND table_name = 'schema_migrations'";
    let there = client.query_opt(there, &[]).await.map_err(|e| error(&e))?;
    match there {
        Some(_) => applied(client).await,
        None => Ok(0),
    }
}

/// Two that make a table at the same moment may get in each other's way even with `IF NOT EXISTS`.
async fn prepare(client: &Client) -> Result<(), Error> {
    let mut tries = 1;
    loop {
        match client.batch_execute(PREPARE).await {
            Err(e) if tries < MAX_TRIES && in_the_way(&e) => tries += 1,
            done => return done,
        }
    }
}

fn in_the_way(e: &Error) -> bool {
    let codes = [
        SqlState::UNIQUE_VIOLATION,
        SqlState::DUPLICATE_TABLE,
        SqlState::DUPLICATE_OBJECT,
    ];
    e.code().is_some_and(|code| codes.contains(code))
}

/// How many steps the database has, after checking that they are ours.
async fn applied(client: &Client) -> Result<usize, StoreError> {
    let rows = client
        .query("SELECT version, checksum FROM schema_migrations ORDER BY version", &[])
        .await
        .map_err(|e| error(&e))?;
    let read = |row: &tokio_postgres::Row| Ok((row.try_get(0)?, row.try_get(1)?));
    let rows = rows.iter().map(read).collect::<Result<Vec<_>, Error>>();
    known(&rows.map_err(|e| error(&e))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_of_sqlite_is_left() {
        for step in STEPS {
            let translated = translate(step);
            for word in [
                "STRICT",
                "ROWID",
                "BLOB",
                "blob",
                "INTEGER",
                "AUTOINCREMENT",
                "PRAGMA",
                "--",
            ] {
                assert!(!translated.contains(word), "{word} in {translated}");
            }
        }
    }
}
