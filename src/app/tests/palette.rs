//! Commands found by a few letters.

use super::Bench;
use super::data::{category_id, expense, snapshot};
use crate::app::footer::works;
use crate::app::palette::is_command;
use crate::app::update::focus;
use crate::app::{Call, Effect, Msg, Reply};

#[test]
fn a_command_is_found_by_some_of_its_letters_and_run() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press(":").shows("▸ Commands").shows("add an expense");
    bench
        .type_text("adex")
        .shows("▸ add an expense")
        .press("Enter")
        .shows("Add expense");
}

#[test]
fn each_command_shows_its_key_and_what_does_nothing_here_is_left_out() {
    let mut bench = Bench::logged_in(120, 36);
    bench
        .press("^p")
        .type_text("undo")
        .shows("No command here is called that.");
    bench.press("Esc 2 d").answer(Reply::Done(Ok(())));
    bench.answer(Reply::Refreshed(Box::new(Ok(snapshot(2)))));
    bench.press(":").type_text("undo the").shows("undo the last change");
    let frame = bench.frame();
    let row = frame
        .lines()
        .find(|line| line.contains("undo the last change"))
        .unwrap();
    assert!(row.contains(" u │"), "{row}");
    bench.press("Enter");
    assert!(matches!(bench.call(), Call::Restore(_)));
    bench.answer(Reply::Stored(Ok(expense(
        1,
        22,
        "Ramen House 東京",
        Some("Dining"),
        1850,
    ))));
}

#[test]
fn the_list_is_walked_through_and_round() {
    let mut bench = Bench::logged_in(120, 36);
    bench.press(":").shows("▸ raise or lower a limit").shows("1 of ");
    bench.press("Down ^n").shows("3 of ").press("Up ^p ^p");
    let last = bench.frame();
    assert!(last.contains("▸ theme: "), "{last}");
    bench.press("Down").shows("1 of ").press("Esc").hides("Commands");
}

#[test]
fn places_are_found_by_name() {
    let mut bench = Bench::logged_in(120, 36);
    bench
        .press(":")
        .type_text("exp heal")
        .press("Enter")
        .shows("cat:health");
    bench
        .press(":")
        .type_text("limit dining")
        .press("Enter")
        .type_text("99")
        .press("Enter");
    assert!(matches!(bench.call(), Call::SetBudget(_, id, _) if *id == category_id("Dining")));
    let mut theme = Bench::logged_in(120, 36);
    theme
        .press(":")
        .type_text("theme light")
        .press("Enter")
        .shows("Theme light.");
    assert_eq!(theme.model.settings.themes.name(), "light");
    let mut month = Bench::logged_in(120, 36);
    month.press(":").type_text("oct 2026").press("Enter");
    assert!(matches!(month.call(), Call::Refresh { month: Some(m), .. } if m.to_string() == "2026-10"));
}

#[test]
fn every_key_of_a_screen_that_works_is_a_command_or_a_movement() {
    let mut bench = Bench::logged_in(120, 200);
    bench.press("2 d").answer(Reply::Done(Ok(())));
    bench.answer(Reply::Refreshed(Box::new(Ok(snapshot(2)))));
    for screen in ["1", "2", "3", "4"] {
        bench.press(screen);
        let mut open = bench.clone();
        let mut seen = open.press(":").frame();
        for _ in 0..90 {
            seen.push_str(&open.press("Down").frame());
        }
        let keys = &bench.model.settings.keys;
        for binding in keys.reached(focus(&bench.model).scopes()) {
            let wanted = is_command(binding.action) && works(&bench.model, binding.action);
            assert!(!wanted || seen.contains(binding.help), "{} on {screen}", binding.help);
        }
    }
}

#[test]
fn over_a_form_it_offers_what_the_form_can_do() {
    let mut bench = Bench::logged_in(120, 36);
    bench
        .press("a")
        .type_text("tea")
        .press("Tab")
        .type_text("3")
        .press("^p");
    bench
        .hides("month:")
        .hides("log out")
        .type_text("save and")
        .press("Enter");
    assert!(matches!(bench.call(), Call::Add(_)));
}

#[test]
fn a_palette_over_a_form_that_is_saved_stays_open() {
    let mut bench = Bench::logged_in(120, 36);
    bench
        .press("a")
        .type_text("tea")
        .press("Tab")
        .type_text("3")
        .press("Enter ^p");
    bench.type_text("xyz").shows("xyz");
    bench.answer(Reply::Stored(Ok(expense(1, 22, "tea", Some("Dining"), 300))));
    bench.shows("Commands").shows("xyz").press("Esc").shows("Added tea");
}

#[test]
fn quit_and_suspend_are_commands_too() {
    let mut bench = Bench::logged_in(80, 24);
    bench.press(":").type_text("suspend").press("Enter");
    assert_eq!(bench.effects, [Effect::Suspend]);
    bench.press(":").type_text("quit").press("Enter");
    assert!(bench.model.wants_quit());
}

#[test]
fn it_looks_like_the_other_dialogs() {
    let frames = [(120, 36), (80, 24), (40, 10)].map(|(columns, rows)| {
        let mut bench = Bench::logged_in(columns, rows);
        bench.press(":").type_text("li").press("Down");
        bench.send(Msg::Minute);
        bench.frame()
    });
    insta::assert_snapshot!(frames.join("\n\n"));
}

#[test]
fn what_only_has_the_letters_somewhere_is_left_out() {
    for (typed, word) in [
        ("limit", "limit"),
        ("theme", "theme"),
        ("undo", "undo"),
        ("mark", "mark"),
        ("quit", "quit"),
        ("sort", "sort"),
        ("rent", "rent"),
    ] {
        let mut bench = Bench::logged_in(120, 100);
        bench.press("2 d").answer(Reply::Done(Ok(())));
        bench.answer(Reply::Refreshed(Box::new(Ok(snapshot(2)))));
        bench.press(":").type_text(typed);
        let frame = bench.frame();
        let rows = frame.lines().skip_while(|line| !line.contains("Commands")).skip(2);
        let rows = rows.take_while(|line| !line.contains('╰'));
        let texts: Vec<&str> = rows.filter_map(|line| line.split('│').nth(1)).map(str::trim).collect();
        for text in texts.iter().filter(|text| text.len() > typed.len() + 2) {
            assert!(text.contains(word), "{typed}: {text:?} in {texts:?}");
        }
    }
    let mut bench = Bench::logged_in(120, 36);
    bench.press(":").type_text("adex").shows("▸ add an expense");
    bench.press("Esc :").type_text("lmgr").shows("limit: Groceries");
}
