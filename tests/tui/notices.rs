//! What is told outside the window, and what a multiplexer lets through.

use std::env;
use std::path::PathBuf;

use super::story::set_limit;
use super::{add, sign_up};
use crate::support::dashboard::{CTRL_C, Dashboard, F5, FOCUS_GAINED, FOCUS_LOST, Launch, NORMAL, PROGRAM, find};
use crate::support::program::{Home, outcome};

const NOTICE: &str = "\x1b]777;notify;Budget Tracker;Dining ";

fn start(home: &Home) -> Dashboard {
    Launch::new(home).variable("TERM", "foot").start()
}

fn add_outside(home: &Home, description: &str, amount: &str) {
    let run = outcome(home.run("add").args([description, amount]));
    assert_eq!(run.code, 0, "{}", run.err);
}

fn notices(dashboard: &Dashboard) -> usize {
    String::from_utf8(dashboard.bytes())
        .unwrap()
        .matches("\x1b]777;")
        .count()
}

#[test]
fn a_new_alert_is_told_once_to_whoever_looks_elsewhere() {
    let home = Home::new();
    let mut dashboard = start(&home);
    sign_up(&mut dashboard, "ada");
    set_limit(&mut dashboard);
    dashboard.press("1").wait_for("unused");
    // Whoever looks at the window sees it there.
    add_outside(&home, "lunch at chipotle", "45");
    dashboard.wait_for("Alerts ▲").wait_for("lunch at chipotle");
    assert_eq!(notices(&dashboard), 0);
    dashboard.press(FOCUS_LOST);
    add_outside(&home, "dinner at chipotle", "30");
    dashboard.wait_for_bytes(0, NOTICE);
    let bell = find(&dashboard.bytes(), NOTICE).unwrap();
    dashboard.wait_for_bytes(bell, "\x07\x07");
    add_outside(&home, "coffee at chipotle", "3");
    dashboard.wait_for("coffee at chipotle");
    assert_eq!(notices(&dashboard), 1);
    dashboard.press(FOCUS_GAINED).press("q");
    assert_eq!((dashboard.exit_code(), dashboard.modes()), (0, NORMAL));

    // What was told before is told no more.
    let mut again = start(&home);
    again.wait_for("coffee at chipotle").press(FOCUS_LOST);
    add_outside(&home, "tea at chipotle", "3");
    again.wait_for("tea at chipotle");
    assert_eq!(notices(&again), 0);
}

#[test]
fn notices_can_be_turned_off() {
    let home = Home::new();
    home.configure("notify = \"off\"\nbell = false\n");
    let mut dashboard = start(&home);
    sign_up(&mut dashboard, "ada");
    set_limit(&mut dashboard);
    dashboard.press("1").wait_for("unused").press(FOCUS_LOST);
    add_outside(&home, "lunch at chipotle", "60");
    dashboard.wait_for("Alerts ▲").wait_for("lunch at chipotle");
    let bytes = String::from_utf8(dashboard.bytes()).unwrap();
    assert_eq!(notices(&dashboard), 0);
    // The bell ends window titles, and nothing else.
    assert_eq!(bytes.matches('\x07').count(), bytes.matches("\x1b]2;").count());
}

#[test]
fn what_is_copied_goes_to_the_terminal() {
    let home = Home::new();
    let mut dashboard = Launch::new(&home).start();
    sign_up(&mut dashboard, "ada");
    add(&mut dashboard, "lunch at chipotle", "60");
    dashboard
        .press("2")
        .wait_for("Expenses ")
        .wait_for("▸  ")
        .press("y")
        .wait_for("Copied");
    dashboard.wait_for_bytes(0, "\x1b]52;c;");
}

#[test]
fn the_mouse_is_taken_only_when_it_is_wanted() {
    let home = Home::new();
    let mut dashboard = Launch::new(&home).start();
    dashboard.enter_demo();
    assert!(!dashboard.modes().contains(&"mouse"));
    dashboard.press("M").wait_for("Shift-drag selects text");
    assert!(dashboard.modes().contains(&"mouse"));
    dashboard.press("\x1b[<0;24;1M\x1b[<0;24;1m").wait_for("Expenses ");
    dashboard.press("M").wait_for("Mouse off");
    assert!(!dashboard.modes().contains(&"mouse"));
    dashboard.press("M").wait_for("Mouse on").press("q");
    assert_eq!((dashboard.exit_code(), dashboard.modes()), (0, NORMAL));
}

/// Where tmux is; a machine that tests every change has it.
fn tmux() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path)
        .map(|folder| folder.join("tmux"))
        .find(|program| program.exists());
    assert!(found.is_some() || env::var_os("CI").is_none(), "tmux is missing");
    found
}

#[test]
fn inside_tmux_it_is_the_same() {
    let Some(tmux) = tmux() else { return };
    let home = Home::new();
    let socket = home.path("tmux");
    let mut dashboard = Launch::new(&home)
        .program(&tmux)
        .argument("-S")
        .argument(socket.to_str().unwrap())
        .argument("-f")
        .argument("/dev/null")
        .argument("new-session")
        .argument(PROGRAM)
        .start();
    dashboard.wait_for("User name").press("ada").wait_for("▌ada");
    dashboard
        .press("\x15")
        .press(F5)
        .wait_for("live")
        .wait_for("Recent expenses");
    dashboard.resize(80, 24).wait_for("j k");
    dashboard.press("2").wait_for("s date").press("\x1b").wait_for("j k");
    dashboard.press(CTRL_C).wait_for("[exited]");
    assert_eq!(dashboard.exit_code(), 0);
}
