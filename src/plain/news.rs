//! What happened between two looks at the server.

use std::collections::HashSet;

use uuid::Uuid;

use super::words::Words;
use crate::api::{Alert, Expense, Summary};

/// Everything that is looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Look {
    pub summary: Summary,
    pub alerts: Vec<Alert>,
    /// The latest expenses of all months; none from a server that lists none.
    pub latest: Vec<Expense>,
}

impl Look {
    pub(super) fn category_name(&self, id: Option<Uuid>) -> Option<&str> {
        let rows = &self.summary.categories;
        let found = rows.iter().find(|row| Some(row.category.id) == id)?;
        Some(&found.category.name)
    }

    /// Alerts that are neither read nor solved nor snoozed.
    pub(super) fn new_alerts(&self, words: Words) -> usize {
        self.alerts.iter().filter(|alert| is_new(alert, words)).count()
    }
}

/// Whether the user has neither seen nor silenced it, and its cause holds.
pub(super) fn is_new(alert: &Alert, words: Words) -> bool {
    let snoozed = alert.snoozed_until.is_some_and(|until| words.today < until);
    !alert.read && alert.resolved_at.is_none() && !snoozed
}

/// A line for each thing that is new since `before`, but for the expenses that this program added itself.
pub(super) fn between(before: &Look, after: &Look, own: &HashSet<Uuid>, words: Words) -> Vec<String> {
    // What an older expense makes room for comes into the list from below, and is not new.
    let since = before.latest.iter().map(|expense| expense.created_at).max();
    let known: HashSet<Uuid> = before.latest.iter().map(|expense| expense.id).collect();
    let added = after.latest.iter().rev().filter(|expense| {
        let newer = since.is_none_or(|since| expense.created_at >= since);
        newer && !known.contains(&expense.id) && !own.contains(&expense.id)
    });
    let mut lines: Vec<String> = added
        .map(|expense| {
            let told = words.expense(expense, after.category_name(expense.category_id));
            format!("Added elsewhere: {told}")
        })
        .collect();
    let told: HashSet<Uuid> = before.alerts.iter().map(|alert| alert.id).collect();
    let alerts = after.alerts.iter().rev();
    let fresh = alerts.filter(|alert| is_new(alert, words) && !told.contains(&alert.id));
    lines.extend(fresh.map(|alert| format!("New alert: {}", alert.message)));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain::words::tests::WORDS;
    use serde_json::json;

    fn look(expenses: &[(u128, i64)], alerts: &[(u128, bool)]) -> Look {
        let summary = json!({
            "month": "2026-11", "today": "2026-11-22", "currency": "USD", "revision": 1, "daily_minor": [],
            "months": [], "categories": [], "uncategorised": {"spent_minor": 0, "count": 0},
        });
        let expense = |(id, created_at): &(u128, i64)| {
            let expense = json!({
                "id": Uuid::from_u128(*id), "day": "2026-11-22", "description": format!("expense {id}"),
                "amount_minor": 420, "category_id": null, "category_source": "none", "confidence": 0,
                "revision": 1, "created_at": created_at,
            });
            serde_json::from_value(expense).unwrap()
        };
        let alert = |(id, read): &(u128, bool)| {
            let alert = json!({
                "id": Uuid::from_u128(*id), "category_id": Uuid::nil(), "category": "Fun", "month": "2026-11",
                "level": "over", "message": format!("Alert {id}."), "spent_minor": 1, "limit_minor": 0,
                "cause": null, "created_at": 0, "read": read, "resolved_at": null,
            });
            serde_json::from_value(alert).unwrap()
        };
        Look {
            summary: serde_json::from_value(summary).unwrap(),
            alerts: alerts.iter().map(alert).collect(),
            latest: expenses.iter().map(expense).collect(),
        }
    }

    #[test]
    fn new_expenses_and_alerts_are_told_once_oldest_first() {
        let before = look(&[(1, 100)], &[(7, false)]);
        let after = look(&[(3, 120), (2, 110), (1, 100)], &[(9, false), (8, false), (7, false)]);
        let lines = between(&before, &after, &HashSet::new(), WORDS);
        assert_eq!(
            lines,
            [
                "Added elsewhere: 22 November, expense 2, 4.20, no category.",
                "Added elsewhere: 22 November, expense 3, 4.20, no category.",
                "New alert: Alert 8.",
                "New alert: Alert 9.",
            ]
        );
        assert_eq!(between(&after, &after, &HashSet::new(), WORDS), [""; 0]);
    }

    #[test]
    fn own_old_and_read_things_are_no_news() {
        let before = look(&[(1, 100)], &[]);
        let after = look(&[(2, 110), (3, 50), (1, 100)], &[(8, true)]);
        let own = HashSet::from([Uuid::from_u128(2)]);
        assert_eq!(between(&before, &after, &own, WORDS), [""; 0]);
    }
}
