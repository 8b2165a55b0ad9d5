//! Alerts, and being quiet about them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::{Level, Month};

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
