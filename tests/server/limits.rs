//! Slow and many clients: they are cut off at their limits, and a good client is served meanwhile.

use std::io;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use budget_tracker::server::{Limits, Proxies};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::{PASSWORD, http, until};
use crate::support::running::Running;

/// Long enough for a slow machine; only reached when the test fails.
const PATIENCE: Duration = Duration::from_mins(2);
const SLOW: usize = 500;

/// Sends `begun`, then `more` again and again, until the server has had enough; what it answered.
async fn drip(server: std::net::SocketAddr, begun: String, more: &'static [u8]) -> io::Result<String> {
    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(begun.as_bytes()).await?;
    let (mut from, mut to) = stream.into_split();
    let mut answer = Vec::new();
    let sending = async {
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            if to.write_all(more).await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        () = sending => {}
        // A reset is an end, too.
        _ = from.read_to_end(&mut answer) => {}
    }
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Asks as a good client does, until the flood is over.
async fn good(url: String) {
    let client = http();
    let wish = json!({"name": "ada", "email": "a@example.org", "password": PASSWORD});
    let answer = client
        .post(format!("{url}/v1/signup"))
        .json(&wish)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 201);
    let session: Value = answer.json().await.unwrap();
    for _ in 0..50 {
        let request = client
            .get(format!("{url}/v1/summary"))
            .bearer_auth(session["token"].as_str().unwrap());
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
}

async fn flood(begun: &str, more: &'static [u8], expected: &str) {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), |options| {
        options.limits.header_time = Duration::from_secs(3);
        // Slow bodies must not take the places of requests.
        options.limits.requests = 16;
    })
    .await;
    let mut slow = JoinSet::new();
    for _ in 0..SLOW {
        slow.spawn(drip(server.listening.address, begun.to_owned(), more));
    }
    good(server.url()).await;
    let ended = tokio::time::timeout(PATIENCE, slow.join_all()).await.unwrap();
    for answer in ended {
        let answer = answer.unwrap();
        assert!(answer.is_empty() || answer.contains(expected), "{answer}");
    }
    good_after(&server).await;
    server.stop().await;
}

async fn good_after(server: &Running) {
    let answer = http().get(format!("{}/readyz", server.url())).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headers_that_do_not_end_are_cut_off_and_a_good_client_is_served() {
    flood("GET /v1 HTTP/1.1\r\nhost: x\r\n", b"a", "408").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_that_do_not_end_are_cut_off_and_a_good_client_is_served() {
    let head = "POST /v1/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{";
    flood(head, b" ", "408 Request Timeout").await;
}

#[tokio::test]
async fn an_idle_connection_is_closed_and_a_busy_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), |options| {
        options.limits.header_time = Duration::from_millis(500);
    })
    .await;
    let mut stream = TcpStream::connect(server.listening.address).await.unwrap();
    let mut answer = [0; 4096];
    for _ in 0..3 {
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
            .await
            .unwrap();
        let length = stream.read(&mut answer).await.unwrap();
        assert!(answer[..length].starts_with(b"HTTP/1.1 200 OK"));
    }
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "an idle connection is kept for ever");
    server.stop().await;
}

