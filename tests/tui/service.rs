//! A service that is asked for categories and does not answer: the dashboard says so, and the expense is saved.

use super::sign_up;
use crate::support::dashboard::{Dashboard, ENTER, Launch};
use crate::support::hostile::Hostile;
use crate::support::program::{Home, outcome};
use crate::support::service::{Mood, Tongue, base, service};

/// The program in its home, asking `service`.
fn launch<'a>(home: &'a Home, service: &Hostile, wait_ms: &str) -> Launch<'a> {
    Launch::new(home)
        .size(140, 36)
        .variable("BUDGET_TRACKER_CATEGORIZE_BACKEND", "openai")
        .variable("BUDGET_TRACKER_CATEGORIZE_ASK", "always")
        .variable("BUDGET_TRACKER_CATEGORIZE_WAIT_MS", wait_ms)
        .variable("BUDGET_TRACKER_CATEGORIZE_BASE_URL", base(service).as_str())
        .variable("BUDGET_TRACKER_CATEGORIZE_MODEL", "small")
}

fn typed(home: &Home, service: &Hostile, wait_ms: &str) -> Dashboard {
    let mut dashboard = launch(home, service, wait_ms).start();
    sign_up(&mut dashboard, "ada");
    dashboard.press("a").wait_for("Add expense");
    dashboard.fill(&["ramen house", "12.50"]);
    dashboard
}

#[test]
fn a_service_that_hangs_is_told_in_the_form_and_after_saving() {
    let (home, service) = (Home::new(), service(Tongue::Chat, |_| Mood::Hangs));
    let mut dashboard = typed(&home, &service, "200");
    dashboard.wait_for("OpenAI-compatible did not answer in 200 ms, so the local model decided");
    dashboard.wait_for("▸ Dining").press(ENTER);
    dashboard.wait_gone("Add expense");
    dashboard.wait_for("to Dining. OpenAI-compatible did not answer in 200 ms");
    dashboard.press("q");
    assert_eq!(dashboard.exit_code(), 0);
    let listed = outcome(&mut home.run("list --format csv"));
    assert_eq!(listed.out.matches("ramen house").count(), 1, "{}", listed.out);
    assert!(listed.out.contains("Dining"), "{}", listed.out);
}

#[test]
fn a_service_that_answers_is_named() {
    let (home, service) = (Home::new(), service(Tongue::Chat, |_| Mood::Well("Pets")));
    let mut dashboard = typed(&home, &service, "10000");
    dashboard
        .wait_for("Predicted  OpenAI-compatible")
        .wait_for("because small says Pets");
    dashboard.wait_for("▸ Pets");
}

#[test]
fn a_command_says_it_beside_its_result() {
    let (home, service) = (Home::new(), service(Tongue::Chat, |_| Mood::Drops));
    home.configure(&format!(
        "[categorize]\nbackend = \"openai\"\nask = \"always\"\nbase_url = \"{}\"\nmodel = \"small\"\n",
        base(&service)
    ));
    let signed_up = outcome(
        home.run("signup ada --email ada@example.org")
            .env("BUDGET_TRACKER_PASSWORD", super::PASSWORD),
    );
    assert_eq!(signed_up.code, 0, "{}", signed_up.err);
    let added = outcome(home.run("add").args(["ramen house", "12.50"]));
    assert_eq!(added.code, 0, "{}", added.err);
    assert!(added.out.contains("in Dining"), "{}", added.out);
    assert_eq!(
        added.err,
        "OpenAI-compatible cannot be reached, so the local model decided.\n"
    );
}

#[test]
fn a_back_end_can_be_tried() {
    let (home, service) = (
        Home::new(),
        service(Tongue::Chat, |number| match number {
            0 | 1 => Mood::Well("Dining"),
            _ => Mood::Status("401 Unauthorized", ""),
        }),
    );
    let check = |home: &Home| outcome(&mut home.run("serve --check-backend"));
    assert!(check(&home).err.contains("No back end is configured"));
    let address = base(&service);
    home.configure(&format!(
        "[categorize]\nbackend = \"openai\"\nbase_url = \"{address}\"\nmodel = \"small\"\n"
    ));
    let good = check(&home);
    assert_eq!((good.code, good.out.lines().count()), (0, 3), "{}", good.err);
    assert!(
        good.out
            .starts_with("OpenAI-compatible small\ncoffee at the station: Dining, "),
        "{}",
        good.out
    );
    let bad = check(&home);
    assert_eq!(bad.code, 1);
    for (number, wrong, words) in [
        (
            0,
            "",
            "it is the address without /chat/completions, for example https://api.openai.com/v1. If it is right",
        ),
        (
            0,
            "/chat/completions",
            "it is the address without /chat/completions, which is added to it.",
        ),
        (1, "", "gave an answer that cannot be read"),
    ] {
        let mood = [Mood::Status("404 Not Found", ""), Mood::Garbage][number];
        let other = self::service(Tongue::Chat, move |_| mood);
        let home = Home::new();
        home.configure(&format!(
            "[categorize]\nbackend = \"openai\"\nbase_url = \"{}{wrong}\"\nmodel = \"small\"\n",
            base(&other)
        ));
        let run = check(&home);
        assert_eq!(run.code, 1);
        assert!(run.err.contains(words), "{}", run.err);
        assert!(
            run.err.contains("Check base_url under [categorize], http://127.0.0.1:"),
            "{}",
            run.err
        );
    }
    assert!(
        bad.err.contains("refused the question (status 401)") && bad.err.contains("Check the key"),
        "{}",
        bad.err
    );
}

#[test]
fn a_back_end_that_lacks_something_is_refused_at_once() {
    let home = Home::new();
    home.configure("[categorize]\nbackend = \"openai\"\nbase_url = \"http://192.0.2.1/v1\"\n");
    for command in ["serve", "add tea 3", "config --check"] {
        let refused = outcome(&mut home.run(command));
        assert_eq!(refused.code, 2, "{command}: {}", refused.err);
        assert!(
            refused
                .err
                .contains("error: categorize.base_url cannot be http://192.0.2.1/v1"),
            "{}",
            refused.err
        );
        assert!(refused.err.contains("insecure_base_url = true"), "{}", refused.err);
    }
}
