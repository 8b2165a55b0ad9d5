//! Summaries: beside a route that does nothing, and over many expenses beside few.

use std::time::{Duration, Instant};

use budget_tracker::server::store::AtClose;

use super::data::{self, Folder, User};
use super::http::Connection;
use super::process::Server;
use super::report::{Goal, count, figure, judged, median, percentile};
use super::{Options, Outcome, http, load};

const USERS: usize = 100;
const CONNECTIONS: usize = 32;
const FEW: u32 = 1000;

pub fn summary(options: &Options) -> Outcome {
    beside_hello(options)?;
    many_beside_few(options)
}

fn beside_hello(options: &Options) -> Outcome {
    let (folder, runtime) = (Folder::new()?, load::runtime()?);
    let users = runtime.block_on(data::database(&folder.file("served.db"), USERS, 300))?;
    let server = Server::start(&folder, "served.db")?;
    let ask = |window: Duration, requests: Vec<Vec<u8>>| {
        runtime.block_on(load::http(server.address, CONNECTIONS, window, move |caller, turn| {
            requests[(caller * 3 + turn) % requests.len()].clone()
        }))
    };
    let hello = vec![http::get("/v1", None)];
    let summaries: Vec<_> = users
        .iter()
        .map(|user| http::get("/v1/summary", Some(&user.token)))
        .collect();
    // The first summary of each is made, whatever was asked before; dashboards have theirs already.
    runtime.block_on(async {
        let mut connection = Connection::open(server.address).await?;
        for request in &summaries {
            connection.ask(request).await?;
        }
        Outcome::Ok(())
    })?;
    let (mut ceiling, mut ours) = (Vec::new(), Vec::new());
    let mut cpu = Duration::ZERO;
    let mut answers = 0;
    for _ in 0..options.windows(7) {
        ceiling.push(ask(options.window(2000), hello.clone())?.per_second());
        let before = server.cpu()?;
        let window = ask(options.window(2000), summaries.clone())?;
        cpu += server.cpu()?.saturating_sub(before);
        answers += window.took.len();
        ours.push(window.per_second());
    }
    let (ceiling, ours) = (median(ceiling), median(ours));
    figure(&format!("hello, {CONNECTIONS} connections"), ceiling, "answers/s");
    figure(
        &format!("summary, {CONNECTIONS} connections, {USERS} users"),
        ours,
        "answers/s",
    );
    let each = cpu.as_secs_f64() * 1e6 / count(answers);
    figure("the server's processor time for a summary", each, "us");
    judged("summaries, of hellos", ours / ceiling, "", &Goal::AtLeast(0.5));
    after_changes(options, &server, &users, &runtime)
}

/// What a summary costs when something has changed since the last one: adds and summaries in turn, less the adds.
fn after_changes(options: &Options, server: &Server, users: &[User], runtime: &tokio::runtime::Runtime) -> Outcome {
    let mut costs = Vec::new();
    for _ in 0..options.windows(5) {
        let [mut alone, mut pair] = [0.0, 0.0];
        for (with_summary, cost) in [(false, &mut alone), (true, &mut pair)] {
            let users = users.to_vec();
            let before = server.cpu()?;
            let asked = load::http(
                server.address,
                CONNECTIONS,
                options.window(1500),
                move |caller, turn| {
                    let asks = with_summary && turn % 2 == 1;
                    let turn = if with_summary { turn / 2 } else { turn };
                    let user = &users[(caller * 3 + turn) % users.len()];
                    if asks {
                        http::get("/v1/summary", Some(&user.token))
                    } else {
                        http::add(user, Some(user.places[turn % user.places.len()]))
                    }
                },
            );
            let adds = count(runtime.block_on(asked)?.took.len()) / if with_summary { 2.0 } else { 1.0 };
            *cost = server.cpu()?.saturating_sub(before).as_secs_f64() * 1e6 / adds;
        }
        costs.push(pair - alone);
    }
    figure("... and for one after a change", median(costs), "us");
    Ok(())
}

fn many_beside_few(options: &Options) -> Outcome {
    let (folder, runtime) = (Folder::new()?, load::runtime()?);
    let mut asked = Vec::new();
    for (name, rows) in [("few.db", FEW), ("many.db", options.rows)] {
        let begun = Instant::now();
        let user = runtime.block_on(filled(&folder, name, rows))?;
        if rows > FEW {
            figure(&format!("{rows} expenses made in"), begun.elapsed().as_secs_f64(), "s");
        }
        let server = Server::start(&folder, name)?;
        asked.push(Asked {
            server,
            user,
            changed: Vec::new(),
            unchanged: Vec::new(),
        });
    }
    // The file is looked through for damage once after the start.
    quiet(&asked[1].server)?;
    let rounds = if options.quick { 100 } else { 1000 };
    for round in 0..rounds + 50 {
        for asked in &mut asked {
            let took = runtime.block_on(asked.round())?;
            if round >= 50 {
                asked.changed.push(took[0]);
                asked.unchanged.push(took[1]);
            }
        }
    }
    let [few, many] = &mut asked[..] else {
        return Err("there are two".into());
    };
    for (when, few, many) in [
        ("after a change", &mut few.changed, &mut many.changed),
        ("asked again", &mut few.unchanged, &mut many.unchanged),
    ] {
        let (few, many) = (percentile(few, 50), percentile(many, 50));
        figure(&format!("a summary over {FEW} expenses, {when}, p50"), few, "ms");
        figure(
            &format!("a summary over {} expenses, {when}, p50", options.rows),
            many,
            "ms",
        );
        judged("many, times few", many / few, "", &Goal::AtMost(1.5));
    }
    Ok(())
}

/// A server over one user's expenses.
struct Asked {
    server: Server,
    user: User,
    changed: Vec<Duration>,
    unchanged: Vec<Duration>,
}

impl Asked {
    /// Adds an expense and asks for the summary twice.
    async fn round(&self) -> Outcome<[Duration; 2]> {
        let mut connection = Connection::open(self.server.address).await?;
        connection
            .ask(&http::add(&self.user, Some(self.user.places[0])))
            .await?;
        let request = http::get("/v1/summary", Some(&self.user.token));
        let mut took = [Duration::ZERO; 2];
        for took in &mut took {
            let begun = Instant::now();
            let status = connection.ask(&request).await?;
            *took = begun.elapsed();
            if status != 200 {
                return Err(format!("the summary answered {status}").into());
            }
        }
        Ok(took)
    }
}

async fn filled(folder: &Folder, name: &str, rows: u32) -> Outcome<User> {
    let file = folder.file(name);
    let user = data::database(&file, 1, 0).await?.pop().ok_or("no user")?;
    data::fill(&file, &user, rows)?;
    data::open(&file)?.close(AtClose::EmptyLog).await;
    Ok(user)
}

/// Waits until the server has nothing to do, at most a few minutes.
pub fn quiet(server: &Server) -> Outcome {
    for _ in 0..600 {
        let before = server.cpu()?;
        std::thread::sleep(Duration::from_millis(500));
        if server.cpu()? == before {
            return Ok(());
        }
    }
    Err("the server does not come to rest".into())
}
