use jiff::civil::{Date, date};
use proptest::prelude::*;
use rstest::rstest;

use super::*;

/// A Sunday.
const TODAY: Date = date(2026, 11, 22);

fn currency(code: &str) -> Currency {
    Currency::from_code(code).unwrap()
}

/// `description | amount | day | category`, with what is missing left empty.
fn shown(entry: &Entry) -> String {
    let amount = entry
        .amount
        .as_ref()
        .map_or(String::new(), |found| found.value.decimal());
    let day = entry
        .day
        .as_ref()
        .map_or(String::new(), |found| found.value.to_string());
    let category = entry.category.as_ref().map_or("", |found| &found.value);
    format!("{} | {amount} | {day} | {category}", entry.description)
}

fn dollars(line: &str) -> Entry {
    read(line, Question::all(TODAY, Currency::USD))
}

#[rstest]
#[case("coffee 4.20 yesterday", "coffee | 4.20 | 2026-11-21 | ")]
#[case("12.5 taxi #transport", "taxi | 12.50 |  | transport")]
#[case("rent 1200 1 nov", "rent | 1200.00 | 2026-11-01 | ")]
#[case("lunch 12,50 mon", "lunch | 12.50 | 2026-11-16 | ")]
#[case("2x3.50 espresso", "espresso | 7.00 |  | ")]
#[case("espresso 2x$3", "espresso | 6.00 |  | ")]
#[case("dinner 12+6.5", "dinner | 18.50 |  | ")]
#[case("shoes 50-10", "shoes | 40.00 |  | ")]
#[case("tv $1,234.56 nov 3", "tv | 1234.56 | 2026-11-03 | ")]
#[case("tv 1.234,56", "tv | 1234.56 |  | ")]
#[case("yesterday, coffee, 4.20", "coffee | 4.20 | 2026-11-21 | ")]
#[case("ramen house 東京 18.5 on friday", "ramen house 東京 | 18.50 | 2026-11-20 | ")]
#[case("train 30 2026-10-03 #tra", "train | 30.00 | 2026-10-03 | tra")]
#[case("market 22.50 3.11.", "market | 22.50 | 2026-11-03 | ")]
#[case("gift 24 dec 2025 40", "gift | 40.00 | 2025-12-24 | ")]
#[case("rent 2026 1 nov", "rent | 2026.00 | 2026-11-01 | ")]
#[case("rent 1 nov 2026", "rent | 2026.00 | 2026-11-01 | ")]
#[case("rent 1st Nov. 800", "rent | 800.00 | 2026-11-01 | ")]
#[case("taxi 20 2 days ago", "taxi | 20.00 | 2026-11-20 | ")]
#[case("2 weeks ago taxi 20", "taxi | 20.00 | 2026-11-08 | ")]
#[case("taxi 20 last friday", "taxi | 20.00 | 2026-11-20 | ")]
#[case("drinks last night 31", "drinks | 31.00 | 2026-11-21 | ")]
#[case("last order 12", "last order | 12.00 |  | ")]
#[case("taxi 20 15/3", "taxi | 20.00 | 2026-03-15 | ")]
#[case("taxi 20 3/4", "taxi 3/4 | 20.00 |  | ")]
fn reads_a_line(#[case] line: &str, #[case] expected: &str) {
    assert_eq!(shown(&dollars(line)), expected);
}

#[rstest]
#[case("7up 2.50", "7up | 2.50 |  | ")]
#[case("coffee 2 go 3.40", "coffee 2 go | 3.40 |  | ")]
#[case("bus 42 2.80", "bus 42 | 2.80 |  | ")]
#[case("2.80 bus 42", "bus 42 | 2.80 |  | ")]
#[case("bus 42 3", "bus 42 | 3.00 |  | ")]
#[case("$3 bus 42", "bus 42 | 3.00 |  | ")]
#[case("bus 42 3 $", "bus 42 | 3.00 |  | ")]
#[case("$ 3 bus 4.20", "bus 4.20 | 3.00 |  | ")]
#[case("tyres 4x4", "tyres 4x4 |  |  | ")]
#[case("tyres 4x4 320", "tyres 4x4 | 320.00 |  | ")]
#[case("shop 9-5 20 close", "shop 9-5 close | 20.00 |  | ")]
#[case("REWE 0421", "REWE 0421 |  |  | ")]
#[case("PP*4421 XKCD", "PP*4421 XKCD |  |  | ")]
#[case("order #4421 9", "order #4421 | 9.00 |  | ")]
#[case("C# book 20", "C# book | 20.00 |  | ")]
#[case("sun cream 8.50", "sun cream | 8.50 |  | ")]
#[case("Sunday roast 24", "Sunday roast | 24.00 |  | ")]
#[case("monday", "monday |  |  | ")]
#[case("yesterday", "yesterday |  |  | ")]
#[case("march 5", "march 5 |  |  | ")]
#[case("refund -5", "refund -5 |  |  | ")]
#[case("discount 50%", "discount 50% |  |  | ")]
#[case("museum 18 €", "museum 18 € |  |  | ")]
#[case("museum €18", "museum €18 |  |  | ")]
#[case("museum eur 18", "museum eur 18 |  |  | ")]
#[case("call 555-1234", "call 555-1234 |  |  | ")]
#[case("tea 3 32 nov", "tea 3 nov | 32.00 |  | ")]
#[case("#a tea #b 3", "#a tea | 3.00 |  | b")]
#[case("tea, milk 3", "tea, milk | 3.00 |  | ")]
#[case("", " |  |  | ")]
#[case("4.20", " | 4.20 |  | ")]
fn what_is_no_amount_stays_text(#[case] line: &str, #[case] expected: &str) {
    assert_eq!(shown(&dollars(line)), expected);
}

