//! Currencies, and how their amounts are written.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

use crate::domain::locale::{Locale, Numbers, SymbolPlace};

use super::MoneyError;

/// A currency of ISO 4217 with its own number of decimals (JPY 0, USD 2, KWD 3), and how its amounts are written
/// and read where its user lives.
///
/// It is the same currency however it is written. What programs read, such as
/// [`Money::decimal`](super::Money::decimal), does not change.
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
