//! The dashboard in words: in the simplest terminal, and in a pipe.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::{PASSWORD, today};
use crate::server::Server;
use crate::support::dashboard::{CTRL_C, Dashboard, Launch, NORMAL};
use crate::support::program::{Home, Outcome, outcome};
use crate::support::strange::{Strange, marker, steering};

const CTRL_D: &str = "\x04";
/// By when an event stream is open, on a busy machine.
const OPENED: Duration = Duration::from_secs(30);

fn talk(home: &Home) -> Dashboard {
    let mut talk = Launch::new(home)
        .variable("TERM", "dumb")
        .size(100, 50)
        .argument("--plain")
        .start();
    talk.wait_for("help lists the commands").wait_for("> ");
    talk
}

fn sign_up(talk: &mut Dashboard) {
    talk.press("signup\n").wait_for("User name: ").press("ada\n");
    talk.wait_for("Email: ").press("ada@example.org\n");
    talk.wait_for("Password: ").press(&format!("{PASSWORD}\n"));
    talk.wait_for("Password again: ").press(&format!("{PASSWORD}\n"));
    talk.wait_for("Welcome, ada.")
        .wait_for("No spending and no limits.")
        .wait_until("the prompt", |screen| screen.contents().trim_end().ends_with('>'));
}

/// Nothing but text was written, and the terminal is as it was.
#[track_caller]
fn check_left(talk: &mut Dashboard) {
    assert_eq!((talk.exit_code(), talk.modes()), (0, NORMAL));
    let bytes = String::from_utf8(talk.bytes()).unwrap();
    let steers = bytes.chars().find(|c| c.is_control() && !matches!(c, '\r' | '\n'));
    assert_eq!(steers, None, "{bytes:?}");
}

#[test]
fn a_budget_is_kept_in_words() {
    let home = Home::new();
    let mut talk = talk(&home);
    sign_up(&mut talk);
    assert!(!talk.contents().contains("kitchen"), "the password was shown");
    talk.press("limit dining 50\n")
        .wait_for(&format!("Dining: limit 50.00 from {} on.", today("%B %Y")));
    talk.press("add lunch at chipotle 60\n")
        .wait_for("Added lunch at chipotle, 60.00, to Dining, ")
        .wait_for("New alert: Dining is over its $50 limit for ");
    talk.press("overview\n")
        .wait_for("Dining 60.00 of 50.00, over by 10.00, 120 percent.");
    // Nobody asks for this.
    let run = outcome(home.run("add").args(["uber to airport", "31.50"]));
    assert_eq!(run.code, 0, "{}", run.err);
    talk.wait_for(&format!(
        "Added elsewhere: {}, uber to airport, 31.50, Transport",
        today("%-d %B")
    ));
    talk.press("list\n")
        .wait_for(&format!("2. {}, lunch at chipotle, 60.00, Dining.", today("%-d %B")));
    talk.press("delete 2\n").wait_for("Deleted lunch at chipotle");
    talk.press("undo\n").wait_for("lunch at chipotle is back.");
    talk.press("lsit\n").wait_for("Did you mean list?");
    talk.press("read\n").wait_for("All alerts are read.");
    talk.press("quit\n");
    check_left(&mut talk);
    // Whoever comes back is known.
    let mut again = Launch::new(&home).argument("--plain").start();
    again.wait_for("Dining 60.00 of 50.00").press(CTRL_D);
    check_left(&mut again);
}

#[test]
fn the_end_of_the_input_and_signals_leave_in_order() {
    let home = Home::new();
    for how in [CTRL_D, CTRL_C] {
        let mut talk = talk(&home);
        talk.press(how);
        check_left(&mut talk);
    }
    for signal in [Signal::TERM, Signal::HUP] {
        let mut talk = talk(&home);
        talk.signal(signal);
        check_left(&mut talk);
    }
    // While the terminal does not show what is typed.
    let mut talk = talk(&home);
    talk.press("login ada\n").wait_for("Password: ");
    talk.wait_for_modes(&["raw mode"]).signal(Signal::INT);
    check_left(&mut talk);
}

