//! The bodies of the classic calls, for the description of the API.

#![expect(
    dead_code,
    reason = "these types only describe what is read and written as plain JSON"
)]

use std::collections::BTreeMap;

use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, OpenApi, ToSchema};

use super::Spending;

/// What the description says of them as a whole.
#[derive(OpenApi)]
#[openapi(
    components(schemas(Failure)),
    tags((name = "classic", description = "The five calls of the original server, where `--classic-api` is on."))
)]
pub(super) struct Described;

/// `POST /signup`; other fields are ignored.
#[derive(ToSchema)]
#[schema(as = ClassicSignUp)]
pub(super) struct SignUp {
    /// The user name.
    username: String,
    /// An email address.
    email: String,
    /// 8 to 128 characters.
    password: String,
}

/// `POST /login`; other fields are ignored.
#[derive(ToSchema)]
#[schema(as = ClassicLogIn)]
pub(super) struct LogIn {
    /// The user name.
    username: String,
    /// The password.
    password: String,
}

/// A sentence for the person who uses the client.
#[derive(ToSchema)]
#[schema(as = ClassicMessage)]
pub(super) struct Message {
    message: String,
}

/// A new session.
#[derive(ToSchema)]
#[schema(as = ClassicToken)]
pub(super) struct Token {
    /// To be sent as the parameter `token`.
    token: String,
}

/// The answer to `fetch-user-data`.
#[derive(ToSchema)]
#[serde(untagged)]
pub(super) enum SpendingOrMessage {
    /// What was spent in each category.
    Spending(Vec<Spending>),
    /// There is nothing yet.
    Message(Message),
}

/// The answer to `notifications`.
#[derive(ToSchema)]
#[schema(as = ClassicNotifications)]
pub(super) struct Notifications {
    /// Newest first.
    body: Vec<Notification>,
}

/// One alert.
#[derive(ToSchema)]
#[schema(as = ClassicNotification, rename_all = "PascalCase")]
pub(super) struct Notification {
    /// The sentence.
    message: String,
    /// When it was raised, UTC.
    #[schema(format = DateTime)]
    created_at: String,
}

/// The answer to `new-expense`.
#[derive(ToSchema)]
#[schema(as = ClassicPlaced)]
pub(super) struct Placed {
    /// The category that was found.
    category: String,
}

/// The body of every failure.
#[derive(ToSchema)]
#[schema(as = ClassicFailure)]
pub(super) struct Failure {
    /// What was wrong.
    error: String,
}

/// What every one of these calls may answer besides its own.
pub(super) struct Refusals;

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let refusal = |status: &str, told: &str| {
            let body = Content::new(Some(Ref::from_schema_name("ClassicFailure")));
            let answer = ResponseBuilder::new()
                .description(told)
                .content("application/json", body);
            (status.to_owned(), RefOr::T(answer.build()))
        };
        BTreeMap::from([
            refusal("400", "The request is wrong."),
            refusal("401", "Wrong name or password, or no session with this token."),
            refusal("500", "The server is at fault, busy or full."),
        ])
    }
}
