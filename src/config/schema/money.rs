//! The keys about money and days.

use crate::domain::{Calendar, Currency, Locale};

use super::value::{is_auto, number, put, text};
use super::{Key, Kind, MONTH_START};

pub(super) static MONEY: [Key; 3] = [
    Key {
        name: "currency",
        kind: Kind::Text("a code of ISO 4217", "EUR"),
        about: "The currency of a new account, and of a server that names none.",
        take: |config, value| put(Currency::from_code(text(value)).ok(), &mut config.currency),
        show: |config| config.currency.code().into(),
    },
    Key {
        name: "month_start",
        kind: Kind::NumberOrAuto(MONTH_START),
        about: "The day a budget month begins with, for example 25 when that is pay day: your account is changed to it \
                when you log in. \"auto\" leaves it as it is there.",
        take: |config, value| {
            let day = number(value).and_then(|day| u8::try_from(day).ok());
            config.calendar = day.and_then(|day| Calendar::new(day).ok());
            config.calendar.is_some() || is_auto(value)
        },
        show: |config| match config.calendar {
            Some(calendar) => i64::from(calendar.month_start()).into(),
            None => crate::config::AUTO.into(),
        },
    },
    Key {
        name: "locale",
        kind: Kind::Text("auto, or language and region", "de-DE"),
        about: "How amounts and days are written, and how an amount such as 1.234 is read. \"auto\" asks LC_ALL, \
                LC_NUMERIC and LANG.",
        take: |config, value| {
            let tag = text(value).trim();
            tag.clone_into(&mut config.locale);
            tag == crate::config::AUTO || Locale::from_tag(tag).is_some()
        },
        show: |config| config.locale.as_str().into(),
    },
];