#[test]
fn nothing_is_said_while_nothing_happens() {
    let home = Home::new();
    let mut talk = talk(&home);
    talk.press("demo\n")
        .wait_for("Welcome, newuser.")
        .wait_until("the prompt", |screen| {
            let contents = screen.contents();
            contents.contains("new alerts") && contents.trim_end().ends_with('>')
        });
    assert_eq!(talk.bytes_within(Duration::from_secs(2)), 0);
}

#[test]
fn a_server_that_goes_and_comes_back_is_told_once() {
    let home = Home::new();
    let server = Server::start(&home.path("server"), &[]);
    let address = server.url.trim_start_matches("http://").to_owned();
    let mut talk = Launch::new(&home).argument("--plain").server(&server.url).start();
    talk.wait_for("> ");
    sign_up(&mut talk);
    server.kill();
    talk.wait_for("The connection is lost. No answer from");
    let _server = Server::start_at(&address, &home.path("server"), &[]);
    talk.wait_for("The connection is back.");
    assert_eq!(talk.contents().matches("is lost").count(), 1);
}

/// What a script of commands comes to.
fn script(home: &Home, lines: &str) -> Outcome {
    outcome(home.run("--plain").write_stdin(lines))
}

#[test]
fn a_script_is_read_to_its_end() {
    let home = Home::new();
    let run = script(
        &home,
        &format!(
            "signup ada ada@example.org\n{PASSWORD}\nlimit entertainment 80\nadd cinema 12 #entertainment\nlist\n"
        ),
    );
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines[0], "Welcome, ada.");
    let wanted = format!("1. {}, cinema, 12.00, Entertainment.", today("%-d %B"));
    assert_eq!(*lines.last().unwrap(), wanted);
    assert!(
        run.out.contains("Added cinema, 12.00, to Entertainment."),
        "{}",
        run.out
    );
    // The session is the one of all commands.
    assert_eq!(script(&home, "overview").code, 0);
    assert_eq!(outcome(&mut home.run("summary")).code, 0);
}

#[test]
fn a_script_that_goes_wrong_says_where() {
    let home = Home::new();
    let run = script(&home, "overview\nhelp\nfrobnicate\n");
    assert_eq!(run.code, 1);
    assert_eq!(
        run.err,
        "Line 1: You are not logged in. login ada logs in, demo looks around with sample data.\n\
         Line 3: There is no command \"frobnicate\". help lists them all.\n"
    );
    assert!(run.out.starts_with("overview: "), "{}", run.out);
}

#[test]
fn the_configuration_may_ask_for_it() {
    let home = Home::new();
    home.configure("plain = true\n");
    let run = outcome(home.run("").write_stdin("help\n"));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.contains("quit: leaves."), "{}", run.out);
    let run = outcome(&mut home.run("--plain summary"));
    assert_eq!(run.code, 2);
    assert!(run.err.contains("--plain"), "{}", run.err);
}

#[test]
fn strange_strings_steer_nothing_here_either() {
    let home = Home::new();
    let server = Strange::start();
    let mut command = home.run("--plain --server");
    command.arg(server.url().as_str());
    let run = outcome(command.write_stdin("login ada\nkitchen lamp nine\nlist 1000\nalerts all\noverview\n"));
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains(&marker(0)));
    let text: String = run.out.lines().collect();
    assert_eq!(steering(text.as_bytes()), None);
}

#[test]
fn a_refresh_says_how_news_come() {
    let home = Home::new();
    let mut talk = talk(&home);
    sign_up(&mut talk);
    let live = "Live: what changes is told at once.";
    let polling = "Polling: the server is asked every 15 s.";
    let begun = Instant::now();
    loop {
        let before = talk.bytes().len();
        talk.press("refresh\n").wait_for_bytes(before, "\n> ");
        let told = String::from_utf8(talk.bytes().split_off(before)).unwrap();
        assert!(told.contains("Up to date."), "{told}");
        if told.contains(live) {
            break;
        }
        // It may come before the stream is open.
        assert!(told.contains(polling), "{told}");
        assert!(begun.elapsed() < OPENED, "it never went live");
    }
}
