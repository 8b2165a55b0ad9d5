//! Who may come in: sign-up, sessions, passwords, the second factor.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{LogIn, Session, SignUp};

/// Who may make an account on a server.
#[derive(
    Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema, strum::Display, strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum SignUpMode {
    /// Nobody.
    Closed,
    /// Whoever has a code from the administrator.
    Invite,
    /// Everybody who reaches the server.
    #[default]
    Open,
}

/// One of a user's sessions, as `GET /v1/sessions` lists them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct SessionEntry {
    /// Names the session; nothing can be done with it without a session of the same user.
    pub id: Uuid,
    /// What the device called itself when it logged in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// When it began, UTC milliseconds.
    pub created_at: i64,
    /// When it was last used, UTC milliseconds, to ten minutes.
    pub last_seen: i64,
    /// The network address from which it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Whether it is the session that asks.
    pub current: bool,
}

/// `POST /v1/password`. All other sessions of the user end.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The password that holds.
    #[schema(format = Password)]
    pub old_password: String,
    /// 8 to 128 characters, none of the common ones.
    #[schema(min_length = 8, max_length = 128, format = Password)]
    pub new_password: String,
}

/// `GET /v1/second-factor`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct SecondFactor {
    /// Whether a log-in asks for a code.
    pub on: bool,
    /// Recovery codes that were not used yet.
    #[schema(minimum = 0)]
    pub recovery_codes_left: i64,
}

/// `POST /v1/second-factor`: a new secret for an authenticator app. It counts once a code of it was sent to
/// `POST /v1/second-factor/confirm`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSecondFactor {
    /// The user's password.
    #[schema(format = Password)]
    pub password: String,
}

/// What an authenticator app has to know.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SecondFactorSecret {
    /// The secret in base 32, to be typed.
    pub secret: String,
    /// The same as an `otpauth://` address, to be shown as a QR code.
    pub uri: String,
}

/// `POST /v1/second-factor/confirm`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmSecondFactor {
    /// The six digits that the authenticator app shows.
    #[schema(format = Password)]
    pub code: String,
}

/// What stands in for a lost authenticator app: each lets its owner in once. Shown this one time.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecoveryCodes {
    /// Ten codes.
    #[schema(min_items = 10, max_items = 10)]
    pub recovery_codes: Vec<String>,
}

/// `POST /v1/second-factor/off`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndSecondFactor {
    /// The user's password.
    #[schema(format = Password)]
    pub password: String,
    /// A code of the authenticator app, or a recovery code.
    #[schema(format = Password)]
    pub code: String,
}

/// Prints the named fields as they are and `***` for what is secret.
macro_rules! hide {
    ($type:ident { $($shown:ident),* } $($secret:ident),+) => {
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($type))
                    $(.field(stringify!($shown), &self.$shown))*
                    $(.field(stringify!($secret), &format_args!("***")))+
                    .finish()
            }
        }
    };
}

hide!(SignUp { name, email, label } password, invite);
hide!(LogIn { name, label } password, code);
hide!(Session { account, password_until } token);
hide!(ChangePassword {} old_password, new_password);
hide!(NewSecondFactor {} password);
hide!(SecondFactorSecret {} secret, uri);
hide!(ConfirmSecondFactor {} code);
hide!(RecoveryCodes {} recovery_codes);
hide!(EndSecondFactor {} password, code);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_printed() {
        let log_in = LogIn {
            name: "ada".to_owned(),
            password: "s3cr3t".to_owned(),
            code: Some("s3cr3t".to_owned()),
            label: None,
        };
        let change = ChangePassword {
            old_password: "s3cr3t".to_owned(),
            new_password: "s3cr3t".to_owned(),
        };
        let secret = SecondFactorSecret {
            secret: "s3cr3t".to_owned(),
            uri: "otpauth://totp/x?secret=s3cr3t".to_owned(),
        };
        let printed = format!("{log_in:?} {change:?} {secret:?}");
        assert!(!printed.contains("s3cr3t"), "{printed}");
        assert_eq!(printed.matches("***").count(), 6, "{printed}");
        assert!(printed.contains("ada"));
    }
}
