use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::ui::Skin;
use crate::ui::tests::skins;

const DAY_22: Progress = Progress {
    day: 22,
    length: 30,
    closed: false,
};

fn bar(spent: i64, limit: i64, forecast: Option<i64>) -> BudgetBar {
    BudgetBar {
        spent,
        limit: Some(limit),
        forecast,
        progress: DAY_22,
        fixed: false,
        risk: Outlook::OnPace,
    }
}

fn fixed(spent: i64, limit: i64) -> BudgetBar {
    BudgetBar {
        fixed: true,
        ..bar(spent, limit, None)
    }
}

/// The bar as text, empty columns inside the limit as dots.
fn drawn(bar: &BudgetBar, width: u16) -> String {
    let skin = Skin::new(crate::ui::Theme::mono(), crate::ui::Glyphs::unicode());
    line(bar, width, &skin).to_string()
}

#[rstest]
#[case(bar(12_580, 12_000, None), "▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆│▆▆▆▆▆│▆    ")]
#[case(bar(8120, 9000, Some(11_070)), "▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆│▆▆▆╌╌│╌╌╌╌▷")]
#[case(bar(6600, 8000, Some(8900)), "▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆│▆╌╌╌╌│╌╌◇  ")]
#[case(bar(20_330, 45_000, Some(29_000)), "▆▆▆▆▆▆▆▆▆▆▆╌╌╌╌◇··│·····│     ")]
#[case(bar(1200, 6000, Some(1900)), "▆▆▆▆▆╌╌◇··········│·····│     ")]
#[case(bar(0, 10_000, None), "··················│·····│     ")]
#[case(fixed(120_000, 120_000), "▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆│     ")]
#[case(fixed(4197, 4500), "▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆··│     ")]
#[case(fixed(4499, 4500), "▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆·│     ")]
#[case(fixed(1, 120_000), "▆·······················│     ")]
#[case(bar(90_000, 9000, None), "▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆│▆▆▆▆▆│▆▆▆▆▷")]
#[case(bar(100, 0, None), "▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆│▆▆▆▆▆│▆▆▆▆▷")]
#[case(bar(0, 0, None), "··················│·····│     ")]
fn looks_as_drawn(#[case] bar: BudgetBar, #[case] expected: &str) {
    assert_eq!(drawn(&bar, 30), expected);
}

#[rstest]
#[case(30, 24, 18)]
#[case(27, 22, 16)]
#[case(14, 12, 9)]
fn the_lines_stand_where_each_layout_has_them(#[case] width: u16, #[case] limit: u16, #[case] today: u16) {
    assert_eq!(limit_column(width), limit);
    assert_eq!(today_column(width, DAY_22), Some(today));
}

#[test]
fn a_month_that_does_not_run_has_no_today() {
    let closed = Progress {
        day: 30,
        length: 30,
        closed: true,
    };
    let coming = Progress {
        day: 0,
        length: 30,
        closed: false,
    };
    let last_day = Progress {
        closed: false,
        ..closed
    };
    assert_eq!(today_column(30, closed), None);
    assert_eq!(today_column(30, coming), None);
    assert_eq!(today_column(30, last_day), Some(limit_column(30) - 1));
}

#[test]
fn without_a_limit_nothing_is_drawn() {
    let bar = BudgetBar {
        limit: None,
        ..bar(500, 0, Some(900))
    };
    assert_eq!(drawn(&bar, 12), " ".repeat(12));
}

#[test]
fn labels_stand_over_their_lines() {
    for skin in skins() {
        assert_eq!(
            scale_line(30, DAY_22, "today", "limit", &skin).to_string(),
            "0%              today limit"
        );
        assert_eq!(
            scale_line(14, DAY_22, "today", "limit", &skin).to_string(),
            "0%       limit"
        );
        assert_eq!(scale_line(3, DAY_22, "today", "limit", &skin).to_string(), "");
    }
}

#[test]
fn a_meter_is_empty_only_at_nothing() {
    let skin = skins()[1];
    let shown = |percent| meter(percent, 10, Role::Accent, &skin).to_string();
    assert_eq!(shown(0), "..........");
    assert_eq!(shown(1), "#.........");
    assert_eq!(shown(96), "##########");
    assert_eq!(shown(250), "##########");
}

