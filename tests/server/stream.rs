//! Event streams over real sockets: who does not read holds nobody up, and who goes leaves nothing behind.

use std::net::SocketAddr;
use std::time::Duration;

use futures::StreamExt;
use serde_json::json;
use tempfile::tempdir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use uuid::Uuid;

use super::{Server, http, until};
use crate::support::users::users;

/// Streams of each user that are opened and never read: over a thousand in all. One more of each is read.
const SILENT: usize = 7;
const USERS: usize = 144;
const ADDS: i64 = 4;
/// Long enough for a slow machine; only reached when the test fails.
const PATIENCE: Duration = Duration::from_mins(1);

/// Opens an event stream with little room for what is not read, and reads the first words of its answer.
async fn open(address: SocketAddr, token: String) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(2048).unwrap();
    let mut stream = socket.connect(address).await.unwrap();
    let request = format!("GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = [0; 12];
    timeout(PATIENCE, stream.read_exact(&mut head)).await.unwrap().unwrap();
    assert_eq!(&head, b"HTTP/1.1 200");
    stream
}

/// Adds expenses while the user's stream is read until it tells the last of them.
async fn add_and_hear(client: reqwest::Client, url: String, token: String) {
    let events = client.get(format!("{url}/v1/events")).bearer_auth(&token);
    let mut chunks = events.send().await.unwrap().bytes_stream();
    let adding = async {
        for _ in 0..ADDS {
            let expense = json!({"id": Uuid::now_v7(), "description": "tea", "amount_minor": 300});
            let request = client.post(format!("{url}/v1/expenses")).bearer_auth(&token);
            assert_eq!(request.json(&expense).send().await.unwrap().status(), 201);
        }
    };
    let hearing = async {
        let last = format!("id: {ADDS}\n");
        loop {
            let chunk = timeout(PATIENCE, chunks.next()).await.unwrap();
            let Some(chunk) = chunk else {
                panic!("the stream ended before it told the last change");
            };
            if String::from_utf8_lossy(&chunk.unwrap()).contains(&last) {
                break;
            }
        }
    };
    tokio::join!(adding, hearing);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_readers_that_never_read_delay_nobody_and_leave_nothing_behind() {
    let folder = tempdir().unwrap();
    let mut tokens = users(&folder.path().join("budget.db"), USERS + 1).await;
    let server = Server::start(folder.path(), &[]);
    let address = server.url.strip_prefix("http://").unwrap().parse().unwrap();
    // What the first ones make stays: readers of the database, what looks out for changes by others.
    add_and_hear(http(), server.url.clone(), tokens.pop().unwrap()).await;
    let before = server.files();
    let mut opening = JoinSet::new();
    let mut silent = Vec::new();
    for token in &tokens {
        for _ in 0..SILENT {
            opening.spawn(open(address, token.clone()));
        }
        while let Some(stream) = opening.join_next().await {
            silent.push(stream.unwrap());
        }
    }
    assert!(silent.len() > 1000);
    let client = http();
    let heard = tokens
        .into_iter()
        .map(|token| add_and_hear(client.clone(), server.url.clone(), token));
    futures::future::join_all(heard).await;
    drop((client, silent));
    until(async || server.files() <= before + 4).await;
    assert!(server.terminate());
}
