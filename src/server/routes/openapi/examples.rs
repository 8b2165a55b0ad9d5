//! An example of each body that is sent or answered.

use serde_json::{Value, json};

const EXPENSE: &str = "0197a3c1-6f00-7000-8000-00000000000e";
const DINING: &str = "0197a3c1-6f00-7000-8000-000000000002";
const TRANSPORT: &str = "0197a3c1-6f00-7000-8000-000000000003";
const OTHER: &str = "0197a3c1-6f00-7000-8000-00000000000c";

/// The examples, each with the name of its schema.
pub(super) fn all() -> Vec<(&'static str, Value)> {
    let mut all = vec![(
        "ErrorBody",
        json!({"error": {"code": "invalid", "field": "amount_minor",
        "message": "The amount must be more than zero."}}),
    )];
    all.extend(of_accounts());
    all.extend(of_categories());
    all.extend(of_expenses());
    all.extend(of_predictions());
    all.extend(of_budgets());
    all.extend(of_alerts());
    all
}

fn of_accounts() -> Vec<(&'static str, Value)> {
    let account = json!({"name": "ada", "email": "ada@example.org", "currency": "EUR",
        "time_zone": "Europe/Berlin", "month_start": 1, "revision": 42});
    let token = "bt1_0197a3c16f007000800000000000000a_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE";
    vec![
        ("Hello", json!({"service": "budget-tracker", "version": "0.1.0"})),
        (
            "SignUp",
            json!({"name": "ada", "email": "ada@example.org", "password": "kitchen lamp nine",
            "currency": "EUR", "time_zone": "Europe/Berlin", "month_start": 1}),
        ),
        ("LogIn", json!({"name": "ada", "password": "kitchen lamp nine"})),
        ("Session", json!({"token": token, "account": account})),
        ("Account", account),
        ("AccountPatch", json!({"month_start": 25})),
    ]
}

fn category() -> Value {
    json!({"id": DINING, "name": "Dining", "kind": "flexible",
        "alert_at": {"near_percent": 80, "forecast": true, "over": true}, "carry_over": false, "hidden": false})
}

fn of_categories() -> Vec<(&'static str, Value)> {
    vec![
        ("Category", category()),
        (
            "NewCategory",
            json!({"id": OTHER, "name": "Bicycle", "kind": "flexible"}),
        ),
        (
            "CategoryPatch",
            json!({"name": "Eating out", "alert_at": {"near_percent": null, "forecast": true,
            "over": true}}),
        ),
        ("MergeCategory", json!({"into": DINING})),
    ]
}

fn expense() -> Value {
    json!({"id": EXPENSE, "day": "2026-11-22", "description": "Nakamura ramen", "amount_minor": 1440,
        "category_id": DINING, "category_source": "model", "confidence": 93, "revision": 42,
        "created_at": 1_795_348_800_000_i64})
}

fn of_expenses() -> Vec<(&'static str, Value)> {
    vec![
        ("Expense", expense()),
        (
            "NewExpense",
            json!({"id": EXPENSE, "day": "2026-11-22", "description": "Nakamura ramen",
            "amount_minor": 1440}),
        ),
        ("ExpensePatch", json!({"amount_minor": 1540, "base_revision": 42})),
        ("ExpensePage", json!({"expenses": [expense()], "next": "20779.42"})),
        (
            "Bulk",
            json!({"action": "place", "places": [{"id": EXPENSE, "category_id": DINING}]}),
        ),
    ]
}

fn of_predictions() -> Vec<(&'static str, Value)> {
    let choice = json!({"category_id": DINING, "category": "Dining", "confidence": 93});
    let rule = json!({"id": OTHER, "pattern": "nakamura", "category_id": DINING, "category": "Dining", "hits": 7});
    vec![
        (
            "PredictRequest",
            json!({"description": "Nakamura ramen", "amount_minor": 1440}),
        ),
        (
            "Prediction",
            json!({"choices": [choice], "source": "model", "because": "\"ramen\"",
            "merchant": "nakamura ramen"}),
        ),
        ("Rule", rule),
        (
            "NewRule",
            json!({"id": OTHER, "pattern": "nakamura", "category_id": DINING}),
        ),
        ("RulePatch", json!({"pattern": "nakamura ramen"})),
        ("Recategorize", json!({"month": "2026-11", "dry_run": true})),
        (
            "Recategorized",
            json!({"looked_at": 1, "changes": [{"expense": expense(), "category_id": TRANSPORT,
            "category_source": "learned", "confidence": 96, "because": "\"nakamura\" was 7 times Transport"}]}),
        ),
    ]
}

fn of_budgets() -> Vec<(&'static str, Value)> {
    let days: Vec<i64> = (1..=30).map(|day| if day == 22 { 1440 } else { 0 }).collect();
    let mut in_category = category();
    in_category["spent_minor"] = json!(1440);
    in_category["count"] = json!(1);
    in_category["limit_minor"] = json!(40_000);
    in_category["carried_minor"] = json!(0);
    in_category["past_minor"] = json!([38_000, 41_250, 39_900, 40_100, 36_780, 42_000]);
    in_category["past_limits_minor"] = json!([40_000, 40_000, 40_000, 40_000, 40_000, 40_000]);
    in_category["daily_minor"] = json!(days);
    in_category["forecast"] = json!({"low_minor": 33_000, "mid_minor": 38_440, "high_minor": 44_000,
        "average_minor": 38_900, "days_minor": [0, 4625, 4625, 4625, 4625, 4625, 4625, 4625, 4625]});
    vec![
        (
            "Budget",
            json!({"category_id": DINING, "limit_minor": 40_000, "since": "2026-11"}),
        ),
        ("SetBudget", json!({"limit_minor": 40_000, "base_revision": 42})),
        (
            "MoveBudget",
            json!({"from": DINING, "to": TRANSPORT, "amount_minor": 2_500}),
        ),
        (
            "Summary",
            json!({"month": "2026-11", "month_start": 1, "today": "2026-11-22", "currency": "EUR",
            "revision": 42, "categories": [in_category], "uncategorised": {"spent_minor": 0, "count": 0},
            "income_minor": 0, "to_review": 0, "daily_minor": days,
            "months": [{"month": "2026-11", "spent_minor": 1440, "limit_minor": 40_000}]}),
        ),
    ]
}

fn of_alerts() -> Vec<(&'static str, Value)> {
    vec![
        (
            "Alert",
            json!({"id": OTHER, "category_id": DINING, "category": "Dining", "month": "2026-11",
            "level": "over", "message": "Dining is €12.40 over its limit of €400 in November.",
            "spent_minor": 41_240, "limit_minor": 40_000, "cause": "Nakamura ramen",
            "created_at": 1_795_348_800_000_i64, "read": false, "resolved_at": null, "snoozed_until": null}),
        ),
        ("Snooze", json!({"until": "2026-12-01"})),
    ]
}
