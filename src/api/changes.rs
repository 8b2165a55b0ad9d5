//! `GET /v1/changes`: what a client that keeps a copy has to know.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Account, Alert, Category, Expense, HistoryRow, Rule};
use crate::domain::Month;

/// `GET /v1/changes`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ChangesQuery {
    /// `next` of the answer before. 0, or left out: everything, for a client that has nothing yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(
        max_length = 128,
        pattern = "^[0-9]+([.][0-9]+[.][0-9]+[.][0-9a-f-]{32,36}[.][0-9]+)?$",
        example = "1184"
    )]
    pub since: Option<String>,
    /// Rows in the answer: 1 to 1000, 500 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
}

/// What has changed, in the order of the revisions. Each row is told as it is now, once, however often it changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Changes {
    /// Rows, those that changed first first. An expense may come before the category that it is in; the copy is whole
    /// when there is no `more`.
    #[schema(max_items = 1000)]
    pub changes: Vec<Change>,
    /// What `since` is next time: the revision that the copy has reached, or a place on the way there.
    #[schema(example = "1201")]
    pub next: String,
    /// Whether there are more rows already.
    pub more: bool,
}

/// A row that changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Change {
    /// The user's revision at the change.
    pub revision: i64,
    /// The row as it is now.
    pub row: ChangedRow,
}

/// A row of one of the kinds that a client keeps, in the order in which they are told within a revision.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangedRow {
    /// The account; its `revision` is that of its own last change.
    Account(Account),
    /// A category, hidden ones too.
    Category(CategoryRow),
    /// A limit, set or cleared.
    Limit(LimitRow),
    /// What was moved between limits in one month.
    Moved(MovedRow),
    /// An expense.
    Expense(Expense),
    /// A rule.
    Rule(Rule),
    /// An alert.
    Alert(Alert),
    /// What gave way to a change that had not seen it. A copy need not keep it longer than 180 days.
    History(HistoryRow),
    /// Something that is there no more.
    Gone(Gone),
}

/// A category, with what orders and dates it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct CategoryRow {
    /// The category.
    #[serde(flatten)]
    pub category: Category,
    /// Its place in the display order; those with the same place are in the order of their names.
    pub place: i64,
    /// The first month whose rest moves on.
    #[schema(value_type = Option<String>, pattern = "^[0-9]{4}-[0-9]{2}$")]
    pub carry_since: Option<Month>,
    /// The first month in which its limit does not count.
    #[schema(value_type = Option<String>, pattern = "^[0-9]{4}-[0-9]{2}$")]
    pub hidden_since: Option<Month>,
}

/// A limit that holds from a month until the category's next one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct LimitRow {
    /// Which category.
    pub category_id: Uuid,
    /// The month from which on it holds.
    #[schema(value_type = String, pattern = "^[0-9]{4}-[0-9]{2}$")]
    pub month: Month,
    /// Minor units, zero or more; none: no limit from here on.
    pub limit_minor: Option<i64>,
}

/// What a month's limit got from other limits, or gave to them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct MovedRow {
    /// Which category.
    pub category_id: Uuid,
    /// Which month.
    #[schema(value_type = String, pattern = "^[0-9]{4}-[0-9]{2}$")]
    pub month: Month,
    /// Minor units; less than zero when it gave. Zero: nothing, or no longer.
    pub moved_minor: i64,
}

/// Something that is there no more. With a category go its limits, what was moved there, and its alerts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Gone {
    /// What it was.
    pub thing: Thing,
    /// Its id.
    pub id: Uuid,
    /// The category that took it in, where it was a category: whoever names the one that is gone means that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub into: Option<Uuid>,
}

/// What can be taken away.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema, strum::Display, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Thing {
    /// An expense that was deleted; it can be restored for 180 days.
    Expense,
    /// A category that was merged into another one.
    Category,
    /// A rule that was removed, or that one of the same words took the place of.
    Rule,
}
