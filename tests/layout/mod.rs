//! Imports point one way, as `src/lib.rs` says, and what is pure stays pure.

mod security;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Each module of the crate, and the modules it may import.
const MAY_IMPORT: [(&str, &[&str]); 16] = [
    ("domain", &[]),
    ("zone", &[]),
    ("document", &["domain"]),
    ("api", &["domain"]),
    ("categorize", &["api", "domain"]),
    ("chart", &["api", "domain"]),
    ("config", &["app", "categorize", "document", "domain", "ui"]),
    ("ui", &["api", "document", "domain"]),
    ("app", &["api", "domain", "ui"]),
    ("client", &["api", "domain", "zone"]),
    ("server", &["api", "categorize", "domain", "zone"]),
    ("reach", &["api", "client", "config", "domain", "server"]),
    (
        "plain",
        &["api", "client", "config", "domain", "reach", "server", "zone"],
    ),
    (
        "tui",
        &[
            "api", "app", "chart", "client", "config", "domain", "reach", "server", "ui", "zone",
        ],
    ),
    (
        "cli",
        &[
            "app",
            "api",
            "categorize",
            "chart",
            "client",
            "config",
            "document",
            "domain",
            "plain",
            "reach",
            "server",
            "tui",
            "ui",
            "zone",
        ],
    ),
    ("main", &["cli"]),
];

/// Modules without effects: what they need of the world is handed to them.
const PURE: [&str; 6] = ["domain", "document", "api", "categorize", "ui", "app"];

/// What has effects, or knows the time.
const EFFECTS: [&str; 12] = [
    "tokio::",
    "reqwest::",
    "axum::",
    "rusqlite::",
    "std::env::",
    "std::fs",
    "std::net::",
    "std::process",
    "std::thread",
    "Instant::now",
    "SystemTime::now",
    "Timestamp::now",
];

#[test]
fn imports_point_one_way() {
    let mut found = Vec::new();
    visit(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
        &mut |path, text| {
            found.extend(breaches(path, text));
        },
    );
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn planted_breaches_are_found() {
    for (path, text, wanted) in [
        ("app/sync.rs", "use crate::client::Client;", "client"),
        (
            "server/mod.rs",
            "fn f() { crate::client::retry(crate::domain::x()) }",
            "client",
        ),
        (
            "domain/money.rs",
            "use crate::{\n    domain::Month,\n    api::{Summary, Alert},\n};",
            "api",
        ),
        (
            "ui/bar.rs",
            "pub(in crate::app) use self::x;\nuse crate :: app::Model;",
            "app",
        ),
        (
            "app/overview/view.rs",
            "use super::super::super::server::Store;",
            "server",
        ),
        ("app/mod.rs", "use super::tui;", "tui"),
        ("app/update.rs", "let handle = tokio::spawn(work);", "tokio::"),
        (
            "domain/day.rs",
            "let today = jiff::Timestamp::now(); // a comment",
            "Timestamp::now",
        ),
        ("news/mod.rs", "", "news"),
        ("main.rs", "budget_tracker::server::run()", "server"),
    ] {
        let found = breaches(Path::new(path), text);
        assert!(found.iter().any(|breach| breach.contains(wanted)), "{text}: {found:?}");
    }
    for (path, text) in [
        (
            "app/sync.rs",
            "// crate::client is not for us\nuse crate::domain::Month;\nuse super::server_words;",
        ),
        ("tui/calls.rs", "use crate::client::Client;\nuse tokio::spawn;"),
        ("server/store/mod.rs", "use super::api;"),
        ("main.rs", "budget_tracker::cli::run()"),
    ] {
        assert_eq!(breaches(Path::new(path), text), [""; 0], "{text}");
    }
}

/// Calls `each` with every source file, its path counted from `folder`.
fn visit(folder: &Path, each: &mut impl FnMut(&Path, &str)) {
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                each(path.strip_prefix(folder).unwrap(), &fs::read_to_string(&path).unwrap());
            }
        }
    }
}

/// What is wrong in one file: a sentence each.
fn breaches(path: &Path, text: &str) -> Vec<String> {
    let mut parts: Vec<&str> = path.iter().map(|part| part.to_str().unwrap()).collect();
    let file = parts.pop().unwrap().trim_end_matches(".rs");
    if file != "mod" {
        parts.push(file);
    }
    let module = parts[0];
    if module == "lib" {
        return Vec::new();
    }
    let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == module) else {
        return vec![format!(
            "{module} is new: say in tests/layout/mod.rs what it may import"
        )];
    };
    let code: String = text
        .lines()
        .map(|line| line.split("//").next().unwrap())
        .collect::<Vec<_>>()
        .join("\n");
    let at = path.display();
    let imports = imports(&code, parts.len());
    let wrong = imports
        .iter()
        .filter(|name| *name != module && !allowed.contains(&name.as_str()));
    let mut found: Vec<String> = wrong
        .map(|name| format!("{at}: {module} must not import {name}"))
        .collect();
    if PURE.contains(&module) {
        let effects = EFFECTS.iter().filter(|effect| code.contains(**effect));
        found.extend(effects.map(|effect| format!("{at}: {module} is pure and must not use {effect}")));
    }
    found
}

/// The crate's own modules that `code` names, from a module `depth` levels below the crate.
fn imports(code: &str, depth: usize) -> BTreeSet<String> {
    let code: String = code
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace(" :: ", "::");
    let mut found = BTreeSet::new();
    for root in [
        "crate::".to_owned(),
        "budget_tracker::".to_owned(),
        "super::".repeat(depth),
    ] {
        for (at, _) in code.match_indices(&root) {
            let before = code[..at].chars().next_back();
            if before.is_none_or(|before| !before.is_alphanumeric() && before != '_') {
                found.extend(heads(&code[at + root.len()..]));
            }
        }
    }
    found.retain(|name| MAY_IMPORT.iter().any(|(known, _)| known == name));
    found
}

/// The first names of a path: one, or those of a group in braces.
fn heads(path: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        let text = text.trim_start();
        text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let Some(group) = path.strip_prefix('{') else {
        return vec![name(path)];
    };
    let (mut open, mut names, mut begin) = (1, Vec::new(), 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        if open == 0 || (open == 1 && c == ',') {
            names.push(name(&group[begin..at]));
            begin = at + 1;
        }
        if open == 0 {
            break;
        }
    }
    names
}
