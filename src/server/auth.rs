//! Sign-up, log-in and sessions, the same for both APIs.

mod sign_up;

use std::net::IpAddr;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::error::ServerError;
use super::event::{Event, note};
use super::extract::Session;
use super::password::Verdict;
use super::second_factor;
use super::state::{AppState, Demo};
use super::store::accounts::{self, Credentials};
use super::store::sessions::{self, Origin};
use super::store::{StoreError, Tx};
use super::throttle::Attempt;
use super::token::Token;
use crate::api::{self, Account};
use crate::domain::account::{check_own_password, name_key};
use crate::domain::text::clean;

pub use sign_up::{Application, calendar, sign_up};

/// What somebody is told who is kept out by the administrator.
const DISABLED: &str = "This account is disabled. Ask whoever runs this server.";
/// What somebody is told whose password was made by the administrator and has had its time.
const EXPIRED: &str = "This password was made by whoever runs this server, and its time is over. Ask for a new one.";
/// Longest name of a device, in characters.
const MAX_LABEL: usize = 64;
/// How long a log-in waits for the sample data: less than a request may take, so that the answer says why.
const DEMO_PATIENCE: Duration = Duration::from_secs(10);

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

/// Where a session begins.
fn origin(peer: IpAddr, label: Option<&str>) -> Result<Origin, ServerError> {
    let label = label.map(|label| clean(label, MAX_LABEL)).transpose();
    Ok(Origin {
        label: label.map_err(|e| ServerError::field("label", e))?,
        address: Some(peer.to_canonical().to_string()),
    })
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
    let origin = origin(peer, visit.label.as_deref())?;
    let attempt = begin_attempt(state, peer, &visit.name, now).await?;
    let (known, verdict, attempt) = identify(state, peer, &visit, attempt, now).await?;
    let (user, password_until) = (known.user, known.password_until);
    let stronger = match verdict {
        Verdict::RightButWeak => Some(state.hasher.hash(visit.password).await?),
        _ => None,
    };
    let (text, token) = Token::issue(user);
    let proof = Proof {
        known,
        stronger,
        code: visit.code.filter(|code| !code.expose_secret().trim().is_empty()),
    };
    let entry = state
        .store
        .write(move |tx| enter(tx, &proof, &token, &origin, now))
        .await?;
    let (event, answer) = conclude(entry, attempt);
    note(event, Some(user), peer);
    let session = |account| api::Session {
        token: text,
        account,
        password_until,
    };
    answer.map(session)
}

/// Whose password it is, where it lets in. A try that was not about the password does not count.
async fn identify<'a>(
    state: &AppState,
    peer: IpAddr,
    visit: &Visit,
    attempt: Attempt<'a>,
    now: i64,
) -> Result<(Credentials, Verdict, Attempt<'a>), ServerError> {
    let known = state.store.read(|tx| accounts::credentials(tx, &visit.name))?;
    if known.as_ref().is_some_and(|known| known.demo) && matches!(state.demo, Demo::Absent) {
        attempt.undo();
        note(Event::SampleRefused, None, peer);
        return Err(ServerError::Forbidden(
            "The sample user only exists in the local demo. Sign up for an account of your own.",
        ));
    }
    // An unknown name costs what a known one does.
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
        note(Event::LogInRefused, user, peer);
        return Err(ServerError::BadCredentials);
    };
    if let Some((event, why)) = kept_out(&known, now) {
        attempt.undo();
        note(event, user, peer);
        return Err(ServerError::Forbidden(why));
    }
    Ok((known, verdict, attempt))
}

/// What a log-in with the right password is told, and what is noted of it.
fn conclude(entry: Entry, attempt: Attempt<'_>) -> (Event, Result<Account, ServerError>) {
    match entry {
        Entry::In(account) => {
            attempt.succeeded();
            (Event::LoggedIn, Ok(account))
        }
        Entry::CodeNeeded => {
            attempt.undo();
            let error = ServerError::SecondFactor(second_factor::NEEDED);
            (Event::CodeNeeded, Err(error))
        }
        Entry::CodeWrong => {
            let error = ServerError::SecondFactor(second_factor::WRONG);
            (Event::CodeRefused, Err(error))
        }
        Entry::Outdated => (Event::LogInRefused, Err(ServerError::BadCredentials)),
    }
}

