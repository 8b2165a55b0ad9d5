//! The category that fits a description, and what came of asking a service for it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::expense::CategorySource;

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
