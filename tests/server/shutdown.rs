//! SIGTERM at any moment: what was acknowledged is there, and nobody is cut off behind an acknowledgement.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rusqlite::Connection;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{Server, http, sign_up, until};

const ROUNDS: usize = 50;
const WRITERS: usize = 8;

/// Adds expenses on one connection until the server ends; the ids that were acknowledged.
///
/// Whatever happens after the first byte of an answer, the whole answer must come.
async fn write(address: String, token: String, acknowledged: Arc<Mutex<HashSet<Uuid>>>) {
    let Ok(mut stream) = TcpStream::connect(&address).await else {
        return;
    };
    loop {
        let id = Uuid::now_v7();
        let body = json!({"id": id, "description": "lunch", "amount_minor": 500}).to_string();
        let request = format!(
            "POST /v1/expenses HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        if stream.write_all(request.as_bytes()).await.is_err() {
            return;
        }
        let mut answer = Vec::new();
        loop {
            let read = stream.read_buf(&mut answer).await;
            if complete(&answer) {
                break;
            }
            if !matches!(read, Ok(length) if length > 0) {
                assert!(answer.is_empty(), "cut off: {}", String::from_utf8_lossy(&answer));
                return;
            }
        }
        assert!(
            answer.starts_with(b"HTTP/1.1 201"),
            "{}",
            String::from_utf8_lossy(&answer)
        );
        acknowledged.lock().unwrap().insert(id);
    }
}

/// Whether the answer has all the bytes that its header announces.
fn complete(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    length.is_some_and(|length| body.len() >= length.parse::<usize>().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_times_sigterm_under_load_loses_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let acknowledged = Arc::new(Mutex::new(HashSet::new()));
    let mut token = None;
    for _ in 0..ROUNDS {
        let server = Server::start(folder.path(), &[]);
        let session = match &token {
            Some(session) => String::clone(session),
            None => token.insert(sign_up(&http(), &server, "ada").await).clone(),
        };
        let address = server.url.strip_prefix("http://").unwrap().to_owned();
        let before = acknowledged.lock().unwrap().len();
        let mut writers = JoinSet::new();
        for _ in 0..WRITERS {
            writers.spawn(write(address.clone(), session.clone(), Arc::clone(&acknowledged)));
        }
        until(|| acknowledged.lock().unwrap().len() > before).await;
        // At any moment of the work.
        tokio::time::sleep(Duration::from_millis(rand::random_range(0..180))).await;
        // Longer than the time to drain would be a fault of its own.
        let ended = tokio::task::spawn_blocking(move || server.terminate());
        assert!(
            tokio::time::timeout(Duration::from_secs(30), ended)
                .await
                .unwrap()
                .unwrap()
        );
        writers.join_all().await;
    }
    let acknowledged = acknowledged.lock().unwrap();
    assert!(
        acknowledged.len() > ROUNDS,
        "only {} were acknowledged",
        acknowledged.len()
    );
    let db = Connection::open(folder.path().join("budget.db")).unwrap();
    let mut statement = db.prepare("SELECT id FROM expenses").unwrap();
    let stored: HashSet<Uuid> = statement
        .query_map([], |row| row.get::<_, Vec<u8>>(0))
        .unwrap()
        .map(|id| Uuid::from_slice(&id.unwrap()).unwrap())
        .collect();
    let lost: Vec<_> = acknowledged.difference(&stored).collect();
    assert!(lost.is_empty(), "{} acknowledged expenses are lost", lost.len());
}
