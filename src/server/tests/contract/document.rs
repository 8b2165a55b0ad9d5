//! The description itself: complete, sound, and of exactly the routes that are there.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::App;
use super::{Operation, contract, schema};

/// The calls that need no session.
const OPEN: [&str; 6] = ["hello", "signUp", "logIn", "isAlive", "isReady", "describe"];

#[track_caller]
fn text<'a>(of: &'a Value, name: &str, whose: &str) -> &'a str {
    let text = of[name].as_str().unwrap_or_default();
    assert!(!text.trim().is_empty(), "{whose} has no {name}: write one at the route");
    text
}

#[test]
fn every_call_says_what_it_is() {
    let mut ids = BTreeSet::new();
    for operation in contract().operations() {
        let (method, path) = (operation.method, operation.path);
        let whose = format!("{method} {path}");
        let id = text(operation.described, "operationId", &whose);
        assert!(
            ids.insert(id),
            "{whose}: another call is named {id} too: write operation_id = …"
        );
        assert!(
            id.starts_with(|c: char| c.is_ascii_lowercase()) && id.chars().all(|c| c.is_ascii_alphanumeric()),
            "{id}"
        );
        let summary = text(operation.described, "summary", &whose);
        assert!(
            !summary.contains('\n') && summary.ends_with('.'),
            "{whose}: its summary is one sentence: {summary:?}"
        );
        for parameter in operation.described["parameters"].as_array().into_iter().flatten() {
            text(parameter, "description", &format!("{whose}, {}", parameter["name"]));
        }
        let tags = contract().document["tags"].as_array().unwrap();
        let tag = &operation.described["tags"][0];
        assert!(
            tags.iter().any(|known| known["name"] == *tag),
            "{whose}: describe the tag {tag} in routes/openapi.rs"
        );
        let open = OPEN.contains(&id) || operation.described["deprecated"] == true;
        assert_eq!(
            operation.asks_for_session(),
            !open,
            "{whose}: say security((\"bearer\" = []))"
        );
    }
    assert!(ids.len() >= 40, "{}", ids.len());
}

#[test]
fn every_answer_is_described_by_its_own_status() {
    for operation in contract().operations() {
        let whose = operation.id();
        for (status, answer) in operation.described["responses"].as_object().unwrap() {
            let number: u16 = status
                .parse()
                .unwrap_or_else(|_| panic!("{whose}: {status} stands for many"));
            let answer = contract().resolve(answer);
            text(answer, "description", &format!("{whose}, {status}"));
            let body = answer.pointer("/content/application~1json/schema");
            assert!(number < 400 || body.is_some(), "{whose}, {status}");
        }
        let failures: Vec<&str> = operation.described["responses"]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        if operation.described["deprecated"] != true {
            for usual in ["408", "500", "503"] {
                assert!(failures.contains(&usual), "{whose}: add Failures to its responses");
            }
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn visit(part: &Value, found: &mut usize) {
        if part.get("$ref").is_some() {
            contract().resolve(part);
            *found += 1;
        }
        match part {
            Value::Array(items) => items.iter().for_each(|item| visit(item, found)),
            Value::Object(fields) => fields.values().for_each(|field| visit(field, found)),
            _ => {}
        }
    }
    let mut found = 0;
    visit(&contract().document, &mut found);
    assert!(found > 200, "{found}");
}

#[test]
fn every_body_has_an_example_that_is_one() {
    for operation in contract()
        .operations()
        .iter()
        .filter(|o| o.described["deprecated"] != true)
    {
        for schema in bodies(operation) {
            let named = schema.get("items").unwrap_or(schema);
            let Some(name) = named["$ref"].as_str() else { continue };
            let described = contract().resolve(named);
            let example = &described["examples"][0];
            assert!(
                !example.is_null(),
                "{}: write an example of {name} in routes/openapi/examples.rs",
                operation.id()
            );
            let wrong = schema::breaches(contract(), named, example);
            assert!(wrong.is_empty(), "{name}: {wrong:#?}");
        }
    }
    for (name, answer) in contract().document["components"]["responses"].as_object().unwrap() {
        let content = &answer["content"]["application/json"];
        for example in content["examples"].as_object().unwrap().values() {
            let wrong = schema::breaches(contract(), &content["schema"], &example["value"]);
            assert!(wrong.is_empty(), "{name}: {wrong:#?}");
        }
    }
}

fn bodies<'a>(operation: &Operation<'a>) -> Vec<&'a Value> {
    let answers = operation.described["responses"].as_object().unwrap().values();
    answers
        .filter_map(|answer| answer.pointer("/content/application~1json/schema"))
        .chain(operation.body())
        .collect()
}

