//! What the environment says of the terminal, read once.

use std::collections::BTreeMap;
use std::env;

/// Every variable that is looked at.
const NAMES: [&str; 20] = [
    "COLORFGBG",
    "COLORTERM",
    "DISPLAY",
    "KITTY_WINDOW_ID",
    "KONSOLE_VERSION",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LC_TERMINAL",
    "NO_COLOR",
    "SSH_CONNECTION",
    "SSH_TTY",
    "STY",
    "TERM",
    "TERM_PROGRAM",
    "TMUX",
    "VTE_VERSION",
    "WAYLAND_DISPLAY",
    "WEZTERM_PANE",
    "ZELLIJ",
];

/// The variables that are set and not empty.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Env(BTreeMap<&'static str, String>);

impl Env {
    pub(super) fn read() -> Self {
        let set = NAMES.into_iter().filter_map(|name| Some((name, env::var(name).ok()?)));
        Self(set.filter(|(_, value)| !value.is_empty()).collect())
    }

    /// What `name` is set to; nothing when it is not.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Whether the terminal is on another machine.
    pub(super) fn is_remote(&self) -> bool {
        self.has("SSH_CONNECTION") || self.has("SSH_TTY")
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&'static str, &str); N]> for Env {
    fn from(set: [(&'static str, &str); N]) -> Self {
        assert!(set.iter().all(|(name, _)| NAMES.contains(name)), "{set:?}");
        Self(set.into_iter().map(|(name, value)| (name, value.to_owned())).collect())
    }
}
