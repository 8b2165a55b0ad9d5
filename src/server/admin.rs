//! What the administrator does on the database itself, with a server beside it or without one.
//!
//! Servers keep nothing of users and sessions in memory: what is changed here holds for the next request of each.

use std::path::PathBuf;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use thiserror::Error;
use uuid::Uuid;

use super::codes;
use super::event::{Event, note_administrator};
use super::password::{Hasher, PasswordError};
use super::serve::ServeError;
use super::store::{AtClose, Database, Store, StoreError, Tx, accounts, invites, second_factor, sessions};
use crate::domain::account::{AccountError, check_own_password};
use crate::domain::text::{TextError, clean};

pub use super::store::accounts::UserEntry;

/// Groups of four characters in an invitation or a password made here: 140 bits, which its hash without salt wants.
const GROUPS: usize = 7;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// How long a password lets in that the administrator has made, unless its user chooses another, days.
pub const RESET_DAYS: i64 = 7;
/// Longest name of an invitation, in characters.
const MAX_LABEL: usize = 64;

/// Why the administrator's wish was not done.
#[derive(Debug, Error)]
pub enum AdminError {
    /// There is no file.
    #[error("There is no database {}. Name it with --database or --data-dir.", .0.display())]
    NoDatabase(PathBuf),
    /// The database cannot be opened.
    #[error(transparent)]
    Open(ServeError),
    /// No such user.
    #[error("There is no user \"{0}\". See: budget-tracker user list")]
    NoUser(String),
    /// No such invitation.
    #[error("There is no invitation \"{0}\". See: budget-tracker invite list")]
    NoInvite(String),
    /// The sample user has its own rules.
    #[error("The sample user keeps its password. It can log in on this computer only.")]
    SampleUser,
    /// The label cannot be shown.
    #[error("{0}")]
    Label(TextError),
    /// The password is not good enough.
    #[error(transparent)]
    Password(#[from] AccountError),
    /// The password was not hashed.
    #[error(transparent)]
    Hash(#[from] PasswordError),
    /// The database refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An invitation as the administrator sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InviteEntry {
    /// Names it; it does not let anybody in.
    pub id: String,
    /// Whom it is for; may be empty.
    pub label: String,
    /// When it was made, UTC ms.
    pub created_at: i64,
    /// When it ends, UTC ms.
    pub expires_at: i64,
    /// Whether somebody signed up with it.
    pub used: bool,
    /// Who did, unless that user is gone again.
    pub used_by: Option<String>,
}

/// A password that the administrator gave to a user.
#[derive(Debug)]
pub struct Reset {
    /// The user name as it was chosen.
    pub name: String,
    /// The password, where it was made here.
    pub made: Option<SecretString>,
    /// Until when it lets in, UTC ms.
    pub until: i64,
}

/// The way to a database.
pub struct Admin {
    store: Store,
    hasher: Hasher,
}

impl Admin {
    /// Opens a database that is there already.
    pub fn open(database: &Database) -> Result<Self, AdminError> {
        if let Some(file) = database.file().filter(|file| !file.exists()) {
            return Err(AdminError::NoDatabase(file.to_owned()));
        }
        let store = Store::open(database.clone(), now(), Box::new(|_| ()))
            .map_err(|error| AdminError::Open(ServeError::opening(database, error)))?;
        Ok(Self {
            store,
            hasher: Hasher::default(),
        })
    }

    /// Ends in order.
    pub async fn close(self) {
        self.store.close(AtClose::KeepLog).await;
    }

    /// All users, by name.
    pub async fn users(&self) -> Result<Vec<UserEntry>, AdminError> {
        let now = now();
        Ok(self
            .store
            .read_long(move |tx| accounts::list(tx, now - sessions::IDLE_MS, now - sessions::ABSOLUTE_MS))
            .await?)
    }

    /// Keeps a user from logging in, and ends its sessions; or lets it in again. Returns the name as it was chosen.
    pub async fn set_disabled(&self, name: &str, disabled: bool) -> Result<String, AdminError> {
        let event = if disabled {
            Event::UserDisabled
        } else {
            Event::UserEnabled
        };
        self.change(name, event, move |tx, user| {
            accounts::set_disabled(tx, user, disabled)?;
            if disabled { sessions::end_all(tx, user) } else { Ok(()) }
        })
        .await
    }

    /// Gives a user another password, or a random one, which lets in for [`RESET_DAYS`], and ends its sessions; takes the
    /// second factor away where that is wished.
    pub async fn reset_password(
        &self,
        name: &str,
        password: Option<SecretString>,
        without_second_factor: bool,
    ) -> Result<Reset, AdminError> {
        if self.find(name).await?.demo {
            return Err(AdminError::SampleUser);
        }
        let made = password.is_none().then(|| SecretString::from(codes::fresh(GROUPS)));
        if let Some(chosen) = &password {
            check_own_password(chosen.expose_secret(), name)?;
        }
        let wanted = password.or_else(|| made.clone()).unwrap_or_default();
        let phc = self.hasher.hash(wanted).await?;
        let until = now() + RESET_DAYS * DAY_MS;
        let event = if without_second_factor {
            Event::AllReset
        } else {
            Event::PasswordReset
        };
        let name = self
            .change(name, event, move |tx, user| {
                accounts::set_password(tx, user, &phc, Some(until))?;
                if without_second_factor {
                    second_factor::remove(tx, user)?;
                }
                sessions::end_all(tx, user)
            })
            .await?;
        Ok(Reset { name, made, until })
    }

    /// Takes a user and everything of it away, for good. Returns the name as it was chosen.
    pub async fn delete(&self, name: &str) -> Result<String, AdminError> {
        // First, because it is heard of by every open event stream, which ends with its session.
        self.set_disabled(name, true).await?;
        self.change(name, Event::UserDeleted, accounts::remove).await
    }

    /// Makes an invitation that holds for so many days; returns its code, which is kept nowhere.
    pub async fn invite(&self, label: &str, days: u16) -> Result<(SecretString, InviteEntry), AdminError> {
        let label = match label.trim() {
            "" => String::new(),
            label => clean(label, MAX_LABEL).map_err(AdminError::Label)?,
        };
        let code = codes::fresh(GROUPS);
        let hash = codes::hash(&code);
        let created_at = now();
        let expires_at = created_at + i64::from(days) * DAY_MS;
        let kept = label.clone();
        self.store
            .write(move |tx| invites::create(tx, &hash, &kept, created_at, expires_at))
            .await?;
        note_administrator(Event::InvitationMade, None);
        let entry = InviteEntry {
            id: id(&hash),
            label,
            created_at,
            expires_at,
            used: false,
            used_by: None,
        };
        Ok((code.into(), entry))
    }

    /// All invitations, the latest first.
    pub async fn invites(&self) -> Result<Vec<InviteEntry>, AdminError> {
        let invites = self.store.read_long(invites::list).await?;
        let entry = |invite: invites::Invite| InviteEntry {
            id: id(&invite.hash),
            label: invite.label,
            created_at: invite.created_at,
            expires_at: invite.expires_at,
            used: invite.used,
            used_by: invite.used_by,
        };
        Ok(invites.into_iter().map(entry).collect())
    }

    /// Takes an invitation back that nobody has used, or forgets one that was used.
    pub async fn revoke(&self, wanted: &str) -> Result<(), AdminError> {
        let invites = self.store.read_long(invites::list).await?;
        let wanted = wanted.trim().to_lowercase();
        let found = invites.into_iter().find(|invite| id(&invite.hash) == wanted);
        let found = found.ok_or(AdminError::NoInvite(wanted))?;
        self.store.write(move |tx| invites::revoke(tx, &found.hash)).await?;
        note_administrator(Event::InvitationTakenBack, None);
        Ok(())
    }

    async fn find(&self, name: &str) -> Result<accounts::Credentials, AdminError> {
        let wanted = name.to_owned();
        let found = self
            .store
            .read_long(move |tx| accounts::credentials(tx, &wanted))
            .await?;
        found.ok_or_else(|| AdminError::NoUser(name.to_owned()))
    }

    async fn change(
        &self,
        name: &str,
        event: Event,
        work: impl Fn(&mut dyn Tx, Uuid) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<String, AdminError> {
        let user = self.find(name).await?.user;
        let name = self
            .store
            .write(move |tx| {
                tx.hold(user)?;
                let name = accounts::load(tx, user)?.account.name;
                work(tx, user)?;
                Ok(name)
            })
            .await?;
        note_administrator(event, Some(user));
        Ok(name)
    }
}

/// What names an invitation in a list: the beginning of its hash, which does not lead to the code.
fn id(hash: &[u8]) -> String {
    let mut first = [0; 4];
    first.iter_mut().zip(hash).for_each(|(to, from)| *to = *from);
    format!("{:08x}", u32::from_be_bytes(first))
}

fn now() -> i64 {
    Timestamp::now().as_millisecond()
}
