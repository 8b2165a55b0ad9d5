//! What the client sends to one of our servers: paths, bodies, the session.

use budget_tracker::api::{
    AccountPatch, ExpensePatch, ExpenseQuery, LogIn, NewExpense, NewRule, Recategorize, Replaced, RulePatch, SetBudget,
};
use budget_tracker::client::{Client, ClientOptions};
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;
use wiremock::matchers::{any, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{CANARY, v1};

/// A client whose server answers everything with `body`, below a path prefix.
async fn answering(body: Value) -> (MockServer, Client) {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(body);
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let client = v1(&base(&server), &ClientOptions::default());
    (server, client)
}

fn base(server: &MockServer) -> Url {
    format!("{}/prod/", server.uri()).parse().unwrap()
}

/// Method, path with query, body and whether the session was sent, of the last request.
async fn last(server: &MockServer) -> (String, Value, bool) {
    let request = server.received_requests().await.unwrap().pop().unwrap();
    let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let bearer = request
        .headers
        .get("authorization")
        .map(|value| value.to_str().unwrap().to_owned());
    assert!(
        request
            .headers
            .get("user-agent")
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with("budget-tracker/")
    );
    (
        format!("{} {}{query}", request.method, request.url.path()),
        serde_json::from_slice(&request.body).unwrap_or(Value::Null),
        bearer.is_some_and(|bearer| bearer == format!("Bearer {CANARY}")),
    )
}

fn an_expense(id: Uuid) -> Value {
    json!({
        "id": id, "day": "2026-11-22", "description": "lunch", "amount_minor": 1250, "category_id": null,
        "category_source": "none", "confidence": 0, "revision": 3, "created_at": 0,
    })
}

#[tokio::test]
async fn expenses_are_added_changed_deleted_and_restored() {
    let id = Uuid::now_v7();
    let (server, client) = answering(an_expense(id)).await;
    let new = NewExpense {
        id,
        day: None,
        description: "lunch".to_owned(),
        amount_minor: 1250,
        category_id: None,
    };
    client.add_expense(&new).await.unwrap();
    let body = json!({ "id": id, "description": "lunch", "amount_minor": 1250 });
    assert_eq!(last(&server).await, ("POST /prod/v1/expenses".to_owned(), body, true));

    let patch = ExpensePatch {
        amount_minor: Some(5),
        ..ExpensePatch::default()
    };
    client.edit_expense(id, &patch).await.unwrap();
    assert_eq!(
        last(&server).await,
        (
            format!("PATCH /prod/v1/expenses/{id}"),
            json!({ "amount_minor": 5 }),
            true
        )
    );
    client.delete_expense(id).await.unwrap();
    assert_eq!(
        last(&server).await,
        (format!("DELETE /prod/v1/expenses/{id}"), Value::Null, true)
    );
    client.restore_expense(id).await.unwrap();
    assert_eq!(
        last(&server).await,
        (format!("POST /prod/v1/expenses/{id}/restore"), json!({}), true)
    );
}

#[tokio::test]
async fn what_gave_way_is_asked_for() {
    let id = Uuid::now_v7();
    let row = json!({"id": id, "expense_id": id, "revision": 9, "at": 1, "change":
        {"field": "category_id", "was": null, "now": id}});
    let (server, client) = answering(json!([row])).await;
    let rows = client.expense_history(id).await.unwrap();
    assert_eq!(last(&server).await.0, format!("GET /prod/v1/expenses/{id}/history"));
    let change = Replaced::CategoryId {
        was: None,
        now: Some(id),
    };
    assert_eq!((rows[0].revision, &rows[0].change), (9, &change));
    assert_eq!(client.history(8, 20).await.unwrap(), rows);
    assert_eq!(last(&server).await.0, "GET /prod/v1/history?since=8&limit=20");
}

#[tokio::test]
async fn budgets_and_alerts_have_their_paths() {
    let (server, client) = answering(json!([])).await;
    let (id, month) = (Uuid::now_v7(), "2026-11".parse().unwrap());
    let body = SetBudget {
        limit_minor: 5000,
        base_revision: None,
    };
    client.set_budget(month, id, body).await.unwrap();
    assert_eq!(
        last(&server).await,
        (
            format!("PUT /prod/v1/budgets/2026-11/{id}"),
            json!({ "limit_minor": 5000 }),
            true
        )
    );
    client.clear_budget(month, id, Some(7)).await.unwrap();
    assert_eq!(
        last(&server).await.0,
        format!("DELETE /prod/v1/budgets/2026-11/{id}?base_revision=7")
    );
    client.budgets(month).await.unwrap();
    assert_eq!(last(&server).await.0, "GET /prod/v1/budgets?month=2026-11");
    client.alerts(None).await.unwrap();
    assert_eq!(last(&server).await.0, "GET /prod/v1/alerts");
    client.alerts(Some(month)).await.unwrap();
    assert_eq!(last(&server).await.0, "GET /prod/v1/alerts?month=2026-11");
    client.mark_read(id).await.unwrap();
    assert_eq!(last(&server).await.0, format!("POST /prod/v1/alerts/{id}/read"));
    client.mark_all_read().await.unwrap();
    assert_eq!(last(&server).await.0, "POST /prod/v1/alerts/read");
    client.log_out().await.unwrap();
    assert_eq!(
        last(&server).await,
        ("POST /prod/v1/logout".to_owned(), json!({}), true)
    );
    client.categories().await.unwrap();
    assert_eq!(last(&server).await.0, "GET /prod/v1/categories");
}

#[tokio::test]
async fn the_month_start_is_changed_and_told() {
    let account = json!({ "name": "ada", "email": "a@b", "currency": "EUR", "time_zone": "UTC", "revision": 1,
        "month_start": 25 });
    let (server, client) = answering(account).await;
    let patch = AccountPatch { month_start: Some(25) };
    let account = client.edit_account(&patch).await.unwrap();
    assert_eq!(account.calendar.month_start(), 25);
    assert_eq!(
        last(&server).await,
        ("PATCH /prod/v1/account".to_owned(), json!({ "month_start": 25 }), true)
    );
}

#[tokio::test]
async fn logging_in_sends_no_old_session() {
    let account = json!({ "name": "ada", "email": "a@b", "currency": "EUR", "time_zone": "UTC", "revision": 0 });
    let (server, client) = answering(json!({ "token": "new", "account": account })).await;
    let login = LogIn {
        name: "ada".to_owned(),
        password: "pass word".to_owned(),
        code: None,
        label: None,
    };
    assert_eq!(client.log_in(&login).await.unwrap().token, "new");
    let body = json!({ "name": "ada", "password": "pass word" });
    assert_eq!(last(&server).await, ("POST /prod/v1/login".to_owned(), body, false));
}

#[tokio::test]
async fn predictions_are_asked_in_the_body() {
    let (server, client) = answering(json!({ "choices": [], "source": null, "because": "" })).await;
    assert_eq!(client.predict("lunch?", None).await.unwrap().choices, vec![]);
    assert_eq!(
        last(&server).await,
        (
            "POST /prod/v1/predict".to_owned(),
            json!({ "description": "lunch?" }),
            true
        )
    );
}

#[tokio::test]
async fn rules_merges_and_recategorizations_are_asked_for() {
    let (id, into) = (Uuid::now_v7(), Uuid::now_v7());
    let rule = json!({ "id": id, "pattern": "xkcd", "category_id": into, "category": "Fun", "hits": 3 });
    let (server, client) = answering(rule).await;
    let new = NewRule {
        id,
        pattern: "xkcd".to_owned(),
        category_id: into,
    };
    assert_eq!(client.add_rule(&new).await.unwrap().hits, 3);
    let body = json!({ "id": id, "pattern": "xkcd", "category_id": into });
    assert_eq!(last(&server).await, ("POST /prod/v1/rules".to_owned(), body, true));
    let patch = RulePatch {
        pattern: Some("xk*".to_owned()),
        ..RulePatch::default()
    };
    client.edit_rule(id, &patch).await.unwrap();
    let body = json!({ "pattern": "xk*" });
    assert_eq!(last(&server).await, (format!("PATCH /prod/v1/rules/{id}"), body, true));
    client.remove_rule(id).await.unwrap();
    assert_eq!(last(&server).await.0, format!("DELETE /prod/v1/rules/{id}"));
    let (server, client) = answering(json!({ "looked_at": 7, "changes": [], "next": "1.2" })).await;
    let wish = Recategorize {
        dry_run: true,
        ..Recategorize::default()
    };
    assert_eq!(client.recategorize(&wish).await.unwrap().next.as_deref(), Some("1.2"));
    let body = json!({ "dry_run": true });
    assert_eq!(
        last(&server).await,
        ("POST /prod/v1/expenses/recategorize".to_owned(), body, true)
    );
    let category = json!({ "id": into, "name": "Fun", "kind": "flexible" });
    let (server, client) = answering(category).await;
    assert_eq!(client.merge_category(id, into).await.unwrap().name, "Fun");
    let body = json!({ "into": into });
    assert_eq!(
        last(&server).await,
        (format!("POST /prod/v1/categories/{id}/merge"), body, true)
    );
}

#[tokio::test]
async fn every_page_is_followed_up_to_the_limit() {
    let server = MockServer::start().await;
    let page = |next: Option<&str>| {
        let body = json!({ "expenses": [an_expense(Uuid::now_v7()), an_expense(Uuid::now_v7())], "next": next });
        ResponseTemplate::new(200).set_body_json(body)
    };
    let expenses = || Mock::given(path("/prod/v1/expenses"));
    expenses()
        .and(query_param_is_missing("cursor"))
        .respond_with(page(Some("a&b")))
        .mount(&server)
        .await;
    expenses()
        .and(query_param("cursor", "a&b"))
        .respond_with(page(None))
        .mount(&server)
        .await;
    let client = v1(&base(&server), &ClientOptions::default());
    assert_eq!(client.all_expenses(ExpenseQuery::default()).await.unwrap().len(), 4);
    let three = ExpenseQuery {
        limit: Some(3),
        ..ExpenseQuery::default()
    };
    assert_eq!(client.all_expenses(three).await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_cursor_that_leads_nowhere_ends() {
    let (_server, client) = answering(json!({ "expenses": [an_expense(Uuid::now_v7())], "next": "again" })).await;
    assert_eq!(client.all_expenses(ExpenseQuery::default()).await.unwrap().len(), 2);
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let id = Uuid::from_u128(7);
    let (server, client) = answering(json!([{
        "id": id, "label": "phone", "created_at": 1, "last_seen": 2, "current": true,
    }]))
    .await;
    let listed = client.sessions().await.unwrap();
    assert_eq!(
        last(&server).await,
        ("GET /prod/v1/sessions".to_owned(), Value::Null, true)
    );
    assert!(listed[0].current && listed[0].id == id && listed[0].address.is_none());
    let _ = client.end_session(id).await;
    assert_eq!(last(&server).await.0, format!("DELETE /prod/v1/sessions/{id}"));
    let _ = client.end_other_sessions().await;
    assert_eq!(last(&server).await.0, "DELETE /prod/v1/sessions");
}

#[tokio::test]
async fn an_older_server_without_a_list_of_sessions_is_told_as_such() {
    let server = MockServer::start().await;
    let body = json!({"error": {"code": "not_found", "message": "There is nothing at this address."}});
    let answer = ResponseTemplate::new(404).set_body_json(body);
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let client = v1(&base(&server), &ClientOptions::default());
    for failure in [
        client.sessions().await.unwrap_err(),
        client.end_other_sessions().await.unwrap_err(),
    ] {
        assert!(
            failure.to_string().contains("does not list sessions. Update it."),
            "{failure}"
        );
    }
    let one = client.end_session(Uuid::nil()).await.unwrap_err();
    assert_eq!(one.to_string(), "There is nothing at this address.");
}
