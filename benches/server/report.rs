//! How figures are printed and summed up.

use std::time::Duration;

/// What a figure has to keep.
pub enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

/// A figure.
pub fn figure(what: &str, value: f64, unit: &str) {
    println!("  {what:<58} {} {unit}", short(value));
}

/// A figure with a goal, and whether it is met.
pub fn judged(what: &str, value: f64, unit: &str, goal: &Goal) {
    let (sign, bound, met) = match *goal {
        Goal::AtLeast(bound) => (">=", bound, value >= bound),
        Goal::AtMost(bound) => ("<=", bound, value <= bound),
    };
    let word = if met { "met" } else { "MISSED" };
    println!("  {what:<58} {} {unit:<8} goal {sign} {bound}: {word}", short(value));
}

fn short(value: f64) -> String {
    if value.abs() < 10.0 {
        format!("{value:>10.3}")
    } else if value.abs() < 1000.0 {
        format!("{value:>10.1}")
    } else {
        format!("{value:>10.0}")
    }
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The time that this share of `times` does not exceed, ms.
pub fn percentile(times: &mut [Duration], percent: usize) -> f64 {
    times.sort_unstable();
    let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times.get(place).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
}

#[expect(clippy::cast_precision_loss, reason = "counts of a few minutes")]
pub fn count(number: usize) -> f64 {
    number as f64
}
