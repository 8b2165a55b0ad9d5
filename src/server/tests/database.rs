//! Where a test keeps its data: in a SQLite file, or in a schema of a PostgreSQL database.
//!
//! Each test of the server runs on both: as it is, and once more in a process in which [`VARIABLE`] says where the
//! database is. So one can be named by hand too:
//! `BUDGET_TRACKER_TEST_POSTGRES=postgres://… cargo test --lib server::`.

use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;
use uuid::Uuid;

use super::cluster::Cluster;
use crate::server::files;
use crate::server::store::Database;

const VARIABLE: &str = "BUDGET_TRACKER_TEST_POSTGRES";

/// A database of a test's own, gone when it is dropped.
pub enum TestDatabase {
    Folder(TempDir),
    Schema { server: String, name: String },
}

impl TestDatabase {
    pub fn new() -> Self {
        match Self::server() {
            None => Self::Folder(tempfile::tempdir().unwrap()),
            Some(server) => {
                let name = format!("test_{}", Uuid::new_v4().simple());
                run(&server, &format!("CREATE SCHEMA {name}"));
                Self::Schema { server, name }
            }
        }
    }

    /// Whether this process tests PostgreSQL; a test of SQLite alone has nothing to do then.
    pub fn is_postgres() -> bool {
        Self::server().is_some()
    }

    pub fn database(&self) -> Database {
        match self {
            Self::Folder(folder) => Database::Sqlite(files::prepare(folder.path()).unwrap()),
            Self::Schema { server, name } => format!("{server}?options=-csearch_path%3D{name}").parse().unwrap(),
        }
    }

    /// The SQLite file, in a test of SQLite alone.
    pub fn file(&self) -> PathBuf {
        self.database().file().unwrap().to_owned()
    }

    fn server() -> Option<String> {
        std::env::var(VARIABLE).ok()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Self::Schema { server, name } = self {
            run(server, &format!("DROP SCHEMA {name} CASCADE"));
        }
    }
}

/// Runs a statement beside whatever runtime the test has.
fn run(server: &str, sql: &str) {
    let (server, sql) = (server.to_owned(), sql.to_owned());
    let running = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&server, tokio_postgres::NoTls).await.unwrap();
            let carrier = tokio::spawn(connection);
            client.batch_execute(&sql).await.unwrap();
            drop(client);
            carrier.await.unwrap().unwrap();
        });
    });
    running.join().unwrap();
}

/// The whole contract once more, in a process of its own.
#[test]
fn every_test_of_the_server_passes_on_postgresql() {
    if TestDatabase::is_postgres() {
        return;
    }
    let Some(cluster) = Cluster::start(false) else { return };
    let tests = Command::new(std::env::current_exe().unwrap())
        .args(["server::", "--quiet"])
        .env(VARIABLE, cluster.address())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&tests.stdout);
    assert!(
        tests.status.success(),
        "{told}{}",
        String::from_utf8_lossy(&tests.stderr)
    );
    assert!(
        told.contains("test result: ok") && !told.contains(" 0 passed"),
        "{told}"
    );
}