#[tokio::test]
async fn one_connection_too_many_hears_so_and_the_others_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let most = 20;
    let server = Running::start(folder.path(), |options| {
        options.limits = Limits {
            connections: most,
            ..Limits::default()
        };
    })
    .await;
    let ask = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    let mut answer = [0; 4096];
    let mut open = Vec::new();
    for _ in 0..most {
        let mut stream = TcpStream::connect(server.listening.address).await.unwrap();
        stream.write_all(ask).await.unwrap();
        let length = stream.read(&mut answer).await.unwrap();
        assert!(answer[..length].starts_with(b"HTTP/1.1 200 OK"));
        open.push(stream);
    }
    let refused = http().get(format!("{}/healthz", server.url())).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.headers()["retry-after"], "5");
    let body: Value = refused.json().await.unwrap();
    assert_eq!(body["error"]["code"], "unavailable");
    for stream in &mut open {
        stream.write_all(ask).await.unwrap();
        let length = stream.read(&mut answer).await.unwrap();
        assert!(answer[..length].starts_with(b"HTTP/1.1 200 OK"));
    }
    open.pop();
    // The server notices the end of a connection in its own time.
    let again = async {
        loop {
            let answer = http().get(format!("{}/healthz", server.url())).send().await;
            if answer.is_ok_and(|answer| answer.status() == 200) {
                break;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, again).await.unwrap();
    drop(open);
    server.stop().await;
}

#[tokio::test]
async fn who_is_sent_away_from_a_crowd_hears_so_after_a_pause_and_gives_its_connection_back() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), |options| {
        options.limits.requests = 0;
        options.limits.refusal_pause = Duration::from_millis(400);
    })
    .await;
    let begun = Instant::now();
    let crowd = (0..300).map(async |_| {
        let mut stream = TcpStream::connect(server.listening.address).await.unwrap();
        let ask = b"GET /v1/summary HTTP/1.1\r\nhost: x\r\n\r\n";
        // What is still said to a connection that ends is not answered, and does not take the answer away.
        stream.write_all(&ask.repeat(2)).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    });
    let crowd = futures::future::join_all(crowd);
    let (answers, calm) = tokio::join!(crowd, async {
        let answer = http().get(format!("{}/healthz", server.url())).send().await.unwrap();
        answer.status()
    });
    for answer in &answers {
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{answer}");
        for field in ["retry-after: ", "connection: close", "x-request-id: ", "date: "] {
            assert!(head.contains(field), "{field} is missing: {head}");
        }
        assert!(head.contains(&format!("content-length: {}", body.len())), "{answer}");
        assert!(body.contains(r#""code":"unavailable""#), "{body}");
    }
    assert!(begun.elapsed() >= Duration::from_millis(400), "nobody was made to wait");
    assert_eq!(calm, 200);
    server.stop().await;
}

#[tokio::test]
async fn who_waits_to_be_sent_away_is_told_when_the_server_stops() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), |options| {
        options.limits.requests = 0;
        options.limits.refusal_pause = Duration::from_hours(1);
        options.metrics = Some("127.0.0.1:0".parse().unwrap());
    })
    .await;
    let mut stream = TcpStream::connect(server.listening.address).await.unwrap();
    let ask = "POST /v1/login HTTP/1.0\r\ncontent-length: 2\r\ncontent-type: application/json\r\n\r\n{}";
    stream.write_all(ask.as_bytes()).await.unwrap();
    let metrics = format!("http://{}/metrics", server.listening.metrics.unwrap());
    let refused = async || {
        let text = http().get(&metrics).send().await.unwrap().text().await.unwrap();
        text.contains("status=\"503\"")
    };
    until(refused).await;
    server.stop().await;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.contains(" 503 ") && answer.contains("retry-after: "), "{answer}");
}

#[tokio::test]
async fn an_answer_that_nobody_takes_does_not_hold_its_connection() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), |options| {
        options.limits.write_time = Duration::from_millis(300);
        options.metrics = Some("127.0.0.1:0".parse().unwrap());
    })
    .await;
    let metrics = format!("http://{}/metrics", server.listening.metrics.unwrap());
    let client = http();
    let open = async || {
        let text = client.get(&metrics).send().await.unwrap().text().await.unwrap();
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("budget_tracker_connections "));
        line.unwrap().parse::<usize>().unwrap()
    };
    let mut stream = TcpStream::connect(server.listening.address).await.unwrap();
    // Far more answers than the buffers on the way can hold, and nobody reads them.
    let asks = "GET /v1/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(1000);
    // The server may give up before it has read all of it.
    let _ = tokio::time::timeout(PATIENCE, stream.write_all(asks.as_bytes()))
        .await
        .unwrap();
    // The one that asks for the numbers is open, too.
    until(async || open().await <= 1).await;
    drop(stream);
    server.stop().await;
}

/// Log-ins with a wrong password from behind a proxy, each time on behalf of somebody else as the client has it; how
/// many were heard before the server had enough.
async fn tries(trusted: bool, behalf: impl Fn(usize) -> String) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), |options| {
        if trusted {
            options.proxies = Proxies {
                networks: vec!["127.0.0.0/8".parse().unwrap()],
                ..Proxies::default()
            };
        }
    })
    .await;
    let client = http();
    for heard in 0..30 {
        let answer = client
            .post(format!("{}/v1/login", server.url()))
            .header("x-forwarded-for", behalf(heard))
            .json(&json!({"name": format!("ada{heard}"), "password": "wrong"}))
            .send()
            .await
            .unwrap();
        match answer.status().as_u16() {
            401 => {}
            429 => {
                server.stop().await;
                return heard;
            }
            other => panic!("{other}"),
        }
    }
    server.stop().await;
    30
}

#[tokio::test]
async fn whoever_makes_up_addresses_behind_a_proxy_is_limited_as_one() {
    // Ten at once, and one each six seconds, which a slow machine may need.
    let limited = 10..20;
    // The proxy adds the last address; the client makes up all before it.
    let one = tries(true, |number| format!("198.51.100.{number}, 192.0.2.7")).await;
    assert!(limited.contains(&one), "{one}");
    assert_eq!(tries(true, |number| format!("192.0.2.{number}")).await, 30);
    // Without trust nobody is believed, and nobody has the freedom of this machine either.
    let nobody = tries(false, |number| format!("192.0.2.{number}")).await;
    assert!(limited.contains(&nobody), "{nobody}");
}
