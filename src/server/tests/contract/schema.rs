//! JSON Schema as far as the description uses it. A keyword that is not known here is a failure, so that nothing is
//! passed over; unlike JSON Schema, a field that is not described is one too.

use std::collections::{BTreeSet, HashMap};
use std::sync::{LazyLock, Mutex};

use jiff::civil::Date;
use regex::Regex;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::Contract;

/// What only explains.
const WORDS: [&str; 7] = [
    "description",
    "example",
    "examples",
    "default",
    "title",
    "deprecated",
    "$ref",
];

/// Whether fields that are not described are looked for: in the value itself, and inside of it.
#[derive(Clone, Copy)]
struct Closed {
    own: bool,
    inner: bool,
}

/// What in `value` is not as the schema says.
pub fn breaches(contract: &Contract, schema: &Value, value: &Value) -> Vec<String> {
    let mut check = Check {
        contract,
        found: Vec::new(),
    };
    let strict = Closed { own: true, inner: true };
    check.value(schema, value, "$", strict);
    check.found
}

struct Check<'a> {
    contract: &'a Contract,
    found: Vec<String>,
}

impl Check<'_> {
    fn wrong(&mut self, at: &str, what: impl std::fmt::Display) {
        self.found.push(format!("{at}: {what}"));
    }

    fn value(&mut self, schema: &Value, value: &Value, at: &str, closed: Closed) {
        let schema = self.contract.resolve(schema);
        let fields = schema.as_object().unwrap();
        for (keyword, rule) in fields {
            match keyword.as_str() {
                "type" => self.kind(rule, value, at),
                "enum" if !rule.as_array().unwrap().contains(value) => {
                    self.wrong(at, format!("{value} is not of {rule}"));
                }
                "oneOf" => self.one_of(rule, value, at),
                "allOf" => {
                    let part = Closed { own: false, ..closed };
                    rule.as_array()
                        .unwrap()
                        .iter()
                        .for_each(|one| self.value(one, value, at, part));
                }
                "minimum" | "maximum" | "minLength" | "maxLength" | "minItems" | "maxItems" => {
                    self.size(keyword, rule, value, at);
                }
                "pattern" => self.pattern(rule.as_str().unwrap(), value, at),
                "format" => self.format(rule.as_str().unwrap(), value, at),
                "items" => {
                    let inner = Closed {
                        own: closed.inner,
                        ..closed
                    };
                    for (place, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.value(rule, item, &format!("{at}[{place}]"), inner);
                    }
                }
                "properties" | "required" | "additionalProperties" | "propertyNames" | "enum" => {}
                word if WORDS.contains(&word) => {}
                other => panic!("teach this check the keyword {other}"),
            }
        }
        if let Value::Object(object) = value {
            self.object(schema, object, at, closed);
        }
    }

    fn object(&mut self, schema: &Value, object: &Map<String, Value>, at: &str, closed: Closed) {
        for name in schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            if !object.contains_key(name) {
                self.wrong(at, format!("{name} is missing"));
            }
        }
        // Beside an `allOf`, they only narrow what stands there.
        let narrow = closed.inner && schema.get("allOf").is_none();
        let inner = Closed {
            own: narrow,
            inner: narrow,
        };
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            if let Some(value) = object.get(name) {
                self.value(field, value, &format!("{at}.{name}"), inner);
            }
        }
        let described = self.names(schema);
        if closed.own && !described.is_empty() {
            for name in object.keys().filter(|name| !described.contains(name.as_str())) {
                self.wrong(at, format!("{name} is not described"));
            }
        }
    }

    /// The names of the fields that a schema describes.
    fn names(&self, schema: &Value) -> BTreeSet<String> {
        let schema = self.contract.resolve(schema);
        let own = schema["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone());
        let parts = ["allOf", "oneOf"]
            .into_iter()
            .filter_map(|word| schema[word].as_array());
        own.chain(parts.flatten().flat_map(|part| self.names(part))).collect()
    }

    fn kind(&mut self, rule: &Value, value: &Value, at: &str) {
        let is = |kind: &Value| match kind.as_str().unwrap() {
            "null" => value.is_null(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "string" => value.is_string(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            other => panic!("teach this check the type {other}"),
        };
        let fits = rule.as_array().map_or_else(|| is(rule), |kinds| kinds.iter().any(is));
        if !fits {
            self.wrong(at, format!("{value} is no {rule}"));
        }
    }

    fn one_of(&mut self, rule: &Value, value: &Value, at: &str) {
        let tries: Vec<Vec<String>> = rule
            .as_array()
            .unwrap()
            .iter()
            .map(|one| breaches(self.contract, one, value))
            .collect();
        if tries.iter().filter(|wrong| wrong.is_empty()).count() != 1 {
            self.wrong(at, format!("{value} is not exactly one of these: {tries:?}"));
        }
    }

    fn size(&mut self, keyword: &str, rule: &Value, value: &Value, at: &str) {
        let size = match keyword {
            "minimum" | "maximum" => value.as_i64(),
            "minLength" | "maxLength" => value.as_str().map(|text| i64::try_from(text.chars().count()).unwrap()),
            _ => value.as_array().map(|items| i64::try_from(items.len()).unwrap()),
        };
        let Some(size) = size else { return };
        let bound = rule.as_i64().unwrap();
        if (keyword.starts_with("min") && size < bound) || (keyword.starts_with("max") && size > bound) {
            self.wrong(at, format!("{size} is beyond {keyword} {bound}"));
        }
    }

    fn pattern(&mut self, pattern: &str, value: &Value, at: &str) {
        static READ: LazyLock<Mutex<HashMap<String, Regex>>> = LazyLock::new(Mutex::default);
        let Some(text) = value.as_str() else { return };
        let mut read = READ.lock().unwrap();
        let regex = read
            .entry(pattern.to_owned())
            .or_insert_with(|| Regex::new(pattern).unwrap());
        if !regex.is_match(text) {
            drop(read);
            self.wrong(at, format!("{text:?} does not match {pattern}"));
        }
    }

    fn format(&mut self, format: &str, value: &Value, at: &str) {
        let Some(text) = value.as_str() else { return };
        let fits = match format {
            "uuid" => Uuid::try_parse(text).is_ok_and(|id| id.hyphenated().to_string() == text),
            "date" => text.parse::<Date>().is_ok_and(|day| day.to_string() == text),
            "date-time" => text.parse::<jiff::Timestamp>().is_ok(),
            // Said of a number; what is no number is told elsewhere.
            "password" | "int64" => true,
            other => panic!("teach this check the format {other}"),
        };
        if !fits {
            self.wrong(at, format!("{text:?} is no {format}"));
        }
    }
}
