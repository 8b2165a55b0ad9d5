//! Numbers as sentences: no picture, no column, one thing a line.

use jiff::civil::Date;

use crate::api::{Alert, CategorySummary, Expense, Summary};
use crate::domain::budget::used_percent;
use crate::domain::expense::{CategorySource, is_unsure};
use crate::domain::{Currency, Locale, Money, Outlook};

/// How amounts and days are written in one account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    pub currency: Currency,
    /// The user's local day.
    pub today: Date,
    pub locale: Locale,
}

impl Words {
    /// `4.20`.
    pub(super) fn amount(self, minor: i64) -> String {
        Money::new(minor, self.currency).amount()
    }

    /// `22 November`, with the year when it is another one.
    pub(super) fn day(self, day: Date) -> String {
        if day.year() == self.today.year() {
            self.locale.day(day, "%-d %B")
        } else {
            self.locale.day(day, "%-d %B %Y")
        }
    }

    /// The month in a few lines, then a line for each budget, the most urgent first.
    pub(super) fn overview(self, summary: &Summary, new_alerts: usize) -> Vec<String> {
        let mut lines = vec![self.month(summary)];
        lines.extend(self.outlook(summary));
        let mut rows: Vec<(Outlook, &CategorySummary)> = summary
            .categories
            .iter()
            .filter(|row| row.category.kind.is_spending() && (row.limit_minor.is_some() || row.spent_minor != 0))
            .map(|row| (row.standing(summary.calendar, summary.month, self.today).outlook(), row))
            .collect();
        rows.sort_by_key(|(outlook, _)| outlook.risk());
        if rows.is_empty() {
            lines.push(
                "No spending and no limits. add coffee 4.20 adds an expense, limit dining 150 sets a limit.".to_owned(),
            );
        }
        lines.extend(rows.into_iter().map(|(outlook, row)| self.budget(row, &outlook)));
        let loose = summary.uncategorised;
        if loose.count > 0 {
            let count = counted(loose.count, "expense", "expenses");
            lines.push(format!(
                "Without a category: {count}, {}.",
                self.amount(loose.spent_minor)
            ));
        }
        if new_alerts > 0 {
            let count = counted(i64::try_from(new_alerts).unwrap_or(i64::MAX), "new alert", "new alerts");
            lines.push(format!("{count}. alerts tells."));
        }
        lines
    }

    /// `November 2026, day 22 of 30: 1,848.67 of 2,305.00 spent, 80 percent.`
    fn month(self, summary: &Summary) -> String {
        let progress = summary.calendar.progress(summary.month, self.today);
        let totals = summary.totals();
        let when = if progress.closed {
            "closed".to_owned()
        } else if progress.day == 0 {
            "not begun".to_owned()
        } else {
            format!("day {} of {}", progress.day, progress.length)
        };
        let spent = match (totals.limit, totals.used()) {
            (Some(limit), Some(used)) => format!(
                "{} of {} spent, {used} percent",
                self.amount(totals.spent),
                self.amount(limit)
            ),
            _ => format!("{} spent, no limits", self.amount(totals.spent)),
        };
        format!(
            "{}, {when}: {spent}. Amounts in {}.",
            summary.calendar.long_name(summary.month),
            self.currency
        )
    }

    /// `456.33 left, 57.04 a day. Estimate for the whole month: 2,069.00, 236.00 under.`
    fn outlook(self, summary: &Summary) -> Option<String> {
        let progress = summary.calendar.progress(summary.month, self.today);
        let totals = summary.totals();
        let limit = totals.limit?;
        let left = limit.saturating_sub(totals.spent);
        let days = i64::from(progress.left());
        let mut text = match left {
            ..0 => format!("{} over the sum of the limits.", self.amount(left.saturating_abs())),
            _ if progress.closed || days == 0 => format!("{} left.", self.amount(left)),
            _ => format!("{} left, {} a day.", self.amount(left), self.amount(left / days)),
        };
        if let Some(forecast) = totals.forecast.filter(|_| !progress.closed) {
            let gap = limit.saturating_sub(forecast);
            let side = if gap < 0 { "over" } else { "under" };
            let whole = format!(
                " Estimate for the whole month: {}, {} {side}.",
                self.amount(forecast),
                self.amount(gap.saturating_abs())
            );
            text.push_str(&whole);
        }
        Some(text)
    }

