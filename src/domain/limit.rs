//! A monthly limit as people type it, and which one would fit.

use thiserror::Error;

use super::money::{Currency, Money, MoneyError};

mod suggestion;

pub use suggestion::{Reason, Suggestion, friendly, suggest};

/// What a typed limit may refer to; amounts in minor units.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Basis {
    /// The limit in force, without what was carried over.
    pub now: Option<i64>,
    /// Spent in each of the months before, oldest first.
    pub past: Vec<i64>,
    /// The currency of all of it.
    pub currency: Currency,
}

/// A text that is no limit. Each message says what to type instead.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LimitError {
    /// One of the amounts in it is none.
    #[error(transparent)]
    Amount(#[from] MoneyError),
    /// Something else than a number before `%`.
    #[error("\"{0}\" is not a percentage. Write +10% or -10%.")]
    Percent(String),
    /// A percentage of nothing.
    #[error("There is no limit to change yet. Type an amount.")]
    NoLimit,
    /// An average of nothing.
    #[error("No month before this one has spending here. Type an amount.")]
    NoPast,
    /// An unknown word.
    #[error("\"{0}\" is not a limit. Type a number, =avg, =last or none.")]
    Word(String),
    /// A sign with nothing behind it.
    #[error("An amount is missing after \"{0}\". Write +30 or 120+30.")]
    Missing(char),
    /// Less than nothing.
    #[error("A limit cannot fall below zero.")]
    BelowZero,
}

/// Hundredths of a percent in the whole.
const WHOLE: i128 = 10_000;

/// Reads `150`, `+30`, `-10%`, `120+30`, `=avg`, `=last`, `=avg+5%` or `none`; `Ok(None)` is no limit.
///
/// A text that begins with a sign changes the limit in force. A percentage is one of what stands before it. Amounts
/// are read by [`Money::parse`].
///
/// # Errors
/// [`LimitError`], saying what to type instead.
pub fn read(text: &str, basis: &Basis) -> Result<Option<i64>, LimitError> {
    let text = text.trim().replace('\u{2212}', "-");
    if text.is_empty() {
        return Err(MoneyError::Empty.into());
    }
    if text.eq_ignore_ascii_case("none") {
        return Ok(None);
    }
    let (first, changes) = terms(&text);
    let mut sum = if first.is_empty() {
        basis.now.map(i128::from)
    } else {
        Some(start(first, basis)?)
    };
    for (sign, term) in changes {
        let by = change(sign, term, sum, basis.currency)?;
        sum = Some(sum.unwrap_or(0).saturating_add(if sign == '-' { -by } else { by }));
    }
    within(sum.unwrap_or(0), basis.currency).map(Some)
}

/// What stands before the first sign, then each sign with what follows it.
fn terms(text: &str) -> (&str, Vec<(char, &str)>) {
    let mut signs = text.match_indices(['+', '-']).peekable();
    let first = &text[..signs.peek().map_or(text.len(), |(at, _)| *at)];
    let mut changes = Vec::new();
    while let Some((at, sign)) = signs.next() {
        let end = signs.peek().map_or(text.len(), |(next, _)| *next);
        changes.push((if sign == "-" { '-' } else { '+' }, text[at + 1..end].trim()));
    }
    (first.trim(), changes)
}

/// The amount that a text begins with.
fn start(text: &str, basis: &Basis) -> Result<i128, LimitError> {
    let word = text.strip_prefix('=').map(str::trim);
    match word.map(str::to_ascii_lowercase).as_deref() {
        Some("avg" | "average") => average(&basis.past).map(i128::from).ok_or(LimitError::NoPast),
        Some("last") => match (counted(&basis.past), basis.past.last()) {
            ([_, ..], Some(last)) => Ok(i128::from(*last)),
            _ => Err(LimitError::NoPast),
        },
        _ if text.ends_with('%') => Err(LimitError::Percent(shortened(text))),
        _ => match Money::parse(word.unwrap_or(text), basis.currency) {
            Ok(amount) => Ok(i128::from(amount.minor)),
            Err(MoneyError::NotANumber(_)) => Err(LimitError::Word(shortened(text))),
            Err(error) => Err(error.into()),
        },
    }
}

