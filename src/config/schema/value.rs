//! What a value of the file says, and putting it into the configuration.

use std::str::FromStr;

use toml::Value;

pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

pub(super) fn number(value: &Value) -> Option<u16> {
    u16::try_from(value.as_integer()?).ok()
}

pub(super) fn is_auto(value: &Value) -> bool {
    text(value).trim().eq_ignore_ascii_case(crate::config::AUTO)
}

pub(super) fn switch(value: &Value) -> Option<bool> {
    match value.as_str() {
        Some(word) if word.eq_ignore_ascii_case("on") => Some(true),
        Some(word) if word.eq_ignore_ascii_case("off") => Some(false),
        _ => value.as_bool(),
    }
}

/// The words of a list; a single one is a list too.
pub(super) fn words(value: &Value) -> impl Iterator<Item = &str> {
    let list = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    list.iter().filter_map(Value::as_str)
}

pub(super) fn parse<T: FromStr>(value: &Value, slot: &mut T) -> bool {
    put(text(value).trim().parse().ok(), slot)
}

pub(super) fn put<T>(value: Option<T>, slot: &mut T) -> bool {
    value.map(|value| *slot = value).is_some()
}
