//! Money: whole minor units and an ISO 4217 currency. Never a float.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::locale::{Locale, Numbers, SymbolPlace};

mod reading;
pub(in crate::domain) mod sum;

use reading::{split_decimal, split_sign, strip_currency, to_minor};

/// A currency of ISO 4217 with its own number of decimals (JPY 0, USD 2, KWD 3), and how its amounts are written
/// and read where its user lives.
///
/// It is the same currency however it is written. What programs read, such as [`Money::decimal`], does not change.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency {
    iso: iso_currency::Currency,
    numbers: Numbers,
}

impl Currency {
    /// The US dollar, the currency of an account that chose none.
    pub const USD: Self = Self::plain(iso_currency::Currency::USD);

    const fn plain(iso: iso_currency::Currency) -> Self {
        Self {
            iso,
            numbers: Numbers::ENGLISH,
        }
    }

    /// The same currency, its amounts written and read as people do in `locale`.
    #[must_use]
    pub const fn written(self, locale: &Locale) -> Self {
        Self {
            numbers: locale.numbers,
            ..self
        }
    }

    /// How its amounts are written.
    #[must_use]
    pub const fn numbers(self) -> Numbers {
        self.numbers
    }

    /// Reads a three-letter code, in either case.
    ///
    /// # Errors
    /// [`MoneyError::Currency`] for a code that ISO 4217 does not list or that has no minor unit.
    pub fn from_code(code: &str) -> Result<Self, MoneyError> {
        iso_currency::Currency::from_code(&code.trim().to_ascii_uppercase())
            .filter(|currency| currency.exponent().is_some())
            .map(Self::plain)
            .ok_or_else(|| MoneyError::Currency(code.trim().chars().take(8).collect()))
    }

    /// The three-letter code, for example `USD`.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.iso.code()
    }

    /// Number of decimals: 0 to 4.
    #[must_use]
    pub fn decimals(self) -> u32 {
        self.iso.exponent().map_or(2, u32::from)
    }

    /// Minor units in one major unit: 1 to 10,000.
    #[must_use]
    pub fn scale(self) -> i64 {
        10_i64.pow(self.decimals())
    }

    /// What stands before an amount: a symbol that people and terminal fonts know, or the code and a space.
    #[must_use]
    pub fn prefix(self) -> String {
        let symbol = self.iso.symbol().symbol;
        let mut chars = symbol.chars();
        match (chars.next(), chars.next()) {
            (Some('$' | '€' | '£' | '¥' | '₹' | '₩' | '₺' | '₪' | '₫' | '₱'), None) => symbol,
            _ => format!("{} ", self.code()),
        }
    }

    /// `number` with the symbol where it stands, behind a minus: `$5.80`, `-$5.80`, `5,80 €`.
    #[must_use]
    pub fn beside(self, number: &str) -> String {
        let (sign, digits) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
        let prefix = self.prefix();
        match self.numbers.symbol {
            SymbolPlace::Before => format!("{sign}{prefix}{digits}"),
            SymbolPlace::BeforeSpaced => format!("{sign}{} {digits}", prefix.trim_end()),
            SymbolPlace::After => format!("{sign}{digits} {}", prefix.trim_end()),
        }
    }

    /// The symbol of the currency's own country, for example `kr`; typed, it means this currency.
    pub(in crate::domain) fn symbol(self) -> String {
        self.iso.symbol().symbol
    }
}

impl PartialEq for Currency {
    fn eq(&self, other: &Self) -> bool {
        self.iso == other.iso
    }
}

impl Eq for Currency {}

impl Hash for Currency {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.iso.hash(state);
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;
    fn try_from(code: String) -> Result<Self, MoneyError> {
        Self::from_code(&code)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

/// Why a text is not an amount. Each message says what to type instead.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MoneyError {
    /// The field was left empty.
    #[error("Type an amount, for example 12.50.")]
    Empty,
    /// Something other than digits, separators, one sign and the currency.
    #[error("\"{0}\" is not an amount. Type one such as 12.50.")]
    NotANumber(String),
    /// More decimals than the currency has.
    #[error("{currency} has {decimals} decimals; \"{text}\" has more.")]
    TooPrecise {
        /// What was typed.
        text: String,
        /// Whose decimals count.
        currency: Currency,
        /// How many it has.
        decimals: u32,
    },
    /// Beyond what can be stored.
    #[error("This amount is too large. The largest is 1,000,000,000,000.")]
    TooLarge,
    /// An expense of nothing or less.
    #[error("The amount must be more than zero.")]
    NotPositive,
    /// Not a currency of ISO 4217.
    #[error("\"{0}\" is not a currency code. Use one of ISO 4217, for example USD or EUR.")]
    Currency(String),
}

/// The largest amount accepted, in major units: keeps every sum of a million of them inside `i64`.
const LARGEST_MAJOR: i64 = 1_000_000_000_000;

/// The largest amount of any currency in its minor units, which are 10,000 to the major unit at most.
pub const LARGEST_MINOR: i64 = LARGEST_MAJOR * 10_000;

/// An amount of one currency in its minor units (cents for USD).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Money {
    /// Minor units; negative for a shortfall.
    pub minor: i64,
    /// The currency that gives `minor` its meaning.
    pub currency: Currency,
}

