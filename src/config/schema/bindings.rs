//! The keys of the keyboard.

use toml::Value;

use super::value::words;
use super::{BINDINGS, Key, Kind};

pub(super) static KEYS: [Key; 1] = [Key {
    name: BINDINGS,
    kind: Kind::Bindings,
    about: "Keys of your own: for each action a key, or a list of keys, in place of the usual ones.",
    take: |config, value| {
        let own = |(action, keys): (String, &Value)| (action, words(keys).map(str::to_owned).collect());
        config.keys = bindings(value).into_iter().map(own).collect();
        true
    },
    show: |config| {
        let entry = |(action, keys): (&String, &Vec<String>)| (action.clone(), Value::from(keys.clone()));
        Value::Table(config.keys.iter().map(entry).collect())
    },
}];

/// The actions of a table of keys. Those of one scope, `[keys.expenses]`, are called `expenses.delete`.
pub(in crate::config) fn bindings(value: &Value) -> Vec<(String, &Value)> {
    let entries = value.as_table().into_iter().flatten();
    entries
        .flat_map(|(name, value)| match value {
            Value::Table(scope) => scope
                .iter()
                .map(|(action, keys)| (format!("{name}.{action}"), keys))
                .collect(),
            keys => vec![(name.clone(), keys)],
        })
        .collect()
}
