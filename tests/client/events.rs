//! The event stream.

use std::time::Duration;

use budget_tracker::api::Failure;
use budget_tracker::client::News;
use futures::StreamExt;
use rstest::rstest;

use crate::support::hostile::{Hostile, Step, head, stream_head};

use super::{CANARY, impatient, v1};

async fn all(steps: Vec<Step>) -> (Vec<i64>, Option<Failure>) {
    let server = Hostile::start(move |_| steps.clone());
    let mut events = v1(&server.url, &impatient()).events(Some(40));
    let mut open = false;
    let (mut revisions, mut failure) = (Vec::new(), None);
    while let Some(event) = events.next().await {
        match event {
            Ok(News::Open) => assert!(!std::mem::replace(&mut open, true) && revisions.is_empty()),
            Ok(News::Revision(revision)) => revisions.push(revision),
            Err(error) => failure = Some(error),
        }
    }
    let request = server.requests().remove(0);
    assert!(
        request.starts_with("GET /v1/events ") && request.contains(CANARY),
        "{request}"
    );
    assert!(request.to_lowercase().contains("last-event-id: 40\r\n"), "{request}");
    assert!(open || failure.is_some(), "a stream that does not fail was open");
    (revisions, failure)
}

fn send(text: &str) -> Step {
    Step::Send(text.as_bytes().to_vec())
}

#[tokio::test]
async fn revisions_arrive_in_order_however_they_are_cut() {
    let steps = vec![
        stream_head(),
        send(": welcome\n\nevent: revision\nda"),
        send("ta: 41\n\nid: 7\r\ndata: {\"revision\": 42}\r\n"),
        send("\r\nevent: news\ndata: hello\n\ndata:43\n\ndata: unfinished"),
    ];
    assert_eq!(all(steps).await, (vec![41, 42, 43], None));
}

#[tokio::test]
async fn a_goodbye_ends_the_stream() {
    let steps = vec![
        stream_head(),
        send("data: 1\n\nevent: bye\ndata: 0\n\ndata: 2\n\n"),
        Step::Hang,
    ];
    assert_eq!(all(steps).await, (vec![1], None));
}

#[tokio::test]
async fn signs_of_life_keep_it_open_and_silence_ends_it() {
    let steps = vec![
        stream_head(),
        Step::Drip(Duration::from_millis(50), 12),
        send("\ndata: 5\n\n"),
        Step::Hang,
    ];
    let (revisions, failure) = all(steps).await;
    assert_eq!(revisions, [5]);
    assert!(
        matches!(&failure, Some(Failure::Offline { reason, .. }) if reason.contains("sign of life")),
        "{failure:?}"
    );
}

#[rstest]
#[case(vec![stream_head(), Step::Repeat(vec![b'x'; 4096], 1000)])]
#[case(vec![stream_head(), Step::Repeat(b"data: 0123456789\n".to_vec(), 10_000)])]
#[case(vec![Step::Send(head("200 OK", "Content-Type: text/html\r\n")), Step::Hang])]
#[case(vec![Step::Send(head("404 Not Found", ""))])]
#[tokio::test]
async fn what_is_no_event_stream_is_garbled(#[case] steps: Vec<Step>) {
    let (revisions, failure) = all(steps).await;
    assert!(
        revisions.is_empty() && matches!(failure, Some(Failure::Garbled { .. })),
        "{failure:?}"
    );
}

#[rstest]
#[case(vec![Step::Send(head("401 Unauthorized", ""))], false)]
#[case(vec![Step::Send(head("503 Service Unavailable", "")), Step::Hang], true)]
#[case(vec![Step::Hang], true)]
#[tokio::test]
async fn refusals_and_silence_at_the_start_are_failures(#[case] steps: Vec<Step>, #[case] passing: bool) {
    let (_, failure) = all(steps).await;
    assert_eq!(failure.map(|failure| failure.is_passing()), Some(passing));
}
