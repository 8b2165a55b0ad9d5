//! The JSON schema of the file.

use serde_json::json;
use strum::IntoEnumIterator;

use crate::app::keymap::{Action, Scope};

use super::{Key, Kind, SECTIONS, Section};
use crate::config::Config;

/// The JSON schema of the file, for editors that check and complete it.
#[must_use]
pub fn json_schema() -> serde_json::Value {
    let of = |section: &Section| {
        section
            .keys
            .iter()
            .map(|key| (key.leaf().to_owned(), key.schema()))
            .collect()
    };
    let mut properties = serde_json::Map::new();
    for section in &SECTIONS {
        let keys: serde_json::Map<_, _> = of(section);
        match section.table {
            None => properties.extend(keys),
            Some(table) => {
                let table_of = json!({"type": "object", "additionalProperties": false, "properties": keys});
                properties.insert(table.to_owned(), table_of);
            }
        }
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of Budget Tracker",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

impl Key {
    /// What the JSON schema says of it.
    fn schema(&self) -> serde_json::Value {
        let mut schema = match &self.kind {
            Kind::Text(_, example) => json!({"type": "string", "examples": [example]}),
            Kind::Choice(known) => json!({"enum": known}),
            Kind::Choices(known) => json!({"type": "array", "items": {"enum": known}}),
            Kind::Number(range) => json!({"type": "integer", "minimum": range.start(), "maximum": range.end()}),
            Kind::NumberOrAuto(range) => json!({"anyOf": [
                {"enum": [crate::config::AUTO]},
                {"type": "integer", "minimum": range.start(), "maximum": range.end()},
            ]}),
            Kind::Switch => json!({"enum": [true, false, "on", "off"]}),
            Kind::Bindings => bindings_schema(),
        };
        schema["description"] = self.about.into();
        schema["default"] = json!(self.value(&Config::default()));
        schema
    }
}

/// For every action a key or a list of keys; the same in a table of one scope, or with the scope before a point.
fn bindings_schema() -> serde_json::Value {
    let keys = json!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]});
    let actions: serde_json::Map<_, _> = Action::iter()
        .map(|action| (action.name().to_owned(), keys.clone()))
        .collect();
    let scope = json!({"type": "object", "additionalProperties": keys});
    let mut all: serde_json::Map<_, _> = Scope::iter().map(|of| (of.name().to_owned(), scope.clone())).collect();
    all.extend(actions);
    json!({
        "type": "object",
        "properties": all,
        "patternProperties": {"^[a-z-]+\\.[a-z-]+$": keys},
        "additionalProperties": false,
    })
}
