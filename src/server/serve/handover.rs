//! Answers that take their connection over: event streams and refusals.
//!
//! Such an answer is the last of its connection, and takes long: a stream lasts for hours, and who is refused in a crowd
//! waits for a moment. The machinery of a conversation would keep a buffer for the next request and the state of its
//! parser all the while, which is many times what is needed. So it is let go once the answer is known.

use std::fmt;
use std::io::{self, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::{HeaderValue, Method, Request, Version, header};
use axum::response::Response;
use http_body_util::BodyExt;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use super::patient::Patient;
use crate::server::load::TooMany;

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
    /// For the answer to this request.
    pub(super) fn of<B>(&self, request: &Request<B>) -> Offer {
        // A HEAD has no body, so its answer is over at once.
        let handover = (request.method() != Method::HEAD).then(|| self.clone());
        Offer {
            handover,
            knows_chunks: request.version() == Version::HTTP_11,
        }
    }

    /// The answer that was kept.
    pub(super) fn take(&self) -> Option<Response> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Whether, and how, the answer to a request may take its connection over.
pub(super) struct Offer {
    handover: Option<Handover>,
    /// HTTP/1.0 does not.
    knows_chunks: bool,
}

impl Offer {
    /// Keeps an answer that takes the connection over, and gives every other back.
    pub(super) fn pass(self, answer: Response) -> Result<Response, TakenOver> {
        match self.handover {
            Some(handover) if is_refusal(&answer) || self.knows_chunks && is_stream(&answer) => {
                *handover.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
                Err(TakenOver)
            }
            _ => Ok(answer),
        }
    }
}

/// Whether the answer refuses a request because too many run.
pub(super) fn is_refusal(answer: &Response) -> bool {
    answer.extensions().get::<TooMany>().is_some()
}

fn is_stream(answer: &Response) -> bool {
    let kind = answer.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind == "text/event-stream")
}

/// The head of the last answer of a connection as it is sent.
pub(super) fn head(answer: &mut Response) -> io::Result<Vec<u8>> {
    let status = answer.status();
    let headers = answer.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&Timestamp::now());
    if let Some(date) = date.ok().and_then(|date| date.try_into().ok()) {
        headers.insert(header::DATE, date);
    }
    let mut head = Vec::with_capacity(1024);
    write!(head, "HTTP/1.1 {status}\r\n")?;
    for (name, value) in headers.iter() {
        write!(head, "{name}: ")?;
        head.extend_from_slice(value.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    Ok(head)
}

/// The whole of the last answer of a connection as it is sent.
pub(super) async fn whole(mut answer: Response) -> io::Result<Vec<u8>> {
    let body = std::mem::take(answer.body_mut());
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    answer.headers_mut().insert(header::CONTENT_LENGTH, body.len().into());
    let mut text = head(&mut answer)?;
    text.extend_from_slice(&body);
    // Many may wait to be sent.
    text.shrink_to_fit();
    Ok(text)
}
