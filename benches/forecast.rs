//! How far forecasts are from what months come to: `cargo bench --bench forecast`.
//!
//! Replays months day by day, those of the sample user and those of generated households, and prints the mean
//! absolute error of the month-end estimate on days 7, 14 and 21 beside that of two guesses that anybody can make:
//! "spent so far / days gone * days of the month" and "as much as last month". The same on every machine; no time is
//! measured. The constants of the forecast were chosen with other years and other seeds than those printed here.

mod replay;

use std::ops::Range;

use replay::alerts::{Alerts, replay_alerts};
use replay::{DAYS, Errors, Findings, Table, households, replay, sample_users};

/// Years of the sample user.
const YEARS: Range<i16> = 2020..2026;
/// Seeds of households that have been writing down for more than a year, and of newcomers.
const SETTLED: u64 = 4;
const NEWCOMERS: u64 = 5;

fn main() {
    println!("Mean absolute error of the month-end estimate, in whole units of money; less is better.");
    let sample = replay(&sample_users(YEARS));
    let settled = households(SETTLED, 60, 15);
    let newcomers = replay(&households(NEWCOMERS, 150, 4));
    print_findings("sample user", &sample);
    let findings = replay(&settled);
    print_findings("households", &findings);
    print_findings("newcomers", &newcomers);
    print_first("newcomers", &newcomers);
    let (ours, straight) = replay_alerts(&settled);
    println!("\nAlerts that a limit will be passed; limits are the mean of the last three months");
    print_alerts("this forecast", &ours);
    print_alerts("straight line", &straight);
}

fn print_findings(who: &str, findings: &Findings) {
    println!("\n{who}: {} months", findings.months);
    for (what, table) in [
        ("single categories", &findings.categories),
        ("whole months", &findings.totals),
    ] {
        head(what, table);
        row("this forecast", table, |e| money(e.ours, e.count));
        row("spent / days * length", table, |e| money(e.straight, e.count));
        row("last month's total", table, |e| money(e.last_month, e.count));
        row("better than the best of both by", table, |e| {
            percent(e.straight.min(e.last_month) - e.ours, e.straight.min(e.last_month))
        });
    }
    row("single categories inside the range", &findings.categories, |e| {
        percent(e.inside, e.count)
    });
}

fn print_first(who: &str, findings: &Findings) {
    println!("\n{who}, before there is a last month");
    for (what, table) in [
        ("single categories", &findings.first_categories),
        ("whole months", &findings.first_totals),
    ] {
        head(what, table);
        row("this forecast", table, |e| money(e.ours, e.count));
        row("spent / days * length", table, |e| money(e.straight, e.count));
    }
}

fn head(what: &str, table: &Table) {
    let count = table.get(&DAYS[0]).map_or(0, |errors| errors.count);
    print!("  {:<38}", format!("{what} ({count})"));
    for day in DAYS {
        print!("{:>10}", format!("day {day}"));
    }
    println!();
}

fn row(name: &str, table: &Table, of: impl Fn(&Errors) -> String) {
    print!("    {name:<36}");
    for day in DAYS {
        print!("{:>10}", table.get(&day).map(&of).unwrap_or_default());
    }
    println!();
}

fn print_alerts(name: &str, alerts: &Alerts) {
    println!(
        "    {name:<16}{:>6} budgets, {} passed; {} told before, {} of them came true; {} came back",
        alerts.budgets, alerts.passed, alerts.told, alerts.came_true, alerts.came_back
    );
}

/// The mean of `count` amounts with the sum `minor`: `12.34`.
fn money(minor: i64, count: i64) -> String {
    let mean = minor / count.max(1);
    format!("{}.{:02}", mean / 100, mean % 100)
}

fn percent(part: i64, of: i64) -> String {
    format!("{} %", part * 100 / of.max(1))
}
