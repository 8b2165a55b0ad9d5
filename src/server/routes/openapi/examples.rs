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
    all.extend(of_sessions());
    all.extend(of_copies());
    all
}

fn of_accounts() -> Vec<(&'static str, Value)> {
    let account = json!({"name": "ada", "email": "ada@example.org", "currency": "EUR",
        "time_zone": "Europe/Berlin", "month_start": 1, "revision": 42});
    let token = "bt1_0197a3c16f007000800000000000000a_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE";
    vec![
        (
            "Hello",
            json!({"service": "budget-tracker", "version": "0.1.0", "sign_up": "invite"}),
        ),
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
        (
            "HistoryRow",
            json!({"id": OTHER, "expense_id": EXPENSE, "revision": 43, "at": 1_795_348_800_000_i64,
                "change": {"field": "amount_minor", "was": 1440, "now": 1540}}),
        ),
        ("PlacedBy", json!({"category_source": "model", "confidence": 93})),
        ("ExpensePage", json!({"expenses": [expense()], "next": "20779.42"})),
        (
            "Bulk",
            json!({"action": "place", "places": [{"id": EXPENSE, "category_id": DINING, "base_revision": 42}]}),
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

fn of_sessions() -> Vec<(&'static str, Value)> {
    vec![
        (
            "SessionEntry",
            json!({"id": OTHER, "label": "laptop", "created_at": 1_795_348_800_000_i64,
                "last_seen": 1_795_352_400_000_i64, "address": "192.0.2.7", "current": true}),
        ),
        (
            "ChangePassword",
            json!({"old_password": "kitchen lamp nine", "new_password": "garden chair four"}),
        ),
        ("SecondFactor", json!({"on": true, "recovery_codes_left": 9})),
        ("NewSecondFactor", json!({"password": "kitchen lamp nine"})),
        (
            "SecondFactorSecret",
            json!({"secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
                "uri": "otpauth://totp/Budget%20Tracker:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}),
        ),
        ("ConfirmSecondFactor", json!({"code": "287082"})),
        (
            "RecoveryCodes",
            json!({"recovery_codes": vec!["7Q2M-0XKD-94TR-BH5C"; 10]}),
        ),
        (
            "EndSecondFactor",
            json!({"password": "kitchen lamp nine", "code": "287082"}),
        ),
    ]
}

fn of_copies() -> Vec<(&'static str, Value)> {
    let limit = json!({"limit": {"category_id": DINING, "month": "2026-11", "limit_minor": 45_000}});
    let gone = json!({"gone": {"thing": "expense", "id": EXPENSE}});
    let add =
        json!({"add_expense": {"id": EXPENSE, "day": "2026-11-22", "description": "coffee", "amount_minor": 420}});
    let refusal = json!({"code": "not_found", "message": "There is no such expense."});
    vec![
        (
            "Changes",
            json!({"changes": [{"revision": 1184, "row": limit}, {"revision": 1185, "row": gone}],
                "next": "1185", "more": false}),
        ),
        (
            "Ops",
            json!({"device_id": "4c0f6a52-30b5-4f43-8d54-90f5c1f0a6c1", "ops": [
                {"seq": 41, "do": add}, {"seq": 42, "do": {"delete_expense": {"id": OTHER}}}]}),
        ),
        (
            "OpsDone",
            json!({"results": [{"seq": 41, "status": "done_before"},
                {"seq": 42, "status": "refused", "error": refusal}], "last_seq": 42}),
        ),
    ]
}
