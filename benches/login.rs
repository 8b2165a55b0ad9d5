//! Whether the time of an answer tells a wrong password from an unknown user: `cargo bench --bench login`.
//!
//! Five hundred log-ins of each kind, by turns, over HTTP to a server in this process. Cliff's delta says how often one
//! kind takes longer than the other, from -1 (never) over 0 (as often as not) to 1 (always). Beyond 0.15 either way the run fails.

#![expect(clippy::unwrap_used, reason = "a server that does not start ends the run")]

use std::cmp::Ordering;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use budget_tracker::server::{Database, ServeOptions, serve};
use serde_json::json;
use tokio::sync::oneshot;

const TRIES: usize = 500;
/// Below the number of wrong passwords after which an account makes its callers wait.
const TRIES_PER_NAME: usize = 4;
const LIMIT: f64 = 0.15;

#[tokio::main]
async fn main() -> ExitCode {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::in_folder(folder.path());
    let options = ServeOptions::new("127.0.0.1:0".parse().unwrap(), database);
    let (stop, stopped) = oneshot::channel::<()>();
    let (ready, started) = oneshot::channel();
    let server = tokio::spawn(serve(
        options,
        async {
            let _ = stopped.await;
        },
        move |listening| {
            let _ = ready.send(listening);
        },
    ));
    let base = format!("{}/v1", started.await.unwrap().url());
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for number in 0..TRIES / TRIES_PER_NAME {
        let wish = json!({"name": format!("known{number}"), "email": "a@example.org", "password": "kitchen lamp nine"});
        let made = http.post(format!("{base}/signup")).json(&wish).send().await.unwrap();
        assert_eq!(made.status(), 201);
    }
    let (mut wrong, mut unknown) = (Vec::new(), Vec::new());
    for number in 0..TRIES {
        let name = number / TRIES_PER_NAME;
        let (known, nobody) = (format!("known{name}"), format!("nobody{name}"));
        // Neither kind always comes first.
        if number % 2 == 0 {
            wrong.push(refused(&http, &base, &known).await);
            unknown.push(refused(&http, &base, &nobody).await);
        } else {
            unknown.push(refused(&http, &base, &nobody).await);
            wrong.push(refused(&http, &base, &known).await);
        }
    }
    let _ = stop.send(());
    server.await.unwrap().unwrap();
    let delta = cliffs_delta(&wrong, &unknown);
    println!("wrong password: median {:.2?} of {TRIES}", median(&mut wrong));
    println!("unknown user:   median {:.2?} of {TRIES}", median(&mut unknown));
    println!("Cliff's delta:  {delta:+.3} (limit {LIMIT} either way)");
    if delta.abs() <= LIMIT {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// How long the server takes to refuse `name`.
async fn refused(http: &reqwest::Client, base: &str, name: &str) -> Duration {
    let visit = json!({"name": name, "password": "guessed wrongly"});
    let start = Instant::now();
    let answer = http.post(format!("{base}/login")).json(&visit).send().await.unwrap();
    let status = answer.status();
    answer.bytes().await.unwrap();
    let time = start.elapsed();
    assert_eq!(status, 401);
    time
}

/// Cliff, Psychological Bulletin 114 (1993): how much more often a value of `a` is above one of `b` than below.
fn cliffs_delta(a: &[Duration], b: &[Duration]) -> f64 {
    let mut balance = 0_i32;
    for (x, y) in a.iter().flat_map(|x| b.iter().map(move |y| (x, y))) {
        balance += match x.cmp(y) {
            Ordering::Greater => 1,
            Ordering::Equal => 0,
            Ordering::Less => -1,
        };
    }
    let pairs = i32::try_from(a.len() * b.len()).unwrap();
    f64::from(balance) / f64::from(pairs)
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
