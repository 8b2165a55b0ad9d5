use jiff::civil::date;
use proptest::prelude::*;
use rstest::rstest;

use super::*;

const TODAY: Date = date(2026, 11, 22);

fn parse(text: &str) -> Filter {
    Filter::parse(text, TODAY, Calendar::default(), Currency::USD)
}

fn row<'a>(description: &'a str, category: Option<&'a str>) -> FilterRow<'a> {
    FilterRow {
        day: date(2026, 11, 3),
        description,
        amount_minor: 1440,
        category,
        source: CategorySource::Lexicon,
        confidence: 70,
    }
}

fn finds(text: &str, description: &str, category: &str) -> bool {
    parse(text).matches(&row(description, Some(category)))
}

#[rstest]
#[case("", true)]
#[case("dining CAFE", true)]
#[case("cafe groceries", false)]
#[case("lumi", true)]
#[case("LUMIÈRE", true)]
#[case("14.4", true)]
#[case("14,40", true)]
#[case("14", true)]
#[case("1", false)]
#[case("14.5", false)]
#[case("din", true)]
#[case("ning", false)]
#[case("cat:din", true)]
#[case("cat:caf", false)]
#[case("cat:none", false)]
#[case("-groceries", true)]
#[case("-cafe", false)]
#[case("-cat:din", false)]
#[case("- -cat: cat:", true)]
#[case("color:red", false)]
fn words_and_categories(#[case] text: &str, #[case] passes: bool) {
    assert_eq!(finds(text, "Café Lumière", "Dining"), passes);
}

/// The row is of 3 November 2026, for 14.40.
#[rstest]
#[case("november", true)]
#[case("march", false)]
#[case("lum november", true)]
#[case("nov 2026", true)]
#[case("Nov 2025", false)]
#[case("last month", false)]
#[case("this month", true)]
#[case("2026-11", true)]
#[case("2026-10", false)]
#[case("2026-11-03", true)]
#[case("3 nov", true)]
#[case("nov 3", true)]
#[case("4 nov", false)]
#[case("3 nov 2025", false)]
#[case("19 days ago", true)]
#[case("-2026-11", false)]
#[case(">14", true)]
#[case(">15", false)]
#[case("<=14.40", true)]
#[case("yesterday", false)]
#[case("> <", true)]
fn days_and_amounts_need_no_key(#[case] text: &str, #[case] passes: bool) {
    assert_eq!(finds(text, "Café Lumière", "Dining"), passes, "{text}");
}

#[test]
fn a_months_name_is_also_a_word() {
    assert!(finds("march", "March of Dimes", "Gifts & Donations"));
    assert!(finds("april", "Flowers for April", "Gifts & Donations"));
    assert!(!finds("march", "Marigold", "Other"));
}

#[rstest]
#[case("grcs", "Groceries", false)]
#[case("spty", "SPOTIFY AB", true)]
#[case("ntflix", "Netflix.com", true)]
#[case("resturant", "Restaurant Da Nino", true)]
#[case("restuarnt", "Restaurant Da Nino", false)]
#[case("restuar", "Restaurant Da Nino", true)]
#[case("starbukcs", "STARBUCKS 0421", true)]
#[case("chipotlle", "lunch at chipotle", true)]
#[case("lild", "Lidl sagt danke", true)]
#[case("rent", "Restaurant Da Nino", false)]
#[case("rent", "Tent for the summer", false)]
#[case("rent", "Rest stop", true)]
#[case("uebr", "Uber trip", true)]
#[case("fnu", "Fun fair", false)]
#[case("0422", "REWE 0421", false)]
#[case("straße", "Hauptstrasse 5", true)]
#[case("東京", "Ramen House 東京", true)]
#[case("naïve", "A naive café", true)]
fn slips_are_forgiven_and_strangers_are_not(#[case] text: &str, #[case] description: &str, #[case] passes: bool) {
    assert_eq!(finds(text, description, "Other"), passes);
}

