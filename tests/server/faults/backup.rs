//! Backups beside servers that write, and ends in the middle of a backup or an update.

use std::collections::HashSet;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use budget_tracker::server::{Database, care};
use jiff::Timestamp;
use rusqlite::Connection;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::super::kill::Acknowledged;
use super::super::{Server, http, sign_up};
use super::{add, has_strace, traced};
use crate::support::first_version::first_version;

const BACKUPS: usize = 50;
const WRITERS: usize = 32;
/// Between two adds of one writer.
const PAUSE: Duration = Duration::from_millis(100);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_backup_beside_writers_holds_what_was_acknowledged_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let (client, acknowledged, enough) = (http(), Acknowledged::default(), CancellationToken::new());
    let token = sign_up(&client, &server, "ada").await;
    let mut writers = JoinSet::new();
    for _ in 0..WRITERS {
        let (client, url, token) = (client.clone(), server.url.clone(), token.clone());
        let (acknowledged, enough) = (acknowledged.clone(), enough.clone());
        writers.spawn(async move {
            while !enough.is_cancelled() {
                let (id, amount) = (Uuid::now_v7(), rand::random_range(1..10_000_i64));
                assert_eq!(add(&client, &url, &token, id, amount).await, Some(201));
                acknowledged.lock().unwrap().insert(id, amount);
                tokio::time::sleep(PAUSE).await;
            }
        });
    }
    let database = Database::in_folder(folder.path());
    let mut held = Vec::new();
    for number in 0..BACKUPS {
        let before: HashSet<Uuid> = acknowledged.lock().unwrap().keys().copied().collect();
        let copy = folder.path().join(format!("copy-{number}.db"));
        let (from, to) = (database.clone(), copy.clone());
        let made = tokio::task::spawn_blocking(move || care::backup(&from, &to, false)).await;
        assert_eq!(made.unwrap().unwrap().report.findings, []);
        let place = folder.path().join(format!("restored-{number}/budget.db"));
        let restored = care::restore(&copy, Database::from(&place), Timestamp::now())
            .await
            .unwrap();
        assert_eq!(restored.findings, []);
        let there = expenses(&place);
        assert!(
            before.is_subset(&there),
            "backup {number} misses what was acknowledged before it"
        );
        held.push(there.len());
        fs::remove_file(&copy).unwrap();
        fs::remove_dir_all(place.parent().unwrap()).unwrap();
    }
    enough.cancel();
    writers.join_all().await;
    assert!(held.first() < held.last(), "nothing was written meanwhile");
}

fn expenses(file: &Path) -> HashSet<Uuid> {
    let conn = Connection::open(file).unwrap();
    let mut ids = conn.prepare("SELECT id FROM expenses").unwrap();
    let rows = ids.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    rows.map(|id| Uuid::from_slice(&id.unwrap()).unwrap()).collect()
}

/// Runs `command` again and again, each time killed at the next one of `call`, until it is not; `check` looks after
/// each.
fn killed_at_each(call: &str, folder: &Path, command: &dyn Fn() -> Command, check: &mut dyn FnMut(bool)) -> usize {
    for number in 1.. {
        let (trace, inject) = (
            format!("trace={call}"),
            format!("inject={call}:signal=KILL:when={number}"),
        );
        let mut traced = traced(&command(), &folder.join("calls"), &["-e", &trace, "-e", &inject]);
        let status = traced.stdout(Stdio::null()).status().unwrap();
        let ended = status.signal().is_none();
        check(ended);
        if ended {
            return number - 1;
        }
        assert!(number < 500, "it never ends");
    }
    unreachable!()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_is_killed_leaves_the_last_one_and_the_database() {
    if !has_strace() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (data, copy) = (folder.path().join("data"), folder.path().join("copy.db"));
    let server = Server::start(&data, &[]);
    let client = http();
    let token = sign_up(&client, &server, "ada").await;
    let database = Database::in_folder(&data);
    let mut stored = 0;
    care::backup(&database, &copy, false).unwrap();
    for call in ["pwrite64", "fsync", "rename"] {
        for amount in 1..4 {
            assert_eq!(
                add(&client, &server.url, &token, Uuid::now_v7(), amount).await,
                Some(201)
            );
        }
        let before = stored;
        stored += 3;
        let backup = || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_budget-tracker"));
            command
                .arg("backup")
                .arg(&copy)
                .arg("--replace")
                .arg("--data-dir")
                .arg(&data);
            command.env("BUDGET_TRACKER_CONFIG_DIR", folder.path().join("config"));
            command
        };
        let points = killed_at_each(call, folder.path(), &backup, &mut |done| {
            let there = care::verify(&Database::from(&copy)).unwrap();
            assert_eq!(there.findings, []);
            // Before the whole new one is in its place, the last one is.
            if done {
                assert_eq!(there.expenses, stored);
            } else {
                assert!(there.expenses == before || there.expenses == stored);
            }
        });
        assert!(points > 0, "{call} was never called");
    }
    assert_eq!(care::verify(&database).unwrap().expenses, stored);
    assert!(server.terminate());
}

#[test]
fn an_update_that_is_killed_leaves_the_old_state_or_the_new_one() {
    if !has_strace() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = data.join("budget.db");
    let renew = || {
        let _ = fs::remove_dir_all(&data);
        fs::create_dir(&data).unwrap();
        first_version(&file);
    };
    let backup = folder.path().join("backup.db");
    first_version(&backup);
    // It updates the data, sees that there is some, and ends.
    let update = || {
        renew();
        let mut command = Command::new(env!("CARGO_BIN_EXE_budget-tracker"));
        command.arg("restore").arg(&backup).arg("--data-dir").arg(&data);
        command.env("BUDGET_TRACKER_CONFIG_DIR", folder.path().join("config"));
        command
    };
    let mut schemas = HashSet::new();
    for call in ["pwrite64", "fsync", "rename"] {
        killed_at_each(call, folder.path(), &update, &mut |_| {
            let report = care::verify(&Database::from(&file)).unwrap();
            assert_eq!(report.findings, []);
            assert_eq!((report.users, report.expenses), (1, 1));
            let conn = Connection::open(&file).unwrap();
            let steps: i64 = conn
                .query_row("SELECT COUNT(*) FROM schema_migrations", [], |row| row.get(0))
                .unwrap();
            schemas.insert(steps);
        });
    }
    // Nothing between the first schema and the newest is ever seen.
    assert_eq!(schemas.len(), 2, "{schemas:?}");
}
