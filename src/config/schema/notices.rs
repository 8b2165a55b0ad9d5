//! The keys about notices outside the window.

use strum::VariantNames;
use toml::Value;

use crate::domain::Level;

use super::value::{parse, put, switch, text, words};
use super::{Key, Kind};
use crate::config::Notify;

pub(super) static NOTICES: [Key; 4] = [
    Key {
        name: "notify",
        kind: Kind::Choice(Notify::VARIANTS),
        about: "How the desktop is told of a new alert while the window is not in front. \"auto\" uses what the \
                terminal is known to understand.",
        take: |config, value| parse(value, &mut config.notices.method),
        show: |config| config.notices.method.to_string().into(),
    },
    Key {
        name: "bell",
        kind: Kind::Switch,
        about: "Whether the terminal's bell rings with it.",
        take: |config, value| put(switch(value), &mut config.notices.bell),
        show: |config| config.notices.bell.into(),
    },
    Key {
        name: "quiet_hours",
        kind: Kind::Text("two times of the day, or nothing", "22:00-07:00"),
        about: "When no notice is sent and no bell rings, in local time; it may go past midnight.",
        take: |config, value| match text(value).trim() {
            "" => put(Some(None), &mut config.notices.quiet),
            hours => put(hours.parse().ok().map(Some), &mut config.notices.quiet),
        },
        show: |config| {
            config
                .notices
                .quiet
                .map_or(String::new(), |quiet| quiet.to_string())
                .into()
        },
    },
    Key {
        name: "alert_levels",
        kind: Kind::Choices(Level::VARIANTS),
        about: "Which alerts send a notice: close to a limit, a forecast that passes it, over it. All of them are \
                listed in the dashboard.",
        take: |config, value| {
            let levels = words(value).map(|word| word.trim().parse().ok()).collect();
            put(levels, &mut config.notices.levels)
        },
        show: |config| {
            Value::Array(
                config
                    .notices
                    .levels
                    .iter()
                    .map(|level| level.to_string().into())
                    .collect(),
            )
        },
    },
];
