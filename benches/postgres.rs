//! Adds over PostgreSQL, beside what `pgbench` gets out of the same server in the same run: `cargo bench --bench
//! postgres`. Each figure is the median of three windows, which take turns.
//!
//! `pgbench` runs bare statements over bare tables: one add at a time, or a hundred of one user or of twenty-five users in
//! one transaction. And it runs the statements of the store over the tables of the store, which have more columns,
//! indexes and sums, for as many adds of as many users: that is the ceiling of the store. All rows are made up inside
//! the database, whereas those of the store come over the connection.

#![expect(clippy::unwrap_used, reason = "a cluster that cannot be made ends the run")]

#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../tests/support/cluster.rs"]
mod cluster;

use std::process::Command;
use std::time::{Duration, Instant};

use budget_tracker::domain::expense::CategorySource;
use budget_tracker::domain::{Calendar, Currency};
use budget_tracker::server::store::accounts::{self, NewUser};
use budget_tracker::server::store::adds::Add;
use budget_tracker::server::store::expenses::{Draft, Placing};
use budget_tracker::server::store::{Database, Scope, Store, budgets, categories};
use cluster::Cluster;
use jiff::civil::date;
use uuid::Uuid;

const WINDOW: Duration = Duration::from_secs(4);
const WINDOWS: usize = 3;
const CALLERS: usize = 32;
/// As many adds as the batches of `pgbench` have under way: four clients with a hundred each.
const MANY_CALLERS: usize = 400;
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

/// A hundred adds for the twenty-five users of a client, in one transaction: what the store has under way.
const SPREAD: &str = r"BEGIN;
UPDATE bench.users SET revision = revision + 4
  WHERE id IN (SELECT decode(lpad(to_hex(:client_id * 25 + i), 32, '0'), 'hex') FROM generate_series(1, 25) i);
INSERT INTO bench.expenses SELECT decode(lpad(to_hex(:client_id * 25 + 1 + i % 25), 32, '0'), 'hex'),
  decode(md5(random()::text), 'hex'), i, 20000, 100, '\x01', 'ramen' FROM generate_series(1, 100) i;
INSERT INTO bench.rollups SELECT decode(lpad(to_hex(:client_id * 25 + i), 32, '0'), 'hex'), 680, '\x01', 400, 4
  FROM generate_series(1, 25) i
  ON CONFLICT (user_id, month, category) DO UPDATE SET spent = rollups.spent + 400, n = rollups.n + 4;
COMMIT;
";

/// A hundred adds for the same twenty-five users, with the statements of the store over its tables.
const OWN: &str = r"BEGIN;
UPDATE users SET revision = revision + 4, to_review = to_review + 4
  WHERE id IN (SELECT decode(lpad(to_hex(:client_id * 25 + i), 32, '0'), 'hex') FROM generate_series(1, 25) i)
  RETURNING id, revision, month_start;
INSERT INTO expenses (user_id, id, seq, revision, day, description, amount_minor, category_id, category_source, confidence,
    to_review, deleted, fingerprint, created_at)
  SELECT decode(lpad(to_hex(:client_id * 25 + 1 + i % 25), 32, '0'), 'hex'), decode(md5(random()::text), 'hex'), i, i, 20779,
    'Nakamura ramen', 100, NULL, 'none', 0, 1, 0, '\x01', 1 FROM generate_series(1, 100) i
  ON CONFLICT (user_id, id) DO NOTHING RETURNING user_id, id;
INSERT INTO rollups (user_id, month, category_id, spent, n)
  SELECT decode(lpad(to_hex(:client_id * 25 + i), 32, '0'), 'hex'), 682, decode(repeat('00', 16), 'hex'), 400, 4
    FROM generate_series(1, 25) i
  ON CONFLICT (user_id, month, category_id) DO UPDATE SET spent = rollups.spent + excluded.spent, n = rollups.n + excluded.n
  RETURNING user_id, month, category_id, spent, n;
INSERT INTO day_sums (user_id, day, category_id, spent, n)
  SELECT decode(lpad(to_hex(:client_id * 25 + i), 32, '0'), 'hex'), 20779, decode(repeat('00', 16), 'hex'), 400, 4
    FROM generate_series(1, 25) i
  ON CONFLICT (user_id, day, category_id) DO UPDATE SET spent = day_sums.spent + excluded.spent, n = day_sums.n + excluded.n
  RETURNING user_id, day, category_id, spent, n;
COMMIT;
";

/// Leaves the server without the connection on which it tells and hears, and lets no other one in.
const PUSH_OFF: &str = "ALTER ROLE bench CONNECTION LIMIT 0;
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE usename = 'bench' AND (query LIKE 'NOTIFY%' OR query LIKE '%pg_backend_pid%')";
const PUSH_ON: &str = "ALTER ROLE bench CONNECTION LIMIT -1";

