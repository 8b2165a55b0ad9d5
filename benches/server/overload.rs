//! Five times the load that the server can take, which does not wait for answers: what is still done, what the
//! server holds in memory, and how soon it is itself again.
//!
//! The server has one core and the load the other, where the system can keep them there.

use std::cell::{Cell, RefCell};
use std::process::Command;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::task::LocalSet;

use super::data::{self, Folder, User};
use super::http::{self, Connection};
use super::process::{Server, resident};
use super::report::{Goal, count, figure, judged, median, percentile};
use super::{Options, Outcome, adds, load};

const USERS: usize = 100;
const TIMES: f64 = 5.0;
/// Connections of the load, far more than the requests that the server works on. Who finds none free has given up.
const MAX_CONNECTIONS: usize = 4000;
/// Between two looks at what is due.
const TICK: Duration = Duration::from_millis(2);
/// Log-ins that come all at once.
const LOG_INS: usize = 200;

pub fn overload(options: &Options) -> Outcome {
    let (folder, runtime) = (Folder::new()?, load::runtime()?);
    let users = runtime.block_on(data::database(&folder.file("served.db"), USERS, 10))?;
    let server = Server::start_on_core(&folder, "served.db", "0")?;
    // Without it, both share the cores: said already.
    let _ = Command::new("taskset")
        .args(["-a", "-c", "-p", "1", &std::process::id().to_string()])
        .output();
    super::summary::quiet(&server)?;
    log_ins(&server, &runtime)?;

    let (server, users) = (Rc::new(server), Rc::new(users));
    let closed = |window| runtime.block_on(adds::over_http(&server, &users, 32, window, true));
    closed(options.window(2000))?;
    let (mut peaks, sampler) = (Vec::new(), Sampler::start(server.id()));
    for _ in 0..options.windows(5) {
        peaks.push(closed(options.window(3000))?.per_second());
    }
    let (peak, usual) = (median(peaks), sampler.stop());
    figure("what it can take: adds over 32 connections", peak, "adds/s");

    let sampler = Sampler::start(server.id());
    let seconds = if options.quick { 3 } else { options.seconds };
    let flood = LocalSet::new().block_on(
        &runtime,
        flood(&server, &users, peak * TIMES, Duration::from_secs(seconds)),
    )?;
    let most = sampler.stop();
    flood.tell();
    figure(
        "offered, times what it can take",
        flood.each_second(flood.offered) / peak,
        "",
    );
    figure(
        "reached it, times what it can take",
        flood.each_second(flood.reached()) / peak,
        "",
    );
    judged(
        "stored, of what it can take",
        flood.each_second(flood.stored) / peak,
        "",
        &Goal::AtLeast(0.8),
    );
    figure("memory while it has what it can take", usual, "MiB");
    figure("memory under the load", most, "MiB");
    judged("memory, times that before", most / usual, "", &Goal::AtMost(1.5));

    let over = Instant::now();
    loop {
        let rate = closed(Duration::from_millis(500))?.per_second();
        if rate >= 0.8 * peak {
            break;
        }
        if over.elapsed() > Duration::from_secs(30) {
            figure("it does not come back: now", rate, "adds/s");
            break;
        }
    }
    judged(
        "back to 0.8 of what it can take after",
        over.elapsed().as_secs_f64(),
        "s",
        &Goal::AtMost(5.0),
    );
    Ok(())
}

