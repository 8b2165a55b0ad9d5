//! The answers to requests that fail. Each status has one, which the calls refer to.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use strum::{EnumMessage, IntoEnumIterator};
use utoipa::IntoResponses;
use utoipa::openapi::{Ref, RefOr, Response};

use crate::api::{ApiError, ErrorCode};
use crate::server::error::ServerError;
use crate::server::second_factor;
use crate::server::store::StoreError;

/// The name of the answer with this status among the document's components.
pub(super) fn name(status: u16) -> String {
    format!("Error{status}")
}

type Answers = BTreeMap<String, RefOr<Response>>;

fn answers(statuses: &[u16]) -> Answers {
    let refer = |status: &u16| (status.to_string(), RefOr::Ref(Ref::from_response_name(name(*status))));
    statuses.iter().map(refer).collect()
}

/// What any call may answer besides its own: it came from a page in a browser or is not allowed, it took too long, or the server is at fault or busy. What follows from
/// the shape of a call (a session, parameters, a body) is added to the document without being named.
pub struct Failures;

/// A wrong name or password.
pub struct Unauthorized;

/// The user has nothing of this id.
pub struct NotFound;

/// Something else stands where the request wants to write.
pub struct Conflict;

/// What the request goes on from is too old.
pub struct Resync;

/// Too many tries.
pub struct TooMany;

/// The call writes, and the disk may be full.
pub struct Full;

macro_rules! answer_with {
    ($($failure:ident: $statuses:expr;)*) => {$(
        impl IntoResponses for $failure {
            fn responses() -> Answers {
                answers(&$statuses)
            }
        }
    )*};
}

answer_with! {
    Failures: [403, 408, 500, 503];
    Unauthorized: [401];
    NotFound: [404];
    Conflict: [409];
    Resync: [410];
    TooMany: [429];
    Full: [507];
}

/// Every answer that a call may refer to.
pub(super) fn components() -> Map<String, Value> {
    let statuses: BTreeSet<u16> = ErrorCode::iter().map(ErrorCode::status).collect();
    // A call that an address does not know is no call of this document.
    let described = statuses.into_iter().filter(|status| *status != 405);
    described.map(|status| (name(status), component(status))).collect()
}

fn component(status: u16) -> Value {
    let codes: Vec<ErrorCode> = ErrorCode::iter().filter(|code| code.status() == status).collect();
    let told: Vec<&str> = codes.iter().filter_map(EnumMessage::get_documentation).collect();
    let examples: Map<String, Value> = codes
        .iter()
        .map(|code| (code.to_string(), json!({"value": {"error": example(*code)}})))
        .collect();
    let schema = json!({
        "allOf": [{"$ref": "#/components/schemas/ErrorBody"}],
        "properties": {"error": {"properties": {"code": {"enum": codes}}}},
    });
    json!({
        "description": told.join("\n\n"),
        "headers": headers(status),
        "content": {"application/json": {"schema": schema, "examples": examples}},
    })
}

fn headers(status: u16) -> Value {
    let mut headers = json!({"x-request-id": {"$ref": "#/components/headers/RequestId"}});
    match status {
        401 => {
            headers["www-authenticate"] = json!({
                "description": "What to authenticate with.",
                "required": true,
                "schema": {"type": "string", "enum": ["Bearer"]},
            });
        }
        429 | 503 => {
            headers["retry-after"] = json!({
                "description": "Seconds to wait before the next try.",
                "required": true,
                "schema": {"type": "integer", "minimum": 1},
            });
        }
        _ => {}
    }
    headers
}

/// A failure of this kind.
fn example(code: ErrorCode) -> ApiError {
    let of = |error: ServerError| error.to_api();
    match code {
        ErrorCode::Invalid => ApiError::field("amount_minor", "The amount must be more than zero."),
        ErrorCode::Unauthorized => of(ServerError::Unauthorized),
        ErrorCode::BadCredentials => of(ServerError::BadCredentials),
        ErrorCode::Forbidden => ApiError::new(code, "The sample user only exists in the local demo."),
        ErrorCode::NotFound => ApiError::new(code, "There is no such expense."),
        ErrorCode::MethodNotAllowed => of(ServerError::MethodNotAllowed),
        ErrorCode::Timeout => of(ServerError::Timeout),
        ErrorCode::Conflict => ApiError {
            field: Some("id".to_owned()),
            ..ApiError::new(code, "Another expense has this id already. Send a new id.")
        },
        ErrorCode::SecondFactorNeeded => of(ServerError::SecondFactor(second_factor::NEEDED)),
        ErrorCode::OutOfOrder => ApiError::new(code, "Send operation 41 before this one."),
        ErrorCode::Deleted => of(ServerError::Deleted),
        ErrorCode::Resync => of(StoreError::TooOld.into()),
        ErrorCode::TooLarge => of(ServerError::TooLarge),
        ErrorCode::UnsupportedMedia => of(ServerError::UnsupportedMedia),
        ErrorCode::TooManyRequests => ApiError::new(code, "Too many tries. Try again in 6 s."),
        ErrorCode::Internal => of(ServerError::Internal),
        ErrorCode::Unavailable => of(ServerError::Busy),
        ErrorCode::StorageFull => ApiError::new(code, "The disk of the server is full."),
    }
}
