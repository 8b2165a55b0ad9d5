//! Requests and answers of `/v1`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::SignUpMode;
use crate::domain::expense::CategorySource;
use crate::domain::{AlertRules, Calendar, Forecast, Kind, Level, Month};

/// `GET /v1`: which service this is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Hello {
    /// Always [`super::SERVICE`].
    pub service: String,
    /// The server's version, for example `0.1.0`.
    pub version: String,
    /// Who may make an account here.
    #[serde(default)]
    pub sign_up: SignUpMode,
}

/// `POST /v1/signup`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    /// The user name: 1 to 64 characters without spaces.
    #[schema(
        min_length = 1,
        max_length = 64,
        pattern = r"^[^\s\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]+$"
    )]
    pub name: String,
    /// An email address.
    #[schema(
        min_length = 3,
        max_length = 254,
        pattern = r"^[^\s@<>,;\x22\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]+@[^\s@<>,;\x22\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]+$"
    )]
    pub email: String,
    /// 8 to 128 characters, none of the common ones.
    #[schema(min_length = 8, max_length = 128, format = Password)]
    pub password: String,
    /// ISO 4217 code; `USD` when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[A-Za-z]{3}$")]
    pub currency: Option<String>,
    /// IANA time zone, for example `Europe/Berlin`; `UTC` when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 64, pattern = r"^[A-Za-z0-9_+/-]+$")]
    pub time_zone: Option<String>,
    /// The day of the month on which budget months begin, 1 to 28; 1 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 28)]
    pub month_start: Option<u8>,
    /// The code of an invitation, where the server asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = Password)]
    pub invite: Option<String>,
    /// What the device calls itself, for the list of sessions: up to 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 64)]
    pub label: Option<String>,
}

/// `POST /v1/login`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogIn {
    /// The user name, in any case.
    #[schema(min_length = 1, max_length = 64)]
    pub name: String,
    /// The password.
    #[schema(format = Password)]
    pub password: String,
    /// A code of the authenticator app, or a recovery code, where the account asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = Password)]
    pub code: Option<String>,
    /// What the device calls itself, for the list of sessions: up to 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 64)]
    pub label: Option<String>,
}

/// The answer to a sign-up or log-in: a new session.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// The bearer token. The server keeps only its hash.
    #[schema(pattern = "^bt1_[0-9a-f]{32}_[A-Za-z0-9_-]{43}$")]
    pub token: String,
    /// Whose session it is.
    pub account: Account,
    /// Until when the password lets in, UTC milliseconds, where the administrator has made it; nothing where the user
    /// has chosen it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_until: Option<i64>,
}

/// `GET /v1/account`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Account {
    /// The user name as it was chosen.
    pub name: String,
    /// The email address.
    pub email: String,
    /// ISO 4217 code of every amount.
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
    /// IANA time zone that decides which day and month it is.
    pub time_zone: String,
    /// The day of the month on which budget months begin: 1 to 28.
    #[serde(default, rename = "month_start")]
    #[schema(value_type = u8, minimum = 1, maximum = 28)]
    pub calendar: Calendar,
    /// Grows with every change to the user's data.
    #[schema(minimum = 0)]
    pub revision: i64,
}

/// `PATCH /v1/account`: only the fields that change.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountPatch {
    /// The day of the month on which budget months begin, 1 to 28. All months are summed up anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 28)]
    pub month_start: Option<u8>,
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
    /// What the user is told about it.
    #[serde(default)]
    pub alert_at: AlertRules,
    /// Whether what is left of a month's limit, or was spent beyond it, moves to the next month.
    #[serde(default)]
    pub carry_over: bool,
    /// Whether it was taken out of use: it is shown only where it still has money.
    #[serde(default)]
    pub hidden: bool,
}

/// `POST /v1/categories`: sent twice, it is stored once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCategory {
    /// A `UUIDv7` made by the client.
    pub id: Uuid,
    /// 1 to 40 characters, unlike every other category of the user in any case.
    #[schema(min_length = 1, max_length = 40)]
    pub name: String,
    /// How its money moves.
    pub kind: Kind,
}

/// `PATCH /v1/categories/{id}`: only the fields that change.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryPatch {
    /// A new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 40)]
    pub name: Option<String>,
    /// How its money moves; that counts for its expenses of all months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// What the user is told about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert_at: Option<AlertRules>,
    /// Whether the rest of a limit moves to the next month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carry_over: Option<bool>,
    /// Takes it out of use, or back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden: Option<bool>,
}

