//! Event streams, which take their connection over.
//!
//! A connection that carries one has nothing else to say until it ends. The machinery of a conversation would keep a
//! buffer for the next request and the state of its parser all the while, which is many times what a stream needs. So
//! it is let go once the answer is known; what is left writes the answer's head, then one chunk for each event (RFC
//! 9112, 7.1), and closes the connection.

use std::fmt;
use std::io::{self, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::http::{HeaderValue, Method, Request, Version, header};
use axum::response::Response;
use http_body_util::BodyExt;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use super::patient::Patient;

/// What carries a conversation.
pub(super) trait Line: AsyncRead + AsyncWrite + Unpin + Send + 'static {
    /// Whether the other end has yet to take what was written.
    fn is_owed(&self) -> bool;
}

impl Line for Patient<TcpStream> {
    fn is_owed(&self) -> bool {
        self.is_waiting()
    }
}

impl Line for TlsStream<Patient<TcpStream>> {
    fn is_owed(&self) -> bool {
        self.get_ref().0.is_waiting()
    }
}

/// Where a conversation leaves the answer that takes its connection over.
#[derive(Clone, Default)]
pub(super) struct Handover(Arc<Mutex<Option<Response>>>);

/// Ends a conversation whose connection has been taken over.
#[derive(Debug)]
pub(super) struct TakenOver;

impl fmt::Display for TakenOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event stream has taken the connection over")
    }
}

impl std::error::Error for TakenOver {}

impl Handover {
    /// Whether the answer to this request may take the connection over: chunks are unknown to HTTP/1.0, and a `HEAD` has no body.
    pub(super) fn suits<B>(request: &Request<B>) -> bool {
        request.method() == Method::GET && request.version() == Version::HTTP_11
    }

    /// Keeps the answer if it is an event stream, and gives every other back.
    pub(super) fn pass(&self, answer: Response) -> Result<Response, TakenOver> {
        let kind = answer.headers().get(header::CONTENT_TYPE);
        if kind.is_none_or(|kind| kind != "text/event-stream") {
            return Ok(answer);
        }
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
        Err(TakenOver)
    }

    /// The answer that was kept.
    pub(super) fn take(&self) -> Option<Response> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Writes the answer to the end, or until the other end has hung up.
///
/// # Errors
/// What was written is not taken.
pub(super) async fn carry<S: Line>(mut line: S, answer: Response) -> io::Result<()> {
    let (head, mut events) = begin(answer)?;
    write(&mut line, head).await?;
    loop {
        let event = tokio::select! {
            () = gone(&mut line) => return Ok(()),
            event = events.frame() => event,
        };
        match event {
            Some(Ok(event)) => {
                if let Ok(text) = event.into_data() {
                    write(&mut line, chunk(&text)?).await?;
                }
            }
            // Without the last chunk, the other end sees that something is missing.
            Some(Err(error)) => return Err(io::Error::other(error)),
            None => break,
        }
    }
    write(&mut line, chunk(&[])?).await?;
    line.shutdown().await
}

/// The head of the answer as it is sent, and what follows it.
fn begin(mut answer: Response) -> io::Result<(Vec<u8>, Body)> {
    let headers = answer.headers_mut();
    headers.insert(header::TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&Timestamp::now());
    if let Some(date) = date.ok().and_then(|date| date.try_into().ok()) {
        headers.insert(header::DATE, date);
    }
    let mut head = Vec::with_capacity(1024);
    write!(head, "HTTP/1.1 {}\r\n", answer.status())?;
    for (name, value) in answer.headers() {
        write!(head, "{name}: ")?;
        head.extend_from_slice(value.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    Ok((head, answer.into_body()))
}

/// One chunk; an empty one is the last.
fn chunk(text: &[u8]) -> io::Result<Vec<u8>> {
    let mut chunk = Vec::with_capacity(text.len() + 16);
    write!(chunk, "{:x}\r\n", text.len())?;
    chunk.extend_from_slice(text);
    chunk.extend_from_slice(b"\r\n");
    Ok(chunk)
}

async fn write(line: &mut impl Line, text: Vec<u8>) -> io::Result<()> {
    line.write_all(&text).await?;
    line.flush().await
}

/// Returns when the other end has hung up. Whatever it still says, this connection does not answer.
async fn gone(line: &mut impl Line) {
    while matches!(line.read(&mut [0; 16]).await, Ok(1..)) {}
}