#[test]
fn bodies_of_requests_are_closed_and_bounded() {
    fn visit(schema: &Value, at: &str) {
        let schema = contract().resolve(schema);
        for part in ["oneOf", "allOf"]
            .into_iter()
            .filter_map(|word| schema[word].as_array())
            .flatten()
        {
            visit(part, at);
        }
        if let Some(items) = schema.get("items") {
            assert!(schema["maxItems"].is_number(), "{at}: say max_items");
            visit(items, at);
        }
        let Some(fields) = schema["properties"].as_object() else {
            return;
        };
        assert_eq!(schema["additionalProperties"], false, "{at} takes unknown fields");
        for (name, field) in fields {
            let at = format!("{at}.{name}");
            text_or_reference(field, &at);
            let kinds = field["type"].to_string();
            if kinds.contains("string") {
                let said = ["format", "enum", "pattern", "maxLength"];
                assert!(
                    said.iter().any(|word| field.get(word).is_some()),
                    "{at}: say what text it takes"
                );
            }
            if kinds.contains("integer") {
                assert!(
                    field["minimum"].is_number() && field["maximum"].is_number(),
                    "{at}: say minimum and maximum"
                );
            }
            visit(field, &at);
        }
    }
    fn text_or_reference(field: &Value, at: &str) {
        let described =
            field.get("description").is_some() || field.get("$ref").is_some() || field.get("oneOf").is_some();
        assert!(described || field.get("enum").is_some(), "{at} is not described");
    }
    let mut bodies = 0;
    for operation in contract()
        .operations()
        .iter()
        .filter(|o| o.described["deprecated"] != true)
    {
        if let Some(schema) = operation.body() {
            visit(schema, operation.id());
            bodies += 1;
        }
    }
    assert!(bodies >= 17, "{bodies}");
}

/// What axum prints of a router holds each address that it knows, and those of its fallback.
fn addresses(router: &axum::Router) -> BTreeSet<String> {
    let printed = format!("{router:?}");
    let quoted = printed.split('"').skip(1).step_by(2);
    let own = quoted.filter(|text| text.len() > 1 && text.starts_with('/') && !text.contains("__private__"));
    own.map(str::to_owned).collect()
}

#[tokio::test]
async fn the_router_knows_the_described_addresses_and_no_others() {
    let app = App::new();
    let described: BTreeSet<String> = contract().operations().iter().map(|o| o.path.to_owned()).collect();
    let known = addresses(&app.router);
    assert!(known.len() >= 30, "{known:?}");
    let plain: Vec<_> = known.difference(&described).collect();
    assert!(
        plain.is_empty(),
        "{plain:?} are answered and not described: add them with routes!(…), not with .route(…)"
    );
    let gone: Vec<_> = described.difference(&known).collect();
    assert!(gone.is_empty(), "{gone:?} are described and not answered");
}

/// Without a session every call that exists answers something other than 405; the harness checks what 405 allows.
#[tokio::test]
async fn the_router_knows_the_described_methods_and_no_others() {
    let app = App::new();
    let paths: BTreeSet<&str> = contract().operations().iter().map(|o| o.path).collect();
    for path in paths {
        let methods: Vec<&str> = contract()
            .operations()
            .iter()
            .filter(|o| o.path == path)
            .map(|o| o.method)
            .collect();
        let classic = contract().document["paths"][path][methods[0]]["deprecated"] == true;
        let place = path
            .replace("{month}", "2026-11")
            .replace("{id}", "0197a000-0000-7000-8000-000000000000")
            .replace("{category_id}", "0197a000-0000-7000-8000-000000000000");
        for method in ["get", "put", "post", "delete", "patch", "options", "trace", "query"] {
            let answer = app.call(&method.to_uppercase(), &place, "", None).await;
            let expected = !methods.contains(&method) && !classic;
            assert_eq!(answer.status == 405, expected, "{method} {path}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn the_served_description_is_the_one_of_this_server() {
    let app = App::new();
    let served = app.get("/v1/openapi.json", "").await.body;
    assert_eq!(served, contract().document);
    assert!(served["openapi"].as_str().unwrap().starts_with("3.1"));
    let without = crate::server::routes::openapi::document(false).unwrap();
    assert!(without["paths"].get("/login").is_none() && served["paths"].get("/login").is_some());
    assert_eq!(
        without["components"]["securitySchemes"]["bearer"]["scheme"],
        json!("bearer")
    );
}
