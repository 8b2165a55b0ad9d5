//! Why the server does not run.

use std::net::SocketAddr;
use std::path::PathBuf;

use thiserror::Error;

use super::tls::TlsError;
use crate::server::store::{Database, StoreError};

/// Why the server does not run.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("Cannot listen on {address}: {reason}. Stop what listens there, or choose another port with {flag}.")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        reason: String,
        /// With which flag another one is chosen.
        flag: &'static str,
    },
    /// Plain HTTP beyond this machine.
    #[error(
        "{0} can be reached from other machines, and HTTP shows passwords to everybody on the way. Add --tls-cert and \
         --tls-key, or listen on 127.0.0.1 behind a proxy that adds TLS, or accept the risk with --insecure-http."
    )]
    Plaintext(SocketAddr),
    /// The numbers of the operator beyond this machine.
    #[error(
        "{0} would show the metrics to other machines. Write --metrics 127.0.0.1:{port}, or insist on it with \
         --insecure-http.", port = .0.port()
    )]
    PublicMetrics(SocketAddr),
    /// The sample user beyond this machine.
    #[error("The sample user has a well-known password, so --demo only works on loopback, not on {0}.")]
    PublicDemo(SocketAddr),
    /// Certificate or key cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The file is no database of ours any more.
    #[error(
        "The database {} is damaged: {reason}. Stop every budget-tracker and move it away, with the -wal and -shm files \
         beside it; then bring a backup back with budget-tracker restore FILE, or begin anew.", file.display()
    )]
    Damaged {
        /// The database.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The shared database does not answer, or not as it should.
    #[error(
        "The database {database} cannot be used: {reason}. Check that it runs, that this user may use it, and that \
         PGPASSWORD or ~/.pgpass has the password."
    )]
    Database {
        /// Which one; never with its password.
        database: Database,
        /// What was said.
        reason: StoreError,
    },
    /// The data cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ServeError {
    /// From what the store says of a database while it opens it.
    pub(in crate::server) fn opening(database: &Database, error: StoreError) -> Self {
        let Some(file) = database.file() else {
            return match error {
                StoreError::NewerSchema { .. } | StoreError::File(_) => Self::Store(error),
                reason => Self::Database {
                    database: database.clone(),
                    reason,
                },
            };
        };
        let reason = match error {
            StoreError::Corrupt(reason) => reason,
            StoreError::ForeignSchema(step) => {
                format!("its schema step {step} is not the one that budget-tracker made")
            }
            other => return Self::Store(other),
        };
        Self::Damaged {
            file: file.to_owned(),
            reason,
        }
    }
}