#[rstest]
#[case(bar(12_580, 12_000, None), "                  ▴ today")]
#[case(bar(8120, 9000, Some(11_070)), "                  ▴ today    ▷ forecast $110.70")]
#[case(bar(6600, 8000, Some(8900)), "                  ▴ today  ◇ forecast $110.70")]
#[case(bar(20_330, 45_000, Some(29_000)), "               ◇  ▴ today")]
#[case(bar(20_330, 45_000, Some(37_000)), "            today ▴◇ forecast $110.70")]
#[case(bar(0, 45_000, Some(35_000)), "            today ▴◇ forecast $110.70")]
#[case(fixed(4197, 4500), "")]
fn marks_stand_under_their_columns(#[case] bar: BudgetBar, #[case] expected: &str) {
    let skin = skins()[0];
    assert_eq!(
        marker_line(&bar, 30, 60, "forecast $110.70", &skin).to_string(),
        expected
    );
}

fn any_bar() -> impl Strategy<Value = BudgetBar> {
    let money = || prop_oneof![any::<i64>(), 0_i64..100_000];
    (
        money(),
        prop::option::of(money()),
        prop::option::of(money()),
        0_u8..=31,
        any::<[bool; 2]>(),
    )
        .prop_map(|(spent, limit, forecast, day, [fixed, closed])| BudgetBar {
            spent,
            limit,
            forecast,
            progress: Progress {
                day,
                length: 31,
                closed,
            },
            fixed,
            risk: Outlook::OnPace,
        })
}

/// Something spent, at most the limit.
fn within_limit() -> impl Strategy<Value = (i64, i64)> {
    (1_i64..1_000_000).prop_flat_map(|limit| (prop_oneof![4 => 1..=limit, 1 => Just(limit)], Just(limit)))
}

fn count(cells: &[Cell], kind: Cell) -> usize {
    cells.iter().filter(|&&cell| cell == kind).count()
}

