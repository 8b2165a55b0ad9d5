//! Event streams: what each of many holds in memory, how soon all of them have been told, and that those who do not
//! read keep nobody else waiting.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use budget_tracker::server::store::{AtClose, Store, accounts};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::data::{self, Folder, User};
use super::http::{self, Connection};
use super::process::Server;
use super::report::{Goal, count, figure, judged, median};
use super::{Options, Outcome, adds, load};

/// Streams that one user may have.
const EACH: usize = 8;
/// Streams that stop reading, one in every ten.
const SLOW: usize = 10;
/// Connections that are being opened at the same time.
const OPENING: usize = 64;
/// Everybody has been told by then, or the bench fails.
const PATIENCE: Duration = Duration::from_secs(30);

pub fn streams(options: &Options) -> Outcome {
    let (folder, runtime) = (Folder::new()?, load::runtime()?);
    let wanted = if options.quick {
        options.streams / 10
    } else {
        options.streams
    };
    let mut users = runtime.block_on(data::database(&folder.file("served.db"), wanted.div_ceil(EACH) + 1, 0))?;
    let writer = users.pop().ok_or("no users")?;
    let server = Server::start(&folder, "served.db")?;
    let store = data::open(&folder.file("served.db"))?;
    let result = runtime.block_on(async {
        let mut bench = Bench {
            options,
            server: &server,
            store: &store,
            users: &users,
            round: Arc::default(),
        };
        bench.run(wanted, writer).await
    });
    runtime.block_on(store.close(AtClose::KeepLog));
    result
}

/// What the streams share: the revision that all users are brought to, and how many streams have not seen it yet.
#[derive(Default)]
struct Round {
    revision: AtomicI64,
    missing: AtomicUsize,
    all: Notify,
    /// One in [`SLOW`] does not read while this is set.
    pause: AtomicBool,
    resume: Notify,
}

struct Bench<'a> {
    options: &'a Options,
    server: &'a Server,
    store: &'a Store,
    users: &'a [User],
    round: Arc<Round>,
}

impl Bench<'_> {
    async fn run(&mut self, wanted: usize, writer: User) -> Outcome {
        let writers = [writer];
        let add = |window| adds::over_http(self.server, &writers, 8, window, true);
        // What the first requests make stays: readers, the model, memory that the allocator keeps.
        add(self.options.window(1000)).await?;
        let before_streams = add(self.options.window(4000)).await?.p(99);
        // So does what looks out for changes by others.
        drop(
            Reader::open(
                self.server.address,
                1,
                &http::get("/v1/events", Some(&writers[0].token)),
            )
            .await?,
        );
        super::summary::quiet(self.server)?;
        let (files, resident) = (self.server.files()?, self.server.resident()?);
        let mut readers = JoinSet::new();
        let begun = Instant::now();
        self.open(wanted, &mut readers).await?;
        figure(
            &format!("{wanted} streams opened in"),
            begun.elapsed().as_secs_f64(),
            "s",
        );
        tokio::time::sleep(self.options.window(4000)).await;
        let grown = (self.server.resident()? - resident) * 1024.0;
        judged(
            "memory of the server for each",
            grown / count(wanted),
            "KiB",
            &Goal::AtMost(12.0),
        );
        let with_streams = add(self.options.window(4000)).await?.p(99);
        figure("p99 of an add, 8 connections, without streams", before_streams, "ms");
        figure("p99 of an add, 8 connections, beside the streams", with_streams, "ms");
        judged(
            "beside, times without",
            with_streams / before_streams,
            "",
            &Goal::AtMost(2.0),
        );

        let all = self.fan_out(wanted, self.options.windows(9)).await?;
        judged(
            "from the commit until all have read it",
            all,
            "ms",
            &Goal::AtMost(250.0),
        );
        self.one_by_one(wanted).await?;
        self.round.pause.store(true, Ordering::SeqCst);
        // Those who wait in a read see the flag after it.
        self.fan_out(wanted, 1).await?;
        let slow = wanted.div_ceil(SLOW);
        let others = self.fan_out(wanted - slow, self.options.windows(9)).await?;
        figure(
            &format!("while {slow} do not read, until all others have"),
            others,
            "ms",
        );
        judged(
            "with, times without those who do not read",
            others / all,
            "",
            &Goal::AtMost(2.0),
        );

        readers.shutdown().await;
        let mut open = self.server.files()?;
        for _ in 0..100 {
            if open <= files + 4 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            open = self.server.files()?;
        }
        judged(
            "files open after all have gone, more than before",
            count(open) - count(files),
            "",
            &Goal::AtMost(4.0),
        );
        Ok(())
    }

    /// Opens the streams and has each read on in the background.
    async fn open(&self, wanted: usize, readers: &mut JoinSet<Outcome>) -> Outcome {
        let mut opening = JoinSet::new();
        for number in 0..wanted {
            let address = self.server.address;
            let request = http::get("/v1/events", Some(&self.users[number / EACH].token));
            opening.spawn(async move { Reader::open(address, number, &request).await });
            if opening.len() >= OPENING {
                let reader = opening.join_next().await.ok_or("nothing opens")???;
                readers.spawn(reader.read_on(self.round.clone()));
            }
        }
        while let Some(reader) = opening.join_next().await {
            readers.spawn(reader??.read_on(self.round.clone()));
        }
        Ok(())
    }

    /// One commit that brings every user one revision on, until `streams` of them have read it; ms.
    async fn fan_out(&self, streams: usize, rounds: usize) -> Outcome<f64> {
        let mut took = Vec::new();
        for _ in 0..rounds {
            tokio::time::sleep(self.options.window(400)).await;
            self.expect(streams);
            let users: Vec<Uuid> = self.users.iter().map(|user| user.scope.user).collect();
            let told = self.round.all.notified();
            let step = move |tx: &mut dyn budget_tracker::server::store::Tx| {
                for user in &users {
                    accounts::bump(tx, *user)?;
                }
                Ok(())
            };
            self.store.write(step).await?;
            let committed = Instant::now();
            tokio::time::timeout(PATIENCE, told)
                .await
                .map_err(|_| format!("{} streams were not told", self.round.missing.load(Ordering::SeqCst)))?;
            took.push(committed.elapsed().as_secs_f64() * 1000.0);
        }
        Ok(median(took))
    }

    /// Every user stores an expense over HTTP: from the last answer until all streams have been told.
    async fn one_by_one(&self, streams: usize) -> Outcome {
        self.expect(streams);
        let told = self.round.all.notified();
        let begun = Instant::now();
        let mut callers = JoinSet::new();
        for caller in 0..32 {
            let requests: Vec<_> = self
                .users
                .iter()
                .skip(caller)
                .step_by(32)
                .map(|user| http::add(user, None))
                .collect();
            let mut connection = Connection::open(self.server.address).await?;
            callers.spawn(async move {
                for request in requests {
                    let status = connection.ask(&request).await?;
                    if status != 201 {
                        return Err(format!("the add answered {status}").into());
                    }
                }
                Outcome::Ok(())
            });
        }
        while let Some(caller) = callers.join_next().await {
            caller??;
        }
        let written = begun.elapsed();
        tokio::time::timeout(PATIENCE, told)
            .await
            .map_err(|_| "some streams were not told")?;
        let read = begun.elapsed();
        figure(
            "an add by each user, 32 connections, stored in",
            written.as_secs_f64() * 1000.0,
            "ms",
        );
        figure(
            "... and read by all streams after another",
            read.saturating_sub(written).as_secs_f64() * 1000.0,
            "ms",
        );
        Ok(())
    }

    /// The next revision, which `streams` streams have to see.
    fn expect(&self, streams: usize) {
        self.round.missing.store(streams, Ordering::SeqCst);
        self.round.revision.fetch_add(1, Ordering::SeqCst);
    }
}

