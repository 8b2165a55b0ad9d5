//! The dashboard as its users have it: the real program in a real terminal.

mod accounts;
mod answers;
mod calendar;
mod classic;
mod hostile;
mod many;
mod notices;
mod plain;
mod service;
mod story;
mod strange;
mod terminal;

use crate::support::dashboard::{Dashboard, ENTER, F3};

const PASSWORD: &str = "kitchen lamp nine";

/// This day as the program, whose clock is at UTC, writes it.
fn today(format: &str) -> String {
    jiff::Zoned::now().in_tz("UTC").unwrap().strftime(format).to_string()
}

/// From the log-in screen to the overview of a new user.
#[track_caller]
fn sign_up(dashboard: &mut Dashboard, name: &str) {
    dashboard.wait_for("User name").press(F3).wait_for("Password again");
    dashboard
        .fill(&[name, "ada@example.org", PASSWORD, PASSWORD])
        .press(ENTER);
    dashboard.wait_for("No alerts");
}

/// From any screen, through the form.
#[track_caller]
fn add(dashboard: &mut Dashboard, description: &str, amount: &str) {
    dashboard.press("a").wait_for("Add expense");
    dashboard.fill(&[description, amount]).press(ENTER);
    dashboard.wait_gone("Add expense");
}
