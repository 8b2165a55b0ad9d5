//! What people do with it, from the first start on.

use std::fs::File;
use std::io::BufReader;
use std::time::Duration;

use rstest::rstest;

use super::{PASSWORD, add, sign_up, today};
use crate::support::dashboard::{DOWN, Dashboard, ENTER, F5, Launch, NORMAL, TAB};
use crate::support::program::{Home, outcome};

#[test]
fn the_sample_user_is_one_key_away_and_stays_logged_in() {
    let home = Home::new();
    let mut dashboard = Launch::new(&home).start();
    dashboard.wait_for("User name").press(F5);
    dashboard.wait_for("live").wait_for("newuser");
    let screen = dashboard.contents();
    for part in ["▆▆▆", "limit", "used, left", "over $", "Recent expenses", "Alerts ▲"] {
        assert!(screen.contains(part), "{part} is missing\n{screen}");
    }
    dashboard.press("q");
    assert_eq!((dashboard.exit_code(), dashboard.modes()), (0, NORMAL));

    let mut again = Launch::new(&home).start();
    again.wait_for("live").wait_for("newuser");
    let bytes = String::from_utf8(again.bytes()).unwrap();
    assert!(!bytes.contains("User name"), "it asked again who this is");
}

#[rstest]
#[case(120, 36)]
#[case(80, 24)]
fn a_budget_is_set_passed_and_kept(#[case] columns: u16, #[case] rows: u16) {
    let home = Home::new();
    let mut dashboard = Launch::new(&home).size(columns, rows).start();
    sign_up(&mut dashboard, "ada");
    set_limit(&mut dashboard);

    dashboard.press("1").wait_for("unused");
    dashboard.press("a").wait_for("Add expense");
    dashboard.fill(&["lunch at chipotle", "60"]);
    dashboard.wait_for("▸ Dining").wait_for("$10 over").press(ENTER);
    // Nobody presses a key for these.
    dashboard
        .wait_for("over $10")
        .wait_for("Alerts ▲1")
        .wait_for("Dining is over by $10");

    change_it(&mut dashboard);
    dashboard.press("p").wait_for("Saved");
    check_picture(&home);

    dashboard
        .press("L")
        .wait_for("Log out?")
        .press("y")
        .wait_for("Logged out")
        .wait_for("User name")
        .wait_for("ada");
    dashboard.press(PASSWORD).press(ENTER).wait_for("over $10");
    dashboard.press("q");
    assert_eq!((dashboard.exit_code(), dashboard.modes()), (0, NORMAL));
    let mut again = Launch::new(&home).size(columns, rows).start();
    again
        .wait_for("over $10")
        .wait_for("Alerts ▲1")
        .wait_for("lunch at chipotle");
}

#[track_caller]
pub(super) fn set_limit(dashboard: &mut Dashboard) {
    dashboard.press("3").wait_for("Budgets for").wait_for("▸ Groceries");
    dashboard.press(DOWN).wait_for("▸ Dining");
    dashboard
        .press(ENTER)
        .wait_for("type a number")
        .press("50")
        .press(ENTER);
    dashboard.wait_for("Dining: limit $50").wait_for("limits $50");
}

/// Edits, deletes and takes back, until all is as it was.
#[track_caller]
fn change_it(dashboard: &mut Dashboard) {
    dashboard.press("2").wait_for(&format!("Expenses {}", today("%B")));
    // Beside the list where there is room, over it where there is none.
    dashboard.press("e").wait_for("Enter save");
    dashboard.press(TAB).press("\x7f\x7f\x7f\x7f\x7f5").press(ENTER);
    dashboard.wait_for("Saved lunch").wait_for(" 5.00").wait_gone("▲1");
    dashboard.press("u").wait_for("60.00").wait_for("▲1");
    dashboard
        .press("d")
        .wait_for("Deleted lunch")
        .wait_for("leaves in")
        .wait_gone("▲1");
    dashboard
        .press("u")
        .wait_for("Took back: deleted lunch")
        .wait_gone("leaves in")
        .wait_for("▲1");
    dashboard
        .press("\x12")
        .wait_for("Did again: deleted lunch")
        .wait_gone("▲1");
    dashboard.press("u").wait_for("Took back: deleted lunch").wait_for("▲1");
    dashboard.press("1").wait_for("over $10");
}

