//! Servers that lie, stall and break off: each yields the right failure, nothing hangs, nothing leaks.

use std::time::Duration;

use budget_tracker::api::{Failure, LogIn, NewExpense};
use budget_tracker::client::{Client, ClientOptions};
use rstest::rstest;
use uuid::Uuid;

use crate::support::hostile::{Hostile, Step, head, whole};

use super::{CANARY, impatient, v1};

/// What the summary of a server that answers so comes to.
async fn failure(server: &Hostile) -> Failure {
    let failure = v1(&server.url, &impatient()).summary(None).await.unwrap_err();
    check(&failure);
    failure
}

/// What no message may hold.
fn check(failure: &Failure) {
    let text = format!("{failure} {failure:?}");
    assert!(!text.contains(CANARY) && !text.contains("token="), "{text}");
    assert!(!failure.to_string().chars().any(char::is_control), "{text}");
    assert!(failure.to_string().chars().count() < 400, "{text}");
}

#[rstest]
#[case("<!DOCTYPE html><html>Welcome to the hotel</html>", "web page")]
#[case("", "empty")]
#[case("hello", "not JSON")]
#[case("{\"month\":", "not JSON")]
#[case("[1,2]", "another shape")]
#[case(r#"{"month":"2026-11","today":7}"#, "another shape")]
#[case(r#"{"month":"\u001b]52;c;x\u0007","today":"2026-11-22"}"#, "another shape")]
#[tokio::test]
async fn an_answer_of_another_kind_is_garbled(#[case] body: &str, #[case] words: &str) {
    let server = Hostile::answering("200 OK", "Content-Type: application/json\r\n", body);
    let failure = failure(&server).await;
    assert!(
        matches!(&failure, Failure::Garbled { reason, .. } if reason.contains(words)),
        "{failure:?}"
    );
}

#[tokio::test]
async fn a_deeply_nested_answer_is_garbled() {
    let server = Hostile::answering("200 OK", "", "[".repeat(100_000));
    assert!(matches!(failure(&server).await, Failure::Garbled { .. }));
}

#[tokio::test]
async fn a_huge_answer_is_not_read() {
    let body = Step::Repeat(vec![b' '; 65_536], 160);
    let server = Hostile::start(move |_| vec![Step::Send(head("200 OK", "")), body.clone()]);
    let patient = ClientOptions::default();
    let failure = v1(&server.url, &patient).summary(None).await.unwrap_err();
    assert!(
        matches!(&failure, Failure::Garbled { reason, .. } if reason.contains("4 MiB")),
        "{failure:?}"
    );
}

#[tokio::test]
async fn a_dripping_answer_is_cut_off() {
    let drip = Step::Drip(Duration::from_millis(20), 500);
    let server = Hostile::start(move |_| vec![Step::Send(head("200 OK", "")), drip.clone()]);
    let failure = failure(&server).await;
    assert!(
        matches!(&failure, Failure::Offline { reason, .. } if reason.contains("0.5 s")),
        "{failure:?}"
    );
}

#[rstest]
#[case(vec![Step::Hang])]
#[case(vec![Step::Send(b"HTTP/1.1 200".to_vec()), Step::Hang])]
#[case(vec![])]
#[case(vec![Step::Send(head("200 OK", "Content-Length: 100\r\n")), Step::Send(b"{\"mon".to_vec())])]
#[case(vec![Step::Send(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec())])]
#[tokio::test]
async fn silence_and_broken_connections_are_offline(#[case] steps: Vec<Step>) {
    let server = Hostile::start(move |_| steps.clone());
    let failure = failure(&server).await;
    assert!(matches!(&failure, Failure::Offline { .. }), "{failure:?}");
}

#[tokio::test]
async fn nobody_there_is_offline() {
    let gone = {
        let server = Hostile::answering("200 OK", "", "");
        server.url.clone()
    };
    let failure = v1(&gone, &impatient()).summary(None).await.unwrap_err();
    check(&failure);
    assert!(
        matches!(&failure, Failure::Offline { server, .. } if *server == gone.authority()),
        "{failure:?}"
    );
}

