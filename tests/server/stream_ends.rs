//! Where an event stream begins and ends among the other answers of its connection, as HTTP wants it.

use std::time::Duration;

use serde_json::{Value, json};
use tempfile::tempdir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{PASSWORD, http};
use crate::support::running::Running;

/// A request without a body.
fn ask(line: &str, token: &str) -> String {
    format!("{line}\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n")
}

/// A server inside the test, and the token of a user of it.
async fn running(folder: &std::path::Path) -> (Running, String) {
    let server = Running::start(folder, |_| {}).await;
    let wish = json!({"name": "ada", "email": "a@example.org", "password": PASSWORD});
    let request = http().post(format!("{}/v1/signup", server.url())).json(&wish);
    let session: Value = request.send().await.unwrap().json().await.unwrap();
    let token = session["token"].as_str().unwrap().to_owned();
    (server, token)
}

/// Everything that is answered to `requests`, sent at once, until `last` has come.
async fn answers(server: &Running, requests: &str, last: &str) -> (tokio::net::TcpStream, String) {
    let mut stream = tokio::net::TcpStream::connect(server.listening.address).await.unwrap();
    stream.write_all(requests.as_bytes()).await.unwrap();
    let mut read = Vec::new();
    while !read.windows(last.len()).any(|part| part == last.as_bytes()) {
        assert_ne!(stream.read_buf(&mut read).await.unwrap(), 0, "it ended: {read:?}");
    }
    (stream, String::from_utf8(read).unwrap())
}

#[tokio::test]
async fn a_stream_follows_earlier_answers_and_ends_its_connection() {
    let folder = tempdir().unwrap();
    let (server, token) = running(folder.path()).await;
    let requests = ask("GET /v1/summary HTTP/1.1", &token) + &ask("GET /v1/events HTTP/1.1", &token);
    let (mut stream, mut text) = answers(&server, &requests, "data: 0\n\n\r\n").await;
    // What is said to a stream is not answered.
    stream
        .write_all(ask("GET /v1/summary HTTP/1.1", &token).as_bytes())
        .await
        .unwrap();
    server.stop().await;
    stream.read_to_string(&mut text).await.unwrap();
    let heads: Vec<_> = text.match_indices("HTTP/1.1 200 OK\r\n").map(|(at, _)| at).collect();
    assert_eq!(heads.len(), 2, "{text}");
    let (head, body) = text[heads[1]..].split_once("\r\n\r\n").unwrap();
    let mut names: Vec<_> = head
        .lines()
        .skip(1)
        .map(|line| line.split(':').next().unwrap())
        .collect();
    names.sort_unstable();
    let expected = [
        "cache-control",
        "connection",
        "content-security-policy",
        "content-type",
        "date",
        "referrer-policy",
        "transfer-encoding",
        "x-accel-buffering",
        "x-content-type-options",
        "x-request-id",
    ];
    assert_eq!(names, expected);
    assert!(head.contains("connection: close\r\n") && head.contains("transfer-encoding: chunked\r\n"));
    assert!(
        head.contains(" GMT\r\n") || head.ends_with(" GMT"),
        "the date is written as HTTP wants it: {head}"
    );
    let chunk = |event: &str| format!("{:x}\r\n{event}\r\n", event.len());
    let (told, bye) = ("event: revision\nid: 0\ndata: 0\n\n", "event: bye\ndata: stopping\n\n");
    assert_eq!(body, chunk(told) + &chunk(bye) + "0\r\n\r\n");
}

#[tokio::test]
async fn who_knows_no_chunks_or_wants_no_body_gets_none() {
    let folder = tempdir().unwrap();
    let (server, token) = running(folder.path()).await;
    let (stream, old) = answers(&server, &ask("GET /v1/events HTTP/1.0", &token), "data: 0\n\n").await;
    drop(stream);
    assert!(!old.contains("chunked"), "{old}");
    assert!(old.ends_with("\r\n\r\nevent: revision\nid: 0\ndata: 0\n\n"), "{old}");
    let requests = ask("HEAD /v1/events HTTP/1.1", &token) + &ask("HEAD /healthz HTTP/1.1", &token);
    let (_, both) = answers(&server, &requests, "text/plain").await;
    assert!(both.contains("text/event-stream") && !both.contains("data:"), "{both}");
    server.stop().await;
}

#[tokio::test]
async fn a_stream_whose_reader_has_hung_up_makes_room_at_once() {
    let folder = tempdir().unwrap();
    let (server, token) = running(folder.path()).await;
    let request = ask("GET /v1/events HTTP/1.1", &token);
    let mut open = Vec::new();
    for _ in 0..8 {
        open.push(answers(&server, &request, "data: 0").await);
    }
    let (_, ninth) = answers(&server, &request, "\r\n\r\n").await;
    assert!(ninth.starts_with("HTTP/1.1 429"), "{ninth}");
    drop(open);
    // Sooner than the next sign of life, which would fail.
    let room = async {
        while !answers(&server, &request, "\r\n\r\n")
            .await
            .1
            .starts_with("HTTP/1.1 200")
        {}
    };
    tokio::time::timeout(Duration::from_secs(10), room).await.unwrap();
    server.stop().await;
}