    /// `Dining 125.80 of 120.00, over by 5.80, 105 percent.`
    fn budget(self, row: &CategorySummary, outlook: &Outlook) -> String {
        let name = &row.category.name;
        let spent = self.amount(row.spent_minor);
        let Some(limit) = row.limit_minor else {
            return format!("{name} {spent}, no limit.");
        };
        let used = used_percent(row.spent_minor, limit);
        let words = match *outlook {
            Outlook::Over(by) => format!("over by {}, {used} percent", self.amount(by)),
            Outlook::WillPass(Some(day)) => format!("will pass its limit on {}, {used} percent", self.day(day)),
            Outlook::WillPass(None) => format!("will pass its limit, {used} percent"),
            Outlook::Ahead(points) => format!("{used} percent, {points} points ahead of the calendar"),
            Outlook::OnPace => format!("{used} percent, on pace"),
            Outlook::Below(points) => format!("{used} percent, {points} points behind the calendar"),
            Outlook::Kept(left) => format!("kept, {} left", self.amount(left)),
            Outlook::Unused => "unused".to_owned(),
            Outlook::Fixed { paid: true } => "a bill, paid".to_owned(),
            Outlook::Fixed { paid: false } => format!("a bill, {used} percent"),
            Outlook::NoLimit => "no limit".to_owned(),
        };
        format!("{name} {spent} of {}, {words}.", self.amount(limit))
    }

    /// `22 November, Ramen House, 18.50, Dining.`
    pub(super) fn expense(self, expense: &Expense, category: Option<&str>) -> String {
        let place = match category {
            None => "no category".to_owned(),
            Some(name) if is_unsure(expense.category_source, expense.confidence) => {
                format!("{name}, not sure, {} percent", expense.confidence)
            }
            Some(name) => name.to_owned(),
        };
        format!(
            "{}, {}, {}, {place}.",
            self.day(expense.day),
            expense.description,
            self.amount(expense.amount_minor)
        )
    }

    /// `Added coffee, 4.20, on 21 November, to Dining, 96 percent sure.`
    pub(super) fn added(self, expense: &Expense, category: Option<&str>) -> String {
        let mut parts = vec![
            format!("Added {}", expense.description),
            self.amount(expense.amount_minor),
        ];
        if expense.day != self.today {
            parts.push(format!("on {}", self.day(expense.day)));
        }
        match category {
            None => parts.push("without a category".to_owned()),
            Some(name) => parts.push(format!("to {name}")),
        }
        if category.is_some() && expense.category_source != CategorySource::You {
            parts.push(format!("{} percent sure", expense.confidence));
        }
        parts.join(", ") + "."
    }

    /// `New: Dining is over its $120 limit for November 2026 by $5.80. Caused by Ramen House.`
    pub(super) fn alert(self, alert: &Alert) -> String {
        let state = match () {
            () if alert.resolved_at.is_some() => "Solved",
            () if alert.snoozed_until.is_some_and(|until| self.today < until) => "Snoozed",
            () if alert.read => "Read",
            () => "New",
        };
        let cause = match &alert.cause {
            Some(cause) => format!(" Caused by {cause}."),
            None => String::new(),
        };
        format!("{state}: {}{cause}", alert.message)
    }
}