#[test]
fn a_word_does_not_find_nearly_everything() {
    const DESCRIPTIONS: [&str; 16] = [
        "Ramen House",
        "REWE sagt Danke 0421",
        "Cinema Lumiere",
        "PP*4421 XKCD STORE",
        "Uber trip",
        "Shell 0088",
        "Cafe Nero",
        "Lidl",
        "Ristorante Da Nino",
        "Pharmacy",
        "Stadtwerke",
        "Spotify",
        "Rent for the flat",
        "Board game cafe",
        "Coffee beans",
        "SQ *BLUE BOTTLE 0421 OAKLAND CA",
    ];
    for word in DESCRIPTIONS
        .iter()
        .flat_map(|text| word::words(text))
        .filter(|word| word.len() >= 4)
    {
        let found = DESCRIPTIONS.iter().filter(|text| finds(word, text, "Other")).count();
        assert!((1..=2).contains(&found), "{word} found {found}");
    }
}

#[rstest]
#[case("amount>14.39", true)]
#[case("amount>14.40", false)]
#[case("amount>=14,40", true)]
#[case("amount<14.40", false)]
#[case("amount<=$14.40", true)]
#[case("amount=14.40", true)]
#[case("amount:14.40", true)]
#[case("amount:10-20", true)]
#[case("amount:20-10", true)]
#[case("amount:10..14", false)]
#[case("amount:15-", false)]
#[case("amount:-15", true)]
#[case("amount>1.234,56", false)]
#[case("amount<1.234,56", true)]
#[case("-amount>10", false)]
#[case("amount>", true)]
#[case("amount:", true)]
#[case("amount>=", true)]
#[case("amount>13.", true)]
#[case("amount>abc", true)]
fn amounts_are_compared(#[case] text: &str, #[case] passes: bool) {
    assert_eq!(finds(text, "Lidl", "Groceries"), passes);
}

#[rstest]
#[case("since:3nov", true)]
#[case("since:4nov", false)]
#[case("since:nov", true)]
#[case("until:3nov", true)]
#[case("until:2.11.", false)]
#[case("until:oct", false)]
#[case("until:2026-11-03", true)]
#[case("on:3", true)]
#[case("on:yesterday", false)]
#[case("on:nov", true)]
#[case("month:2026-11", true)]
#[case("month:nov", true)]
#[case("month:NOVEMBER", true)]
#[case("month:11", true)]
#[case("month:this", true)]
#[case("month:last", false)]
#[case("month:nov2025", false)]
#[case("month:2026-9", false)]
#[case("-month:this", false)]
#[case("since:1sep until:30sep", false)]
#[case("since:", true)]
#[case("since:1se", true)]
#[case("month:", true)]
#[case("month:2026-", true)]
#[case("since:xyz", true)]
fn days_are_compared(#[case] text: &str, #[case] passes: bool) {
    assert_eq!(finds(text, "Lidl", "Groceries"), passes);
}

#[rstest]
#[case("since:1mar", date(2026, 3, 1), Date::MAX)]
#[case("until:24dec", Date::MIN, date(2025, 12, 24))]
#[case("month:dec", date(2025, 12, 1), date(2025, 12, 31))]
#[case("month:last", date(2026, 10, 1), date(2026, 10, 31))]
#[case("since:1sep until:30sep", date(2026, 9, 1), date(2026, 9, 30))]
#[case("since:sep until:oct -on:today", date(2026, 9, 1), date(2026, 10, 31))]
#[case("on:fri", date(2026, 11, 20), date(2026, 11, 20))]
fn what_is_ambiguous_lies_in_the_past(#[case] text: &str, #[case] first: Date, #[case] last: Date) {
    assert_eq!(parse(text).days(), (first, last));
}

