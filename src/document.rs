//! A TOML text key by key: the values, the line that each stands in, and the mistakes found among them.

use std::collections::BTreeMap;
use std::fmt;

use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

use crate::domain::nearest::nearest;
use crate::domain::text::printable;

/// The longest key or value that a message quotes, in characters.
const QUOTED: usize = 64;

/// What is wrong with one key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mistake {
    /// In which line, counted from 1, if it stands in one.
    pub line: Option<u32>,
    /// Which key, with its table: `theme`, `keys.quit`.
    pub key: String,
    /// What is wrong with it, the rest of a sentence: `cannot be "drak"`.
    pub problem: String,
    /// What to write instead, a sentence.
    pub advice: String,
}

impl fmt::Display for Mistake {
    /// `line 3: "theme" cannot be "drak"`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        let key: String = printable(&self.key).chars().take(QUOTED).collect();
        write!(f, "\"{key}\" {}", self.problem)
    }
}

/// A text and where its keys are.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Document {
    values: Table,
    lines: BTreeMap<String, u32>,
}

impl Document {
    /// The `values` that were read from `text`.
    #[must_use]
    pub fn new(values: Table, text: &str) -> Self {
        let (table, _) = DeTable::parse_recoverable(text);
        let mut lines = BTreeMap::new();
        // The start of each line, to count them once.
        let starts: Vec<usize> = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        collect("", table.get_ref(), &starts, &mut lines);
        Self { values, lines }
    }

    /// The keys that stand in no table, and the tables.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// The value of a key that stands in no table.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.values.get(key)
    }

    /// In which line a key stands, counted from 1; `keys.quit` is the key `quit` of the table `keys`.
    #[must_use]
    pub fn line(&self, key: &str) -> Option<u32> {
        self.lines.get(key).copied()
    }

    /// A mistake in the line of `key`.
    #[must_use]
    pub fn mistake(&self, key: &str, problem: impl Into<String>, advice: impl Into<String>) -> Mistake {
        Mistake {
            line: self.line(key),
            key: key.to_owned(),
            problem: problem.into(),
            advice: advice.into(),
        }
    }
}

fn collect(table: &str, entries: &DeTable<'_>, starts: &[usize], lines: &mut BTreeMap<String, u32>) {
    for (key, value) in entries {
        let path = if table.is_empty() {
            key.get_ref().to_string()
        } else {
            format!("{table}.{}", key.get_ref())
        };
        let line = starts.partition_point(|&start| start <= key.span().start);
        if let DeValue::Table(inner) = Spanned::get_ref(value) {
            collect(&path, inner, starts, lines);
        }
        lines.insert(path, u32::try_from(line).unwrap_or(u32::MAX));
    }
}

/// `cannot be "drak"`, for the value of a key.
#[must_use]
pub fn cannot_be(value: &Value) -> String {
    match value {
        Value::Table(_) => "cannot be a table".to_owned(),
        Value::Array(_) => "cannot be a list like this".to_owned(),
        value => {
            let text = value.to_string();
            let shown: String = printable(&text).chars().take(QUOTED).collect();
            format!("cannot be {shown}")
        }
    }
}

/// `Did you mean "dark"?`, or all the words that could be meant.
#[must_use]
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(word, known.iter().copied()) {
        Some(word) => format!("Did you mean \"{word}\"?"),
        None => format!("Write one of: {}.", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Document {
        Document::new(toml::from_str(text).unwrap(), text)
    }

    #[test]
    fn every_key_knows_its_line() {
        let document = read(
            "# first\na = 1\n\n\"b c\" = \"two\nlines\"\n"
                .replace("two\nlines", "x")
                .as_str(),
        );
        assert_eq!((document.line("a"), document.line("b c")), (Some(2), Some(4)));
        let nested = read("a = 1\r\n[keys]\r\nquit = \"q\"\r\nother = [\r\n1]\r\n[dark]\r\ntext = { rgb = 1 }");
        let lines = [
            "a",
            "keys",
            "keys.quit",
            "keys.other",
            "dark.text",
            "dark.text.rgb",
            "b",
        ]
        .map(|key| nested.line(key));
        assert_eq!(lines, [Some(1), Some(2), Some(3), Some(4), Some(7), Some(7), None]);
    }

    #[test]
    fn a_mistake_says_where_it_is_and_steers_no_terminal() {
        let document = read("x = 1\n\"a\\u001b[31m\" = 2\n");
        let mistake = document.mistake("a\u{1b}[31m", "is not a key", "");
        assert_eq!(mistake.to_string(), "line 2: \"a\u{fffd}[31m\" is not a key");
        assert!(!cannot_be(&Value::String("\u{9b}x".repeat(100))).contains('\u{9b}'));
    }

    #[test]
    fn a_slip_gets_a_word_and_a_stranger_the_list() {
        assert_eq!(did_you_mean("drak", ["auto", "dark"]), "Did you mean \"dark\"?");
        assert_eq!(did_you_mean("purple", ["auto", "dark"]), "Write one of: auto, dark.");
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in "\\PC{0,80}|([a-c]\\.?[a-c]? = [1{}\\[\\]x\"]{1,3}\n){0,4}") {
            let document = Document::new(Table::new(), &text);
            let last = u32::try_from(text.split('\n').count()).unwrap();
            prop_assert!(document.lines.values().all(|&line| (1..=last).contains(&line)));
        }
    }
}
