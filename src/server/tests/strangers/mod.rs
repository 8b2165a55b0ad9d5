//! What one user can do with the ids of another: nothing. The calls and the places of ids in them come from the
//! description, so a new one fails here until it has a row.

mod rows;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::contract::{Operation, contract};
use super::{Answer, App, PASSWORD};
use rows::{ROWS, Row, Verdict};

/// One user's things.
struct Things {
    token: String,
    expense: String,
    deleted: String,
    category: String,
    other_category: String,
    rule: String,
    alert: String,
    session: String,
    device: String,
}

impl Things {
    async fn of(app: &App, name: &str) -> Self {
        let token = app.user(name).await;
        let login = json!({"name": name, "password": PASSWORD});
        app.post("/v1/login", "", login).await;
        let (category, other_category) = (
            app.category(&token, "Dining").await,
            app.category(&token, "Transport").await,
        );
        app.limit(&token, "2026-11", &category, 1000).await;
        app.limit(&token, "2026-11", &other_category, 1000).await;
        let expense = app.spend(&token, &category, 5000, "2026-11-20").await;
        let deleted = app.spend(&token, &category, 100, "2026-11-20").await;
        let id = |thing: &Value| thing["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/expenses/{}", id(&deleted));
        app.call("DELETE", &path, &token, None).await;
        let rule = json!({"id": Uuid::now_v7(), "pattern": "nakamura", "category_id": category});
        let rule = app.post("/v1/rules", &token, rule).await.body;
        let device = Uuid::new_v4().to_string();
        let ops = json!({"device_id": device, "ops": [{"seq": 1, "do": {"read_alerts": {}}}]});
        assert_eq!(app.post("/v1/ops", &token, ops).await.status, 200);
        let sessions = app.get("/v1/sessions", &token).await.body;
        let other = sessions
            .as_array()
            .unwrap()
            .iter()
            .find(|session| session["current"] == false);
        Self {
            alert: id(&app.get("/v1/alerts", &token).await.body[0]),
            session: id(other.unwrap()),
            expense: id(&expense),
            deleted: id(&deleted),
            rule: id(&rule),
            token,
            category,
            other_category,
            device,
        }
    }

    /// Every id, with what it is of.
    fn ids(&self) -> [(&'static str, &str); 8] {
        [
            ("expense", &self.expense),
            ("deleted expense", &self.deleted),
            ("category", &self.category),
            ("other category", &self.other_category),
            ("rule", &self.rule),
            ("alert", &self.alert),
            ("session", &self.session),
            ("device", &self.device),
        ]
    }

    /// A row's text with these things in the places of their names.
    fn fill(&self, text: &str) -> String {
        let name = Uuid::new_v4().simple().to_string();
        text.replace("$expense", &self.expense)
            .replace("$category", &self.category)
            .replace("$other", &self.other_category)
            .replace("$rule", &self.rule)
            .replace("$alert", &self.alert)
            .replace("$session", &self.session)
            .replace("$new", &Uuid::now_v7().to_string())
            .replace("$name", &name)
    }

    /// Everything that the user can read.
    async fn dump(&self, app: &App) -> Map<String, Value> {
        let mut dump = Map::new();
        let reads = contract().operations().into_iter().filter(|o| {
            o.method == "get" && o.asks_for_session() && o.parameters("path").is_empty() && o.id() != "followChanges"
        });
        for operation in reads {
            let answer = app.get(operation.path, &self.token).await;
            assert_eq!(answer.status, 200, "{}: {answer:?}", operation.id());
            dump.insert(operation.id().to_owned(), answer.body);
        }
        assert!(dump.len() >= 9, "{:?}", dump.keys());
        dump
    }
}

/// Every place of a call where an id can be: `path id`, `query category_id`, `/places/0/id` in the body.
fn places(operation: &Operation) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for kind in ["path", "query"] {
        let ids = operation
            .parameters(kind)
            .into_iter()
            .filter(|(_, schema)| schema["format"] == "uuid");
        found.extend(ids.map(|(name, _)| format!("{kind} {name}")));
    }
    if let Some(schema) = operation.body() {
        collect(schema, "", &mut found);
    }
    found
}

