//! `/v1/openapi.json`: what this server answers, made from the code of the routes.
//!
//! | file | what it adds to what the routes say of themselves |
//! | --- | --- |
//! | `failures` | the answers to requests that fail: one for each status, with its codes, headers and an example |
//! | `complete` | what follows from the shape of a call: its usual failures, its header, the limits of its text |
//! | `examples` | an example of each body |

mod complete;
mod examples;
pub(in crate::server) mod failures;

use axum::Json;
use axum::extract::State;
use serde_json::Value;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Failures;
use crate::api::ErrorBody;
use crate::server::classic;
use crate::server::error::ServerError;
use crate::server::state::AppState;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Budget Tracker",
        description = "Budgets, expenses and alerts.\n\n\
            Amounts are whole minor units of the account's currency; days are local days; times are UTC milliseconds \
            since 1970. The largest amount is 1,000,000,000,000 of the currency's major units. \
            Whole numbers are written without a fraction or an exponent.\n\n\
            Text is kept in the normal form NFC, without spaces at its ends. Control characters, line separators, \
            bidirectional controls and invisible characters are refused.\n\n\
            Every failure has the one shape `ErrorBody`. An unknown address is answered 404 and a method that an \
            address does not know 405 with `Allow`, in that shape too. What is no request of HTTP is answered 400, and \
            a header beyond 16 KiB or 64 fields 431, both without a body; the connection is closed then."
    ),
    tags(
        (name = "account", description = "Sign-up, sessions, the account, and word of its changes."),
        (name = "alerts", description = "What the user is told about limits."),
        (name = "budget", description = "Limits by month and category, and how a month stands."),
        (name = "categories", description = "The user's categories."),
        (name = "expenses", description = "What was spent, and which category fits."),
        (name = "rules", description = "What the user decided about descriptions."),
        (name = "sync", description = "For clients that keep a copy: what has changed, and what was done meanwhile."),
        (name = "operation", description = "For whoever runs the server.")
    ),
    components(schemas(ErrorBody)),
    modifiers(&Bearer)
)]
struct Described;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut Document) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The token of POST /v1/login or POST /v1/signup."))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

pub(super) fn described() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Described::openapi())
}

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(read))
}

/// This description.
///
/// It has the five classic calls in it where they are answered.
#[utoipa::path(get, path = "/v1/openapi.json", operation_id = "describe", tag = "operation",
    responses((status = 200, body = Value, description = "A document of OpenAPI 3.1."), Failures))]
async fn read(State(state): State<AppState>) -> Result<Json<Value>, ServerError> {
    // Made anew each time: few ask for it, and it is large.
    document(state.classic_api).map(Json).map_err(|_| ServerError::Internal)
}

/// What a server answers, with or without the five classic calls.
///
/// # Errors
/// None that is known: every part of it can be written as JSON.
pub fn document(classic_api: bool) -> Result<Value, serde_json::Error> {
    let mut described = super::documented().into_openapi();
    if classic_api {
        described.merge(classic::documented().into_openapi());
    }
    let mut document = serde_json::to_value(described)?;
    complete::complete(&mut document);
    Ok(document)
}