/// Log-ins that come all at once may only take the memory of those that are worked on.
fn log_ins(server: &Server, runtime: &tokio::runtime::Runtime) -> Outcome {
    let before = server.resident()?;
    let cores = server.cores()?;
    let sampler = Sampler::start(server.id());
    let statuses = runtime.block_on(async {
        let callers: Vec<_> = (0..LOG_INS)
            .map(|number| {
                let body = format!(r#"{{"name":"nobody{number}","password":"kitchen lamp nine"}}"#);
                let (request, address) = (http::post("/v1/login", None, &body), server.address);
                tokio::spawn(async move { Connection::open(address).await?.ask(&request).await })
            })
            .collect();
        let mut statuses = Vec::new();
        for caller in callers {
            statuses.push(caller.await??);
        }
        Outcome::Ok(statuses)
    })?;
    let most = sampler.stop();
    let of = |wanted: u16| count(statuses.iter().filter(|status| **status == wanted).count());
    figure(&format!("{LOG_INS} log-ins at once: checked (401)"), of(401), "");
    figure(
        &format!("{LOG_INS} log-ins at once: come back later (503)"),
        of(503),
        "",
    );
    let bound = 20.0 + 46.0 * count(cores);
    figure("memory before the log-ins", before, "MiB");
    figure("memory with them, at most", most, "MiB");
    judged("memory that they took", most - before, "MiB", &Goal::AtMost(bound));
    Ok(())
}

#[derive(Default)]
struct Flood {
    offered: usize,
    stored: usize,
    refused: usize,
    failed: usize,
    gave_up: usize,
    span: Duration,
    /// Of what was stored, and of what was refused.
    took: [Vec<Duration>; 2],
}

impl Flood {
    fn each_second(&self, number: usize) -> f64 {
        count(number) / self.span.as_secs_f64()
    }

    /// What went out on a connection.
    fn reached(&self) -> usize {
        self.offered - self.gave_up
    }

    fn tell(&self) {
        for (what, number) in [
            ("offered", self.offered),
            ("stored", self.stored),
            ("told to come back later", self.refused),
            ("found no free connection", self.gave_up),
            ("broke off", self.failed),
        ] {
            figure(&format!("under the load: {what}"), self.each_second(number), "adds/s");
        }
        let [mut stored, mut refused] = self.took.clone();
        figure("what was stored took, p99", percentile(&mut stored, 99), "ms");
        if !refused.is_empty() {
            figure("to be told to come back took, p99", percentile(&mut refused, 99), "ms");
        }
    }
}

/// Offers `rate` adds a second, whether they are answered or not; each is waited for since the moment that it was due.
async fn flood(server: &Rc<Server>, users: &Rc<Vec<User>>, rate: f64, span: Duration) -> Outcome<Flood> {
    let seen = Rc::new(RefCell::new(Flood::default()));
    let free = Rc::new(RefCell::new(Vec::new()));
    let open = Rc::new(Cell::new(0));
    let (begun, between) = (Instant::now(), Duration::from_secs_f64(1.0 / rate));
    let mut next = begun;
    while begun.elapsed() < span {
        tokio::time::sleep(TICK).await;
        let now = Instant::now();
        while next <= now {
            let due = next;
            next += between;
            let turn = seen.borrow().offered;
            seen.borrow_mut().offered += 1;
            let connection: Option<Connection> = free.borrow_mut().pop();
            if connection.is_none() && open.get() >= MAX_CONNECTIONS {
                seen.borrow_mut().gave_up += 1;
                continue;
            }
            open.set(open.get() + usize::from(connection.is_none()));
            let (seen, free, open) = (seen.clone(), free.clone(), open.clone());
            let (server, users) = (server.clone(), users.clone());
            tokio::task::spawn_local(async move {
                let user = &users[turn % users.len()];
                let asked = async {
                    let mut connection = match connection {
                        Some(connection) => connection,
                        None => Connection::open(server.address).await?,
                    };
                    let request = http::add(user, Some(user.places[turn % user.places.len()]));
                    let status = connection.ask(&request).await?;
                    if connection.stays() {
                        free.borrow_mut().push(connection);
                    } else {
                        open.set(open.get() - 1);
                    }
                    Outcome::Ok(status)
                };
                let answered = asked.await;
                let mut seen = seen.borrow_mut();
                match answered {
                    Ok(200..300) => {
                        seen.stored += 1;
                        seen.took[0].push(due.elapsed());
                    }
                    Ok(429 | 503) => {
                        seen.refused += 1;
                        seen.took[1].push(due.elapsed());
                    }
                    _ => {
                        seen.failed += 1;
                        open.set(open.get() - 1);
                    }
                }
            });
        }
    }
    let mut flood = std::mem::take(&mut *seen.borrow_mut());
    flood.span = begun.elapsed();
    Ok(flood)
}

/// Looks at a process's memory ten times a second and keeps the most.
struct Sampler {
    stop: Arc<AtomicBool>,
    most: std::thread::JoinHandle<f64>,
}

impl Sampler {
    fn start(id: u32) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let most = std::thread::spawn(move || {
            let mut most = 0.0_f64;
            while !stopped.load(Ordering::Relaxed) {
                most = most.max(resident(id).unwrap_or_default());
                std::thread::sleep(Duration::from_millis(100));
            }
            most
        });
        Self { stop, most }
    }

    fn stop(self) -> f64 {
        self.stop.store(true, Ordering::Relaxed);
        self.most.join().unwrap_or(f64::NAN)
    }
}
