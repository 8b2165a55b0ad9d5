//! Manners in a terminal: what was changed is put back, whatever happens, and every size works.

use std::process::{Command, Stdio};

use rstest::rstest;
use rustix::process::Signal;

use super::{add, sign_up};
use crate::support::dashboard::{CTRL_C, CTRL_Z, Dashboard, F5, FOCUS_GAINED, FOCUS_LOST, Launch, NORMAL, find};
use crate::support::program::{Home, outcome};

const TAKEN: [&str; 5] = [
    "raw mode",
    "alternate screen",
    "bracketed paste",
    "focus events",
    "colour reports",
];

fn log_in_screen(home: &Home) -> Dashboard {
    let mut dashboard = Launch::new(home).start();
    dashboard.wait_for("User name");
    dashboard.wait_for_modes(&TAKEN);
    dashboard
}

/// Ended well, and the terminal is as the shell had it, without a trace.
#[track_caller]
fn check_left(dashboard: &mut Dashboard) {
    assert_eq!((dashboard.exit_code(), dashboard.modes()), (0, NORMAL));
    assert_eq!(dashboard.contents().trim(), "");
}

#[rstest]
#[case(Signal::TERM)]
#[case(Signal::HUP)]
#[case(Signal::INT)]
fn a_signal_ends_it_in_order(#[case] signal: Signal) {
    let home = Home::new();
    let mut dashboard = log_in_screen(&home);
    check_left(dashboard.signal(signal));
}

#[test]
fn control_c_ends_it_in_order() {
    let home = Home::new();
    let mut dashboard = log_in_screen(&home);
    check_left(dashboard.press("ada").wait_for("ada").press(CTRL_C));
}

#[rstest]
#[case(None)]
#[case(Some(Signal::TSTP))]
fn it_stops_and_comes_back_whole(#[case] signal: Option<Signal>) {
    let home = Home::new();
    let mut dashboard = log_in_screen(&home);
    dashboard.press("ada").wait_for("ada");
    match signal {
        Some(signal) => dashboard.signal(signal),
        None => dashboard.press(CTRL_Z),
    };
    dashboard.wait_stopped().wait_for_modes(&NORMAL);
    assert_eq!(dashboard.contents().trim(), "");
    // The window may have changed meanwhile.
    dashboard.resize(80, 24).signal(Signal::CONT);
    dashboard.wait_for("User name").wait_for("ada").wait_for("quit");
    dashboard.wait_for_modes(&TAKEN);
    dashboard.press("love").wait_for("adalove");
    check_left(dashboard.press(CTRL_C));
}

#[test]
fn a_stop_that_nobody_announces_is_survived() {
    let home = Home::new();
    let mut dashboard = log_in_screen(&home);
    let (whole, line) = (dashboard.contents(), dashboard.line());
    dashboard.signal(Signal::STOP).wait_stopped();
    // What a shell does to the terminal of a job that stopped.
    let tty = dashboard.tty();
    std::fs::write(&tty, "\x1b[?1049l\x1b[?2004l\x1b[Hprompt$").unwrap();
    let stty = Command::new("stty")
        .args(["icanon", "echo", "isig", "opost", "icrnl"])
        .stdin(std::fs::File::open(&tty).unwrap())
        .stderr(Stdio::null())
        .status();
    assert!(stty.unwrap().success());
    dashboard.wait_for("prompt$").signal(Signal::CONT);
    dashboard.wait_until("the screen to come back", |screen| screen.contents() == whole);
    dashboard.wait_for_modes(&TAKEN);
    assert_eq!(dashboard.line(), line);
    dashboard.press("ada").wait_for("ada");
}

#[rstest]
#[case(true)]
#[case(false)]
fn a_terminal_that_vanishes_ends_it(#[case] controlling: bool) {
    let home = Home::new();
    let launch = Launch::new(&home);
    let launch = if controlling { launch } else { launch.not_controlling() };
    let mut dashboard = launch.start();
    dashboard.wait_for("User name").press("ada").wait_for("ada").vanish();
    assert_eq!(dashboard.exit_code(), 0);
    let log = std::fs::read_to_string(home.path(".local/state/budget-tracker/budget-tracker.log")).unwrap();
    assert!(!log.contains("panic"), "{log}");
}

