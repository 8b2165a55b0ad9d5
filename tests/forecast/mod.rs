//! The forecast, on months that it has not seen: nearer to what they came to than what anybody can guess.

use crate::replay::alerts::replay_alerts;
use crate::replay::{DAYS, Table, households, replay, sample_users};

fn beats_both(what: &str, table: &Table) {
    for day in DAYS {
        let errors = table[&day];
        let best = errors.straight.min(errors.last_month);
        assert!(errors.count >= 24, "{what}, day {day}: {errors:?}");
        assert!(errors.ours < best, "{what}, day {day}: {errors:?}");
    }
}

#[test]
fn it_beats_the_straight_line_and_the_last_month_for_generated_households() {
    let findings = replay(&households(31, 8, 8));
    beats_both("single categories", &findings.categories);
    beats_both("whole months", &findings.totals);
    for day in DAYS {
        let errors = findings.first_categories[&day];
        assert!(errors.ours < errors.straight, "first month, day {day}: {errors:?}");
        let inside = 100 * findings.categories[&day].inside / findings.categories[&day].count;
        assert!((70..=95).contains(&inside), "day {day}: {inside} % inside the range");
    }
}

#[test]
fn it_beats_the_straight_line_and_the_last_month_for_the_sample_user() {
    let findings = replay(&sample_users(2030..2031));
    beats_both("single categories", &findings.categories);
    beats_both("whole months", &findings.totals);
}

#[test]
fn its_alerts_come_true_more_often_and_come_back_less_often() {
    let (ours, straight) = replay_alerts(&households(32, 4, 8));
    let part = |of: i64, all: i64| of * 1000 / all;
    assert!(ours.budgets > 100 && ours.told > 0, "{ours:?}");
    assert!(
        part(ours.came_true, ours.told) > part(straight.came_true, straight.told),
        "{ours:?} {straight:?}"
    );
    assert!(
        part(ours.came_back, ours.told) < part(straight.came_back, straight.told),
        "{ours:?} {straight:?}"
    );
}
