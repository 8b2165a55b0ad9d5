//! What can go wrong with a request, and the one shape in which it is told.

use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use thiserror::Error;

use super::load::TooMany;
use super::password::PasswordError;
use super::store::StoreError;
use crate::api::{ApiError, ErrorBody, ErrorCode};

/// When to come back after an answer that the server is busy.
const BUSY_PAUSE: Duration = Duration::from_secs(1);

/// What a client reads of a damaged file; where that is, only the server's log says.
const DAMAGED: &str =
    "The database budget.db is damaged and takes no more changes: put a backup in its place in the data folder.";

/// What a client reads after the disk has failed.
const DISK_FAILED: &str = "The disk of the server has failed, and nothing more is written until the server is started anew. Nothing that was answered is lost.";

/// Why a request is not answered as it wished.
#[derive(Debug, Clone, Error)]
pub enum ServerError {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A field, or the body as a whole, is wrong.
    #[error("{message}")]
    Invalid {
        /// The field at fault.
        field: Option<&'static str>,
        /// What to do.
        message: String,
    },
    /// No session, or one that ended.
    #[error("There is no session with this token, or it has ended. Log in again.")]
    Unauthorized,
    /// Wrong name or password: one answer for both.
    #[error("The user name or the password is wrong.")]
    BadCredentials,
    /// The password is right, the code of the second factor is missing or wrong.
    #[error("{0}")]
    SecondFactor(&'static str),
    /// Not allowed here.
    #[error("{0}")]
    Forbidden(&'static str),
    /// No such path.
    #[error("There is nothing at this address. The API begins at /v1; /v1/openapi.json describes it.")]
    NoSuchPath,
    /// The path knows other methods.
    #[error("This address does not know this method. /v1/openapi.json lists those it knows.")]
    MethodNotAllowed,
    /// The request came too slowly, or took too long.
    #[error("The request took too long. Send it again.")]
    Timeout,
    /// The body is beyond the limit.
    #[error("The request is too large. Send less at a time.")]
    TooLarge,
    /// The body is not JSON.
    #[error("Send JSON with the header \"Content-Type: application/json\".")]
    UnsupportedMedia,
    /// Too many tries; wait this long.
    #[error("Too many tries. Try again in {} s.", .0.as_secs().max(1))]
    TooMany(Duration),
    /// Too busy right now.
    #[error("The server is busy. Try again in a moment.")]
    Busy,
    /// An operation of the device is missing.
    #[error(
        "Operation {} of this device is missing: the last one that is settled here is {last}. Send it first.",
        .last.saturating_add(1)
    )]
    OutOfOrder {
        /// The last one that is settled.
        last: i64,
    },
    /// A device changes an expense that was deleted meanwhile.
    #[error("This expense was deleted meanwhile, and stays so. What was changed is in its history.")]
    Deleted,
    /// Too many requests run at once.
    #[error("The server has too much to do right now. Try again in a moment.")]
    Overloaded,
    /// The server should not be sent requests, and why.
    #[error("The server is not ready: {0}.")]
    NotReady(&'static str),
    /// A fault of the server.
    #[error("The server failed to answer this. Try again; its log says more.")]
    Internal,
}

impl ServerError {
    /// A wrong field.
    pub fn field(field: &'static str, message: impl std::fmt::Display) -> Self {
        Self::Invalid {
            field: Some(field),
            message: message.to_string(),
        }
    }

    /// The error as a client reads it. Faults of the server keep their details to the log.
    #[must_use]
    pub fn to_api(&self) -> ApiError {
        let field = match self {
            Self::Invalid { field, .. } => *field,
            Self::Store(StoreError::Conflict { field, .. } | StoreError::Invalid { field, .. }) => Some(*field),
            Self::Store(StoreError::Outdated(_)) => Some("base_revision"),
            Self::SecondFactor(_) => Some("code"),
            _ => None,
        };
        let code = self.code();
        let message = match code {
            _ if matches!(self, Self::Store(StoreError::Corrupt(_))) => DAMAGED.to_owned(),
            _ if matches!(self, Self::Store(StoreError::DiskFailed(_))) => DISK_FAILED.to_owned(),
            ErrorCode::Internal => Self::Internal.to_string(),
            ErrorCode::Unavailable if matches!(self, Self::Store(_)) => Self::Busy.to_string(),
            _ => self.to_string(),
        };
        ApiError {
            code,
            message,
            field: field.map(str::to_owned),
        }
    }

