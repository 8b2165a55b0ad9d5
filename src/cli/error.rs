//! Failures as the command line tells them: what happened, and what to do next.

use std::io::{self, Write};

use thiserror::Error;

use crate::api::{ErrorCode, Failure};
use crate::config::ConfigError;
use crate::domain::text::printable;

use super::exit::Exit;

/// Why a command did not do its work.
#[derive(Debug, Error)]
pub(super) enum CliError {
    /// The command line was wrong.
    #[error("{what}")]
    Usage { what: String, advice: String },
    /// The server did not do it.
    #[error(transparent)]
    Server(#[from] Failure),
    /// One of the user's files.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Nobody is logged in.
    #[error("You are not logged in to {server}.")]
    NotLoggedIn { server: String },
    /// What failed was told where it happened.
    #[error("told already")]
    Told,
    /// Anything else on this computer.
    #[error("{what}")]
    Local { what: String, advice: String },
}

impl CliError {
    pub fn usage(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::Usage {
            what: what.into(),
            advice: advice.into(),
        }
    }

    pub fn local(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::Local {
            what: what.into(),
            advice: advice.into(),
        }
    }

    /// From a sentence that says both what is wrong and what to write instead.
    pub fn wrong(argument: &str, error: impl std::fmt::Display) -> Self {
        let text = error.to_string();
        let (what, advice) = split(&text);
        Self::usage(format!("{argument}: {what}"), advice)
    }

    /// From a failure on this computer whose text may say what to do next; `advice` where it does not.
    pub fn failed(error: impl std::fmt::Display, advice: &str) -> Self {
        let text = error.to_string();
        match split(&text) {
            (what, rest) if rest.is_empty() => Self::local(what, advice),
            (what, rest) => Self::local(what, rest),
        }
    }

    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage { .. } | Self::Config(ConfigError::Given { .. }) => Exit::Usage,
            _ => Exit::Failed,
        }
    }

    /// Prints two lines for each mistake to the standard error. Nothing is left to do when that is closed too.
    pub fn report(&self) {
        let pairs = match self {
            Self::Config(error) => error.pairs(),
            Self::Told => return,
            _ => vec![self.lines()],
        };
        let mut err = io::stderr().lock();
        for (what, advice) in pairs {
            let _ = writeln!(err, "error: {}", printable(&what));
            if !advice.is_empty() {
                let _ = writeln!(err, "       {}", printable(&advice));
            }
        }
    }

    fn lines(&self) -> (String, String) {
        let what = self.to_string();
        let advice = match self {
            Self::Usage { advice, .. } | Self::Local { advice, .. } => advice.clone(),
            Self::Config(error) => error.advice(),
            Self::Told => String::new(),
            Self::NotLoggedIn { .. } => {
                "Run: budget-tracker login NAME (or first: budget-tracker signup NAME --email EMAIL)".to_owned()
            }
            Self::Server(failure) => return told(failure),
        };
        (what, advice)
    }
}

/// A failure of the server in the words of the command line, which does not try again by itself.
fn told(failure: &Failure) -> (String, String) {
    let what = failure.to_string();
    match failure {
        Failure::Offline { server, reason } => (
            format!("No answer from {server}: {reason}."),
            "Check the address and your network, then run the command again.".to_owned(),
        ),
        Failure::Busy {
            retry_after, message, ..
        } => {
            let (what, _) = split(message);
            let advice = match retry_after {
                Some(wait) => format!("Run the command again in {} s.", wait.as_secs().max(1)),
                None => "Run the command again in a moment.".to_owned(),
            };
            (what, advice)
        }
        Failure::SignedOut => (
            "Your session has ended.".to_owned(),
            "Run: budget-tracker login NAME".to_owned(),
        ),
        Failure::Rejected(error) if error.code == ErrorCode::BadCredentials => {
            let (what, advice) = split(&what);
            let advice = if advice.is_empty() {
                "Check both and try again.".to_owned()
            } else {
                advice
            };
            (what, advice)
        }
        Failure::Unsupported(_) => (what, "Use a Budget Tracker server for it: see --server.".to_owned()),
        Failure::Rejected(_) | Failure::Garbled { .. } | Failure::Untrusted { .. } | Failure::Local(_) => {
            let (what, advice) = split(&what);
            let advice = if advice.is_empty() {
                "See: budget-tracker --help".to_owned()
            } else {
                advice
            };
            (what, advice)
        }
    }
}

/// The first sentence, and the rest.
fn split(text: &str) -> (String, String) {
    match text.split_once(". ") {
        Some((what, advice)) => (format!("{what}."), advice.to_owned()),
        None => (text.to_owned(), String::new()),
    }
}

impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        Self::local(format!("This computer refused: {error}."), "Try again in a moment.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ApiError;
    use std::time::Duration;

    #[test]
    fn every_failure_says_what_to_do_next() {
        let failures = [
            Failure::Offline {
                server: "host:80".to_owned(),
                reason: "connection refused".to_owned(),
            },
            Failure::Busy {
                status: 503,
                message: "Too busy.".to_owned(),
                retry_after: Some(Duration::from_secs(30)),
            },
            Failure::SignedOut,
            Failure::Rejected(ApiError::new(ErrorCode::BadCredentials, "Wrong name or password.")),
            Failure::Rejected(ApiError::new(
                ErrorCode::Conflict,
                "This name is taken. Choose another.",
            )),
            Failure::Garbled {
                server: "host".to_owned(),
                reason: "the answer is a web page".to_owned(),
            },
            Failure::Unsupported("editing expenses"),
            Failure::Local("The disk is full.".to_owned()),
        ];
        for failure in failures {
            let (what, advice) = CliError::from(failure).lines();
            assert!(what.ends_with('.') && !advice.is_empty(), "{what} | {advice}");
            assert!(!advice.contains("trying again"), "{advice}");
        }
    }
}
