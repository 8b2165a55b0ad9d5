//! The calls about who may come in: sign-up, sessions, the password, the second factor.

use uuid::Uuid;

use super::Client;
use crate::api::{
    ApiError, ChangePassword, ConfirmSecondFactor, Dialect, EndSecondFactor, ErrorCode, Failure, Hello,
    NewSecondFactor, RecoveryCodes, SecondFactor, SecondFactorSecret, SessionEntry, SignUpMode,
};

impl Client {
    /// `GET /v1`: who may make an account. A classic server does not say; it tells whoever tries.
    pub async fn sign_up_mode(&self) -> Result<SignUpMode, Failure> {
        if self.dialect().await? == Dialect::Classic {
            return Ok(SignUpMode::Open);
        }
        let hello: Hello = self.http().get(&["v1"], None, &[]).await?;
        Ok(hello.sign_up)
    }

    /// `GET /v1/sessions`, the last used first.
    pub async fn sessions(&self) -> Result<Vec<SessionEntry>, Failure> {
        self.v1_only("listing sessions").await?;
        let listed = self.http().get(&["v1", "sessions"], self.token(), &[]).await;
        listed.map_err(older)
    }

    /// `DELETE /v1/sessions/{id}`.
    pub async fn end_session(&self, id: Uuid) -> Result<(), Failure> {
        self.v1_only("ending a session").await?;
        self.http()
            .delete(&["v1", "sessions", &id.to_string()], self.token())
            .await
    }

    /// `DELETE /v1/sessions`: all but this one.
    pub async fn end_other_sessions(&self) -> Result<(), Failure> {
        self.v1_only("ending sessions").await?;
        let ended = self.http().delete(&["v1", "sessions"], self.token()).await;
        ended.map_err(older)
    }

    /// `POST /v1/password`. All other sessions end.
    pub async fn change_password(&self, body: &ChangePassword) -> Result<(), Failure> {
        self.v1_only("changing the password").await?;
        self.http().post_done(&["v1", "password"], self.token(), body).await
    }

    /// `GET /v1/second-factor`.
    pub async fn second_factor(&self) -> Result<SecondFactor, Failure> {
        self.v1_only("a second factor").await?;
        self.http().get(&["v1", "second-factor"], self.token(), &[]).await
    }

    /// `POST /v1/second-factor`: the secret for an authenticator app.
    pub async fn prepare_second_factor(&self, body: &NewSecondFactor) -> Result<SecondFactorSecret, Failure> {
        self.v1_only("a second factor").await?;
        self.http().post(&["v1", "second-factor"], self.token(), body).await
    }

    /// `POST /v1/second-factor/confirm`: from now on a log-in asks for a code.
    pub async fn confirm_second_factor(&self, body: &ConfirmSecondFactor) -> Result<RecoveryCodes, Failure> {
        self.v1_only("a second factor").await?;
        self.http()
            .post(&["v1", "second-factor", "confirm"], self.token(), body)
            .await
    }

    /// `POST /v1/second-factor/off`.
    pub async fn end_second_factor(&self, body: &EndSecondFactor) -> Result<(), Failure> {
        self.v1_only("a second factor").await?;
        self.http()
            .post_done(&["v1", "second-factor", "off"], self.token(), body)
            .await
    }
}

/// A server that has no list of sessions only says that there is nothing at this address.
fn older(failure: Failure) -> Failure {
    const WORDS: &str = "This server is older than this program and does not list sessions. Update it.";
    match failure {
        Failure::Rejected(error) if error.code == ErrorCode::NotFound => {
            Failure::Rejected(ApiError::new(ErrorCode::NotFound, WORDS))
        }
        other => other,
    }
}
