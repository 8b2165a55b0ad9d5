//! The second factor: codes of an authenticator app (RFC 6238: six digits, 30 s, SHA-1) and recovery codes.

use std::net::IpAddr;

use secrecy::SecretString;
use totp_rs::{Builder, Secret, Totp, TotpError};

use super::error::ServerError;
use super::event::{Event, note};
use super::extract::Session;
use super::state::AppState;
use super::store::{Store, StoreError, Tx, second_factor as store};
use super::{auth, codes};
use crate::api;

/// Bytes of a secret: 160 bits, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
/// Half minutes by which the clock of an app may be off, either way.
const SKEW: u16 = 1;
/// How many recovery codes a user gets.
const RECOVERY_CODES: usize = 10;
/// Groups of four characters in a recovery code: 140 bits, which its hash without salt wants.
const RECOVERY_GROUPS: usize = 7;
/// What authenticator apps call the service.
const ISSUER: &str = "Budget Tracker";

/// What somebody is told whose log-in lacks a code.
pub const NEEDED: &str = "Type the code that your authenticator app shows, or a recovery code.";
/// What somebody is told whose code is not accepted.
pub const WRONG: &str = "This code is wrong or was used already. Wait for the next one that your app shows.";

/// The user's second factor.
pub fn state(store: &Store, session: &Session) -> Result<api::SecondFactor, ServerError> {
    let user = session.user.id;
    let found = store.read(|tx| {
        Ok(api::SecondFactor {
            on: store::load(tx, user)?.is_some_and(|kept| kept.confirmed),
            recovery_codes_left: store::recovery_codes_left(tx, user)?,
        })
    })?;
    Ok(found)
}

/// Makes a new secret, which counts once it is confirmed.
pub async fn prepare(
    state: &AppState,
    peer: IpAddr,
    session: &Session,
    password: SecretString,
) -> Result<api::SecondFactorSecret, ServerError> {
    let user = session.user.id;
    auth::own_password(state, peer, session, "password", password)
        .await?
        .succeeded();
    let bytes: [u8; SECRET_BYTES] = rand::random();
    state.store.write(move |tx| store::prepare(tx, user, &bytes)).await?;
    // An otpauth address parts issuer and name by a colon.
    let name = session.user.account.name.replace(':', "_");
    let totp = totp(&bytes, &name).map_err(|_| ServerError::Internal)?;
    Ok(api::SecondFactorSecret {
        secret: totp.secret().to_base32(),
        uri: totp.to_url().map_err(|_| ServerError::Internal)?,
    })
}

/// Puts the prepared secret in force when `code` is one of it; returns the recovery codes.
pub async fn confirm(
    state: &AppState,
    peer: IpAddr,
    session: &Session,
    code: &str,
) -> Result<api::RecoveryCodes, ServerError> {
    let user = session.user.id;
    let attempt = auth::attempt(state, peer, session)?;
    let recovery: Vec<String> = (0..RECOVERY_CODES).map(|_| codes::fresh(RECOVERY_GROUPS)).collect();
    let hashes: Vec<[u8; 32]> = recovery.iter().map(|code| codes::hash(code)).collect();
    let (code, now) = (code.to_owned(), state.now().as_second());
    let confirmed = state
        .store
        .write(move |tx| {
            tx.hold(user)?;
            let secret = store::awaiting(tx, user)?;
            if !accept_digits(tx, user, &secret, &code, now)? {
                return Ok(false);
            }
            store::confirm(tx, user, &hashes)?;
            Ok(true)
        })
        .await?;
    if !confirmed {
        note(Event::SecondFactorRefused, Some(user), peer);
        return Err(ServerError::field("code", WRONG));
    }
    attempt.succeeded();
    note(Event::SecondFactorOn, Some(user), peer);
    Ok(api::RecoveryCodes {
        recovery_codes: recovery,
    })
}

/// Takes the second factor away.
pub async fn end(
    state: &AppState,
    peer: IpAddr,
    session: &Session,
    password: SecretString,
    code: &str,
) -> Result<(), ServerError> {
    let user = session.user.id;
    let attempt = auth::own_password(state, peer, session, "password", password).await?;
    let (code, now) = (code.to_owned(), state.now().as_second());
    let ended = state
        .store
        .write(move |tx| {
            tx.hold(user)?;
            let ended = accept(tx, user, &code, now)?;
            if ended {
                store::remove(tx, user)?;
            }
            Ok(ended)
        })
        .await?;
    if !ended {
        note(Event::SecondFactorRefused, Some(user), peer);
        return Err(ServerError::field("code", WRONG));
    }
    attempt.succeeded();
    note(Event::SecondFactorOff, Some(user), peer);
    Ok(())
}

/// Whether `code` lets `user` in at `now` (UTC seconds); it does so once. Runs in the transaction that lets in.
pub fn accept(tx: &mut dyn Tx, user: uuid::Uuid, code: &str, now: i64) -> Result<bool, StoreError> {
    let Some(kept) = store::load(tx, user)?.filter(|kept| kept.confirmed) else {
        return Ok(false);
    };
    Ok(accept_digits(tx, user, &kept.secret, code, now)? || store::use_recovery_code(tx, user, &codes::hash(code))?)
}

fn accept_digits(tx: &mut dyn Tx, user: uuid::Uuid, secret: &[u8], code: &str, now: i64) -> Result<bool, StoreError> {
    // Apps show a gap in the middle.
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let totp = totp(secret, "").map_err(|_| StoreError::Sql("a second factor cannot be read".to_owned()))?;
    let step = totp.check(&digits, u64::try_from(now).unwrap_or_default());
    match step.and_then(|step| i64::try_from(step).ok()) {
        Some(step) => store::use_step(tx, user, step),
        None => Ok(false),
    }
}

fn totp(secret: &[u8], name: &str) -> Result<Totp, TotpError> {
    Builder::new()
        .with_secret(Secret::new(secret.into()))
        .with_skew(SKEW)
        .with_issuer(Some(ISSUER))
        .with_account_name(name)
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, cut down to six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let totp = totp(b"12345678901234567890", "ada").unwrap();
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(totp.check(code, time), Some(time / 30), "{time}");
            assert_eq!(totp.check(code, time + 30), Some(time / 30), "half a minute late");
            assert_eq!(totp.check(code, time + 90), None, "too late");
        }
        assert_eq!(
            totp.check("", 59)
                .or(totp.check("28708", 59))
                .or(totp.check("+87082", 59)),
            None
        );
    }

    #[test]
    fn an_app_reads_the_address() {
        let totp = totp(b"12345678901234567890", "ada").unwrap();
        let address = totp.to_url().unwrap();
        assert!(
            address.starts_with("otpauth://totp/Budget%20Tracker:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
            "{address}"
        );
        assert!(address.contains("issuer=Budget%20Tracker"), "{address}");
    }
}
