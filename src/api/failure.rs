//! What can go wrong on the way to a server, as plain data that every interface can show.

use std::time::Duration;

use thiserror::Error;

use super::error::ApiError;
use crate::domain::Fingerprint;

/// Why a call has no answer. Each message says what to do next.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Failure {
    /// No connection, or it broke off.
    #[error("No answer from {server}: {reason}. Check the address and your network.")]
    Offline {
        /// Host and port that did not answer.
        server: String,
        /// What the connection said, in a few words.
        reason: String,
    },
    /// Whoever answers may be somebody else: the certificate is not believed, or the way is not encrypted as it must be.
    #[error("{server} {reason}")]
    Untrusted {
        /// Host and port that answered.
        server: String,
        /// The certificate, when nobody vouches for it: whoever compares it may trust it.
        fingerprint: Option<Fingerprint>,
        /// What is wrong and what to do, as sentences behind the server's name.
        reason: String,
    },
    /// The server is busy or failing; it may say when to come back.
    #[error("{message}")]
    Busy {
        /// HTTP status.
        status: u16,
        /// What it said.
        message: String,
        /// The server's `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// No session, or it ended.
    #[error("Your session has ended. Log in again; what you typed is kept.")]
    SignedOut,
    /// The server refused the request.
    #[error("{}", .0.message)]
    Rejected(ApiError),
    /// An answer that is not ours: HTML, wrong types, too large.
    #[error("{server} is no budget server. Check its address: {reason}.")]
    Garbled {
        /// Host and port that answered.
        server: String,
        /// What was wrong with the answer.
        reason: String,
    },
    /// The five-call server has no such function.
    #[error("This server only knows the five classic calls, so {0} is not possible here.")]
    Unsupported(&'static str),
    /// A fault on this machine: a file that cannot be read or written.
    #[error("{0}")]
    Local(String),
}

impl Failure {
    /// How long the server asks to be left alone, if it does.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Whether trying again later may help.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Offline { .. } | Self::Busy { .. } | Self::Garbled { .. })
    }
}

/// Which calls a server knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The whole `/v1` API.
    V1,
    /// The five classic calls only.
    Classic,
}
