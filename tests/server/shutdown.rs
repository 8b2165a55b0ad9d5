//! SIGTERM at any moment: what was acknowledged is there, and nobody is cut off behind an acknowledgement.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use budget_tracker::server::Limits;
use rusqlite::Connection;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{Server, http, sign_up, until};

const ROUNDS: usize = 50;
const WRITERS: usize = 8;
/// Only reached when the test fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a connection ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    /// Before it was let in.
    Refused,
    /// By the server, in order, while the client had nothing to say.
    Closed,
    /// While the client sent a question: it has had no answer, so nothing was promised.
    Crossed,
}

/// Adds expenses on one connection until the server ends; the ids that were acknowledged are kept.
///
/// Whatever happens after the first byte of an answer, the whole answer must come. Who is `quiet` for a moment after
/// each answer sees how the connection ends: in order, and never by a reset.
async fn write(address: String, token: String, quiet: bool, acknowledged: Arc<Mutex<HashSet<Uuid>>>) -> End {
    let Ok(mut stream) = TcpStream::connect(&address).await else {
        return End::Refused;
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
            return End::Crossed;
        }
        let mut answer = Vec::new();
        loop {
            let read = stream.read_buf(&mut answer).await;
            if complete(&answer) {
                break;
            }
            if !matches!(read, Ok(length) if length > 0) {
                assert!(answer.is_empty(), "cut off: {}", String::from_utf8_lossy(&answer));
                return End::Crossed;
            }
        }
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        acknowledged.lock().unwrap().insert(id);
        let last = answer.contains("\r\nconnection: close\r\n");
        let pause = Duration::from_millis(rand::random_range(0..5));
        if last || quiet {
            let pause = if last { PATIENCE } else { pause };
            let more = tokio::time::timeout(pause, stream.read(&mut [0])).await;
            match more.map(Result::ok) {
                Ok(Some(0)) => return End::Closed,
                Err(_) if !last => {}
                other => panic!("after an acknowledged answer: {other:?}"),
            }
        }
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
    let (mut token, mut ends) = (None, Vec::new());
    for _ in 0..ROUNDS {
        let server = Server::start(folder.path(), &[]);
        let session = match &token {
            Some(session) => String::clone(session),
            None => token.insert(sign_up(&http(), &server, "ada").await).clone(),
        };
        let address = server.url.strip_prefix("http://").unwrap().to_owned();
        let before = acknowledged.lock().unwrap().len();
        let mut writers = JoinSet::new();
        for number in 0..WRITERS {
            let (address, session) = (address.clone(), session.clone());
            writers.spawn(write(address, session, number % 2 == 0, Arc::clone(&acknowledged)));
        }
        until(async || acknowledged.lock().unwrap().len() > before).await;
        // At any moment of the work.
        tokio::time::sleep(Duration::from_millis(rand::random_range(0..180))).await;
        let ended = tokio::task::spawn_blocking(move || server.terminate());
        let ended = tokio::time::timeout(Limits::default().drain_time, ended).await;
        assert!(
            ended
                .expect("the server takes longer than it gives requests to end")
                .unwrap()
        );
        ends.extend(writers.join_all().await);
    }
    let of = |wanted: End| ends.iter().filter(|end| **end == wanted).count();
    let (closed, crossed) = (of(End::Closed), of(End::Crossed));
    println!("{closed} connections closed in order, {crossed} while a question was on its way");
    assert!(closed > ROUNDS, "only {closed} saw the end of their connection");
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
