//! Several servers over one PostgreSQL database, any of which may be killed, and the database too.

mod faults;
mod nodes;
mod tls;

use std::collections::HashMap;
use std::process::Command;
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Server, http, sign_up, until, within};
use crate::support::cluster::Cluster;

const ROUNDS: usize = 12;
const WRITERS: usize = 8;
/// Long enough for a slow machine; only reached when the test fails.
const PATIENCE: Duration = Duration::from_mins(1);

type Acknowledged = Arc<Mutex<HashMap<Uuid, i64>>>;
type Addresses = Arc<RwLock<Vec<String>>>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_expense_is_lost_or_doubled_when_servers_and_database_are_killed() {
    let Some(mut cluster) = Cluster::start(true) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let database = cluster.address();
    let mut servers: Vec<Server> = (0..2).map(|_| Server::over(&database, folder.path())).collect();
    let client = http();
    let token = sign_up(&client, &servers[0], "ada").await;
    let addresses: Addresses = Arc::new(RwLock::new(servers.iter().map(|server| server.url.clone()).collect()));
    let (acknowledged, enough) = (Acknowledged::default(), CancellationToken::new());
    let mut writers = JoinSet::new();
    for number in 0..WRITERS {
        let (addresses, acknowledged) = (Arc::clone(&addresses), Arc::clone(&acknowledged));
        writers.spawn(write(
            client.clone(),
            number,
            addresses,
            token.clone(),
            acknowledged,
            enough.clone(),
        ));
    }
    for round in 0..ROUNDS {
        let before = acknowledged.lock().unwrap().len();
        until(async || acknowledged.lock().unwrap().len() > before + 3).await;
        tokio::time::sleep(Duration::from_millis(rand::random_range(0..200))).await;
        if round % 3 == 0 {
            tokio::task::block_in_place(|| {
                cluster.kill();
                cluster.run();
            });
        } else {
            let which = round % servers.len();
            servers.remove(which).kill();
            servers.insert(which, Server::over(&database, folder.path()));
            addresses.write().unwrap()[which].clone_from(&servers[which].url);
        }
    }
    enough.cancel();
    writers.join_all().await;
    let acknowledged = acknowledged.lock().unwrap().clone();
    assert!(acknowledged.len() > ROUNDS);
    check(&database, &acknowledged).await;
}

/// The time between faults that are made again and again.
struct Pace {
    /// From one to the next, when the tests are told so.
    every: Option<Duration>,
    /// Without that: any time up to this.
    longest: Duration,
    last: Instant,
}

impl Pace {
    /// Pauses of any length up to `longest`, unless the environment variable says how many milliseconds there are from
    /// each fault to the next, which is then always the same.
    fn new(longest: Duration, variable: &str) -> Self {
        let every = std::env::var(variable).ok();
        Self {
            every: every.map(|text| Duration::from_millis(text.parse().unwrap())),
            longest,
            last: Instant::now(),
        }
    }

    /// Waits until the next fault is due.
    async fn next(&mut self) {
        let pause = match self.every {
            Some(every) => every.saturating_sub(self.last.elapsed()),
            None => rand::random_range(Duration::ZERO..=self.longest),
        };
        tokio::time::sleep(pause).await;
        self.last = Instant::now();
    }
}

