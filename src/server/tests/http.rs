//! What holds for every request: one error shape, limits, headers.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::json;

use super::contract::contract;
use super::{App, request};
use crate::server::routes::MAX_BODY;

#[tokio::test]
async fn unknown_paths_and_methods_have_the_error_shape() {
    let app = App::new();
    let lost = app.get("/v1/nothing", "").await;
    assert_eq!((lost.status, lost.code()), (404, "not_found"));
    let wrong = app.call("DELETE", "/v1/summary", "", None).await;
    assert_eq!((wrong.status, wrong.code()), (405, "method_not_allowed"));
    for answer in [lost, wrong] {
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json");
        assert!(answer.headers.contains_key("x-request-id"));
    }
}

#[tokio::test]
async fn a_body_must_be_small_json_with_known_fields() {
    let app = App::new();
    let token = app.user("ada").await;
    let with = |content_type: &str, body: String| {
        Request::post("/v1/predict")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, content_type)
            .body(Body::from(body))
            .unwrap()
    };
    let fine = json!({"description": "lunch"}).to_string();
    assert_eq!(
        app.answer(with("application/json; charset=utf-8", fine.clone()))
            .await
            .status,
        200
    );
    let text = app.answer(with("text/plain", fine)).await;
    assert_eq!((text.status, text.code()), (415, "unsupported_media"));
    let large = app.answer(with("application/json", " ".repeat(MAX_BODY + 1))).await;
    assert_eq!((large.status, large.code()), (413, "too_large"));
    let deep = "[".repeat(10_000);
    for broken in [
        "",
        "{",
        "null",
        "[]",
        r#"{"description": 7}"#,
        r#"{"description":"x","more":1}"#,
        &deep,
        "\u{feff}{}",
    ] {
        let answer = app.answer(with("application/json", broken.to_owned())).await;
        assert_eq!((answer.status, answer.code()), (400, "invalid"), "{broken:.20}");
    }
    let unknown = app
        .post("/v1/predict", &token, json!({"description": "x", "more": 1}))
        .await;
    assert!(
        unknown.body["error"]["message"].as_str().unwrap().contains("more"),
        "{unknown:?}"
    );
}

#[tokio::test]
async fn a_query_must_be_understood() {
    let app = App::new();
    let token = app.user("ada").await;
    for path in [
        "/v1/summary?month=2026-13",
        "/v1/summary?mnth=2026-11",
        "/v1/expenses?limit=0",
        "/v1/expenses?limit=1001",
        "/v1/expenses?limit=many",
        "/v1/expenses?cursor=x",
        "/v1/expenses?category_id=7",
        "/v1/budgets?month=1",
        "/v1/alerts?month=1",
    ] {
        let answer = app.get(path, &token).await;
        assert_eq!((answer.status, answer.code()), (400, "invalid"), "{path}");
    }
    let path = app.call("DELETE", "/v1/expenses/seven", &token, None).await;
    assert_eq!((path.status, path.code()), (400, "invalid"));
    let month = app
        .call(
            "PUT",
            "/v1/budgets/november/seven",
            &token,
            Some(json!({"limit_minor": 1})),
        )
        .await;
    assert_eq!(month.status, 400);
}

#[tokio::test]
async fn the_operator_sees_readiness() {
    let app = App::new();
    assert_eq!(app.get("/healthz", "").await.body, "ok");
    assert_eq!(app.get("/readyz", "").await.status, 200);
    app.state.stopping.cancel();
    let stopping = app.get("/readyz", "").await;
    assert_eq!((stopping.status, stopping.code()), (503, "unavailable"));
    assert_eq!(stopping.headers[header::RETRY_AFTER], "1");
    assert_eq!(app.get("/healthz", "").await.status, 200);
}

