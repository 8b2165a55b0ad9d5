//! The one place that sends a request: limits, headers, and failures in words.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::api::Failure;
use crate::domain::address::is_loopback;

use super::answer::{self, parse_retry_after, shown};
use super::{ClientOptions, Empty, trust};

/// Largest answer that is read: a page of 1000 expenses with the longest descriptions stays below it.
const MAX_BODY: usize = 4 * 1024 * 1024;

const USER_AGENT: &str = concat!("budget-tracker/", env!("CARGO_PKG_VERSION"));

/// Requests to one server.
pub(super) struct Http {
    base: Url,
    server: String,
    client: reqwest::Client,
    request_timeout: Duration,
}

/// A whole answer.
pub(super) struct Answer {
    pub status: StatusCode,
    pub retry_after: Option<Duration>,
    /// Scheme and host that a redirect names: its path and query may hold what must not be shown.
    pub redirect: Option<String>,
    pub body: Vec<u8>,
}

impl Http {
    pub fn new(base: Url, options: &ClientOptions) -> Result<Self, Failure> {
        let server = check_base(&base, options.insecure_http)?;
        let local = is_loopback(&base);
        let mut builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(options.connect_timeout)
            // The API never redirects; following one could carry the session to another host.
            .redirect(reqwest::redirect::Policy::none());
        // A crypto provider must exist even for plain HTTP; a second installation is refused and harmless.
        let _ = rustls::crypto::ring::default_provider().install_default();
        builder = if base.scheme() == "http" {
            // Reading the system's root certificates costs milliseconds that a plain connection need not pay.
            builder.tls_certs_only([])
        } else {
            let tls = trust::config(options.fingerprint).map_err(|error| cannot_open(&error.to_string()))?;
            builder.tls_backend_preconfigured(tls)
        };
        if local {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| cannot_open(&reason(&error)))?;
        Ok(Self {
            base,
            server,
            client,
            request_timeout: options.request_timeout,
        })
    }

    /// Host and port.
    pub fn server(&self) -> &str {
        &self.server
    }