/// `GET /v1/summary?month=2026-11`: everything the overview draws, in time independent of the number of expenses.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Summary {
    /// The month in question.
    #[schema(value_type = String, pattern = "^[0-9]{4}-[0-9]{2}$")]
    pub month: Month,
    /// The day of the month on which months begin, 1 to 28. A month has the name of the one in which it begins.
    #[serde(default, rename = "month_start")]
    #[schema(value_type = u8, minimum = 1, maximum = 28)]
    pub calendar: Calendar,
    /// The user's local day on the server's clock.
    pub today: Date,
    /// ISO 4217 code of every amount.
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
    /// The user's revision that these numbers show.
    #[schema(minimum = 0)]
    pub revision: i64,
    /// Every category, in display order; those that are not spending too.
    pub categories: Vec<CategorySummary>,
    /// Expenses that wait in no category.
    pub uncategorised: Bucket,
    /// What came in this month, over all categories of income, minor units.
    #[serde(default)]
    pub income_minor: i64,
    /// Expenses of any month in no category, or in one that nobody is sure of: the queue for a review.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub to_review: i64,
    /// Money spent on each day of the month, first day first; not-spending categories left out.
    #[schema(min_items = 28, max_items = 31)]
    pub daily_minor: Vec<i64>,
    /// The last six months, this one last.
    #[schema(min_items = 1, max_items = 6)]
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
    #[schema(minimum = 0)]
    pub count: i64,
    /// The limit in force, minor units, zero or more; what was carried over is part of it.
    #[schema(minimum = 0)]
    pub limit_minor: Option<i64>,
    /// What the months before left over (more than zero) or overspent (less), minor units; the limit without it is the
    /// one that was set. A debt larger than that takes the limit to zero, and its rest waits for the months after.
    #[serde(default)]
    pub carried_minor: i64,
    /// Spent in each of the six months before this one, oldest first, minor units.
    #[serde(default)]
    #[schema(max_items = 6)]
    pub past_minor: Vec<i64>,
    /// The limit in force in each of these months, minor units; empty when the server does not tell.
    #[serde(default)]
    #[schema(max_items = 6)]
    pub past_limits_minor: Vec<Option<i64>>,
    /// Spent on each day of the month, first day first, minor units; empty when the server tells no single days.
    #[serde(default)]
    #[schema(max_items = 31)]
    pub daily_minor: Vec<i64>,
    /// The month-end estimate, while the month runs.
    pub forecast: Option<Forecast>,
}

/// A sum and a count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Bucket {
    /// Minor units.
    pub spent_minor: i64,
    /// Number of expenses.
    #[schema(minimum = 0)]
    pub count: i64,
}

/// What one month came to, over all spending categories.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct MonthTotal {
    /// Which month.
    #[schema(value_type = String, pattern = "^[0-9]{4}-[0-9]{2}$")]
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
    #[schema(minimum = 1)]
    pub amount_minor: i64,
    /// Its category, if one was found or chosen.
    pub category_id: Option<Uuid>,
    /// Who chose the category.
    pub category_source: CategorySource,
    /// How sure the choice is, percent.
    #[schema(minimum = 0, maximum = 100)]
    pub confidence: u8,
    /// The user's revision at the last change of this expense.
    #[schema(minimum = 1)]
    pub revision: i64,
    /// When it was stored, UTC ms.
    pub created_at: i64,
    /// Only in the answer to a change that found a category: what came of asking a service, where that did not decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// `POST /v1/expenses`: sent twice, it is stored once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewExpense {
    /// A `UUIDv7` made by the client.
    pub id: Uuid,
    /// The local day; today in the user's time zone when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^(19[7-9]|2[0-9]{2})[0-9]-[0-9]{2}-[0-9]{2}$")]
    pub day: Option<Date>,
    /// 1 to 256 characters.
    #[schema(min_length = 1, max_length = 256)]
    pub description: String,
    /// Minor units, more than zero.
    #[schema(minimum = 1)]
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
    #[schema(pattern = "^(19[7-9]|2[0-9]{2})[0-9]-[0-9]{2}-[0-9]{2}$")]
    pub day: Option<Date>,
    /// A new description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 256)]
    pub description: Option<String>,
    /// A new amount, minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub amount_minor: Option<i64>,
    /// A category that the user chose; `null` puts it back among the uncategorised.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schema(value_type = Option<Uuid>)]
    pub category_id: Option<Option<Uuid>>,
    /// The revision that the change is based on: when the expense was changed after it, the answer is 409.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    pub base_revision: Option<i64>,
}

