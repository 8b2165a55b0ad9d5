//! Chat completions over HTTP, as `OpenAI`, Ollama, llama.cpp and vLLM answer them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::sync::OnceCell;
use url::Url;

use super::MAX_ANSWER;
use super::trouble::Trouble;
use crate::categorize::service::{Manner, Question, Verdict};
use crate::domain::address::is_loopback;

/// A connection is there in this time, or not at all.
const CONNECT: Duration = Duration::from_secs(5);

const USER_AGENT: &str = concat!("budget-tracker/", env!("CARGO_PKG_VERSION"));

/// A model of a server of chat completions.
pub(super) struct Chat {
    url: Url,
    model: String,
    key: Option<HeaderValue>,
    client: OnceCell<Client>,
    /// Whether the server was found to take no JSON schema, and the model no temperature.
    no_schema: AtomicBool,
    no_temperature: AtomicBool,
}

impl Chat {
    /// The model at `base`, asked with `key`.
    pub(super) fn new(base: &Url, model: &str, key: Option<&SecretString>) -> Self {
        let mut url = base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["chat", "completions"]);
        }
        let bearer = |key: &SecretString| {
            let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose_secret())).ok()?;
            // Nothing prints a header that is marked so.
            value.set_sensitive(true);
            Some(value)
        };
        Self {
            url,
            model: model.to_owned(),
            key: key.and_then(bearer),
            client: OnceCell::new(),
            no_schema: AtomicBool::new(false),
            no_temperature: AtomicBool::new(false),
        }
    }

    /// Asks; where the server refuses the manner of the question, in a simpler one, which is remembered.
    pub(super) async fn ask(&self, question: &Question) -> Result<Vec<Verdict>, Trouble> {
        let mut manner = Manner {
            schema: !self.no_schema.load(Ordering::Relaxed),
            temperature: !self.no_temperature.load(Ordering::Relaxed),
        };
        loop {
            let (status, body) = self.send(&question.chat(&self.model, manner)).await?;
            if status.is_success() {
                self.no_schema.store(!manner.schema, Ordering::Relaxed);
                self.no_temperature.store(!manner.temperature, Ordering::Relaxed);
                return question.read_chat(&body).map_err(|_| Trouble::Unreadable);
            }
            // vLLM answers 422 where others answer 400.
            let simpler = matches!(status.as_u16(), 400 | 422)
                .then(|| simpler(manner, &body))
                .flatten();
            manner = simpler.ok_or(Trouble::Refused(status.as_u16()))?;
        }
    }

    /// Sends one body; the answer of a success, or of a refusal that may be about the manner.
    async fn send(&self, body: &Value) -> Result<(StatusCode, Vec<u8>), Trouble> {
        let client = self.client.get_or_try_init(|| async { self.connect() }).await?;
        let mut request = client.post(self.url.clone()).json(body);
        if let Some(key) = &self.key {
            request = request.header(AUTHORIZATION, key.clone());
        }
        // What the error says may name the address, so nothing of it is told.
        let response = request.send().await.map_err(|_| Trouble::Unreachable)?;
        let status = response.status();
        match status.as_u16() {
            429 | 503 => Err(Trouble::Busy(retry_after(&response))),
            500.. => Err(Trouble::Failed(status.as_u16())),
            200..300 | 400 | 422 => Ok((status, read(response).await?)),
            // A redirect too: the key goes where it was meant to go, and nowhere else.
            other => Err(Trouble::Refused(other)),
        }
    }

    fn connect(&self) -> Result<Client, Trouble> {
        // A crypto provider must exist even for plain HTTP; a second installation is refused and harmless.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(CONNECT)
            .redirect(reqwest::redirect::Policy::none());
        if self.url.scheme() == "http" {
            // Reading the system's root certificates costs milliseconds that a plain connection need not pay.
            builder = builder.tls_certs_only([]);
        }
        if is_loopback(&self.url) {
            builder = builder.no_proxy();
        }
        builder.build().map_err(|_| Trouble::Unreachable)
    }
}

/// A simpler manner of asking after a refusal, if there is one.
fn simpler(manner: Manner, refusal: &[u8]) -> Option<Manner> {
    let about_temperature = String::from_utf8_lossy(refusal).contains("temperature");
    if manner.temperature && about_temperature {
        return Some(Manner {
            temperature: false,
            ..manner
        });
    }
    manner.schema.then_some(Manner {
        schema: false,
        ..manner
    })
}

/// Reads the body in pieces, so that a huge one is never held.
async fn read(mut response: Response) -> Result<Vec<u8>, Trouble> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|_| Trouble::Unreachable)? {
        if body.len() + piece.len() > MAX_ANSWER {
            return Err(Trouble::Unreadable);
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// The seconds of `Retry-After`; a date in it is passed over.
fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    value.trim().parse().ok().map(Duration::from_secs)
}
