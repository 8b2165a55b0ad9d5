//! What `SECURITY.md` claims: every test that it names is there, and its sheet has every row once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::visit;

const DOCUMENT: &str = include_str!("../../SECURITY.md");

/// The sections of OWASP ASVS 5.0, and how many of their requirements are of level 1 or 2: always the first ones.
const SECTIONS: &str = "\
    1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 \
    4.2:1 4.3:2 4.4:4 5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 \
    7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 \
    10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 \
    13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 \
    16.4:3 16.5:3 17.1:1 17.2:4 17.3:2";

/// One line of the sheet.
struct Line<'a> {
    rows: Vec<String>,
    state: &'a str,
    proof: &'a str,
}

#[test]
fn the_sheet_has_every_row_of_both_levels_once() {
    let rows_of = |section: &'static str| {
        let (section, count) = section.split_once(':').unwrap();
        (1..=count.parse::<usize>().unwrap()).map(move |row| format!("{section}.{row}"))
    };
    let wanted: BTreeSet<String> = SECTIONS.split_whitespace().flat_map(rows_of).collect();
    assert_eq!(wanted.len(), 70 + 183);
    let mut found = BTreeSet::new();
    for line in sheet() {
        for row in line.rows {
            assert!(found.insert(row.clone()), "{row} is there twice");
        }
    }
    let difference: Vec<_> = wanted.symmetric_difference(&found).collect();
    assert!(difference.is_empty(), "missing or unknown: {difference:?}");
}

#[test]
fn the_sheet_is_counted_rightly() {
    let mut counts = BTreeMap::from([("met", 0), ("n.a.", 0), ("not met", 0)]);
    for line in sheet() {
        let count = counts.get_mut(line.state);
        *count.unwrap_or_else(|| panic!("{}: what is {:?}?", line.rows[0], line.state)) += line.rows.len();
    }
    let told = format!(
        "**{} are met, {} do not apply, {} are not met.**",
        counts["met"], counts["n.a."], counts["not met"]
    );
    assert!(DOCUMENT.contains(&told), "SECURITY.md does not say {told:?}");
}

#[test]
fn what_is_met_is_proven_by_tests_that_exist() {
    let sources = sources();
    for line in sheet() {
        let names: Vec<&str> = line.proof.split('`').skip(1).step_by(2).collect();
        if line.state == "met" {
            let by_construction = line.proof.contains("by construction: ");
            assert!(by_construction || !names.is_empty(), "{}: no proof", line.rows[0]);
        }
        assert!(line.proof.len() > 3, "{}: no reason", line.rows[0]);
        for name in names {
            assert!(is_test(&sources, name), "{}: there is no test {name}", line.rows[0]);
        }
    }
}

/// The lines of every table whose first column holds row numbers.
fn sheet() -> Vec<Line<'static>> {
    let begins_with_number = |line: &&str| {
        let cell = line.strip_prefix("| ").unwrap_or_default();
        cell.starts_with(|c: char| c.is_ascii_digit())
    };
    DOCUMENT.lines().filter(begins_with_number).map(read).collect()
}

/// Reads `| 1.2.3 | subject | state | proof |`; the first cell may be a range within a section, `1.2.3-1.2.5`.
fn read(line: &'static str) -> Line<'static> {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let [rows, _, state, proof] = cells[..] else {
        panic!("not four cells: {line}")
    };
    let (first, last) = rows.split_once('-').unwrap_or((rows, rows));
    let split = |row: &'static str| -> (&str, usize) {
        let (section, number) = row.rsplit_once('.').unwrap();
        (section, number.parse().unwrap())
    };
    let ((section, from), (same, to)) = (split(first), split(last));
    assert_eq!(section, same, "{rows} is of two sections");
    Line {
        rows: (from..=to).map(|row| format!("{section}.{row}")).collect(),
        state,
        proof,
    }
}

/// Whether a function of this name has an attribute that makes it a test.
fn is_test(sources: &str, name: &str) -> bool {
    sources.match_indices(&format!("fn {name}(")).any(|(at, _)| {
        let attributes = sources[..at].rsplit("\n\n").next().unwrap();
        attributes.contains("test]") || attributes.contains("test(")
    })
}

/// The text of all code and tests.
fn sources() -> String {
    let mut all = String::new();
    for folder in ["src", "tests"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        visit(&folder, &mut |_, text| all.push_str(text));
    }
    all
}
