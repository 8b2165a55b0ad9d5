//! Listening: what is refused, the limits on connections, and stopping in order.

use std::net::SocketAddr;
use std::time::Duration;

use budget_tracker::server::embedded::{self, Embedded};
use budget_tracker::server::{Database, ServeError, ServeOptions, serve};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

use super::{Server, http, sign_up};

/// Long enough for a slow machine; only reached when the test fails.
const PATIENCE: Duration = Duration::from_secs(30);

fn options(folder: &tempfile::TempDir, listen: &str) -> ServeOptions {
    ServeOptions::new(listen.parse().unwrap(), Database::in_folder(folder.path()))
}

async fn start(options: ServeOptions) -> Result<(), ServeError> {
    serve(options, std::future::ready(()), |_| ()).await
}

#[tokio::test]
async fn what_is_not_safe_or_not_possible_is_refused_with_advice() {
    let folder = tempfile::tempdir().unwrap();
    let open = options(&folder, "0.0.0.0:0");
    let refused = start(open.clone()).await.unwrap_err();
    assert!(matches!(refused, ServeError::Plaintext(_)));
    let said = refused.to_string();
    assert!(
        said.contains("--insecure-http") && said.contains("--tls-cert"),
        "{said}"
    );
    let demo = ServeOptions {
        demo: true,
        insecure_http: true,
        ..open
    };
    assert!(matches!(start(demo).await, Err(ServeError::PublicDemo(_))));
    let mut numbers = options(&folder, "127.0.0.1:0");
    numbers.metrics = Some("0.0.0.0:0".parse().unwrap());
    let refused = start(numbers).await.unwrap_err();
    assert!(refused.to_string().contains("--metrics 127.0.0.1:"), "{refused}");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let busy = options(&folder, &taken.local_addr().unwrap().to_string());
    let refused = start(busy).await.unwrap_err();
    assert!(refused.to_string().contains("--listen"), "{refused}");
    std::fs::write(folder.path().join("file"), "").unwrap();
    let mut nowhere = options(&folder, "127.0.0.1:0");
    nowhere.database = Database::in_folder(&folder.path().join("file/data"));
    assert!(matches!(start(nowhere).await, Err(ServeError::Store(_))));
}

#[tokio::test]
async fn two_embedded_servers_on_one_folder_see_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (
        embedded::start(folder.path()).await.unwrap(),
        embedded::start(folder.path()).await.unwrap(),
    );
    let client = http();
    let login = json!({"name": "newuser", "password": "password123"});
    let url = |server: &Embedded, path: &str| server.base_url.join(path).unwrap();
    let session = client.post(url(&first, "v1/login")).json(&login).send().await.unwrap();
    assert_eq!(session.status(), 200);
    let token = session.json::<Value>().await.unwrap()["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut events = client
        .get(url(&first, "v1/events"))
        .bearer_auth(&token)
        .send()
        .await
        .unwrap();
    let begun = events.chunk().await.unwrap().unwrap();
    let body = json!({"id": Uuid::now_v7(), "description": "uber to airport", "amount_minor": 3150});
    let added = client
        .post(url(&second, "v1/expenses"))
        .bearer_auth(&token)
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(added.status(), 201);
    let told = tokio::time::timeout(PATIENCE, events.chunk())
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    assert_ne!(begun, told);
    second.shutdown().await;
    first.shutdown().await;
}

#[tokio::test]
async fn a_header_beyond_the_limits_is_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let address: SocketAddr = server.url.strip_prefix("http://").unwrap().parse().unwrap();
    let long = format!("GET /v1 HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n", "a".repeat(20_000));
    let many = format!("GET /v1 HTTP/1.1\r\nhost: x\r\n{}\r\n", "x-many: a\r\n".repeat(70));
    for request in [long, many] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        // The server may close before it has read everything.
        let _ = stream.write_all(request.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer))
            .await
            .unwrap();
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    }
    assert_eq!(
        http()
            .get(format!("{}/healthz", server.url))
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
}

#[cfg(unix)]
#[tokio::test]
async fn stopping_says_goodbye_and_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &["--demo", "--classic-api"]);
    let client = http();
    let token = sign_up(&client, &server, "ada").await;
    let mut events = client
        .get(format!("{}/v1/events", server.url))
        .bearer_auth(&token)
        .send()
        .await
        .unwrap();
    assert!(events.chunk().await.unwrap().is_some());
    let body = json!({"id": Uuid::now_v7(), "description": "lunch", "amount_minor": 500});
    let url = format!("{}/v1/expenses", server.url);
    assert_eq!(
        client
            .post(&url)
            .bearer_auth(&token)
            .json(&body)
            .send()
            .await
            .unwrap()
            .status(),
        201
    );
    let ended = tokio::task::spawn_blocking(move || server.terminate());
    let mut rest = String::new();
    while let Ok(Some(chunk)) = events.chunk().await {
        rest.push_str(&String::from_utf8_lossy(&chunk));
    }
    assert!(rest.contains("event: bye\ndata: stopping\n\n"), "{rest}");
    drop(client);
    assert!(ended.await.unwrap());
    assert!(
        !folder.path().join("budget.db-wal").exists(),
        "the log was moved into the file"
    );
}