/// Adds expenses, each to any server and again until one acknowledges it.
async fn write(
    client: reqwest::Client,
    number: usize,
    addresses: Addresses,
    token: String,
    acknowledged: Acknowledged,
    enough: CancellationToken,
) {
    let mut turn = number;
    while !enough.is_cancelled() {
        let (id, amount) = (Uuid::now_v7(), rand::random_range(1..10_000_i64));
        let description = if amount % 2 == 0 { "lunch" } else { "zzqx" };
        let body = json!({"id": id, "description": description, "amount_minor": amount});
        loop {
            let url = {
                let addresses = addresses.read().unwrap();
                addresses[turn % addresses.len()].clone()
            };
            let request = client
                .post(format!("{url}/v1/expenses"))
                .bearer_auth(&token)
                .json(&body);
            match request.send().await {
                Ok(answer) if answer.status().is_success() => {
                    acknowledged.lock().unwrap().insert(id, amount);
                    break;
                }
                Ok(answer) => check_busy(answer).await,
                Err(_) => {}
            }
            // This one does not work now: another one.
            turn += 1;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// Whoever cannot be served is told when to come back.
async fn check_busy(answer: reqwest::Response) {
    let (status, later) = (answer.status(), answer.headers().contains_key("retry-after"));
    assert!(status == 503 && later, "{status}: {}", answer.text().await.unwrap());
}

/// Everything that was acknowledged is stored once, and the sums and revisions of every user fit.
async fn check(database: &str, acknowledged: &HashMap<Uuid, i64>) {
    let db = administrator(database).await;
    let rows = db.query("SELECT id, amount_minor FROM expenses", &[]).await.unwrap();
    let mut stored = HashMap::new();
    for row in rows {
        let id = Uuid::from_slice(row.get(0)).unwrap();
        assert_eq!(stored.insert(id, row.get::<_, i64>(1)), None, "{id} is stored twice");
    }
    for (id, amount) in acknowledged {
        assert_eq!(stored.get(id), Some(amount), "{id} was acknowledged and is lost");
    }
    let wrong = "SELECT u.name FROM users u,
        LATERAL (SELECT COALESCE(SUM(amount_minor), 0) AS spent, COUNT(*) AS n, COALESCE(SUM(to_review), 0) AS waiting,
            COALESCE(MAX(revision), 0) AS last, COUNT(DISTINCT revision) AS revisions FROM expenses WHERE user_id = u.id) e,
        LATERAL (SELECT COALESCE(SUM(spent), 0) AS spent, COALESCE(SUM(n), 0) AS n FROM rollups WHERE user_id = u.id) m,
        LATERAL (SELECT COALESCE(SUM(spent), 0) AS spent, COALESCE(SUM(n), 0) AS n FROM day_sums WHERE user_id = u.id) d
        WHERE (e.spent, e.n) <> (m.spent, m.n) OR (e.spent, e.n) <> (d.spent, d.n) OR e.waiting <> u.to_review
            OR e.last <> u.revision OR e.revisions <> u.revision OR e.n <> u.revision";
    let wrong: Vec<String> = db
        .query(wrong, &[])
        .await
        .unwrap()
        .iter()
        .map(|row| row.get(0))
        .collect();
    assert!(
        wrong.is_empty(),
        "sums or revisions do not fit the expenses of {wrong:?}"
    );
}

/// Somebody else at the database.
async fn administrator(database: &str) -> tokio_postgres::Client {
    let (db, connection) = tokio_postgres::connect(database, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    db
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_server_stores_the_streams_of_another_tell() {
    let Some(cluster) = Cluster::start(false) else { return };
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (
        Server::over(&cluster.address(), folder.path()),
        Server::over(&cluster.address(), folder.path()),
    );
    let client = http();
    let token = sign_up(&client, &first, "ada").await;
    let events = client.get(format!("{}/v1/events", second.url)).bearer_auth(&token);
    let mut events = events.send().await.unwrap();
    let first_event = timeout(PATIENCE, events.chunk()).await.unwrap().unwrap().unwrap();
    assert!(first_event.ends_with(b"data: 0\n\n"), "{first_event:?}");
    let body = json!({"id": Uuid::now_v7(), "description": "tea", "amount_minor": 300});
    let add = client
        .post(format!("{}/v1/expenses", first.url))
        .bearer_auth(&token)
        .json(&body);
    assert_eq!(add.send().await.unwrap().status(), 201);
    let told = timeout(PATIENCE, events.chunk()).await.unwrap().unwrap().unwrap();
    assert!(told.ends_with(b"data: 1\n\n"), "{told:?}");
    let account = client.get(format!("{}/v1/account", second.url)).bearer_auth(&token);
    let account: Value = account.send().await.unwrap().json().await.unwrap();
    assert_eq!(account["revision"], 1);
    assert!(first.terminate() && second.terminate());
}

#[test]
fn a_password_on_the_command_line_is_refused_and_never_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str], variable: Option<&str>| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_budget-tracker"));
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(arguments);
        command
            .env("BUDGET_TRACKER_CONFIG_DIR", folder.path())
            .env("BUDGET_TRACKER_LOG", "trace");
        if let Some(text) = variable {
            command.env("BUDGET_TRACKER_DATABASE", text);
        }
        let output = command.output().unwrap();
        assert!(!output.status.success());
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(!told.contains("s3cr3t"), "{told}");
        told
    };
    let address = "postgres://ada:s3cr3t@127.0.0.1:1/budget";
    let refused = run(&["--database", address], None);
    assert!(refused.contains("PGPASSWORD"), "{refused}");
    let nobody_there = run(&[], Some(address));
    assert!(
        nobody_there.contains("postgres://ada@127.0.0.1:1/budget"),
        "{nobody_there}"
    );
    let unreadable = run(&["--database", "mysql://ada:s3cr3t@h/x"], None);
    assert!(unreadable.contains("sqlite:PATH"), "{unreadable}");
}
