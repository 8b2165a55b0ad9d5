//! What happens to accounts, as lines of the log: what, whose, from where. Within a request its id stands in the line
//! too. Never a name, for somebody else may have typed it, and never a secret.

use std::net::IpAddr;

use strum::IntoStaticStr;
use uuid::Uuid;

/// An event, as it is called in the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug, IntoStaticStr)]
pub enum Event {
    /// An account was made.
    #[strum(to_string = "signed up")]
    SignedUp,
    /// An account was made with an invitation, which is used up.
    #[strum(to_string = "signed up by invitation")]
    SignedUpByInvitation,
    /// Nobody signs up here.
    #[strum(to_string = "sign-up refused: closed")]
    SignUpClosed,
    /// The invitation is missing or not good.
    #[strum(to_string = "sign-up refused: invitation")]
    InvitationRefused,
    /// Too many sign-ups from this address.
    #[strum(to_string = "sign-up must wait")]
    SignUpMustWait,
    /// A session began.
    #[strum(to_string = "logged in")]
    LoggedIn,
    /// Wrong name or password.
    #[strum(to_string = "log-in refused")]
    LogInRefused,
    /// The password is right, the code is not.
    #[strum(to_string = "log-in refused: code")]
    CodeRefused,
    /// The password is right, and the administrator keeps the user out.
    #[strum(to_string = "log-in refused: disabled")]
    DisabledRefused,
    /// The password is right, was made by the administrator, and its time is over.
    #[strum(to_string = "log-in refused: expired")]
    ExpiredRefused,
    /// The sample user, where there is none.
    #[strum(to_string = "log-in refused: sample user")]
    SampleRefused,
    /// The password is right; the log-in stops at the question for a code.
    #[strum(to_string = "log-in needs a code")]
    CodeNeeded,
    /// Too many tries from this address, or of this account.
    #[strum(to_string = "log-in must wait")]
    LogInMustWait,
    /// Somebody with a session did not know its password.
    #[strum(to_string = "password refused")]
    PasswordRefused,
    /// Somebody with a session tried passwords or codes too often.
    #[strum(to_string = "password must wait")]
    PasswordMustWait,
    /// The password is another one.
    #[strum(to_string = "password changed")]
    PasswordChanged,
    /// Log-ins ask for a code from now on.
    #[strum(to_string = "second factor on")]
    SecondFactorOn,
    /// They do not any more.
    #[strum(to_string = "second factor off")]
    SecondFactorOff,
    /// Turning it on or off failed by a wrong code.
    #[strum(to_string = "second factor refused")]
    SecondFactorRefused,
    /// A session ended by its own wish.
    #[strum(to_string = "logged out")]
    LoggedOut,
    /// A session was ended from another one.
    #[strum(to_string = "session ended")]
    SessionEnded,
    /// All sessions but one were ended.
    #[strum(to_string = "other sessions ended")]
    OtherSessionsEnded,
    /// The administrator keeps a user out.
    #[strum(to_string = "user disabled")]
    UserDisabled,
    /// The administrator lets a user in again.
    #[strum(to_string = "user enabled")]
    UserEnabled,
    /// The administrator gave a user another password.
    #[strum(to_string = "password reset")]
    PasswordReset,
    /// The same, and the second factor is off.
    #[strum(to_string = "password reset, second factor off")]
    AllReset,
    /// The administrator took a user away.
    #[strum(to_string = "user deleted")]
    UserDeleted,
    /// The administrator made an invitation.
    #[strum(to_string = "invitation made")]
    InvitationMade,
    /// The administrator took one back.
    #[strum(to_string = "invitation taken back")]
    InvitationTakenBack,
    /// The administrator copied the database.
    #[strum(to_string = "backup made")]
    BackupMade,
    /// The administrator filled a database from a backup.
    #[strum(to_string = "backup restored")]
    BackupRestored,
    /// The administrator had a database repaired.
    #[strum(to_string = "database repaired")]
    DatabaseRepaired,
}

impl Event {
    /// Whether somebody was kept from something, which whoever reads the log may want to know.
    fn is_refusal(self) -> bool {
        matches!(
            self,
            Self::SignUpClosed
                | Self::InvitationRefused
                | Self::SignUpMustWait
                | Self::LogInRefused
                | Self::CodeRefused
                | Self::DisabledRefused
                | Self::ExpiredRefused
                | Self::SampleRefused
                | Self::LogInMustWait
                | Self::PasswordRefused
                | Self::PasswordMustWait
                | Self::SecondFactorRefused
        )
    }
}

/// Writes what a request from `peer` did to an account: a warning when it was refused.
pub fn note(event: Event, user: Option<Uuid>, peer: IpAddr) {
    let user = user.map(written);
    let address = peer.to_canonical();
    let refused = event.is_refusal();
    let event: &'static str = event.into();
    if refused {
        tracing::warn!(event, user, %address, "account");
    } else {
        tracing::info!(event, user, %address, "account");
    }
}

/// Writes what the administrator did on the database itself.
pub fn note_administrator(event: Event, user: Option<Uuid>) {
    let event: &'static str = event.into();
    tracing::info!(event, user = user.map(written), "administrator");
}

fn written(user: Uuid) -> String {
    user.simple().to_string()
}
