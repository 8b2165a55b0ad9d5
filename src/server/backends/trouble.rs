//! What can go wrong with a service, and how it is told.

use std::time::Duration;

use crate::api::{Note, NoteCode};
use crate::domain::expense::CategorySource;

/// Why a service did not decide.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// No answer in time.
    TooSlow,
    /// No connection, or one that broke off.
    Unreachable,
    /// The service refused the question with this status.
    Refused(u16),
    /// The service wants a pause; it may say how long.
    Busy(Option<Duration>),
    /// More questions than this server keeps.
    Crowded,
    /// The service failed with this status.
    Failed(u16),
    /// The answer is not what was asked for.
    Unreadable,
    /// The answer names a category that the user does not have.
    UnknownCategory,
    /// The service failed lately and is asked again after this time.
    Resting(Duration),
    /// AWS could not be asked: no credentials, no region, or a wrong one.
    NoAccess,
}

impl Trouble {
    /// For programs and logs.
    #[must_use]
    pub fn code(self) -> NoteCode {
        match self {
            Self::TooSlow => NoteCode::TooSlow,
            Self::Unreachable => NoteCode::Unreachable,
            Self::Refused(_) | Self::NoAccess => NoteCode::Refused,
            Self::Busy(_) | Self::Crowded => NoteCode::Busy,
            Self::Failed(_) => NoteCode::Failed,
            Self::Unreadable => NoteCode::Unreadable,
            Self::UnknownCategory => NoteCode::UnknownCategory,
            Self::Resting(_) => NoteCode::Resting,
        }
    }

    /// Whether the same question may find the service in health a moment later.
    pub(super) fn may_pass(self) -> bool {
        matches!(self, Self::Unreachable | Self::Failed(_))
    }

    /// What the service did, which was given the time `wait`: the rest of a sentence that begins with its name.
    #[must_use]
    pub fn what(self, wait: Duration) -> String {
        match self {
            Self::TooSlow => format!("did not answer in {} ms", wait.as_millis()),
            Self::Unreachable => "cannot be reached".to_owned(),
            Self::Refused(status) => format!("refused the question (status {status})"),
            Self::Busy(_) => "has too many questions".to_owned(),
            Self::Crowded => "has too many questions waiting".to_owned(),
            Self::Failed(status) => format!("failed (status {status})"),
            Self::Unreadable => "gave an answer that cannot be read".to_owned(),
            Self::UnknownCategory => "named a category that you do not have".to_owned(),
            Self::Resting(rest) => {
                let seconds = rest.as_millis().div_ceil(1000);
                format!("failed lately and is asked again in {seconds} s")
            }
            Self::NoAccess => "has no credentials or region to be asked with".to_owned(),
        }
    }

    /// For the user: what happened to the service that `source` names, which was given the time `wait`, and who
    /// decided instead.
    #[must_use]
    pub fn note(self, source: CategorySource, wait: Duration, decided: bool) -> Note {
        let then = if decided {
            "so the local model decided"
        } else {
            "and the local model knows none"
        };
        Note {
            code: self.code(),
            message: format!("{} {}, {then}.", source.label(), self.what(wait)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_reads_what_happened_and_who_decided() {
        let wait = Duration::from_millis(800);
        let told = |trouble: Trouble, decided| trouble.note(CategorySource::Sagemaker, wait, decided).message;
        assert_eq!(
            told(Trouble::TooSlow, true),
            "SageMaker did not answer in 800 ms, so the local model decided."
        );
        assert_eq!(
            told(Trouble::Resting(Duration::from_millis(29_001)), false),
            "SageMaker failed lately and is asked again in 30 s, and the local model knows none."
        );
    }
}