    /// When it makes sense to come back.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooMany(wait) => Some(*wait),
            _ if self.code() == ErrorCode::Unavailable => Some(BUSY_PAUSE),
            _ => None,
        }
    }

    fn code(&self) -> ErrorCode {
        match self {
            Self::Store(error) => match error {
                StoreError::NotFound(_) | StoreError::Missing { .. } => ErrorCode::NotFound,
                StoreError::Conflict { .. } | StoreError::Outdated(_) => ErrorCode::Conflict,
                StoreError::Invalid { .. } => ErrorCode::Invalid,
                StoreError::TooOld => ErrorCode::Resync,
                StoreError::StorageFull => ErrorCode::StorageFull,
                StoreError::Unavailable(_) | StoreError::Corrupt(_) | StoreError::DiskFailed(_) => {
                    ErrorCode::Unavailable
                }
                StoreError::NewerSchema { .. }
                | StoreError::ForeignSchema(_)
                | StoreError::File(_)
                | StoreError::Sql(_) => ErrorCode::Internal,
            },
            Self::Invalid { .. } => ErrorCode::Invalid,
            Self::Unauthorized => ErrorCode::Unauthorized,
            Self::BadCredentials => ErrorCode::BadCredentials,
            Self::SecondFactor(_) => ErrorCode::SecondFactorNeeded,
            Self::Forbidden(_) => ErrorCode::Forbidden,
            Self::NoSuchPath => ErrorCode::NotFound,
            Self::MethodNotAllowed => ErrorCode::MethodNotAllowed,
            Self::Timeout => ErrorCode::Timeout,
            Self::TooLarge => ErrorCode::TooLarge,
            Self::UnsupportedMedia => ErrorCode::UnsupportedMedia,
            Self::TooMany(_) => ErrorCode::TooManyRequests,
            Self::Busy | Self::Overloaded | Self::NotReady(_) => ErrorCode::Unavailable,
            Self::OutOfOrder { .. } => ErrorCode::OutOfOrder,
            Self::Deleted => ErrorCode::Deleted,
            Self::Internal => ErrorCode::Internal,
        }
    }

    /// Writes the details of a server's fault to the log.
    pub(super) fn log(&self) {
        match self {
            Self::Store(error) if matches!(self.code(), ErrorCode::Internal | ErrorCode::Unavailable) => {
                tracing::error!(%error, "the store failed");
            }
            _ => {}
        }
    }
}

impl From<PasswordError> for ServerError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::Busy,
            PasswordError::Failed => Self::Internal,
        }
    }
}

impl IntoResponse for ServerError {
    fn into_response(self) -> Response {
        self.log();
        let error = self.to_api();
        let status = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(ErrorBody { error })).into_response();
        if matches!(self, Self::Overloaded) {
            response.extensions_mut().insert(TooMany);
        }
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        if let Some(wait) = self.retry_after() {
            let seconds = wait.as_millis().div_ceil(1000).max(1).to_string();
            if let Ok(value) = HeaderValue::from_str(&seconds) {
                response.headers_mut().insert(header::RETRY_AFTER, value);
            }
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_told_with_what_to_do_and_without_its_details() {
        let error = ServerError::from(StoreError::Corrupt("page 7 of /srv/budget.db".to_owned())).to_api();
        assert_eq!(error.code, ErrorCode::Unavailable);
        assert!(
            error.message.contains("backup") && !error.message.contains("page 7"),
            "{error:?}"
        );
    }
}
