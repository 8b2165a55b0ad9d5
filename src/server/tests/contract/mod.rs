//! Every answer of every test is held against `/v1/openapi.json`: its status, its headers, its body.

mod document;
pub mod schema;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use axum::http::response::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};

use crate::server::routes::openapi::document;

/// The description, and where the calls of each address are in it.
pub struct Contract {
    pub document: Value,
}

/// A call that the description names.
#[derive(Clone, Copy)]
pub struct Operation<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub described: &'a Value,
}

impl<'a> Operation<'a> {
    /// The schema of its body.
    pub fn body(&self) -> Option<&'a Value> {
        self.described.pointer("/requestBody/content/application~1json/schema")
    }

    pub fn id(&self) -> &str {
        self.described["operationId"].as_str().unwrap()
    }

    /// The names of its parameters of this kind (`path`, `query`), each with its schema.
    pub fn parameters(&self, kind: &str) -> Vec<(&str, &Value)> {
        let all = self.described["parameters"].as_array().into_iter().flatten();
        all.filter(|parameter| parameter["in"] == kind)
            .map(|parameter| (parameter["name"].as_str().unwrap(), &parameter["schema"]))
            .collect()
    }

    pub fn asks_for_session(&self) -> bool {
        self.described.get("security").is_some()
    }
}

/// The description that the server gives with the classic calls turned on, as in these tests.
pub fn contract() -> &'static Contract {
    static CONTRACT: OnceLock<Contract> = OnceLock::new();
    CONTRACT.get_or_init(|| Contract {
        document: document(true).unwrap(),
    })
}

impl Contract {
    pub fn operations(&self) -> Vec<Operation<'_>> {
        let paths = self.document["paths"].as_object().unwrap().iter();
        paths
            .flat_map(|(path, item)| {
                let methods = item.as_object().unwrap().iter();
                methods.map(move |(method, described)| Operation {
                    method,
                    path,
                    described,
                })
            })
            .collect()
    }

    /// What stands at the end of a reference.
    pub fn resolve<'a>(&'a self, mut part: &'a Value) -> &'a Value {
        while let Some(target) = part.get("$ref").and_then(Value::as_str) {
            let found = self.document.pointer(target.strip_prefix('#').unwrap());
            part = found.unwrap_or_else(|| panic!("{target} is not in the description"));
        }
        part
    }

    /// The calls of the address that a path belongs to; a part that is written out goes before one that varies.
    fn at(&self, path: &str) -> BTreeMap<&str, Operation<'_>> {
        let mut fitting: Vec<_> = self.operations().into_iter().filter(|o| fits(o.path, path)).collect();
        fitting.sort_by_key(|operation| operation.path.matches('{').count());
        let Some(first) = fitting.first().map(|operation| operation.path) else {
            return BTreeMap::new();
        };
        let same = fitting.into_iter().filter(|operation| operation.path == first);
        same.map(|operation| (operation.method, operation)).collect()
    }

    /// The described answer, or what is wrong with a status.
    fn answer(&self, (method, path): &(Method, String), status: StatusCode) -> Result<Value, String> {
        let calls = self.at(path);
        let method = if *method == Method::HEAD { &Method::GET } else { method };
        let refusal = |expected: StatusCode| {
            let body = json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}}});
            let wrong = || format!("it must be {expected}: no such call is described");
            (status == expected).then_some(body).ok_or_else(wrong)
        };
        if calls.is_empty() {
            return refusal(StatusCode::NOT_FOUND);
        }
        let Some(call) = calls.get(method.as_str().to_lowercase().as_str()) else {
            let classic = calls.values().any(|call| call.described["tags"] == json!(["classic"]));
            return if classic {
                // A wrong method is a wrong request to these calls.
                Ok(self
                    .resolve(&calls.values().next().unwrap().described["responses"]["400"])
                    .clone())
            } else {
                refusal(StatusCode::METHOD_NOT_ALLOWED)
            };
        };
        let described = call.described["responses"].get(status.as_str());
        let described = described.ok_or_else(|| format!("{} does not describe it", call.id()))?;
        Ok(self.resolve(described).clone())
    }
}

/// Whether a path belongs to an address such as `/v1/expenses/{id}`.
fn fits(address: &str, path: &str) -> bool {
    let (mut wanted, mut found) = (address.split('/'), path.split('/'));
    loop {
        match (wanted.next(), found.next()) {
            (None, None) => return true,
            (Some(part), Some(text)) if part == text || (part.starts_with('{') && !text.is_empty()) => {}
            _ => return false,
        }
    }
}

/// Checks the status and the headers of an answer.
#[track_caller]
pub fn check_head(asked: &(Method, String), response: &Response) {
    let described = contract()
        .answer(asked, response.status())
        .unwrap_or_else(|wrong| panic!("{asked:?} was answered {}: {wrong}", response.status()));
    check_headers(asked, &described, response.headers());
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        check_allow(asked, response.headers());
    }
}

#[track_caller]
fn check_headers(asked: &(Method, String), described: &Value, headers: &HeaderMap) {
    for (name, header) in described["headers"].as_object().into_iter().flatten() {
        let header = contract().resolve(header);
        let Some(value) = headers.get(name) else {
            assert!(header["required"] != true, "{asked:?} lacks the header {name}");
            continue;
        };
        let text = value.to_str().unwrap();
        let typed = match header["schema"]["type"].as_str() {
            Some("integer") => json!(text.parse::<i64>().unwrap()),
            _ => json!(text),
        };
        let wrong = schema::breaches(contract(), &header["schema"], &typed);
        assert!(wrong.is_empty(), "{asked:?}, header {name}: {wrong:?}");
    }
    assert!(headers.contains_key("x-request-id"), "{asked:?} lacks its id");
    assert_eq!(headers[header::CACHE_CONTROL], "no-store", "{asked:?}");
}

#[track_caller]
fn check_allow(asked: &(Method, String), headers: &HeaderMap) {
    let told = headers[header::ALLOW].to_str().unwrap();
    let mut told: Vec<String> = told.split(',').map(|method| method.trim().to_lowercase()).collect();
    // Where there is GET, there is HEAD.
    told.retain(|method| method != "head");
    told.sort_unstable();
    let described: Vec<&str> = contract().at(&asked.1).into_keys().collect();
    assert_eq!(told, described, "{asked:?}: the methods of Allow");
}

/// Checks the body of an answer.
#[track_caller]
pub fn check_body(asked: &(Method, String), parts: &Parts, body: &[u8]) {
    let described = contract().answer(asked, parts.status).unwrap();
    let Some(content) = described["content"].as_object().filter(|_| asked.0 != Method::HEAD) else {
        assert!(body.is_empty(), "{asked:?}: a body where none is described");
        return;
    };
    let told = parts.headers[header::CONTENT_TYPE].to_str().unwrap();
    let essence = told.split(';').next().unwrap().trim();
    let described = content.get(essence);
    let described = described.unwrap_or_else(|| panic!("{asked:?}: the type {essence} is not described"));
    if essence == "application/json" {
        let body = serde_json::from_slice(body).unwrap_or_else(|e| panic!("{asked:?}: no JSON: {e}"));
        let wrong = schema::breaches(contract(), &described["schema"], &body);
        assert!(wrong.is_empty(), "{asked:?} was answered {body}: {wrong:#?}");
    }
}
