//! Adds over PostgreSQL, beside what `pgbench` gets out of the same server with statements of its own, in the same
//! run: `cargo bench --bench postgres`. Each figure is the median of three windows.

#![expect(clippy::unwrap_used, reason = "a cluster that cannot be made ends the run")]

#[path = "../tests/support/cluster.rs"]
mod cluster;

use std::process::Command;
use std::time::{Duration, Instant};

use budget_tracker::domain::{Calendar, Currency};
use budget_tracker::server::store::accounts::{self, NewUser};
use budget_tracker::server::store::expenses::{self, Draft, Placing};
use budget_tracker::server::store::{Database, Scope, Store};
use cluster::Cluster;
use jiff::civil::date;
use uuid::Uuid;

const WINDOW: Duration = Duration::from_secs(4);
const WINDOWS: usize = 3;
const CALLERS: usize = 32;
const USERS: usize = 100;

const TABLES: &str = "CREATE SCHEMA bench;
    CREATE TABLE bench.users (id BYTEA PRIMARY KEY, revision BIGINT NOT NULL);
    CREATE TABLE bench.expenses (user_id BYTEA, id BYTEA, seq BIGINT, day BIGINT, amount BIGINT, category BYTEA,
        description TEXT, PRIMARY KEY (user_id, id));
    CREATE INDEX ON bench.expenses (user_id, day, seq);
    CREATE INDEX ON bench.expenses (user_id, category, day, seq);
    CREATE TABLE bench.rollups (user_id BYTEA, month BIGINT, category BYTEA, spent BIGINT, n BIGINT,
        PRIMARY KEY (user_id, month, category));
    INSERT INTO bench.users SELECT decode(lpad(to_hex(u), 32, '0'), 'hex'), 0 FROM generate_series(1, 100) u;";

/// One add: the revision, the row, the sum of the month.
const SINGLE: &str = r"\set u random(1, 100)
\set d random(20000, 20029)
WITH me AS (UPDATE bench.users SET revision = revision + 1 WHERE id = decode(lpad(to_hex(:u::int), 32, '0'), 'hex')
    RETURNING id, revision),
  row AS (INSERT INTO bench.expenses SELECT id, decode(md5(random()::text), 'hex'), revision, :d::bigint, 100, '\x01', 'ramen'
    FROM me)
INSERT INTO bench.rollups SELECT id, 680, '\x01', 100, 1 FROM me
  ON CONFLICT (user_id, month, category) DO UPDATE SET spent = rollups.spent + 100, n = rollups.n + 1;
";

/// A hundred of them for one user, in one transaction.
const BATCH: &str = r"\set u random(1, 100)
BEGIN;
UPDATE bench.users SET revision = revision + 100 WHERE id = decode(lpad(to_hex(:u::int), 32, '0'), 'hex');
INSERT INTO bench.expenses SELECT decode(lpad(to_hex(:u::int), 32, '0'), 'hex'), decode(md5(random()::text), 'hex'), i, 20000,
  100, '\x01', 'ramen' FROM generate_series(1, 100) i;
INSERT INTO bench.rollups VALUES (decode(lpad(to_hex(:u::int), 32, '0'), 'hex'), 680, '\x01', 10000, 100)
  ON CONFLICT (user_id, month, category) DO UPDATE SET spent = rollups.spent + 10000, n = rollups.n + 100;
