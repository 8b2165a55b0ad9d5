//! The key table against what the keys really do.

use std::collections::HashSet;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::buffer::Cell;
use strum::IntoEnumIterator;

use super::Bench;
use super::data::{failure, refusal, snapshot};
use crate::api::ErrorCode;
use crate::app::keymap::{Action, Focus, Keymap, Scope};
use crate::app::update::focus;
use crate::app::{Effect, Msg, Reply, Settings};
use crate::ui::Theme;

/// Every state that has keys of its own, by name.
fn states() -> Vec<(&'static str, Bench)> {
    let pressed = |keys: &str| {
        let mut bench = Bench::logged_in(120, 36);
        bench.press(keys);
        bench
    };
    let mut signing_up = Bench::new(120, 36);
    signing_up.press("F3");
    let mut logging_in = Bench::new(120, 36);
    logging_in.press("F5");
    let mut saving = pressed("a");
    saving.type_text("tea").press("Tab").type_text("3").press("Enter");
    let mut conflict = pressed("2 e");
    conflict
        .type_text("!")
        .press("Enter")
        .answer(Reply::Stored(Err(refusal(ErrorCode::Conflict, "Changed meanwhile."))));
    let mut offline = Bench::logged_in(120, 36);
    offline.retry(Err(failure()));
    vec![
        ("log in", Bench::new(120, 36)),
        ("sign up", signing_up),
        ("logging in", logging_in),
        ("overview", Bench::logged_in(120, 36)),
        ("recent", pressed("Tab")),
        ("alerts pane", pressed("S-Tab")),
        ("expenses", pressed("2")),
        ("filter", pressed("2 /")),
        ("budgets", pressed("3")),
        ("limit", pressed("3 e")),
        ("unsaved limit", pressed("3 e 5 Down Esc k")),
        ("renaming", pressed("3 r")),
        ("new category", pressed("3 n")),
        ("alert rules", pressed("3 A")),
        ("moving money", pressed("4 m")),
        ("alerts", pressed("4")),
        ("form", pressed("a")),
        ("edit", pressed("2 e")),
        ("saving", saving),
        ("conflict", conflict),
        ("help", pressed("?")),
        ("palette", pressed(":")),
        ("chooser", pressed("2 c")),
        ("review", pressed("2 r")),
        ("offline", offline),
        ("empty", Bench::empty(120, 36)),
        ("classic", Bench::classic(120, 36)),
    ]
}

#[test]
fn every_binding_is_reached_in_some_state() {
    let states = states();
    let keys = Keymap::default();
    for binding in keys.bindings() {
        for chord in &binding.keys {
            let reached = states.iter().any(|(_, bench)| {
                let scopes = focus(&bench.model).scopes();
                scopes.contains(&binding.scope) && keys.action(scopes, chord.event()) == Some(binding.action)
            });
            // Esc on the expenses clears the filter first.
            assert!(reached, "{:?} {} is never reached", binding.scope, chord.label());
        }
    }
}

/// Keys that may rightly change nothing: movements at an end, going where one is.
fn may_rest(action: Action) -> bool {
    matches!(
        action,
        Action::Up
            | Action::Down
            | Action::PageUp
            | Action::PageDown
            | Action::First
            | Action::Last
            | Action::ShowOverview
            | Action::ShowExpenses
            | Action::ShowBudgets
            | Action::ShowAlerts
            | Action::Back
            | Action::ThisMonth
            | Action::Cancel
            | Action::Yes
            | Action::No
    )
}

#[test]
fn a_key_that_is_bound_does_something_or_says_why_not() {
    let keys = Keymap::default();
    for (name, fresh) in states() {
        if matches!(name, "logging in" | "saving") {
            continue; // Everything but Esc waits there, and the footer says so.
        }
        for scope in focus(&fresh.model).scopes() {
            let scopes = focus(&fresh.model).scopes();
            for binding in keys.of_scope(*scope).filter(|b| !may_rest(b.action)) {
                if keys.action(scopes, binding.keys[0].event()) != Some(binding.action) {
                    continue; // An inner scope took the key.
                }
                let mut bench = fresh.clone();
                let before = format!("{:?}", bench.model);
                bench.send(Msg::Key(binding.keys[0].event()));
                let changed = format!("{:?}", bench.model) != before || !bench.effects.is_empty();
                assert!(changed, "{name}: {} does nothing", binding.keys[0].label());
            }
        }
    }
}

#[test]
fn the_footer_shows_only_keys_that_are_bound_here() {
    for (name, bench) in states() {
        let known: HashSet<String> = focus(&bench.model)
            .scopes()
            .iter()
            .flat_map(|scope| bench.model.settings.keys.of_scope(*scope))
            .filter_map(|b| Some(format!("{} {}", b.keys.first()?.label(), b.hint?)))
            .collect();
        let footer = bench.footer();
        let hints = footer.trim().split("  ").map(str::trim);
        for hint in hints.filter(|hint| !hint.is_empty() && !hint.ends_with("pending")) {
            assert!(known.contains(hint), "{name}: {hint:?} in {footer:?}");
        }
    }
}

#[test]
fn the_footer_keeps_help_and_the_way_out_at_forty_columns() {
    for (name, mut bench) in states() {
        bench.send(Msg::Resize(40, 10));
        let footer = bench.footer();
        assert!(footer.contains("help") || name == "help", "{name}: {footer}");
        assert!(footer.contains("quit") || footer.contains("Esc"), "{name}: {footer}");
    }
}

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

