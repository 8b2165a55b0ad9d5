//! Asks a service outside for a category where the local prediction is not enough.
//!
//! | file | what it does |
//! | --- | --- |
//! | `asker` | one question for each merchant, several in one request, care for a service in trouble |
//! | `openai` | chat completions over HTTP |
//! | `sagemaker` | endpoints of AWS `SageMaker` |
//! | `trouble` | what can go wrong, and how it is told |
//!
//! A request waits for an answer as long as the plan says, and no longer: then the local prediction stands, and a
//! note says why. An answer that comes later is kept for the next time. It does not move an expense that is stored:
//! that would change what the user has seen already, get in the way of an edit, and could raise an alert by itself.
//! In the review, where an expense that nobody is sure of waits anyway, the late answer is the first choice.

mod asker;
mod openai;
#[cfg(feature = "sagemaker")]
mod sagemaker;
mod trouble;

use std::time::Duration;

use tokio::time::sleep;

use crate::api::{Choice, Prediction};
use crate::categorize::service::weigh;

use super::state::AppState;
use super::store::{Scope, StoreError, categories};

pub use asker::Asker;
pub use trouble::Trouble;

/// Largest answer that is read, bytes: far more than the answers to a full request.
const MAX_ANSWER: usize = 256 * 1024;
/// Choices in one prediction.
const MAX_CHOICES: usize = 3;

/// The prediction after the service was asked, if there is one and it is wanted for `local`.
///
/// A new question goes out when `pause` is over: a caller who has gone until then asked nothing.
///
/// # Errors
/// [`StoreError`] when the categories cannot be read; a service that does not answer is no error.
pub async fn second_opinion(
    state: &AppState,
    scope: &Scope,
    description: &str,
    mut local: Prediction,
    pause: Duration,
) -> Result<Prediction, StoreError> {
    let Some(asker) = state.asker() else {
        return Ok(local);
    };
    let sure = local.choices.first().map_or(0, |best| best.confidence);
    if !asker.plan().wants(local.source, sure) {
        return Ok(local);
    }
    let mut known = state.store.read(|tx| categories::list(tx, scope))?;
    known.retain(|category| !category.hidden);
    let names: Vec<String> = known.iter().map(|category| category.name.clone()).collect();
    if names.is_empty() {
        return Ok(local);
    }
    if !pause.is_zero() && asker.would_ask(scope.user, &names, description) {
        sleep(pause).await;
    }
    let mut answers = asker.ask(scope.user, &names, &[description]).await;
    let Some(answer) = answers.pop() else {
        return Ok(local);
    };
    let found = answer.and_then(|name| {
        let category = known.iter().find(|category| category.name == name);
        category.ok_or(Trouble::UnknownCategory)
    });
    let service = &asker.plan().service;
    match found {
        Ok(category) => {
            let before: Vec<_> = local.choices.iter().map(|c| (c.category_id, c.confidence)).collect();
            let weighed = weigh(&before, category.id, known.len());
            let choice = |(id, confidence)| {
                let one = known.iter().find(|category| category.id == id)?;
                Some(Choice {
                    category_id: id,
                    category: one.name.clone(),
                    confidence,
                })
            };
            local.choices = weighed.into_iter().filter_map(choice).take(MAX_CHOICES).collect();
            local.source = Some(service.source());
            local.because = format!("{} says {}", service.answerer(), category.name);
        }
        Err(trouble) => {
            let decided = !local.choices.is_empty();
            local.note = Some(trouble.note(service.source(), asker.plan().wait, decided));
        }
    }
    Ok(local)
}