fn collect(schema: &Value, at: &str, found: &mut BTreeSet<String>) {
    let schema = contract().resolve(schema);
    if schema["format"] == "uuid" {
        found.insert(at.to_owned());
    }
    for part in ["oneOf", "allOf"]
        .into_iter()
        .filter_map(|word| schema[word].as_array())
        .flatten()
    {
        collect(part, at, found);
    }
    if let Some(items) = schema.get("items") {
        collect(items, &format!("{at}/0"), found);
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        collect(field, &format!("{at}/{name}"), found);
    }
}

#[test]
fn every_place_of_an_id_has_a_row() {
    for operation in contract().operations() {
        let id = operation.id();
        for place in places(&operation) {
            let rows = ROWS.iter().filter(|row| row.call == id && row.place == place).count();
            assert_eq!(
                rows, 1,
                "{id} takes an id at \"{place}\": add one row to src/server/tests/strangers/rows.rs that says how a \
                 good request looks and what another user's id is answered there"
            );
        }
    }
    for row in ROWS {
        let operation = contract().operations().into_iter().find(|o| o.id() == row.call);
        let known = operation.is_some_and(|operation| places(&operation).contains(row.place));
        assert!(
            known,
            "{} has no id at \"{}\" any more: take its row away",
            row.call, row.place
        );
    }
}

/// The answer to a good request of `things` but for the id at the row's place.
async fn ask(app: &App, things: &Things, row: &Row, id: &str) -> Answer {
    let operation = contract()
        .operations()
        .into_iter()
        .find(|o| o.id() == row.call)
        .unwrap();
    let mut path = operation.path.replace("{month}", "2026-11");
    match row.place.split_once(' ') {
        Some(("path", name)) => path = path.replace(&format!("{{{name}}}"), id),
        Some((_, name)) => path = format!("{path}?{name}={id}"),
        None => {}
    }
    for name in ["{id}", "{category_id}"] {
        path = path.replace(name, &things.fill(row.whose));
    }
    let mut body = (!row.body.is_empty()).then(|| serde_json::from_str::<Value>(&things.fill(row.body)).unwrap());
    if row.place.starts_with('/') {
        *body.as_mut().unwrap().pointer_mut(row.place).unwrap() = json!(id);
    }
    app.call(&operation.method.to_uppercase(), &path, &things.token, body)
        .await
}

/// What an answer says, without the id that was asked for.
fn said(answer: &Answer, id: &str) -> (u16, String) {
    (answer.status, answer.body.to_string().replace(id, "ID"))
}

#[tokio::test]
async fn another_users_ids_are_ids_of_nothing() {
    let app = App::new();
    let (ada, eve) = (Things::of(&app, "ada").await, Things::of(&app, "eve").await);
    let before = ada.dump(&app).await;
    // Those that make something of the id come last: from then on it is an id of one's own.
    let (making, others): (Vec<&Row>, Vec<&Row>) = ROWS.iter().partition(|row| matches!(row.verdict, Verdict::Own));
    for row in others.into_iter().chain(making) {
        let at = format!("{} {}", row.call, row.place);
        for (kind, id) in ada.ids() {
            let nothing = Uuid::now_v7().to_string();
            let unknown = ask(&app, &eve, row, &nothing).await;
            let foreign = ask(&app, &eve, row, id).await;
            let refused = foreign.body["results"][0]["status"] == "refused";
            match row.verdict {
                Verdict::NotFound => assert_eq!(foreign.code(), "not_found", "{at}, {kind}: {foreign:?}"),
                Verdict::Invalid => assert_eq!(foreign.code(), "invalid", "{at}, {kind}: {foreign:?}"),
                Verdict::RefusedOp => assert!(foreign.status == 200 && refused, "{at}, {kind}: {foreign:?}"),
                Verdict::Own => {
                    // A client chooses it: the same id of two users is two things. Once used, it stays so.
                    let good = [200, 201, 204, 409].contains(&foreign.status) && unknown.status < 300;
                    assert!(good, "{at}, {kind}: {foreign:?} {unknown:?}");
                    continue;
                }
                Verdict::Nothing => assert_eq!(foreign.status, 200, "{at}, {kind}: {foreign:?}"),
            }
            assert_eq!(said(&foreign, id), said(&unknown, &nothing), "{at}, {kind}");
        }
        assert_eq!(ada.dump(&app).await, before, "{at} changed something of another user");
    }
}

