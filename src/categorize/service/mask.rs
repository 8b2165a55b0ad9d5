//! What of a description a service does not need to see: the numbers of cards, accounts, phones and references, and
//! email addresses.

/// As many digits as this in a row, with marks between them or without, are a number that names somebody.
const LONG: usize = 4;
/// What stands for what was taken out.
const MASK: char = '#';

/// The description with long numbers, codes such as `2K4RT` and email addresses replaced by `#`.
///
/// Short numbers stay, for they are part of names: `7-Eleven`, `24 Hour Fitness`, `F45`.
#[must_use]
pub fn mask(description: &str) -> String {
    let addresses = masked_words(description, is_address);
    let numbers = without_long_numbers(&addresses);
    masked_words(&numbers, is_code)
}

/// Each word for which `secret` holds becomes one `#`; words end at spaces, `*` and `/`.
fn masked_words(text: &str, secret: fn(&str) -> bool) -> String {
    let mut masked = String::with_capacity(text.len());
    for piece in text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, '*' | '/')) {
        let word = piece.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '/'));
        if secret(word) {
            masked.push(MASK);
        } else {
            masked.push_str(word);
        }
        masked.push_str(&piece[word.len()..]);
    }
    masked
}

/// `ada@example.org`.
fn is_address(word: &str) -> bool {
    let end = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    word.split_once('@')
        .is_some_and(|(name, host)| end(name.chars().next_back()) && end(host.chars().next()))
}

/// A reference that a machine made: digits between letters on both sides, or letters between digits.
fn is_code(word: &str) -> bool {
    let kinds: Vec<bool> = word
        .chars()
        .filter(|c| c.is_alphanumeric())
        .map(char::is_numeric)
        .collect();
    let turns = kinds.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let digits = kinds.iter().filter(|digit| **digit).count();
    kinds.len() >= 5 && digits >= 2 && turns >= 2
}

/// Each run of [`LONG`] digits and more becomes one `#`, whatever marks stand between the digits.
fn without_long_numbers(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(char::is_numeric) {
        let (before, number) = rest.split_at(start);
        let end = number_end(number);
        let digits = number[..end].chars().filter(|c| c.is_numeric()).count();
        masked.push_str(before);
        if digits >= LONG {
            masked.push(MASK);
        } else {
            masked.push_str(&number[..end]);
        }
        rest = &number[end..];
    }
    masked + rest
}

/// Where the number at the beginning of `text` ends: at its last digit before two marks, or before anything else.
fn number_end(text: &str) -> usize {
    let (mut end, mut marks) = (0, 0);
    for (at, c) in text.char_indices() {
        if c.is_numeric() {
            (end, marks) = (at + c.len_utf8(), 0);
        } else if marks == 0 && matches!(c, ' ' | '\u{a0}' | '-' | '.' | '/' | ':') {
            marks = 1;
        } else {
            break;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("PP*4421 XKCD STORE", "PP*# XKCD STORE")]
    #[case("CARD XXXX1234 STARBUCKS", "CARD XXXX# STARBUCKS")]
    #[case("DE89 3704 0044 0532 0130 00 RENT", "DE# RENT")]
    #[case("AMZN Mktp US*2K4RT9", "AMZN Mktp US*#")]
    #[case("call +49 171 555-0123", "call +#")]
    #[case("PAYPAL *ada@example.org", "PAYPAL *#")]
    #[case("Lunch 21.11.2026", "Lunch #")]
    #[case("4111-1111-1111-1111", "#")]
    #[case("٤١١١١١١١ café", "# café")]
    #[case("7-Eleven", "7-Eleven")]
    #[case("24 Hour Fitness, F45, 3 beers", "24 Hour Fitness, F45, 3 beers")]
    #[case("Studio54 @ night", "Studio54 @ night")]
    #[case("Ramen House 東京 12", "Ramen House 東京 12")]
    #[case("", "")]
    fn what_names_somebody_is_taken_out(#[case] text: &str, #[case] masked: &str) {
        assert_eq!(mask(text), masked);
    }

    proptest! {
        #[test]
        fn no_long_number_is_left(text in "[a-zA-Z0-9 .*#/@é٤-]{0,60}") {
            let masked = mask(&text);
            let runs = masked.split(|c: char| !c.is_numeric());
            prop_assert!(runs.into_iter().all(|run| run.chars().count() < LONG), "{}", masked);
            prop_assert_eq!(mask(&masked), masked);
        }

        #[test]
        fn words_stay(text in "[a-zé ]{0,60}") {
            prop_assert_eq!(mask(&text), text);
        }
    }
}
