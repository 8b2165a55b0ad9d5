//! The five classic calls: their answers, and every failure in 200, 400, 401 or 500.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};

use super::{Answer, App, PASSWORD, request};
use crate::server::extract::Peer;
use crate::server::routes::MAX_BODY;
use crate::server::store::AtClose;

async fn session(app: &App, name: &str) -> String {
    let who = json!({"username": name, "email": format!("{name}@example.org"), "password": PASSWORD});
    let made = app.post("/signup", "", who.clone()).await;
    assert_eq!(made.status, 200, "{made:?}");
    assert!(made.body.is_object());
    let answer = app.post("/login", "", who).await;
    assert_eq!(answer.status, 200);
    answer.body["token"].as_str().unwrap().to_owned()
}

async fn spend(app: &App, token: &str, description: &str, amount: &str) -> Answer {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("token", token)
        .append_pair("description", description)
        .append_pair("amount", amount)
        .finish();
    app.post(&format!("/new-expense?{query}"), "", json!({})).await
}

/// Checks what every failure of a POST has in common, and returns its words.
fn failure(answer: &Answer, status: u16) -> &str {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json");
    assert_eq!(answer.headers["deprecation"], "true");
    assert_eq!(answer.body.as_object().unwrap().len(), 1);
    let words = answer.body["error"].as_str().unwrap();
    assert!(words.len() > 10, "{words}");
    words
}

#[tokio::test]
async fn the_whole_job_in_five_calls() {
    let app = App::new();
    let token = session(&app, "ada").await;
    let empty = app.get(&format!("/fetch-user-data?token={token}"), "").await;
    assert_eq!(
        (empty.status, empty.body),
        (200, json!({"message": "No data available for this user."}))
    );
    let quiet = app.get(&format!("/notifications?token={token}"), "").await;
    assert_eq!((quiet.status, quiet.body), (200, json!({"body": []})));
    let (dining, pets) = (app.category(&token, "Dining").await, app.category(&token, "Pets").await);
    app.limit(&token, "2026-11", &dining, 5000).await;
    app.limit(&token, "2026-11", &pets, 4550).await;
    let added = spend(&app, &token, "lunch at chipotle", "60.5").await;
    assert_eq!((added.status, added.body), (200, json!({"category": "Dining"})));
    assert_eq!(added.headers[header::CONTENT_TYPE], "application/json");
    assert_eq!(added.headers["deprecation"], "true");
    let unknown = spend(&app, &token, "zzqx", "3").await;
    assert_eq!(unknown.body, json!({"category": "Uncategorised"}));
    let spending = app.get(&format!("/fetch-user-data?token={token}"), "").await;
    let expected = r#"[{"CategoryName":"Dining","TotalAmount":60.50,"BudgetAmount":50.00},{"CategoryName":"Pets","TotalAmount":0.00,"BudgetAmount":45.50},{"CategoryName":"Uncategorised","TotalAmount":3.00,"BudgetAmount":null}]"#;
    assert_eq!(spending.body, serde_json::from_str::<Value>(expected).unwrap());
    let alerts = app.get(&format!("/notifications?token={token}"), "").await.body;
    assert_eq!(
        alerts["body"][0],
        json!({"Message": "Dining is over its $50 limit for November 2026 by $10.50.", "CreatedAt": "2026-11-22T12:00:00Z"})
    );
}

#[tokio::test]
async fn amounts_are_exact_json_numbers() {
    let app = App::new();
    let token = session(&app, "ada").await;
    spend(&app, &token, "lunch", "9999999999999.99").await;
    assert_eq!(spend(&app, &token, "lunch", "999999999999.99").await.status, 200);
    let response = app
        .send(request("GET", &format!("/fetch-user-data?token={token}"), "", None))
        .await;
    let bytes = axum::body::to_bytes(response.into_body(), MAX_BODY).await.unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert_eq!(
        text,
        r#"[{"CategoryName":"Dining","TotalAmount":999999999999.99,"BudgetAmount":null}]"#
    );
}

#[tokio::test]
async fn each_failure_of_sign_up_and_log_in_has_words() {
    let app = App::new();
    session(&app, "ada").await;
    let good = json!({"username": "bob", "email": "bob@example.org", "password": PASSWORD});
    for (field, value) in [
        ("username", json!(null)),
        ("username", json!(7)),
        ("username", json!("a b")),
        ("username", json!("ADA")),
        ("email", json!("x")),
        ("password", json!("short")),
        ("password", json!("password123")),
    ] {
        let mut wish = good.clone();
        wish[field] = value;
        failure(&app.post("/signup", "", wish).await, 400);
    }
    for missing in ["username", "email", "password"] {
        let mut wish = good.clone();
        wish.as_object_mut().unwrap().remove(missing);
        assert!(failure(&app.post("/signup", "", wish.clone()).await, 400).contains(missing));
        let status = app.post("/login", "", wish).await.status;
        assert_eq!(status, if missing == "email" { 401 } else { 400 });
    }
    for (name, password) in [("ada", "wrong password"), ("nobody", PASSWORD)] {
        let answer = app
            .post("/login", "", json!({"username": name, "password": password}))
            .await;
        failure(&answer, 401);
    }
}

