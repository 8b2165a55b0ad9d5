//! Sign-up, the same for both APIs.

use std::net::IpAddr;

use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::origin;
use crate::api::{self, SignUpMode};
use crate::domain::account::{SIGN_UP_CLOSED, check_email, check_name, check_own_password};
use crate::domain::{Calendar, Currency};
use crate::server::codes;
use crate::server::error::ServerError;
use crate::server::event::{Event, note};
use crate::server::state::AppState;
use crate::server::store::accounts::{self, NewUser};
use crate::server::store::{StoreError, invites, local_day, sessions};
use crate::server::token::Token;
use crate::zone;

/// What somebody asks for who signs up.
pub struct Application {
    /// The wished name.
    pub name: String,
    /// An email address.
    pub email: String,
    /// The new password.
    pub password: SecretString,
    /// ISO 4217 code.
    pub currency: Option<String>,
    /// IANA time zone.
    pub time_zone: Option<String>,
    /// The day on which months begin.
    pub month_start: Option<u8>,
    /// The code of an invitation.
    pub invite: Option<SecretString>,
    /// What the device calls itself.
    pub label: Option<String>,
}

/// Makes an account and begins its first session.
pub async fn sign_up(state: &AppState, peer: IpAddr, wish: Application) -> Result<api::Session, ServerError> {
    let now = state.now();
    if state.sign_up() == SignUpMode::Closed {
        note(Event::SignUpClosed, None, peer);
        return Err(ServerError::Forbidden(SIGN_UP_CLOSED));
    }
    state
        .throttle
        .sign_up(peer, now.as_millisecond())
        .inspect_err(|_| note(Event::SignUpMustWait, None, peer))?;
    // Asked before anything that depends on who has an account here.
    let invite = invitation(state, wish.invite.as_ref(), now.as_millisecond())
        .inspect_err(|_| note(Event::InvitationRefused, None, peer))?;
    let event = match invite {
        Some(_) => Event::SignedUpByInvitation,
        None => Event::SignedUp,
    };
    let mut new = check(wish.name.as_str(), &wish)?;
    let origin = origin(peer, wish.label.as_deref())?;
    check_own_password(wish.password.expose_secret(), &new.name).map_err(|e| ServerError::field("password", e))?;
    // Asked before the costly hash; the insert asks again.
    if state.store.read(|tx| accounts::credentials(tx, &new.name))?.is_some() {
        return Err(name_taken());
    }
    new.password = state.hasher.hash(wish.password).await?;
    let user = new.id;
    let today = local_day(&new.time_zone, now);
    let (text, token) = Token::issue(user);
    let now = now.as_millisecond();
    let account = state
        .store
        .write(move |tx| {
            if let Some(code) = &invite {
                invites::redeem(tx, code, user, now)?;
            }
            accounts::create(tx, &new, today, now)?;
            sessions::begin(tx, user, &token.hash, &origin, now)?;
            Ok(accounts::load(tx, user)?.account)
        })
        .await?;
    note(event, Some(user), peer);
    Ok(api::Session {
        token: text,
        account,
        password_until: None,
    })
}

/// The hash of the invitation that a sign-up needs here, once it is known to be good.
fn invitation(state: &AppState, code: Option<&SecretString>, now: i64) -> Result<Option<[u8; 32]>, ServerError> {
    if state.sign_up() != SignUpMode::Invite {
        return Ok(None);
    }
    let Some(code) = code.filter(|code| !code.expose_secret().trim().is_empty()) else {
        return Err(ServerError::field(
            "invite",
            "Sign-up here is by invitation. Type the code that you were given.",
        ));
    };
    let hash = codes::hash(code.expose_secret());
    if state.store.read(|tx| invites::holds(tx, &hash, now))? {
        Ok(Some(hash))
    } else {
        Err(ServerError::field("invite", invites::NOT_GOOD))
    }
}

fn check(name: &str, wish: &Application) -> Result<NewUser, ServerError> {
    let currency = wish.currency.as_deref().map_or(Ok(Currency::USD), Currency::from_code);
    let time_zone = wish.time_zone.as_deref().unwrap_or("UTC").trim();
    if zone::named(time_zone).is_none() {
        return Err(ServerError::field(
            "time_zone",
            "This time zone is not known. Use an IANA name such as Europe/Berlin, or UTC.",
        ));
    }
    Ok(NewUser {
        id: Uuid::new_v4(),
        name: check_name(name).map_err(|e| ServerError::field("name", e))?,
        email: check_email(&wish.email).map_err(|e| ServerError::field("email", e))?,
        password: String::new(),
        currency: currency.map_err(|e| ServerError::field("currency", e))?,
        time_zone: time_zone.to_owned(),
        calendar: calendar(wish.month_start.unwrap_or(1))?,
        demo: false,
    })
}

/// Months that begin on the day that somebody wishes.
pub fn calendar(month_start: u8) -> Result<Calendar, ServerError> {
    Calendar::new(month_start).map_err(|e| ServerError::field("month_start", e))
}

fn name_taken() -> ServerError {
    StoreError::Conflict {
        field: "name",
        message: accounts::NAME_TAKEN.into(),
    }
    .into()
}
