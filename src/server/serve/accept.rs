//! The accept loop: who is let in, and one conversation with each.

use std::io;
use std::net::IpAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use futures::FutureExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{HttpService, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::handover::{Handover, Line, TakenOver, is_refusal, whole};
use super::limits::{Addresses, Limits};
use super::patient::Patient;
use super::stream::carry;
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
/// How many wait at once to be told that too many requests run. While there are as many, nobody else is let in.
const HELD_BACK: usize = 768;
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
    pub held_back: Arc<Semaphore>,
}

impl Accept {
    /// Places for so many who are told why they cannot come in.
    pub(super) fn farewells() -> Arc<Semaphore> {
        Arc::new(Semaphore::new(FAREWELLS))
    }

    /// Places for so many who are refused in a crowd.
    pub(super) fn held_back() -> Arc<Semaphore> {
        Arc::new(Semaphore::new(HELD_BACK))
    }

    /// Lets connections in until the server stops.
    pub(super) async fn run(self: Arc<Self>, listener: TcpListener) {
        loop {
            let next = async {
                // Those outside cost nothing, so a crowd waits there.
                drop(self.held_back.acquire().await);
                listener.accept().await
            };
            let Some(accepted) = self.stopping.run_until_cancelled(next).await else {
                return;
            };
            match accepted {
                Ok((stream, peer)) => {
                    self.admit(stream, peer.ip());
                    // Of a crowd, each is looked at before the next one comes in.
                    tokio::task::yield_now().await;
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    /// Serves the connection in a task of its own, unless there are too many.
    fn admit(self: &Arc<Self>, stream: TcpStream, peer: IpAddr) {
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
        let (accept, open) = (Arc::clone(self), self.meters.connection());
        self.connections.spawn(async move {
            // Handed over by reference, or it would be held twice in each of many tasks.
            let served = pin!(accept.greet(stream, peer));
            accept.cut_off.run_until_cancelled(served).await;
            drop((open, place));
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
                    part(stream, BUSY.as_bytes()).await
                })
                .await;
                drop(place);
            });
        }
    }

    /// Agrees on how to speak, then serves.
    async fn greet(&self, stream: TcpStream, peer: IpAddr) {
        let Some(tls) = &self.tls else {
            return self.attend(Patient::new(stream, self.limits.write_time), peer).await;
        };
        // In a place of its own: a connection without TLS would hold as much memory as one with it.
        Box::pin(async {
            if let Some(stream) = self.shake_hands(tls, stream).await {
                self.attend(stream, peer).await;
            }
        })
        .await;
    }

    /// Agrees on the encryption; `None` when that came to nothing.
    async fn shake_hands(&self, tls: &Tls, stream: TcpStream) -> Option<TlsStream<Patient<TcpStream>>> {
        let agreed = timeout(self.limits.handshake_time, async {
            let mut first = [0];
            if stream.peek(&mut first).await? == 1 && first[0] != HANDSHAKE {
                part(stream, USE_TLS.as_bytes()).await?;
                return Ok(None);
            }
            let stream = Patient::new(stream, self.limits.write_time);
            tls.acceptor().accept(stream).await.map(Some)
        });
        match self.stopping.run_until_cancelled(agreed).await? {
            Ok(Ok(Some(stream))) => return Some(stream),
            Ok(Ok(None)) => tracing::debug!("plain HTTP was spoken where TLS is"),
            Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        }
        self.meters.handshake_failed();
        None
    }

    /// Converses, then carries the event stream with which the conversation may end.
    async fn attend<S: Line>(&self, line: S, peer: IpAddr) {
        // Each in a place of its own: what is over holds nothing, and nothing is held several times by being moved.
        let ended = match self.converse(line, peer).await {
            Ok(Some((line, answer))) if is_refusal(&answer) => Box::pin(self.refuse(line, answer)).await,
            Ok(Some((line, answer))) => Box::pin(carry(line, answer)).await,
            Ok(None) => Ok(()),
            Err(error) => Err(io::Error::other(error)),
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection broke off");
        }
    }

    /// Tells somebody in a crowd to come back, after a pause. To refuse costs nearly as much as to do: who is refused at
    /// once and asks again at once would keep the server from those whom it has let in.
    async fn refuse<S: Line>(&self, line: S, answer: Response) -> io::Result<()> {
        let answer = whole(answer).await?;
        let pause = async {
            let _place = self.held_back.acquire().await;
            tokio::time::sleep(self.limits.refusal_pause).await;
        };
        self.stopping.run_until_cancelled(pause).await;
        match timeout(FAREWELL_TIME, part(line, &answer)).await {
            Ok(parted) => parted,
            // Whoever keeps talking has had the answer.
            Err(_) => Ok(()),
        }
    }

    /// Answers requests, until the connection ends or an answer takes it over.
    async fn converse<S: Line>(&self, line: S, peer: IpAddr) -> hyper::Result<Option<(S, Response)>> {
        let handover = Handover::default();
        let mut connection = Box::pin(self.connection(line, peer, handover.clone()));
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.stopping.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.as_mut().await
            }
        };
        let Some(answer) = handover.take() else {
            return ended.map(|()| None);
        };
        let line = Pin::into_inner(connection).into_parts().io.into_inner();
        // Who asks before having taken the answers to earlier questions would find this one between them.
        Ok((!line.is_owed()).then_some((line, answer)))
    }

    fn connection<S: Line>(
        &self,
        line: S,
        peer: IpAddr,
        handover: Handover,
    ) -> http1::Connection<
        TokioIo<S>,
        impl HttpService<Incoming, ResBody = Body, Error = TakenOver, Future: Send> + use<S>,
    > {
        let (router, proxies) = (self.router.clone(), Arc::clone(&self.proxies));
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            let client = proxies.client(peer, request.headers());
            request.extensions_mut().insert(Peer(client));
            let handover = handover.of(&request);
            let answer = router.clone().oneshot(request.map(Body::new));
            answer.map(move |Ok(answer)| handover.pass(answer))
        });
        let mut builder = http1::Builder::new();
        builder
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.header_time)
            .max_buf_size(self.limits.header_bytes)
            .max_headers(self.limits.header_fields);
        builder.serve_connection(TokioIo::new(line), service)
    }
}

/// Answers without having read all of the question, then waits for the other end to read it: closing at once would
/// take the answer away again.
async fn part<S>(mut stream: S, answer: &[u8]) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    stream.write_all(answer).await?;
    stream.shutdown().await?;
    // Small: many may wait here at once.
    let mut rest = [0; 64];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}
