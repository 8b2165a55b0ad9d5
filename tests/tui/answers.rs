//! What the terminal says of itself: early, in pieces, late, unasked or not at all.

use rstest::rstest;

use crate::support::dashboard::{CTRL_C, Dashboard, F5, Launch, NORMAL, find};
use crate::support::program::Home;

const QUESTION: &str = "\x1b]11;?\x1b\\";
const LAST: &str = "\x1b[?62;22c";
const LIGHT: &str = "\x1b]11;rgb:fdfd/f6f6/e3e3\x1b\\";
const DARK: &str = "\x1b]11;rgb:0000/0000/0000\x07";

/// The colours of words in the light theme and in the dark one.
const LIGHT_TEXT: &str = "38;2;29;39;51";
const DARK_TEXT: &str = "38;2;220;227;234";

fn start(home: &Home) -> Dashboard {
    let mut dashboard = Launch::new(home).start();
    dashboard.wait_for_bytes(0, QUESTION);
    dashboard
}

/// Keys work, nothing was typed by the terminal, and nothing is left for the shell.
#[track_caller]
fn check_silent(dashboard: &mut Dashboard) {
    dashboard.press("ada").wait_for("▌ada    ").press(CTRL_C);
    assert_eq!((dashboard.exit_code(), dashboard.modes()), (0, NORMAL));
    assert_eq!(dashboard.contents().trim(), "");
    assert_eq!(dashboard.unread(), 0);
}

#[test]
fn a_light_terminal_gets_dark_words() {
    let home = Home::new();
    let mut dashboard = start(&home);
    dashboard.press(&format!("{LIGHT}{LAST}"));
    dashboard.wait_for_bytes(0, LIGHT_TEXT).wait_for("User name");
    check_silent(&mut dashboard);
}

#[test]
fn a_dark_terminal_is_drawn_once() {
    let home = Home::new();
    let mut dashboard = start(&home);
    dashboard.press(&format!("{DARK}{LAST}")).wait_for("User name");
    check_silent(&mut dashboard);
    assert!(find(&dashboard.bytes(), LIGHT_TEXT).is_none());
}

#[test]
fn an_answer_in_pieces_is_one_answer() {
    let home = Home::new();
    let mut dashboard = start(&home);
    for piece in ["\x1b]11;rgb:fdfd/", "f6f6/e3", "e3\x1b", "\\\x1b[?62;", "22c"] {
        dashboard.press(piece);
    }
    dashboard.wait_for_bytes(0, LIGHT_TEXT);
    check_silent(&mut dashboard);
}

#[test]
fn a_late_answer_is_taken_and_never_typed() {
    let home = Home::new();
    let mut dashboard = start(&home);
    dashboard.wait_for("User name").press("lace").wait_for("lace");
    dashboard.press(&format!("{LIGHT}{LAST}")).wait_for_bytes(0, LIGHT_TEXT);
    // Once more, as nobody asked: passed over like anything else that only a terminal says.
    dashboard.press(&format!("{LAST}\x1b[5;7R\x1bP>|term 1\x1b\\\x1b]10;rgb:00/00/00\x07"));
    dashboard.press(" love").wait_for("lace love");
    dashboard.press(CTRL_C);
    assert_eq!((dashboard.exit_code(), dashboard.unread()), (0, 0));
}

#[test]
fn a_terminal_that_says_nothing_is_taken_to_be_dark() {
    let home = Home::new();
    let mut dashboard = start(&home);
    dashboard.wait_for("User name");
    check_silent(&mut dashboard);
    let bytes = dashboard.bytes();
    assert!(find(&bytes, DARK_TEXT).is_some() && find(&bytes, LIGHT_TEXT).is_none());
}

#[test]
fn leaving_before_the_answer_leaves_no_answer_behind() {
    let home = Home::new();
    let mut dashboard = start(&home);
    dashboard.press(&format!("{CTRL_C}{LIGHT}{LAST}"));
    assert_eq!((dashboard.exit_code(), dashboard.unread()), (0, 0));
    assert_eq!(dashboard.contents().trim(), "");
}

#[test]
fn a_switch_of_the_colours_is_followed() {
    let home = Home::new();
    let mut dashboard = start(&home);
    dashboard.press(LAST).wait_for("User name");
    let before = dashboard.bytes().len();
    dashboard.press("\x1b[?997;2n").wait_for_bytes(before, LIGHT_TEXT);
    let before = dashboard.bytes().len();
    dashboard.press("\x1b[?997;1n").wait_for_bytes(before, DARK_TEXT);
    check_silent(&mut dashboard);
}

#[test]
fn a_terminal_that_draws_blocks_two_columns_wide_gets_ascii() {
    let home = Home::new();
    let mut dashboard = start(&home);
    dashboard.press(&format!("\x1b[1;3R{LAST}"));
    dashboard.wait_until("plain characters", |screen| {
        let contents = screen.contents();
        contents.contains("User name") && contents.is_ascii()
    });
    dashboard.press(F5).wait_for("live").wait_for("##########|");
}

#[rstest]
#[case::no_colour(("NO_COLOR", "1"))]
#[case::console(("TERM", "linux"))]
#[case::unknown(("TERM", ""))]
fn what_changes_nothing_is_not_asked(#[case] (name, value): (&str, &str)) {
    let home = Home::new();
    let mut dashboard = Launch::new(&home).variable(name, value).start();
    dashboard.wait_for("User name");
    let bytes = dashboard.bytes();
    assert!(find(&bytes, "\x1b]11;").is_none() && find(&bytes, "\x1b[?2031h").is_none());
}

#[test]
fn a_chosen_theme_is_not_asked_for() {
    let home = Home::new();
    home.configure("theme = \"light\"\n");
    let mut dashboard = Launch::new(&home).start();
    dashboard.wait_for("User name").wait_for_bytes(0, LIGHT_TEXT);
    assert!(find(&dashboard.bytes(), "\x1b]11;").is_none());
}
