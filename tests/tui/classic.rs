//! The dashboard on a server that knows the five classic calls only.

use rstest::rstest;

use super::{PASSWORD, add, sign_up};
use crate::support::dashboard::{ENTER, Launch};
use crate::support::five_calls::{FiveCalls, OLD, PLAIN, Shape};
use crate::support::program::Home;

#[rstest]
#[case(PLAIN)]
#[case(OLD)]
fn five_calls_are_enough(#[case] shape: Shape) {
    let server = FiveCalls::start(shape);
    let home = Home::new();
    let mut dashboard = Launch::new(&home).server(&server.url).start();
    sign_up(&mut dashboard, "ada");
    add(&mut dashboard, "lunch at chipotle", "60");
    dashboard
        .wait_for("over $10")
        .wait_for("Alerts ▲1")
        .wait_for("Dining is over its budget.");
    dashboard.press("2").wait_for("does not list single expenses");
    dashboard
        .press("]")
        .wait_for("looking at other months is not possible here");
    dashboard
        .press("1")
        .press("e")
        .wait_for("setting a limit is not possible here");
    dashboard.press("3").wait_for("its limits can be seen, not changed");
    dashboard
        .press("u")
        .wait_for("taking a change back is not possible here");
    dashboard
        .press("L")
        .wait_for("Log out?")
        .press("y")
        .wait_for("Logged out");
    dashboard.press(PASSWORD).press(ENTER).wait_for("over $10");
    dashboard.press("q");
    assert_eq!(dashboard.exit_code(), 0);
}
