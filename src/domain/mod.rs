//! The business rules, pure: no clock, no file, no network, no terminal.
//!
//! Time and ids are always arguments. Money is whole minor units; a month begins when the user's
//! [`Calendar`] says so.

pub mod account;
pub mod address;
pub mod alert;
pub mod budget;
pub mod calendar;
pub mod carry;
pub mod category;
pub mod day;
pub mod entry;
pub mod expense;
pub mod filter;
pub mod fingerprint;
pub mod forecast;
pub mod limit;
pub mod locale;
pub mod money;
pub mod month;
pub mod nearest;
pub mod quiet;
pub mod rules;
pub mod spare;
pub mod text;

pub use alert::{AlertRules, Level};
pub use budget::{Outlook, Standing};
pub use calendar::Calendar;
pub use category::Kind;
pub use filter::{Filter, FilterRow};
pub use fingerprint::Fingerprint;
pub use forecast::Forecast;
pub use locale::Locale;
pub use money::{Currency, Money};
pub use month::{Month, Progress};
pub use quiet::QuietHours;
