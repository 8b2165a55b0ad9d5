//! Every screen and dialog at the three sizes of the layouts, as a person sees it.

use rstest::rstest;

use super::data::{category_id, failure, october, prediction, snapshot};
use super::log_in::{asked_for_a_code, sign_up_at};
use super::{Bench, session};
use crate::api::{ErrorCode, Failure, SignUpMode};
use crate::app::{Msg, Reply, Settings, Timer};
use crate::ui::{Glyphs, Skin, Theme};

fn log_in_refused(columns: u16, rows: u16) -> Bench {
    let mut bench = Bench::new(columns, rows);
    bench.type_text("ada").press("Tab").type_text("nonsense").press("Enter");
    bench.answer(Reply::LoggedIn(Err(super::data::refusal(
        ErrorCode::BadCredentials,
        "Wrong name or password.",
    ))));
    bench
}

fn sign_up_with_errors(columns: u16, rows: u16) -> Bench {
    let mut bench = Bench::new(columns, rows);
    bench.press("F3").type_text("a b").press("Tab").type_text("nonsense");
    bench
        .press("Tab")
        .type_text("short")
        .press("Tab")
        .type_text("other")
        .press("Enter");
    bench
}

fn sign_up_at_the_end(columns: u16, rows: u16) -> Bench {
    let mut bench = sign_up_with_errors(columns, rows);
    bench.press("S-Tab S-Tab");
    bench
}

fn logging_in(columns: u16, rows: u16) -> Bench {
    let mut bench = Bench::new(columns, rows);
    bench.press("F5");
    bench
}

fn pressed(columns: u16, rows: u16, keys: &str) -> Bench {
    let mut bench = Bench::logged_in(columns, rows);
    bench.press(keys);
    bench
}

fn filtered(columns: u16, rows: u16) -> Bench {
    let mut bench = pressed(columns, rows, "2 /");
    bench.type_text("dining");
    bench
}

fn filter_without_match(columns: u16, rows: u16) -> Bench {
    let mut bench = pressed(columns, rows, "2 /");
    bench.type_text("fnu").press("Enter");
    bench
}

fn editing_a_limit(columns: u16, rows: u16) -> Bench {
    let mut bench = pressed(columns, rows, "3 j Enter");
    bench.type_text("+10%");
    bench
}

fn limit_with_error(columns: u16, rows: u16) -> Bench {
    let mut bench = pressed(columns, rows, "3 Enter");
    bench.type_text("lots").press("Enter");
    bench
}

fn adding(columns: u16, rows: u16, choices: &[(&str, u8)]) -> Bench {
    let mut bench = pressed(columns, rows, "a");
    bench.type_text("ramen house").timer(Timer::Predict);
    bench.answer(Reply::Predicted(Ok(prediction(choices))));
    bench.press("Tab").type_text("18,5");
    bench
}

fn add_waiting(columns: u16, rows: u16) -> Bench {
    let mut bench = pressed(columns, rows, "a");
    bench.type_text("ramen house").timer(Timer::Predict);
    bench
}

fn add_line(columns: u16, rows: u16) -> Bench {
    let mut bench = pressed(columns, rows, "a");
    bench.type_text("airport taxi 12+6.5 yesterday").timer(Timer::Predict);
    bench.answer(Reply::Predicted(Ok(prediction(&[("Transport", 88), ("Dining", 7)]))));
    bench
}

fn add_sure(columns: u16, rows: u16) -> Bench {
    adding(columns, rows, &[("Dining", 96), ("Groceries", 3), ("Shopping", 1)])
}

fn add_unsure(columns: u16, rows: u16) -> Bench {
    let mut bench = adding(columns, rows, &[("Dining", 44), ("Groceries", 31)]);
    bench.press("Enter");
    bench
}

fn add_unknown(columns: u16, rows: u16) -> Bench {
    adding(columns, rows, &[])
}

