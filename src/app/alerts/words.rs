//! Alerts in words: what happened, when, and why.

use jiff::SignedDuration;
use jiff::civil::DateTime;

use crate::api::Alert;
use crate::app::model::Model;
use crate::domain::budget::used_percent;
use crate::domain::{Level, Money, Outlook};
use crate::ui::text;

/// Days after which an age is a month by name.
const OLD_DAYS: i64 = 100;

/// A moment on the user's wall clock.
fn local(model: &Model, unix_ms: i64) -> DateTime {
    let ago = SignedDuration::from_millis(model.unix_ms.saturating_sub(unix_ms).max(0));
    model.now.checked_sub(ago).unwrap_or(model.now)
}

/// When an alert was raised: `08:02` today, `yesterday`, `12 Nov`. Never a count that ticks: a screen that
/// nothing happens on stays as it is.
pub(in crate::app) fn when(model: &Model, created_at: i64) -> String {
    let at = local(model, created_at);
    let today = model.now.date();
    if at.date() == today {
        at.strftime("%H:%M").to_string()
    } else if today.yesterday().is_ok_and(|day| day == at.date()) {
        "yesterday".to_owned()
    } else if at.year() == today.year() {
        model.locale().day(at.date(), "%-d %b")
    } else {
        at.strftime("%b %Y").to_string()
    }
}

/// How old an alert is: `08:02` today, then `1 d` to `99 d`, then `Aug 2026`. It changes at midnight only.
pub(super) fn age(model: &Model, created_at: i64) -> String {
    let at = local(model, created_at);
    let days = at
        .date()
        .until(model.now.date())
        .map_or(0, |span| i64::from(span.get_days()));
    match days {
        ..=0 => at.strftime("%H:%M").to_string(),
        1..OLD_DAYS => format!("{days} d"),
        _ => at.strftime("%b %Y").to_string(),
    }
}

/// What an alert says about its category, the longest wording that fits.
pub(super) fn what(model: &Model, alert: &Alert, width: u16) -> String {
    let wordings = wordings(model, alert);
    let fits = wordings.iter().find(|words| text::width(words) <= width);
    fits.or(wordings.last()).cloned().unwrap_or_default()
}

/// The same in several lengths, the longest first.
fn wordings(model: &Model, alert: &Alert) -> Vec<String> {
    let money = |minor| Money::new(minor, model.currency()).short_symbol();
    if alert.category.is_empty() {
        return vec![alert.message.clone()];
    }
    let closed = alert.month < model.current_month();
    let (long, short) = (
        alert.month.first_day().strftime("%B").to_string(),
        alert.month.short_name(),
    );
    if alert.resolved_at.is_some() {
        let words = "is back under its limit".to_owned();
        return vec![format!("{words} after a change"), words, "back under".to_owned()];
    }
    let over = money(alert.spent_minor.saturating_sub(alert.limit_minor));
    let limit = money(alert.limit_minor);
    let percent = used_percent(alert.spent_minor, alert.limit_minor);
    match (alert.level, closed) {
        (Level::Over, true) => vec![
            format!("{long} closed {over} over"),
            format!("{short} {over} over"),
            format!("{short} over"),
        ],
        (Level::Over, false) => vec![format!("is over its limit by {over}"), format!("over by {over}")],
        (Level::Near, true) => vec![
            format!("{long} reached {percent}% of {limit}"),
            format!("{short} {percent}%"),
        ],
        (Level::Near, false) => {
            let raised = local(model, alert.created_at).date();
            let progress = model.calendar().progress(alert.month, raised);
            let left = 100 - progress.percent();
            // Told before the month began, when months began on another day.
            let with_rest = (progress.day > 0).then(|| format!("reached {percent}% with {left}% of the month left"));
            let wordings = with_rest
                .into_iter()
                .chain([format!("reached {percent}% of {limit}"), format!("reached {percent}%")]);
            wordings.collect()
        }
        (Level::Forecast, true) => vec![
            format!("{long} was expected to pass {limit}"),
            format!("{short} forecast"),
        ],
        (Level::Forecast, false) => forecast(model, alert, &limit),
    }
}

/// `will pass $90 on 25 Nov (forecast $110.70)`, as the numbers on the screen say it.
fn forecast(model: &Model, alert: &Alert, limit: &str) -> Vec<String> {
    let plain = format!("will pass {limit}");
    let row = model.categories().iter().find(|c| c.category.id == alert.category_id);
    let Some(row) = row.filter(|_| alert.month == model.shown_month()) else {
        return vec![plain];
    };
    let mut words = Vec::new();
    if let (Outlook::WillPass(Some(day)), Some(forecast)) = (model.standing(row).outlook(), &row.forecast) {
        let expected = Money::new(forecast.mid_minor, model.currency()).short_symbol();
        let on = format!("{plain} on {}", model.locale().day(day, "%-d %b"));
        words.push(format!("{on} (forecast {expected})"));
        words.push(on);
    }
    words.push(plain);
    words
}

/// How it came to it, behind the category's name: `went over on 22 Nov 06:02 with Ramen House $18.50`.
pub(super) fn story(model: &Model, alert: &Alert) -> [String; 3] {
    let at = local(model, alert.created_at);
    let verb = match alert.level {
        Level::Over => "went over on".to_owned(),
        Level::Near => {
            let percent = used_percent(alert.spent_minor, alert.limit_minor);
            format!("reached {percent}% on")
        }
        Level::Forecast => "was first expected to pass its limit on".to_owned(),
    };
    let when = if at.year() == model.now.year() {
        at.strftime(&model.locale().order("%-d %b %H:%M")).to_string()
    } else {
        model.locale().day(at.date(), "%-d %b %Y")
    };
    let cause = alert.cause.as_deref().map_or(String::new(), |cause| {
        format!("{cause}{}", amount_of(model, alert, cause))
    });
    [verb, when, cause]
}

/// ` $18.50`, when the expense that caused an alert is in the list: the one of that name stored at about its time.
fn amount_of(model: &Model, alert: &Alert, cause: &str) -> String {
    let expenses = model.data.expenses.iter();
    let same = expenses.filter(|e| e.category_id == Some(alert.category_id) && e.description == cause);
    same.min_by_key(|e| e.created_at.abs_diff(alert.created_at))
        .map_or(String::new(), |e| {
            format!(" {}", Money::new(e.amount_minor, model.currency()).short_symbol())
        })
}