#[test]
fn keys_that_are_let_go_do_nothing() {
    let mut bench = Bench::logged_in(80, 24);
    let mut released = KeyEvent::new(KeyCode::Char('q'), KeyModifiers::NONE);
    released.kind = KeyEventKind::Release;
    bench.send(Msg::Key(released));
    assert!(!bench.model.wants_quit() && bench.effects.is_empty());
}

#[test]
fn esc_never_quits() {
    for (name, mut bench) in states() {
        for _ in 0..20 {
            bench.press("Esc");
        }
        assert!(!bench.model.wants_quit(), "{name}");
    }
}

#[test]
fn suspend_redraw_and_quit_work_everywhere() {
    for (name, mut bench) in states() {
        assert_eq!(bench.press("^z").effects, [Effect::Suspend], "{name}");
        assert_eq!(bench.press("^l").effects, [Effect::Redraw], "{name}");
        bench.press("^c ^c");
        assert!(bench.model.wants_quit(), "{name}");
    }
}

#[test]
fn a_paste_is_one_line_in_a_field_and_a_hint_outside() {
    let mut bench = Bench::logged_in(120, 36);
    bench.paste("coffee").shows("Nothing here takes a paste.");
    assert!(bench.open.is_empty());
    bench
        .press("a")
        .paste("flat\twhite\r\nlarge\u{1b}[31m")
        .shows("flat white  large[31m");
    bench
        .press("^u")
        .type_text("ab")
        .press("Left")
        .paste("XY")
        .shows("aXYb")
        .type_text("z")
        .shows("aXYzb");
    bench
        .press("^u")
        .paste(&"é".repeat(100_000))
        .type_text("end")
        .press("Tab")
        .type_text("3")
        .press("Enter");
    bench.shows("Too long");
}

#[test]
fn a_paste_into_the_log_in_and_the_filter() {
    let mut bench = Bench::new(80, 24);
    bench
        .paste("ada")
        .press("Tab")
        .paste("pass word\n")
        .press("F2")
        .shows("pass word");
    bench
        .press("Tab")
        .paste("x")
        .shows("[x] Stay")
        .press("Space")
        .shows("[ ] Stay");
    let mut filter = Bench::logged_in(80, 24);
    filter.press("2 /").paste("lidl").shows("1 so far");
}

#[test]
fn a_five_call_server_greys_out_what_it_cannot_do() {
    let bench = Bench::classic(120, 36);
    let footer = bench.footer();
    for gone in ["limit", "month", "open"] {
        assert!(!footer.contains(gone), "{footer}");
    }
}

#[test]
fn the_picture_has_the_bars_of_the_screen() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press("p");
    let call = format!("{:?}", bench.call());
    assert_eq!(call, "SaveChart(2026-11)");
    bench.answer(Reply::ChartSaved(Ok("/home/ada/budget_vs_spending.png".to_owned())));
    bench.shows("Saved /home/ada/budget_vs_spending.png");
    bench
        .press("p")
        .answer(Reply::ChartSaved(Err("The disk is full.".to_owned())))
        .shows("The disk is full.");
}

/// The cells of a word on the screen.
fn cells(bench: &Bench, word: &str) -> Vec<Cell> {
    let buffer = bench.buffer();
    let columns = usize::from(buffer.area.width);
    let row = buffer.content().chunks(columns).find_map(|row| {
        let text: Vec<&str> = row.iter().map(Cell::symbol).collect();
        let at = (0..columns).find(|at| text[*at..].concat().starts_with(word))?;
        Some(row[at..at + word.chars().count()].to_vec())
    });
    row.unwrap_or_else(|| panic!("{word:?} is not on the screen:\n{}", bench.frame()))
}

#[test]
fn colour_says_what_glyphs_and_words_say_too() {
    use crate::ui::Role;
    let theme = Theme::dark();
    let coloured = Bench::logged_in(120, 36);
    let over = cells(&coloured, "over $5.80");
    assert!(over.iter().all(|cell| Some(cell.fg) == theme.style(Role::Over).fg));
    let hits = cells(&coloured, "hits 25 Nov");
    assert!(hits.iter().all(|cell| Some(cell.fg) == theme.style(Role::Warn).fg));
    let mut mono = Bench::logged_in(120, 36);
    mono.model.settings.skin.theme = Theme::mono();
    assert_eq!(mono.frame().lines().count(), coloured.frame().lines().count());
    let plain = |cell: &Cell| cell.fg == ratatui::style::Color::Reset && cell.bg == ratatui::style::Color::Reset;
    assert!(mono.buffer().content().iter().all(plain), "no colour at all");
    let reversed = |word: &str| {
        cells(&mono, word)
            .iter()
            .all(|cell| cell.modifier.contains(ratatui::style::Modifier::REVERSED))
    };
    assert!(
        reversed("over $5.80") && reversed("Dining"),
        "the loudest word and the selected name"
    );
    assert!(!reversed("hits 25 Nov") && !reversed("Transport"));
    mono.shows("▲ Dining")
        .shows("◆ Transport")
        .shows("● Groceries")
        .shows("■ Housing")
        .shows("▸ Budgets");
}

#[test]
fn every_focus_has_a_state() {
    let seen: HashSet<Focus> = states().iter().map(|(_, bench)| focus(&bench.model)).collect();
    for wanted in Focus::iter() {
        assert!(seen.contains(&wanted), "{wanted:?}");
    }
}