/// `1 expense`, `2 expenses`.
pub(super) fn counted(count: i64, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::{Forecast, Month};
    use jiff::civil::date;
    use serde_json::json;
    use uuid::Uuid;

    pub(in crate::plain) const WORDS: Words = Words {
        currency: Currency::USD,
        locale: crate::domain::Locale::ENGLISH,
        today: date(2026, 11, 22),
    };

    fn summary(month: &str) -> Summary {
        let progress = Month::of(WORDS.today).progress(WORDS.today);
        let category = |name: &str, kind: &str, spent: i64, limit: Option<i64>, mid: Option<i64>| {
            json!({
                "id": Uuid::nil(), "name": name, "kind": kind, "spent_minor": spent, "count": 1, "limit_minor": limit,
                "forecast": mid.map(|mid| Forecast::evenly(spent, mid, progress)),
            })
        };
        let summary = json!({
            "month": month, "today": "2026-11-22", "currency": "USD", "revision": 1, "daily_minor": [], "months": [],
            "categories": [
                category("Groceries", "flexible", 20_330, Some(45_000), Some(28_000)),
                category("Clothes", "flexible", 0, Some(10_000), None),
                category("Dining", "flexible", 12_580, Some(12_000), Some(17_000)),
                category("Transport", "flexible", 8_120, Some(9_000), Some(11_070)),
                category("Rent", "fixed", 120_000, Some(120_000), None),
                category("Kids", "flexible", 3_860, None, None),
                category("Salary", "not_spending", 500_000, None, None),
            ],
            "uncategorised": {"spent_minor": 4_410, "count": 2},
        });
        serde_json::from_value(summary).unwrap()
    }

    #[test]
    fn a_month_is_told_with_the_most_urgent_first() {
        let told = WORDS.overview(&summary("2026-11"), 2).join("\n");
        let wanted = [
            "November 2026, day 22 of 30: 1,693.00 of 1,960.00 spent, 86 percent. Amounts in USD.",
            "267.00 left, 33.37 a day. Estimate for the whole month: 1,843.40, 116.60 under.",
            "Dining 125.80 of 120.00, over by 5.80, 105 percent.",
            "Transport 81.20 of 90.00, will pass its limit on 25 November, 90 percent.",
            "Groceries 203.30 of 450.00, 45 percent, 28 points behind the calendar.",
            "Clothes 0.00 of 100.00, unused.",
            "Rent 1,200.00 of 1,200.00, a bill, paid.",
            "Kids 38.60, no limit.",
            "Without a category: 2 expenses, 44.10.",
            "2 new alerts. alerts tells.",
        ];
        assert_eq!(told, wanted.join("\n"));
    }

    #[test]
    fn a_month_since_pay_day_is_told_with_its_days() {
        let since = Summary {
            calendar: crate::domain::Calendar::new(25).unwrap(),
            ..summary("2026-10")
        };
        let told = WORDS.overview(&since, 0);
        assert!(
            told[0].starts_with("October 2026 (25 Oct to 24 Nov), day 29 of 31: "),
            "{told:?}"
        );
        assert!(told[1].starts_with("267.00 left, 133.50 a day."), "{told:?}");
    }

    #[test]
    fn a_closed_month_and_an_empty_one_are_told() {
        let closed = WORDS.overview(&summary("2026-10"), 0);
        assert!(closed[0].starts_with("October 2026, closed: "), "{closed:?}");
        assert!(
            closed
                .iter()
                .any(|line| line == "Groceries 203.30 of 450.00, kept, 246.70 left."),
            "{closed:?}"
        );
        let empty = Summary {
            categories: Vec::new(),
            uncategorised: crate::api::Bucket::default(),
            ..summary("2026-12")
        };
        let told = WORDS.overview(&empty, 0);
        assert_eq!(
            told[0],
            "December 2026, not begun: 0.00 spent, no limits. Amounts in USD."
        );
        assert!(told[1].starts_with("No spending and no limits."), "{told:?}");
    }

    fn expense(day: Date, source: &str, confidence: u8) -> Expense {
        let expense = json!({
            "id": Uuid::nil(), "day": day, "description": "coffee", "amount_minor": 420, "category_id": null,
            "category_source": source, "confidence": confidence, "revision": 1, "created_at": 0,
        });
        serde_json::from_value(expense).unwrap()
    }

    #[test]
    fn expenses_are_told_in_a_line() {
        let today = expense(WORDS.today, "you", 100);
        assert_eq!(
            WORDS.expense(&today, Some("Dining")),
            "22 November, coffee, 4.20, Dining."
        );
        assert_eq!(WORDS.added(&today, Some("Dining")), "Added coffee, 4.20, to Dining.");
        let guessed = expense(date(2025, 12, 31), "lexicon", 48);
        assert_eq!(
            WORDS.expense(&guessed, Some("Fun")),
            "31 December 2025, coffee, 4.20, Fun, not sure, 48 percent."
        );
        assert_eq!(
            WORDS.added(&guessed, Some("Fun")),
            "Added coffee, 4.20, on 31 December 2025, to Fun, 48 percent sure."
        );
        assert_eq!(WORDS.added(&today, None), "Added coffee, 4.20, without a category.");
    }

    #[test]
    fn alerts_are_told_with_their_state_and_cause() {
        let alert = json!({
            "id": Uuid::nil(), "category_id": Uuid::nil(), "category": "Dining", "month": "2026-11", "level": "over",
            "message": "Dining is over.", "spent_minor": 1, "limit_minor": 0, "cause": "Ramen House", "created_at": 0,
            "read": false, "resolved_at": null,
        });
        let new: Alert = serde_json::from_value(alert).unwrap();
        assert_eq!(WORDS.alert(&new), "New: Dining is over. Caused by Ramen House.");
        let snoozed = Alert {
            snoozed_until: Some(date(2026, 12, 1)),
            cause: None,
            ..new
        };
        assert_eq!(WORDS.alert(&snoozed), "Snoozed: Dining is over.");
    }
}
