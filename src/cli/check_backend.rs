//! `serve --check-backend`: two questions to the service that the configuration names.

use std::time::{Duration, Instant};

use url::Url;
use uuid::Uuid;

use crate::api::NoteCode;
use crate::categorize::service::{Plan, Service};
use crate::domain::category::DEFAULTS;
use crate::domain::text::printable;
use crate::server::backends::{Asker, Trouble};

use super::error::CliError;
use super::output;

/// The first one opens the connection, the second finds it open.
const QUESTIONS: [&str; 2] = ["coffee at the station", "rent for the flat"];
/// Longer than any request waits: how slow a service is should be seen.
const PATIENCE: Duration = Duration::from_secs(30);

const LATER: &str = "Try again in a minute.";

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

fn advice(trouble: Trouble, service: &Service) -> String {
    if let Service::Openai { base, model, .. } = service {
        return of_openai(trouble, base, model);
    }
    let words = match trouble.code() {
        NoteCode::Unreachable | NoteCode::TooSlow => "Check the region and your way to AWS.",
        NoteCode::Refused => {
            "Check endpoint under [categorize], which is the name of the endpoint and no address, and region, and that \
             your credentials allow sagemaker:InvokeEndpoint."
        }
        NoteCode::Busy | NoteCode::Failed | NoteCode::Resting => LATER,
        NoteCode::Unreadable | NoteCode::UnknownCategory => {
            "The endpoint must answer {\"answers\": [{\"number\": 1, \"category\": \"...\"}]}."
        }
    };
    words.to_owned()
}

fn of_openai(trouble: Trouble, base: &Url, model: &str) -> String {
    match (trouble, trouble.code()) {
        // Nothing is there, or it is elsewhere, or it takes no questions; some say so of a model, too.
        (Trouble::Refused(300..400 | 404 | 405 | 410), _) => {
            format!(
                "{} If it is right, check model: \"{}\".",
                address(base),
                printable(model)
            )
        }
        (_, NoteCode::Unreachable | NoteCode::TooSlow) => address(base),
        (_, NoteCode::Refused) => {
            "Check the key (BUDGET_TRACKER_OPENAI_KEY or key_file), model and base_url.".to_owned()
        }
        (_, NoteCode::Unreadable) => format!("{} If it is right, try another model.", address(base)),
        (_, NoteCode::UnknownCategory) => "Try another model.".to_owned(),
        (_, NoteCode::Busy | NoteCode::Failed | NoteCode::Resting) => LATER.to_owned(),
    }
}

/// What `base_url` has to be, and what it is.
fn address(base: &Url) -> String {
    let asked = base.path().trim_end_matches('/').ends_with("/chat/completions");
    let is = if asked {
        "which is added to it"
    } else {
        "for example https://api.openai.com/v1"
    };
    format!("Check base_url under [categorize], {base}: it is the address without /chat/completions, {is}.")
}
