//! Backups hold everything and go into either kind of database; what does not agree is found and put right.

use super::*;
use crate::server::care::{self, Wrong};
use crate::server::files;
use first_version::first_version;
use jiff::Timestamp;
use rusqlite::Connection;

#[path = "../../../../tests/support/first_version.rs"]
mod first_version;

const NOW: Timestamp = Timestamp::constant(1_795_000_000, 0);

/// A user with expenses of all kinds: chosen, predicted, deleted, in no category.
async fn filled() -> Fixture {
    let fixture = Fixture::new().await;
    let (scope, categories) = (fixture.scope, fixture.categories());
    for number in 0..40_u8 {
        let which = usize::from(number % 4);
        let day = TODAY - i32::from(number).days();
        let added = fixture.add(draft(choice(&categories, which), 100, day)).await.unwrap();
        if number % 5 == 0 {
            let id = added.0.id;
            let delete = move |tx: &mut dyn Tx| bulk::apply(tx, &scope, &crate::api::Bulk::Delete { ids: vec![id] });
            fixture.store.write(delete).await.unwrap();
        }
    }
    fixture
        .store
        .write(move |tx| {
            tx.execute(
                "INSERT INTO sessions (user_id, token_hash, created_at, last_seen) VALUES ($1, $2, 1, 1)",
                &[scope.user.into(), Value::Bytes(vec![7; 32])],
            )
        })
        .await
        .unwrap();
    fixture
}

/// A new database without users, that nobody has open.
async fn closed(file: &Path) -> Database {
    let database = Database::Sqlite(file.to_owned());
    Store::open(database.clone(), 0, Box::new(|_| {}))
        .unwrap()
        .close(AtClose::EmptyLog)
        .await;
    database
}

/// All rows of all tables but the sessions; what a restored user's revisions leap does not count.
fn rows(store: &Store) -> Vec<(String, Vec<Row>)> {
    let all = |tx: &mut dyn Tx| {
        let mut all = Vec::new();
        for table in tables::tables()? {
            match table.name.as_str() {
                "sessions" => {}
                "users" => all.push((
                    table.name.clone(),
                    tx.query_all("SELECT id, name, password, to_review, created_at FROM users", &[])?,
                )),
                name => all.push((name.to_owned(), tx.query_all(&table.first, &[])?)),
            }
        }
        Ok(all)
    };
    store.read(all).unwrap()
}

fn one(store: &Store, sql: &'static str) -> i64 {
    let row = store.read(|tx| tx.query_opt(sql, &[])).unwrap();
    row.unwrap().int(0).unwrap()
}

#[tokio::test]
async fn a_backup_brings_everything_but_sessions_into_either_kind() {
    let fixture = filled().await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    let made = care::backup(&fixture.place.database(), &copy, false).unwrap();
    assert_eq!((made.report.users, made.report.expenses), (1, 40));
    assert_eq!(made.report.findings, []);
    assert_eq!(made.bytes, std::fs::metadata(&copy).unwrap().len());
    let (file, same) = (folder.path().join("new/budget.db"), TestDatabase::new());
    for place in [Database::Sqlite(file), same.database()] {
        let restored = care::restore(&copy, place.clone(), NOW).await.unwrap();
        assert_eq!(restored, made.report);
        assert_eq!(care::verify(&place).unwrap(), made.report);
        let store = Store::open(place, 0, Box::new(|_| {})).unwrap();
        assert_eq!(rows(&store), rows(&fixture.store));
        assert_eq!(one(&store, "SELECT COUNT(*) FROM sessions"), 0);
        let revision = "SELECT revision FROM users";
        assert!(one(&store, revision) > one(&fixture.store, revision) + 1000);
        store.close(AtClose::EmptyLog).await;
    }
    assert_eq!(one(&fixture.store, "SELECT COUNT(*) FROM sessions"), 1);
}

#[tokio::test]
async fn nothing_is_overwritten_unasked_or_restored_halfway() {
    let fixture = filled().await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    let database = fixture.place.database();
    std::fs::write(&copy, "what was there").unwrap();
    let refused = care::backup(&database, &copy, false).unwrap_err().to_string();
    assert!(
        refused.contains("exists already") && refused.contains("--replace"),
        "{refused}"
    );
    assert_eq!(std::fs::read(&copy).unwrap(), b"what was there");
    care::backup(&database, &copy, true).unwrap();
    if let Some(file) = database.file() {
        assert!(care::backup(&database, file, true).is_err());
    }
    let before = rows(&fixture.store);
    let refused = care::restore(&copy, database.clone(), NOW)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains(&format!("There is data in {database} already.")),
        "{refused}"
    );
    let (advice, other) = match &database {
        Database::Sqlite(_) => ("move the file", "createdb"),
        Database::Postgres(_) => ("createdb", "-wal"),
    };
    assert!(refused.contains(advice) && !refused.contains(other), "{refused}");
    assert_eq!(rows(&fixture.store), before);
    // A backup that was cut off is refused before anything is made.
    let bytes = std::fs::read(&copy).unwrap();
    std::fs::write(&copy, &bytes[..bytes.len() / 2]).unwrap();
    let place = folder.path().join("new/budget.db");
    let refused = care::restore(&copy, Database::Sqlite(place.clone()), NOW).await;
    let refused = refused.unwrap_err().to_string();
    assert!(
        refused.contains("damaged") && refused.contains("another backup"),
        "{refused}"
    );
    assert!(!place.exists());
    let nothing = care::verify(&Database::Sqlite(place)).unwrap_err().to_string();
    assert!(nothing.contains("There is no database"), "{nothing}");
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["copy.db"]);
}