proptest! {
    #[test]
    fn any_amount_fits_any_width(bar in any_bar(), width in 0_u16..300) {
        let cells = cells(&bar, width);
        prop_assert_eq!(cells.len(), usize::from(width));
        for skin in skins() {
            prop_assert_eq!(crate::ui::span_width(&line(&bar, width, &skin).spans), width);
            let total = total_line(bar.spent, bar.limit, bar.forecast, bar.progress, width, &skin);
            prop_assert_eq!(crate::ui::span_width(&total.spans), width);
            let labels = scale_line(width, bar.progress, "today 73%", "100%", &skin);
            prop_assert!(crate::ui::span_width(&labels.spans) <= width);
        }
    }

    #[test]
    fn the_lines_are_always_there(bar in any_bar(), width in 1_u16..300) {
        let cells = cells(&bar, width);
        if bar.limit.is_some() {
            prop_assert_eq!(cells[usize::from(limit_column(width))], Cell::Limit);
            prop_assert_eq!(count(&cells, Cell::Limit), 1);
            if let Some(today) = today_column(width, bar.progress).filter(|_| !bar.fixed) {
                prop_assert_eq!(cells[usize::from(today)], Cell::Today);
            }
        }
    }

    #[test]
    fn something_spent_shows_and_nothing_spent_does_not(bar in any_bar(), width in 2_u16..300) {
        let cells = cells(&bar, width);
        prop_assert_eq!(count(&cells, Cell::Spent) > 0, bar.spent > 0 && bar.limit.is_some());
    }

    #[test]
    fn past_the_limit_means_over(bar in any_bar(), width in 3_u16..300) {
        let over = bar.limit.is_some_and(|limit| bar.spent > limit.max(0));
        prop_assert_eq!(count(&cells(&bar, width), Cell::Over) > 0, over);
    }

    #[test]
    fn the_fill_is_true_to_one_column((spent, limit) in within_limit(), width in 6_u16..300) {
        let shown = i64::try_from(count(&cells(&fixed(spent, limit), width), Cell::Spent)).unwrap();
        let span = i64::from(limit_column(width));
        prop_assert!((shown * limit - spent * span).abs() <= limit, "{shown} of {span}");
        prop_assert_eq!(shown == span, spent == limit);
    }

    #[test]
    fn more_money_is_never_less_bar(a in 0_i64..20_000, b in 0_i64..20_000, width in 6_u16..120) {
        let filled = |spent| {
            let cells = cells(&fixed(spent, 10_000), width);
            count(&cells, Cell::Spent) + count(&cells, Cell::Over) + count(&cells, Cell::Beyond)
        };
        prop_assert!(filled(a.min(b)) <= filled(a.max(b)));
    }

    #[test]
    fn an_estimate_over_the_limit_shows_over_the_limit(spent in 0_i64..10_000, estimate in 0_i64..40_000, width in 10_u16..200) {
        let cells = cells(&bar(spent, 10_000, Some(estimate)), width);
        let line = usize::from(limit_column(width));
        let over = cells[line..].iter().any(|cell| matches!(cell, Cell::Estimate | Cell::Beyond));
        prop_assert_eq!(over, estimate > spent && estimate > 10_000);
        prop_assert!(count(&cells, Cell::Estimate) + count(&cells, Cell::Beyond) <= 1);
    }

    #[test]
    fn marks_under_a_bar_keep_to_their_columns(bar in any_bar(), width in 0_u16..200, more in 0_u16..60) {
        for skin in skins() {
            let shown = marker_line(&bar, width, width + more, "forecast $110.70", &skin);
            prop_assert!(crate::ui::span_width(&shown.spans) <= width + more);
            let shown: Vec<char> = shown.to_string().chars().collect();
            if let Some(today) = today_column(width, bar.progress).filter(|_| !bar.fixed && bar.limit.is_some()) {
                prop_assert_eq!(shown[usize::from(today)].to_string(), skin.glyphs.pin);
            }
        }
    }

    #[test]
    fn what_is_drawn_is_true_to_the_amounts(
        spent in -1_000_i64..30_000, more in 0_i64..10_000, limit in 1_i64..15_000,
        forecast in prop::option::of(0_i64..40_000), day in 0_u8..=31, fixed: bool, width in 3_u16..300,
    ) {
        let progress = Progress { day, length: 31, closed: false };
        let bar = |spent| BudgetBar { spent, limit: Some(limit), forecast, progress, fixed, risk: Outlook::OnPace };
        let [dark, ascii] = skins();
        let mono = Skin { theme: crate::ui::Theme::mono(), ..dark };
        for skin in [dark, mono, ascii] {
            let drawn: Vec<String> = line(&bar(spent), width, &skin).to_string().chars().map(String::from).collect();
            let is_fill = |at: usize| drawn[at] == skin.glyphs.bar;
            let end = |drawn: &[String]| drawn.iter().rposition(|cell| cell == skin.glyphs.bar).map_or(0, |at| at + 1);
            let line_at = usize::from(limit_column(width));
            let today = today_column(width, progress).filter(|_| !fixed).map(usize::from);
            // A marker wins over the fill.
            prop_assert_eq!(&drawn[line_at], skin.glyphs.line);
            prop_assert!(today.is_none_or(|today| drawn[today] == skin.glyphs.line));
            // Something spent shows, nothing spent does not.
            prop_assert_eq!((0..line_at).any(is_fill), spent > 0);
            let past = (line_at + 1..drawn.len()).any(is_fill);
            prop_assert_eq!(past, spent > limit);
            if spent <= limit {
                // True to one column; where today's line stands at the end of the fill, it hides one more.
                let span = i64::try_from(line_at).unwrap();
                let shown = i64::try_from(end(&drawn)).unwrap();
                let hidden = i64::from(today == Some(end(&drawn)));
                let off = (shown * limit - spent.max(0) * span).abs();
                prop_assert!(off <= (1 + hidden) * limit, "{} of {} at {}: {}", spent, limit, width, drawn.concat());
            }
            let greater: Vec<String> = line(&bar(spent + more), width, &skin).to_string().chars().map(String::from).collect();
            let leaves = greater.last().is_some_and(|cell| cell == skin.glyphs.beyond);
            prop_assert!(leaves || end(&drawn) <= end(&greater), "{} then {}", drawn.concat(), greater.concat());
        }
    }
}
