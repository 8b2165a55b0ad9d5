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

    /// What databases that spread their rows over many machines do not have, or have only slowly.
    const UNPORTABLE: [&str; 14] = [
        "SERIAL",
        "SEQUENCE",
        "IDENTITY",
        "nextval",
        "TRIGGER",
        "FUNCTION",
        "PROCEDURE",
        "EXTENSION",
        "DEFERRABLE",
        "TEMP",
        "TEMPORARY",
        "UNLOGGED",
        "EXCLUDE",
        "MATERIALIZED",
    ];

    fn words(text: &str) -> impl Iterator<Item = &str> {
        text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
    }

    #[track_caller]
    fn check_portable(text: &str, place: &str) {
        for word in words(text) {
            let is_unportable = UNPORTABLE.contains(&word) || word.starts_with("pg_advisory");
            assert!(!is_unportable, "{word} in {place}");
        }
    }

    /// The columns of the primary key of each table that the steps make.
    fn primary_keys() -> Vec<(String, Vec<String>, bool)> {
        let all: String = STEPS.iter().map(|step| translate(step)).collect();
        let made = all.split("CREATE TABLE ").skip(1);
        made.map(|rest| {
            let (name, body) = rest.split_once('(').unwrap();
            let body = body.split(';').next().unwrap();
            let columns = |text: &str| -> Vec<String> {
                let inside = text.split_once('(').unwrap().1.split(')').next().unwrap();
                inside.split(',').map(|column| column.trim().to_owned()).collect()
            };
            let key = if let Some((_, rest)) = body.split_once("PRIMARY KEY (") {
                columns(&format!("({rest}"))
            } else {
                let line = body.lines().find(|line| line.contains("PRIMARY KEY")).unwrap();
                vec![words(line).find(|word| !word.is_empty()).unwrap().to_owned()]
            };
            (name.trim().to_owned(), key, body.contains("user_id BYTEA"))
        })
        .collect()
    }

    #[test]
    fn the_schema_is_one_that_can_be_spread_by_user() {
        for step in STEPS {
            check_portable(&translate(step), "a step of the schema");
        }
        check_portable(PREPARE, "the preparation");
        let keys = primary_keys();
        assert!(keys.len() > 10, "{keys:?}");
        for (table, key, is_owned) in keys {
            // Names lead to users, so they are spread by themselves.
            let first = if is_owned && table != "usernames" {
                "user_id"
            } else {
                &key[0]
            };
            assert_eq!(key[0], first, "{table}");
        }
    }

    #[test]
    fn no_statement_asks_for_what_other_databases_lack() {
        let mut folders = vec![std::path::PathBuf::from(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src/server/store"
        ))];
        let mut seen = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|kind| kind == "rs") && !path.ends_with("postgres/migrate.rs") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
                    code.for_each(|line| check_portable(line, &path.display().to_string()));
                    seen += 1;
                }
            }
        }
        assert!(seen > 30, "{seen} files");
    }
}
