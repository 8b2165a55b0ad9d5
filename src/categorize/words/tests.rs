use super::*;
use proptest::prelude::*;
use rstest::rstest;

#[rstest]
#[case("SQ *BLUE BOTTLE 0421 OAKLAND CA", "blue bottle")]
#[case("Blue Bottle", "blue bottle")]
#[case("TST* RAMEN HOUSE - 12", "ramen house")]
#[case("PP*4421 XKCD STORE", "xkcd store")]
#[case("PAYPAL *CHEWY INC", "chewy inc")]
#[case("SumUp  *Café Nero", "cafe nero")]
#[case("DRI*DRG*LOGITECH STORE", "logitech store")]
#[case("AMZN Mktp US*2K4RT", "amzn mktp us")]
#[case("WHOLEFDS SMV #10511 CAMBRIDGE MA", "wholefds smv")]
#[case("SHELL OIL PALO ALTO CA", "shell oil")]
#[case("TARGET 00012345 AUSTIN TX", "target")]
#[case("7-ELEVEN 32919 BOSTON", "7 eleven")]
#[case("24 Hour Fitness", "24 hour fitness")]
#[case("PURCHASE AUTHORIZED ON 03/12 STARBUCKS CARD XXXX1234", "starbucks card")]
#[case("Lunch 21.11.2026", "lunch")]
#[case("REWE sagt Danke 0421", "rewe sagt danke")]
#[case("Ramen House 東京", "ramen house 東京")]
#[case("Straße", "strasse")]
#[case("McDonald’s", "mcdonalds")]
#[case("4471", "4471")]
#[case("!!!", "!!!")]
#[case("", "")]
fn one_merchant_has_one_key(#[case] description: &str, #[case] key: &str) {
    assert_eq!(merchant_key(description), key);
}

#[test]
fn plurals_fold_and_other_words_stay() {
    for (plural, one) in [
        ("bananas", "banana"),
        ("lunches", "lunch"),
        ("boxes", "box"),
        ("shoes", "shoe"),
    ] {
        assert_eq!(singular(plural), one);
    }
    for word in ["bus", "gas", "glass", "tennis", "netflix", "s"] {
        assert_eq!(singular(word), word);
    }
}

proptest! {
    #[test]
    fn a_key_is_its_own_key(text in "(SQ \\*|PP\\*|pos |CARD PURCHASE )?([A-Za-z0-9#*/.]{1,6} ){0,6}(CA|NY)?") {
        let key = merchant_key(&text);
        prop_assert_eq!(merchant_key(&key), key);
    }

    #[test]
    fn any_text_has_a_key(text in "\\PC{0,300}") {
        let key = merchant_key(&text);
        prop_assert_eq!(key.trim().is_empty(), text.trim().is_empty() || fold(text.trim()).trim().is_empty());
    }
}
