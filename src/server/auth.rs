//! Sign-up, log-in and sessions, the same for both APIs.

use std::net::IpAddr;

use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::error::ServerError;
use super::extract::Session;
use super::password::Verdict;
use super::state::{AppState, Demo};
use super::store::accounts::{self, NewUser};
use super::store::sessions::Origin;
use super::store::{invites, local_day, sessions};
use super::throttle::Attempt;
use super::token::Token;
use super::{codes, second_factor};
use crate::api::{self, Account, SignUpMode};
use crate::domain::account::{SIGN_UP_CLOSED, check_email, check_name, check_own_password, name_key};
use crate::domain::text::clean;
use crate::domain::{Calendar, Currency};
use crate::zone;

/// What somebody is told who is kept out by the administrator.
const DISABLED: &str = "This account is disabled. Ask whoever runs this server.";
/// Longest name of a device, in characters.
const MAX_LABEL: usize = 64;

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

/// What somebody shows who logs in.
pub struct Visit {
    /// The user name.
    pub name: String,
    /// The password.
    pub password: SecretString,
    /// A code of the second factor.
    pub code: Option<SecretString>,
    /// What the device calls itself.
    pub label: Option<String>,
}

/// Makes an account and begins its first session.
pub async fn sign_up(state: &AppState, peer: IpAddr, wish: Application) -> Result<api::Session, ServerError> {
    let now = state.now();
    if state.sign_up() == SignUpMode::Closed {
        return Err(ServerError::Forbidden(SIGN_UP_CLOSED));
    }
    state.throttle.sign_up(peer, now.as_millisecond())?;
    // Asked before anything that depends on who has an account here.
    let invite = invitation(state, wish.invite.as_ref(), now.as_millisecond())?;
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
    note("signed up", Some(user), peer);
    Ok(api::Session { token: text, account })
}

/// Writes what happened to an account to the log: when and from where, never a name or a secret.
pub fn note(event: &'static str, user: Option<Uuid>, peer: IpAddr) {
    let user = user.map(|user| user.simple().to_string());
    tracing::info!(event, user, address = %peer.to_canonical(), "account");
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

/// Where a session begins.
fn origin(peer: IpAddr, label: Option<&str>) -> Result<Origin, ServerError> {
    let label = label.map(|label| clean(label, MAX_LABEL)).transpose();
    Ok(Origin {
        label: label.map_err(|e| ServerError::field("label", e))?,
        address: Some(peer.to_canonical().to_string()),
    })
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

/// How a log-in with the right password ended.
enum Entry {
    In(Account),
    CodeNeeded,
    CodeWrong,
    /// Password or account were changed in this very moment.
    Outdated,
}

/// Begins a session for whoever knows the password, and has the second factor where there is one.
pub async fn log_in(state: &AppState, peer: IpAddr, visit: Visit) -> Result<api::Session, ServerError> {
    let now = state.now().as_millisecond();
    let key = name_key(&visit.name);
    let origin = origin(peer, visit.label.as_deref())?;
    state.throttle.log_in(peer, now)?;
    let attempt = state.throttle.attempt(&key, peer, now)?;
    await_demo(state, &key).await;
    let known = state.store.read(|tx| accounts::credentials(tx, &visit.name))?;
    if known.as_ref().is_some_and(|known| known.demo) && matches!(state.demo, Demo::Absent) {
        attempt.undo();
        return Err(ServerError::Forbidden(
            "The sample user only exists in the local demo. Sign up for an account of your own.",
        ));
    }
    let phc = known.as_ref().map(|known| known.password.clone());
    let verdict = match state.hasher.verify(visit.password.clone(), phc).await {
        Ok(verdict) => verdict,
        Err(error) => {
            attempt.undo();
            return Err(error.into());
        }
    };
    let user = known.as_ref().map(|known| known.user);
    let Some(known) = known.filter(|_| verdict != Verdict::Wrong) else {
        note("log-in refused", user, peer);
        return Err(ServerError::BadCredentials);
    };
    if known.disabled {
        attempt.undo();
        note("log-in refused: disabled", user, peer);
        return Err(ServerError::Forbidden(DISABLED));
    }
    let stronger = match verdict {
        Verdict::RightButWeak => Some(state.hasher.hash(visit.password).await?),
        _ => None,
    };
    let (text, token) = Token::issue(known.user);
    let code = visit.code.filter(|code| !code.expose_secret().trim().is_empty());
    let entry = state
        .store
        .write(move |tx| {
            tx.hold(known.user)?;
            let current = accounts::credentials_of(tx, known.user)?;
            if current.password != known.password || current.disabled {
                return Ok(Entry::Outdated);
            }
            if current.second_factor {
                let Some(code) = &code else {
                    return Ok(Entry::CodeNeeded);
                };
                if !second_factor::accept(tx, known.user, code.expose_secret(), now / 1000)? {
                    return Ok(Entry::CodeWrong);
                }
            }
            if let Some(phc) = &stronger {
                accounts::set_password(tx, known.user, phc)?;
            }
            sessions::begin(tx, known.user, &token.hash, &origin, now)?;
            Ok(Entry::In(accounts::load(tx, known.user)?.account))
        })
        .await?;
    match entry {
        Entry::In(account) => {
            attempt.succeeded();
            note("logged in", user, peer);
            Ok(api::Session { token: text, account })
        }
        Entry::CodeNeeded => {
            attempt.undo();
            Err(ServerError::SecondFactor(second_factor::NEEDED))
        }
        Entry::CodeWrong => {
            note("log-in refused: code", user, peer);
            Err(ServerError::SecondFactor(second_factor::WRONG))
        }
        Entry::Outdated => Err(ServerError::BadCredentials),
    }
}

/// A try at what only the user itself may do, with the same limits as a log-in.
pub fn attempt<'a>(state: &'a AppState, peer: IpAddr, session: &Session) -> Result<Attempt<'a>, ServerError> {
    let now = state.now().as_millisecond();
    state.throttle.log_in(peer, now)?;
    let key = name_key(&session.user.account.name);
    state.throttle.attempt(&key, peer, now)
}