    pub async fn get<T: DeserializeOwned>(
        &self,
        path: &[&str],
        token: Option<&SecretString>,
        query: &[(&str, String)],
    ) -> Result<T, Failure> {
        let request = self.request_with(Method::GET, path, query);
        self.json(with_token(request, token)?).await
    }

    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &[&str],
        token: Option<&SecretString>,
        body: &impl Serialize,
    ) -> Result<T, Failure> {
        self.json(with_token(self.request(Method::POST, path), token)?.json(body))
            .await
    }

    pub async fn patch<T: DeserializeOwned>(
        &self,
        path: &[&str],
        token: Option<&SecretString>,
        body: &impl Serialize,
    ) -> Result<T, Failure> {
        self.json(with_token(self.request(Method::PATCH, path), token)?.json(body))
            .await
    }

    /// `POST` with the body `{}`, whose answer says nothing.
    pub async fn post_empty(&self, path: &[&str], token: Option<&SecretString>) -> Result<(), Failure> {
        let request = with_token(self.request(Method::POST, path), token)?;
        self.done(request.json(&Empty {})).await
    }

    /// `POST` whose answer is of no interest.
    pub async fn post_done(
        &self,
        path: &[&str],
        token: Option<&SecretString>,
        body: &impl Serialize,
    ) -> Result<(), Failure> {
        self.done(with_token(self.request(Method::POST, path), token)?.json(body))
            .await
    }

    pub async fn put(&self, path: &[&str], token: Option<&SecretString>, body: &impl Serialize) -> Result<(), Failure> {
        self.done(with_token(self.request(Method::PUT, path), token)?.json(body))
            .await
    }

    pub async fn delete(&self, path: &[&str], token: Option<&SecretString>) -> Result<(), Failure> {
        self.delete_with(path, &[], token).await
    }

    pub async fn delete_with(
        &self,
        path: &[&str],
        query: &[(&str, String)],
        token: Option<&SecretString>,
    ) -> Result<(), Failure> {
        let request = self.request_with(Method::DELETE, path, query);
        self.done(with_token(request, token)?).await
    }

    pub fn request(&self, method: Method, path: &[&str]) -> RequestBuilder {
        self.client.request(method, self.url(path))
    }

    /// A request whose query is added to the address, encoded.
    pub fn request_with(&self, method: Method, path: &[&str], query: &[(&str, String)]) -> RequestBuilder {
        let mut url = self.url(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        self.client.request(method, url)
    }

    /// Sends and reads the whole answer, whatever its status.
    pub async fn send(&self, request: RequestBuilder) -> Result<Answer, Failure> {
        let sent = request.timeout(self.request_timeout).send().await;
        self.read(sent.map_err(|error| self.offline(&error))?).await
    }

    /// Sends and returns as soon as the head of a success is there; for streams, which end when they end.
    pub async fn open(&self, request: RequestBuilder) -> Result<Response, Failure> {
        let opened = tokio::time::timeout(self.request_timeout, async {
            let response = request.send().await.map_err(|error| self.offline(&error))?;
            if response.status().is_success() {
                return Ok(response);
            }
            Err(self.refused(&self.read(response).await?))
        });
        opened.await.unwrap_or_else(|_| {
            Err(self.offline_because(format!("nothing came for {}", seconds(self.request_timeout))))
        })
    }

    /// Reads the body in pieces, so that a huge one is never held.
    async fn read(&self, mut response: Response) -> Result<Answer, Failure> {
        let (status, retry_after, redirect) = (
            response.status(),
            retry_after(&response),
            redirect(&response, &self.base),
        );
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.offline(&error))? {
            if body.len() + chunk.len() > MAX_BODY {
                return Err(self.garbled("the answer is larger than 4 MiB"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer {
            status,
            retry_after,
            redirect,
            body,
        })
    }

    /// What a `/v1` answer that is no success means.
    pub fn refused(&self, answer: &Answer) -> Failure {
        answer::failure(&self.server, answer, answer::v1_error(&answer.body))
    }

    pub fn offline(&self, error: &reqwest::Error) -> Failure {
        if let Some(tls) = trust::tls_error(error) {
            // Nothing is sent to somebody who may be somebody else, and trying again would not help.
            return Failure::Untrusted {
                server: self.server.clone(),
                fingerprint: trust::unknown(tls),
                reason: trust::words(tls),
            };
        }
        if error.is_timeout() && !error.is_connect() {
            return self.offline_because(format!("the answer took longer than {}", seconds(self.request_timeout)));
        }
        self.offline_because(reason(error))
    }

    pub fn offline_because(&self, reason: String) -> Failure {
        Failure::Offline {
            server: self.server.clone(),
            reason,
        }
    }

    pub fn garbled(&self, reason: impl Into<String>) -> Failure {
        Failure::Garbled {
            server: self.server.clone(),
            reason: reason.into(),
        }
    }

    /// Reads a JSON body, or says in what it is wrong.
    pub fn parse<'a, T: serde::Deserialize<'a>>(&self, body: &'a [u8]) -> Result<T, Failure> {
        serde_json::from_slice(body).map_err(|error| self.garbled(answer::not_json(body, &error)))
    }

    async fn json<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Failure> {
        let answer = self.send(request).await?;
        if !answer.status.is_success() {
            return Err(self.refused(&answer));
        }
        self.parse(&answer.body)
    }

    async fn done(&self, request: RequestBuilder) -> Result<(), Failure> {
        let answer = self.send(request).await?;
        if answer.status.is_success() {
            Ok(())
        } else {
            Err(self.refused(&answer))
        }
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }
}

fn cannot_open(reason: &str) -> Failure {
    Failure::Local(format!(
        "This computer cannot open connections: {}.",
        reason.trim_end_matches('.')
    ))
}

/// Adds the session; the header is marked so that nothing prints it.
pub(super) fn with_token(request: RequestBuilder, token: Option<&SecretString>) -> Result<RequestBuilder, Failure> {
    let Some(token) = token else { return Ok(request) };
    let mut value = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()))
        .map_err(|_| Failure::Local("The saved session is damaged. Log in again.".to_owned()))?;
    value.set_sensitive(true);
    Ok(request.header(AUTHORIZATION, value))
}

