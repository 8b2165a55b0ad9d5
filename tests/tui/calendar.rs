//! Months that begin on pay day, from the configuration to the screen.

use budget_tracker::domain::{Calendar, Month};
use jiff::civil::Date;

use super::{PASSWORD, sign_up};
use crate::support::dashboard::{ENTER, Launch};
use crate::support::program::{Home, outcome};

/// This day on the program's clock, which is at UTC.
fn today() -> Date {
    jiff::Zoned::now().in_tz("UTC").unwrap().date()
}

/// What the overview says of the month that holds today.
fn title(calendar: Calendar) -> String {
    let month = calendar.month_of(today());
    let progress = calendar.progress(month, today());
    let last = calendar.last_day(month).strftime("%-d %b");
    format!("{}  {}/{} to {last}", month.long_name(), progress.day, progress.length)
}

fn spend(home: &Home, what: &str, amount: &str, day: Date) {
    let day = day.to_string();
    let run = outcome(
        home.run("add")
            .args([what, amount, "--category", "dining", "--date", &day]),
    );
    assert_eq!(run.code, 0, "{}", run.err);
}

#[test]
fn months_begin_on_the_day_that_the_configuration_names() {
    let home = Home::new();
    home.configure("month_start = 25\n");
    let calendar = Calendar::new(25).unwrap();
    let month = calendar.month_of(today());
    let (first, before) = (calendar.first_day(month), month.plus(-1));
    let eve = first.yesterday().unwrap();
    let mut dashboard = Launch::new(&home).start();
    sign_up(&mut dashboard, "ada");
    dashboard
        .wait_for("Months begin on the 25th now, as month_start says.")
        .wait_for(&title(calendar));
    spend(&home, "bread", "7", eve);
    spend(&home, "soup", "20", first);
    spend(&home, "tea", "3", today());
    dashboard.wait_for("$23.00").wait_for("tea").wait_for("soup");
    dashboard
        .press("[")
        .wait_for(&format!("{}  closed {}", before.long_name(), eve.strftime("%-d %b")))
        .wait_for("$7.00")
        .wait_for("bread");
    dashboard.press("]").wait_for(&title(calendar)).wait_for("$23.00");
    dashboard
        .press("2")
        .wait_for(&format!("Expenses {}", month.long_name()))
        .wait_gone("bread");
    dashboard.press("/").press(&format!("month:{before}"));
    dashboard
        .wait_for(&format!("Expenses {}", before.long_name()))
        .wait_for("bread")
        .wait_gone("soup");
    dashboard.press(ENTER).press("q");
    assert_eq!(dashboard.exit_code(), 0);

    // The account keeps it, until somebody wants it otherwise.
    home.configure("");
    let told = outcome(&mut home.run("summary"));
    assert!(told.out.starts_with(&calendar.long_name(month)), "{}", told.out);
    let mut again = Launch::new(&home).start();
    again.wait_for(&title(calendar)).press("q");
    assert_eq!(again.exit_code(), 0);
    home.configure("month_start = 1\n");
    let usual = Month::of(today());
    Launch::new(&home)
        .start()
        .wait_for("Months begin on the 1st now")
        .wait_for(&format!(
            "{}  day {} of {}",
            usual.long_name(),
            today().day(),
            usual.length()
        ));
}

#[test]
fn every_way_to_an_account_minds_the_configuration() {
    let calendar = Calendar::new(25).unwrap();
    let name = calendar.long_name(calendar.month_of(today()));
    let home = Home::new();
    home.configure("month_start = 25\n");
    let script = format!("signup ada ada@example.org\n{PASSWORD}\nmonth back\nmonth now\n");
    let run = outcome(home.run("--plain").write_stdin(script));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let lines: Vec<&str> = run.out.lines().collect();
    assert!(lines[1].starts_with(&name), "{lines:#?}");
    let told = lines.iter().filter(|line| line.starts_with("Months begin")).count();
    assert_eq!(told, 1, "{lines:#?}");
    let before = calendar.month_of(today()).plus(-1);
    let back = format!("{}, closed", calendar.long_name(before));
    assert!(lines.iter().any(|line| line.starts_with(&back)), "{lines:#?}");

    for flag in ["", " --month-start 25"] {
        let home = Home::new();
        home.configure(if flag.is_empty() { "month_start = 25\n" } else { "" });
        let mut sign_up = home.run(&format!("signup ada --email a@b.org --password-stdin{flag}"));
        let run = outcome(sign_up.write_stdin(PASSWORD));
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        let told = outcome(&mut home.run("summary"));
        assert!(told.out.starts_with(&name), "{}", told.out);
    }
}
