//! Damaged files: no panic, no budget that is quietly empty, and a sentence that says what to do.

use std::fs;
use std::path::Path;

use budget_tracker::server::store::Store;
use budget_tracker::server::{Database, care};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use uuid::Uuid;

use super::super::{Server, http, sign_up};
use super::add;
use crate::support::program::{Home, outcome};

/// Places that are damaged, one after the other.
const PLACES: u64 = 500;
/// Expenses in the file, and those that are only in its log.
const IN_FILE: i64 = 60;
const IN_LOG: i64 = 40;

/// The bytes of a database whose last expenses are in its log.
struct Bytes {
    file: Vec<u8>,
    log: Vec<u8>,
}

async fn written() -> Bytes {
    let folder = tempfile::tempdir().unwrap();
    let client = http();
    let server = Server::start(folder.path(), &[]);
    let token = sign_up(&client, &server, "ada").await;
    for amount in 1..=IN_FILE {
        assert_eq!(
            add(&client, &server.url, &token, Uuid::now_v7(), amount).await,
            Some(201)
        );
    }
    assert!(server.terminate());
    let server = Server::start(folder.path(), &[]);
    for amount in 1..=IN_LOG {
        assert_eq!(
            add(&client, &server.url, &token, Uuid::now_v7(), amount).await,
            Some(201)
        );
    }
    server.kill();
    Bytes {
        file: fs::read(folder.path().join("budget.db")).unwrap(),
        log: fs::read(folder.path().join("budget.db-wal")).unwrap(),
    }
}

/// Changes some bytes that lie together, or cuts the rest off.
pub fn damage(bytes: &mut Vec<u8>, dice: &mut StdRng) -> bool {
    let place = dice.random_range(0..bytes.len());
    let cut = dice.random_range(0..4) == 0;
    if cut {
        bytes.truncate(place);
    } else {
        let length = dice.random_range(1..=64);
        for byte in bytes.iter_mut().skip(place).take(length) {
            *byte ^= dice.random_range(1..=255_u8);
        }
    }
    cut
}

/// How many expenses there are and what they come to, read as the server does.
fn read(file: &Path) -> Result<(i64, i64), String> {
    let store = Store::open(file, 1, Box::new(|_| {})).map_err(|error| error.to_string())?;
    let row = store.read(|tx| {
        tx.query_opt(
            "SELECT COUNT(*), COALESCE(SUM(amount_minor), 0) FROM expenses WHERE deleted = 0",
            &[],
        )
    });
    let row = row.map_err(|error| error.to_string())?.unwrap();
    Ok((row.int(0).unwrap(), row.int(1).unwrap()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_database_is_never_quietly_another_one() {
    let sound = written().await;
    let sum = |count: i64| count * (count + 1) / 2;
    let all = (IN_FILE + IN_LOG, sum(IN_FILE) + sum(IN_LOG));
    let (mut told, mut unharmed, mut older) = (0, 0, 0);
    for seed in 0..PLACES {
        let dice = &mut StdRng::seed_from_u64(seed);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("budget.db");
        let (mut bytes, mut log) = (sound.file.clone(), sound.log.clone());
        let in_log = dice.random_range(0..3) == 0;
        let cut = damage(if in_log { &mut log } else { &mut bytes }, dice);
        fs::write(&file, &bytes).unwrap();
        fs::write(folder.path().join("budget.db-wal"), &log).unwrap();
        let verified = care::verify(&Database::from(&file));
        let is_told = verified.as_ref().map_or(true, |report| !report.findings.is_empty());
        match read(&file) {
            // What it says is a sentence that does not come from SQLite alone, or verify has one.
            Err(error) => {
                assert!(is_told || error.contains("damaged"), "{seed}: {error}");
                told += 1;
            }
            Ok(found) if found == all => unharmed += 1,
            // The end of a log that is cut off, or its last transaction, was as good as never written.
            Ok((count, _)) if in_log && (cut || count >= all.0 - 1) => {
                assert!(count >= IN_FILE, "{seed}: {count} expenses are left");
                older += 1;
            }
            Ok(found) => {
                assert!(is_told, "{seed}: quietly {found:?} instead of {all:?}");
                told += 1;
            }
        }
    }
    println!("{told} told, {unharmed} unharmed, {older} without the end of their log");
    assert!(told > 50, "only {told} were told: the test is blind");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_damage_a_backup_brings_everything_back() {
    let folder = tempfile::tempdir().unwrap();
    let sound = written().await;
    let (data, copy) = (folder.path().join("data"), folder.path().join("copy.db"));
    fs::create_dir(&data).unwrap();
    let file = data.join("budget.db");
    fs::write(&file, &sound.file).unwrap();
    fs::write(data.join("budget.db-wal"), &sound.log).unwrap();
    let made = care::backup(&Database::from(&file), &copy, false).unwrap();
    let mut bytes = fs::read(&file).unwrap();
    bytes[..200].fill(0xa5);
    fs::write(&file, bytes).unwrap();
    fs::remove_file(data.join("budget.db-wal")).unwrap();
    let home = Home::new();
    let run = |line: &str| outcome(home.run(line).env("BUDGET_TRACKER_DATA_DIR", &data));
    let damaged = run("serve --listen 127.0.0.1:0");
    assert!(damaged.err.contains("budget-tracker restore"), "{}", damaged.err);
    let kept = run(&format!("backup {} --replace", copy.display()));
    assert_eq!(kept.code, 1, "a damaged database replaces no backup: {}", kept.err);
    fs::rename(&data, folder.path().join("away")).unwrap();
    let restored = run(&format!("restore {}", copy.display()));
    assert_eq!(restored.code, 0, "{}", restored.err);
    let verified = run("verify --format json");
    let report: serde_json::Value = serde_json::from_str(&verified.out).unwrap();
    assert_eq!(report["expenses"], made.report.expenses);
    assert_eq!((verified.code, &report["findings"]), (0, &serde_json::json!([])));
}
