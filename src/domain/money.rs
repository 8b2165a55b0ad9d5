//! Money: whole minor units and an ISO 4217 currency. Never a float.

use std::fmt;

use thiserror::Error;

mod currency;
mod reading;
pub(in crate::domain) mod sum;

use reading::{split_decimal, split_sign, strip_currency, to_minor};

pub use currency::Currency;

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
        self.currency.numbers().write(&self.decimal())
    }

    /// Grouped, decimals only when they are not all zero, no symbol: `1,200`, `41.97`.
    #[must_use]
    pub fn short(self) -> String {
        let plain = self.decimal();
        let whole = self.minor % self.currency.scale() == 0;
        let shown = plain.split('.').next().filter(|_| whole).unwrap_or(&plain);
        self.currency.numbers().write(shown)
    }

    /// Rounded to whole major units, with the symbol: `$2,069`.
    #[must_use]
    pub fn whole(self) -> String {
        let scale = self.currency.scale();
        let rounded = (self.minor.unsigned_abs() + scale.unsigned_abs() / 2) / scale.unsigned_abs();
        let sign = if self.minor < 0 && rounded > 0 { "-" } else { "" };
        let number = self.currency.numbers().write(&format!("{sign}{rounded}"));
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
            Some((whole, fraction)) => format!("{whole}{}{fraction}", self.currency.numbers().decimal),
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
mod tests;