#[tokio::test]
async fn a_post_only_answers_what_the_original_client_understands() {
    let app = App::new();
    let token = session(&app, "ada").await;
    let post = |path: &str, content_type: &str, body: String| {
        Request::post(path)
            .header(header::CONTENT_TYPE, content_type)
            .body(Body::from(body))
            .unwrap()
    };
    for path in ["/signup", "/login"] {
        for body in [
            String::new(),
            "{".to_owned(),
            "[]".to_owned(),
            "null".to_owned(),
            " ".repeat(MAX_BODY + 1),
        ] {
            failure(&app.answer(post(path, "text/plain", body)).await, 400);
        }
        for method in ["GET", "PUT", "DELETE", "PATCH"] {
            failure(&app.call(method, path, "", None).await, 400);
        }
    }
    for path in ["/fetch-user-data", "/notifications"] {
        failure(&app.post(path, "", json!({})).await, 400);
        failure(&app.get(path, "").await, 400);
        failure(&app.get(&format!("{path}?token="), "").await, 401);
        failure(&app.get(&format!("{path}?token=wrong"), "").await, 401);
    }
    for (query, status) in [
        ("", 400),
        ("token=wrong&description=x&amount=1", 401),
        ("token=T&description=x", 400),
        ("token=T&amount=1", 400),
        ("token=T&description=&amount=1", 400),
        ("token=T&description=x&amount=", 400),
        ("token=T&description=x&amount=1&amount=2", 400),
        ("token=T&token=T&description=x&amount=1", 400),
        ("token=T&description=%1b&amount=1", 400),
        ("token=T&description=x&amount=abc", 400),
        ("token=T&description=x&amount=0", 400),
        ("token=T&description=x&amount=-5", 400),
        ("token=T&description=x&amount=1e3", 400),
        ("token=T&description=x&amount=NaN", 400),
        ("token=T&description=x&amount=0.001", 400),
        ("token=T&description=x&amount=1000000000000.01", 400),
        ("token=T&description=x&amount=99999999999999999999", 400),
    ] {
        let path = format!("/new-expense?{}", query.replace("=T", &format!("={token}")));
        failure(&app.post(&path, "", json!({})).await, status);
    }
    assert_eq!(app.revision(&token).await, 0);
}

#[tokio::test]
async fn too_many_tries_are_a_wrong_request() {
    let app = App::new();
    for i in 0..11 {
        let body = json!({"username": format!("user{i}"), "password": PASSWORD});
        let mut request = request("POST", "/login", "", Some(body));
        request.extensions_mut().insert(Peer("192.0.2.1".parse().unwrap()));
        failure(&app.answer(request).await, if i < 10 { 401 } else { 400 });
    }
}

#[tokio::test]
async fn a_stopping_store_is_a_fault_of_the_server() {
    let app = App::new();
    let token = session(&app, "ada").await;
    app.state.store.close(AtClose::EmptyLog).await;
    failure(&spend(&app, &token, "lunch", "1").await, 500);
}

#[tokio::test]
async fn an_idempotency_key_stores_once() {
    let app = App::new();
    let token = session(&app, "ada").await;
    let with_key = |key: &str, amount: &str| {
        Request::post(format!("/new-expense?token={token}&description=lunch&amount={amount}"))
            .header("idempotency-key", key)
            .body(Body::from("{}"))
            .unwrap()
    };
    for _ in 0..2 {
        assert_eq!(
            app.answer(with_key("k1", "5")).await.body,
            json!({"category": "Dining"})
        );
        assert_eq!(app.revision(&token).await, 1);
    }
    failure(&app.answer(with_key("k1", "6")).await, 400);
    failure(&app.answer(with_key("", "6")).await, 400);
    assert_eq!(app.answer(with_key("k2", "5")).await.status, 200);
    for _ in 0..2 {
        spend(&app, &token, "lunch", "5").await;
    }
    assert_eq!(app.revision(&token).await, 4);
}

#[tokio::test]
async fn only_the_current_month_and_only_spending_count() {
    let app = App::new();
    let token = session(&app, "ada").await;
    let (dining, income) = (
        app.category(&token, "Dining").await,
        app.category(&token, "Income").await,
    );
    app.spend(&token, &dining, 100, "2026-10-31").await;
    app.spend(&token, &income, 100, "2026-11-20").await;
    let path = format!("/fetch-user-data?token={token}");
    assert_eq!(
        app.get(&path, "").await.body,
        json!({"message": "No data available for this user."})
    );
}

#[tokio::test]
async fn a_form_of_another_site_does_nothing() {
    let app = App::new();
    let token = session(&app, "ada").await;
    let who = json!({"username": "eve", "email": "e@example.org", "password": PASSWORD});
    let spent = format!("/new-expense?token={token}&description=lunch&amount=5");
    for (path, body) in [("/signup", &who), ("/login", &who), (&spent, &json!({}))] {
        let form = Request::post(path)
            .header(header::CONTENT_TYPE, "text/plain")
            .header(header::ORIGIN, "https://evil.example")
            .body(Body::from(body.to_string()));
        let refused = app.answer(form.unwrap()).await;
        assert!(failure(&refused, 400).contains("browser"), "{refused:?}");
    }
    assert_eq!(app.get("/v1/expenses", &token).await.body["expenses"], json!([]));
    // A program says no such thing, and what kind of text it sends never mattered.
    let plain = Request::post("/signup")
        .header(header::CONTENT_TYPE, "text/plain")
        .body(Body::from(who.to_string()));
    assert_eq!(app.answer(plain.unwrap()).await.status, 200);
}
