//! Two servers over one PostgreSQL: how long it takes until a dashboard on one of them paints what the other has
//! stored: `cargo bench --bench nodes`.

#![expect(clippy::unwrap_used, reason = "servers that cannot be started end the run")]

#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../tests/support/cluster.rs"]
mod cluster;
#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../tests/support/dashboard/mod.rs"]
mod dashboard;
#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../tests/support/program.rs"]
mod program;
#[path = "../tests/support/push.rs"]
mod push;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use cluster::Cluster;

/// Expenses in one run.
const EXPENSES: usize = 300;

/// A server; it ends with this.
struct Node {
    process: Child,
    url: String,
    _home: program::Home,
}

impl Node {
    fn start(database: &str) -> Self {
        let home = program::Home::new();
        let mut process = Command::new(dashboard::PROGRAM)
            .args(["serve", "--listen", "127.0.0.1:0", "--database", database])
            .envs(home.variables())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let url = lines.find_map(|line| Some(line.ok()?.split_once("istening on ")?.1.trim().to_owned()));
        Self {
            process,
            url: url.unwrap(),
            _home: home,
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn main() {
    if std::env::args().any(|word| word == "--test") {
        return;
    }
    let Some(cluster) = Cluster::start(true) else { return };
    let (first, second) = (Node::start(&cluster.address()), Node::start(&cluster.address()));
    let times = push::paint_times(&first.url, &second.url, EXPENSES);
    println!("{}", push::told(&times));
}
