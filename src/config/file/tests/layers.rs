//! Flags, the environment, the file and the defaults, and which of them was heard.

use super::{at, whole};
use crate::config::file::*;

fn loaded(
    text: &str,
    environment: &[(&str, &str)],
    flags: &[(&'static str, &str)],
) -> Result<(Config, Origins), ConfigError> {
    let (_folder, path) = at(text);
    let variable = |name: &str| {
        let found = environment.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let flags = flags.iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
    load(&path, variable, &Overrides(flags)).and_then(|read| whole(&path, read))
}

#[test]
fn flags_beat_the_environment_which_beats_the_file_which_beats_the_default() {
    let file = "theme = \"light\"\n\npoll_seconds = 20\nmouse = true\n";
    let environment = [
        ("BUDGET_TRACKER_THEME", "mono"),
        ("BUDGET_TRACKER_POLL_SECONDS", " 30 "),
        ("BUDGET_TRACKER_BELL", "off"),
        ("BUDGET_TRACKER_PLAIN", "1"),
        ("BUDGET_TRACKER_ALERT_LEVELS", "over, near"),
        ("BUDGET_TRACKER_MOUSE", ""),
    ];
    let (config, origins) = loaded(file, &environment, &[("theme", "dark"), ("server", "")]).unwrap();
    assert_eq!((config.appearance.theme.as_str(), config.poll_seconds), ("dark", 30));
    assert!(!config.notices.bell && config.appearance.plain && config.appearance.mouse);
    assert_eq!(
        config.notices.levels,
        [crate::domain::Level::Over, crate::domain::Level::Near]
    );
    assert_eq!(origins["theme"], Origin::Flag("--theme".to_owned()));
    assert_eq!(origins["bell"], Origin::Environment("BUDGET_TRACKER_BELL".to_owned()));
    assert_eq!(origins["mouse"], Origin::File(Some(4)));
    assert!(!origins.contains_key("server") && !origins.contains_key("glyphs"));
}

#[test]
fn a_wrong_variable_is_named() {
    let error = loaded("", &[("BUDGET_TRACKER_GRAPH", "brialle")], &[]).unwrap_err();
    assert_eq!(error.to_string(), "BUDGET_TRACKER_GRAPH cannot be \"brialle\".");
    assert_eq!(error.advice(), "Did you mean \"braille\"?");
}

#[test]
fn every_key_is_explained_with_where_it_comes_from() {
    let (config, origins) = loaded("mouse = true\n[keys]\nquit = \"Q\"\n", &[], &[("theme", "mono")]).unwrap();
    let shown = explain(&config, &origins);
    let of = |key: &str| shown.iter().find(|setting| setting.key == key).unwrap();
    assert_eq!(of("mouse").origin, Origin::File(Some(1)));
    assert_eq!(of("keys.quit").origin, Origin::File(Some(3)));
    assert_eq!(of("keys.quit").value.to_string(), "[\"Q\"]");
    assert_eq!(of("theme").origin, Origin::Flag("--theme".to_owned()));
    assert_eq!(of("bell").origin, Origin::Default);
    assert_eq!(shown.len(), schema::keys().count());
}
