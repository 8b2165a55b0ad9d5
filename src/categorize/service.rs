//! What a service outside this server is asked, and what its answer is worth. Without effects: who sends the
//! question hands the time in.
//!
//! Such a service is a choice of whoever runs the server. What leaves the machine is the description of an
//! expense, without its long numbers ([`mask`]), and the names of the user's categories.

mod cache;
mod care;
mod mask;
mod question;
mod weigh;

use std::time::Duration;

use secrecy::SecretString;
use strum::{Display, EnumString, VariantNames};
use url::Url;

use crate::domain::expense::{CategorySource, UNSURE_BELOW};

pub use cache::{Cache, Key};
pub use care::{Breaker, RetryBudget};
pub use mask::mask;
pub use question::{Manner, Question, Unreadable, Verdict};
pub use weigh::weigh;

/// Who decides where the local prediction is not enough.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Display, EnumString, VariantNames)]
#[strum(serialize_all = "lowercase", ascii_case_insensitive)]
pub enum Backend {
    /// Nobody else: no description leaves the machine.
    #[default]
    Local,
    /// A server that speaks the chat completions of `OpenAI`.
    Openai,
    /// An endpoint of AWS `SageMaker`.
    Sagemaker,
}

/// When the service is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Display, EnumString, VariantNames)]
#[strum(serialize_all = "lowercase", ascii_case_insensitive)]
pub enum Ask {
    /// When the local prediction is below the threshold.
    #[default]
    Unsure,
    /// Whenever the user's own earlier choices do not decide.
    Always,
}

/// Which service is asked, when, and how long anybody waits for it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Who is asked.
    pub service: Service,
    /// When.
    pub ask: Ask,
    /// A local prediction below this confidence is not enough, percent.
    pub threshold: u8,
    /// The longest time that a request waits for the answer.
    pub wait: Duration,
}

/// A service that puts descriptions into categories.
#[derive(Clone, Debug)]
pub enum Service {
    /// Chat completions.
    Openai {
        /// What `/chat/completions` is added to.
        base: Url,
        /// The model's name.
        model: String,
        /// Sent as a bearer token, when the service wants one.
        key: Option<SecretString>,
    },
    /// An endpoint of AWS `SageMaker`; the usual chain of AWS finds the credentials.
    Sagemaker {
        /// The endpoint's name.
        endpoint: String,
        /// The region; the one of the environment or profile when left out.
        region: Option<String>,
    },
}

impl Plan {
    /// Confidence below which a service is asked when nothing else is said, percent.
    pub const THRESHOLD: u8 = UNSURE_BELOW;
    /// Time that a request waits when nothing else is said, ms.
    pub const WAIT_MS: u16 = 800;

    /// Whether to ask, given who made the best local prediction and how sure that is, percent.
    ///
    /// The user's own choices are only asked about where they contradict each other, whatever the threshold is.
    #[must_use]
    pub fn wants(&self, source: Option<CategorySource>, confidence: u8) -> bool {
        if source.is_some_and(CategorySource::is_own) {
            return confidence < self.threshold.min(UNSURE_BELOW);
        }
        confidence < self.threshold || self.ask == Ask::Always
    }
}

impl Service {
    /// How its answers are named.
    #[must_use]
    pub fn source(&self) -> CategorySource {
        match self {
            Self::Openai { .. } => CategorySource::Openai,
            Self::Sagemaker { .. } => CategorySource::Sagemaker,
        }
    }

    /// The model or endpoint that answers.
    #[must_use]
    pub fn answerer(&self) -> &str {
        match self {
            Self::Openai { model, .. } => model,
            Self::Sagemaker { endpoint, .. } => endpoint,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(Ask::Unsure, Some(CategorySource::Lexicon), 59, true)]
    #[case(Ask::Unsure, Some(CategorySource::Lexicon), 60, false)]
    #[case(Ask::Unsure, None, 0, true)]
    #[case(Ask::Unsure, Some(CategorySource::Learned), 50, true)]
    #[case(Ask::Always, Some(CategorySource::Lexicon), 98, true)]
    #[case(Ask::Always, Some(CategorySource::Learned), 80, false)]
    #[case(Ask::Always, Some(CategorySource::Learned), 59, true)]
    fn a_service_is_asked_where_the_local_answer_is_not_enough(
        #[case] ask: Ask,
        #[case] source: Option<CategorySource>,
        #[case] confidence: u8,
        #[case] wanted: bool,
    ) {
        let service = Service::Sagemaker {
            endpoint: "budget".to_owned(),
            region: None,
        };
        let plan = Plan {
            service,
            ask,
            threshold: Plan::THRESHOLD,
            wait: Duration::from_millis(Plan::WAIT_MS.into()),
        };
        assert_eq!(plan.wants(source, confidence), wanted);
    }

    #[test]
    fn a_key_is_not_shown() {
        let service = Service::Openai {
            base: "https://llm.example.org/v1".parse().unwrap(),
            model: "small".to_owned(),
            key: Some("sk-very-secret".into()),
        };
        assert!(!format!("{service:?}").contains("very-secret"));
    }
}
