//! An answer comes after the disk has what it says.

use std::process::Stdio;

use uuid::Uuid;

use super::super::{Server, http, sign_up};
use super::{add, has_strace, traced};

const ADDS: usize = 200;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_answer_leaves_between_the_write_of_a_row_and_its_sync() {
    if !has_strace() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("calls");
    let command = Server::command("127.0.0.1:0", folder.path());
    let calls = "trace=pwrite64,fsync,fdatasync,write,writev,sendto,sendmsg";
    let mut command = traced(&command, &log, &["-y", "-s", "16", "-e", calls]);
    let server = Server::listening(command.stderr(Stdio::null()));
    let client = http();
    let token = sign_up(&client, &server, "ada").await;
    for amount in 1..=ADDS {
        let amount = i64::try_from(amount).unwrap();
        // One after the other, so that every write belongs to the next answer.
        assert_eq!(
            add(&client, &server.url, &token, Uuid::now_v7(), amount).await,
            Some(201)
        );
    }
    assert!(server.terminate());
    let calls = std::fs::read_to_string(&log).unwrap();
    let answers = check(&calls).unwrap();
    assert!(answers > ADDS, "{answers} answers were seen");
}

/// Counts the answers that say that something was stored; an error is one that left too early.
fn check(calls: &str) -> Result<usize, String> {
    let (mut unsynced, mut synced, mut answers) = (false, false, 0);
    for line in calls.lines() {
        let (call, rest) = line.split_once(' ').map_or(("", line), |(_, call)| {
            let call = call.trim_start();
            let name = call
                .trim_start_matches("<... ")
                .split(['(', ' '])
                .next()
                .unwrap_or_default();
            (name, call)
        });
        let begins = !rest.starts_with("<...");
        match call {
            "pwrite64" if begins && rest.contains("-wal>") => unsynced = true,
            "fsync" | "fdatasync" if rest.contains("= 0") && (!begins || rest.contains("-wal>")) => {
                synced |= unsynced;
                unsynced = false;
            }
            "write" | "writev" | "sendto" | "sendmsg" if begins && rest.contains("HTTP/1.1 201") => {
                if unsynced || !synced {
                    return Err(format!("answer {answers} left before its row was on the disk: {line}"));
                }
                answers += 1;
                synced = false;
            }
            _ => {}
        }
    }
    Ok(answers)
}

#[test]
fn an_answer_that_leaves_early_is_seen() {
    let good = "7 pwrite64(9</d/budget.db-wal>, \"x\", 4096, 32) = 4096\n7 fsync(9</d/budget.db-wal>) = 0\n\
        8 writev(11<TCP:[1]>, [{iov_base=\"HTTP/1.1 201 Cre\"...}], 1) = 9\n";
    assert_eq!(check(good), Ok(1));
    let lines: Vec<&str> = good.lines().collect();
    assert!(check(&[lines[0], lines[2], lines[1]].join("\n")).is_err());
    assert!(check(lines[2]).is_err());
    let split = "7 pwrite64(9</d/budget.db-wal>, \"x\", 4096, 32) = 4096\n7 fsync(9</d/budget.db-wal> <unfinished ...>\n\
        8 writev(11<TCP:[1]>, [{iov_base=\"HTTP/1.1 201 Cre\"...}], 1) = 9\n7 <... fsync resumed>) = 0\n";
    assert!(check(split).is_err());
}