/// By how much a term behind a sign changes `sum`.
fn change(sign: char, term: &str, sum: Option<i128>, currency: Currency) -> Result<i128, LimitError> {
    if term.is_empty() {
        return Err(LimitError::Missing(sign));
    }
    let Some(percent) = term.strip_suffix('%') else {
        return Ok(i128::from(Money::parse(term, currency)?.minor));
    };
    let share = hundredths(percent.trim()).ok_or_else(|| LimitError::Percent(format!("{sign}{}", shortened(term))))?;
    let whole = sum.ok_or(LimitError::NoLimit)?;
    Ok((2 * whole.saturating_mul(share) + WHOLE) / (2 * WHOLE))
}

/// `7.5` as 750: at most two decimals, up to 10,000 percent.
fn hundredths(text: &str) -> Option<i128> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let digits = |part: &str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole, 5) || !digits(fraction, 2) {
        return None;
    }
    let share = whole.parse::<i128>().ok()? * 100 + format!("{fraction:0<2}").parse::<i128>().ok()?;
    (share <= 100 * WHOLE).then_some(share)
}

fn within(minor: i128, currency: Currency) -> Result<i64, LimitError> {
    if minor < 0 {
        return Err(LimitError::BelowZero);
    }
    let minor = i64::try_from(minor).map_err(|_| MoneyError::TooLarge)?;
    Ok(Money::new(minor, currency).within_limits()?.minor)
}

fn shortened(text: &str) -> String {
    text.chars().take(24).collect()
}

/// The months that count: those since the first with spending.
#[must_use]
pub fn counted(past: &[i64]) -> &[i64] {
    let first = past.iter().position(|spent| *spent > 0).unwrap_or(past.len());
    &past[first..]
}