/// Tells `null` from a field that is not there.
fn present<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(field: D) -> Result<Option<T>, D::Error> {
    T::deserialize(field).map(Some)
}

/// `POST /v1/expenses/bulk`: all of them in one step, or none.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub enum Bulk {
    /// Takes expenses away.
    Delete {
        /// At most 1000.
        #[schema(min_items = 1, max_items = 1000)]
        ids: Vec<Uuid>,
    },
    /// Brings deleted expenses back.
    Restore {
        /// At most 1000.
        #[schema(min_items = 1, max_items = 1000)]
        ids: Vec<Uuid>,
    },
    /// Puts expenses into categories.
    Place {
        /// At most 1000.
        #[schema(min_items = 1, max_items = 1000)]
        places: Vec<Place>,
    },
}

/// One expense's category.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Which expense.
    pub id: Uuid,
    /// The category that the user chose; none puts it back among the uncategorised.
    pub category_id: Option<Uuid>,
}

/// The order of a list of expenses.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ExpenseOrder {
    /// Newest day first.
    #[default]
    Day,
    /// Largest amount first.
    Amount,
    /// By description, A to Z.
    Description,
}

/// `GET /v1/expenses`: newest day first; all filters are optional and combine.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExpenseQuery {
    /// Only this month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>, pattern = "^(19[7-9]|[2-9][0-9]{2})[0-9]-(0[1-9]|1[0-2])$", example = "2026-11")]
    pub month: Option<Month>,
    /// Only this category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category_id: Option<Uuid>,
    /// Only what this filter lets through: words found in any order, and terms such as `cat:fun`, `amount>20`,
    /// `since:1sep`, `until:30sep`, `month:2026-09`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(max_length = 256, example = "coffee amount>3 since:1sep")]
    pub filter: Option<String>,
    /// Only those that wait for a review: in no category, or in one that nobody is sure of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<bool>,
    /// Newest day first when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub order: Option<ExpenseOrder>,
    /// Rows in the page: 1 to 1000, 100 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// `next` of the page before, which had the same order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(max_length = 1500, pattern = "^-?[0-9]+([.]-?[0-9]+){1,2}([.][A-Za-z0-9_-]*)?$")]
    pub cursor: Option<String>,
}

/// A page of expenses.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct ExpensePage {
    /// In the order asked for; newest day first, within a day last stored first.
    #[schema(max_items = 1000)]
    pub expenses: Vec<Expense>,
    /// What the filter found in all: on the first page of a query with `filter` or `review`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Found>,
    /// Where the next page begins; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What a filter found, over all pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Found {
    /// Number of expenses found.
    #[schema(minimum = 0)]
    pub count: i64,
    /// Their sum, minor units; what is not spending is left out.
    pub spent_minor: i64,
    /// Number of all expenses of the user.
    #[schema(minimum = 0)]
    pub of: i64,
}

/// A limit in force in a month.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Budget {
    /// Which category.
    pub category_id: Uuid,
    /// Minor units, zero or more.
    #[schema(minimum = 0)]
    pub limit_minor: i64,
    /// The month in which this limit was set; it holds until the next change.
    #[schema(value_type = String, pattern = "^[0-9]{4}-[0-9]{2}$")]
    pub since: Month,
}

/// `PUT /v1/budgets/{month}/{category_id}`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetBudget {
    /// Minor units, zero or more.
    #[schema(minimum = 0)]
    pub limit_minor: i64,
    /// The revision that the change is based on: when this limit was changed after it, the answer is 409.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    pub base_revision: Option<i64>,
}

/// `POST /v1/budgets/{month}/move`: takes from one limit what it gives to another, in this month only.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveBudget {
    /// The category that gives.
    pub from: Uuid,
    /// The category that takes.
    pub to: Uuid,
    /// Minor units, more than zero; no more than the limit that gives.
    #[schema(minimum = 1)]
    pub amount_minor: i64,
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
    #[schema(value_type = String, pattern = "^[0-9]{4}-[0-9]{2}$")]
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
    /// The local day until which the user does not want to hear of this category.
    #[serde(default)]
    pub snoozed_until: Option<Date>,
}

/// `PUT /v1/alerts/{id}/snooze`: quiet about the alert's category.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Snooze {
    /// The local day on which it may be told again; none ends the quiet.
    #[schema(pattern = "^(19[7-9]|2[0-9]{2})[0-9]-[0-9]{2}-[0-9]{2}$")]
    pub until: Option<Date>,
}

