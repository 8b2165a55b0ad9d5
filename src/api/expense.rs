//! Expenses: one, a new one, what changes in one or in many.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Note;
use crate::domain::expense::CategorySource;

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

impl Expense {
    /// Who put it into its category, unless the user did or it is in none: those need not be told.
    #[must_use]
    pub fn placed_by(&self) -> Option<PlacedBy> {
        let told = self.category_id.is_some() && self.category_source != CategorySource::You;
        told.then_some(PlacedBy {
            category_source: self.category_source,
            confidence: self.confidence,
        })
    }
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
    /// Who chose this category before, and how sure that was; only with a category. Left out, the user chooses it now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placed_by: Option<PlacedBy>,
    /// The revision that the change is based on: when one of the fields that are sent was changed to something else
    /// after it, the answer is 409. Left out: what stands there is replaced, and kept in the history.
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
    /// Who chose this category before, and how sure that was; only with a category. Left out, the user chooses it now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placed_by: Option<PlacedBy>,
    /// The revision that the choice is based on: a category that was changed after it is kept in the history, as any is
    /// when this is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    pub base_revision: Option<i64>,
}

/// Who chose a category, for a change that takes another one back: it is no new choice of the user.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlacedBy {
    /// Who chose the category: anything but `none`.
    #[schema(value_type = String, pattern = "^(you|rule|learned|lexicon|openai|sagemaker|model)$")]
    pub category_source: CategorySource,
    /// How sure the choice was, percent.
    #[schema(minimum = 0, maximum = 100)]
    pub confidence: u8,
}