/// The mean of the months that count, rounded to the minor unit; `None` without any.
#[must_use]
pub fn average(past: &[i64]) -> Option<i64> {
    let months = counted(past);
    let count = i128::try_from(months.len()).ok().filter(|count| *count > 0)?;
    let sum: i128 = months.iter().map(|spent| i128::from(*spent)).sum();
    i64::try_from((2 * sum + count).div_euclid(2 * count)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn dining(now: Option<i64>) -> Basis {
        Basis {
            now,
            past: vec![0, 9000, 12_000, 11_000, 14_000, 12_550],
            currency: Currency::USD,
        }
    }

    #[rstest]
    #[case("150", Some(15_000))]
    #[case(" $150 ", Some(15_000))]
    #[case("1.234,56", Some(123_456))]
    #[case("+30", Some(15_000))]
    #[case("+ 30", Some(15_000))]
    #[case("-20", Some(10_000))]
    #[case("\u{2212}20", Some(10_000))]
    #[case("-10%", Some(10_800))]
    #[case("+7.5%", Some(12_900))]
    #[case("120+30", Some(15_000))]
    #[case("120 + 30 - 5,50", Some(14_450))]
    #[case("200-10%+20", Some(20_000))]
    #[case("=avg", Some(11_710))]
    #[case("=Average", Some(11_710))]
    #[case("=avg+10%", Some(12_881))]
    #[case("=last", Some(12_550))]
    #[case("=90", Some(9000))]
    #[case("0", Some(0))]
    #[case("none", None)]
    #[case("NONE", None)]
    fn a_limit_is_an_amount_or_a_change(#[case] text: &str, #[case] limit: Option<i64>) {
        assert_eq!(read(text, &dining(Some(12_000))), Ok(limit));
    }

    #[rstest]
    #[case("", "Type an amount, for example 12.50.")]
    #[case("lots", "\"lots\" is not a limit. Type a number, =avg, =last or none.")]
    #[case("=most", "\"=most\" is not a limit. Type a number, =avg, =last or none.")]
    #[case("+x%", "\"+x%\" is not a percentage. Write +10% or -10%.")]
    #[case("10%", "\"10%\" is not a percentage. Write +10% or -10%.")]
    #[case("+10.123%", "\"+10.123%\" is not a percentage. Write +10% or -10%.")]
    #[case("120+", "An amount is missing after \"+\". Write +30 or 120+30.")]
    #[case("120--5", "An amount is missing after \"-\". Write +30 or 120+30.")]
    #[case("-200", "A limit cannot fall below zero.")]
    #[case("1.0055", "USD has 2 decimals; \"1.0055\" has more.")]
    #[case("99999999999999", "This amount is too large. The largest is 1,000,000,000,000.")]
    fn what_is_no_limit_says_what_to_type(#[case] text: &str, #[case] words: &str) {
        let error = read(text, &dining(Some(12_000))).unwrap_err();
        assert_eq!(error.to_string(), words);
    }

    #[test]
    fn without_a_limit_or_a_past_there_is_less_to_refer_to() {
        let nothing = Basis {
            now: None,
            past: vec![0; 6],
            currency: Currency::USD,
        };
        assert_eq!(read("+30", &nothing), Ok(Some(3000)));
        assert_eq!(read("-10%", &nothing), Err(LimitError::NoLimit));
        assert_eq!(read("=avg", &nothing), Err(LimitError::NoPast));
        assert_eq!(read("=last", &nothing), Err(LimitError::NoPast));
        assert_eq!(average(&nothing.past), None);
    }

    prop_compose! {
        fn any_basis()(
            now in prop::option::of(0_i64..100_000_000),
            past in prop::collection::vec(0_i64..100_000_000, 0..7),
            code in prop::sample::select(vec!["USD", "JPY", "KWD", "CHF"]),
        ) -> Basis {
            Basis { now, past, currency: Currency::from_code(code).unwrap() }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_limit_that_can_be_stored_or_an_error_with_words(text in "[ -~€\u{2212}]{0,20}", basis in any_basis()) {
            match read(&text, &basis) {
                Ok(Some(limit)) => {
                    prop_assert!(limit >= 0);
                    prop_assert!(Money::new(limit, basis.currency).within_limits().is_ok());
                }
                Ok(None) => prop_assert!(text.trim().eq_ignore_ascii_case("none")),
                Err(error) => prop_assert!(error.to_string().ends_with('.')),
            }
        }

        #[test]
        fn an_amount_reads_as_money_reads_it(minor in 0_i64..100_000_000_000, basis in any_basis()) {
            let money = Money::new(minor, basis.currency);
            for text in [money.decimal(), money.amount(), money.to_string()] {
                prop_assert_eq!(read(&text, &basis), Ok(Some(minor)));
            }
        }

        #[test]
        fn a_change_is_relative_to_the_limit_and_can_be_taken_back(by in 0_i64..100_000_000, basis in any_basis()) {
            let amount = Money::new(by, basis.currency).amount();
            let up = read(&format!("+{amount}"), &basis).unwrap().unwrap();
            prop_assert_eq!(up, basis.now.unwrap_or(0) + by);
            let back = Basis { now: Some(up), ..basis.clone() };
            prop_assert_eq!(read(&format!("-{amount}"), &back), Ok(Some(basis.now.unwrap_or(0))));
        }

        #[test]
        fn terms_add_up(a in 0_i64..100_000_000, b in 0_i64..100_000_000, basis in any_basis()) {
            let text = |minor| Money::new(minor, basis.currency).amount();
            prop_assert_eq!(read(&format!("{}+{}", text(a), text(b)), &basis), Ok(Some(a + b)));
            let rest = read(&format!("{} - {}", text(a), text(b)), &basis);
            prop_assert_eq!(rest, if a < b { Err(LimitError::BelowZero) } else { Ok(Some(a - b)) });
        }

        #[test]
        fn a_percentage_lies_within_half_a_unit(percent in 0_i64..=10_000, now in 0_i64..100_000_000) {
            let basis = Basis { now: Some(now), past: Vec::new(), currency: Currency::USD };
            let text = format!("+{}.{:02}%", percent / 100, percent % 100);
            let up = read(&text, &basis).unwrap().unwrap();
            let exact = i128::from(now) * i128::from(percent);
            prop_assert!((i128::from(up - now) * WHOLE - exact).abs() * 2 <= WHOLE);
        }

        #[test]
        fn the_average_lies_between_the_extremes(past in prop::collection::vec(0_i64..100_000_000, 0..7)) {
            let months = counted(&past);
            match average(&past) {
                Some(mean) => {
                    prop_assert!(months.iter().min().unwrap() <= &mean && &mean <= months.iter().max().unwrap());
                }
                None => prop_assert!(past.iter().all(|spent| *spent == 0)),
            }
        }
    }
}
