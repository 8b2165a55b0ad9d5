//! The files for administrators name what is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use budget_tracker::config::server::{ServerFile, names};
use budget_tracker::server::Limits;

use crate::support::program::{Home, outcome};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/deploy");

fn text(name: &str) -> String {
    fs::read_to_string(Path::new(FOLDER).join(name)).unwrap()
}

/// The words of a text that begin with `start`, up to what no name has.
fn words(text: &str, start: &str) -> BTreeSet<String> {
    let in_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    text.match_indices(start)
        .filter(|(at, _)| !text[..*at].ends_with(in_name))
        .map(|(at, _)| text[at..].chars().take_while(|c| in_name(*c)).collect())
        .collect()
}

fn help(command: &str) -> String {
    let outcome = outcome(&mut Home::new().run(&format!("{command} --help")));
    assert_eq!(outcome.code, 0);
    outcome.out
}

#[test]
fn every_flag_and_variable_exists() {
    let known = help("serve") + &help("server-certificate") + &help("") + &help("signup") + &help("invite");
    let (flags, variables) = (words(&known, "--"), words(&known, "BUDGET_TRACKER_"));
    let unit = text("budget-tracker.service");
    let start = unit.lines().find(|line| line.starts_with("ExecStart=")).unwrap();
    let compose = text("compose.yaml");
    let command = compose
        .lines()
        .find(|line| line.contains("command: [\"serve\""))
        .unwrap();
    let readme = text("README.md");
    let mut ours = readme
        .lines()
        .filter(|line| line.starts_with("budget-tracker "))
        .collect::<Vec<_>>();
    ours.extend([start, command]);
    assert!(ours.len() >= 6, "{ours:?}");
    for line in ours {
        for flag in words(line, "--") {
            assert!(flags.contains(&flag), "{flag} is not known: {line}");
        }
    }
    for file in [
        "budget-tracker.env",
        "budget-tracker.service",
        "compose.yaml",
        "Dockerfile",
        "server.toml",
    ] {
        for variable in words(&text(file), "BUDGET_TRACKER_") {
            assert!(variables.contains(&variable), "{variable} is not known: {file}");
        }
    }
}

#[test]
fn the_commented_file_has_every_key_and_is_read_without_its_comments() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("server.toml");
    let commented = text("server.toml");
    let is_key = |line: &&str| !line.starts_with("# ") && !["", "#"].contains(line);
    let lines: Vec<&str> = commented
        .lines()
        .filter(is_key)
        .map(|line| line.trim_start_matches('#'))
        .collect();
    fs::write(&file, lines.join("\n")).unwrap();
    let read = ServerFile::read(&file).unwrap();
    assert!(read.listen.is_some() && read.outside.is_some());
    let usual = Limits::default();
    let limits = (usual.connections, usual.connections_per_address, usual.requests);
    let shown = (
        read.max_connections,
        read.max_connections_per_address,
        read.max_requests,
    );
    assert_eq!(
        shown,
        (Some(limits.0), Some(limits.1), Some(limits.2)),
        "not what is usual"
    );
    for name in names() {
        let there = |line: &&str| line.starts_with(&format!("{name} =")) || **line == format!("[{name}]");
        assert!(lines.iter().any(there), "{name} is missing");
    }
    // As it stands it only says where the unit may write.
    fs::write(&file, commented).unwrap();
    let read = ServerFile::read(&file).unwrap();
    assert!(read.listen.is_none() && read.outside.is_none());
    assert_eq!(read.data_dir.as_deref(), Some(Path::new("/var/lib/budget-tracker")));
}

#[test]
fn the_unit_hardens_and_waits_for_the_server() {
    let unit = text("budget-tracker.service");
    let set = |wanted: &str| unit.lines().any(|line| line == wanted);
    for line in [
        "Type=notify",
        "ExecReload=/bin/kill -HUP $MAINPID",
        "DynamicUser=yes",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "MemoryDenyWriteExecute=yes",
        "SystemCallFilter=@system-service",
    ] {
        assert!(set(line), "{line} is missing");
    }
    for line in unit
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with(['#', '[']))
    {
        let (name, value) = line.split_once('=').unwrap();
        assert!(name.chars().all(char::is_alphanumeric) && !value.is_empty(), "{line}");
    }
    let image = text("Dockerfile");
    assert!(image.contains("USER 10001") && image.contains("HEALTHCHECK") && image.contains("--locked"));
}
