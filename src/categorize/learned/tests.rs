use proptest::prelude::*;

use super::super::memory::Weight;
use super::super::{Model, telling_words};
use super::*;

fn place(name: &str) -> usize {
    DEFAULTS.iter().position(|(known, _)| *known == name).unwrap()
}

/// Choices, the latest first: a category and an amount in minor units.
fn chose(choices: &[(&str, i64)]) -> Evidence {
    let choice = |(category, amount_minor): &(&str, i64)| PastChoice {
        category: place(category),
        amount_minor: *amount_minor,
        weight: Weight::Chosen,
    };
    Evidence {
        choices: choices.iter().map(choice).collect(),
        words: Vec::new(),
    }
}

fn words(counts: &[(&str, &str, f64)]) -> Evidence {
    let count = |(word, category, choices): &(&str, &str, f64)| WordCount {
        word: (*word).to_owned(),
        category: place(category),
        choices: *choices,
    };
    Evidence {
        choices: Vec::new(),
        words: counts.iter().map(count).collect(),
    }
}

fn ask(evidence: &Evidence, description: &str, amount: Option<i64>) -> Vec<Guess> {
    predict(Model::shared(), &Own::defaults(), &[], evidence, description, amount)
}

fn rule(pattern: &str, category: &str) -> Rule {
    Rule {
        pattern: Pattern::parse(pattern).unwrap(),
        category: place(category),
    }
}

#[test]
fn own_choices_win_over_the_word_list() {
    let guesses = ask(&chose(&[("Gifts & Donations", 1); 7]), "SQ *RAMEN HOUSE 12", None);
    assert_eq!(guesses[0].category, "Gifts & Donations");
    assert_eq!(guesses[0].because, "\"ramen house\" was 7 times Gifts & Donations");
    assert_eq!(guesses[0].source, CategorySource::Learned);
    assert!(guesses[0].confidence >= 95);
    assert_eq!(ask(&Evidence::default(), "ramen house", None)[0].category, "Dining");
}

