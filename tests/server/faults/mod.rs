//! Full and failing disks, damaged files, and ends at the worst moment: nothing that was acknowledged is lost by them.

mod backup;
mod damage;
mod disk;
mod files;
mod order;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::json;
use uuid::Uuid;

use super::kill::Acknowledged;

/// Long enough for a slow machine; only reached when a test fails.
const PATIENCE: Duration = Duration::from_mins(1);

/// More expenses than a broken disk takes.
const MANY: usize = 100;

/// Whether strace is there; on CI it must be.
fn has_strace() -> bool {
    let there = Command::new("strace").arg("-V").stdout(Stdio::null()).status();
    let there = there.is_ok_and(|status| status.success());
    assert!(
        there || std::env::var_os("CI").is_none(),
        "strace is not installed, and CI tests with it"
    );
    if !there {
        eprintln!("strace is not installed, so failing disks are not tested");
    }
    there
}

/// `command` with the system calls that `options` say traced or broken; what they were is written to `log`.
///
/// The process is the program itself: the tracer is its grandchild, and ends with it.
fn traced(command: &Command, log: &Path, options: &[&str]) -> Command {
    let mut traced = Command::new("strace");
    traced.args(["-D", "-f", "-qq", "-o"]).arg(log).args(options);
    traced.arg("--").arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            traced.env(name, value);
        }
    }
    traced.stderr(Stdio::null());
    traced
}

/// Adds an expense; returns the status of the answer.
async fn add(client: &reqwest::Client, url: &str, token: &str, id: Uuid, amount: i64) -> Option<u16> {
    let body = json!({"id": id, "description": "lunch", "amount_minor": amount});
    let request = client.post(format!("{url}/v1/expenses")).bearer_auth(token).json(&body);
    let answer = request.timeout(PATIENCE).send().await.ok()?;
    Some(answer.status().as_u16())
}

/// Adds expenses with ids of their own until one is refused, and returns the status of the refusal; none when many
/// were not.
async fn add_until_refused(
    client: &reqwest::Client,
    url: &str,
    token: &str,
    acknowledged: &Acknowledged,
) -> Option<u16> {
    for _ in 0..MANY {
        let (id, amount) = (Uuid::now_v7(), rand::random_range(1..10_000_i64));
        match add(client, url, token, id, amount).await.unwrap() {
            200 | 201 => acknowledged.lock().unwrap().insert(id, amount),
            refused => return Some(refused),
        };
    }
    None
}

/// The status of an address.
async fn status(client: &reqwest::Client, url: &str, token: &str) -> u16 {
    let answer = client.get(url).bearer_auth(token).timeout(PATIENCE).send().await;
    answer.unwrap().status().as_u16()
}
