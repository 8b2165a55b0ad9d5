//! Every place where a call takes an id. In the texts, `$expense` stands for an expense of the user who asks, and so
//! on; `$new` is an id that is new each time, `$name` such a word.

/// What another user's id is answered, always the same as an id that never was.
#[derive(Clone, Copy)]
pub enum Verdict {
    /// There is no such thing: 404.
    NotFound,
    /// There is no such thing to choose: 400.
    Invalid,
    /// The operation is refused, and the batch answered.
    RefusedOp,
    /// The id is for the client to choose: the user gets a thing of this id, and the other one keeps its own.
    Own,
    /// An answer without anything of another user.
    Nothing,
}

/// One place.
pub struct Row {
    /// The `operationId`.
    pub call: &'static str,
    /// `path …`, `query …`, or a JSON pointer into the body.
    pub place: &'static str,
    /// What another user's id is answered.
    pub verdict: Verdict,
    /// A good body.
    pub body: &'static str,
    /// The id in the path, where that is not the place.
    pub whose: &'static str,
    /// An id of one's own that is good there.
    pub own: &'static str,
}

const fn row(
    call: &'static str,
    place: &'static str,
    verdict: Verdict,
    body: &'static str,
    [whose, own]: [&'static str; 2],
) -> Row {
    Row {
        call,
        place,
        verdict,
        body,
        whose,
        own,
    }
}

/// Every place of an id in the description.
#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    row("listExpenses", "query category_id", Verdict::Nothing, "", ["", "$category"]),
    row("addExpense", "/id", Verdict::Own, r#"{"id": "$new", "description": "tea", "amount_minor": 100}"#, ["", "$new"]),
    row("addExpense", "/category_id", Verdict::Invalid, r#"{"id": "$new", "description": "tea", "amount_minor": 100, "category_id": "$category"}"#, ["", "$category"]),
    row("changeExpense", "path id", Verdict::NotFound, r#"{"description": "tea"}"#, ["", "$expense"]),
    row("changeExpense", "/category_id", Verdict::Invalid, r#"{"category_id": "$category"}"#, ["$expense", "$other"]),
    row("listExpenseHistory", "path id", Verdict::NotFound, "", ["", "$expense"]),
    row("deleteExpense", "path id", Verdict::NotFound, "", ["", "$expense"]),
    row("restoreExpense", "path id", Verdict::NotFound, "", ["", "$expense"]),
    row("changeExpenses", "/ids/0", Verdict::NotFound, r#"{"action": "delete", "ids": ["$expense"]}"#, ["", "$expense"]),
    row("changeExpenses", "/places/0/id", Verdict::NotFound, r#"{"action": "place", "places": [{"id": "$expense", "category_id": "$other"}]}"#, ["", "$expense"]),
    row("changeExpenses", "/places/0/category_id", Verdict::Invalid, r#"{"action": "place", "places": [{"id": "$expense", "category_id": "$other"}]}"#, ["", "$other"]),
    row("setBudget", "path category_id", Verdict::NotFound, r#"{"limit_minor": 100}"#, ["", "$category"]),
    row("clearBudget", "path category_id", Verdict::NotFound, "", ["", "$category"]),
    row("moveBudget", "/from", Verdict::NotFound, r#"{"from": "$category", "to": "$other", "amount_minor": 1}"#, ["", "$category"]),
    row("moveBudget", "/to", Verdict::NotFound, r#"{"from": "$category", "to": "$other", "amount_minor": 1}"#, ["", "$other"]),
    row("addCategory", "/id", Verdict::Own, r#"{"id": "$new", "name": "$name", "kind": "flexible"}"#, ["", "$new"]),
    row("changeCategory", "path id", Verdict::NotFound, r#"{"carry_over": true}"#, ["", "$category"]),
    row("mergeCategory", "path id", Verdict::NotFound, r#"{"into": "$other"}"#, ["", "$category"]),
    row("mergeCategory", "/into", Verdict::Invalid, r#"{"into": "$other"}"#, ["$category", "$other"]),
    row("addRule", "/id", Verdict::Own, r#"{"id": "$new", "pattern": "$name", "category_id": "$category"}"#, ["", "$new"]),
    row("addRule", "/category_id", Verdict::Invalid, r#"{"id": "$new", "pattern": "$name", "category_id": "$category"}"#, ["", "$category"]),
    row("changeRule", "path id", Verdict::NotFound, r#"{"pattern": "$name"}"#, ["", "$rule"]),
    row("changeRule", "/category_id", Verdict::Invalid, r#"{"category_id": "$category"}"#, ["$rule", "$other"]),
    row("removeRule", "path id", Verdict::NotFound, "", ["", "$rule"]),
    row("markAlertRead", "path id", Verdict::NotFound, "", ["", "$alert"]),
    row("snoozeAlert", "path id", Verdict::NotFound, r#"{"until": "2026-12-01"}"#, ["", "$alert"]),
    row("endSession", "path id", Verdict::NotFound, "", ["", "$session"]),
    row("performOps", "/device_id", Verdict::Own, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"read_alerts": {}}}]}"#, ["", "$new"]),
    row("performOps", "/ops/0/do/add_expense/id", Verdict::Own, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"add_expense": {"id": "$new", "description": "tea", "amount_minor": 100}}}]}"#, ["", "$new"]),
    row("performOps", "/ops/0/do/add_expense/category_id", Verdict::RefusedOp, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"add_expense": {"id": "$new", "description": "tea", "amount_minor": 100, "category_id": "$category"}}}]}"#, ["", "$category"]),
    row("performOps", "/ops/0/do/change_expense/id", Verdict::RefusedOp, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"change_expense": {"id": "$expense", "change": {"description": "tea"}}}}]}"#, ["", "$expense"]),
    row("performOps", "/ops/0/do/change_expense/change/category_id", Verdict::RefusedOp, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"change_expense": {"id": "$expense", "change": {"category_id": "$other"}}}}]}"#, ["", "$other"]),
    row("performOps", "/ops/0/do/delete_expense/id", Verdict::RefusedOp, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"delete_expense": {"id": "$expense"}}}]}"#, ["", "$expense"]),
    row("performOps", "/ops/0/do/restore_expense/id", Verdict::RefusedOp, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"restore_expense": {"id": "$expense"}}}]}"#, ["", "$expense"]),
    row("performOps", "/ops/0/do/change_expenses/ids/0", Verdict::RefusedOp, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"change_expenses": {"action": "delete", "ids": ["$expense"]}}}]}"#, ["", "$expense"]),
    row("performOps", "/ops/0/do/change_expenses/places/0/id", Verdict::RefusedOp, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"change_expenses": {"action": "place", "places": [{"id": "$expense", "category_id": "$other"}]}}}]}"#, ["", "$expense"]),
    row("performOps", "/ops/0/do/change_expenses/places/0/category_id", Verdict::RefusedOp, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"change_expenses": {"action": "place", "places": [{"id": "$expense", "category_id": "$other"}]}}}]}"#, ["", "$other"]),
    row("performOps", "/ops/0/do/set_limit/category_id", Verdict::RefusedOp, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"set_limit": {"month": "2026-11", "category_id": "$category", "limit": {"limit_minor": 100}}}}]}"#, ["", "$category"]),
    row("performOps", "/ops/0/do/clear_limit/category_id", Verdict::RefusedOp, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"clear_limit": {"month": "2026-11", "category_id": "$category"}}}]}"#, ["", "$category"]),
    row("performOps", "/ops/0/do/move_limit/wish/from", Verdict::RefusedOp, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"move_limit": {"month": "2026-11", "wish": {"from": "$category", "to": "$other", "amount_minor": 1}}}}]}"#, ["", "$category"]),
    row("performOps", "/ops/0/do/move_limit/wish/to", Verdict::RefusedOp, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"move_limit": {"month": "2026-11", "wish": {"from": "$category", "to": "$other", "amount_minor": 1}}}}]}"#, ["", "$other"]),
    row("performOps", "/ops/0/do/add_category/id", Verdict::Own, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"add_category": {"id": "$new", "name": "$name", "kind": "flexible"}}}]}"#, ["", "$new"]),
    row("performOps", "/ops/0/do/change_category/id", Verdict::RefusedOp, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"change_category": {"id": "$category", "change": {"carry_over": true}}}}]}"#, ["", "$category"]),
    row("performOps", "/ops/0/do/merge_category/id", Verdict::RefusedOp, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"merge_category": {"id": "$category", "into": "$other"}}}]}"#, ["", "$category"]),
    row("performOps", "/ops/0/do/merge_category/into", Verdict::RefusedOp, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"merge_category": {"id": "$category", "into": "$other"}}}]}"#, ["", "$other"]),
    row("performOps", "/ops/0/do/add_rule/id", Verdict::Own, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"add_rule": {"id": "$new", "pattern": "$name", "category_id": "$category"}}}]}"#, ["", "$new"]),
    row("performOps", "/ops/0/do/add_rule/category_id", Verdict::RefusedOp, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"add_rule": {"id": "$new", "pattern": "$name", "category_id": "$category"}}}]}"#, ["", "$category"]),
    row("performOps", "/ops/0/do/change_rule/id", Verdict::RefusedOp, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"change_rule": {"id": "$rule", "change": {"pattern": "$name"}}}}]}"#, ["", "$rule"]),
    row("performOps", "/ops/0/do/change_rule/change/category_id", Verdict::RefusedOp, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"change_rule": {"id": "$rule", "change": {"category_id": "$other"}}}}]}"#, ["", "$other"]),
    row("performOps", "/ops/0/do/remove_rule/id", Verdict::RefusedOp, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"remove_rule": {"id": "$rule"}}}]}"#, ["", "$rule"]),
    row("performOps", "/ops/0/do/read_alert/id", Verdict::RefusedOp, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"read_alert": {"id": "$alert"}}}]}"#, ["", "$alert"]),
    row("performOps", "/ops/0/do/snooze_alert/id", Verdict::RefusedOp, r#"{"device_id": "$new", "ops": [{"seq": 1, "do": {"snooze_alert": {"id": "$alert", "until": "2026-12-01"}}}]}"#, ["", "$alert"]),
];
