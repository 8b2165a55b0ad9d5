//! How the client finds out what a server speaks.

use std::sync::atomic::{AtomicUsize, Ordering};

use budget_tracker::api::{Dialect, Failure};
use budget_tracker::client::Client;
use rstest::rstest;

use crate::support::hostile::{Hostile, Step, whole};

use super::impatient;

const HELLO: &str = r#"{"service":"budget-tracker","version":"0.1.0"}"#;

fn client(server: &Hostile) -> Client {
    Client::with_options(server.url.clone(), None, impatient()).unwrap()
}

#[rstest]
#[case("200 OK", HELLO, Dialect::V1)]
#[case("200 OK", r#"{"service":"other","version":"1"}"#, Dialect::Classic)]
#[case("200 OK", "[]", Dialect::Classic)]
#[case("404 Not Found", "<html>", Dialect::Classic)]
#[case("403 Forbidden", r#"{"message":"Missing Authentication Token"}"#, Dialect::Classic)]
#[case("405 Method Not Allowed", "", Dialect::Classic)]
#[case("500 Internal Server Error", "<html>", Dialect::Classic)]
#[tokio::test]
async fn the_answer_settles_it_and_is_asked_for_once(
    #[case] status: &str,
    #[case] body: &str,
    #[case] dialect: Dialect,
) {
    let server = Hostile::answering(status, "", body);
    let client = client(&server);
    for _ in 0..3 {
        assert_eq!(client.clone().dialect().await, Ok(dialect));
    }
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_web_page_is_asked_again() {
    let server = Hostile::answering("200 OK", "", "<html>Log in to this network</html>");
    let client = client(&server);
    assert_eq!(client.dialect().await, Ok(Dialect::Classic));
    assert_eq!(client.dialect().await, Ok(Dialect::Classic));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_failure_is_not_remembered() {
    let turn = AtomicUsize::new(0);
    let server = Hostile::start(move |_| match turn.fetch_add(1, Ordering::SeqCst) {
        0 => vec![],
        1 => vec![Step::Send(whole("503 Service Unavailable", "Retry-After: 3\r\n", b""))],
        _ => vec![Step::Send(whole("200 OK", "", HELLO.as_bytes()))],
    });
    let client = client(&server);
    assert!(matches!(client.dialect().await, Err(Failure::Offline { .. })));
    assert!(matches!(client.dialect().await, Err(Failure::Busy { status: 503, .. })));
    assert_eq!(client.dialect().await, Ok(Dialect::V1));
}
