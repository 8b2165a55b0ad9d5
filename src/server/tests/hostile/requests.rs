//! Made-up requests: a call of the description, its example, and what is wrong with both.

use axum::body::Body;
use axum::http::{HeaderValue, Method, Request, header};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

use super::super::contract::{Operation, contract};

/// What stands where an example had something else; JSON, or nearly.
const ODD: [&str; 34] = [
    "null",
    "true",
    "-0",
    "0",
    "-1",
    "1",
    "1e400",
    "-1e400",
    "NaN",
    "1.5",
    "1e2",
    "01",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "18446744073709551616",
    "\"\"",
    "\" \"",
    "[]",
    "{}",
    "[null]",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\u202e\"",
    "\"2026-02-30\"",
    "\"9999-12\"",
    "\"0000-00-00\"",
    "\"'; DROP TABLE expenses; --\"",
    "\"%_\\\\\"",
    "\"1969-12-31\"",
    "\"9999-12-31\"",
    "\"00000000-0000-0000-0000-000000000000\"",
    "\"=1+1\"",
    "{\"$ref\": \"#\"}",
];

/// What is done to an example.
#[derive(Clone, Debug)]
enum Twist {
    Replace(String),
    Remove,
    Twice(String),
}

/// What is done to a body as a whole.
#[derive(Clone, Debug)]
enum Shape {
    AsItIs,
    Cut(Index),
    Behind(Vec<u8>),
    Bytes(Vec<u8>),
    Nested(u16),
    Absent,
}

/// A request before it is written out.
#[derive(Clone, Debug)]
pub struct Draft {
    pub call: Index,
    /// Whether it is one of the calls that hash a password.
    pub costly: bool,
    method: Option<&'static str>,
    parts: Vec<(Index, String)>,
    query: Vec<(Index, String)>,
    twists: Vec<(Index, Twist)>,
    shape: Shape,
    kind: &'static str,
    authorization: Option<Vec<u8>>,
}

fn odd() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(&ODD[..]).prop_map(str::to_owned),
        2 => any::<String>().prop_map(|text| Value::from(text).to_string()),
        1 => any::<i64>().prop_map(|number| number.to_string()),
        1 => "\\PC{0,300}".prop_map(|text| Value::from(text).to_string()),
    ]
}

fn twist() -> impl Strategy<Value = Twist> {
    prop_oneof![
        6 => odd().prop_map(Twist::Replace),
        1 => Just(Twist::Remove),
        1 => odd().prop_map(Twist::Twice),
    ]
}

fn shape() -> impl Strategy<Value = Shape> {
    prop_oneof![
        20 => Just(Shape::AsItIs),
        1 => any::<Index>().prop_map(Shape::Cut),
        1 => vec(any::<u8>(), 1..20).prop_map(Shape::Behind),
        1 => vec(any::<u8>(), 0..200).prop_map(Shape::Bytes),
        1 => (1_u16..10_000).prop_map(Shape::Nested),
        1 => Just(Shape::Absent),
    ]
}

pub fn draft() -> impl Strategy<Value = Draft> {
    let text = prop_oneof![3 => "[-+0-9a-zA-Z%.:/ ]{0,24}", 1 => "\\PC{0,40}"];
    let others = select(
        &[
            "GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT",
        ][..],
    );
    let kinds = select(
        &[
            "text/plain",
            "",
            "application/xml",
            "application/json; charset=latin1",
            "multipart/form-data",
        ][..],
    );
    (
        (any::<Index>(), prop_oneof![39 => Just(false), 1 => Just(true)]),
        prop_oneof![19 => Just(None), 1 => others.prop_map(Some)],
        vec((any::<Index>(), text.clone()), 3),
        vec((any::<Index>(), text), 0..4),
        vec((any::<Index>(), twist()), 0..4),
        shape(),
        prop_oneof![19 => Just("application/json"), 1 => kinds],
        prop_oneof![19 => Just(None), 1 => vec(any::<u8>(), 0..120).prop_map(Some)],
    )
        .prop_map(
            |((call, costly), method, parts, query, twists, shape, kind, authorization)| Draft {
                call,
                costly,
                method,
                parts,
                query,
                twists,
                shape,
                kind,
                authorization,
            },
        )
}

