//! What was acknowledged survives `kill -9`, exactly once, at any moment.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use budget_tracker::server::{Database, care};
use rusqlite::Connection;
use serde_json::json;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{Server, http, sign_up, until};

const ROUNDS: usize = 60;
const WRITERS: usize = 16;

pub type Acknowledged = Arc<Mutex<HashMap<Uuid, i64>>>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_expense_survives_kill_9_exactly_once() {
    let folder = tempfile::tempdir().unwrap();
    let acknowledged = Acknowledged::default();
    let mut token = None;
    for _ in 0..ROUNDS {
        let server = Server::start(folder.path(), &[]);
        let client = http();
        let session = match &token {
            Some(session) => String::clone(session),
            None => token.insert(sign_up(&client, &server, "ada").await).clone(),
        };
        let before = acknowledged.lock().unwrap().len();
        let mut writers = JoinSet::new();
        for _ in 0..WRITERS {
            writers.spawn(write_until_cut_off(
                client.clone(),
                server.url.clone(),
                session.clone(),
                Arc::clone(&acknowledged),
            ));
        }
        until(async || acknowledged.lock().unwrap().len() > before).await;
        // At any moment of the work.
        tokio::time::sleep(Duration::from_millis(rand::random_range(0..400))).await;
        server.kill();
        writers.join_all().await;
    }
    let acknowledged = acknowledged.lock().unwrap();
    assert!(
        acknowledged.len() > ROUNDS,
        "only {} expenses were acknowledged",
        acknowledged.len()
    );
    check_file(&folder.path().join("budget.db"), &acknowledged);
}

/// Adds expenses, each sent twice, until the server is gone.
async fn write_until_cut_off(client: reqwest::Client, url: String, token: String, acknowledged: Acknowledged) {
    loop {
        let (id, amount) = (Uuid::now_v7(), rand::random_range(1..10_000_i64));
        // Every other one finds no category and waits for a review.
        let description = if amount % 2 == 0 { "lunch" } else { "zzqx" };
        let body = json!({"id": id, "description": description, "amount_minor": amount});
        for _ in 0..2 {
            let request = client
                .post(format!("{url}/v1/expenses"))
                .bearer_auth(&token)
                .json(&body);
            match request.send().await {
                Ok(answer) if answer.status().is_success() => {
                    acknowledged.lock().unwrap().insert(id, amount);
                }
                Ok(answer) => panic!("the server answered {}", answer.status()),
                Err(_) => return,
            }
        }
    }
}

/// Checks that everything that was acknowledged is there once, and that all sums agree with it.
pub fn check_file(file: &Path, acknowledged: &HashMap<Uuid, i64>) {
    let report = care::verify(&Database::from(file)).unwrap();
    assert_eq!(report.findings, []);
    let db = Connection::open(file).unwrap();
    let verdict: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
    let mut statement = db.prepare("SELECT id, amount_minor FROM expenses").unwrap();
    let mut stored = HashMap::new();
    let rows = statement
        .query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, i64>(1)?)))
        .unwrap();
    for row in rows {
        let (id, amount) = row.unwrap();
        let id = Uuid::from_slice(&id).unwrap();
        assert_eq!(stored.insert(id, amount), None, "{id} is stored twice");
    }
    for (id, amount) in acknowledged {
        assert_eq!(stored.get(id), Some(amount), "{id} was acknowledged and is lost");
    }
    let one = |sql: &str| -> (i64, i64) { db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap() };
    let sums = one("SELECT SUM(amount_minor), COUNT(*) FROM expenses");
    assert_eq!(one("SELECT SUM(spent), SUM(n) FROM rollups"), sums);
    assert_eq!(one("SELECT SUM(spent), SUM(n) FROM day_sums"), sums);
    let waiting = one("SELECT COUNT(*), COUNT(*) FROM expenses WHERE category_id IS NULL OR confidence < 60");
    assert_eq!(
        one("SELECT to_review, (SELECT SUM(to_review) FROM expenses) FROM users"),
        waiting
    );
    let revisions = one("SELECT MAX(revision), COUNT(DISTINCT revision) FROM expenses");
    assert_eq!(
        revisions,
        one("SELECT revision, revision FROM users"),
        "revisions have no gap"
    );
}
