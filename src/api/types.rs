//! Requests and answers of `/v1`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::expense::CategorySource;
use crate::domain::{Forecast, Kind, Level, Month};

/// `GET /v1`: which service this is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Hello {
    /// Always [`super::SERVICE`].
    pub service: String,
    /// The server's version, for example `0.1.0`.
    pub version: String,
}

/// `POST /v1/signup`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    /// The user name: 1 to 64 characters without spaces.
    pub name: String,
    /// An email address.
    pub email: String,
    /// 8 to 128 characters, none of the common ones.
    pub password: String,
    /// ISO 4217 code; `USD` when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// IANA time zone, for example `Europe/Berlin`; `UTC` when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

/// `POST /v1/login`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogIn {
    /// The user name, in any case.
    pub name: String,
    /// The password.
    pub password: String,
}

/// The answer to a sign-up or log-in: a new session.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// The bearer token. The server keeps only its hash.
    pub token: String,
    /// Whose session it is.
    pub account: Account,
}

/// `GET /v1/account`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Account {
    /// The user name as it was chosen.
    pub name: String,
    /// The email address.
    pub email: String,
    /// ISO 4217 code of every amount.
    pub currency: String,
    /// IANA time zone that decides which day and month it is.
    pub time_zone: String,
    /// Grows with every change to the user's data.
    pub revision: i64,
}

/// One category.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Category {
    /// Its id.
    pub id: Uuid,
    /// Its name, unique for the user.
    pub name: String,
    /// How its money moves.
    pub kind: Kind,
}

/// `GET /v1/summary?month=2026-11`: everything the overview draws, in time independent of the number of expenses.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Summary {
    /// The month in question.
    #[schema(value_type = String, example = "2026-11")]
    pub month: Month,
    /// The user's local day on the server's clock.
    pub today: Date,
    /// ISO 4217 code of every amount.
    pub currency: String,
    /// The user's revision that these numbers show.
    pub revision: i64,
    /// Every category, in display order; those that are not spending too.
    pub categories: Vec<CategorySummary>,
    /// Expenses that wait in no category.
    pub uncategorised: Bucket,
    /// Money spent on each day of the month, first day first; not-spending categories left out.
    pub daily_minor: Vec<i64>,
    /// The last six months, this one last.
    pub months: Vec<MonthTotal>,
}

/// One category's month.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct CategorySummary {
    /// Which category.
    #[serde(flatten)]
    pub category: Category,
    /// Spent so far, minor units.
    pub spent_minor: i64,
    /// Number of expenses.
    pub count: i64,
    /// The limit in force, minor units.
    pub limit_minor: Option<i64>,
    /// The month-end estimate, while the month runs.
    pub forecast: Option<Forecast>,
}

/// A sum and a count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Bucket {
    /// Minor units.
    pub spent_minor: i64,
    /// Number of expenses.
    pub count: i64,
}

/// What one month came to, over all spending categories.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct MonthTotal {
    /// Which month.
    #[schema(value_type = String, example = "2026-11")]
    pub month: Month,
    /// Spent, minor units.
    pub spent_minor: i64,
    /// Sum of the limits in force, minor units.
    pub limit_minor: i64,
}

/// One expense.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Expense {
    /// The id that the client made.
    pub id: Uuid,
    /// The local day.
    pub day: Date,
    /// What it was for.
    pub description: String,
    /// Minor units, more than zero.
    pub amount_minor: i64,
    /// Its category, if one was found or chosen.
    pub category_id: Option<Uuid>,
    /// Who chose the category.
    pub category_source: CategorySource,
    /// How sure the choice is, percent.
    pub confidence: u8,
    /// The user's revision at the last change of this expense.
    pub revision: i64,
    /// When it was stored, UTC ms.
    pub created_at: i64,
}

/// `POST /v1/expenses`: sent twice, it is stored once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewExpense {
    /// A `UUIDv7` made by the client.
    pub id: Uuid,
    /// The local day; today in the user's time zone when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// 1 to 256 characters.
    pub description: String,
    /// Minor units, more than zero.
    pub amount_minor: i64,
    /// The category, when the user chose one; predicted when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category_id: Option<Uuid>,
}

/// `PATCH /v1/expenses/{id}`: only the fields that change.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpensePatch {
    /// A new day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// A new description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A new amount, minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<i64>,
    /// A category that the user chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category_id: Option<Uuid>,
}

/// `GET /v1/expenses`: newest day first; all filters are optional and combine.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExpenseQuery {
    /// Only this month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>, example = "2026-11")]
    pub month: Option<Month>,
    /// Only this category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category_id: Option<Uuid>,
    /// Rows in the page: 1 to 1000, 100 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A page of expenses.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct ExpensePage {
    /// Newest day first; within a day, last stored first.
    pub expenses: Vec<Expense>,
    /// Where the next page begins; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A limit in force in a month.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Budget {
    /// Which category.
    pub category_id: Uuid,
    /// Minor units, zero or more.
    pub limit_minor: i64,
    /// The month in which this limit was set; it holds until the next change.
    #[schema(value_type = String, example = "2026-11")]
    pub since: Month,
}

/// `PUT /v1/budgets/{month}/{category_id}`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetBudget {
    /// Minor units, zero or more.
    pub limit_minor: i64,
}

/// One alert.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Alert {
    /// Its id.
    pub id: Uuid,
    /// Which category.
    pub category_id: Uuid,
    /// The category's name.
    pub category: String,
    /// Which month.
    #[schema(value_type = String, example = "2026-11")]
    pub month: Month,
    /// What it is about.
    pub level: Level,
    /// The sentence for a person.
    pub message: String,
    /// Spent when it was last judged, minor units.
    pub spent_minor: i64,
    /// The limit when it was last judged, minor units.
    pub limit_minor: i64,
    /// The expense that caused it, if one did.
    pub cause: Option<String>,
    /// When it was raised, UTC ms.
    pub created_at: i64,
    /// Whether the user has seen it.
    pub read: bool,
    /// When its cause went away, UTC ms.
    pub resolved_at: Option<i64>,
}

/// `POST /v1/predict`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PredictRequest {
    /// 1 to 256 characters.
    pub description: String,
}

/// The categories that fit a description, best first; empty when none does.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Prediction {
    /// At most three.
    pub choices: Vec<Choice>,
    /// Who says so.
    pub source: Option<CategorySource>,
    /// The words that decided, as a clause: `"ramen" was 7 times Dining`.
    pub because: String,
}

/// One possible category.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Choice {
    /// Which category.
    pub category_id: Uuid,
    /// Its name.
    pub category: String,
    /// Percent, 0 to 100.
    pub confidence: u8,
}

impl std::fmt::Debug for SignUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignUp")
            .field("name", &self.name)
            .field("password", &"***")
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for LogIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LogIn")
            .field("name", &self.name)
            .field("password", &"***")
            .finish()
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("token", &"***")
            .field("account", &self.account)
            .finish()
    }
}
