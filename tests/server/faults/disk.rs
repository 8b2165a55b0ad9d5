//! A disk that is full now and then, a file that may not grow, and a disk that does not keep what it was given.

use std::path::Path;
use std::process::{Command, Stdio};

use tokio::task::JoinSet;
use uuid::Uuid;

use super::super::kill::{Acknowledged, check_file};
use super::super::{Server, http, sign_up};
use super::{add, add_until_refused, has_strace, status, traced};

/// Every so many-th write fails: seldom enough for some transactions to succeed, and soon at every place of one.
const STEPS: [usize; 6] = [53, 59, 67, 73, 83, 97];
const WRITERS: usize = 8;
const EACH: usize = 60;
/// Syncs that fail, and the last commit of a server whose sync does.
const SYNCS: usize = 50;
const LAST_SYNC: usize = 8;

/// A folder with a user; its database and its log are there.
async fn prepared(folder: &Path) -> String {
    let server = Server::start(folder, &[]);
    let token = sign_up(&http(), &server, "ada").await;
    server.kill();
    token
}

fn is_broken(folder: &Path, rule: &str) -> Server {
    let (file, log) = (folder.join("budget.db"), folder.join("budget.db-wal"));
    let calls = if rule.starts_with("pwrite64") {
        "trace=pwrite64"
    } else {
        "trace=fsync,fdatasync"
    };
    let rule = format!("inject={rule}");
    let options = [
        "-P",
        file.to_str().unwrap(),
        "-P",
        log.to_str().unwrap(),
        "-e",
        calls,
        "-e",
        &rule,
    ];
    let command = Server::command("127.0.0.1:0", folder);
    let mut command = traced(&command, &folder.join("calls"), &options);
    Server::listening(command.stderr(Stdio::null()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_and_costs_nothing_that_was_acknowledged() {
    if !has_strace() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let token = prepared(folder.path()).await;
    let (client, acknowledged) = (http(), Acknowledged::default());
    let (mut failed, mut refused) = (0, 0);
    for step in STEPS {
        let server = is_broken(folder.path(), &format!("pwrite64:error=ENOSPC:when=1+{step}"));
        let mut writers = JoinSet::new();
        for _ in 0..WRITERS {
            let (client, url, token) = (client.clone(), server.url.clone(), token.clone());
            let acknowledged = acknowledged.clone();
            writers.spawn(async move {
                let mut refused = 0;
                for _ in 0..EACH {
                    let (id, amount) = (Uuid::now_v7(), rand::random_range(1..10_000_i64));
                    loop {
                        match add(&client, &url, &token, id, amount).await.unwrap() {
                            200 | 201 => break,
                            503 | 507 => refused += 1,
                            other => panic!("the server answered {other}"),
                        }
                        assert!(refused < 2000, "the server does not recover");
                    }
                    acknowledged.lock().unwrap().insert(id, amount);
                }
                refused
            });
        }
        refused += writers.join_all().await.into_iter().sum::<usize>();
        assert_eq!(status(&client, &format!("{}/readyz", server.url), "").await, 200);
        server.kill();
        let calls = std::fs::read_to_string(folder.path().join("calls")).unwrap();
        failed += calls.matches("INJECTED").count();
        check_file(&folder.path().join("budget.db"), &acknowledged.lock().unwrap());
    }
    assert_eq!(acknowledged.lock().unwrap().len(), STEPS.len() * WRITERS * EACH);
    assert!(
        failed >= 100 && refused > 0,
        "{failed} writes failed, {refused} adds were refused"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_may_not_grow_is_told_until_it_may() {
    let folder = tempfile::tempdir().unwrap();
    let token = prepared(folder.path()).await;
    let log = std::fs::metadata(folder.path().join("budget.db-wal")).unwrap().len();
    let limit = format!("--fsize={}:unlimited", log.max(100_000) + 300_000);
    let command = Server::command("127.0.0.1:0", folder.path());
    let mut limited = Command::new("prlimit");
    limited.arg(limit).arg(command.get_program()).args(command.get_args());
    limited.env("BUDGET_TRACKER_CONFIG_DIR", folder.path().join("config"));
    let server = Server::listening(limited.stderr(Stdio::null()));
    let (client, acknowledged) = (http(), Acknowledged::default());
    for _ in 0..5 {
        let refused = add_until_refused(&client, &server.url, &token, &acknowledged).await;
        assert!(matches!(refused, Some(503 | 507)), "{refused:?}");
        let account = format!("{}/v1/account", server.url);
        assert_eq!(status(&client, &account, &token).await, 200, "reading goes on");
    }
    let process = server.process.id().to_string();
    let freed = Command::new("prlimit")
        .args(["--pid", &process, "--fsize=unlimited"])
        .status();
    assert!(freed.unwrap().success());
    for amount in 1..20 {
        let id = Uuid::now_v7();
        assert_eq!(add(&client, &server.url, &token, id, amount).await, Some(201));
        acknowledged.lock().unwrap().insert(id, amount);
    }
    assert!(server.terminate());
    check_file(&folder.path().join("budget.db"), &acknowledged.lock().unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_failed_sync_nothing_is_acknowledged_any_more() {
    if !has_strace() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let token = prepared(folder.path()).await;
    let (client, acknowledged) = (http(), Acknowledged::default());
    let mut refusing = 0;
    for number in 0..SYNCS {
        // Only this one fails: the next would succeed, and say nothing about what the system has thrown away.
        let rule = format!("fsync,fdatasync:error=EIO:when={}", number % LAST_SYNC + 1);
        let server = is_broken(folder.path(), &rule);
        let mut writers = JoinSet::new();
        for _ in 0..4 {
            let (client, url, token) = (client.clone(), server.url.clone(), token.clone());
            let acknowledged = acknowledged.clone();
            writers.spawn(async move {
                let refused = add_until_refused(&client, &url, &token, &acknowledged).await;
                for amount in 1..4 {
                    let answer = add(&client, &url, &token, Uuid::now_v7(), amount).await;
                    assert!(refused.is_none() || answer == refused, "{answer:?} after {refused:?}");
                }
                refused
            });
        }
        let refused = writers.join_all().await;
        let account = format!("{}/v1/account", server.url);
        assert_eq!(status(&client, &account, &token).await, 200, "reading goes on");
        if refused.iter().all(Option::is_some) {
            assert_eq!(refused, [Some(503); 4]);
            assert_eq!(status(&client, &format!("{}/readyz", server.url), "").await, 503);
            refusing += 1;
        }
        server.kill();
    }
    // The others failed when the log was moved into the file, which loses nothing: it is done again, from the log.
    assert!(refusing > SYNCS * 4 / 5, "only {refusing} servers refused");
    check_file_with_more(folder.path(), &acknowledged);
    let server = Server::start(folder.path(), &[]);
    assert_eq!(add(&client, &server.url, &token, Uuid::now_v7(), 5).await, Some(201));
}

/// What was refused when the sync failed may be there; what was acknowledged must be.
fn check_file_with_more(folder: &Path, acknowledged: &Acknowledged) {
    let acknowledged = acknowledged.lock().unwrap();
    assert!(
        acknowledged.len() > SYNCS,
        "only {} were acknowledged",
        acknowledged.len()
    );
    check_file(&folder.join("budget.db"), &acknowledged);
}