impl Draft {
    pub fn request(&self, call: &Operation, token: &str, ids: &[String]) -> Request<Body> {
        let method = self.method.map_or_else(|| call.method.to_uppercase(), str::to_owned);
        let own = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
        let sent = self
            .authorization
            .as_ref()
            .and_then(|bytes| HeaderValue::from_bytes(bytes).ok());
        Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(self.address(call, ids))
            .header(header::AUTHORIZATION, sent.unwrap_or(own))
            .header(header::CONTENT_TYPE, self.kind)
            .body(Body::from(self.body(call, ids)))
            .unwrap()
    }

    /// The path with its parts filled in, and a query of known and unknown names.
    fn address(&self, call: &Operation, ids: &[String]) -> String {
        let mut parts = self.parts.iter();
        let mut filled = Vec::new();
        for part in call.path.split('/') {
            if let (true, Some((choice, odd))) = (part.starts_with('{'), parts.next()) {
                // Half of them lead somewhere.
                let good = if part == "{month}" { "2026-11" } else { choice.get(ids) };
                let text = if odd.len() % 2 == 1 { odd } else { good };
                filled.push(escaped(text));
            } else {
                filled.push(part.to_owned());
            }
        }
        let known: Vec<&str> = call
            .parameters("query")
            .into_iter()
            .map(|(name, _)| name)
            .chain(["more"])
            .collect();
        let query: Vec<String> = self
            .query
            .iter()
            .map(|(name, value)| format!("{}={}", name.get(&known), escaped(value)))
            .collect();
        format!("{}?{}", filled.join("/"), query.join("&"))
    }

    fn body(&self, call: &Operation, ids: &[String]) -> Vec<u8> {
        let example = call.body().map(|schema| &contract().resolve(schema)["examples"][0]);
        let mut body = twisted(example.unwrap_or(&Value::Null), &self.twists, ids).into_bytes();
        match &self.shape {
            Shape::AsItIs => {}
            Shape::Cut(at) => body.truncate(at.index(body.len().max(1))),
            Shape::Behind(more) => body.extend(more),
            Shape::Bytes(bytes) => body.clone_from(bytes),
            Shape::Nested(depth) => body = "[".repeat(usize::from(*depth)).into_bytes(),
            Shape::Absent => body.clear(),
        }
        body
    }
}

/// Letters and digits as they are, the rest by its bytes.
fn escaped(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}

/// The example with ids that lead somewhere, as text, since what takes the place of a value may be no JSON.
fn twisted(example: &Value, twists: &[(Index, Twist)], ids: &[String]) -> String {
    let mut body = example.clone();
    let mut texts = Vec::new();
    for (place, twist) in twists {
        let pointers = pointers(&body);
        let pointer = place.get(&pointers);
        if let Some(value) = body.pointer_mut(pointer) {
            match twist {
                Twist::Replace(text) => {
                    *value = Value::from(format!("@{}@", texts.len()));
                    texts.push(text.clone());
                }
                Twist::Twice(text) => {
                    let (_, name) = pointer.rsplit_once('/').unwrap_or_default();
                    let first = value.to_string();
                    *value = Value::from(format!("@{}@", texts.len()));
                    texts.push(format!("{first}, {}: {text}", Value::from(name)));
                }
                Twist::Remove => *value = Value::Null,
            }
        }
    }
    if let (Some(id), Some((place, _))) = (body.get_mut("category_id"), twists.first()) {
        *id = Value::from(place.get(ids).as_str());
    }
    let mut text = body.to_string();
    for (number, raw) in texts.iter().enumerate() {
        text = text.replace(&format!("\"@{number}@\""), raw);
    }
    text
}

/// Every place in a body.
fn pointers(value: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut below =
        |name: &str, inner: &Value| found.extend(pointers(inner).iter().map(|rest| format!("/{name}{rest}")));
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, inner)| below(name, inner)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, inner)| below(&at.to_string(), inner)),
        _ => {}
    }
    found
}
