//! The key table against what the keys really do.

use std::collections::HashSet;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::buffer::Cell;
use strum::IntoEnumIterator;

use super::Bench;
use super::data::{failure, refusal};
use crate::api::ErrorCode;
use crate::app::keymap::{Action, Focus, Keymap};
use crate::app::update::focus;
use crate::app::{Effect, Msg, Reply};
use crate::ui::Theme;

/// Every state that has keys of its own, by name.
pub(super) fn states() -> Vec<(&'static str, Bench)> {
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
        ("completion", pressed("a r a m")),
        ("edit", pressed("2 e")),
        ("saving", saving),
        ("conflict", conflict),
        ("help", pressed("?")),
        ("palette", pressed(":")),
        ("chooser", pressed("2 c")),
        ("box", super::always::on_the_box()),
        ("review", pressed("2 r")),
        ("sessions", super::sessions::dialog(120, 36)),
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
fn a_paste_is_one_line_in_a_field() {
    let mut bench = Bench::logged_in(120, 36);
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

#[test]
fn the_next_theme_is_one_key_away_and_follows_the_terminal() {
    use crate::ui::{Depth, Look, Role};
    let mut bench = Bench::logged_in(120, 36);
    let words = cells(&bench, "Dining")[0].clone();
    bench
        .press("T")
        .shows("Theme dark. To keep it: theme = \"dark\" in config.toml.");
    assert_eq!(cells(&bench, "Dining")[0], words);
    bench.press("T").shows("Theme light.");
    let light = Theme::light().style(Role::Text).fg;
    assert_eq!(Some(cells(&bench, "Dining")[0].fg), light);
    for name in ["high-contrast", "mono", "terminal", "auto"] {
        bench.press("T").shows(&format!("Theme {name}."));
    }
    let look = |light, depth| {
        let ascii = false;
        Msg::Look(Look { light, depth, ascii })
    };
    bench.send(look(true, Depth::True));
    assert_eq!(Some(cells(&bench, "Dining")[0].fg), light, "auto follows");
    bench.press("T").send(look(true, Depth::True));
    assert_eq!(cells(&bench, "Dining")[0], words, "dark stays dark");
    bench.send(look(true, Depth::None));
    bench.press("T").shows("Theme light, without colours here.");
}
