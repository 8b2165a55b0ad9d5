//! `serve --check-backend`: two questions to the service that the configuration names.

use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::api::NoteCode;
use crate::categorize::service::{Plan, Service};
use crate::domain::category::DEFAULTS;
use crate::server::backends::{Asker, Trouble};

use super::error::CliError;
use super::output;

/// The first one opens the connection, the second finds it open.
const QUESTIONS: [&str; 2] = ["coffee at the station", "rent for the flat"];
/// Longer than any request waits: how slow a service is should be seen.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) async fn run(plan: Option<Plan>) -> Result<(), CliError> {
    let Some(plan) = plan else {
        return Err(CliError::local(
            "No back end is configured: categories are predicted by this program alone.",
            "To ask a service, write backend = \"openai\" or \"sagemaker\" under [categorize] in config.toml.",
        ));
    };
    let (wait, service) = (plan.wait, plan.service.clone());
    let asker = Asker::new(Plan { wait: PATIENCE, ..plan });
    let categories: Vec<String> = DEFAULTS.iter().map(|(name, _)| (*name).to_owned()).collect();
    output::print(&format!("{} {}\n", service.source().label(), service.answerer()))?;
    let mut slowest = Duration::ZERO;
    for question in QUESTIONS {
        let begun = Instant::now();
        let answer = asker.ask(Uuid::nil(), &categories, &[question]).await.pop();
        let took = begun.elapsed();
        slowest = slowest.max(took);
        match answer.unwrap_or(Err(Trouble::Unreachable)) {
            Ok(category) => output::print(&format!("{question}: {category}, {} ms\n", took.as_millis()))?,
            Err(trouble) => {
                let what = format!("{} {}.", service.source().label(), trouble.what(PATIENCE));
                return Err(CliError::local(what, advice(trouble, &service)));
            }
        }
    }
    if slowest > wait {
        let ms = wait.as_millis();
        output::note(&format!(
            "Slower than the {ms} ms that adding an expense waits: raise wait_ms under [categorize]."
        ));
    }
    Ok(())
}

fn advice(trouble: Trouble, service: &Service) -> &'static str {
    match (trouble.code(), service) {
        (NoteCode::Unreachable | NoteCode::TooSlow, Service::Openai { .. }) => "Check base_url under [categorize].",
        (NoteCode::Unreachable | NoteCode::TooSlow, Service::Sagemaker { .. }) => {
            "Check the region and your way to AWS."
        }
        (NoteCode::Refused, Service::Openai { .. }) => {
            "Check the key (BUDGET_TRACKER_OPENAI_KEY or key_file), model and base_url."
        }
        (NoteCode::Refused, Service::Sagemaker { .. }) => {
            "Check endpoint and region, and that your credentials allow sagemaker:InvokeEndpoint."
        }
        (NoteCode::Busy | NoteCode::Failed | NoteCode::Resting, _) => "Try again in a minute.",
        (NoteCode::Unreadable | NoteCode::UnknownCategory, Service::Openai { .. }) => "Try another model.",
        (NoteCode::Unreadable | NoteCode::UnknownCategory, Service::Sagemaker { .. }) => {
            "The endpoint must answer {\"answers\": [{\"number\": 1, \"category\": \"...\"}]}."
        }
    }
}