/// A try of an account, when it is time for one. The sample user's data may still be on its way then.
async fn begin_attempt<'a>(
    state: &'a AppState,
    peer: IpAddr,
    name: &str,
    now: i64,
) -> Result<Attempt<'a>, ServerError> {
    let key = name_key(name);
    state
        .throttle
        .log_in(peer, now)
        .inspect_err(|_| note(Event::LogInMustWait, None, peer))?;
    await_demo(state, &key).await?;
    match state.throttle.attempt(&key, peer, now) {
        Ok(attempt) => Ok(attempt),
        Err(error) => {
            let known = state.store.read(|tx| accounts::credentials(tx, name))?;
            note(Event::LogInMustWait, known.map(|known| known.user), peer);
            Err(error)
        }
    }
}

/// Why somebody with the right password is not let in all the same.
fn kept_out(known: &Credentials, now: i64) -> Option<(Event, &'static str)> {
    if known.disabled {
        return Some((Event::DisabledRefused, DISABLED));
    }
    let expired = known.password_until.is_some_and(|until| until <= now);
    expired.then_some((Event::ExpiredRefused, EXPIRED))
}

/// What somebody has shown with the right password.
struct Proof {
    /// What the password was checked against.
    known: Credentials,
    /// Its hash at today's costs, where the one that is kept is weaker.
    stronger: Option<String>,
    code: Option<SecretString>,
}

/// Begins the session, in the transaction that uses the code up.
fn enter(tx: &mut dyn Tx, proof: &Proof, token: &Token, origin: &Origin, now: i64) -> Result<Entry, StoreError> {
    let known = &proof.known;
    tx.hold(known.user)?;
    let current = accounts::credentials_of(tx, known.user)?;
    if current.password != known.password || current.disabled {
        return Ok(Entry::Outdated);
    }
    if current.second_factor {
        let Some(code) = &proof.code else {
            return Ok(Entry::CodeNeeded);
        };
        if !second_factor::accept(tx, known.user, code.expose_secret(), now / 1000)? {
            return Ok(Entry::CodeWrong);
        }
    }
    if let Some(phc) = &proof.stronger {
        accounts::rehash_password(tx, known.user, phc)?;
    }
    sessions::begin(tx, known.user, &token.hash, origin, now)?;
    Ok(Entry::In(accounts::load(tx, known.user)?.account))
}

/// A try at what only the user itself may do, with the same limits as a log-in.
pub fn attempt<'a>(state: &'a AppState, peer: IpAddr, session: &Session) -> Result<Attempt<'a>, ServerError> {
    let now = state.now().as_millisecond();
    let key = name_key(&session.user.account.name);
    let allowed = state.throttle.log_in(peer, now);
    allowed
        .and_then(|()| state.throttle.attempt(&key, peer, now))
        .inspect_err(|_| note(Event::PasswordMustWait, Some(session.user.id), peer))
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
            note(Event::PasswordRefused, Some(session.user.id), peer);
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
            accounts::set_password(tx, token.user, &phc, None)?;
            sessions::end_others(tx, token.user, &token.hash)
        })
        .await?;
    note(Event::PasswordChanged, Some(session.user.id), peer);
    Ok(())
}

/// The sample user's data may still be on its way to the disk.
async fn await_demo(state: &AppState, name_key: &str) -> Result<(), ServerError> {
    if name_key != crate::domain::account::DEMO_NAME {
        return Ok(());
    }
    let Demo::Allowed(ready) = &state.demo else {
        return Ok(());
    };
    let mut ready = ready.clone();
    match tokio::time::timeout(DEMO_PATIENCE, ready.wait_for(|ready| *ready)).await {
        // An error means that the seeding is over in another way: then the log-in finds what there is.
        Ok(_) => Ok(()),
        Err(_) => Err(ServerError::NotReady(
            "the sample data is still being stored. Try again in a moment",
        )),
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

/// Ends the session that asks.
pub async fn log_out(state: &AppState, peer: IpAddr, session: &Session) -> Result<(), ServerError> {
    let token = session.token.clone();
    state
        .store
        .write(move |tx| sessions::end(tx, token.user, &token.hash))
        .await?;
    note(Event::LoggedOut, Some(session.user.id), peer);
    Ok(())
}
