//! The database is restarted, breaks off, is blocked or at odds with itself: what cannot be served is told when to
//! come back, and nothing is wrong afterwards.

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};

use reqwest::Client;

use super::*;

/// How often the database is restarted, and the longest pause before it is again.
const RESTARTS: usize = 30;
const LONGEST_PAUSE: Duration = Duration::from_millis(200);
/// Milliseconds from one restart to the next, instead: 2000 takes a minute.
const EVERY_VARIABLE: &str = "BUDGET_TRACKER_TEST_RESTART_EVERY_MS";
const BREAKS: usize = 20;
/// Once the database can be reached, expenses are stored again in this time.
const RECOVERY: Duration = Duration::from_secs(2);

/// One server over a database, and those who write and read there until it is enough.
struct Load {
    cluster: Cluster,
    server: Server,
    client: Client,
    token: String,
    acknowledged: Acknowledged,
    enough: CancellationToken,
    tasks: JoinSet<()>,
    _folder: tempfile::TempDir,
}

impl Load {
    async fn start() -> Option<Self> {
        let cluster = Cluster::start(true)?;
        let folder = tempfile::tempdir().unwrap();
        let server = Server::over(&cluster.address(), folder.path());
        let client = http();
        let token = sign_up(&client, &server, "ada").await;
        let (acknowledged, enough) = (Acknowledged::default(), CancellationToken::new());
        let mut tasks = JoinSet::new();
        let addresses: Addresses = Arc::new(RwLock::new(vec![server.url.clone()]));
        for number in 0..6 {
            tasks.spawn(write(
                client.clone(),
                number,
                Arc::clone(&addresses),
                token.clone(),
                Arc::clone(&acknowledged),
                enough.clone(),
            ));
        }
        tasks.spawn(read(client.clone(), server.url.clone(), token.clone(), enough.clone()));
        Some(Self {
            cluster,
            server,
            client,
            token,
            acknowledged,
            enough,
            tasks,
            _folder: folder,
        })
    }

    /// Waits until some more expenses are acknowledged, the first of them soon; how long that one took.
    async fn go_on(&self) -> Duration {
        let (begun, before) = (Instant::now(), self.count());
        within(RECOVERY, async || self.count() > before).await;
        let first = begun.elapsed();
        until(async || self.count() > before + 10).await;
        first
    }

    fn count(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }

    /// Ends the load and looks at what it left.
    async fn finish(self) {
        self.enough.cancel();
        self.tasks.join_all().await;
        let acknowledged = self.acknowledged.lock().unwrap().clone();
        check(&self.cluster.address(), &acknowledged).await;
        assert!(self.server.terminate());
    }
}