#[rstest]
#[case("is:unsure", [true, false, false])]
#[case("is:uncategorised", [false, false, true])]
#[case("is:uncategorized", [false, false, true])]
#[case("cat:none", [false, false, true])]
#[case("cat:uncat", [false, false, true])]
#[case("uncat", [false, false, true])]
#[case("is:mine", [false, true, false])]
#[case("-is:mine", [true, false, true])]
#[case("is:un", [true, true, true])]
#[case("is:", [true, true, true])]
fn who_chose_the_category(#[case] text: &str, #[case] passes: [bool; 3]) {
    let unsure = FilterRow {
        confidence: 59,
        ..row("a", Some("Fun"))
    };
    let mine = FilterRow {
        source: CategorySource::You,
        confidence: 100,
        ..unsure
    };
    let none = FilterRow {
        source: CategorySource::None,
        confidence: 0,
        ..row("a", None)
    };
    assert_eq!([unsure, mine, none].map(|row| parse(text).matches(&row)), passes);
}

#[rstest]
#[case("since:xyz", Some("since:xyz is not a day"))]
#[case("until:32", Some("until:32 is not a day"))]
#[case("month:foo", Some("month:foo is not a month"))]
#[case("coffee amount>abc", Some("amount>abc is not an amount"))]
#[case("amount>1.555", None)]
#[case("amount>0.555", Some("amount>0.555 has more decimals than the currency"))]
#[case(
    "is:odd",
    Some("is:odd is not known; there are is:unsure, is:uncategorised and is:mine")
)]
#[case("since:", None)]
#[case("since:1s", None)]
#[case("since:2026-0", None)]
#[case("until:31.1", None)]
#[case("month:las", None)]
#[case("amount>", None)]
#[case("is:u", None)]
#[case("color:red", None)]
fn what_cannot_be_read_is_told(#[case] text: &str, #[case] hint: Option<&str>) {
    assert_eq!(parse(text).hint(), hint);
}

#[test]
fn a_category_of_several_words_is_one_word() {
    let typed = Filter::of_category("Fees & Taxes");
    assert_eq!(typed, "cat:fees&taxes");
    assert!(finds(&typed, "a", "Fees & Taxes"));
    assert!(!finds(&typed, "fees&taxes", "Other"));
    assert!(finds("taxes", "a", "Fees & Taxes"));
    assert!(finds(&Filter::of_category("Épicerie fine"), "a", "Épicerie fine"));
}

#[test]
fn a_word_that_nothing_is_called_has_a_suggestion() {
    let names = ["Fun", "Dining", "Fees & Taxes", "Café Nero"];
    let told = |text: &str| parse(text).did_you_mean(names).map(|it| (it.typed, it.instead));
    let pair = |typed: &str, instead: &str| Some((typed.to_owned(), instead.to_owned()));
    assert_eq!(told("fnu"), pair("fnu", "fun"));
    assert_eq!(told("amount>3 dinnnig"), pair("dinnnig", "dining"));
    assert_eq!(told("din enro"), pair("enro", "nero"));
    assert_eq!(told("cat:fnu"), pair("cat:fnu", "cat:fun"));
    assert_eq!(told("dining rocket"), None);
    assert_eq!(told("-fnu"), None);
}

fn term() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zé]{1,7}",
        "[0-9]{1,3}(\\.[0-9]{1,2})?",
        "cat:(fun|din|none|f)",
        "amount(>|<|>=|<=|=|:)[0-9]{1,2}(\\.[0-9]0)?",
        "amount:[0-9]{1,2}-[0-9]{1,2}",
        "(since|until|on):([1-9]|1[0-9]) ?(sep|oct|nov)".prop_map(|text| text.replace(' ', "")),
        "month:(sep|oct|last|2026-1[01])",
        "is:(mine|unsure|uncategorised)",
    ]
}

