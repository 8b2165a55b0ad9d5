//! The accept loop: who is let in, and one conversation with each.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::limits::{Addresses, Limits, Place};
use super::patient::Patient;
use super::tls::Tls;
use crate::server::extract::Peer;
use crate::server::meters::{Meters, TurnedAway};
use crate::server::proxies::Proxies;
use crate::server::throttle::subscriber;

/// The pause after a failed `accept`, for example when no file descriptor is left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How long, and to how many at once, the server explains why it does not let them in.
const FAREWELL_TIME: Duration = Duration::from_secs(1);
const FAREWELLS: usize = 64;
/// The first byte of every TLS handshake.
const HANDSHAKE: u8 = 0x16;

/// A whole answer of HTTP/1.1 after which the connection ends.
macro_rules! answer {
    ($status:literal, $fields:literal, $body:literal) => {
        concat!(
            "HTTP/1.1 ",
            $status,
            "\r\ncontent-type: application/json\r\ncache-control: no-store\r\nconnection: close\r\n",
            $fields,
            "\r\n",
            $body
        )
    };
}

/// What a connection hears that finds no place.
const BUSY: &str = answer!(
    "503 Service Unavailable",
    "retry-after: 5\r\n",
    r#"{"error":{"code":"unavailable","message":"The server has too many connections. Try again in a moment."}}"#
);
/// What a client hears that speaks HTTP where TLS is spoken.
const USE_TLS: &str = answer!(
    "400 Bad Request",
    "",
    r#"{"error":{"code":"invalid","message":"This server speaks HTTPS. Write https:// in its address."}}"#
);

/// How connections are received; clones share everything.
#[derive(Clone)]
pub(super) struct Accept {
    pub router: Router,
    pub limits: Arc<Limits>,
    pub tls: Option<Arc<Tls>>,
    pub proxies: Arc<Proxies>,
    pub meters: Arc<Meters>,
    pub connections: TaskTracker,
    pub stopping: CancellationToken,
    pub cut_off: CancellationToken,
    pub addresses: Addresses,
    pub farewells: Arc<Semaphore>,
}

impl Accept {
    /// Places for so many who are told why they cannot come in.
    pub(super) fn farewells() -> Arc<Semaphore> {
        Arc::new(Semaphore::new(FAREWELLS))
    }

    /// Lets connections in until the server stops.
    pub(super) async fn run(self, listener: TcpListener) {
        loop {
            let accepted = tokio::select! {
                () = self.stopping.cancelled() => return,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => self.admit(stream, peer.ip()),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    /// Serves the connection in a task of its own, unless there are too many.
    fn admit(&self, stream: TcpStream, peer: IpAddr) {
        if self.connections.len() > self.limits.connections {
            return self.turn_away(stream, TurnedAway::All);
        }
        // A proxy has many clients; this machine is its owner's business.
        let uncounted = peer.to_canonical().is_loopback() || self.proxies.trusts(peer);
        let place = if uncounted {
            None
        } else {
            match self
                .addresses
                .take(subscriber(peer), self.limits.connections_per_address)
            {
                Some(place) => Some(place),
                None => return self.turn_away(stream, TurnedAway::Address),
            }
        };
        // Answers are small and whole: waiting to fill a packet only delays them.
        let _ = stream.set_nodelay(true);
        let (accept, cut_off) = (self.clone(), self.cut_off.clone());
        self.connections.spawn(async move {
            let open = accept.meters.connection();
            cut_off.run_until_cancelled(accept.greet(stream, peer, place)).await;
            drop(open);
        });
    }

    /// Says why, to those who can be told without much work.
    fn turn_away(&self, stream: TcpStream, reason: TurnedAway) {
        self.meters.turned_away(reason);
        if self.tls.is_none()
            && let Ok(place) = Arc::clone(&self.farewells).try_acquire_owned()
        {
            tokio::spawn(async move {
                // Whoever does not listen has lost nothing.
                let _ = timeout(FAREWELL_TIME, async {
                    // An answer before the question would puzzle clients.
                    stream.peek(&mut [0]).await?;
                    part(stream, BUSY).await
                })
                .await;
                drop(place);
            });
        }
    }

    /// Agrees on how to speak, then converses; `place` is given back at the end.
    async fn greet(self, stream: TcpStream, peer: IpAddr, place: Option<Place>) {
        let Some(tls) = self.tls.clone() else {
            let stream = Patient::new(stream, self.limits.write_time);
            return self.converse(stream, peer, place).await;
        };
        // In a place of its own: a connection without TLS would hold as much memory as one with it.
        Box::pin(self.shake_hands(tls, stream, peer, place)).await;
    }

    /// Agrees on the encryption, then converses.
    async fn shake_hands(self, tls: Arc<Tls>, stream: TcpStream, peer: IpAddr, place: Option<Place>) {
        let agreed = timeout(self.limits.handshake_time, async {
            let mut first = [0];
            if stream.peek(&mut first).await? == 1 && first[0] != HANDSHAKE {
                part(stream, USE_TLS).await?;
                return Ok(None);
            }
            let stream = Patient::new(stream, self.limits.write_time);
            tls.acceptor().accept(stream).await.map(Some)
        });
        let stopping = self.stopping.clone();
        let agreed = tokio::select! {
            () = stopping.cancelled() => return,
            agreed = agreed => agreed,
        };
        match agreed {
            Ok(Ok(Some(stream))) => return self.converse(stream, peer, place).await,
            Ok(Ok(None)) => tracing::debug!("plain HTTP was spoken where TLS is"),
            Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        }
        self.meters.handshake_failed();
    }

    async fn converse<S>(self, stream: S, peer: IpAddr, place: Option<Place>)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (router, proxies) = (self.router, self.proxies);
        let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
            let client = proxies.client(peer, request.headers());
            request.extensions_mut().insert(Peer(client));
            router.clone().oneshot(request.map(Body::new))
        });
        let mut builder = http1::Builder::new();
        builder
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.header_time)
            .max_buf_size(self.limits.header_bytes)
            .max_headers(self.limits.header_fields);
        // In a place of its own: moved about, it would be held three times over in each of many tasks.
        let mut connection = Box::pin(builder.serve_connection(TokioIo::new(stream), service));
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.stopping.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection broke off");
        }
        drop(place);
    }
}

/// Answers without having understood the question, then waits for the other end to read it: closing at once would
/// take the answer away again.
async fn part(mut stream: TcpStream, answer: &str) -> std::io::Result<()> {
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    let mut rest = [0; 1024];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}
