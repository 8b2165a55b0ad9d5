//! Rules: what they describe always belongs to one category.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

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
    /// Only in the answer to a rule that took the place of one of the same words: the category of that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced: Option<Uuid>,
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