impl Money {
    /// An amount of `minor` units of `currency`.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Reads what a person types: `18.5`, `18,50`, `1.234,56`, `1,234.56`, `$18`, `18 EUR`.
    ///
    /// With both separators present the later one is the decimal mark. A single separator followed by exactly
    /// three digits means what it does where the user lives; where that is not known, it groups thousands, unless
    /// the currency has three decimals.
    ///
    /// # Errors
    /// [`MoneyError`], saying what to type instead.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let shown = || text.trim().chars().take(24).collect::<String>();
        let (outer, rest) = split_sign(text.trim());
        let bare = strip_currency(rest, currency);
        if bare.is_empty() {
            return Err(MoneyError::Empty);
        }
        let (inner, digits) = if bare == rest { (1, bare) } else { split_sign(bare) };
        let digits: String = digits
            .chars()
            .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '_'))
            .collect();
        let (whole, fraction) = split_decimal(&digits, currency).ok_or_else(|| MoneyError::NotANumber(shown()))?;
        let minor = to_minor(&whole, &fraction, currency, &shown())?;
        Ok(Self::new(outer * inner * minor, currency))
    }

    /// Reads a plain decimal such as `12.5` exactly: digits, an optional sign and one point.
    ///
    /// # Errors
    /// [`MoneyError`] when the text is anything else or has more decimals than the currency.
    pub fn from_decimal(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(MoneyError::Empty);
        }
        let shown = || text.chars().take(24).collect::<String>();
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !plain(whole) || !plain(fraction) || digits.ends_with('.') {
            return Err(MoneyError::NotANumber(shown()));
        }
        let kept = fraction.trim_end_matches('0');
        let minor = to_minor(whole, kept, currency, &shown())?;
        Ok(Self::new(sign * minor, currency))
    }

    /// Whether an amount was written with decimals, so that it can hardly be anything but a price.
    pub(in crate::domain) fn is_written_with_decimals(text: &str, currency: Currency) -> bool {
        split_decimal(text, currency).is_some_and(|(_, fraction)| !fraction.is_empty())
    }

    /// The same amount if it is more than zero.
    ///
    /// # Errors
    /// [`MoneyError::NotPositive`] otherwise.
    pub fn positive(self) -> Result<Self, MoneyError> {
        if self.minor > 0 {
            Ok(self)
        } else {
            Err(MoneyError::NotPositive)
        }
    }

    /// The same amount if it can be stored: at most 1,000,000,000,000 major units either side of zero.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`] otherwise.
    pub fn within_limits(self) -> Result<Self, MoneyError> {
        if self.minor.unsigned_abs() <= (LARGEST_MAJOR * self.currency.scale()).unsigned_abs() {
            Ok(self)
        } else {
            Err(MoneyError::TooLarge)
        }
    }

    /// A plain decimal with all the currency's decimals and no grouping: `1234.50`.
    #[must_use]
    pub fn decimal(self) -> String {
        let scale = self.currency.scale().unsigned_abs();
        let (minor, sign) = (self.minor.unsigned_abs(), if self.minor < 0 { "-" } else { "" });
        match self.currency.decimals() {
            0 => format!("{sign}{minor}"),
            n => format!("{sign}{}.{:0width$}", minor / scale, minor % scale, width = n as usize),
        }
    }

    /// Grouped, all decimals, no symbol: `1,848.67`.
    #[must_use]
    pub fn amount(self) -> String {
        self.currency.numbers.write(&self.decimal())
    }

    /// Grouped, decimals only when they are not all zero, no symbol: `1,200`, `41.97`.
    #[must_use]
    pub fn short(self) -> String {
        let plain = self.decimal();
        let whole = self.minor % self.currency.scale() == 0;
        let shown = plain.split('.').next().filter(|_| whole).unwrap_or(&plain);
        self.currency.numbers.write(shown)
    }

    /// Rounded to whole major units, with the symbol: `$2,069`.
    #[must_use]
    pub fn whole(self) -> String {
        let scale = self.currency.scale();
        let rounded = (self.minor.unsigned_abs() + scale.unsigned_abs() / 2) / scale.unsigned_abs();
        let sign = if self.minor < 0 && rounded > 0 { "-" } else { "" };
        let number = self.currency.numbers.write(&format!("{sign}{rounded}"));
        self.currency.beside(&number)
    }

    /// [`Money::short`] with the symbol: `$1,200`, `$5.80`.
    #[must_use]
    pub fn short_symbol(self) -> String {
        self.currency.beside(&self.short())
    }

    /// As it is put into a field to be changed: the decimals that it needs, no grouping, and the mark that is read
    /// as a decimal one: `1234.50`, `1200`.
    #[must_use]
    pub fn typed(self) -> String {
        let plain = self.decimal();
        match plain.split_once('.') {
            Some((whole, _)) if self.minor % self.currency.scale() == 0 => whole.to_owned(),
            Some((whole, fraction)) => format!("{whole}{}{fraction}", self.currency.numbers.decimal),
            None => plain,
        }
    }
}

impl fmt::Display for Money {
    /// With symbol, grouping and all decimals: `$1,848.67`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.currency.beside(&self.amount()))
    }
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
}
