//! A server that answers every request with bytes of the test's choice: slowly, wrongly or without end.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use url::Url;

/// What happens on a connection, in order; then it is closed.
#[derive(Clone, Debug)]
pub enum Step {
    /// These bytes, at once.
    Send(Vec<u8>),
    /// One byte after another with this pause, at most so many.
    Drip(Duration, usize),
    /// These bytes again and again, at most so many times.
    Repeat(Vec<u8>, usize),
    /// What the server at this address answers, with texts in its body replaced by others.
    Forward(SocketAddr, Vec<(String, String)>),
    /// Nothing more until the other side goes.
    Hang,
}

/// The running server; it ends when dropped.
pub struct Hostile {
    /// Where it is.
    pub url: Url,
    address: SocketAddr,
    over: Arc<AtomicBool>,
    requests: Receiver<(String, Vec<u8>)>,
}

impl Hostile {
    /// Answers each request, given by its head, with the steps that `answer` chooses.
    pub fn start(answer: impl Fn(&str) -> Vec<Step> + Send + Sync + 'static) -> Self {
        Self::reading(move |head, _| answer(head))
    }

    /// Answers each request, given by its head and body, with the steps that `answer` chooses.
    pub fn reading(answer: impl Fn(&str, &[u8]) -> Vec<Step> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let over = Arc::new(AtomicBool::new(false));
        let (seen, requests) = channel();
        let (answer, ended) = (Arc::new(answer), Arc::clone(&over));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    break;
                }
                let (answer, seen, ended) = (Arc::clone(&answer), seen.clone(), Arc::clone(&ended));
                thread::spawn(move || {
                    // A client that gives up is what most tests are about.
                    let _ = converse(&mut stream.unwrap(), &*answer, &seen, &ended);
                });
            }
        });
        Self {
            url: format!("http://{address}").parse().unwrap(),
            address,
            over,
            requests,
        }
    }

    /// Answers everything with one whole HTTP answer.
    pub fn answering(status: &str, headers: &str, body: impl Into<Vec<u8>>) -> Self {
        let answer = whole(status, headers, &body.into());
        Self::start(move |_| vec![Step::Send(answer.clone())])
    }

    /// The heads of the requests so far.
    pub fn requests(&self) -> Vec<String> {
        self.exchanges().into_iter().map(|(head, _)| head).collect()
    }

    /// The heads and bodies of the requests so far.
    pub fn exchanges(&self) -> Vec<(String, Vec<u8>)> {
        self.requests.try_iter().collect()
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for connections.
        let _ = TcpStream::connect(self.address);
    }
}

/// A whole answer with its length.
pub fn whole(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut answer = head(status, &format!("Content-Length: {}\r\n{headers}", body.len()));
    answer.extend_from_slice(body);
    answer
}

/// The head of an answer; without a length it lasts until the connection closes.
pub fn head(status: &str, headers: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n").into_bytes()
}

/// The head of an event stream.
pub fn stream_head() -> Step {
    Step::Send(head("200 OK", "Content-Type: text/event-stream\r\n"))
}

fn converse(
    stream: &mut TcpStream,
    answer: &(dyn Fn(&str, &[u8]) -> Vec<Step> + Send + Sync),
    seen: &Sender<(String, Vec<u8>)>,
    ended: &AtomicBool,
) -> std::io::Result<()> {
    let request = read_request(stream)?;
    let steps = answer(&request.0, &request.1);
    let _ = seen.send(request.clone());
    for step in steps {
        match step {
            Step::Send(bytes) => stream.write_all(&bytes)?,
            Step::Drip(pause, most) => {
                for _ in 0..most {
                    stream.write_all(b" ")?;
                    thread::sleep(pause);
                }
            }
            Step::Repeat(bytes, most) => {
                for _ in 0..most {
                    stream.write_all(&bytes)?;
                }
            }
            Step::Forward(server, replaced) => forward(stream, &request, server, &replaced, ended)?,
            Step::Hang => {
                stream.set_read_timeout(Some(Duration::from_millis(50)))?;
                while !ended.load(Ordering::SeqCst) {
                    if matches!(stream.read(&mut [0; 256]), Ok(0)) {
                        break;
                    }
                }
            }
        }
    }
    Ok(())
}

/// Whether the other end has closed the connection.
fn has_gone(stream: &TcpStream) -> std::io::Result<bool> {
    stream.set_nonblocking(true)?;
    let peeked = stream.peek(&mut [0]);
    stream.set_nonblocking(false)?;
    Ok(match peeked {
        Ok(count) => count == 0,
        Err(error) => error.kind() != std::io::ErrorKind::WouldBlock,
    })
}

/// Sends the request on. A whole answer is changed and sent back; a stream is passed through as it comes.
fn forward(
    stream: &mut TcpStream,
    (head, body): &(String, Vec<u8>),
    server: SocketAddr,
    replaced: &[(String, String)],
    ended: &AtomicBool,
) -> std::io::Result<()> {
    let mut server = TcpStream::connect(server)?;
    // One request a connection, so that the end of the answer is the end of the connection.
    let head = head.replacen("\r\n", "\r\nConnection: close\r\n", 1);
    server.write_all(head.as_bytes())?;
    server.write_all(body)?;
    if head.starts_with("GET /v1/events") {
        server.set_read_timeout(Some(Duration::from_millis(50)))?;
        let mut piece = [0; 4096];
        while !ended.load(Ordering::SeqCst) {
            match server.read(&mut piece) {
                Ok(0) => break,
                Ok(count) => stream.write_all(&piece[..count])?,
                // Whoever went away wants no more of it: the server has a limit on streams.
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock && has_gone(stream)? => break,
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        return Ok(());
    }
    let mut answer = String::new();
    server.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let body = replaced
        .iter()
        .fold(body.to_owned(), |body, (from, to)| body.replace(from, to));
    let mut lines = head.lines();
    let status = lines.next().unwrap().trim_start_matches("HTTP/1.1 ");
    let mut kept: Vec<&str> = lines
        .filter(|line| !line.to_ascii_lowercase().starts_with("con"))
        .collect();
    kept.push("");
    stream.write_all(&whole(status, &kept.join("\r\n"), body.as_bytes()))
}

/// Reads the head and, so that closing does not reset the connection, the body.
fn read_request(stream: &mut TcpStream) -> std::io::Result<(String, Vec<u8>)> {
    let (mut bytes, mut piece) = (Vec::new(), [0; 4096]);
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        match stream.read(&mut piece)? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            count => bytes.extend_from_slice(&piece[..count]),
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let length = head.lines().find_map(|line| {
        line.to_ascii_lowercase()
            .strip_prefix("content-length:")?
            .trim()
            .parse()
            .ok()
    });
    while bytes.len() < end + length.unwrap_or(0) {
        match stream.read(&mut piece)? {
            0 => break,
            count => bytes.extend_from_slice(&piece[..count]),
        }
    }
    Ok((head, bytes.split_off(end)))
}
