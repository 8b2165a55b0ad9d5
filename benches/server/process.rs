//! The server in a process of its own, and what the system says of it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::Outcome;
use super::data::Folder;

const PROGRAM: &str = env!("CARGO_BIN_EXE_budget-tracker");

/// A server that answers; ended when dropped.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

impl Server {
    /// On this database of the folder, with the usual settings.
    pub fn start(folder: &Folder, database: &str) -> Outcome<Self> {
        Self::start_with(Command::new(PROGRAM), folder, database)
    }

    /// On one core only, where the system can keep it there.
    pub fn start_on_core(folder: &Folder, database: &str, core: &str) -> Outcome<Self> {
        if Command::new("taskset").arg("--version").output().is_err() {
            println!("  without taskset, the load is on the server's cores");
            return Self::start(folder, database);
        }
        let mut command = Command::new("taskset");
        command.args(["-c", core, PROGRAM]);
        Self::start_with(command, folder, database)
    }

    fn start_with(mut command: Command, folder: &Folder, database: &str) -> Outcome<Self> {
        let mut child = command
            .args(["serve", "--listen", "127.0.0.1:0", "--database"])
            .arg(format!("sqlite:{}", folder.file(database).display()))
            .env("BUDGET_TRACKER_CONFIG_DIR", folder.path())
            .env("BUDGET_TRACKER_DATA_DIR", folder.path())
            .env_remove("BUDGET_TRACKER_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
        let address = line.trim().strip_prefix("Listening on http://");
        Ok(Self {
            address: address.ok_or("the server did not start")?.parse()?,
            child,
        })
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// MiB.
    pub fn resident(&self) -> Outcome<f64> {
        resident(self.id())
    }

    /// Open file descriptors.
    pub fn files(&self) -> Outcome<usize> {
        Ok(fs::read_dir(format!("/proc/{}/fd", self.id()))?.count())
    }

    /// Processor cores on which it may run.
    pub fn cores(&self) -> Outcome<usize> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.id()))?;
        let mask = text.lines().find_map(|line| line.strip_prefix("Cpus_allowed:"));
        let digits = mask.ok_or("the system does not name the cores")?.trim().chars();
        let ones = digits.filter_map(|digit| digit.to_digit(16)).map(u32::count_ones);
        Ok(usize::try_from(ones.sum::<u32>())?)
    }

    /// User and system time so far.
    pub fn cpu(&self) -> Outcome<Duration> {
        cpu(&self.id().to_string())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Lets this process, and those that it starts, open as many files as the system allows.
pub fn open_many_files() -> Outcome {
    let most = getrlimit(Resource::Nofile).maximum;
    let limit = Rlimit {
        current: most,
        maximum: most,
    };
    Ok(setrlimit(Resource::Nofile, limit)?)
}

/// Resident memory of a process, MiB, page by page.
pub fn resident(id: u32) -> Outcome<f64> {
    let text = fs::read_to_string(format!("/proc/{id}/smaps_rollup"))?;
    let line = text.lines().find(|line| line.starts_with("Rss:")).unwrap_or_default();
    let kib: f64 = line.split_whitespace().nth(1).unwrap_or_default().parse()?;
    Ok(kib / 1024.0)
}

/// User and system time of a process, `self` being this one; the system counts in hundredths of a second.
pub fn cpu(id: &str) -> Outcome<Duration> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = fields[11].parse::<u64>()? + fields[12].parse::<u64>()?;
    Ok(Duration::from_millis(10 * ticks))
}
