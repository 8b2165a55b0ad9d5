//! As many connections as a server lets in, and one more.

use budget_tracker::server::Limits;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Server, http, until};

/// Connections that are opened at the same time: fewer than wait to be let in without being turned down.
const OPENING: usize = 200;
/// Files that everything else needs, in either process.
const OTHERS: u64 = 1500;

/// Lets this process, and those that it starts, open so many files; whether the system allows it. On CI it must.
fn may_open(files: u64) -> bool {
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= files) {
        return true;
    }
    // Beyond the maximum, only root can.
    let wished = Rlimit {
        current: Some(files),
        maximum: limit.maximum.map(|most| most.max(files)),
    };
    let allowed = setrlimit(Resource::Nofile, wished).is_ok();
    assert!(
        allowed || std::env::var_os("CI").is_none(),
        "{limit:?} files may be open, and CI tests with {files}"
    );
    if !allowed {
        eprintln!("only {limit:?} files may be open, so {files} connections are not tested");
    }
    allowed
}

/// Asks on a connection that is open; whether it was answered.
async fn is_answered(stream: &mut TcpStream) -> bool {
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let mut answer = [0; 1024];
    let length = stream.read(&mut answer).await.unwrap();
    answer[..length].starts_with(b"HTTP/1.1 200 OK")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_connection_more_than_the_usual_limit_hears_so_and_the_others_go_on() {
    let most = Limits::default().connections;
    if !may_open(u64::try_from(most).unwrap() + OTHERS) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let address = server.url.strip_prefix("http://").unwrap();
    let before = server.files();
    let mut open = Vec::with_capacity(most);
    while open.len() < most {
        let wave = (0..OPENING.min(most - open.len())).map(|_| TcpStream::connect(address));
        open.extend(futures::future::try_join_all(wave).await.unwrap());
    }
    // A connection is open before the server has let it in.
    until(async || server.files() >= before + most).await;
    let refused = http().get(format!("{}/healthz", server.url)).send().await.unwrap();
    assert_eq!(refused.status(), 503);
    assert_eq!(refused.headers()["retry-after"], "5");
    let body: Value = refused.json().await.unwrap();
    assert_eq!(body["error"]["code"], "unavailable");
    for number in [most - 1, most / 2] {
        assert!(
            is_answered(&mut open[number]).await,
            "connection {number} is not served"
        );
    }
    drop(open);
    until(async || {
        let answer = http().get(format!("{}/healthz", server.url)).send().await;
        answer.is_ok_and(|answer| answer.status() == 200)
    })
    .await;
    until(async || server.files() <= before + 4).await;
    assert!(server.terminate());
}
