//! A service that is slow, wrong, busy or gone.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use budget_tracker::categorize::service::Ask;
use budget_tracker::server::backends::{Asker, Trouble};
use rstest::rstest;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{App, LONG, SHORT, UNHEARD_OF, asking, plan};
use crate::support::hostile::{Hostile, Step, whole};
use crate::support::service::{KEY, Mood, Tongue, base, service};

#[rstest]
#[case::hangs(Mood::Hangs, SHORT, "too_slow")]
#[case::hangs_halfway(Mood::HangsHalfway, SHORT, "too_slow")]
#[case::garbage(Mood::Garbage, LONG, "unreadable")]
#[case::elsewhere(Mood::Elsewhere, LONG, "unreadable")]
#[case::foreign(Mood::Well("Yachts"), LONG, "unknown_category")]
#[case::huge(Mood::Huge, LONG, "unreadable")]
#[case::drops(Mood::Drops, LONG, "unreachable")]
#[case::busy(Mood::Status("429 Too Many Requests", "Retry-After: 120\r\n"), LONG, "busy")]
#[case::fails(Mood::Status("500 Internal Server Error", ""), LONG, "failed")]
#[case::refuses(Mood::Status("401 Unauthorized", ""), LONG, "refused")]
#[case::no_manner(Mood::Status("400 Bad Request", ""), LONG, "refused")]
#[tokio::test]
async fn the_local_answer_stands_and_the_note_says_why(#[case] mood: Mood, #[case] wait: Duration, #[case] code: &str) {
    let service = service(Tongue::Chat, move |_| mood);
    let app = asking(&service, Ask::Always, wait).await;
    let stored = app.add_twice("ramen house").await;
    assert_eq!(app.name_of(&stored["category_id"]).await, "Dining");
    assert_ne!(stored["category_source"], "openai");
    assert_eq!(stored["note"]["code"], code, "{stored}");
    let message = stored["note"]["message"].as_str().unwrap();
    assert!(message.starts_with("OpenAI-compatible ") && message.ends_with(", so the local model decided."));
    assert!(!message.contains(KEY) && !message.contains("127.0.0.1"), "{message}");
    let known = app.predict("ramen house").await;
    assert_eq!(known["choices"][0]["category"], "Dining");
    assert!(known["note"]["code"].is_string(), "{known}");
}

#[tokio::test]
async fn nobody_is_asked_where_nobody_listens() {
    let gone = service(Tongue::Chat, |_| Mood::Drops);
    let plan = plan(&gone, Ask::Always, LONG);
    drop(gone);
    let app = App::new(Some(plan)).await;
    let stored = app.add_twice("ramen house").await;
    assert_eq!(stored["note"]["code"], "unreachable");
}

#[tokio::test]
async fn a_redirect_does_not_carry_the_key_away() {
    let elsewhere = service(Tongue::Chat, |_| Mood::Well("Pets"));
    let target = format!("Location: {}\r\n", base(&elsewhere));
    let answer = whole("307 Temporary Redirect", &target, b"");
    let redirecting = Hostile::start(move |_| vec![Step::Send(answer.clone())]);
    let app = asking(&redirecting, Ask::Always, LONG).await;
    assert_eq!(app.add_twice("ramen house").await["note"]["code"], "refused");
    assert_eq!(elsewhere.requests().len(), 0);
}

#[tokio::test]
async fn a_connection_that_breaks_once_is_tried_again() {
    let service = service(
        Tongue::Chat,
        |number| if number == 0 { Mood::Drops } else { Mood::Well("Pets") },
    );
    let app = asking(&service, Ask::Unsure, LONG).await;
    let stored = app.add_twice(UNHEARD_OF).await;
    assert_eq!(
        (&stored["category_source"], &stored["note"]),
        (&json!("openai"), &Value::Null)
    );
    assert_eq!(service.requests().len(), 2);
}

#[tokio::test]
async fn a_service_in_trouble_is_left_alone() {
    let service = service(Tongue::Chat, |_| Mood::Status("500 Internal Server Error", ""));
    let app = asking(&service, Ask::Always, LONG).await;
    let mut codes = Vec::new();
    for description in ["ramen", "cinema", "bus ticket", "dentist"] {
        codes.push(
            app.predict(description).await["note"]["code"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    assert_eq!(codes.last().unwrap(), "resting");
    let before = service.requests().len();
    let resting = app.add_twice("train ticket").await;
    assert_eq!(resting["note"]["code"], "resting");
    assert_eq!(service.requests().len(), 0, "after {before} requests");
}

#[tokio::test]
async fn a_pause_that_the_service_asks_for_is_kept() {
    let service = service(Tongue::Chat, |_| {
        Mood::Status("429 Too Many Requests", "Retry-After: 120\r\n")
    });
    let app = asking(&service, Ask::Always, LONG).await;
    assert_eq!(app.predict("ramen").await["note"]["code"], "busy");
    let note = app.predict("cinema").await["note"].clone();
    assert_eq!(note["code"], "resting");
    assert!(note["message"].as_str().unwrap().contains("asked again in 1"), "{note}");
    assert_eq!(service.requests().len(), 1);
}

/// Closed until it is opened.
#[derive(Clone, Default)]
struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    fn pass(&self) {
        let open = self.0.0.lock().unwrap();
        drop(self.0.1.wait_while(open, |open| !*open).unwrap());
    }
}

#[tokio::test]
async fn a_late_answer_is_kept_for_the_next_time_and_moves_nothing_that_is_stored() {
    let gate = Gate::default();
    let inside = gate.clone();
    let service = service(Tongue::Chat, move |_| {
        inside.pass();
        Mood::Well("Pets")
    });
    let app = asking(&service, Ask::Unsure, SHORT).await;
    let stored = app.add_twice(UNHEARD_OF).await;
    assert_eq!(stored["note"]["code"], "too_slow");
    gate.open();
    let mut prediction = app.predict(UNHEARD_OF).await;
    while prediction["source"] != "openai" {
        prediction = app.predict(UNHEARD_OF).await;
    }
    assert_eq!(prediction["choices"][0]["category"], "Pets");
    assert_eq!(service.requests().len(), 1);
    let (_, page) = app.call("GET", "/v1/expenses", None).await;
    let now = &page["expenses"][0];
    assert_eq!(
        (&now["category_id"], &now["revision"]),
        (&stored["category_id"], &stored["revision"])
    );
}

#[tokio::test]
async fn no_more_wait_than_a_server_keeps() {
    let service = service(Tongue::Chat, |_| Mood::Hangs);
    let asker = Asker::new(plan(&service, Ask::Always, SHORT));
    let many: Vec<String> = (0..1200_u32)
        .map(|number| format!("shop {}", char::from_u32(0x4e00 + number).unwrap()))
        .collect();
    let descriptions: Vec<&str> = many.iter().map(String::as_str).collect();
    let told = asker.ask(Uuid::now_v7(), &["Dining".to_owned()], &descriptions).await;
    let crowded = told.iter().filter(|answer| **answer == Err(Trouble::Crowded)).count();
    assert_eq!((told.len(), crowded), (1200, 200));
}
