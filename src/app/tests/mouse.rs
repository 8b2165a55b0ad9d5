//! Clicks and the wheel reach what is drawn.

use super::Bench;
use crate::app::{Effect, Mouse, MouseKind, Msg, Settings};

fn bench(columns: u16, rows: u16) -> Bench {
    let mut bench = Bench::logged_in(columns, rows);
    bench.press("M");
    assert!(bench.effects.contains(&Effect::Mouse(true)));
    bench.shows("Shift-drag selects text");
    bench
}

/// Where `text` begins on the screen.
#[track_caller]
fn find(bench: &Bench, text: &str) -> (u16, u16) {
    let buffer = bench.buffer();
    let width = buffer.area.width;
    let rows = buffer.content().chunks(width.into());
    for (y, row) in (0..).zip(rows) {
        let cells: Vec<&str> = row.iter().map(ratatui::buffer::Cell::symbol).collect();
        let found = (0..cells.len()).find(|x| cells[*x..].concat().starts_with(text));
        if let Some(x) = found {
            return (u16::try_from(x).unwrap(), y);
        }
    }
    panic!("{text:?} is not on the screen:\n{}", bench.frame());
}

fn send(bench: &mut Bench, (column, row): (u16, u16), kind: MouseKind) {
    bench.send(Msg::Mouse(Mouse { column, row, kind }));
}

#[track_caller]
fn click(bench: &mut Bench, text: &str) {
    let place = find(bench, text);
    send(bench, place, MouseKind::Click);
}

#[test]
fn the_names_of_the_screens_are_clicked() {
    let mut bench = bench(120, 36);
    click(&mut bench, "3 Budgets");
    bench.shows("Budgets for November 2026");
    click(&mut bench, "Alerts ▲");
    bench.shows("▸ Alerts");
    click(&mut bench, "1 Overview");
    bench.shows("Recent expenses");
}

#[test]
fn a_click_selects_and_a_second_one_opens() {
    for (columns, rows) in [(120, 36), (80, 24)] {
        let mut bench = bench(columns, rows);
        click(&mut bench, "Transport ");
        bench.press("Enter").shows("cat:transport");
        let mut bench = self::bench(columns, rows);
        click(&mut bench, "REWE sagt");
        click(&mut bench, "REWE sagt");
        bench.shows("▸ ").shows("Expenses November 2026");
    }
}

#[test]
fn the_second_click_must_come_soon_and_at_the_same_place() {
    let mut bench = bench(120, 36);
    click(&mut bench, "Transport ");
    bench.unix_ms += 1000;
    click(&mut bench, "Transport ");
    bench.shows("Recent expenses");
    click(&mut bench, "Dining ");
    bench.shows("Recent expenses");
}

#[test]
fn rows_of_every_list_are_clicked() {
    let mut bench = bench(120, 36);
    bench.press("3");
    click(&mut bench, "Dining ");
    bench.shows("▸ Dining");
    bench.unix_ms += 1000;
    bench.press("4");
    click(&mut bench, "Transport ");
    bench.press("2");
    click(&mut bench, "Lidl");
    bench.shows("▸  14 Nov  Lidl");
}

#[test]
fn the_wheel_moves_the_list_under_it() {
    let mut bench = bench(120, 36);
    let place = find(&bench, "Lidl");
    send(&mut bench, place, MouseKind::WheelDown);
    bench.shows("▸ Recent expenses");
    bench.press("2");
    send(&mut bench, (5, 10), MouseKind::WheelDown);
    let down = bench.frame();
    send(&mut bench, (5, 10), MouseKind::WheelUp);
    assert_ne!(bench.frame(), down);
    bench.press("?");
    send(&mut bench, (5, 10), MouseKind::WheelDown);
}

#[test]
fn a_stray_click_changes_nothing() {
    let mut bench = bench(120, 36);
    for (keys, shown) in [("a", "Add expense"), ("?", "Help"), (":", "Commands")] {
        bench.press(keys).shows(shown);
        let before = bench.frame();
        for row in 0..36 {
            send(&mut bench, (30, row), MouseKind::Click);
        }
        assert_eq!(bench.frame(), before);
        bench.press("Esc");
    }
}

#[test]
fn without_the_mouse_nothing_is_heard() {
    let mut bench = Bench::logged_in(120, 36);
    click(&mut bench, "3 Budgets");
    bench.shows("Recent expenses");
    let on = Settings {
        mouse: true,
        ..Settings::default()
    };
    let bench = Bench::with(on, 120, 36);
    assert!(bench.effects.contains(&Effect::Mouse(true)));
}

#[test]
fn every_place_of_every_size_can_be_clicked() {
    for (columns, rows) in [(120, 36), (80, 24), (40, 10), (160, 50), (31, 6), (10, 3)] {
        let mut bench = bench(120, 36);
        for screen in ["1", "2", "3", "4"] {
            bench.press(screen);
            bench.send(Msg::Resize(columns, rows));
            for row in (0..rows).step_by(3) {
                for column in (0..columns).step_by(7) {
                    send(&mut bench, (column, row), MouseKind::Click);
                }
            }
            bench.buffer();
            bench.send(Msg::Resize(120, 36));
        }
    }
}
