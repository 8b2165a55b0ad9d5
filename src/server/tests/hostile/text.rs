//! Text that people write: what steers a terminal is refused in every field, what looks like SQL is text.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use uuid::Uuid;

use super::super::contract::contract;
use super::super::{Answer, App, PASSWORD};

/// Every field of a request that holds what people write: its schema, its name, and the call that takes it.
const WRITTEN: [(&str, &str, &str); 12] = [
    ("SignUp", "name", "POST /v1/signup"),
    ("SignUp", "email", "POST /v1/signup"),
    ("SignUp", "label", "POST /v1/signup"),
    ("LogIn", "label", "POST /v1/login"),
    ("NewExpense", "description", "POST /v1/expenses"),
    ("ExpensePatch", "description", "PATCH /v1/expenses/$expense"),
    ("PredictRequest", "description", "POST /v1/predict"),
    ("NewCategory", "name", "POST /v1/categories"),
    ("CategoryPatch", "name", "PATCH /v1/categories/$category"),
    ("NewRule", "pattern", "POST /v1/rules"),
    ("RulePatch", "pattern", "PATCH /v1/rules/$rule"),
    ("SignUp", "time_zone", "POST /v1/signup"),
];

/// What is compared with what is stored, and never stored or shown itself.
const COMPARED: [(&str, &str); 2] = [("LogIn", "name"), ("Recategorize", "cursor")];

/// C0, DEL, C1, line separators, bidirectional controls, what is not seen.
fn hidden() -> Vec<char> {
    let ranges = [
        '\0'..='\u{1f}',
        '\u{7f}'..='\u{9f}',
        '\u{2028}'..='\u{202e}',
        '\u{2060}'..='\u{2064}',
        '\u{2066}'..='\u{2069}',
        '\u{200b}'..='\u{200c}',
        '\u{200e}'..='\u{200f}',
        '\u{feff}'..='\u{feff}',
        '\u{ad}'..='\u{ad}',
        '\u{e0041}'..='\u{e0042}',
    ];
    ranges.into_iter().flatten().collect()
}

const SQL: [&str; 20] = [
    "'",
    "''",
    "\"",
    "`",
    ";",
    "--",
    "/*",
    "*/",
    "\\",
    "%",
    "_",
    "$1",
    "?1",
    ":a",
    "@a",
    "' OR '1'='1",
    "'; DROP TABLE expenses; --",
    "' UNION SELECT pw_phc FROM users --",
    "$$; DELETE FROM users; $$",
    "E'\\x27'",
];

struct Writer {
    app: App,
    token: String,
    expense: String,
    category: String,
    rule: String,
}

impl Writer {
    async fn new() -> Self {
        let app = App::new();
        let token = app.user("ada").await;
        let category = app.category(&token, "Dining").await;
        let expense = app.spend(&token, &category, 5000, "2026-11-20").await;
        let rule = json!({"id": Uuid::now_v7(), "pattern": "nakamura", "category_id": category});
        let rule = app.post("/v1/rules", &token, rule).await.body;
        Self {
            expense: expense["id"].as_str().unwrap().to_owned(),
            rule: rule["id"].as_str().unwrap().to_owned(),
            app,
            token,
            category,
        }
    }

    /// A good request but for the text in its field.
    async fn write(&self, (schema, field, call): (&str, &str, &str), text: &str) -> Answer {
        let name = format!("n{}", Uuid::new_v4().simple());
        let mut body = match schema {
            "SignUp" => json!({"name": name, "email": "a@example.org", "password": PASSWORD}),
            "LogIn" => json!({"name": "ada", "password": PASSWORD}),
            "NewExpense" => json!({"id": Uuid::now_v7(), "description": name, "amount_minor": 100}),
            "NewCategory" => json!({"id": Uuid::now_v7(), "name": name, "kind": "flexible"}),
            "NewRule" => json!({"id": Uuid::now_v7(), "pattern": name, "category_id": self.category}),
            _ => json!({}),
        };
        body[field] = json!(text);
        let (method, path) = call.split_once(' ').unwrap();
        let path = path
            .replace("$expense", &self.expense)
            .replace("$category", &self.category)
            .replace("$rule", &self.rule);
        self.app.call(method, &path, &self.token, Some(body)).await
    }
}

