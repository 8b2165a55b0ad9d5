//! What the program costs as a person feels it: `cargo bench --bench process`.
//!
//! Prints ratios within one run, because machines differ: time to the first frame against the smallest
//! ratatui program, `add` and `summary` against `sqlite3 FILE 'select 1'`, a summary over a million expenses
//! against one over a thousand, and what an idle dashboard writes and computes in 30 seconds.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use budget_tracker::api::SignUp;
use budget_tracker::client::Client;
use budget_tracker::config::{SavedSession, Sessions, Target};
use budget_tracker::domain::Currency;
use budget_tracker::server::embedded;
use budget_tracker::server::store::expenses::{self, Draft, Placing};
use budget_tracker::server::store::{AtClose, Store, accounts, categories};
use jiff::{Timestamp, ToSpan};
use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};
use tempfile::TempDir;
use uuid::Uuid;

const PROGRAM: &str = env!("CARGO_BIN_EXE_budget-tracker");
const RUNS: usize = 9;
const IDLE: Duration = Duration::from_secs(30);

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// A home folder with a logged-in user who has this many expenses.
struct Home {
    folder: TempDir,
    client_of: tokio::runtime::Runtime,
}

impl Home {
    fn with(expenses: usize) -> Outcome<Self> {
        let home = Self {
            folder: tempfile::tempdir()?,
            client_of: tokio::runtime::Runtime::new()?,
        };
        let name = home.client_of.block_on(home.sign_up())?;
        home.client_of.block_on(home.fill(name, expenses))?;
        Ok(home)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("config")
    }

    async fn sign_up(&self) -> Outcome<&'static str> {
        let name = "bench";
        let server = embedded::start(&self.data()).await?;
        let client = Client::new(server.base_url.clone(), None)?;
        let password = format!("bench {}", Uuid::new_v4());
        let email = "bench@example.org".to_owned();
        let body = SignUp {
            name: name.to_owned(),
            email,
            password,
            currency: None,
            time_zone: None,
        };
        let session = client.sign_up(&body).await?;
        let saved = SavedSession {
            name: name.to_owned(),
            token: session.token.into(),
            currency: Currency::USD,
        };
        fs::create_dir_all(self.config())?;
        Sessions::new(self.config().join("session.toml")).put(&Target::Embedded, &saved)?;
        let client = client.with_token(Some(saved.token));
        let summary = client.summary(None).await?;
        for row in summary
            .categories
            .iter()
            .filter(|row| row.category.kind.is_spending())
            .take(10)
        {
            client.set_budget(summary.month, row.category.id, 50_000_000).await?;
        }
        server.shutdown().await;
        Ok(name)
    }

    /// Eight months of expenses, spread evenly over days and categories.
    async fn fill(&self, name: &'static str, count: usize) -> Outcome {
        let store = Store::open(&self.data().join("budget.db"), 0, Box::new(|_| {}))?;
        let now = Timestamp::now();
        for chunk in (0..count).step_by(20_000) {
            let numbers = chunk..count.min(chunk + 20_000);
            store
                .write(move |tx| {
                    let user = accounts::credentials(tx, name)?
                        .map(|found| found.user)
                        .unwrap_or_default();
                    let scope = accounts::load(tx, user)?.scope(now);
                    let places: Vec<Uuid> = categories::list(tx, &scope)?
                        .iter()
                        .map(|category| category.id)
                        .collect();
                    for number in numbers.clone() {
                        let back = i64::try_from(number % 240).unwrap_or_default();
                        let draft = Draft {
                            id: Uuid::now_v7(),
                            day: scope.today.checked_sub(back.days()).unwrap_or(scope.today),
                            description: format!("Shop {} in town", number % 977),
                            amount_minor: 100 + i64::try_from(number % 5000).unwrap_or_default(),
                            placing: Placing::by_user(places[number % places.len()]),
                            fingerprint: Vec::new(),
                        };
                        expenses::add(tx, &scope, &draft)?;
                    }
                    Ok(())
                })
                .await?;
        }
        store.close(AtClose::EmptyLog).await;
        Ok(())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).stdout(Stdio::null()).stdin(Stdio::null());
        command
            .env("BUDGET_TRACKER_DATA_DIR", self.data())
            .env("BUDGET_TRACKER_CONFIG_DIR", self.config());
        command
    }
}

fn main() -> Outcome {
    if std::env::args().any(|argument| argument == "--test") {
        return Ok(());
    }
    let large = Home::with(100_000)?;
    first_frame(&large)?;
    commands(&large)?;
    idle(&large)?;
    summaries()
}

fn median(mut values: Vec<Duration>) -> f64 {
    values.sort_unstable();
    values[values.len() / 2].as_secs_f64() * 1000.0
}

/// A program on a terminal of its own.
struct OnTerminal {
    child: Box<dyn Child + Send + Sync>,
    bytes: Receiver<Vec<u8>>,
    started: Instant,
    _terminal: Box<dyn portable_pty::MasterPty + Send>,
}

