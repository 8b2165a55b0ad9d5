//! More than the server can do: it says so at once, goes on with what it can do, and keeps its memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{PASSWORD, Server, http};
use crate::support::running::Running;

/// Sends `waves` of `width` adds, each wave at once; how many were done and how many refused.
async fn adds(url: &str, token: &str, waves: usize, width: usize) -> (usize, usize) {
    let (client, done, refused) = (http(), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    for _ in 0..waves {
        let mut wave = JoinSet::new();
        for _ in 0..width {
            let body = json!({"id": Uuid::now_v7(), "description": "lunch", "amount_minor": 500});
            let request = client.post(format!("{url}/v1/expenses")).bearer_auth(token).json(&body);
            let (done, refused) = (Arc::clone(&done), Arc::clone(&refused));
            wave.spawn(async move {
                let answer = request.send().await.unwrap();
                match answer.status().as_u16() {
                    201 => done.fetch_add(1, Ordering::Relaxed),
                    503 => {
                        assert_eq!(answer.headers()["retry-after"], "1");
                        let body: Value = answer.json().await.unwrap();
                        assert_eq!(body["error"]["code"], "unavailable");
                        refused.fetch_add(1, Ordering::Relaxed)
                    }
                    other => panic!("{other}"),
                };
            });
        }
        wave.join_all().await;
    }
    (done.load(Ordering::Relaxed), refused.load(Ordering::Relaxed))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_requests_at_once_are_refused_and_the_others_are_done() {
    let folder = tempfile::tempdir().unwrap();
    let most = 8;
    let server = Running::start(folder.path(), |options| {
        options.limits.requests = most;
        options.metrics = Some("127.0.0.1:0".parse().unwrap());
    })
    .await;
    let (url, client) = (server.url(), http());
    let wish = json!({"name": "ada", "email": "a@example.org", "password": PASSWORD});
    let session = client
        .post(format!("{url}/v1/signup"))
        .json(&wish)
        .send()
        .await
        .unwrap();
    let session: Value = session.json().await.unwrap();
    let token = session["token"].as_str().unwrap();
    let begun = Instant::now();
    let alone = adds(&url, token, 8, most / 2).await;
    assert_eq!(alone, (32, 0));
    let usual = 32.0 / begun.elapsed().as_secs_f64();
    let (waves, width) = (5, most * 5);
    let begun = Instant::now();
    let (done, refused) = adds(&url, token, waves, width).await;
    let pressed = f64::from(u32::try_from(done).unwrap()) / begun.elapsed().as_secs_f64();
    println!("{pressed:.0} adds/s at five times what is allowed, {usual:.0} adds/s at half of it");
    assert_eq!(done + refused, waves * width);
    assert!(done >= waves * most.min(width) / 2, "only {done} were done");
    // Afterwards nothing is left of it: all places are free again.
    assert_eq!(adds(&url, token, 4, most / 2).await, (16, 0));
    let health = client.get(format!("{url}/readyz")).send().await.unwrap();
    assert_eq!(health.status(), 200);
    let metrics = format!("http://{}/metrics", server.listening.metrics.unwrap());
    let text = client.get(metrics).send().await.unwrap().text().await.unwrap();
    assert!(
        text.contains(&format!("budget_tracker_refused_requests_total {refused}\n")),
        "{text}"
    );
    assert!(text.contains("budget_tracker_running_requests 0\n"), "{text}");
    server.stop().await;
}

/// A figure that the system keeps of the process's memory, MiB.
#[cfg(target_os = "linux")]
fn memory(server: &Server, file: &str, name: &str) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{}/{file}", server.process.id())).unwrap();
    let line = text.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_log_ins_at_once_wait_for_their_memory_or_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let client = http();
    let health = client.get(format!("{}/readyz", server.url)).send().await.unwrap();
    assert_eq!(health.status(), 200);
    // Before the first password is hashed.
    let base = memory(&server, "smaps_rollup", "Rss:");
    let mut all = JoinSet::new();
    for number in 0..200 {
        // Other names, so that no account makes its callers wait.
        let body = json!({"name": format!("somebody{number}"), "password": "not the one"});
        let request = client.post(format!("{}/v1/login", server.url)).json(&body);
        all.spawn(async move { request.send().await.unwrap().status().as_u16() });
    }
    let answers = all.join_all().await;
    let (wrong, busy) = (
        answers.iter().filter(|status| **status == 401).count(),
        answers.iter().filter(|status| **status == 503).count(),
    );
    assert_eq!(wrong + busy, 200, "{answers:?}");
    assert!(
        wrong >= 32 && busy > 0,
        "{wrong} were heard, {busy} were told to come back"
    );
    // 46 MiB for each core that hashes, and some for 200 connections.
    let cores = std::thread::available_parallelism().unwrap().get() as u64;
    let (most, limit) = (memory(&server, "status", "VmHWM:"), base + cores * 46 + 20);
    println!("{most} MiB at most with 200 log-ins at once, {base} MiB before, {limit} MiB allowed");
    assert!(most <= limit, "{most} MiB, and {limit} were expected at most");
}