prop_compose! {
    fn any_row()(
        back in 0_i32..120, amount in 1_i64..10_000, confidence in 0_u8..=100,
        description in "[A-Za-zéü]{1,8}( [a-z0-9]{1,8}){0,3}",
        category in prop::option::of(prop::sample::select(vec!["Fun", "Dining", "Fees & Taxes", "Épicerie"])),
        source in prop::sample::select(vec![CategorySource::You, CategorySource::Lexicon, CategorySource::Learned]),
    ) -> (String, FilterRow<'static>) {
        let source = if category.is_some() { source } else { CategorySource::None };
        let day = TODAY.checked_sub(jiff::Span::new().days(back)).unwrap();
        (description, FilterRow { day, description: "", amount_minor: amount, category, source, confidence })
    }
}

proptest! {
    #[test]
    fn any_text_is_safe(text in "\\PC{0,40}", name in "\\PC{0,20}", currency in prop::sample::select(vec!["USD", "JPY", "KWD"])) {
        let filter = Filter::parse(&text, TODAY, Calendar::default(), Currency::from_code(currency).unwrap());
        let _ = (filter.matches(&row(&name, Some(&name))), filter.hint(), filter.days(), filter.amounts());
        let _ = (filter.did_you_mean([name.as_str()]), Filter::of_category(&name), filter.admits_category(Some(&name)));
    }

    #[test]
    fn terms_begun_anywhere_are_safe(terms in prop::collection::vec(term(), 1..4), cut in 0_usize..30) {
        let text = terms.join(" ");
        let text: String = text.chars().take(cut).collect();
        let _ = parse(&text).matches(&row("Lidl", None));
    }

    #[test]
    fn a_minus_turns_a_term_round(term in term(), (description, row) in any_row()) {
        let row = FilterRow { description: &description, ..row };
        prop_assert_ne!(parse(&term).matches(&row), parse(&format!("-{term}")).matches(&row));
    }

    #[test]
    fn terms_combine_and_stay_within_their_bounds(
        terms in prop::collection::vec((any::<bool>(), term()), 0..4),
        (description, row) in any_row(),
    ) {
        let row = FilterRow { description: &description, ..row };
        let terms: Vec<String> = terms.iter().map(|(not, term)| format!("{}{term}", if *not { "-" } else { "" })).collect();
        let filter = parse(&terms.join("  "));
        let each = terms.iter().all(|term| parse(term).matches(&row));
        prop_assert_eq!(filter.matches(&row), each);
        if each {
            let (first, last) = filter.days();
            prop_assert!((first..=last).contains(&row.day));
            prop_assert!(filter.amounts().contains(&row.amount_minor));
            prop_assert!(filter.admits_category(row.category));
        }
    }

    #[test]
    fn any_piece_of_a_description_finds_it((description, row) in any_row(), from in 0_usize..20, length in 1_usize..12) {
        let piece: String = description.chars().skip(from).take(length).collect();
        let row = FilterRow { description: &description, ..row };
        for case in [piece.to_uppercase(), piece.to_lowercase()] {
            prop_assert!(parse(&case).matches(&row), "{:?} in {:?}", case, description);
        }
    }

    #[test]
    fn one_slip_in_a_long_word_is_forgiven(word in "[a-z]{6,10}", at in 1_usize..5, kind in 0_u8..4) {
        let mut typed: Vec<char> = word.chars().collect();
        match kind {
            0 => typed[at] = 'z',
            1 => { typed.remove(at); }
            2 => typed.insert(at, 'q'),
            _ => typed.swap(at, at + 1),
        }
        let typed: String = typed.into_iter().collect();
        prop_assert!(finds(&typed, &format!("SQ *{} 0421", word.to_uppercase()), "Other"), "{typed} {word}");
    }

    #[test]
    fn what_shares_no_first_letter_is_not_nearly_found(word in "[a-m][a-z]{3,7}", other in "[n-z]{4,9}") {
        prop_assert!(!finds(&word, &other, "Zoo"));
    }
}