COMMIT;
";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(cluster) = Cluster::start(true) else {
        return Ok(());
    };
    let runtime = tokio::runtime::Runtime::new()?;
    let store = Store::open(cluster.address().parse::<Database>()?, 0, Box::new(|_| {}))?;
    let folder = tempfile::tempdir()?;
    let bench = PgBench {
        address: cluster.address(),
        folder,
    };
    bench.sql("psql", &["-c", TABLES])?;
    let scopes = runtime.block_on(users(&store))?;
    let (mut single, mut batch, mut adds, mut one) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..WINDOWS {
        single.push(bench.run(SINGLE, CALLERS)?);
        batch.push(bench.run(BATCH, 4)? * 100.0);
        let mut took = runtime.block_on(add(&store, &scopes, CALLERS))?;
        adds.push(per_second(took.len()));
        took = runtime.block_on(add(&store, &scopes, 1))?;
        took.sort();
        one.push(took[took.len() / 2].as_secs_f64() * 1e3);
    }
    println!(
        "pgbench, one add a statement, 32 clients   {:>9.0} adds/s",
        median(single)
    );
    println!(
        "pgbench, 100 adds a transaction, 4 clients {:>9.0} adds/s",
        median(batch)
    );
    println!(
        "store, 32 callers, 100 users               {:>9.0} adds/s",
        median(adds)
    );
    println!("store, one caller, p50                     {:>9.2} ms", median(one));
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "counts of a few seconds")]
fn per_second(count: usize) -> f64 {
    count as f64 / WINDOW.as_secs_f64()
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

struct PgBench {
    address: String,
    folder: tempfile::TempDir,
}

impl PgBench {
    fn sql(&self, program: &str, arguments: &[&str]) -> Result<String, Box<dyn std::error::Error>> {
        // As whoever runs this: the socket is open to all on this machine.
        let output = Command::new(program).args(arguments).arg(&self.address).output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Transactions a second.
    fn run(&self, script: &str, clients: usize) -> Result<f64, Box<dyn std::error::Error>> {
        let file = self.folder.path().join("script.sql");
        std::fs::write(&file, script)?;
        let (seconds, clients) = (WINDOW.as_secs().to_string(), clients.to_string());
        let file = file.to_string_lossy();
        let arguments = [
            "-n", "-M", "prepared", "-T", &seconds, "-c", &clients, "-j", "2", "-f", &file,
        ];
        let told = self.sql("pgbench", &arguments)?;
        let line = told
            .lines()
            .find_map(|line| line.strip_prefix("tps = "))
            .ok_or("no figure")?;
        Ok(line.split(' ').next().ok_or("no figure")?.parse()?)
    }
}

async fn users(store: &Store) -> Result<Vec<Scope>, Box<dyn std::error::Error>> {
    let today = date(2026, 11, 22);
    let mut scopes = Vec::new();
    for _ in 0..USERS {
        let user = Uuid::new_v4();
        let new = NewUser {
            id: user,
            name: user.to_string(),
            email: "a@example.org".to_owned(),
            password: "x".to_owned(),
            currency: Currency::USD,
            time_zone: "UTC".to_owned(),
            calendar: Calendar::default(),
            demo: false,
        };
        store.write(move |tx| accounts::create(tx, &new, today, 0)).await?;
        scopes.push(Scope {
            user,
            currency: Currency::USD,
            calendar: Calendar::default(),
            today,
            now: 1,
        });
    }
    Ok(scopes)
}

/// Adds expenses for one window; how long each took.
async fn add(store: &Store, scopes: &[Scope], callers: usize) -> Result<Vec<Duration>, Box<dyn std::error::Error>> {
    let end = Instant::now() + WINDOW;
    let callers = (0..callers).map(|caller| {
        let (store, scopes) = (store.clone(), scopes.to_vec());
        tokio::spawn(async move {
            let mut took = Vec::new();
            for scope in scopes.iter().cycle().skip(caller * 3) {
                let begun = Instant::now();
                if begun > end {
                    break;
                }
                let draft = Draft {
                    id: Uuid::now_v7(),
                    day: scope.today,
                    description: "Nakamura ramen".to_owned(),
                    amount_minor: 100,
                    placing: Placing::NONE,
                    fingerprint: vec![1],
                };
                store
                    .write_for(*scope, move |tx, scope| expenses::add(tx, scope, &draft))
                    .await?;
                took.push(begun.elapsed());
            }
            Ok::<_, budget_tracker::server::store::StoreError>(took)
        })
    });
    let mut all = Vec::new();
    for caller in futures::future::join_all(callers).await {
        all.extend(caller??);
    }
    Ok(all)
}
