//! Where the boxes lie.

use ratatui::layout::Rect;

use crate::app::model::Model;
use crate::app::overview::Pane;
use crate::app::overview::view::{open_alerts, uncategorised_line};
use crate::app::overview::{row, rows};

/// Rows of the totals over the boxes, with the blank lines round them.
const TOTALS: u16 = 4;
/// Rows of the last months, at least and at most.
const MONTHS: (u16, u16) = (7, 15);
/// Rows of one alert, with a blank line.
pub(in crate::app::overview) const ALERT_ROWS: u16 = 3;
/// Rows of the alerts, at least.
const ALERTS: u16 = 9;

pub(in crate::app::overview) struct Areas {
    pub(super) totals: Rect,
    pub(super) budgets: Rect,
    /// Whether a row of the budgets box is taken by the uncategorised expenses.
    uncategorised: bool,
    pub(super) recent: Rect,
    pub(super) trend: Rect,
    pub(super) alerts: Rect,
    pub(super) months: Rect,
}

impl Areas {
    pub(in crate::app::overview) fn list_rows(&self, pane: Pane) -> u16 {
        match pane {
            // Borders and titles; and what is in no category, with a blank line.
            Pane::Budgets => self
                .budgets
                .height
                .saturating_sub(3 + 2 * u16::from(self.uncategorised)),
            Pane::Recent => self.recent.height.saturating_sub(2),
            // The last one without its blank line.
            Pane::Alerts => self.alerts.height.saturating_sub(2).div_ceil(ALERT_ROWS),
        }
    }

    /// The box of a pane, and the rows above its list.
    pub(in crate::app::overview) fn pane(&self, pane: Pane) -> (Rect, u16) {
        match pane {
            Pane::Budgets => (self.budgets, 2),
            Pane::Recent => (self.recent, 1),
            Pane::Alerts => (self.alerts, 1),
        }
    }
}

pub(in crate::app::overview) fn areas(model: &Model, area: Rect) -> Areas {
    let below = Rect {
        y: area.y + TOTALS,
        height: area.height - TOTALS,
        ..area
    };
    let left = if row::has_days(model) {
        // The days need the room more than the trend does.
        below.width - below.width / 4 - 5
    } else {
        below.width * 65 / 100
    };
    let uncategorised = uncategorised_line(model).is_some();
    let wanted = u16::try_from(rows(model).len())
        .unwrap_or(u16::MAX)
        .saturating_mul(row::height(model))
        .saturating_add(3 + 2 * u16::from(uncategorised));
    // Three fifths at most: the expenses and alerts below are looked at as often.
    let top = wanted.clamp(9, (below.height * 3 / 5).max(9));
    let rest = below.height - top;
    let right = Rect {
        x: below.x + left + 1,
        width: below.width - left - 1,
        ..below
    };
    let open = u16::try_from(open_alerts(model).len()).unwrap_or(u16::MAX);
    let alerts = open.saturating_mul(3).saturating_add(1).max(ALERTS);
    let months = rest.saturating_sub(alerts).clamp(MONTHS.0, MONTHS.1);
    let months = months.min(rest.saturating_sub(6));
    // A tall window has room for a higher trend than the budgets beside it need.
    let trend = top.max(below.height.saturating_sub(alerts.saturating_add(months)));
    Areas {
        totals: Rect { height: TOTALS, ..area },
        budgets: Rect {
            width: left,
            height: top,
            ..below
        },
        uncategorised,
        recent: Rect {
            y: below.y + top,
            width: left,
            height: rest,
            ..below
        },
        trend: Rect { height: trend, ..right },
        alerts: Rect {
            y: right.y + trend,
            height: below.height - trend - months,
            ..right
        },
        months: Rect {
            y: right.bottom() - months,
            height: months,
            ..right
        },
    }
}