/// The rows would find nothing if their requests were wrong in another way: with one's own ids they are answered well.
#[tokio::test]
async fn the_same_requests_with_ones_own_ids_are_good() {
    for row in ROWS {
        let app = App::new();
        let eve = Things::of(&app, "eve").await;
        let id = eve.fill(row.own);
        let answer = ask(&app, &eve, row, &id).await;
        let refused = answer.body["results"][0]["status"] == "refused";
        assert!(
            answer.status < 300 && !refused,
            "{} {}: {answer:?}",
            row.call,
            row.place
        );
    }
}

/// Tokens that are none, for a user who has a session.
async fn no_tokens(app: &App, token: &str) -> Vec<(String, String)> {
    let other = app.user("bob").await;
    let login = json!({"name": "ada", "password": PASSWORD});
    let ended = app.post("/v1/login", "", login).await.body["token"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(app.call("POST", "/v1/logout", &ended, None).await.status, 204);
    let (user, secret) = token
        .rsplit_once('_')
        .map(|(head, _)| head)
        .zip(other.rsplit('_').next())
        .unwrap();
    let mut tokens = vec![
        ("ended".to_owned(), ended),
        ("of another user".to_owned(), format!("{user}_{secret}")),
        ("cut".to_owned(), token[..token.len() - 1].to_owned()),
        ("longer".to_owned(), format!("{token}A")),
        ("no token".to_owned(), "x".to_owned()),
        ("the start alone".to_owned(), "bt1_".to_owned()),
        ("of another version".to_owned(), token.replace("bt1", "bt2")),
    ];
    let at = token.len() - 20;
    let other_letter = if &token[at..=at] == "A" { "B" } else { "A" };
    tokens.push((
        "one letter off".to_owned(),
        format!("{}{other_letter}{}", &token[..at], &token[at + 1..]),
    ));
    tokens
}

#[tokio::test]
async fn nobody_comes_in_without_a_session() {
    let app = App::new();
    let token = app.user("ada").await;
    let mut headers: Vec<(String, Option<String>)> = vec![
        ("nothing".to_owned(), None),
        ("another scheme".to_owned(), Some(format!("Basic {token}"))),
        ("no scheme".to_owned(), Some(token.clone())),
        ("no token".to_owned(), Some("Bearer".to_owned())),
    ];
    for (kind, bad) in no_tokens(&app, &token).await {
        headers.push((kind, Some(format!("Bearer {bad}"))));
    }
    let mut calls = 0;
    for operation in contract().operations().iter().filter(|o| o.asks_for_session()) {
        let path = operation
            .path
            .replace("{month}", "2026-11")
            .replace("{id}", &Uuid::now_v7().to_string());
        let path = path.replace("{category_id}", &Uuid::now_v7().to_string());
        for (kind, header) in &headers {
            // The session comes first: what else is wrong with a request is nobody's business.
            let mut request = super::request(
                &operation.method.to_uppercase(),
                &format!("{path}?token={token}"),
                "",
                None,
            );
            if let Some(header) = header {
                request.headers_mut().insert("authorization", header.parse().unwrap());
            }
            let answer = app.answer(request).await;
            assert_eq!(
                (answer.status, answer.code()),
                (401, "unauthorized"),
                "{}, {kind}: {answer:?}",
                operation.id()
            );
            calls += 1;
        }
    }
    assert!(calls > 400, "{calls}");
    app.set_time("2028-01-01T00:00:00Z");
    let answer = app.get("/v1/account", &token).await;
    assert_eq!(
        (answer.status, answer.code()),
        (401, "unauthorized"),
        "a session that was not used for long"
    );
}

/// One bit of 256 is another secret.
#[tokio::test]
async fn no_bit_of_a_token_is_free() {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let app = App::new();
    let token = app.user("ada").await;
    let (head, secret) = token.split_at(token.len() - 43);
    let secret = URL_SAFE_NO_PAD.decode(secret).unwrap();
    for bit in 0..256 {
        let mut flipped = secret.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let bad = format!("{head}{}", URL_SAFE_NO_PAD.encode(flipped));
        assert_eq!(app.get("/v1/account", &bad).await.status, 401, "bit {bit}");
    }
    assert_eq!(app.get("/v1/account", &token).await.status, 200);
}
