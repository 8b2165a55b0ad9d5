//! The real binary as a server, over real sockets and files.

mod backends;
#[cfg(target_os = "linux")]
mod crowd;
mod deploy;
#[cfg(target_os = "linux")]
mod faults;
mod kill;
mod limits;
mod listen;
mod operation;
mod overload;
mod postgres;
#[cfg(feature = "sagemaker")]
mod sagemaker;
mod secrets;
mod shutdown;
mod smuggling;
#[cfg(target_os = "linux")]
mod stream;
mod stream_ends;
mod tls;

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::program::{Home, outcome};

const PASSWORD: &str = "kitchen lamp nine";

/// A running `budget-tracker serve`, killed when dropped.
pub struct Server {
    pub process: Child,
    pub url: String,
    /// What else it said when it began to listen.
    said: String,
}

impl Server {
    /// Starts it over `data_dir` on a free port and waits until it listens.
    pub fn start(data_dir: &Path, flags: &[&str]) -> Self {
        Self::start_at("127.0.0.1:0", data_dir, flags)
    }

    /// As [`Self::start`], at an address of the test's choice.
    pub fn start_at(listen: &str, data_dir: &Path, flags: &[&str]) -> Self {
        let mut command = Self::command(listen, data_dir);
        Self::listening(command.args(flags).stderr(Stdio::null()))
    }

    /// What starts it, to be completed by the test.
    pub fn command(listen: &str, data_dir: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_budget-tracker"));
        command
            .args(["serve", "--listen", listen, "--data-dir"])
            .arg(data_dir)
            .env("BUDGET_TRACKER_CONFIG_DIR", data_dir.join("config"));
        command
    }

    /// Starts it over a database that it shares with others; `folder` is for its configuration.
    pub fn over(database: &str, folder: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_budget-tracker"));
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--database", database])
            .env("BUDGET_TRACKER_CONFIG_DIR", folder.join("config"));
        Self::listening(command.stderr(Stdio::null()))
    }

    /// Starts it with a certificate of its own, both in `home`; its fingerprint.
    pub fn with_own_certificate(home: &Home) -> (Self, String) {
        let made = outcome(&mut home.run("server-certificate --host localhost --format json"));
        let made: Value = serde_json::from_str(&made.out).unwrap();
        let (certificate, key) = (home.path("cert.pem"), home.path("key.pem"));
        let flags = [
            "--tls-cert",
            certificate.to_str().unwrap(),
            "--tls-key",
            key.to_str().unwrap(),
        ];
        let server = Self::start(&home.path("server"), &flags);
        (server, made["fingerprint"].as_str().unwrap().to_owned())
    }

    /// Starts it and waits until it listens.
    pub fn listening(command: &mut Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(process.stdout.take().unwrap());
        let url = out
            .by_ref()
            .lines()
            .map_while(Result::ok)
            .find_map(|line| Some(line.split_once("istening on ")?.1.trim().to_owned()))
            .unwrap();
        // It says everything at once.
        let said = String::from_utf8(out.buffer().to_vec()).unwrap();
        Self { process, url, said }
    }

    /// Where it tells its numbers.
    pub fn metrics(&self) -> &str {
        self.said.split_once("Metrics on ").unwrap().1.trim()
    }

    /// Files and connections that it has open.
    #[cfg(target_os = "linux")]
    pub fn files(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.process.id()))
            .unwrap()
            .count()
    }

    /// Ends it at once, as `kill -9` does.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Asks it to end (SIGTERM) and says whether it ended well.
    #[cfg(unix)]
    pub fn terminate(mut self) -> bool {
        let id = rustix::process::Pid::from_child(&self.process);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        self.process.wait().unwrap().success()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Ended already in the tests that end it themselves.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub fn http() -> reqwest::Client {
    // The client is made without a default TLS provider; these tests only use plain HTTP.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// Signs `name` up and returns the token.
pub async fn sign_up(http: &reqwest::Client, server: &Server, name: &str) -> String {
    let wish = json!({"name": name, "email": "a@example.org", "password": PASSWORD});
    let answer = http
        .post(format!("{}/v1/signup", server.url))
        .json(&wish)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 201);
    let session: Value = answer.json().await.unwrap();
    session["token"].as_str().unwrap().to_owned()
}

/// Waits until it is so, in a time that is only over when the test fails.
pub async fn until(met: impl AsyncFn() -> bool) {
    within(Duration::from_mins(2), met).await;
}

/// Waits until it is so, which it must be in this time.
pub async fn within(limit: Duration, met: impl AsyncFn() -> bool) {
    let waiting = async {
        while !met().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(limit, waiting).await.unwrap();
}