/// Checks that whoever has the session knows the password too, sent as `field`. The attempt is the caller's to end.
pub async fn own_password<'a>(
    state: &'a AppState,
    peer: IpAddr,
    session: &Session,
    field: &'static str,
    password: SecretString,
) -> Result<Attempt<'a>, ServerError> {
    let attempt = attempt(state, peer, session)?;
    let known = state.store.read(|tx| accounts::credentials_of(tx, session.user.id))?;
    if known.demo {
        attempt.undo();
        return Err(ServerError::Forbidden(
            "The sample user stays as it is. Sign up for an account of your own.",
        ));
    }
    match state.hasher.verify(password, Some(known.password)).await {
        Ok(Verdict::Wrong) => {
            note("password refused", Some(session.user.id), peer);
            let advice = "This is not your password. Nothing was changed.";
            Err(ServerError::field(field, advice))
        }
        Ok(Verdict::Right | Verdict::RightButWeak) => Ok(attempt),
        Err(error) => {
            attempt.undo();
            Err(error.into())
        }
    }
}

/// Gives the user another password and ends all other sessions.
pub async fn change_password(
    state: &AppState,
    peer: IpAddr,
    session: &Session,
    old: SecretString,
    new: SecretString,
) -> Result<(), ServerError> {
    let name = &session.user.account.name;
    check_own_password(new.expose_secret(), name).map_err(|e| ServerError::field("new_password", e))?;
    own_password(state, peer, session, "old_password", old)
        .await?
        .succeeded();
    let phc = state.hasher.hash(new).await?;
    let token = session.token.clone();
    state
        .store
        .write(move |tx| {
            tx.hold(token.user)?;
            accounts::set_password(tx, token.user, &phc)?;
            sessions::end_others(tx, token.user, &token.hash)
        })
        .await?;
    note("password changed", Some(session.user.id), peer);
    Ok(())
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