fn check_picture(home: &Home) {
    let file = File::open(home.path("budget_vs_spending.png")).unwrap();
    let mut picture = png::Decoder::new(BufReader::new(file)).read_info().unwrap();
    let mut pixels = vec![0; picture.output_buffer_size()];
    let frame = picture.next_frame(&mut pixels).unwrap();
    assert!(frame.width >= 600 && frame.height >= 300, "{frame:?}");
    assert!(pixels.iter().any(|byte| *byte != pixels[0]), "the picture is empty");
}

#[test]
fn an_alert_is_helped_by_another_budget_or_silenced_and_stays_so() {
    let home = Home::new();
    let mut dashboard = Launch::new(&home).start();
    sign_up(&mut dashboard, "ada");
    set_limit(&mut dashboard);
    dashboard
        .press("k")
        .wait_for("▸ Groceries")
        .press("e")
        .wait_for("type a number");
    dashboard.press("200").press(ENTER).wait_for("limits $250");
    add(&mut dashboard, "lunch at chipotle", "60");
    dashboard.wait_for("Alerts ▲1").press("4");
    dashboard
        .wait_for("lunch at chipotle $60")
        .wait_for("m move $10 from Groceries");
    dashboard.press("m").wait_for("Move money to Dining").press(ENTER);
    dashboard
        .wait_for("Moved $10 from Groceries to Dining")
        .wait_for("✓ solved");
    dashboard.press("u").wait_for("Took back: moved $10").wait_for("▲1");
    dashboard.press("z").wait_for("Silenced Dining until").wait_gone("▲1");

    dashboard
        .press("3")
        .wait_for("Budgets for")
        .press("n")
        .wait_for("new category");
    dashboard
        .press("Bicycle")
        .press(TAB)
        .wait_for("kind: fixed")
        .press(ENTER);
    dashboard.wait_for("Added the category Bicycle").wait_for("▸ Bicycle");
    dashboard
        .press("d")
        .wait_for("Hide Bicycle?")
        .press("y")
        .wait_for("Hid Bicycle");
    dashboard
        .press("n")
        .wait_for("new category")
        .press("bicycle")
        .press(ENTER);
    dashboard.wait_for("Showed Bicycle again").wait_for("Bicycle  ");
    dashboard.press("o").wait_for("Let Other carry over").press("q");
    assert_eq!((dashboard.exit_code(), dashboard.modes()), (0, NORMAL));

    let mut again = Launch::new(&home).start();
    again.wait_for("over $10").press("4").wait_for("⊘ silent");
    assert!(!again.contents().contains("▲1"), "{}", again.contents());
    again
        .press("z")
        .wait_for("Ended the silence about Dining")
        .wait_for("▲1");
}

#[test]
fn another_process_is_seen_without_a_poll() {
    let home = Home::new();
    home.configure("poll_seconds = 3600\n");
    let mut dashboard = Launch::new(&home).start();
    sign_up(&mut dashboard, "ada");
    set_limit(&mut dashboard);
    dashboard.press("1").wait_for("unused");
    add_outside(&home, "uber to airport", "31.50");
    dashboard
        .wait_for("uber to airport")
        .wait_for("31.50")
        .wait_for("Transport");
    add_outside(&home, "lunch at chipotle", "60");
    // The last line but one tells it without being asked.
    dashboard.wait_for("Dining is over its $50 limit").wait_for("Alerts ▲1");
}

fn add_outside(home: &Home, description: &str, amount: &str) {
    let mut command = home.run("add");
    let run = outcome(command.args([description, amount]));
    assert_eq!(run.code, 0, "{}", run.err);
}

#[test]
fn what_was_typed_is_not_lost_by_mistake() {
    let home = Home::new();
    let mut dashboard = Launch::new(&home).start();
    sign_up(&mut dashboard, "ada");
    add(&mut dashboard, "Ramen House 東京", "18.50");
    dashboard.press("a").wait_for("Add expense").press("train to Bern");
    dashboard.press("\x03").wait_for("This expense is not saved");
    dashboard.press("\x03");
    assert_eq!((dashboard.exit_code(), dashboard.modes()), (0, NORMAL));
}

#[test]
fn nothing_happening_costs_nothing() {
    let home = Home::new();
    let mut dashboard = Launch::new(&home).start();
    dashboard.enter_demo();
    // Only time can show that nothing comes. The clock may move on by a minute meanwhile.
    let bytes = dashboard.bytes_within(Duration::from_secs(3));
    assert!(bytes <= 60, "{bytes} bytes");
}
