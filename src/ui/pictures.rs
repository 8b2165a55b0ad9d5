//! Pictures of the widgets as text, at the widths of the three layouts and in both sets of characters.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::bar::{BudgetBar, line, scale_line, total_line};
use super::form::{Field, buttons, checkbox};
use super::header::{Header, Link, Tab, footer};
use super::months::Months;
use super::panel::Panel;
use super::tests::skins;
use super::toast::{Toast, ToastKind};
use super::trend::Trend;
use super::*;
use crate::api::MonthTotal;
use crate::domain::{Currency, Month, Outlook, Progress};

const DAY_22: Progress = Progress {
    day: 22,
    length: 30,
    closed: false,
};

/// What is on the screen, both skins below each other.
fn picture(width: u16, height: u16, draw: impl Fn(&mut Buffer, &Skin)) -> String {
    let mut text = String::new();
    for skin in skins() {
        let area = Rect::new(0, 0, width, height);
        let mut buf = Buffer::empty(area);
        draw(&mut buf, &skin);
        for y in area.rows() {
            // A wide letter leaves an empty cell behind it.
            let mut x = 0;
            let mut shown = String::new();
            while x < width {
                let symbol = buf[(x, y.y)].symbol();
                shown.push_str(symbol);
                x += text::width(symbol).max(1);
            }
            text.push_str(shown.trim_end());
            text.push('\n');
        }
        text.push('\n');
    }
    text
}

fn budgets() -> Vec<BudgetBar> {
    let row = |spent, limit, forecast, risk| BudgetBar {
        spent,
        limit,
        forecast,
        progress: DAY_22,
        fixed: matches!(risk, Outlook::Fixed { .. }),
        risk,
    };
    vec![
        row(12_580, Some(12_000), None, Outlook::Over(580)),
        row(8120, Some(9000), Some(11_070), Outlook::WillPass(None)),
        row(6600, Some(8000), Some(8900), Outlook::WillPass(None)),
        row(11_840, Some(16_000), Some(16_000), Outlook::OnPace),
        row(20_330, Some(45_000), Some(29_000), Outlook::Below(28)),
        row(0, Some(10_000), None, Outlook::Unused),
        row(120_000, Some(120_000), None, Outlook::Fixed { paid: true }),
        row(4197, Some(4500), None, Outlook::Fixed { paid: false }),
        row(500, None, None, Outlook::NoLimit),
    ]
}

#[test]
fn bars() {
    for (layout, width) in [(120, 30), (80, 27), (40, 14)] {
        let shown = picture(width, 11, |buf, skin| {
            put(buf, buf.area, &scale_line(width, DAY_22, "today", "limit", skin));
            let total = total_line(184_867, Some(230_500), Some(206_900), DAY_22, width, skin);
            put(buf, row(buf.area, 1), &total);
            for (index, budget) in (2..).zip(budgets()) {
                put(buf, row(buf.area, index), &line(&budget, width, skin));
            }
        });
        insta::assert_snapshot!(format!("bars_{layout}"), shown);
    }
}

#[test]
fn header_and_footer() {
    let tabs =
        [("Overview", 0), ("Expenses", 0), ("Budgets", 0), ("Alerts", 2)].map(|(name, badge)| Tab { name, badge });
    let live = Header {
        tabs: &tabs,
        active: 0,
        link: Link::Live,
        status: "live",
        clock: "08:14",
        user: "newuser",
        short: "Nov 22/30 80%",
    };
    let offline = Header {
        active: 3,
        link: Link::Offline,
        status: "offline 12 min, 3 pending",
        ..live
    };
    let hints = [
        ("a", "add"),
        ("Enter", "open"),
        ("e", "edit"),
        ("d", "delete"),
        ("/", "filter"),
        ("Tab", "pane"),
        (":", "commands"),
        ("?", "help"),
        ("q", "quit"),
    ]
    .map(|(key, words)| Hint::new(key, words));
    let added = Toast {
        kind: ToastKind::Ok,
        text: "Added Ramen House 東京 $18.50 to Dining (96% sure)",
        action: Some(Hint::new("u", "undo 8s")),
    };
    let failed = Toast {
        kind: ToastKind::Error,
        text: "The server does not answer. R tries again.",
        action: None,
    };
    for width in [120, 80, 60, 40, 20] {
        let shown = picture(width, 5, |buf, skin| {
            put(buf, buf.area, &live.line(width, skin));
            put(buf, row(buf.area, 1), &offline.line(width, skin));
            put(buf, row(buf.area, 2), &added.line(width, skin));
            put(buf, row(buf.area, 3), &failed.line(width, skin));
            put(
                buf,
                row(buf.area, 4),
                &footer(&hints, "0 pending, synced 08:14", width, skin),
            );
        });
        insta::assert_snapshot!(format!("header_and_footer_{width}"), shown);
    }
}

