//! What the model that comes with the program knows, and what holds for any text.

use proptest::prelude::*;
use rstest::rstest;

use super::train::corpus::{Origin, Source};
use super::train::{Plan, train};
use super::*;

fn best(description: &str) -> Option<Guess> {
    Model::shared().guess(description).into_iter().next()
}

/// The probabilities, so that equal ones compare equal.
fn bits(description: &str) -> [u32; 20] {
    Model::shared().probabilities(description).map(f32::to_bits)
}

#[test]
fn everyday_descriptions_are_right() {
    let mut wrong = Vec::new();
    let mut reader = csv::Reader::from_reader(include_bytes!("golden.csv").as_slice());
    for row in reader.records().map(Result::unwrap) {
        let found = best(&row[0]).map(|guess| guess.category).unwrap_or_default();
        if found != row[1] {
            wrong.push(format!("{}: {found}, not {}", &row[0], &row[1]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[rstest]
#[case("lunch at chipotle", "Dining")]
#[case("weekly shop at aldi", "Groceries")]
#[case("TRADER JOE'S #123 SAN JOSE CA", "Groceries")]
#[case("SQ *BLUE BOTTLE 0421 OAKLAND CA", "Dining")]
#[case("AMZN Mktp US*2K4RT", "Shopping")]
#[case("CAFÉ NERO", "Dining")]
#[case("dog food", "Pets")]
#[case("Netflix.com", "Subscriptions")]
#[case("PG&E", "Utilities")]
#[case("birthday present for mum", "Gifts & Donations")]
#[case("Autoversicherung", "Insurance")]
fn is_sure_of_what_it_knows(#[case] description: &str, #[case] category: &str) {
    let guess = best(description).unwrap();
    assert_eq!(guess.category, category);
    assert!(guess.confidence >= 85, "{guess:?}");
    assert_eq!(guess.source, CategorySource::Model);
}

#[test]
fn says_when_it_is_unsure() {
    for description in ["PP*4421 XKCD STORE", "qwertz uiop"] {
        let guess = best(description).unwrap();
        assert!(guess.confidence < 60, "{guess:?}");
    }
}

#[test]
fn what_has_no_words_is_no_evidence() {
    for description in ["", "  ", "4471", "!!!", "12/03/2026", "東京"] {
        assert_eq!(Model::shared().guess(description), [], "{description}");
    }
}

#[test]
fn names_the_words_that_decided() {
    for (description, because) in [
        ("Lunch at Chipotle", "\"lunch\" and \"chipotle\" mean Dining"),
        ("Café Nero", "\"café nero\" means Dining"),
        ("dog food", "\"dog food\" means Pets"),
        ("SQ *VELORIA", "\"veloria\" looks like Dining"),
        ("Netflix NETFLIX", "\"netflix\" means Subscriptions"),
    ] {
        assert_eq!(best(description).unwrap().because, because);
    }
    let reasons = Model::shared().opinion("dog food for the cat").reasons(15);
    assert!(
        reasons
            .windows(2)
            .all(|pair| pair[0].weight.abs() >= pair[1].weight.abs())
    );
    assert_eq!(reasons[0].words, "dog food");
}

#[test]
fn the_file_is_whole_and_small() {
    assert_eq!(Model::check_built_in(), Ok(()), "train the model anew");
    assert!(include_bytes!("../../../assets/categorize/model.bin").len() <= 3_000_000);
}

const SMALL: &str = "phrase,category,kind\naldi,Groceries,merchant\nlidl,Groceries,merchant\nbread,Groceries,term\n\
    chipotle,Dining,merchant\nramen house,Dining,merchant\npizza,Dining,term\nbus ticket,Transport,term\n";

fn small() -> Vec<u8> {
    let sources = [
        Source {
            origin: None,
            text: SMALL,
        },
        Source {
            origin: Some(Origin::Brand),
            text: "phrase,category,weight\nedeka,Groceries,1.5\nburger king,Dining,2\n,,\nnonsense\n",
        },
    ];
    let plan = Plan {
        epochs: 40,
        rate: 0.3,
        silent: 0,
        keep: 900,
        slots: 1000,
        ..Plan::default()
    };
    train(&sources, &plan)
}

#[test]
fn training_twice_gives_the_same_bytes() {
    let bytes = small();
    assert!(bytes == small());
    let model = Model::read(&bytes).unwrap();
    for (description, category) in [("aldi", 0), ("CHIPOTLE 0421", 1), ("bus ticket", 2)] {
        let chances = model.probabilities(description);
        let top = (0..chances.len()).max_by(|&a, &b| chances[a].total_cmp(&chances[b]));
        assert_eq!(top, Some(category), "{description}: {chances:?}");
    }
}

#[test]
fn a_damaged_file_is_refused() {
    let good = small();
    let with = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        bytes
    };
    let refused = |bytes: &[u8]| Model::read(bytes).err();
    assert_eq!(refused(&[]), Some(AssetError::Magic));
    assert_eq!(refused(&with(0, b'X')), Some(AssetError::Magic));
    assert_eq!(refused(&with(8, 99)), Some(AssetError::Version(99)));
    assert_eq!(refused(&good[..good.len() - 1]), Some(AssetError::Length));
    for at in [24, 40, good.len() / 2, good.len() - 1] {
        assert_eq!(refused(&with(at, !good[at])), Some(AssetError::Checksum), "{at}");
    }
}

proptest! {
    #[test]
    fn any_text_gets_a_sane_answer(text in "(\\PC{0,20}|lunch|aldi|SQ \\*|rent|\\PC{0,300})( (uber|car|fee|insurance|\\PC{0,9})){0,8}") {
        let chances = Model::shared().probabilities(&text);
        prop_assert!(chances.iter().all(|chance| (0.0..=1.0).contains(chance)), "{chances:?}");
        prop_assert!((chances.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        let logs = Model::shared().log_probabilities(&text);
        prop_assert!(logs.iter().all(|log| log.is_finite() && *log < 0.0), "{logs:?}");
        prop_assert!((logs.iter().map(|log| log.exp()).sum::<f32>() - 1.0).abs() < 1e-3);
        let guesses = Model::shared().guess(&text);
        prop_assert!(guesses.len() <= MAX_GUESSES);
        prop_assert!(guesses.iter().map(|g| u32::from(g.confidence)).sum::<u32>() <= 100);
        prop_assert!(guesses.windows(2).all(|pair| pair[0].confidence >= pair[1].confidence));
        prop_assert!(guesses.iter().all(|g| g.confidence > 0 && g.because.ends_with(&g.category)));
    }

    #[test]
    fn case_and_accents_do_not_matter_in_notes(words in prop::collection::vec("[a-zé]{2,9}|café|müsli|rent|aldi", 1..5)) {
        use unicode_normalization::UnicodeNormalization;
        let note = words.join(" ");
        let first_large: String = note.chars().take(1).flat_map(char::to_uppercase).chain(note.chars().skip(1)).collect();
        let expected = bits(&note);
        prop_assert_eq!(bits(&first_large), expected);
        prop_assert_eq!(bits(&note.nfd().collect::<String>()), expected);
        let plain: String = note.nfd().filter(char::is_ascii).collect();
        prop_assert_eq!(bits(&plain), expected);
    }

    #[test]
    fn store_numbers_do_not_matter(name in "[A-Z]{4,9}( [A-Z]{4,9})?", a in 1000_u32..9999, b in 1000_u32..9999) {
        let line = |number: u32| bits(&format!("{name} #{number} LEEDS"));
        prop_assert_eq!(line(a), line(b));
    }
}