#[rstest]
#[case("EUR", "kaffee 18eur", "kaffee | 18.00 |  | ")]
#[case("EUR", "kaffee 2 18 €", "kaffee 2 | 18.00 |  | ")]
#[case("EUR", "12 € 2 go", "2 go | 12.00 |  | ")]
#[case("CHF", "bus 42 CHF 12.00", "bus 42 | 12.00 |  | ")]
#[case("SEK", "fika 45 kr", "fika | 45.00 |  | ")]
#[case("JPY", "ramen 1,200", "ramen | 1200 |  | ")]
#[case("KWD", "tea 1.250", "tea | 1.250 |  | ")]
fn a_mark_of_the_account_is_known(#[case] code: &str, #[case] line: &str, #[case] expected: &str) {
    let entry = read(line, Question::all(TODAY, currency(code)));
    assert_eq!(shown(&entry), expected);
}

#[test]
fn what_is_known_from_elsewhere_stays_text() {
    let all = Question::all(TODAY, Currency::USD);
    let read = |question| shown(&read("bus 42 mon #fun", question));
    assert_eq!(read(all), "bus | 42.00 | 2026-11-16 | fun");
    assert_eq!(read(Question { amount: false, ..all }), "bus 42 |  | 2026-11-16 | fun");
    assert_eq!(read(Question { day: false, ..all }), "bus mon | 42.00 |  | fun");
    assert_eq!(read(Question { category: false, ..all }), "bus mon #fun | 42.00 |  | ");
    assert_eq!(read(Question { literal: 6, ..all }), "bus 42 |  | 2026-11-16 | fun");
}

#[test]
fn each_finding_knows_its_words() {
    let line = "東京 rail on 3 nov  1,200 usd #tra,";
    let entry = dollars(line);
    assert_eq!(&line[entry.day.clone().unwrap().span], "on 3 nov");
    assert_eq!(&line[entry.amount.clone().unwrap().span], "1,200 usd");
    assert_eq!(&line[entry.category.clone().unwrap().span], "#tra,");
    assert_eq!(entry.description, "東京 rail");
    assert_eq!(entry.spans().count(), 3);
}

/// The line that says the same without any doubt.
fn printed(entry: &Entry) -> String {
    let money = entry.amount.as_ref().map_or(String::new(), |found| {
        format!("{}{}", found.value.currency.prefix().trim(), found.value.decimal())
    });
    let day = entry.day.as_ref().map_or(TODAY, |found| found.value);
    let tag = entry
        .category
        .as_ref()
        .map_or(String::new(), |found| format!("#{}", found.value));
    format!("{} {money} {day} {tag}", entry.description)
}

fn word() -> impl Strategy<Value = String> {
    let known = [
        "coffee",
        "on",
        "today",
        "mon",
        "sun",
        "nov",
        "1",
        "42",
        "4.20",
        "1,50",
        "$",
        "€",
        "EUR",
        "chf",
        "$3",
        "12€",
        "2x3.50",
        "4x4",
        "9-5",
        "12+6.5",
        "#fun",
        "#x",
        "#",
        "2026-11-03",
        "3.11.",
        "2025",
        "0421",
        "東京",
        "7up",
        ",",
        "a,",
        "on,",
        "1st",
        "-5",
        "12 kr",
    ];
    prop_oneof![4 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,6}"]
}

proptest! {
    #[test]
    fn any_text_is_a_line(line in any::<String>(), code in prop::sample::select(vec!["USD", "EUR", "CHF", "JPY"]), literal in 0_usize..20) {
        let question = Question { literal, ..Question::all(TODAY, currency(code)) };
        let entry = read(&line, question);
        for span in entry.spans() {
            prop_assert!(line.get(span).is_some());
        }
    }

    #[test]
    fn a_reading_printed_and_read_again_is_the_same(
        words in prop::collection::vec(word(), 1..8), code in prop::sample::select(vec!["USD", "EUR", "CHF", "SEK", "JPY"]),
    ) {
        let question = Question::all(TODAY, currency(code));
        let entry = read(&words.join(" "), question);
        if entry.amount.is_some() && !entry.description.is_empty() {
            let again = read(&printed(&entry), question);
            prop_assert_eq!(&again.description, &entry.description, "{}", printed(&entry));
            prop_assert_eq!(again.amount.map(|found| found.value), entry.amount.clone().map(|found| found.value));
            prop_assert_eq!(again.day.map(|found| found.value), Some(entry.day.as_ref().map_or(TODAY, |found| found.value)));
            prop_assert_eq!(again.category.map(|found| found.value), entry.category.as_ref().map(|found| found.value.clone()));
        }
    }

    #[test]
    fn nothing_of_a_line_is_lost(words in prop::collection::vec("[a-z]{2,8}|[1-9]{1,3}", 1..8)) {
        let line = words.join(" ");
        let entry = dollars(&line);
        let mut rest = line.clone();
        let mut spans: Vec<_> = entry.spans().collect();
        spans.sort_by_key(|span| std::cmp::Reverse(span.start));
        for span in spans {
            rest.replace_range(span, "");
        }
        let rest: Vec<&str> = rest.split_whitespace().collect();
        prop_assert_eq!(rest.join(" "), entry.description);
    }
}
