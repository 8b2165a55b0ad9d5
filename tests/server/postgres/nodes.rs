//! Three servers over one database.

use std::path::Path;

use tokio_postgres::Client;

use super::*;
use crate::support::push::{paint_times, told};

/// How many servers are killed, one after the other, and the longest pause before the next one is.
const KILLS: usize = 100;
const LONGEST_PAUSE: Duration = Duration::from_millis(300);
/// Milliseconds from one kill to the next, instead: 3000 takes five minutes, in which each server runs for nine seconds.
const EVERY_VARIABLE: &str = "BUDGET_TRACKER_TEST_KILL_EVERY_MS";

fn three(database: &str, folder: &Path) -> Vec<Server> {
    (0..3).map(|_| Server::over(database, folder)).collect()
}

#[test]
fn a_dashboard_paints_what_another_server_stores() {
    let Some(cluster) = Cluster::start(true) else { return };
    let folder = tempfile::tempdir().unwrap();
    let servers = three(&cluster.address(), folder.path());
    let times = paint_times(&servers[0].url, &servers[1].url, 20);
    eprintln!("{}", told(&times));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_move_on_when_their_server_is_killed_and_nothing_is_lost_or_doubled() {
    let Some(cluster) = Cluster::start(true) else { return };
    let folder = tempfile::tempdir().unwrap();
    let database = cluster.address();
    let mut servers = three(&database, folder.path());
    let client = http();
    let addresses: Addresses = Arc::new(RwLock::new(servers.iter().map(|server| server.url.clone()).collect()));
    let (acknowledged, enough) = (Acknowledged::default(), CancellationToken::new());
    let mut writers = JoinSet::new();
    for (number, name) in ["ada", "bob", "eve"].into_iter().enumerate() {
        let token = sign_up(&client, &servers[number], name).await;
        for turn in 0..3 {
            writers.spawn(write(
                client.clone(),
                number + turn,
                Arc::clone(&addresses),
                token.clone(),
                Arc::clone(&acknowledged),
                enough.clone(),
            ));
        }
    }
    let (begun, mut pace) = (Instant::now(), Pace::new(LONGEST_PAUSE, EVERY_VARIABLE));
    for kill in 0..KILLS {
        let before = acknowledged.lock().unwrap().len();
        until(async || acknowledged.lock().unwrap().len() > before + 3).await;
        pace.next().await;
        let which = kill % servers.len();
        servers.remove(which).kill();
        // The writers have the two others meanwhile.
        let started = tokio::task::block_in_place(|| Server::over(&database, folder.path()));
        addresses.write().unwrap()[which].clone_from(&started.url);
        servers.insert(which, started);
    }
    enough.cancel();
    writers.join_all().await;
    let acknowledged = acknowledged.lock().unwrap().clone();
    let took = begun.elapsed().as_secs();
    assert!(acknowledged.len() > 3 * KILLS);
    check(&database, &acknowledged).await;
    eprintln!(
        "{KILLS} servers killed in {took} s: {} expenses acknowledged, none lost, none doubled",
        acknowledged.len()
    );
}

/// The connections on which servers tell and hear.
const TELLING: &str = "SELECT pid FROM pg_stat_activity
    WHERE query LIKE 'NOTIFY%' OR query = 'SELECT pg_backend_pid()' OR query LIKE '%LISTEN budget_tracker'";

/// Breaks each of them once.
async fn silence(db: &Client) -> usize {
    let broken = format!("SELECT pg_terminate_backend(pid) FROM ({TELLING}) t");
    db.query(&broken, &[]).await.unwrap().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_told_is_found_all_the_same() {
    let Some(cluster) = Cluster::start(false) else { return };
    let folder = tempfile::tempdir().unwrap();
    let servers = three(&cluster.address(), folder.path());
    let db = administrator(&cluster.address()).await;
    let client = http();
    let token = sign_up(&client, &servers[0], "ada").await;
    let events = client.get(format!("{}/v1/events", servers[1].url)).bearer_auth(&token);
    let mut events = events.send().await.unwrap();
    let connected = async {
        while db.query(TELLING, &[]).await.unwrap().len() < servers.len() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, connected).await.unwrap();
    assert_eq!(silence(&db).await, servers.len());
    let mut seen = String::new();
    for revision in 1..=3 {
        let body = json!({"id": Uuid::now_v7(), "description": "tea", "amount_minor": 300});
        let add = client
            .post(format!("{}/v1/expenses", servers[0].url))
            .bearer_auth(&token)
            .json(&body);
        assert_eq!(add.send().await.unwrap().status(), 201);
        let wanted = format!("data: {revision}\n\n");
        while !seen.contains(&wanted) {
            let chunk = timeout(PATIENCE, events.chunk()).await.unwrap().unwrap().unwrap();
            seen.push_str(std::str::from_utf8(&chunk).unwrap());
        }
        silence(&db).await;
    }
}