/// Asks for the summary, whose sum and count never fall.
async fn read(client: Client, url: String, token: String, enough: CancellationToken) {
    let mut known = 0;
    while !enough.is_cancelled() {
        let request = client.get(format!("{url}/v1/account")).bearer_auth(&token);
        let answer = request.send().await.unwrap();
        if answer.status() == 200 {
            let account: Value = answer.json().await.unwrap();
            let revision = account["revision"].as_i64().unwrap();
            assert!(revision >= known, "{revision} after {known}");
            known = revision;
        } else {
            check_busy(answer).await;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_restarted_again_and_again_costs_time_only() {
    let Some(mut load) = Load::start().await else { return };
    let (mut longest, mut pace) = (Duration::ZERO, Pace::new(LONGEST_PAUSE, EVERY_VARIABLE));
    for _ in 0..RESTARTS {
        load.go_on().await;
        pace.next().await;
        tokio::task::block_in_place(|| load.cluster.restart());
        longest = longest.max(load.go_on().await);
    }
    eprintln!("{RESTARTS} restarts of the database; the first expense after one took at most {longest:?}");
    load.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_broken_are_made_anew() {
    let Some(load) = Load::start().await else { return };
    let db = administrator(&load.cluster.address()).await;
    let mut longest = Duration::ZERO;
    for _ in 0..BREAKS {
        let all = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
        db.query(all, &[]).await.unwrap();
        longest = longest.max(load.go_on().await);
    }
    eprintln!("{BREAKS} times all connections broken; the first expense after it took at most {longest:?}");
    load.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_hangs_is_told_to_all_and_serves_them_again() {
    let Some(load) = Load::start().await else { return };
    load.go_on().await;
    let db = administrator(&load.cluster.address()).await;
    db.batch_execute("BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
        .await
        .unwrap();
    // More than there are connections: some wait for the lock, the others for a connection.
    let asked = (0..24).map(|_| {
        let request = load.client.get(format!("{}/v1/account", load.server.url));
        request.bearer_auth(&load.token).send()
    });
    for answer in futures::future::join_all(asked).await {
        check_busy(answer.unwrap()).await;
    }
    db.batch_execute("ROLLBACK").await.unwrap();
    eprintln!("the first expense after a lock took {:?}", load.go_on().await);
    load.finish().await;
}

/// Waits until a transaction waits for a lock.
async fn somebody_waits(db: &tokio_postgres::Client) {
    let waits = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    let waiting = async {
        while db.query(waits, &[]).await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, waiting).await.unwrap();
}

/// Two transactions that wait for each other: the database breaks one of them off, which is then run again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deadlock_is_tried_again() {
    let Some(load) = Load::start().await else { return };
    load.go_on().await;
    let db = administrator(&load.cluster.address()).await;
    // This one waits longer, so that the server's transaction is the one that is broken off.
    let odds = "SET deadlock_timeout = '30s'; BEGIN; SELECT 1 FROM rollups FOR UPDATE";
    db.batch_execute(odds).await.unwrap();
    somebody_waits(&db).await;
    db.batch_execute("UPDATE users SET email = email; COMMIT")
        .await
        .unwrap();
    load.go_on().await;
    let deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    let counted = async {
        while db.query_one(deadlocks, &[]).await.unwrap().get::<_, i64>(0) == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, counted).await.unwrap();
    load.finish().await;
}

/// A transaction that is at odds with one that was faster.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_changed_meanwhile_is_looked_at_again() {
    let Some(cluster) = Cluster::start(false) else { return };
    let folder = tempfile::tempdir().unwrap();
    let server = Server::over(&cluster.address(), folder.path());
    let client = http();
    let token = sign_up(&client, &server, "ada").await;
    let db = administrator(&cluster.address()).await;
    db.batch_execute("BEGIN; UPDATE sessions SET last_seen = last_seen + 1")
        .await
        .unwrap();
    let out = client.post(format!("{}/v1/logout", server.url)).bearer_auth(&token);
    let out = tokio::spawn(out.send());
    somebody_waits(&db).await;
    db.batch_execute("COMMIT").await.unwrap();
    assert_eq!(out.await.unwrap().unwrap().status(), 204);
    let left = db.query_one("SELECT COUNT(*) FROM sessions", &[]).await.unwrap();
    assert_eq!(left.get::<_, i64>(0), 0);
}

/// A way to the database on which it does not know how to listen, as some that speak its language do not.
fn deaf(folder: &std::path::Path, socket: std::path::PathBuf) -> String {
    let listener = UnixListener::bind(folder.join(".s.PGSQL.5432")).unwrap();
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let (client, server) = (client.unwrap(), UnixStream::connect(&socket).unwrap());
            pass(
                client.try_clone().unwrap(),
                server.try_clone().unwrap(),
                b"LISTEN budget",
            );
            pass(server, client, b"no bytes like these ever come");
        }
    });
    format!(
        "postgres://postgres@{}/postgres",
        folder.to_str().unwrap().replace('/', "%2F")
    )
}

/// Passes bytes on; the first letter of `garbled` becomes another one.
fn pass(mut from: UnixStream, mut to: UnixStream, garbled: &'static [u8]) {
    std::thread::spawn(move || {
        let mut piece = [0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut piece) {
            let bytes = &mut piece[..count];
            if let Some(place) = bytes.windows(garbled.len()).position(|window| window == garbled) {
                bytes[place] = b'X';
            }
            if to.write_all(bytes).is_err() {
                break;
            }
        }
        // The other end may be gone already.
        let _ = to.shutdown(std::net::Shutdown::Both);
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nobody_can_listen_the_database_is_asked() {
    let Some(cluster) = Cluster::start(false) else { return };
    let folder = tempfile::tempdir().unwrap();
    let address = deaf(folder.path(), cluster.socket());
    let (first, second) = (
        Server::over(&cluster.address(), folder.path()),
        Server::over(&address, folder.path()),
    );
    let client = http();
    let token = sign_up(&client, &first, "ada").await;
    let events = client.get(format!("{}/v1/events", second.url)).bearer_auth(&token);
    let mut events = events.send().await.unwrap();
    let body = json!({"id": Uuid::now_v7(), "description": "tea", "amount_minor": 300});
    let add = client
        .post(format!("{}/v1/expenses", first.url))
        .bearer_auth(&token)
        .json(&body);
    assert_eq!(add.send().await.unwrap().status(), 201);
    let stored = Instant::now();
    let mut seen = String::new();
    while !seen.contains("data: 1\n\n") {
        let chunk = timeout(PATIENCE, events.chunk()).await.unwrap().unwrap().unwrap();
        seen.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    eprintln!("found by asking after {:?}", stored.elapsed());
    let ready = client.get(format!("{}/readyz", second.url)).send().await.unwrap();
    assert_eq!(ready.status(), 200);
    let db = administrator(&cluster.address()).await;
    let listening = "SELECT COUNT(*) FROM pg_stat_activity WHERE query = 'SELECT pg_backend_pid()'";
    let listening: i64 = db.query_one(listening, &[]).await.unwrap().get(0);
    assert!(listening <= 1, "the second server listens");
}