/// `POST /v1/predict`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PredictRequest {
    /// 1 to 256 characters.
    #[schema(min_length = 1, max_length = 256)]
    pub description: String,
    /// What it cost, minor units, more than zero: tells apart what you file under several categories.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub amount_minor: Option<i64>,
}

/// The categories that fit a description, best first; empty when none does.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Prediction {
    /// At most three.
    #[schema(max_items = 3)]
    pub choices: Vec<Choice>,
    /// Who says so.
    pub source: Option<CategorySource>,
    /// The words that decided, as a clause: `"ramen" was 7 times Dining`.
    pub because: String,
    /// The merchant as a rule names it: `xkcd store` in `PP*4421 XKCD STORE`; empty when no rule could.
    #[serde(default)]
    pub merchant: String,
    /// What came of asking a service, where that did not decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// A rule: what it describes always belongs to one category.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Rule {
    /// Its id.
    pub id: Uuid,
    /// The words that a description has to hold, folded; `*` at an end stands for the rest of a word.
    pub pattern: String,
    /// Which category.
    pub category_id: Uuid,
    /// The category's name.
    pub category: String,
    /// How many expenses it has put there.
    #[schema(minimum = 0)]
    pub hits: i64,
}

/// `POST /v1/rules`: sent twice, it is stored once; it takes the place of a rule of the same words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRule {
    /// Made by the client.
    pub id: Uuid,
    /// Words, whole and in order, up to 80 characters; `*` at the beginning or the end stands for the rest of a word.
    #[schema(min_length = 1, max_length = 80)]
    pub pattern: String,
    /// The category, one of the user's own.
    pub category_id: Uuid,
}

/// `PATCH /v1/rules/{id}`: only the fields that change.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RulePatch {
    /// Other words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 80)]
    pub pattern: Option<String>,
    /// Another category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category_id: Option<Uuid>,
}

/// `POST /v1/expenses/recategorize`: one step through the expenses, newest day first.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Recategorize {
    /// Only this month; all when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^(19[7-9]|[2-9][0-9]{2})[0-9]-(0[1-9]|1[0-2])$")]
    pub month: Option<Month>,
    /// Only tells what would change.
    #[serde(default)]
    pub dry_run: bool,
    /// `next` of the step before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1024, pattern = "^-?[0-9]+[.]-?[0-9]+$")]
    pub cursor: Option<String>,
}

/// What one step of a recategorization changed, or would change.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Recategorized {
    /// Expenses looked at whose category the user did not choose.
    #[schema(minimum = 0)]
    pub looked_at: i64,
    /// Those that another category, or another confidence, was found for.
    pub changes: Vec<Replacement>,
    /// Where the next step begins; absent after the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// An expense and its new category.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Replacement {
    /// The expense as it was before.
    pub expense: Expense,
    /// The new category.
    pub category_id: Uuid,
    /// Who says so.
    pub category_source: CategorySource,
    /// How sure that is, percent.
    #[schema(minimum = 0, maximum = 100)]
    pub confidence: u8,
    /// The words that decided, as a clause.
    pub because: String,
}

/// `POST /v1/categories/{id}/merge`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeCategory {
    /// The category that takes everything in.
    pub into: Uuid,
}

/// Why a service that was asked for a category did not decide; the local prediction stands then.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Note {
    /// For programs.
    pub code: NoteCode,
    /// For people: a sentence.
    pub message: String,
}

/// What can come of asking a service besides an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum NoteCode {
    /// No answer in the time that a request waits. One that comes later is kept for the next time.
    TooSlow,
    /// No connection, or one that broke off.
    Unreachable,
    /// The service refused the question: a wrong key or model, for example.
    Refused,
    /// The service, or this server, has too many questions.
    Busy,
    /// The service failed.
    Failed,
    /// The answer was not what was asked for.
    Unreadable,
    /// The answer names a category that the user does not have.
    UnknownCategory,
    /// The service failed lately and is left alone for a while.
    Resting,
}

/// One possible category.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Choice {
    /// Which category.
    pub category_id: Uuid,
    /// Its name.
    pub category: String,
    /// Percent, 0 to 100.
    #[schema(minimum = 0, maximum = 100)]
    pub confidence: u8,
}

impl CategorySummary {
    /// The limit as it was set, without what was carried over, minor units.
    #[must_use]
    pub fn own_limit_minor(&self) -> Option<i64> {
        Some(self.limit_minor?.saturating_sub(self.carried_minor))
    }
}
