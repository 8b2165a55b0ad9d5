//! Sign-up, log-in and sessions, the same for both APIs.

use std::net::IpAddr;

use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::error::ServerError;
use super::extract::Session;
use super::password::Verdict;
use super::state::{AppState, Demo};
use super::store::accounts::{self, NewUser};
use super::store::{local_day, sessions};
use super::token::Token;
use crate::api;
use crate::domain::account::{check_email, check_name, check_password, name_key};
use crate::domain::{Calendar, Currency};
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
}

/// Makes an account and begins its first session.
pub async fn sign_up(state: &AppState, peer: IpAddr, wish: Application) -> Result<api::Session, ServerError> {
    let now = state.now();
    state.throttle.sign_up(peer, now.as_millisecond())?;
    let mut new = check(wish.name.as_str(), &wish)?;
    check_password(wish.password.expose_secret()).map_err(|e| ServerError::field("password", e))?;
    // Asked before the costly hash; the insert asks again.
    if state.store.read(|tx| accounts::credentials(tx, &new.name))?.is_some() {
        return Err(name_taken());
    }
    new.password = state.hasher.hash(wish.password).await?;
    let user = new.id;
    let today = local_day(&new.time_zone, now);
    let (text, token) = Token::issue(user);
    let account = state
        .store
        .write(move |tx| {
            accounts::create(tx, &new, today, now.as_millisecond())?;
            sessions::begin(tx, user, &token.hash, now.as_millisecond())?;
            Ok(accounts::load(tx, user)?.account)
        })
        .await?;
    Ok(api::Session { token: text, account })
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
    super::store::StoreError::Conflict {
        field: "name",
        message: accounts::NAME_TAKEN.into(),
    }
    .into()
}

/// Begins a session for whoever knows the password.
pub async fn log_in(
    state: &AppState,
    peer: IpAddr,
    name: &str,
    password: SecretString,
) -> Result<api::Session, ServerError> {
    let now = state.now().as_millisecond();
    let key = name_key(name);
    state.throttle.log_in(peer, now)?;
    state.throttle.account(&key, now)?;
    await_demo(state, &key).await;
    let known = state.store.read(|tx| accounts::credentials(tx, name))?;
    if known.as_ref().is_some_and(|known| known.demo) && matches!(state.demo, Demo::Absent) {
        return Err(ServerError::Forbidden(
            "The sample user only exists in the local demo. Sign up for an account of your own.",
        ));
    }
    let phc = known.as_ref().map(|known| known.password.clone());
    let verdict = state.hasher.verify(password.clone(), phc).await?;
    let Some(known) = known.filter(|_| verdict != Verdict::Wrong) else {
        state.throttle.failed(&key, now);
        return Err(ServerError::BadCredentials);
    };
    state.throttle.succeeded(&key);
    let stronger = match verdict {
        Verdict::RightButWeak => Some(state.hasher.hash(password).await?),
        _ => None,
    };
    let (text, token) = Token::issue(known.user);
    let account = state
        .store
        .write(move |tx| {
            if let Some(phc) = &stronger {
                accounts::set_password(tx, known.user, phc)?;
            }
            sessions::begin(tx, known.user, &token.hash, now)?;
            Ok(accounts::load(tx, known.user)?.account)
        })
        .await?;
    Ok(api::Session { token: text, account })
}

/// The sample user's data may still be on its way to the disk.
async fn await_demo(state: &AppState, name_key: &str) {
    if name_key != crate::domain::account::DEMO_NAME {
        return;
    }
    if let Demo::Allowed(ready) = &state.demo {
        // An error means that the seeding is over in another way: then the log-in finds what there is.
        let _ = ready.clone().wait_for(|ready| *ready).await;
    }
}

/// The session of a token.
pub fn authenticate(state: &AppState, token: &str) -> Result<Session, ServerError> {
    let token = Token::parse(token).ok_or(ServerError::Unauthorized)?;
    let now = state.now().as_millisecond();
    let found = state
        .store
        .read(|tx| sessions::find(tx, token.user, &token.hash, now))?
        .filter(|found| token.matches(&found.hash))
        .ok_or(ServerError::Unauthorized)?;
    if now - found.last_seen > sessions::SEEN_MS {
        note_seen(state, &token, now);
    }
    Ok(Session {
        scope: state.scope(&found.user),
        user: found.user,
        token,
    })
}

/// Written beside the request: nobody waits for it, and losing it costs nothing.
fn note_seen(state: &AppState, token: &Token, now: i64) {
    let (state, token) = (state.clone(), token.clone());
    tokio::spawn(async move {
        let noted = state
            .store
            .write(move |tx| sessions::seen(tx, token.user, &token.hash, now))
            .await;
        if let Err(error) = noted {
            tracing::debug!(%error, "the use of a session was not noted");
        }
    });
}

/// Ends a session.
pub async fn log_out(state: &AppState, session: &Session) -> Result<(), ServerError> {
    let token = session.token.clone();
    state
        .store
        .write(move |tx| sessions::end(tx, token.user, &token.hash))
        .await?;
    Ok(())
}
