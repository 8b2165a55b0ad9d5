//! Endpoints of AWS `SageMaker`: the question goes to `InvokeEndpoint` as JSON, and the answer comes back as JSON.
//!
//! Credentials and region are found where all programs of AWS look for them: environment, profile, web identity,
//! container, instance. Nothing is looked for before the first question.

use std::time::Duration;

use aws_config::{BehaviorVersion, Region};
use aws_sdk_sagemakerruntime::Client;
use aws_sdk_sagemakerruntime::config::interceptors::BeforeDeserializationInterceptorContextMut;
use aws_sdk_sagemakerruntime::config::retry::RetryConfig;
use aws_sdk_sagemakerruntime::config::timeout::TimeoutConfig;
use aws_sdk_sagemakerruntime::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_sagemakerruntime::error::{BoxError, ProvideErrorMetadata, SdkError};
use aws_sdk_sagemakerruntime::operation::invoke_endpoint::InvokeEndpointError;
use aws_sdk_sagemakerruntime::primitives::Blob;
use aws_smithy_http_client::tls::{self, rustls_provider::CryptoMode};
use aws_smithy_types::body::SdkBody;
use http_body_util::Limited;
use tokio::sync::OnceCell;

use super::MAX_ANSWER;
use super::trouble::Trouble;
use crate::categorize::service::{Question, Verdict};

/// A connection is there in this time, or not at all.
const CONNECT: Duration = Duration::from_secs(5);

const JSON: &str = "application/json";

/// One endpoint.
pub(super) struct Endpoint {
    name: String,
    region: Option<String>,
    client: OnceCell<Client>,
}

impl Endpoint {
    /// The endpoint `name` in `region`, or in the region of the environment.
    pub(super) fn new(name: &str, region: Option<&str>) -> Self {
        Self {
            name: name.to_owned(),
            region: region.map(str::to_owned),
            client: OnceCell::new(),
        }
    }

    /// Asks.
    pub(super) async fn ask(&self, question: &Question) -> Result<Vec<Verdict>, Trouble> {
        let client = self.client.get_or_init(|| self.connect()).await;
        let call = client
            .invoke_endpoint()
            .endpoint_name(&self.name)
            .content_type(JSON)
            .accept(JSON)
            .body(Blob::new(question.body().to_string()));
        let output = call.send().await.map_err(|error| trouble(&error))?;
        let body = output.body.map(Blob::into_inner).unwrap_or_default();
        question.read(&body).map_err(|_| Trouble::Unreadable)
    }

    async fn connect(&self) -> Client {
        let http = aws_smithy_http_client::Builder::new()
            .tls_provider(tls::Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http)
            // One budget of retries for all questions is kept elsewhere.
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().connect_timeout(CONNECT).build());
        if let Some(region) = &self.region {
            loader = loader.region(Region::new(region.clone()));
        }
        let config = aws_sdk_sagemakerruntime::config::Builder::from(&loader.load().await);
        Client::from_conf(config.interceptor(Bounded).build())
    }
}

/// Breaks off an answer that is too large while it is read, so that it is never held.
#[derive(Debug)]
struct Bounded;

impl Intercept for Bounded {
    fn name(&self) -> &'static str {
        "Bounded"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response_mut().body_mut();
        let whole = std::mem::replace(body, SdkBody::taken());
        *body = SdkBody::from_body_1_x(Limited::new(whole, MAX_ANSWER));
        Ok(())
    }
}

/// Whether a connection is to blame.
fn broke_off(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |cause| cause.source());
    causes.any(|cause| cause.is::<hyper::Error>() || cause.is::<std::io::Error>())
}

/// What an error means, without its words: they may quote the request.
fn trouble(error: &SdkError<InvokeEndpointError>) -> Trouble {
    match error {
        SdkError::TimeoutError(_) => Trouble::Unreachable,
        SdkError::DispatchFailure(failure) if failure.is_io() || failure.is_timeout() || broke_off(error) => {
            Trouble::Unreachable
        }
        // Nothing was sent: credentials or the region were not found.
        SdkError::ConstructionFailure(_) | SdkError::DispatchFailure(_) => Trouble::NoAccess,
        SdkError::ServiceError(refused) => {
            let status = refused.raw().status().as_u16();
            let code = refused.err().code().unwrap_or_default();
            match (refused.err(), status) {
                (InvokeEndpointError::ModelNotReadyException(_), _) | (_, 429 | 503) => Trouble::Busy(None),
                _ if code.starts_with("Throttling") => Trouble::Busy(None),
                // The model in the endpoint failed.
                (InvokeEndpointError::ModelError(_), _) | (_, 500..) => Trouble::Failed(status),
                _ => Trouble::Refused(status),
            }
        }
        // The body was too large, broke off, or is none.
        _ => Trouble::Unreadable,
    }
}
