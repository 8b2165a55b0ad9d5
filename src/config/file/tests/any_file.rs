//! Any file is safe, what is written is read back, and the JSON schema takes what the program takes.

use super::read;
use crate::config::file::*;
use proptest::prelude::*;

/// A value that the key takes, or nearly.
fn value_of(key: &'static Key) -> BoxedStrategy<Value> {
    let word = |words: &'static [&'static str]| prop::sample::select(words).prop_map(Value::from);
    match &key.kind {
        schema::Kind::Text(_, example) => {
            prop_oneof![Just(Value::from(*example)), "[a-z]{0,8}".prop_map(Value::from)].boxed()
        }
        schema::Kind::Choice(words) => word(words).boxed(),
        schema::Kind::Choices(words) => prop::collection::vec(word(words), 0..3).prop_map(Value::Array).boxed(),
        schema::Kind::Number(range) => (i64::from(*range.start()) - 2..=i64::from(*range.end()) + 2)
            .prop_map(Value::Integer)
            .boxed(),
        schema::Kind::NumberOrAuto(range) => prop_oneof![
            (i64::from(*range.start()) - 2..=i64::from(*range.end()) + 2).prop_map(Value::Integer),
            Just("auto".into())
        ]
        .boxed(),
        schema::Kind::Switch => prop_oneof![
            any::<bool>().prop_map(Value::Boolean),
            Just("on".into()),
            Just("yes".into())
        ]
        .boxed(),
        schema::Kind::Bindings => Just(Value::Table(
            [("quit".to_owned(), Value::from(vec!["Q", "F10"]))]
                .into_iter()
                .collect(),
        ))
        .boxed(),
    }
}

fn any_table() -> impl Strategy<Value = Table> {
    let keys: Vec<_> = schema::keys().collect();
    let entry = |key: &'static Key| value_of(key).prop_map(move |value| (key.name.to_owned(), value));
    prop::sample::subsequence(keys.clone(), 0..=keys.len())
        .prop_flat_map(move |keys| keys.into_iter().map(entry).collect::<Vec<_>>())
        .prop_map(nested)
}

/// Keys whose names have a table in front stand in it.
fn nested(entries: impl IntoIterator<Item = (String, Value)>) -> Table {
    let mut all = Table::new();
    for (name, value) in entries {
        match name.split_once('.') {
            None => {
                all.insert(name, value);
            }
            Some((table, leaf)) => {
                let inner = all.entry(table).or_insert_with(|| Value::Table(Table::new()));
                inner.as_table_mut().unwrap().insert(leaf.to_owned(), value);
            }
        }
    }
    all
}

/// What a schema of this file says of a value; as much of JSON Schema as the file's schema uses.
fn valid(schema: &serde_json::Value, value: &serde_json::Value) -> bool {
    let one_of = |list: &serde_json::Value| list.as_array().is_none_or(|list| list.contains(value));
    let within = |number: i64| {
        schema["minimum"].as_i64().is_none_or(|least| number >= least)
            && schema["maximum"].as_i64().is_none_or(|most| number <= most)
    };
    let typed = match schema["type"].as_str() {
        Some("string") => value.is_string(),
        Some("integer") => value.as_i64().is_some_and(within),
        Some("array") => value
            .as_array()
            .is_some_and(|list| list.iter().all(|item| valid(&schema["items"], item))),
        Some("object") => value.as_object().is_some_and(|entries| {
            entries.iter().all(|(key, value)| {
                let known = schema["properties"].get(key).unwrap_or(&schema["additionalProperties"]);
                *known != serde_json::Value::Bool(false) && valid(known, value)
            })
        }),
        _ => true,
    };
    let any = schema["anyOf"]
        .as_array()
        .is_none_or(|any| any.iter().any(|schema| valid(schema, value)));
    typed && any && one_of(&schema["enum"])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_read_back(table in any_table()) {
        if let Ok(config) = read(&table.to_string()).0 {
            let shown = nested(schema::keys().map(|key| (key.name.to_owned(), key.value(&config))));
            prop_assert_eq!(read(&shown.to_string()).0.unwrap(), config);
        }
    }

    #[test]
    fn the_schema_accepts_what_the_program_takes(table in any_table()) {
        let json = serde_json::to_value(&table).unwrap();
        if read(&table.to_string()).0.is_ok() {
            prop_assert!(valid(&schema::json_schema(), &json), "{}", table);
        }
    }

    #[test]
    fn any_file_is_safe(text in "\\PC{0,80}|([a-z_]{1,12} = [\"a-z0-9\\[\\]{}]{0,6}\n){0,5}") {
        let (_, kept) = read(&text);
        prop_assert_eq!(kept, text);
    }
}

#[test]
fn the_schema_refuses_what_the_program_refuses() {
    let refused = [
        "colour = 1",
        "bell = 3",
        "poll_seconds = 1",
        "glyphs = \"x\"",
        "alert_levels = [\"x\"]",
        "[categorize]\nask = \"never\"",
        "[categorize]\nother = 1",
        "keys = 5",
        "[keys]\nquit = 5",
    ];
    for text in refused {
        let table: Table = toml::from_str(text).unwrap();
        assert!(
            !valid(&schema::json_schema(), &serde_json::to_value(&table).unwrap()),
            "{text}"
        );
        assert!(read(text).0.is_err());
    }
}