#[test]
fn every_size_works() {
    let home = Home::new();
    let mut dashboard = Launch::new(&home).start();
    dashboard.enter_demo();
    let without_clock = |contents: &str| contents.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    let whole = without_clock(&dashboard.contents());
    dashboard.resize(80, 24).wait_for("j k").wait_for("quit");
    dashboard.resize(40, 10).wait_for("j k scroll");
    dashboard.resize(10, 3).wait_until("one short line", |screen| {
        let contents = screen.contents();
        !contents.trim().is_empty() && contents.lines().count() <= 3
    });
    dashboard
        .resize(1, 1)
        .resize(0, 0)
        .resize(400, 100)
        .wait_for("Recent expenses");
    dashboard.resize(120, 36);
    dashboard.wait_until("the first screen", |screen| without_clock(&screen.contents()) == whole);
    dashboard.press("q");
    check_left(&mut dashboard);
}

#[test]
fn no_key_is_lost_while_the_window_is_dragged() {
    let home = Home::new();
    let mut dashboard = log_in_screen(&home);
    let letters = "the quick brown fox jumps over the lazy dog";
    for (columns, letter) in (70..).zip(letters.chars()) {
        dashboard.resize(columns, 30).press(&letter.to_string());
    }
    dashboard.wait_for(letters);
}

#[test]
fn a_terminal_that_knows_no_size_is_taken_to_have_the_usual_one() {
    let home = Home::new();
    let mut dashboard = Launch::new(&home).size(0, 0).start();
    dashboard.wait_for_bytes(0, "User name");
}

#[test]
fn a_paste_is_text_and_nothing_else() {
    let home = Home::new();
    let mut dashboard = log_in_screen(&home);
    dashboard.paste("ada\n\x1b[31mlove\x07\tlace\x03");
    dashboard.wait_for("ada [31mlove lace");
    assert!(find(&dashboard.bytes(), "\x1b[31mlove").is_none());
    for _ in 0.."ada [31mlove lace".len() {
        dashboard.press("\x7f");
    }
    sign_up(&mut dashboard, "ada");
    dashboard
        .paste("lunch 12.50")
        .wait_for("Add expense")
        .wait_for("$12.50");
    dashboard.press("\x15").paste("Ramen House\n東京");
    dashboard.wait_for("Ramen House 東京");
}

#[test]
fn focus_events_are_no_text() {
    let home = Home::new();
    let mut dashboard = log_in_screen(&home);
    dashboard
        .press("a")
        .press(FOCUS_LOST)
        .press("d")
        .press(FOCUS_GAINED)
        .press("a");
    dashboard.wait_for("ada");
}

#[test]
fn colours_can_be_turned_off() {
    let home = Home::new();
    let mut dashboard = Launch::new(&home).variable("NO_COLOR", "1").start();
    dashboard.wait_for("User name").press(F5);
    dashboard
        .wait_for("live")
        .wait_for("Alerts ▲")
        .press("a")
        .wait_for("Add expense");
    let bytes = String::from_utf8(dashboard.bytes()).unwrap();
    for code in sgr_codes(&bytes) {
        assert!(!matches!(code, 30..=49 | 90..=107), "SGR {code}");
    }
}

#[test]
fn a_terminal_without_unicode_gets_ascii() {
    let home = Home::new();
    let mut dashboard = Launch::new(&home).variable("LANG", "C").start();
    sign_up(&mut dashboard, "ada");
    add(&mut dashboard, "lunch at chipotle", "60");
    dashboard
        .press("3")
        .wait_for("Budgets for")
        .press("4")
        .wait_for("this month   f all");
    dashboard
        .press("2")
        .wait_for("chipotle")
        .press("?")
        .wait_for("Everywhere");
    let bytes = String::from_utf8(dashboard.bytes()).unwrap();
    let strange: String = bytes.chars().filter(|c| !c.is_ascii()).collect();
    assert_eq!(strange, "");
}

/// The numbers of every SGR sequence.
fn sgr_codes(text: &str) -> Vec<u16> {
    let sequences = text.split("\x1b[").skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
        rest[end..].starts_with('m').then(|| &rest[..end])
    });
    let codes: Vec<u16> = sequences
        .flat_map(|codes| codes.split(';'))
        .filter_map(|code| code.parse().ok())
        .collect();
    assert!(!codes.is_empty(), "bold and reversed are always there");
    codes
}

#[test]
fn without_a_terminal_it_says_so() {
    let home = Home::new();
    let run = outcome(&mut home.run(""));
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(
        run.err.contains("needs a terminal") && run.err.contains("budget-tracker summary"),
        "{}",
        run.err
    );
}

#[test]
fn a_dumb_terminal_is_refused() {
    let home = Home::new();
    let mut dashboard = Launch::new(&home).variable("TERM", "dumb").start();
    assert_eq!(dashboard.exit_code(), 2);
    dashboard.wait_for("TERM=dumb").wait_for("use a command");
    assert!(!dashboard.bytes().contains(&0x1b));
}
