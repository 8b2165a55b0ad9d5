//! What handlers take from a request, with every refusal in the one error shape.

use std::fmt;
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr};

use axum::extract::rejection::{BytesRejection, FailedToBufferBody, JsonRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header;
use axum::http::request::Parts;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::auth;
use super::error::ServerError;
use super::state::AppState;
use super::store::{Scope, accounts::User, day_number, judge};
use super::token::Token;

/// A JSON body.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = ServerError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ServerError> {
        match axum::Json::from_request(request, state).await {
            Ok(axum::Json(Object(body))) => Ok(Self(body)),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(ServerError::UnsupportedMedia),
            Err(JsonRejection::BytesRejection(refused)) => Err(body_refused(&refused)),
            Err(other) => Err(ServerError::Invalid {
                field: None,
                message: format!("The body cannot be read: {}.", reason(&other)),
            }),
        }
    }
}

/// What is written as an object. Without this a list of the fields' values would do as well, which no description
/// knows.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(body: D) -> Result<Self, D::Error> {
        struct Fields<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(fields))
            }
        }

        body.deserialize_map(Fields(PhantomData)).map(Object)
    }
}

pub(super) fn body_refused(refused: &BytesRejection) -> ServerError {
    match refused {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => ServerError::TooLarge,
        _ => ServerError::Invalid {
            field: None,
            message: "The body ended before it was complete. Send it again.".to_owned(),
        },
    }
}

/// The cause at the bottom, which names the field, without the framework's own words round it.
fn reason(rejection: &dyn std::error::Error) -> String {
    let mut deepest = rejection;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string().chars().take(200).collect()
}

/// The query string.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ServerError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ServerError> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(refused) => Err(ServerError::Invalid {
                field: None,
                message: format!("The query cannot be read: {}.", reason(&refused)),
            }),
        }
    }
}

/// The variable parts of the path.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = ServerError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ServerError> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(path)) => Ok(Self(path)),
            Err(refused) => Err(ServerError::Invalid {
                field: None,
                message: format!("The address cannot be read: {}.", refused.body_text()),
            }),
        }
    }
}

/// The address at the other end of the connection.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        // The accept loop always says who it is; without it nobody gets the freedom of a loopback peer.
        let unknown = Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        Ok(parts.extensions.get().copied().unwrap_or(unknown))
    }
}

/// A session that holds: the only way to a user's data.
#[derive(Clone)]
pub struct Session {
    /// Whose.
    pub user: User,
    /// The token that came with the request.
    pub token: Token,
    /// The user at the moment of the request.
    pub scope: Scope,
}

impl Session {
    /// Judges the alerts anew when the user's local day is another one than at the last time.
    pub async fn judge_day(&self, state: &AppState) -> Result<(), ServerError> {
        let scope = self.scope;
        if self.user.judged_day != day_number(scope.today) {
            state
                .store
                .write_for(scope, move |tx, scope| judge::judge_day(tx, scope))
                .await?;
        }
        Ok(())
    }
}

impl FromRequestParts<AppState> for Session {
    type Rejection = ServerError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ServerError> {
        let header = parts.headers.get(header::AUTHORIZATION);
        let token = header
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or(ServerError::Unauthorized)?;
        auth::authenticate(state, token)
    }
}
