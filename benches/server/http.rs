//! As much HTTP as a load needs: one request at a time on a connection that stays open.

use std::net::{IpAddr, SocketAddr};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use uuid::Uuid;

use super::Outcome;
use super::data::{DESCRIPTION, User};

/// One connection.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(16 * 1024),
        })
    }

    /// From an address of this machine's choice, with a small buffer when it shall read slowly.
    pub async fn open_from(address: SocketAddr, from: IpAddr, small: bool) -> Outcome<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        if small {
            socket.set_recv_buffer_size(2048)?;
        }
        socket.bind(SocketAddr::new(from, 0))?;
        Ok(socket.connect(address).await?)
    }

    /// Sends a request and reads the whole answer; its status.
    pub async fn ask(&mut self, request: &[u8]) -> Outcome<u16> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let mut whole = None;
        while whole.is_none_or(|whole| self.buffer.len() < whole) {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the server closed the connection".into());
            }
            if whole.is_none() {
                whole = length(&self.buffer);
            }
        }
        status(&self.buffer)
    }

    /// Whether the server keeps it open after the last answer.
    pub fn stays(&self) -> bool {
        let head = &self.buffer[..head(&self.buffer).unwrap_or(0)];
        let close = b"\r\nconnection: close\r\n";
        !head.windows(close.len()).any(|part| part == close)
    }

    /// The body of the last answer.
    pub fn body(&self) -> &[u8] {
        let head = head(&self.buffer).unwrap_or(self.buffer.len());
        &self.buffer[head..]
    }
}

/// Where the body begins.
fn head(answer: &[u8]) -> Option<usize> {
    answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .map(|end| end + 4)
}

/// How long the answer will be, once its header is complete.
fn length(answer: &[u8]) -> Option<usize> {
    let head = head(answer)?;
    let text = std::str::from_utf8(&answer[..head]).ok()?;
    let body = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().unwrap_or(0));
    Some(head + body)
}

pub fn status(answer: &[u8]) -> Outcome<u16> {
    let word = answer.get(9..12).ok_or("no status")?;
    Ok(std::str::from_utf8(word)?.parse()?)
}

/// `GET path`, with a token where there is one.
pub fn get(path: &str, token: Option<&str>) -> Vec<u8> {
    let session = token.map_or_else(String::new, |token| format!("authorization: Bearer {token}\r\n"));
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\n{session}\r\n").into_bytes()
}

/// `POST path` with a JSON body.
pub fn post(path: &str, token: Option<&str>, body: &str) -> Vec<u8> {
    let session = token.map_or_else(String::new, |token| format!("authorization: Bearer {token}\r\n"));
    format!(
        "POST {path} HTTP/1.1\r\nhost: bench\r\n{session}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// An expense of today; without a category the server predicts one.
pub fn add(user: &User, category: Option<Uuid>) -> Vec<u8> {
    let chosen = category.map_or_else(String::new, |id| format!(r#","category_id":"{id}""#));
    let body = format!(
        r#"{{"id":"{}","description":"{DESCRIPTION}","amount_minor":100{chosen}}}"#,
        Uuid::now_v7()
    );
    post("/v1/expenses", Some(&user.token), &body)
}
