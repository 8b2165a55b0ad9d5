//! Requests that two programs may read in two ways: the server reads one request or none, and never answers what
//! stands inside of another one.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Server;

/// Long enough for a slow machine; only reached when the server keeps a connection that waits for more.
const PATIENCE: Duration = Duration::from_millis(700);

/// The request that must not be answered: it stands where one reader sees the end of another request.
const HIDDEN: &str = "GET /v1/hidden HTTP/1.1\r\nHost: x\r\n\r\n";

/// What a case may be answered: the statuses of all the answers on the connection.
type Answers = &'static [&'static [u16]];

/// Refused, or cut off without a word.
const REFUSED: Answers = &[&[], &[400]];
/// One answer to the request itself, and the connection ends with it.
const ONE_AT_MOST: Answers = &[&[], &[400], &[404], &[415]];

fn post(headers: &str, body: &str) -> String {
    format!("POST /v1/outer HTTP/1.1\r\nHost: x\r\n{headers}\r\n{body}")
}

/// A request with a chunked body that ends, and the hidden one behind it.
fn chunked(header: &str) -> String {
    post(&format!("{header}\r\n"), &format!("0\r\n\r\n{HIDDEN}"))
}

fn cases() -> Vec<(&'static str, String, Answers)> {
    let length = |text: &str| text.len();
    let inside = format!("0\r\n\r\n{HIDDEN}");
    let both = |first: &str, second: &str| post(&format!("{first}\r\n{second}\r\n"), &inside);
    let te = "Transfer-Encoding: chunked";
    let whole = format!("Content-Length: {}", length(&inside));
    let mut cases = vec![
        ("length, then chunked", both(&whole, te), ONE_AT_MOST),
        ("chunked, then length", both(te, &whole), ONE_AT_MOST),
        ("short length and chunked", both("Content-Length: 4", te), ONE_AT_MOST),
        ("chunked and short length", both(te, "Content-Length: 4"), ONE_AT_MOST),
        ("two lengths", both("Content-Length: 0", &whole), REFUSED),
        ("two lengths the other way", both(&whole, "Content-Length: 0"), REFUSED),
        (
            "three lengths",
            both(&format!("{whole}\r\n{whole}"), "Content-Length: 5"),
            REFUSED,
        ),
    ];
    for (name, length) in [
        ("a list of lengths", "Content-Length: 0, 44"),
        ("a signed length", "Content-Length: +44"),
        ("a negative length", "Content-Length: -1"),
        ("a hexadecimal length", "Content-Length: 0x2c"),
        ("a length with a space inside", "Content-Length: 4 4"),
        ("an empty length", "Content-Length: "),
        ("a length in words", "Content-Length: many"),
        ("a length beyond all numbers", "Content-Length: 99999999999999999999"),
        ("a length with a fraction", "Content-Length: 4.0"),
        ("a space before the colon", "Content-Length : 44"),
        ("a space before the name", " Content-Length: 44"),
        ("a NUL in the length", "Content-Length: 4\x004"),
    ] {
        cases.push((name, post(&format!("{length}\r\n"), HIDDEN), REFUSED));
    }
    for (name, coding) in [
        ("an unknown coding", "Transfer-Encoding: xchunked"),
        ("identity", "Transfer-Encoding: identity"),
        ("chunked, then identity", "Transfer-Encoding: chunked, identity"),
        ("a space before its colon", "Transfer-Encoding : chunked"),
        ("a vertical tab", "Transfer-Encoding:\u{b}chunked"),
        ("a NUL", "Transfer-Encoding: chunked\0"),
        ("quoted", "Transfer-Encoding: \"chunked\""),
        ("folded onto the next line", "Transfer-Encoding:\r\n chunked"),
        ("a folded header", "X-Odd: a\r\n\tTransfer-Encoding: chunked"),
    ] {
        cases.push((name, chunked(coding), REFUSED));
    }
    for (name, coding) in [
        (
            "chunked twice",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        ),
        ("chunked in capitals", "Transfer-Encoding: CHUNKED"),
        ("gzip, then chunked", "Transfer-Encoding: gzip, chunked"),
        (
            "identity, then chunked",
            "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
        ),
    ] {
        cases.push((name, chunked(coding), ONE_AT_MOST));
    }
    let chunks = |body: &str| post("Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n", body);
    for (name, body) in [
        ("a chunk of negative size", format!("-1\r\n\r\n{HIDDEN}")),
        ("a chunk size in 0x", format!("0x0\r\n\r\n{HIDDEN}")),
        (
            "a chunk size beyond all numbers",
            format!("fffffffffffffffff\r\n{HIDDEN}"),
        ),
        ("no chunk size", format!("\r\n\r\n{HIDDEN}")),
        (
            "a chunk that is longer than it says",
            format!("1\r\nab\r\n0\r\n\r\n{HIDDEN}"),
        ),
        ("a chunk extension with a line feed", format!("0;a\n\r\n\r\n{HIDDEN}")),
        ("a line feed after the size", format!("2\nab\r\n0\r\n\r\n{HIDDEN}")),
    ] {
        cases.push((name, chunks(&body), ONE_AT_MOST));
    }
    for (name, line) in [
        ("no version", "GET /v1\r\nHost: x\r\n\r\n"),
        ("HTTP/1.2", "GET /v1 HTTP/1.2\r\nHost: x\r\n\r\n"),
        ("HTTP/2 without a word", "GET /v1 HTTP/2.0\r\nHost: x\r\n\r\n"),
        ("a NUL in a header", "GET /v1 HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n"),
        (
            "a bare carriage return",
            "GET /v1 HTTP/1.1\r\nHost: x\r\nX: a\rContent-Length: 44\r\n\r\n",
        ),
        (
            "a header without a colon",
            "GET /v1 HTTP/1.1\r\nHost: x\r\nContent-Length\r\n\r\n",
        ),
    ] {
        cases.push((name, format!("{line}{HIDDEN}"), REFUSED));
    }
    cases
}

/// The statuses of all answers on the connection, and what was answered.
async fn answers(address: SocketAddr, request: &str) -> (Vec<u16>, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may close before it has read everything.
    let _ = stream.write_all(request.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
    let text = String::from_utf8_lossy(&answer).into_owned();
    let statuses = text
        .split("HTTP/1.1 ")
        .skip(1)
        .map(|answer| answer[..3].parse().unwrap())
        .collect();
    (statuses, text)
}

#[tokio::test]
async fn nothing_is_read_twice_or_in_two_ways() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let address: SocketAddr = server.url.strip_prefix("http://").unwrap().parse().unwrap();
    let cases = cases();
    assert!(cases.len() >= 40, "{}", cases.len());
    let mut wrong = Vec::new();
    for (name, request, expected) in &cases {
        let (statuses, text) = answers(address, request).await;
        if !expected.contains(&statuses.as_slice()) {
            wrong.push(format!("{name}: {statuses:?}, wanted one of {expected:?}\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Two honest requests on one connection are two answers: the test would see a hidden one.
    let honest = post(
        "Content-Length: 2\r\nContent-Type: application/json\r\n",
        &format!("{{}}{HIDDEN}"),
    );
    assert_eq!(answers(address, &honest).await.0, [404, 404]);
}
