//! How long it takes until a dashboard on one server paints what another server has stored.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use uuid::Uuid;

use super::dashboard::{ENTER, Launch, TAB};
use super::program::Home;

/// Rows that the list of a dashboard has room for in any case.
const ROWS: usize = 12;
const PASSWORD: &str = "kitchen lamp nine";

/// Adds so many expenses to the server at `first`, one after the other, for a user whose dashboard is on the server at
/// `second`. From each answer to the frame that counts the expense; shortest first.
pub fn paint_times(first: &str, second: &str, count: usize) -> Vec<Duration> {
    // Whoever shares this process may have chosen the same one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let wish = json!({"name": "ada", "email": "ada@example.org", "password": PASSWORD});
    let session: Value = runtime.block_on(async {
        let request = client.post(format!("{first}/v1/signup")).json(&wish);
        request.send().await.unwrap().json().await.unwrap()
    });
    let token = session["token"].as_str().unwrap();
    let home = Home::new();
    let mut dashboard = Launch::new(&home).server(second).start();
    dashboard
        .wait_for("User name")
        .press(&["ada", PASSWORD].join(TAB))
        .press(ENTER);
    dashboard.wait_for("No alerts");
    let mut times = Vec::with_capacity(count);
    for number in 0..count {
        let body = json!({"id": Uuid::now_v7(), "description": format!("ramen {number:03}"), "amount_minor": 100});
        let request = client
            .post(format!("{first}/v1/expenses"))
            .bearer_auth(token)
            .json(&body);
        let status = runtime.block_on(async { request.send().await.unwrap().status() });
        assert_eq!(status, 201);
        let stored = Instant::now();
        // The title counts them all. The list keeps its cursor in view, and has room for the newest above it at first.
        dashboard.wait_for(&format!("─ {} in ", number + 1));
        if number < ROWS {
            dashboard.wait_for(&format!("ramen {number:03}"));
        }
        times.push(stored.elapsed());
    }
    times.sort_unstable();
    times
}

/// In milliseconds: the median, and what one in a hundred exceeds.
pub fn told(times: &[Duration]) -> String {
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1e3;
    format!(
        "painted by another server's dashboard after p50 {:.0} ms, p99 {:.0} ms ({} expenses)",
        at(50),
        at(99),
        times.len()
    )
}