#[test]
fn trend() {
    let daily = [
        120_000, 0, 1099, 0, 0, 0, 0, 0, 0, 11_840, 0, 1200, 9290, 8210, 1440, 0, 5730, 2390, 3100, 3500, 12_120, 4948,
    ];
    let trend = Trend {
        daily: &daily,
        first: jiff::civil::date(2026, 11, 1),
        progress: DAY_22,
        limit: Some(230_500),
        forecast: Some(206_900),
        currency: Currency::USD,
        graph: Graph::Auto,
    };
    insta::assert_snapshot!("trend", picture(37, 12, |buf, skin| trend.render(buf.area, buf, skin)));
    let block = Trend {
        graph: Graph::Block,
        ..trend
    };
    insta::assert_snapshot!(
        "trend_block",
        picture(37, 12, |buf, skin| block.render(buf.area, buf, skin))
    );
    insta::assert_snapshot!(
        "trend_small",
        picture(20, 4, |buf, skin| trend.render(buf.area, buf, skin))
    );
    let nothing = Trend {
        daily: &[0; 22],
        limit: None,
        forecast: None,
        ..trend
    };
    insta::assert_snapshot!(
        "trend_of_nothing",
        picture(37, 5, |buf, skin| nothing.render(buf.area, buf, skin))
    );
}

#[test]
fn months() {
    let november: Month = "2026-11".parse().unwrap();
    let spent = [200_000, 250_000, 190_000, 210_000, 90_000, 184_867];
    let months: Vec<MonthTotal> = (-5..)
        .zip(spent)
        .map(|(offset, spent_minor)| MonthTotal {
            month: november.plus(offset),
            spent_minor,
            limit_minor: 230_500,
        })
        .collect();
    for (width, height) in [(37, 6), (37, 2), (14, 5), (62, 12)] {
        let shown = picture(width, height, |buf, skin| {
            Months {
                months: &months,
                currency: Currency::USD,
            }
            .render(buf.area, buf, skin);
        });
        insta::assert_snapshot!(format!("months_{width}x{height}"), shown);
    }
}

#[test]
fn form() {
    let name = Field {
        label: "User name",
        value: "newuser",
        ok: true,
        ..Field::default()
    };
    for width in [54, 24] {
        let shown = picture(width, 16, |buf, skin| {
            let inner = Panel::new("Log in")
                .focused(true)
                .right("or F3 sign up")
                .note("1 of 2")
                .render(buf.area, buf, skin);
            let part = |y, height| Rect {
                y: inner.y + y,
                height,
                ..inner
            };
            name.render(part(0, 2), buf, skin);
            let password = Field {
                label: "Password",
                hint: "F2 show",
                value: &skin.mask("password123"),
                cursor: 11,
                focused: true,
                error: Some("Wrong name or password. Two more tries, then wait 30 s."),
                ..Field::default()
            };
            password.render(part(3, 4), buf, skin);
            put(
                buf,
                part(8, 1),
                &checkbox("Stay logged in", "on this machine", true, false, skin),
            );
            let hints = [Hint::new("Tab", "next"), Hint::new("Shift-Tab", "back")];
            put(
                buf,
                part(10, 1),
                &buttons(Hint::new("Enter", "Log in"), &hints, inner.width, skin),
            );
            Panel::new("Recent")
                .right("16 this month")
                .render_rule(part(12, 1), buf, skin);
            let noted = Field {
                label: "Description",
                value: "ramen 東京",
                ..Field::default()
            };
            noted.render_noted(part(13, 1), buf, skin, &Line::from("Dining 96%"));
        });
        insta::assert_snapshot!(format!("form_{width}"), shown);
    }
}
