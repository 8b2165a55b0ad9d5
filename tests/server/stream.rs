//! Event streams over real sockets: who does not read holds nobody up.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use futures::StreamExt;
use serde_json::json;
use tempfile::tempdir;
use uuid::Uuid;

use super::{Server, http, sign_up};

/// Streams that are opened and never read, for each of a few users.
const SILENT: usize = 7;
const USERS: usize = 6;
const ADDS: i64 = 120;

/// Opens an event stream and reads nothing but the beginning of its answer.
fn open(server: &Server, token: &str) -> TcpStream {
    let address = server.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!("GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut head = [0; 12];
    stream.read_exact(&mut head).unwrap();
    assert_eq!(&head, b"HTTP/1.1 200");
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_that_never_read_delay_nobody() {
    let folder = tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let http = http();
    let mut silent = Vec::new();
    let mut reading = Vec::new();
    for number in 0..USERS {
        let token = sign_up(&http, &server, &format!("user{number}")).await;
        silent.extend((0..SILENT).map(|_| open(&server, &token)));
        let (url, client, token) = (server.url.clone(), http.clone(), token);
        reading.push(tokio::spawn(async move {
            let events = client
                .get(format!("{url}/v1/events"))
                .bearer_auth(&token)
                .send()
                .await
                .unwrap();
            let mut chunks = events.bytes_stream();
            let adding = tokio::spawn(async move {
                for _ in 0..ADDS {
                    let expense = json!({"id": Uuid::now_v7(), "description": "tea", "amount_minor": 300});
                    let request = client.post(format!("{url}/v1/expenses")).bearer_auth(&token);
                    assert_eq!(request.json(&expense).send().await.unwrap().status(), 201);
                }
            });
            let last = format!("id: {ADDS}\n");
            while let Some(chunk) = chunks.next().await {
                if String::from_utf8_lossy(&chunk.unwrap()).contains(&last) {
                    adding.await.unwrap();
                    return true;
                }
            }
            false
        }));
    }
    for reader in reading {
        assert!(reader.await.unwrap(), "a stream ended before it told the last change");
    }
    drop(silent);
}