#[tokio::test]
async fn what_does_not_agree_is_told_and_put_right() {
    for (break_it, kind) in [
        ("UPDATE rollups SET spent = spent + 5 WHERE n > 0", Wrong::MonthSums),
        ("DELETE FROM day_sums", Wrong::DaySums),
        ("UPDATE users SET to_review = to_review + 1", Wrong::Reviews),
        ("UPDATE expenses SET to_review = 1 - to_review", Wrong::Reviews),
        ("UPDATE learned SET weight = weight + 1", Wrong::Learned),
        (
            "UPDATE expenses SET merchant = 'x' WHERE merchant IS NOT NULL",
            Wrong::Learned,
        ),
        ("UPDATE users SET revision = 3", Wrong::Revision),
    ] {
        let fixture = filled().await;
        let database = fixture.place.database();
        let before = rows(&fixture.store);
        fixture.store.write(move |tx| tx.execute(break_it, &[])).await.unwrap();
        let broken = rows(&fixture.store);
        let told = care::doctor(&database, false, NOW).await.unwrap();
        let kinds: Vec<Wrong> = told.report.findings.iter().map(|finding| finding.kind).collect();
        assert_eq!((kinds, told.repaired.len()), (vec![kind], 0), "{break_it}");
        assert_eq!(rows(&fixture.store), broken, "nothing is changed unasked");
        // A copy of it is made all the same, and is put right where it is restored.
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("copy.db");
        assert_eq!(care::backup(&database, &copy, false).unwrap().report, told.report);
        let place = TestDatabase::new();
        assert_eq!(care::restore(&copy, place.database(), NOW).await.unwrap().findings, []);
        let mended = care::doctor(&database, true, NOW).await.unwrap();
        assert_eq!(mended.report.findings, [], "{break_it}");
        assert_eq!(mended.repaired[0].kind, kind);
        assert_eq!(rows(&fixture.store), before, "{break_it}");
        check_sums(&fixture.store, &fixture.scope);
        check_learned(&fixture.store, &fixture.scope);
    }
}

#[tokio::test]
async fn a_user_without_a_name_to_log_in_with_is_told() {
    let fixture = filled().await;
    let name = "UPDATE usernames SET name_key = 'somebody else'";
    fixture.store.write(move |tx| tx.execute(name, &[])).await.unwrap();
    let told = care::doctor(&fixture.place.database(), true, NOW).await.unwrap();
    assert_eq!(told.report.findings[0].kind, Wrong::Name);
    assert_eq!(told.report.findings[0].user, Some(fixture.scope.user.to_string()));
}

#[tokio::test]
async fn a_backup_of_an_older_version_is_checked_and_restored_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("old.db");
    first_version(&old);
    let report = care::verify(&Database::Sqlite(old.clone())).unwrap();
    assert_eq!((report.users, report.expenses, report.findings), (1, 1, Vec::new()));
    let copy = folder.path().join("copy.db");
    care::backup(&Database::Sqlite(old.clone()), &copy, false).unwrap();
    let place = TestDatabase::new();
    for backup in [&old, &copy] {
        let database = if backup == &old {
            place.database()
        } else {
            Database::Sqlite(folder.path().join("budget.db"))
        };
        let restored = care::restore(backup, database, NOW).await.unwrap();
        assert_eq!((restored.users, restored.expenses), (1, 1));
        let conn = Connection::open(backup).unwrap();
        let schema: i64 = conn
            .query_row("SELECT MAX(version) FROM schema_migrations", [], |row| row.get(0))
            .unwrap();
        assert_eq!(schema, 1);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_wrong_round_a_file_is_told_and_put_right() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = files::prepare(folder.path()).unwrap();
    let database = closed(&file).await;
    let mode = || std::fs::metadata(&file).unwrap().permissions().mode() & 0o777;
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let left = folder.path().join("budget.db.before-update.12.copying");
    std::fs::File::create(&left)
        .unwrap()
        .set_modified(std::time::UNIX_EPOCH)
        .unwrap();
    let told = care::doctor(&database, false, NOW).await.unwrap();
    let mut kinds: Vec<Wrong> = told.report.findings.iter().map(|finding| finding.kind).collect();
    // The logs of an exposed file are exposed too.
    kinds.dedup();
    assert_eq!(kinds, [Wrong::Exposed, Wrong::Leftover]);
    assert!(left.exists() && mode() == 0o644);
    let mended = care::doctor(&database, true, NOW).await.unwrap();
    assert_eq!(mended.report.findings, []);
    assert_eq!(mended.repaired, told.report.findings);
    assert!(!left.exists() && mode() == 0o600);
}

#[tokio::test]
async fn an_index_that_went_and_a_row_without_an_owner_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = files::prepare(folder.path()).unwrap();
    let database = closed(&file).await;
    let conn = Connection::open(&file).unwrap();
    conn.pragma_update(None, "foreign_keys", "OFF").unwrap();
    conn.execute_batch(
        "DROP INDEX expenses_by_day; INSERT INTO usernames VALUES ('nobody', x'00112233445566778899aabbccddeeff')",
    )
    .unwrap();
    let report = care::verify(&database).unwrap();
    let kinds: Vec<Wrong> = report.findings.iter().map(|finding| finding.kind).collect();
    assert_eq!(kinds, [Wrong::Reference, Wrong::Schema]);
}
