//! A PostgreSQL server of the tests' own: made with `initdb`, reached through a socket in its folder, gone at the end.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Only reached when the server does not start.
const PATIENCE: Duration = Duration::from_mins(1);
/// Whom the server runs as when the tests run as root, whom PostgreSQL refuses.
const USERS: [&str; 2] = ["postgres", "nobody"];

pub struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    durable: bool,
    /// Further settings of the server, `NAME=VALUE`.
    settings: Vec<String>,
    server: Option<Child>,
}

impl Cluster {
    /// Starts a server, or says in one line why there is none. On CI there must be one.
    ///
    /// One that is not `durable` does not wait for the disk: faster, and as good until it is killed.
    pub fn start(durable: bool) -> Option<Self> {
        let Some(programs) = programs() else {
            assert!(
                std::env::var_os("CI").is_none(),
                "PostgreSQL is not installed, and CI tests with it"
            );
            eprintln!("PostgreSQL is not installed, so only SQLite is tested");
            return None;
        };
        let mut cluster = Self {
            folder: tempfile::Builder::new().prefix("bt-pg").tempdir_in("/tmp").unwrap(),
            programs,
            durable,
            settings: Vec::new(),
            server: None,
        };
        if is_root() {
            let owner = user();
            let given = Command::new("chown")
                .arg(owner)
                .arg(cluster.folder.path())
                .status()
                .unwrap();
            assert!(given.success());
        }
        let data = cluster.data();
        let made = cluster
            .command("initdb")
            .args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync"])
            // An order of letters that is not that of their bytes.
            .args(["--locale-provider=icu", "--icu-locale=en", "--locale=C"])
            .arg("--pgdata")
            .arg(data)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        cluster.run();
        Some(cluster)
    }

    /// The address of the database that is always there.
    pub fn address(&self) -> String {
        let folder = self.folder.path().to_str().unwrap().replace('/', "%2F");
        format!("postgres://postgres@{folder}/postgres")
    }

    /// Where programs of this machine reach it.
    pub fn socket(&self) -> PathBuf {
        self.folder.path().join(".s.PGSQL.5432")
    }

    /// Ends every process of the server at once.
    pub fn kill(&mut self) {
        let Some(mut server) = self.server.take() else { return };
        // The others end when the first one is gone.
        server.kill().unwrap();
        server.wait().unwrap();
    }

    /// Ends the server at once, as `pg_ctl stop -m immediate` does, and starts it over what is there.
    pub fn restart(&mut self) {
        let mut server = self.server.take().unwrap();
        let process = rustix::process::Pid::from_child(&server);
        rustix::process::kill_process(process, rustix::process::Signal::QUIT).unwrap();
        server.wait().unwrap();
        self.run();
    }

    /// Starts the server anew with these settings, `NAME=VALUE`, and these files, readable by it alone, in its folder.
    pub fn configure(&mut self, settings: &[String], files: &[(&str, &[u8])]) {
        for (name, content) in files {
            let file = self.data().join(name);
            fs::write(&file, content).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
            if is_root() {
                assert!(Command::new("chown").arg(user()).arg(&file).status().unwrap().success());
            }
        }
        self.settings = settings.to_vec();
        self.restart();
    }

    /// Starts the server over what is there.
    pub fn run(&mut self) {
        let folder = self.folder.path().to_owned();
        let wait_for_disk = if self.durable { "on" } else { "off" };
        let settings = [
            "listen_addresses=".to_owned(),
            format!("unix_socket_directories={}", folder.display()),
            format!("fsync={wait_for_disk}"),
            format!("synchronous_commit={wait_for_disk}"),
            "max_connections=300".to_owned(),
            "shared_buffers=64MB".to_owned(),
        ];
        let log = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(folder.join("log"))
            .unwrap();
        let started = Instant::now();
        loop {
            let data = self.data();
            let mut command = self.command("postgres");
            command.arg("-D").arg(data);
            for setting in settings.iter().chain(&self.settings) {
                command.arg("-c").arg(setting);
            }
            command
                .stdout(log.try_clone().unwrap())
                .stderr(log.try_clone().unwrap());
            let mut server = command.spawn().unwrap();
            while server.try_wait().unwrap().is_none() {
                if self.is_ready() {
                    self.server = Some(server);
                    return;
                }
                assert!(started.elapsed() < PATIENCE, "{}", self.log());
                std::thread::sleep(Duration::from_millis(20));
            }
            // The processes of a server that was killed are still ending.
            assert!(started.elapsed() < PATIENCE, "{}", self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// What the server wrote down.
    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn is_ready(&self) -> bool {
        let state = fs::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
        let process = is_running(&state);
        process && state.lines().nth(7).is_some_and(|line| line.trim() == "ready")
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// One of the programs, as somebody whom they accept. It ends with the thread that started it.
    fn command(&self, program: &str) -> Command {
        let path = self.programs.join(program);
        let mut command = match (is_root(), has_setpriv()) {
            (true, _) => {
                let user = user();
                let mut command = Command::new("setpriv");
                command.args([
                    "--reuid",
                    user,
                    "--regid",
                    "nogroup",
                    "--clear-groups",
                    "--pdeathsig",
                    "KILL",
                ]);
                command.arg(path);
                command
            }
            (false, true) => {
                let mut command = Command::new("setpriv");
                command.args(["--pdeathsig", "KILL"]).arg(path);
                command
            }
            (false, false) => Command::new(path),
        };
        command
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("TZ", "UTC")
            .current_dir("/")
            .stdin(Stdio::null());
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Where the programs of PostgreSQL are, the newest ones.
fn programs() -> Option<PathBuf> {
    let listed = |folder: &str| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path().join("bin")).collect()
    };
    let mut packaged = listed("/usr/lib/postgresql");
    packaged.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).collect::<Vec<_>>();
    let mut folders = packaged.into_iter().rev().chain(on_path);
    folders.find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

/// Whether the state is of a server that runs.
fn is_running(state: &str) -> bool {
    let process = state.lines().next().unwrap_or("none");
    Path::new("/proc").join(process).exists() || !Path::new("/proc/self").exists()
}

fn user() -> &'static str {
    let known = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let is_known = |user: &&str| known.lines().any(|line| line.split(':').next() == Some(user));
    USERS.into_iter().find(is_known).unwrap()
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn has_setpriv() -> bool {
    Command::new("setpriv")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