fn add_with_errors(columns: u16, rows: u16) -> Bench {
    let mut bench = pressed(columns, rows, "a");
    bench
        .type_text("ramen")
        .press("Tab")
        .type_text("a lot")
        .press("Tab")
        .type_text("someday")
        .press("Enter");
    bench
}

fn add_failed(columns: u16, rows: u16) -> Bench {
    let mut bench = add_sure(columns, rows);
    bench.press("Enter").answer(Reply::Stored(Err(failure())));
    bench
}

fn offline(columns: u16, rows: u16) -> Bench {
    let mut bench = Bench::logged_in(columns, rows);
    bench.retry(Err(failure()));
    bench
}

fn server_error(columns: u16, rows: u16) -> Bench {
    let mut bench = Bench::logged_in(columns, rows);
    bench.retry(Err(Failure::Busy {
        status: 503,
        message: "The server is busy.".to_owned(),
        retry_after: None,
    }));
    bench
}

fn not_yet(columns: u16, rows: u16) -> Bench {
    Bench::with(
        Settings {
            user: Some("newuser".to_owned()),
            ..Settings::default()
        },
        columns,
        rows,
    )
}

fn past_month(columns: u16, rows: u16) -> Bench {
    let mut bench = pressed(columns, rows, "[");
    bench.answer(Reply::Refreshed(Box::new(Ok(october(1)))));
    bench
}

fn session_ended(columns: u16, rows: u16) -> Bench {
    let mut bench = pressed(columns, rows, "2");
    bench.retry(Err(Failure::SignedOut));
    bench
}

fn added(columns: u16, rows: u16) -> Bench {
    let mut bench = add_sure(columns, rows);
    let mut stored = super::data::expense(9, 22, "ramen house", Some("Dining"), 1850);
    stored.category_id = Some(category_id("Dining"));
    bench.press("Enter").answer(Reply::Stored(Ok(stored)));
    bench.answer(Reply::Refreshed(Box::new(Ok(snapshot(2)))));
    bench
}

fn classic_alerts(columns: u16, rows: u16) -> Bench {
    let mut bench = Bench::classic(columns, rows);
    bench.press("4 x");
    bench
}

fn classic_expenses(columns: u16, rows: u16) -> Bench {
    let mut bench = Bench::classic(columns, rows);
    bench.press("2");
    bench
}

fn switched_user(columns: u16, rows: u16) -> Bench {
    let mut bench = pressed(columns, rows, "L y");
    bench.answer(Reply::LoggedOut);
    bench
}

