//! Expenses stored for good: over HTTP, inside this process, and a bare sync of the disk.

use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};

use budget_tracker::server::store::{AtClose, Store, expenses};

use super::data::{self, Folder, User};
use super::load::{self, Window};
use super::process::{self, Server};
use super::report::{Goal, count, figure, judged, median, percentile};
use super::{Options, Outcome, http};

const USERS: usize = 100;
const CALLERS: usize = 32;

pub fn adds(options: &Options) -> Outcome {
    let folder = Folder::new()?;
    let runtime = load::runtime()?;
    let inside = tokio::runtime::Runtime::new()?;
    let users = runtime.block_on(data::database(&folder.file("served.db"), USERS, 10))?;
    let own = runtime.block_on(data::database(&folder.file("own.db"), USERS, 10))?;
    let store = data::open(&folder.file("own.db"))?;
    let server = Server::start(&folder, "served.db")?;
    many(
        options,
        &|window| runtime.block_on(over_http(&server, &users, CALLERS, window, true)),
        &server,
        &|window| inside.block_on(in_process(&store, &own, CALLERS, window)),
    )?;
    let mut predicted = Vec::new();
    for _ in 0..options.windows(3) {
        let window = options.window(1000);
        predicted.push(
            runtime
                .block_on(over_http(&server, &users, CALLERS, window, false))?
                .per_second(),
        );
    }
    figure("HTTP adds whose category is predicted", median(predicted), "adds/s");
    one(options, &folder, &|window| {
        runtime.block_on(over_http(&server, &users, 1, window, true))
    })?;
    inside.block_on(store.close(AtClose::KeepLog));
    Ok(())
}

/// Many callers at once: adds a second and what each costs the processor.
fn many(
    options: &Options,
    http: &dyn Fn(Duration) -> Outcome<Window>,
    server: &Server,
    own: &dyn Fn(Duration) -> Outcome<Window>,
) -> Outcome {
    let (mut ceiling, mut ours) = (Vec::new(), Vec::new());
    let (mut own_cpu, mut server_cpu, mut own_count, mut server_count) = (0.0, 0.0, 0, 0);
    http(options.window(500))?;
    own(options.window(500))?;
    for _ in 0..options.windows(7) {
        let before = process::cpu("self")?;
        let window = own(options.window(2000))?;
        own_cpu += process::cpu("self")?.saturating_sub(before).as_secs_f64();
        own_count += window.took.len();
        ceiling.push(window.per_second());
        let before = server.cpu()?;
        let window = http(options.window(2000))?;
        server_cpu += server.cpu()?.saturating_sub(before).as_secs_f64();
        server_count += window.took.len();
        ours.push(window.per_second());
    }
    let (ceiling, ours) = (median(ceiling), median(ours));
    figure(&format!("in this process, {CALLERS} callers"), ceiling, "adds/s");
    figure(&format!("over HTTP, {CALLERS} connections"), ours, "adds/s");
    judged(
        "HTTP adds, of those in the process",
        ours / ceiling,
        "",
        &Goal::AtLeast(0.5),
    );
    let own_cpu = own_cpu * 1e6 / count(own_count);
    let server_cpu = server_cpu * 1e6 / count(server_count);
    figure("processor time of an add in this process", own_cpu, "us");
    figure("processor time of the server for an add", server_cpu, "us");
    judged(
        "the server's processor time, times",
        server_cpu / own_cpu,
        "",
        &Goal::AtMost(3.0),
    );
    Ok(())
}

/// One caller: the time of an add beside that of a bare sync. The disk has moods, so each pair of windows gives a ratio.
fn one(options: &Options, folder: &Folder, http: &dyn Fn(Duration) -> Outcome<Window>) -> Outcome {
    let mut file = File::create(folder.file("raw"))?;
    let (mut raw, mut ours, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..options.windows(15) {
        let bare = bare_sync(&mut file, options.window(500))?;
        let add = http(options.window(500))?.p(50);
        raw.push(bare);
        ours.push(add);
        ratios.push(add / bare);
    }
    figure("append and sync 4 KiB, p50", median(raw), "ms");
    figure("one HTTP add after the other, p50", median(ours), "ms");
    judged(
        "an HTTP add, times a sync (median of the pairs)",
        median(ratios),
        "",
        &Goal::AtMost(3.0),
    );
    Ok(())
}

fn bare_sync(file: &mut File, window: Duration) -> Outcome<f64> {
    let (page, end, mut took) = ([7_u8; 4096], Instant::now() + window, Vec::new());
    while Instant::now() < end {
        let begun = Instant::now();
        file.write_all(&page)?;
        file.sync_data()?;
        took.push(begun.elapsed());
    }
    Ok(percentile(&mut took, 50))
}

/// Adds over HTTP, with a chosen category or one that the server predicts.
pub async fn over_http(
    server: &Server,
    users: &[User],
    callers: usize,
    window: Duration,
    chosen: bool,
) -> Outcome<Window> {
    let users = users.to_vec();
    load::http(server.address, callers, window, move |caller, turn| {
        let user = &users[(caller * 3 + turn) % users.len()];
        http::add(user, chosen.then(|| user.places[turn % user.places.len()]))
    })
    .await
}

async fn in_process(store: &Store, users: &[User], callers: usize, window: Duration) -> Outcome<Window> {
    let callers = (0..callers).map(|caller| {
        let (store, users) = (store.clone(), users.to_vec());
        move |until: Instant| async move {
            let mut took = Vec::new();
            for turn in 0.. {
                let user = &users[(caller * 3 + turn) % users.len()];
                let mut draft = user.draft(turn);
                draft.day = user.scope.today;
                let begun = Instant::now();
                if begun > until {
                    break;
                }
                let add =
                    move |tx: &mut dyn budget_tracker::server::store::Tx, scope: &_| expenses::add(tx, scope, &draft);
                store.write_for(user.scope, add).await?;
                took.push(begun.elapsed());
            }
            Ok(took)
        }
    });
    load::run(callers, window).await
}
