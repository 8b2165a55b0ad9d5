//! Accounts: signing up, logging in, what an account is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::SignUpMode;
use crate::domain::Calendar;

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