#[test]
fn a_rule_wins_over_everything() {
    let rules = [
        rule("ramen*", "Kids"),
        rule("ramen house", "Pets"),
        rule("house", "Other"),
    ];
    let known = chose(&[("Dining", 1); 9]);
    let ask = |own: &[Own<'_>]| predict(Model::shared(), own, &rules, &known, "SQ *RAMEN HOUSE 12", None);
    let guesses = ask(&Own::defaults());
    assert_eq!((guesses.len(), guesses[0].confidence), (1, 100));
    assert_eq!(
        (guesses[0].category.as_str(), guesses[0].source),
        ("Pets", CategorySource::Rule)
    );
    assert_eq!(guesses[0].because, "your rule says ramen house is Pets");
    let mut own = Own::defaults();
    own[place("Pets")].hidden = true;
    assert_eq!(ask(&own)[0].category, "Other");
}

#[test]
fn one_choice_is_fair_more_are_sure_and_agreeing_is_less() {
    let sure = |count| ask(&chose(&vec![("Kids", 5); count]), "tesco", None)[0].confidence;
    assert_eq!(sure(1), 80);
    assert!(sure(3) > 90 && sure(32) <= 98);
    let mut agreed = chose(&[("Kids", 5)]);
    agreed.choices[0].weight = Weight::Agreed;
    assert!(ask(&agreed, "tesco", None)[0].confidence < 80);
}

#[test]
fn a_change_of_mind_counts_at_once_and_both_are_shown() {
    let mut choices = vec![("Pets", 900)];
    choices.extend([("Kids", 1000); 9]);
    let guesses = ask(&chose(&choices), "tesco", Some(950));
    let shown: Vec<_> = guesses.iter().map(|g| g.category.as_str()).take(2).collect();
    assert_eq!(shown, ["Pets", "Kids"]);
    assert!(guesses[0].confidence < 60 && guesses[1].confidence > 20, "{guesses:?}");
    choices.insert(0, ("Pets", 800));
    assert!(ask(&chose(&choices), "tesco", None)[0].confidence > 70);
}

#[test]
fn a_merchant_of_several_categories_is_told_apart_by_the_amount() {
    let known = chose(&[
        ("Kids", 900),
        ("Pets", 9000),
        ("Kids", 1100),
        ("Pets", 8000),
        ("Kids", 950),
    ]);
    let best = |amount| ask(&known, "tesco", amount).remove(0);
    assert_eq!(best(Some(1000)).category, "Kids");
    let pets = best(Some(8500));
    assert_eq!(pets.category, "Pets");
    assert_eq!(pets.because, "\"tesco\" was 2 times Pets, for amounts like this");
    let (kids, second) = (best(None), ask(&known, "tesco", None).remove(1));
    assert_eq!((kids.category.as_str(), second.category.as_str()), ("Kids", "Pets"));
    assert!(kids.confidence < 70 && second.confidence > 25, "{kids:?} {second:?}");
    // The first large one after small ones is a change, and does not make the small ones wrong.
    let once = chose(&[("Pets", 9000), ("Kids", 900), ("Kids", 1000)]);
    assert_eq!(ask(&once, "tesco", Some(1000))[0].category, "Kids");
    assert_eq!(ask(&once, "tesco", Some(8000))[0].category, "Pets");
}

#[test]
fn the_last_choices_are_counted_and_named() {
    let guesses = ask(&chose(&[("Kids", 1); 32]), "tesco", None);
    assert_eq!(guesses[0].because, "\"tesco\" was Kids 32 of the last 32 times");
}

#[test]
fn words_of_other_choices_move_what_the_model_does_not_know() {
    let known = words(&[("zorblax", "Pets", 2.0), ("", "Pets", 2.0), ("", "Dining", 20.0)]);
    let guesses = ask(&known, "zorblax quivver", None);
    assert_eq!(guesses[0].category, "Pets");
    assert_eq!(guesses[0].because, "you put \"zorblax\" into Pets before");
    assert_eq!(guesses[0].source, CategorySource::Learned);
    assert!(guesses[0].confidence >= 30, "{guesses:?}");
}

#[test]
fn one_choice_does_not_overturn_what_the_model_is_sure_of() {
    let known = words(&[("store", "Kids", 1.0), ("", "Kids", 1.0), ("", "Dining", 20.0)]);
    let guesses = ask(&known, "grocery store aldi", None);
    assert_eq!(guesses[0].category, "Groceries", "{guesses:?}");
    assert_eq!(guesses[0].source, CategorySource::Model);
}

#[test]
fn categories_that_were_merged_add_up_and_own_ones_are_learned() {
    let mut own = Own::defaults();
    own[place("Dining")].name = "Essen";
    own[place("Dining")].means = vec![place("Dining"), place("Groceries")];
    own[place("Groceries")].means.clear();
    let ask = |own: &[Own<'_>], known: &Evidence, text| predict(Model::shared(), own, &[], known, text, None);
    for text in ["lunch at chipotle", "aldi"] {
        assert_eq!(ask(&own, &Evidence::default(), text)[0].category, "Essen");
    }
    own.push(Own {
        name: "Board games",
        means: Vec::new(),
        hidden: false,
    });
    let mut known = words(&[("zorblax", "Pets", 3.0), ("", "Pets", 3.0)]);
    known.words.iter_mut().for_each(|count| count.category = 20);
    assert_eq!(ask(&own, &known, "zorblax quivver")[0].category, "Board games");
}

proptest! {
    #[test]
    fn confidences_add_up_to_100_at_most(
        choices in prop::collection::vec((0_usize..20, 1_i64..100_000, any::<bool>()), 0..32),
        counts in prop::collection::vec((0_usize..4, 0_usize..20, 0.01_f64..50.0), 0..12),
        amount in prop::option::of(1_i64..100_000),
        text in "[a-z]{3,9} (aldi|uber|rent) [a-z]{3,9}",
    ) {
        let mut vocabulary = telling_words(&text);
        vocabulary.push(String::new());
        let choices = choices.iter().map(|&(category, amount_minor, agreed)| PastChoice {
            category,
            amount_minor,
            weight: if agreed { Weight::Agreed } else { Weight::Chosen },
        });
        let words = counts.iter().map(|&(word, category, choices)| WordCount {
            word: vocabulary[word % vocabulary.len()].clone(),
            category,
            choices,
        });
        let known = Evidence { choices: choices.collect(), words: words.collect() };
        let guesses = ask(&known, &text, amount);
        prop_assert!(guesses.len() <= MAX_GUESSES);
        prop_assert!(guesses.iter().map(|g| u32::from(g.confidence)).sum::<u32>() <= 100);
        prop_assert!(guesses.iter().all(|g| g.confidence > 0 && !g.because.is_empty()));
    }

    #[test]
    fn a_consistent_user_is_never_wronged_twice(
        category in 0_usize..20,
        amounts in prop::collection::vec(1_i64..1_000_000, 1..32),
        now in prop::option::of(1_i64..1_000_000),
        counts in prop::collection::vec((0_usize..4, 0_usize..20, 0.01_f64..50.0), 0..12),
        text in "[a-z]{3,9} (aldi|uber|rent|xkcd store)",
    ) {
        let mut vocabulary = telling_words(&text);
        vocabulary.push(String::new());
        let choice = |&amount_minor: &i64| PastChoice { category, amount_minor, weight: Weight::Chosen };
        let words = counts.iter().map(|&(word, category, choices)| WordCount {
            word: vocabulary[word % vocabulary.len()].clone(),
            category,
            choices,
        });
        let known = Evidence { choices: amounts.iter().map(choice).collect(), words: words.collect() };
        let guesses = ask(&known, &text, now);
        prop_assert_eq!(guesses[0].category.as_str(), DEFAULTS[category].0);
    }
}
