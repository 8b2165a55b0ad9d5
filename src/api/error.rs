//! The one error shape: `{"error": {"code", "message", "field"?}}`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The body of every answer that is not a success.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct ErrorBody {
    /// What went wrong.
    pub error: ApiError,
}

/// What went wrong, for a program (`code`), a person (`message`) and a form (`field`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct ApiError {
    /// The kind of failure.
    pub code: ErrorCode,
    /// A sentence that says what to do next.
    pub message: String,
    /// The request's field that is at fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// The kinds of failure; each has one HTTP status.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Serialize,
    Deserialize,
    ToSchema,
    strum::Display,
    strum::EnumIter,
    strum::EnumMessage,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ErrorCode {
    /// 400: a field or the body is wrong.
    Invalid,
    /// 401: no session, or one that ended.
    Unauthorized,
    /// 401: wrong name or password.
    BadCredentials,
    /// 401: the password is right; the code of the second factor is missing, wrong or was used already.
    SecondFactorNeeded,
    /// 403: not allowed here, for example a closed sign-up.
    Forbidden,
    /// 404: no such thing for this user.
    NotFound,
    /// 405: the path knows other methods.
    MethodNotAllowed,
    /// 408: the request came too slowly.
    Timeout,
    /// 409: the name is taken, or the id holds something else.
    Conflict,
    /// 409: an operation of the device is missing before this one.
    OutOfOrder,
    /// 410: too much has happened since then; begin anew with `since=0`.
    Resync,
    /// 410: of an operation: the expense was deleted meanwhile; what the operation wanted is in its history.
    Deleted,
    /// 413: the body is too large.
    TooLarge,
    /// 415: not JSON.
    UnsupportedMedia,
    /// 429: too many tries; see `Retry-After`.
    TooManyRequests,
    /// 500: a fault of the server.
    Internal,
    /// 503: too busy or not ready; see `Retry-After`.
    Unavailable,
    /// 507: the disk is full.
    StorageFull,
}

impl ErrorCode {
    /// The HTTP status that goes with it.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::Invalid => 400,
            Self::Unauthorized | Self::BadCredentials | Self::SecondFactorNeeded => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Timeout => 408,
            Self::Conflict | Self::OutOfOrder => 409,
            Self::Resync | Self::Deleted => 410,
            Self::TooLarge => 413,
            Self::UnsupportedMedia => 415,
            Self::TooManyRequests => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
            Self::StorageFull => 507,
        }
    }
}

impl ApiError {
    /// An error without a field.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            field: None,
        }
    }

    /// A wrong field of a request.
    #[must_use]
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Self {
            code: ErrorCode::Invalid,
            message: message.into(),
            field: Some(field.to_owned()),
        }
    }
}
