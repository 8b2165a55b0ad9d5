//! Slow and idle connections, many of them: what a good client notices.

use std::net::SocketAddr;
use std::time::Duration;

use budget_tracker::server::Limits;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::data::{self, Folder};
use super::http::{self, Connection};
use super::load::{self, Window};
use super::process::Server;
use super::report::{Goal, figure, judged, median};
use super::{Options, Outcome};

/// Connections that send a byte each second.
const SLOW: usize = 500;
/// How each kind begins, and the byte that it goes on with.
const KINDS: [(&str, &str, &[u8]); 2] = [
    ("headers", "GET /v1 HTTP/1.1\r\nhost: bench\r\n", b"a"),
    (
        "bodies",
        "POST /v1/login HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{",
        b" ",
    ),
];
/// Connections that are opened at the same time.
const OPENING: usize = 200;

pub fn slow(options: &Options) -> Outcome {
    let (folder, runtime) = (Folder::new()?, load::runtime()?);
    let user = runtime.block_on(data::database(&folder.file("served.db"), 1, 300))?;
    let user = user.first().ok_or("no user")?;
    let server = Server::start(&folder, "served.db")?;
    let good = Good {
        options,
        address: server.address,
        request: http::get("/v1/summary", Some(&user.token)),
    };
    runtime.block_on(async {
        good.window().await?;
        for (kind, begun, more) in KINDS {
            let alone = good.p99().await?;
            let mut slow = JoinSet::new();
            for _ in 0..SLOW {
                slow.spawn(drip(server.address, begun, more));
            }
            tokio::time::sleep(options.window(2000)).await;
            beside(
                &format!("{SLOW} {kind} that come byte by byte"),
                alone,
                good.p99().await?,
            );
            slow.shutdown().await;
        }
        crowd(&good, Limits::default().connections).await
    })
}

/// A client that asks for its summary on one connection, again and again.
struct Good<'a> {
    options: &'a Options,
    address: SocketAddr,
    request: Vec<u8>,
}

impl Good<'_> {
    async fn window(&self) -> Outcome<Window> {
        let request = self.request.clone();
        load::http(self.address, 1, self.options.window(1500), move |_, _| request.clone()).await
    }

    /// ms.
    async fn p99(&self) -> Outcome<f64> {
        let mut windows = Vec::new();
        for _ in 0..3 {
            windows.push(self.window().await?.p(99));
        }
        Ok(median(windows))
    }
}

fn beside(whom: &str, alone: f64, with: f64) {
    figure("p99 of a summary, alone", alone, "ms");
    figure(&format!("... beside {whom}"), with, "ms");
    judged("beside, times alone", with / alone, "", &Goal::AtMost(3.0));
}

/// Sends `begun`, then a byte each second, until the server has had enough; then again.
async fn drip(address: SocketAddr, begun: &'static str, more: &'static [u8]) -> Outcome {
    loop {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(begun.as_bytes()).await?;
        while stream.write_all(more).await.is_ok() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

/// All connections that there may be, of which one is the good client's, and one more.
async fn crowd(good: &Good<'_>, most: usize) -> Outcome {
    let alone = good.p99().await?;
    let mut open = Vec::with_capacity(most);
    while open.len() < most - 1 {
        let wave = (0..OPENING.min(most - 1 - open.len())).map(|_| TcpStream::connect(good.address));
        open.extend(futures::future::try_join_all(wave).await?);
    }
    let with = good.window().await?.p(99);
    beside(&format!("{} that say nothing", open.len()), alone, with);
    // The good client's place is free as soon as the server has noticed.
    tokio::time::sleep(Duration::from_millis(200)).await;
    open.push(TcpStream::connect(good.address).await?);
    let mut last = Connection::open(good.address).await?;
    let told = last.ask(&good.request).await?;
    figure(&format!("connection {} is told", most + 1), f64::from(told), "");
    Ok(())
}