/// The windows of one measured thing.
struct Figure {
    name: &'static str,
    windows: Vec<f64>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(cluster) = Cluster::start(true) else {
        return Ok(());
    };
    let runtime = tokio::runtime::Runtime::new()?;
    let bench = PgBench {
        address: cluster.address(),
        folder: tempfile::tempdir()?,
    };
    bench.sql("psql", &["-c", TABLES])?;
    bench.sql(
        "psql",
        &["-c", "CREATE ROLE bench LOGIN; GRANT ALL ON SCHEMA public TO bench"],
    )?;
    let database = cluster
        .address()
        .replacen("postgres@", "bench@", 1)
        .parse::<Database>()?;
    let store = Store::open(database, 0, Box::new(|_| {}))?;
    let scopes = runtime.block_on(users(&store))?;
    let dining = runtime.block_on(limits(&store, &scopes))?;
    let mut figures = [
        "pgbench: bare, one add a statement, 32 clients",
        "pgbench: bare, 100 adds a transaction of one user, 4 clients",
        "pgbench: bare, 100 adds a transaction of 25 users, 4 clients",
        "pgbench: statements of the store, as many, of 25 users, 4 clients",
        "store: 32 callers",
        "store: 400 callers",
        "store: 400 callers, without push",
        "store: 400 callers, each add under a limit",
        "store: one caller, p50 in ms",
    ]
    .map(|name| Figure {
        name,
        windows: Vec::new(),
    });
    let add = |callers, place| runtime.block_on(add(&store, &scopes, callers, place));
    for _ in 0..WINDOWS {
        let mut found = vec![
            bench.run(SINGLE, CALLERS)?,
            bench.run(BATCH, 4)? * 100.0,
            bench.run(SPREAD, 4)? * 100.0,
            bench.run(OWN, 4)? * 100.0,
            per_second(add(CALLERS, None)?.len()),
            per_second(add(MANY_CALLERS, None)?.len()),
        ];
        bench.sql("psql", &["-c", PUSH_OFF])?;
        found.push(per_second(add(MANY_CALLERS, None)?.len()));
        bench.sql("psql", &["-c", PUSH_ON])?;
        found.push(per_second(add(MANY_CALLERS, Some(&dining))?.len()));
        let mut took = add(1, None)?;
        took.sort();
        found.push(took[took.len() / 2].as_secs_f64() * 1e3);
        for (figure, found) in figures.iter_mut().zip(found) {
            figure.windows.push(found);
        }
    }
    for figure in &mut figures {
        println!("{:<70} {:>10.2}", figure.name, median(&mut figure.windows));
    }
    let [bare, batch, spread, own, few, many, silent, limited, _] =
        figures.each_ref().map(|figure| figure.windows[WINDOWS / 2]);
    println!(
        "32 callers / bare, one add a statement                 {:.2}",
        few / bare
    );
    println!(
        "400 callers / bare, 100 adds a transaction of one user {:.2}",
        many / batch
    );
    println!(
        "400 callers / bare, 100 adds a transaction of 25 users {:.2}",
        many / spread
    );
    println!(
        "400 callers / statements of the store, of 25 users      {:.2}",
        many / own
    );
    println!(
        "push / no push                                         {:.2}",
        many / silent
    );
    println!(
        "limit / no limit                                       {:.2}",
        limited / many
    );
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "counts of a few seconds")]
fn per_second(count: usize) -> f64 {
    count as f64 / WINDOW.as_secs_f64()
}

fn median(figures: &mut [f64]) -> f64 {
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
    for number in 1..=USERS {
        let user = Uuid::from_u128(number as u128);
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

/// Gives each user a limit on one category, which no window will reach; the category of each.
async fn limits(store: &Store, scopes: &[Scope]) -> Result<Vec<Uuid>, Box<dyn std::error::Error>> {
    let mut all = Vec::new();
    for scope in scopes {
        let limited = store.write_for(*scope, |tx, scope| {
            let dining = categories::named(tx, scope, "Dining")?;
            let id = dining.map(|kept| kept.category.id).unwrap_or_default();
            budgets::set(tx, scope, id, scope.month(), Some(1_000_000_000), None)?;
            Ok(id)
        });
        all.push(limited.await?);
    }
    Ok(all)
}

/// Adds expenses for one window, each in its user's category of `places`; how long each took.
async fn add(
    store: &Store,
    scopes: &[Scope],
    callers: usize,
    places: Option<&Vec<Uuid>>,
) -> Result<Vec<Duration>, Box<dyn std::error::Error>> {
    let placings: Vec<Placing> = match places {
        None => vec![Placing::NONE; scopes.len()],
        Some(places) => places.iter().map(|id| predicted(*id)).collect(),
    };
    let work: Vec<(Scope, Placing)> = scopes.iter().copied().zip(placings).collect();
    let end = Instant::now() + WINDOW;
    let callers = (0..callers).map(|caller| {
        let (store, work) = (store.clone(), work.clone());
        tokio::spawn(async move {
            let mut took = Vec::new();
            for (scope, placing) in work.iter().cycle().skip(caller * 3) {
                let begun = Instant::now();
                if begun > end {
                    break;
                }
                let draft = Draft {
                    id: Uuid::now_v7(),
                    day: scope.today,
                    description: "Nakamura ramen".to_owned(),
                    amount_minor: 100,
                    placing: *placing,
                    fingerprint: vec![1],
                };
                store.add(Add { scope: *scope, draft }).await?;
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

fn predicted(category: Uuid) -> Placing {
    Placing {
        category: Some(category),
        source: CategorySource::Model,
        confidence: 90,
    }
}
