use super::*;
use crate::domain::Locale;
use proptest::prelude::*;
use rstest::rstest;

fn currency(code: &str) -> Currency {
    Currency::from_code(code).unwrap()
}

#[rstest]
#[case("18.5", "USD", 1850)]
#[case("18,50", "USD", 1850)]
#[case("1.234,56", "EUR", 123_456)]
#[case("1,234.56", "USD", 123_456)]
#[case("$18", "USD", 1800)]
#[case("-$5", "USD", -500)]
#[case("18 EUR", "EUR", 1800)]
#[case("eur 18", "EUR", 1800)]
#[case("€ 3,2", "EUR", 320)]
#[case("1,234", "USD", 123_400)]
#[case("1,234,567", "USD", 123_456_700)]
#[case("1.234", "KWD", 1234)]
#[case("0.125", "KWD", 125)]
#[case("1200", "JPY", 1200)]
#[case("1'200.50", "CHF", 120_050)]
#[case("1 234,5", "EUR", 123_450)]
#[case(".5", "USD", 50)]
fn reads_what_people_type(#[case] text: &str, #[case] code: &str, #[case] minor: i64) {
    assert_eq!(Money::parse(text, currency(code)).map(|m| m.minor), Ok(minor));
}

#[rstest]
#[case("", "USD")]
#[case("abc", "USD")]
#[case("1.2.3", "USD")]
#[case("12,34,56", "USD")]
#[case("1e5", "USD")]
#[case("NaN", "USD")]
#[case("--5", "USD")]
#[case("12.345,6.7", "USD")]
#[case("0.125", "USD")]
#[case("1.5", "JPY")]
#[case("5.", "USD")]
#[case("99999999999999999999", "USD")]
fn refuses_what_is_no_amount(#[case] text: &str, #[case] code: &str) {
    assert!(Money::parse(text, currency(code)).is_err());
}

#[rstest]
#[case("de-DE", "1.234", "EUR", Some(123_400))]
#[case("de-DE", "1,234", "EUR", None)]
#[case("de-DE", "1.234,56", "EUR", Some(123_456))]
#[case("de-DE", "1,234.56", "EUR", Some(123_456))]
#[case("de-DE", "12.50", "EUR", Some(1250))]
#[case("de-DE", "1,234", "KWD", Some(1234))]
#[case("de-DE", "1.234", "KWD", Some(1_234_000))]
#[case("en-US", "1,234", "USD", Some(123_400))]
#[case("en-US", "1.234", "USD", None)]
#[case("en-US", "1,234", "KWD", Some(1_234_000))]
#[case("en-US", "12,50", "USD", Some(1250))]
#[case("en-IN", "12,34,567.50", "INR", Some(123_456_750))]
#[case("en-IN", "1,234,567", "INR", Some(123_456_700))]
#[case("en-IN", "1,23,45", "INR", None)]
#[case("fr-FR", "1.234", "EUR", Some(123_400))]
#[case("fr-CH", "1 234.50 CHF", "CHF", Some(123_450))]
#[case("de-CH", "1'234.50", "CHF", Some(123_450))]
fn what_may_mean_two_things_means_what_it_does_there(
    #[case] tag: &str,
    #[case] text: &str,
    #[case] code: &str,
    #[case] minor: Option<i64>,
) {
    let currency = currency(code).written(&Locale::from_tag(tag).unwrap());
    assert_eq!(Money::parse(text, currency).ok().map(|money| money.minor), minor);
}

#[rstest]
#[case("en-US", "USD", "$1,234,567.50", "$1,234,568", "1234567.50")]
#[case("de-DE", "EUR", "1.234.567,50 €", "1.234.568 €", "1234567,50")]
#[case("nl-NL", "EUR", "€ 1.234.567,50", "€ 1.234.568", "1234567,50")]
#[case("fr-FR", "EUR", "1\u{a0}234\u{a0}567,50 €", "1\u{a0}234\u{a0}568 €", "1234567,50")]
#[case("de-CH", "CHF", "CHF 1'234'567.50", "CHF 1'234'568", "1234567.50")]
#[case("en-IN", "INR", "₹12,34,567.50", "₹12,34,568", "1234567.50")]
fn a_place_writes_its_own_way(
    #[case] tag: &str,
    #[case] code: &str,
    #[case] full: &str,
    #[case] whole: &str,
    #[case] typed: &str,
) {
    let there = currency(code).written(&Locale::from_tag(tag).unwrap());
    let money = Money::new(123_456_750, there);
    assert_eq!(
        (
            money.to_string().as_str(),
            money.whole().as_str(),
            money.typed().as_str()
        ),
        (full, whole, typed)
    );
    assert_eq!(money.decimal(), "1234567.50", "programs read the same everywhere");
    let minus = Money::new(-580, there).short_symbol();
    assert!(
        minus.starts_with('-') && Money::parse(&minus, there).unwrap().minor == -580,
        "{minus}"
    );
    assert_eq!(there, currency(code));
}

#[test]
fn prints_as_the_screens_do() {
    let usd = |minor| Money::new(minor, Currency::USD);
    assert_eq!(usd(184_867).to_string(), "$1,848.67");
    assert_eq!(usd(-580).to_string(), "-$5.80");
    assert_eq!(usd(120_000).short(), "1,200");
    assert_eq!(usd(4197).short(), "41.97");
    assert_eq!(usd(206_949).whole(), "$2,069");
    assert_eq!(usd(-20).whole(), "$0");
    assert_eq!(Money::new(1200, currency("JPY")).to_string(), "¥1,200");
    assert_eq!(Money::new(1200, currency("CHF")).to_string(), "CHF 12.00");
    assert_eq!(Money::new(i64::MIN, Currency::USD).decimal(), "-92233720368547758.08");
}

proptest! {
    #[test]
    fn printing_and_reading_is_the_identity(minor in -1_000_000_000_000_i64..1_000_000_000_000, code in prop::sample::select(vec!["USD", "JPY", "KWD", "EUR", "CHF"]), tag in prop::sample::select(vec!["", "en-US", "de-DE", "de-CH", "fr-FR", "fr-CH", "en-IN", "pt-BR", "tr", "sv-SE"])) {
        let money = Money::new(minor, currency(code).written(&Locale::from_tag(tag).unwrap_or_default()));
        prop_assert_eq!(Money::parse(&money.typed(), money.currency), Ok(money));
        prop_assert_eq!(Money::from_decimal(&money.decimal(), money.currency), Ok(money));
        prop_assert_eq!(Money::parse(&money.amount(), money.currency), Ok(money));
        prop_assert_eq!(Money::parse(&money.to_string(), money.currency), Ok(money));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,24}", code in prop::sample::select(vec!["USD", "JPY", "KWD"])) {
        let _ = Money::parse(&text, currency(code));
        let _ = Money::from_decimal(&text, currency(code));
        let _ = Currency::from_code(&text);
    }
}
