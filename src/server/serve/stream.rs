//! Event streams, which take their connection over: what is left of it writes the answer's head, then one chunk for each
//! event (RFC 9112, 7.1), and closes the connection.

use std::io::{self, Write as _};

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use http_body_util::BodyExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::handover::{Line, head};

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
    let chunked = HeaderValue::from_static("chunked");
    answer.headers_mut().insert(header::TRANSFER_ENCODING, chunked);
    Ok((head(&mut answer)?, answer.into_body()))
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