#[rstest]
#[case("503 Service Unavailable", "Retry-After: 7\r\n", "", Some(7))]
#[case(
    "429 Too Many Requests",
    "Retry-After: 7\r\n",
    r#"{"error":{"code":"too_many_requests","message":"Slowly."}}"#,
    Some(7)
)]
#[case("500 Internal Server Error", "", "<html>", None)]
#[case("502 Bad Gateway", "Retry-After: soon\r\n", "<html>", None)]
#[tokio::test]
async fn a_busy_server_may_say_when(
    #[case] status: &str,
    #[case] headers: &str,
    #[case] body: &str,
    #[case] seconds: Option<u64>,
) {
    let server = Hostile::answering(status, headers, body);
    let Failure::Busy { retry_after, .. } = failure(&server).await else {
        panic!()
    };
    assert_eq!(retry_after, seconds.map(Duration::from_secs));
}

#[rstest]
#[case(r#"{"error":{"code":"unauthorized","message":"No."}}"#)]
#[case("<html>")]
#[tokio::test]
async fn a_session_that_ended_is_signed_out(#[case] body: &str) {
    let server = Hostile::answering("401 Unauthorized", "", body);
    assert_eq!(failure(&server).await, Failure::SignedOut);
}

#[rstest]
#[case("/v1/summary")]
#[case("https://evil.example/steal?token=canary-token")]
#[case("http://127.0.0.1:1/v1/summary")]
#[tokio::test]
async fn no_redirect_is_followed(#[case] target: &str) {
    let server = Hostile::answering("302 Found", &format!("Location: {target}\r\n"), "");
    assert!(matches!(failure(&server).await, Failure::Garbled { .. }));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_servers_words_are_shown_without_what_steers_terminals() {
    let body = br#"{"error":{"code":"conflict","message":"taken\u001b]0;x\u0007\u009b31m\u202e"}}"#;
    let server = Hostile::answering("409 Conflict", "", *body);
    let Failure::Rejected(error) = failure(&server).await else {
        panic!()
    };
    assert!(error.message.starts_with("taken\u{fffd}"), "{error:?}");
}

#[tokio::test]
async fn the_five_calls_leak_no_token_either() {
    let page = whole("200 OK", "", b"<html>");
    let answers = [
        vec![Step::Send(page)],
        vec![],
        vec![Step::Hang],
        vec![Step::Send(whole(
            "500 Internal Server Error",
            "",
            br#"{"error":"boom \u001b[31m"}"#,
        ))],
        vec![Step::Send(whole(
            "302 Found",
            "Location: /login?token=canary-token\r\n",
            b"",
        ))],
        vec![Step::Send(whole(
            "200 OK",
            "",
            br#"{"body":"[{\"CategoryName\":\"x\",\"TotalAmount\":\"NaN\"}]"}"#,
        ))],
    ];
    for steps in answers {
        let server = Hostile::start(move |request| {
            if request.starts_with("GET /v1 ") {
                return vec![Step::Send(whole("404 Not Found", "", b""))];
            }
            steps.clone()
        });
        let client = Client::with_options(server.url.clone(), Some(CANARY.into()), impatient()).unwrap();
        check(&client.summary(None).await.unwrap_err());
        let expense = NewExpense {
            id: Uuid::now_v7(),
            day: None,
            description: "lunch".to_owned(),
            amount_minor: 100,
            category_id: None,
        };
        // An answer such as {"body": "[…]"} names no category, which an expense may lack.
        let _ = client.add_expense(&expense).await.map_err(|failure| check(&failure));
        let login = LogIn {
            name: "ada".to_owned(),
            password: "canary-token".to_owned(),
            code: None,
            label: None,
        };
        check(&client.log_in(&login).await.err().unwrap());
    }
}
