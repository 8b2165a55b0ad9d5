//! Summaries: beside a route that does nothing, and over many expenses beside few.

use std::time::{Duration, Instant};

use budget_tracker::server::store::AtClose;

use super::data::{self, Folder, User};
use super::http::Connection;
use super::process::Server;
use super::report::{Goal, figure, judged, median, percentile};
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
    ask(options.window(500), summaries.clone())?;
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
    let each = cpu.as_secs_f64() * 1e6 / super::report::count(answers);
    figure("the server's processor time for a summary", each, "us");
    judged("summaries, of hellos", ours / ceiling, "", &Goal::AtLeast(0.5));
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
        let connection = runtime.block_on(Connection::open(server.address))?;
        asked.push((
            server,
            connection,
            http::get("/v1/summary", Some(&user.token)),
            Vec::new(),
        ));
    }
    // The file is looked through for damage once after the start.
    quiet(&asked[1].0)?;
    let rounds = if options.quick { 200 } else { 2000 };
    for round in 0..rounds + 100 {
        for (server, connection, request, took) in &mut asked {
            let begun = Instant::now();
            let status = match runtime.block_on(connection.ask(request)) {
                Ok(status) => status,
                // It was closed while the other database was made.
                Err(_) if round == 0 => {
                    *connection = runtime.block_on(Connection::open(server.address))?;
                    runtime.block_on(connection.ask(request))?
                }
                Err(error) => return Err(error),
            };
            if status != 200 {
                return Err(format!("the summary answered {status}").into());
            }
            if round >= 100 {
                took.push(begun.elapsed());
            }
        }
    }
    let [few, many] = [0, 1].map(|which| percentile(&mut asked[which].3, 50));
    figure(&format!("one summary over {FEW} expenses, p50"), few, "ms");
    figure(&format!("one summary over {} expenses, p50", options.rows), many, "ms");
    judged("many, times few", many / few, "", &Goal::AtMost(1.5));
    Ok(())
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
