//! What the help shows, and how something is found in it.

use std::collections::HashSet;

use strum::IntoEnumIterator;

use super::Bench;
use super::data::snapshot;
use super::keys::states;
use crate::app::keymap::{Keymap, Scope};
use crate::app::update::focus;
use crate::app::{Msg, Reply, Settings};

/// Everything that the help shows from its top to its end, row by row.
fn whole_help(bench: &mut Bench) -> String {
    let mut seen = bench.frame();
    for _ in 0..90 {
        bench.press("Down");
        seen.push_str(&bench.frame());
    }
    seen
}

#[test]
fn the_help_shows_every_key_of_what_lies_under_it() {
    for (name, mut bench) in states() {
        if matches!(name, "help" | "palette") {
            continue;
        }
        let scopes = focus(&bench.model).scopes();
        let keys = bench.model.settings.keys.clone();
        for (columns, rows) in [(120, 36), (40, 10)] {
            bench.send(Msg::Resize(columns, rows));
            bench.press("F1");
            let seen = whole_help(&mut bench);
            let words: HashSet<&str> = seen.split_whitespace().collect();
            for binding in keys.reached(scopes) {
                for chord in &binding.keys {
                    assert!(
                        words.contains(&*chord.label()),
                        "{name}: {} is missing\n{seen}",
                        chord.label()
                    );
                }
            }
            bench.press("Esc").hides("▸ Help");
        }
    }
}

#[test]
fn the_help_shows_the_keys_that_the_user_bound() {
    let own = [("add", "Insert"), ("undo", "F8")].map(|(name, key)| (name.to_owned(), vec![key.to_owned()]));
    let mut settings = Settings {
        user: Some("newuser".to_owned()),
        ..Settings::default()
    };
    settings.keys = Keymap::with(&own.into()).unwrap();
    let mut bench = Bench::with(settings, 120, 36);
    bench.answer(Reply::Refreshed(Box::new(Ok(snapshot(1)))));
    assert!(bench.footer().contains("Insert add"), "{}", bench.footer());
    let help = bench.press("?").shows("F8 ^R").frame();
    let row = help.lines().find(|line| line.contains("add an expense")).unwrap();
    assert!(row.contains("  Insert  "), "{row}");
    bench
        .press("Esc a")
        .hides("Add expense")
        .press(":")
        .type_text("add an")
        .shows("Insert");
    bench.press("Enter").shows("Add expense");
}

#[test]
fn typing_finds_rows_here_and_elsewhere() {
    let mut bench = Bench::logged_in(120, 36);
    bench
        .press("?")
        .type_text("limit")
        .shows("raise or lower a limit")
        .shows("Typing a limit")
        .hides("picture")
        .hides("Reading the bars");
    bench.press("^u").type_text("undo").shows("u ^R").shows("undo, redo");
    bench.press("^u").type_text("zzz").shows("No key does \"zzz\".");
    bench
        .press("Esc")
        .shows("Reading the bars")
        .press("Esc")
        .hides("▸ Help");
    // A slash in front is a habit, not a letter to look for.
    bench
        .press("?")
        .type_text("/mark")
        .shows("mark as read, all")
        .hides("▌/");
}

#[test]
fn the_keys_of_all_screens_are_one_key_away() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("?").hides("Add or edit an expense").press("F1");
    let seen = whole_help(&mut bench);
    for scope in Scope::iter().filter(|scope| !matches!(scope, Scope::Overview | Scope::Always)) {
        assert!(seen.contains(scope.title()), "{}", scope.title());
    }
    bench.press("F1").hides("Help: all keys");
}
