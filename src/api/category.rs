//! Categories, and what changes in them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::{AlertRules, Kind};

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

impl Category {
    /// A category as it is when it is made: nothing carries over, and its alerts are the usual ones.
    #[must_use]
    pub fn new(id: Uuid, name: impl Into<String>, kind: Kind) -> Self {
        Self {
            id,
            name: name.into(),
            kind,
            alert_at: AlertRules::default(),
            carry_over: false,
            hidden: false,
        }
    }
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

/// `POST /v1/categories/{id}/merge`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeCategory {
    /// The category that takes everything in.
    pub into: Uuid,
}