impl OnTerminal {
    fn start(program: &Path, home: &Home) -> Outcome<Self> {
        let size = PtySize {
            rows: 36,
            cols: 120,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size)?;
        let mut command = CommandBuilder::new(program);
        command.env("TERM", "xterm-256color");
        command.env("COLORTERM", "truecolor");
        command.env("BUDGET_TRACKER_DATA_DIR", home.data());
        command.env("BUDGET_TRACKER_CONFIG_DIR", home.config());
        command.env("XDG_STATE_HOME", home.folder.path());
        let mut reader = pair.master.try_clone_reader()?;
        let started = Instant::now();
        let child = pair.slave.spawn_command(command)?;
        drop(pair.slave);
        let (sender, bytes) = channel();
        std::thread::spawn(move || {
            let mut buffer = vec![0; 65536];
            while let Ok(read @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..read].to_vec()).is_err() {
                    return;
                }
            }
        });
        Ok(Self {
            child,
            bytes,
            started,
            _terminal: pair.master,
        })
    }

    /// Time from exec until `text` has been written.
    fn until(&self, text: &str) -> Outcome<Duration> {
        let mut seen = Vec::new();
        loop {
            seen.extend(self.bytes.recv_timeout(Duration::from_secs(20))?);
            if seen.windows(text.len()).any(|window| window == text.as_bytes()) {
                return Ok(self.started.elapsed());
            }
        }
    }

    fn end(mut self) -> Outcome {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

/// Exec to first drawn frame, in turn with the smallest ratatui program.
fn first_frame(home: &Home) -> Outcome {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--release", "--example", "smallest"])
        .status()?;
    let target = Path::new(PROGRAM).parent().ok_or("the program has no folder")?;
    let smallest = target.join("examples/smallest");
    if !built.success() || !smallest.exists() {
        return Err("the example `smallest` could not be built".into());
    }
    let (mut ours, mut theirs, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let program = OnTerminal::start(&smallest, home)?;
        theirs.push(program.until("hello")?);
        program.end()?;
        let program = OnTerminal::start(Path::new(PROGRAM), home)?;
        ours.push(program.until("Budgets")?);
        numbers.push(program.until(" used")?);
        program.end()?;
    }
    let (ours, theirs, numbers) = (median(ours), median(theirs), median(numbers));
    println!(
        "first frame        {ours:7.2} ms   smallest ratatui program {theirs:.2} ms   ratio {:.2}",
        ours / theirs
    );
    println!("first numbers      {numbers:7.2} ms   (100,000 expenses, embedded server started, summary drawn)");
    Ok(())
}

/// `add` and `summary` against the database shell's start.
fn commands(home: &Home) -> Outcome {
    let file = home.data().join("budget.db");
    let time = |command: &mut Command| -> Outcome<Duration> {
        let start = Instant::now();
        let status = command.status()?;
        if !status.success() {
            return Err("a command failed".into());
        }
        Ok(start.elapsed())
    };
    let shell = || {
        let mut command = Command::new("sqlite3");
        command.arg(&file).arg("select 1").stdout(Stdio::null());
        command
    };
    let (mut add, mut summary, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        bare.push(time(&mut shell()).map_err(|error| format!("sqlite3 is needed: {error}"))?);
        add.push(time(&mut home.command(&["add", "uber to airport", "31.50"]))?);
        summary.push(time(&mut home.command(&["summary"]))?);
    }
    let (add, summary, bare) = (median(add), median(summary), median(bare));
    println!(
        "add                {add:7.2} ms   sqlite3 'select 1' {bare:.2} ms   difference {:.2} ms",
        add - bare
    );
    println!(
        "summary            {summary:7.2} ms   sqlite3 'select 1' {bare:.2} ms   difference {:.2} ms",
        summary - bare
    );
    Ok(())
}

/// What an overview writes, computes and holds while nothing happens.
fn idle(home: &Home) -> Outcome {
    let program = OnTerminal::start(Path::new(PROGRAM), home)?;
    program.until(" used")?;
    while program.bytes.recv_timeout(Duration::from_secs(3)).is_ok() {}
    let id = program.child.process_id().ok_or("no process id")?;
    let before = cpu_ticks(id)?;
    let start = Instant::now();
    let mut bytes = 0;
    while let Some(left) = IDLE.checked_sub(start.elapsed()) {
        bytes += program.bytes.recv_timeout(left).map_or(0, |part| part.len());
    }
    let cpu = f64::from(cpu_ticks(id)? - before) / 100.0 / start.elapsed().as_secs_f64() * 100.0;
    let memory = fs::read_to_string(format!("/proc/{id}/status"))?;
    let memory = memory
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .unwrap_or_default();
    println!(
        "idle for {} s      {bytes} bytes, {cpu:.3} % CPU (ticks of 10 ms), {memory}",
        IDLE.as_secs()
    );
    program.end()
}

/// User and system time of a process, in hundredths of a second.
fn cpu_ticks(id: u32) -> Outcome<u32> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    Ok(fields[11].parse::<u32>()? + fields[12].parse::<u32>()?)
}

/// A summary over a million expenses against one over a thousand, asked in turn.
fn summaries() -> Outcome {
    let homes = [Home::with(1000)?, Home::with(1_000_000)?];
    let mut clients = Vec::new();
    for home in &homes {
        let session = Sessions::new(home.config().join("session.toml")).get(&Target::Embedded)?;
        let token = session.map(|session| session.token);
        let server = home.client_of.block_on(embedded::start(&home.data()))?;
        clients.push((home, Client::new(server.base_url.clone(), token)?, server));
    }
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..1200 {
        for (which, (home, client, _)) in clients.iter().enumerate() {
            let start = Instant::now();
            home.client_of.block_on(client.summary(None))?;
            if round >= 200 {
                times[which].push(start.elapsed());
            }
        }
    }
    let [small, large] = times.map(median);
    println!(
        "summary over HTTP  {large:7.3} ms with 1,000,000 expenses   {small:.3} ms with 1,000   ratio {:.2}",
        large / small
    );
    for (home, _, server) in clients {
        home.client_of.block_on(server.shutdown());
    }
    Ok(())
}
