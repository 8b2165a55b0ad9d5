//! `/v1/openapi.json`, made from the code of the routes.

use axum::routing::get;
use axum::{Json, Router};
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

use crate::api::ErrorBody;
use crate::server::state::AppState;

/// Where the description is.
pub const PATH: &str = "/v1/openapi.json";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Budget Tracker",
        description = "Budgets, expenses and alerts. Amounts are whole minor units of the account's currency; \
                       days are local days; times are UTC milliseconds since 1970."
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

pub(super) fn router() -> Router<AppState> {
    Router::new().route(PATH, get(async || Json(super::documented().split_for_parts().1)))
}

#[cfg(test)]
mod tests {

    #[test]
    fn the_description_names_every_route_and_its_failures() {
        let (_, document) = super::super::documented().split_for_parts();
        let document = serde_json::to_value(&document).unwrap();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
        let paths = document["paths"].as_object().unwrap();
        let mut operations = 0;
        for (path, item) in paths {
            for (method, operation) in item.as_object().unwrap() {
                operations += 1;
                assert_eq!(
                    operation["responses"]["4XX"]["content"]["application/json"]["schema"]["$ref"],
                    "#/components/schemas/ErrorBody",
                    "{method} {path}"
                );
                let open = ["/v1", "/v1/signup", "/v1/login", "/healthz", "/readyz"].contains(&path.as_str());
                assert_eq!(operation.get("security").is_none(), open, "{method} {path}");
            }
        }
        assert_eq!((paths.len(), operations), (35, 44));
        assert!(document["components"]["schemas"]["ErrorBody"].is_object());
        assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
    }
}