#[tokio::test]
async fn a_database_that_another_version_has_changed_is_not_ready() {
    let app = App::new();
    let newer = |tx: &mut dyn crate::server::store::Tx| {
        let sql = "INSERT INTO schema_migrations (version, checksum, applied_at) VALUES ($1, $2, $3)";
        tx.execute(sql, &[999_i64.into(), [0_u8].as_slice().into(), 0_i64.into()])
    };
    app.state.store.write(newer).await.unwrap();
    let changed = app.get("/readyz", "").await;
    assert_eq!((changed.status, changed.code()), (503, "unavailable"));
    let said = changed.body["error"]["message"].as_str().unwrap();
    assert!(said.contains("another version"), "{said}");
}

#[tokio::test]
async fn requests_beyond_the_limit_are_told_to_come_back_and_checks_are_not() {
    let app = App::new();
    app.state.load.allow(0);
    let refused = app.get("/v1/summary", "").await;
    assert_eq!((refused.status, refused.code()), (503, "unavailable"));
    assert_eq!(refused.headers[header::RETRY_AFTER], "1");
    assert_eq!(app.get("/healthz", "").await.status, 200);
    assert_eq!(app.get("/readyz", "").await.status, 200);
    app.state.load.allow(1);
    assert_eq!(app.get("/v1/summary", "").await.status, 401);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_end_is_given_up() {
    let app = App::new();
    let endless = Body::from_stream(futures::stream::pending::<Result<bytes::Bytes, std::io::Error>>());
    let mut slow = request("POST", "/v1/login", "", Some(json!({})));
    *slow.body_mut() = endless;
    let answer = app.answer(slow).await;
    assert_eq!((answer.status, answer.code()), (408, "timeout"));
}

/// What a browser sends for a page; a form of another site needs no leave of ours, and a name that leads here makes its
/// page one of ours.
#[tokio::test]
async fn what_a_page_in_a_browser_sends_is_refused() {
    let app = App::new();
    let token = app.user("ada").await;
    let visit = json!({"name": "ada", "password": super::PASSWORD});
    for origin in ["https://evil.example", "http://127.0.0.1:8080", "null"] {
        for (method, path, body) in [
            ("POST", "/v1/login", Some(visit.clone())),
            ("GET", "/v1/account", None),
            ("DELETE", "/v1/sessions", None),
        ] {
            let mut asked = request(method, path, &token, body);
            asked
                .headers_mut()
                .insert(header::HOST, "127.0.0.1:8080".parse().unwrap());
            asked.headers_mut().insert(header::ORIGIN, origin.parse().unwrap());
            let refused = app.answer(asked).await;
            assert_eq!(
                (refused.status, refused.code()),
                (403, "forbidden"),
                "{method} {path} {origin}"
            );
        }
    }
    assert_eq!(app.post("/v1/login", "", visit).await.status, 200);
}

/// A browser does not say where a page is from that only reads from the address it came from itself: so it is with a
/// name that was made to lead to a server on the reader's machine.
#[tokio::test]
async fn a_name_that_was_made_to_lead_here_reads_what_everybody_may_and_no_more() {
    let app = App::new();
    app.user("zenobia").await;
    let operations = contract().operations().into_iter();
    let open: Vec<&str> = operations
        .filter(|operation| operation.method == "get" && !operation.asks_for_session())
        .map(|operation| operation.path)
        .collect();
    // The classic calls have their token in the address or the body.
    let (classic, ours) = (
        ["/fetch-user-data", "/notifications"],
        ["/healthz", "/readyz", "/v1", "/v1/openapi.json"],
    );
    let is_classic = |path: &str| classic.contains(&path);
    assert_eq!(open.len(), classic.len() + ours.len(), "{open:?}");
    for path in open {
        assert!(is_classic(path) || ours.contains(&path), "{path}");
        let mut asked = request("GET", path, "", None);
        let host = "rebound.example:8080".parse().unwrap();
        asked.headers_mut().insert(header::HOST, host);
        let told = app.answer(asked).await;
        assert_eq!(
            told.status,
            if is_classic(path) { 400 } else { 200 },
            "{path}: {told:?}"
        );
        assert!(!format!("{told:?}").contains("zenobia"), "{path}");
    }
}
