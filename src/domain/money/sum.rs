//! Adding up what was typed: `12+6.5`, `20-1.50`, `2x3.50`.

use super::{Currency, Money, MoneyError};

impl Money {
    /// Reads what [`Money::parse`] reads, and sums, differences and counts of it: `12+6.5`, `20 - 1.50`, `2x3.50`.
    ///
    /// # Errors
    /// [`MoneyError`], saying what to type instead.
    pub fn parse_sum(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let refused = || MoneyError::NotANumber(text.trim().chars().take(24).collect());
        let terms = terms(text);
        if let [(_, only)] = terms[..] {
            return term(only, currency);
        }
        let mut minor = 0_i64;
        for (at, (sign, words)) in terms.into_iter().enumerate() {
            if at > 0 && words.trim_start().starts_with(is_operator) {
                return Err(refused());
            }
            let amount = match term(words, currency) {
                Err(MoneyError::Empty) => return Err(refused()),
                other => other?,
            };
            minor = minor.checked_add(sign * amount.minor).ok_or(MoneyError::TooLarge)?;
        }
        Self::new(minor, currency).within_limits()
    }
}

/// A plus, a minus, or the minus of a typesetter.
pub(in crate::domain) fn is_operator(c: char) -> bool {
    matches!(c, '+' | '-' | '−')
}

/// What is added up, each with its sign. The sign of a first number belongs to the number.
pub(in crate::domain) fn terms(text: &str) -> Vec<(i64, &str)> {
    let mut found = Vec::new();
    let (mut sign, mut start, mut begun) = (1, 0, false);
    for (at, c) in text.char_indices() {
        if begun && is_operator(c) {
            found.push((sign, &text[start..at]));
            (sign, start, begun) = (if c == '+' { 1 } else { -1 }, at + c.len_utf8(), false);
        } else {
            begun |= !c.is_whitespace();
        }
    }
    found.push((sign, &text[start..]));
    found
}

/// One amount, or a count of it.
fn term(text: &str, currency: Currency) -> Result<Money, MoneyError> {
    let plain = Money::parse(text, currency);
    match (&plain, split_count(text)) {
        (Err(_), Some((count, price))) => {
            let each = Money::parse(price, currency)?;
            let minor = each.minor.checked_mul(count).ok_or(MoneyError::TooLarge)?;
            Money::new(minor, currency).within_limits()
        }
        _ => plain,
    }
}

/// `2` and `3.50` of `2x3.50`.
pub(in crate::domain) fn split_count(text: &str) -> Option<(i64, &str)> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let price = text[digits..].trim_start().strip_prefix(['x', 'X', '×', '*'])?;
    let count = text[..digits].parse().ok().filter(|count| (1..=9999).contains(count))?;
    (!price.trim_start().starts_with(is_operator)).then_some((count, price))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn currency(code: &str) -> Currency {
        Currency::from_code(code).unwrap()
    }

    #[rstest]
    #[case("12+6.5", "USD", 1850)]
    #[case("20 - 1.50", "USD", 1850)]
    #[case("20 − 1,50", "EUR", 1850)]
    #[case("$12+$6.5", "USD", 1850)]
    #[case("12+6.5 €", "EUR", 1850)]
    #[case("2x3.50", "USD", 700)]
    #[case("2 × 3,50 + 1.234,00", "EUR", 124_100)]
    #[case("3*5 XAF", "XAF", 15)]
    #[case("5 XAF", "XAF", 5)]
    #[case("-5", "USD", -500)]
    #[case("5-10", "USD", -500)]
    #[case("18.5", "USD", 1850)]
    fn adds_up_what_people_type(#[case] text: &str, #[case] code: &str, #[case] minor: i64) {
        assert_eq!(Money::parse_sum(text, currency(code)).map(|m| m.minor), Ok(minor));
    }

    #[rstest]
    #[case("12+")]
    #[case("12++6")]
    #[case("12+-6")]
    #[case("+")]
    #[case("")]
    #[case("2x")]
    #[case("2x-3")]
    #[case("0x3")]
    #[case("x3")]
    #[case("4x4x4")]
    #[case("12+six")]
    #[case("999999999999+999999999999")]
    #[case("9999x999999999999")]
    fn refuses_what_does_not_add_up(#[case] text: &str) {
        assert!(Money::parse_sum(text, Currency::USD).is_err(), "{text}");
    }

    proptest! {
        #[test]
        fn a_sum_is_the_sum_of_its_parts(parts in prop::collection::vec(1_i64..1_000_000_000, 1..6)) {
            let shown: Vec<String> = parts.iter().map(|minor| Money::new(*minor, Currency::USD).amount()).collect();
            let sum = Money::parse_sum(&shown.join("+"), Currency::USD);
            prop_assert_eq!(sum.map(|money| money.minor), Ok(parts.iter().sum::<i64>()));
        }

        #[test]
        fn no_text_panics(text in "[0-9.,+*x$€ -]{0,40}") {
            let _ = Money::parse_sum(&text, Currency::USD);
        }
    }
}
