//! What follows from the shape of a call, so that no route has to say it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{examples, failures};
use crate::domain::money::LARGEST_MINOR;

/// The methods that a path of the document may have.
pub const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// What no text may hold, as a class of characters. A zero-width joiner may stand inside of a letter.
const HIDDEN: &str = r"\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb";

/// Completes what the routes say of themselves.
pub(super) fn complete(document: &mut Value) {
    for_each_operation(document, |operation| {
        if operation.get("tags") == Some(&json!(["classic"])) {
            // They have failures of their own.
            operation.insert("deprecated".to_owned(), Value::Bool(true));
        } else {
            add_usual_failures(operation);
        }
        add_request_id(operation);
    });
    for name in asked(document) {
        hold_to_limits(&mut document["components"]["schemas"][name]);
    }
    for (name, example) in examples::all() {
        if let Some(schema) = document["components"]["schemas"].get_mut(name) {
            schema["examples"] = json!([example]);
        }
    }
    document["components"]["responses"] = Value::Object(failures::components());
    document["components"]["headers"] = json!({"RequestId": {
        "description": "Names this request in the log of the server.",
        "required": true,
        "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    }});
}

fn for_each_operation(document: &mut Value, mut each: impl FnMut(&mut Map<String, Value>)) {
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (_, item) in paths {
        for method in METHODS {
            if let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) {
                each(operation);
            }
        }
    }
}

/// A session may be missing, a parameter wrong, a body wrong, too large or no JSON.
fn add_usual_failures(operation: &mut Map<String, Value>) {
    let mut usual = Vec::new();
    if operation.contains_key("security") {
        usual.push(401);
    }
    let parameters = operation.get("parameters").and_then(Value::as_array);
    if parameters
        .into_iter()
        .flatten()
        .any(|parameter| parameter["in"] != "header")
    {
        usual.push(400);
    }
    if operation.contains_key("requestBody") {
        usual.extend([400, 413, 415]);
    }
    for status in usual {
        let refer = json!({"$ref": format!("#/components/responses/{}", failures::name(status))});
        operation["responses"][status.to_string()] = refer;
    }
}

fn add_request_id(operation: &mut Map<String, Value>) {
    for (_, answer) in operation["responses"].as_object_mut().into_iter().flatten() {
        if let Some(stream) = answer
            .pointer_mut("/content/text~1event-stream")
            .and_then(Value::as_object_mut)
        {
            // A schema would be one of each event, which is no text.
            stream.remove("schema");
        }
        if answer.get("$ref").is_none() {
            answer["headers"]["x-request-id"] = json!({"$ref": "#/components/headers/RequestId"});
        }
    }
}

/// The names of the schemas that bodies of requests are made of.
fn asked(document: &mut Value) -> BTreeSet<String> {
    let mut open = Vec::new();
    for_each_operation(document, |operation| {
        open.extend(operation.get("requestBody").map(named).into_iter().flatten());
    });
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop() {
        open.extend(named(&document["components"]["schemas"][&name]));
        // Each is looked into once.
        open.retain(|name| !found.contains(name));
        found.insert(name);
    }
    found
}

/// The schemas that a part of the document refers to.
fn named(part: &Value) -> Vec<String> {
    match part {
        Value::Array(items) => items.iter().flat_map(named).collect(),
        Value::Object(fields) => {
            let own = fields.get("$ref").and_then(Value::as_str);
            let own = own.and_then(|target| target.strip_prefix("#/components/schemas/"));
            fields.values().flat_map(named).chain(own.map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    }
}

/// Unknown fields are refused, numbers have a largest value, and what people write is text of one line.
fn hold_to_limits(schema: &mut Value) {
    let variants = schema.get_mut("oneOf").and_then(Value::as_array_mut);
    for variant in variants.into_iter().flatten() {
        hold_to_limits(variant);
    }
    let Some(schema) = schema
        .as_object_mut()
        .filter(|schema| schema.contains_key("properties"))
    else {
        return;
    };
    schema.insert("additionalProperties".to_owned(), Value::Bool(false));
    for (name, field) in schema["properties"].as_object_mut().into_iter().flatten() {
        hold_to_limits(field);
        if field["format"] == "int64" {
            let largest = if name.ends_with("_minor") {
                LARGEST_MINOR
            } else {
                i64::MAX
            };
            field["maximum"] = json!(largest);
        }
        let is_written = field["maxLength"].is_number() && field["format"].is_null();
        if is_written && field["pattern"].is_null() {
            field["pattern"] = json!(format!(r"^[^{HIDDEN}]*[^\s\u200d{HIDDEN}][^{HIDDEN}]*$"));
        }
    }
}