/// Refuses addresses that cannot or must not be used; returns host and port.
fn check_base(base: &Url, insecure_http: bool) -> Result<String, Failure> {
    let Some(host) = base.host_str().filter(|_| matches!(base.scheme(), "http" | "https")) else {
        return Err(Failure::Local(
            "The server's address must begin with http:// or https://, for example https://budget.example.org."
                .to_owned(),
        ));
    };
    if !base.username().is_empty() || base.password().is_some() || base.query().is_some() || base.fragment().is_some() {
        return Err(Failure::Local(format!(
            "The address of {host} holds more than host, port and path. Leave out user names, \"?\" and \"#\"."
        )));
    }
    let server = base.port().map_or(host.to_owned(), |port| format!("{host}:{port}"));
    if base.scheme() == "http" && !insecure_http && !is_loopback(base) {
        return Err(Failure::Local(format!(
            "http://{server} is not encrypted, so passwords could be read on the way. \
             Use https://, or allow it with --insecure-http."
        )));
    }
    Ok(server)
}

fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    parse_retry_after(value, jiff::Timestamp::now())
}

fn redirect(response: &Response, base: &Url) -> Option<String> {
    let target = response.headers().get(LOCATION)?.to_str().ok()?;
    let target = base.join(target).ok()?;
    Some(shown(&target.origin().ascii_serialization()))
}

/// What a connection error says, in a few words and without the address that was called.
fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
        if let Some(io) = cause.downcast_ref::<io::Error>()
            && let Some(words) = io_words(io.kind())
        {
            return words.to_owned();
        }
    }
    if error.is_timeout() {
        return "the connection took too long".to_owned();
    }
    if error.source().is_none() {
        // Only the outermost message can name the address.
        return "the request could not be sent".to_owned();
    }
    shown(&cause.to_string())
}

fn io_words(kind: io::ErrorKind) -> Option<&'static str> {
    Some(match kind {
        io::ErrorKind::ConnectionRefused => "connection refused",
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
            "the connection broke off"
        }
        io::ErrorKind::UnexpectedEof => "the answer broke off",
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown => "the network is not reachable",
        io::ErrorKind::HostUnreachable => "the host is not reachable",
        io::ErrorKind::TimedOut => "the connection took too long",
        _ => return None,
    })
}

/// `15 s`, `1.5 s`.
pub(super) fn seconds(time: Duration) -> String {
    format!("{} s", time.as_secs_f32())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("https://host/prod", "https://host/prod/v1/expenses")]
    #[case("https://host/prod/", "https://host/prod/v1/expenses")]
    #[case("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1/expenses")]
    #[case("http://[::1]:9/a/b/", "http://[::1]:9/a/b/v1/expenses")]
    fn paths_follow_the_prefix(#[case] base: &str, #[case] expected: &str) {
        let http = Http::new(base.parse().unwrap(), &ClientOptions::default()).unwrap();
        assert_eq!(http.url(&["v1", "expenses"]).as_str(), expected);
    }

    #[rstest]
    #[case("http://budget.example.org")]
    #[case("http://192.0.2.1:8080")]
    #[case("http://localhost.example.org")]
    #[case("ftp://127.0.0.1")]
    #[case("data:text/plain,x")]
    #[case("https://ada:secret@host")]
    #[case("https://host/?token=1")]
    fn unsafe_addresses_are_refused(#[case] base: &str) {
        let failure = Http::new(base.parse().unwrap(), &ClientOptions::default())
            .err()
            .unwrap();
        assert!(matches!(&failure, Failure::Local(_)), "{failure:?}");
        assert!(!failure.to_string().contains("secret"));
    }

    #[test]
    fn plain_http_beyond_loopback_is_a_choice() {
        let options = ClientOptions {
            insecure_http: true,
            ..ClientOptions::default()
        };
        assert!(Http::new("http://192.0.2.1:8080".parse().unwrap(), &options).is_ok());
    }

    #[test]
    fn encrypted_addresses_can_be_used() {
        assert!(Http::new("https://host".parse().unwrap(), &ClientOptions::default()).is_ok());
    }
}