#[test]
fn every_field_that_people_write_is_known_here() {
    let known: BTreeSet<(&str, &str)> = WRITTEN
        .iter()
        .map(|(schema, field, _)| (*schema, *field))
        .chain(COMPARED)
        .collect();
    for operation in contract()
        .operations()
        .iter()
        .filter(|o| o.described["deprecated"] != true)
    {
        let Some(name) = operation.body().and_then(|schema| schema["$ref"].as_str()) else {
            continue;
        };
        let name = name.rsplit('/').next().unwrap();
        let schema = &contract().document["components"]["schemas"][name];
        for (field, described) in schema["properties"].as_object().into_iter().flatten() {
            let written = described["maxLength"].is_number() && described["format"].is_null();
            assert!(
                !written || known.contains(&(name, field)),
                "people write {name}.{field}: add it to WRITTEN in src/server/tests/hostile/text.rs"
            );
        }
    }
}

#[tokio::test]
async fn what_is_not_seen_is_refused_with_the_name_of_its_field() {
    let writer = Writer::new().await;
    for written in WRITTEN {
        for c in hidden() {
            let answer = writer.write(written, &format!("a{c}b")).await;
            let found = (answer.status, answer.code(), answer.field());
            assert_eq!(
                found,
                (400, "invalid", written.1),
                "{written:?} with U+{:04X}: {answer:?}",
                u32::from(c)
            );
        }
        let answer = writer.write(written, "a\u{200d}").await;
        assert_eq!(answer.status, 400, "{written:?}: a joiner that joins nothing");
    }
}

#[tokio::test]
async fn text_is_kept_in_its_normal_form() {
    let writer = Writer::new().await;
    let expense = writer.write(WRITTEN[4], " Cafe\u{301} ").await;
    assert_eq!(expense.body["description"], "Caf\u{e9}");
    let category = writer.write(WRITTEN[7], "Cafe\u{301}").await;
    assert_eq!(category.body["name"], "Caf\u{e9}");
}

#[tokio::test]
async fn what_looks_like_sql_is_text() {
    let writer = Writer::new().await;
    let app = &writer.app;
    let mut cases = 0;
    for sql in SQL {
        for written in &WRITTEN[3..11] {
            // A rule and a category keep what another one has.
            let text = format!("{} {sql}", written.0);
            let answer = writer.write(*written, &text).await;
            assert!(
                answer.status < 300 || answer.status == 400,
                "{written:?}, {sql}: {answer:?}"
            );
            // A name may be too long with it.
            if answer.status < 300 && matches!(written.1, "description" | "name") && written.0 != "PredictRequest" {
                assert_eq!(answer.body[written.1], text, "{written:?}");
            }
            cases += 1;
        }
        let text = format!("NewExpense {sql}");
        let query: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        for (path, statuses) in [
            (format!("/v1/expenses?filter={query}"), [200, 200]),
            (format!("/v1/expenses?cursor={query}"), [400, 400]),
            (format!("/v1/changes?since={query}"), [400, 400]),
            (format!("/v1/expenses?category_id={query}"), [400, 400]),
            (format!("/v1/summary?month={query}"), [400, 400]),
        ] {
            let answer = app.get(&path, &writer.token).await;
            assert!(statuses.contains(&answer.status), "{path}: {answer:?}");
            cases += 1;
        }
        // The whole text is found as it was written, and a wildcard finds nothing more.
        let nobody = json!({"name": text, "password": PASSWORD});
        assert_eq!(
            app.post("/v1/login", "", nobody).await.code(),
            "bad_credentials",
            "{sql}"
        );
        cases += 1;
    }
    assert!(cases >= 200, "{cases}");
    let page = app.get("/v1/expenses?limit=1000", &writer.token).await.body;
    let expenses: Vec<&Value> = page["expenses"].as_array().unwrap().iter().collect();
    assert_eq!(
        expenses.len(),
        SQL.len() + 1,
        "one for each, and the one from the beginning"
    );
    assert_eq!(app.get("/v1/account", &writer.token).await.body["name"], "ada");
}
