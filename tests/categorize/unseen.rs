//! What the model learns from holds nothing of the descriptions that it is measured on.
//!
//! Those are `fresh.csv` and the file that `BUDGET_TRACKER_UNSEEN_CSV` names (a column `description`). A near copy is a phrase of the hand-written lists that has the same words as one of them, whatever their
//! order, case, accents and marks, and at least three: a word or two are what a list of words is made of. Brands and
//! shop words that published sources carry are theirs.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Fewest words of a near copy.
const FEWEST: usize = 3;

type Words = Vec<String>;

/// The words of a text, folded and in order of the alphabet.
fn words(text: &str) -> Words {
    let kept = |c: &char| !is_combining_mark(*c) && !matches!(c, '\'' | '’');
    let folded: String = text.nfkd().filter(kept).flat_map(char::to_lowercase).collect();
    let mut words: Words = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.sort();
    words
}

fn column(path: &Path, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let at = reader
        .headers()
        .unwrap()
        .iter()
        .position(|found| found == name)
        .unwrap();
    reader.records().map(|row| row.unwrap()[at].to_owned()).collect()
}

/// Phrases that have the words of one of the unseen descriptions, and are not carried by others.
fn near_copies<'p>(phrases: &'p [String], unseen: &[String], carried: &[String]) -> Vec<&'p str> {
    let unseen: BTreeSet<Words> = unseen
        .iter()
        .map(|text| words(text))
        .filter(|found| found.len() >= FEWEST)
        .collect();
    let carried: BTreeSet<Words> = carried.iter().map(|text| words(text)).collect();
    let copy = |phrase: &&String| unseen.contains(&words(phrase)) && !carried.contains(&words(phrase));
    phrases.iter().filter(copy).map(String::as_str).collect()
}

fn assets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/categorize")
}

fn listed(names: &[&str]) -> Vec<String> {
    names
        .iter()
        .flat_map(|name| column(&assets().join(name), "phrase"))
        .collect()
}

/// The lists that were written for this program after its first one.
const OURS: [&str; 5] = [
    "lexicon/europe.csv",
    "lexicon/everyday.csv",
    "lexicon/heads.csv",
    "lexicon/north_america.csv",
    "lexicon/uk_commonwealth.csv",
];
const CARRIED: [&str; 4] = ["brands.csv", "places.csv", "codes.csv", "lexicon/core.csv"];

#[test]
fn near_copies_are_found() {
    let text = |texts: &[&str]| -> Vec<String> { texts.iter().map(|text| (*text).to_owned()).collect() };
    let phrases = text(&["milk, eggs & Bréad", "dog food", "rent a car", "wire fee abroad"]);
    let unseen = text(&["bread milk eggs", "dog food", "RENT-A-CAR", "wire fee"]);
    assert_eq!(
        near_copies(&phrases, &unseen, &[]),
        ["milk, eggs & Bréad", "rent a car"]
    );
    assert_eq!(
        near_copies(&phrases, &unseen, &text(&["Car, rent a"])),
        ["milk, eggs & Bréad"]
    );
}

#[test]
fn no_list_is_forgotten() {
    let mut found: Vec<String> = fs::read_dir(assets().join("lexicon"))
        .unwrap()
        .map(|entry| format!("lexicon/{}", entry.unwrap().file_name().to_string_lossy()))
        .collect();
    found.sort();
    let mut known: Vec<&str> = OURS.into_iter().chain(["lexicon/core.csv"]).collect();
    known.sort_unstable();
    assert_eq!(found, known);
    assert!(listed(&OURS).len() > 80_000);
}

#[test]
fn what_is_measured_is_not_learned() {
    let (copies, carried) = (listed(&OURS), listed(&CARRIED));
    let fresh = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/categorize/fresh.csv");
    // Two people wrote the same; they did not read each other.
    let by_chance = near_copies(&copies, &column(&fresh, "description"), &carried);
    let by_chance: BTreeSet<Words> = by_chance.into_iter().map(words).collect();
    assert!(by_chance.len() <= 5, "{by_chance:?}");
    if let Some(path) = env::var_os("BUDGET_TRACKER_UNSEEN_CSV").map(PathBuf::from) {
        let found = near_copies(&copies, &column(&path, "description"), &carried);
        assert_eq!(found, [""; 0], "{}", path.display());
    }
}