#[rstest]
#[case::log_in("log_in", Bench::new)]
#[case::logging_in("logging_in", logging_in)]
#[case::log_in_refused("log_in_refused", log_in_refused)]
#[case::sign_up_with_errors("sign_up_with_errors", sign_up_with_errors)]
#[case::sign_up_at_the_end("sign_up_at_the_end", sign_up_at_the_end)]
#[case::log_in_with_code("log_in_with_code", asked_for_a_code)]
#[case::sign_up_by_invitation("sign_up_by_invitation", |c, r| sign_up_at(SignUpMode::Invite, c, r))]
#[case::sign_up_closed("sign_up_closed", |c, r| sign_up_at(SignUpMode::Closed, c, r))]
#[case::session_ended("session_ended", session_ended)]
#[case::logged_out("logged_out", switched_user)]
#[case::overview("overview", Bench::logged_in)]
#[case::added("added", added)]
#[case::offline("offline", offline)]
#[case::server_error("server_error", server_error)]
#[case::not_yet("not_yet", not_yet)]
#[case::first_run("first_run", Bench::empty)]
#[case::past_month("past_month", past_month)]
#[case::classic("classic", Bench::classic)]
#[case::classic_expenses("classic_expenses", classic_expenses)]
#[case::classic_alerts("classic_alerts", classic_alerts)]
#[case::expenses("expenses", |c, r| pressed(c, r, "2 j d"))]
#[case::expenses_filtered("expenses_filtered", filtered)]
#[case::expenses_without_match("expenses_without_match", filter_without_match)]
#[case::budgets("budgets", |c, r| pressed(c, r, "3"))]
#[case::budgets_editing("budgets_editing", editing_a_limit)]
#[case::budgets_with_error("budgets_with_error", limit_with_error)]
#[case::alerts("alerts", |c, r| pressed(c, r, "4"))]
#[case::add_empty("add_empty", |c, r| pressed(c, r, "a"))]
#[case::add_waiting("add_waiting", add_waiting)]
#[case::add_line("add_line", add_line)]
#[case::add_sure("add_sure", add_sure)]
#[case::add_unsure("add_unsure", add_unsure)]
#[case::add_unknown("add_unknown", add_unknown)]
#[case::add_with_errors("add_with_errors", add_with_errors)]
#[case::add_failed("add_failed", add_failed)]
#[case::edit_expense("edit_expense", |c, r| pressed(c, r, "2 e Tab"))]
#[case::help_overview("help_overview", |c, r| pressed(c, r, "?"))]
#[case::help_expenses("help_expenses", |c, r| pressed(c, r, "2 ?"))]
#[case::help_budgets("help_budgets", |c, r| pressed(c, r, "3 ?"))]
#[case::help_alerts("help_alerts", |c, r| pressed(c, r, "4 ?"))]
#[case::help_form("help_form", |c, r| pressed(c, r, "a F1"))]
fn looks(#[case] name: &str, #[case] make: fn(u16, u16) -> Bench) {
    let sizes = [(120, 36), (80, 24), (40, 10)];
    let frames = sizes.map(|(columns, rows)| format!("{columns} x {rows}\n{}", make(columns, rows).frame()));
    insta::assert_snapshot!(name, frames.join("\n\n"));
}

#[test]
fn the_smallest_window_is_one_line() {
    insta::assert_snapshot!(Bench::logged_in(29, 3).frame());
}

#[rstest]
#[case(Bench::new)]
#[case(sign_up_with_errors)]
#[case(Bench::logged_in)]
#[case(Bench::classic)]
#[case(Bench::empty)]
#[case(offline)]
#[case(not_yet)]
#[case(past_month)]
#[case(|c, r| pressed(c, r, "2 j d"))]
#[case(filtered)]
#[case(editing_a_limit)]
#[case(|c, r| pressed(c, r, "4"))]
#[case(|c, r| pressed(c, r, "4 m"))]
#[case(|c, r| pressed(c, r, "3 n"))]
#[case(|c, r| pressed(c, r, "3 A"))]
#[case(|c, r| pressed(c, r, "3 d"))]
#[case(|c, r| pressed(c, r, "a t e a"))]
#[case(|c, r| pressed(c, r, "a t e a Space 5 Space # f o o"))]
#[case(add_sure)]
#[case(add_with_errors)]
#[case(|c, r| pressed(c, r, "a F1"))]
#[case(|c, r| pressed(c, r, "R"))]
fn an_ascii_terminal_gets_ascii_only(#[case] make: fn(u16, u16) -> Bench) {
    for (columns, rows) in [(120, 36), (80, 24), (40, 10), (20, 2)] {
        // A window of one line takes no keys, so it shrinks afterwards.
        let mut bench = make(columns.max(40), rows.max(10));
        bench.send(Msg::Resize(columns, rows));
        bench.model.settings.skin = Skin::new(Theme::mono(), Glyphs::ascii());
        let ids: Vec<_> = bench.model.data.expenses.iter().map(|expense| expense.id).collect();
        crate::app::expenses::change(&mut bench.model, &ids, |expense| {
            "plain".clone_into(&mut expense.description);
        });
        for alert in &mut bench.model.data.alerts {
            alert.cause = None;
        }
        bench.send(Msg::Minute);
        let frame = bench.frame();
        assert!(frame.is_ascii(), "{frame}");
    }
}

#[test]
fn a_log_in_leads_back_to_where_the_user_was() {
    let mut bench = session_ended(80, 24);
    bench.type_text("password123").press("Enter").answer(session("newuser"));
    bench.shows("Expenses November 2026");
}