struct Reader {
    stream: TcpStream,
    slow: bool,
    /// The revision that the stream began with.
    first: i64,
    rest: Vec<u8>,
}

impl Reader {
    /// Opens a stream and reads its first event.
    async fn open(address: SocketAddr, number: usize, request: &[u8]) -> Outcome<Self> {
        let host = u8::try_from(number % EACH + 1)?;
        let slow = number.is_multiple_of(SLOW);
        let from = IpAddr::V4(Ipv4Addr::new(127, 0, 0, host));
        let mut reader = Self {
            stream: Connection::open_from(address, from, slow).await?,
            slow,
            first: 0,
            rest: Vec::new(),
        };
        reader.stream.write_all(request).await?;
        reader.first = reader.next().await?;
        Ok(reader)
    }

    /// The revision of the next event.
    async fn next(&mut self) -> Outcome<i64> {
        loop {
            if let Some(at) = find(&self.rest, b"data: ")
                && let Some(length) = find(&self.rest[at..], b"\n")
            {
                let number = std::str::from_utf8(&self.rest[at + 6..at + length])?.parse()?;
                self.rest.drain(..at + length);
                return Ok(number);
            }
            if let Some(head) = self.rest.strip_prefix(b"HTTP/1.1 ".as_slice())
                && !head.starts_with(b"200")
            {
                return Err(format!("the stream answered {}", String::from_utf8_lossy(&self.rest)).into());
            }
            let mut part = [0; 512];
            let read = self.stream.read(&mut part).await?;
            if read == 0 {
                return Err("a stream ended".into());
            }
            self.rest.extend_from_slice(&part[..read]);
        }
    }

    async fn read_on(mut self, round: Arc<Round>) -> Outcome {
        let mut last = 0;
        loop {
            let number = self.next().await? - self.first;
            let wanted = round.revision.load(Ordering::SeqCst);
            if number >= wanted && last < wanted {
                if round.missing.fetch_sub(1, Ordering::SeqCst) == 1 {
                    round.all.notify_waiters();
                }
                if self.slow && round.pause.load(Ordering::SeqCst) {
                    round.resume.notified().await;
                }
            }
            last = last.max(number);
        }
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}
