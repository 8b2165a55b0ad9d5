//! What the form says altogether: the fields filled by hand, and the line in the description for all others.

use jiff::civil::Date;
use uuid::Uuid;

use super::form::{Field, Form, Guess};
use crate::api::{Choice, Dialect};
use crate::app::model::Model;
use crate::domain::entry::{self, Entry, Question};
use crate::domain::expense::Sureness;
use crate::domain::money::MoneyError;
use crate::domain::{Currency, Money, day, text};

/// The form, read. What a field says by hand, the line is not read for: `bus 42` stays `bus 42` when an amount
/// stands in its own field.
pub(super) struct Reading {
    /// What the line in the description says.
    pub line: Entry,
    /// What would be stored as the description, or what is wrong with it.
    pub description: Result<String, String>,
    pub amount: Result<Money, MoneyError>,
    pub day: Result<Date, String>,
    /// The category chosen by hand or named in the line.
    pub chosen: Option<Uuid>,
    /// The word behind `#`, when no category is meant by it.
    pub stray: Option<String>,
    /// The best prediction, when it would be taken.
    pub predicted: Option<Choice>,
    /// Whether a prediction is here and not sure enough to go unseen.
    pub unsure: bool,
}

/// What would be stored.
pub(super) struct Values {
    pub description: String,
    pub amount: Money,
    pub day: Date,
    pub category: Option<Uuid>,
}

impl Reading {
    pub(super) fn of(model: &Model, form: &Form) -> Self {
        let (today, currency) = (model.today(), model.currency());
        let line = form.line(today, currency, model.dialect == Dialect::V1);
        let tagged = line
            .category
            .as_ref()
            .map(|found| named(model, &found.value).ok_or(&found.value));
        let stray = tagged.and_then(Result::err).cloned();
        let chosen = form.category.or(tagged.and_then(Result::ok));
        let takes = chosen.is_none() && form.before.is_none();
        let predicted = form.best_choice().filter(|_| takes).cloned();
        let best = predicted.as_ref().map_or(0, |choice| choice.confidence);
        let known = matches!(form.guess, Guess::Known(_));
        Self {
            description: description(&line.description),
            amount: match &line.amount {
                Some(found) => Ok(found.value),
                None => Money::parse_sum(form.amount.value(), currency).and_then(Money::positive),
            },
            day: match &line.day {
                Some(found) => Ok(found.value),
                None => day::parse(form.day.value(), today).map_err(|e| e.to_string()),
            },
            unsure: known && takes && Sureness::of(best) == Sureness::Unsure,
            chosen,
            stray,
            predicted,
            line,
        }
    }

    /// The category that would be stored now, as far as it is known.
    pub(super) fn category(&self) -> Option<Uuid> {
        let predicted = || self.predicted.as_ref().map(|choice| choice.category_id);
        self.chosen.or_else(predicted)
    }

    /// What is wrong, in the order of the fields.
    pub(super) fn mistakes(&self) -> Vec<(Field, String)> {
        let stray = || self.stray.as_ref().map(|word| format!("No category \"{word}\"."));
        let wrong = [
            (Field::Description, self.description.clone().err().or_else(stray)),
            (Field::Amount, self.amount.as_ref().err().map(ToString::to_string)),
            (Field::Day, self.day.clone().err()),
        ];
        wrong
            .into_iter()
            .filter_map(|(field, why)| Some((field, why?)))
            .collect()
    }

    /// What would be stored, if nothing is wrong.
    pub(super) fn values(self) -> Option<Values> {
        Some(Values {
            description: self.description.ok()?,
            amount: self.amount.ok()?,
            day: self.day.ok()?,
            category: self.chosen,
        })
    }
}

/// The category that a few letters mean.
pub(super) fn named(model: &Model, letters: &str) -> Option<Uuid> {
    let known: Vec<_> = model.categories().iter().filter(|c| !c.category.hidden).collect();
    let at = entry::find_category(letters, known.iter().map(|c| c.category.name.as_str()))?;
    Some(known[at].category.id)
}

fn description(text: &str) -> Result<String, String> {
    text::clean(text, text::MAX_DESCRIPTION).map_err(|e| match e {
        text::TextError::Empty => "Say what it was for.".to_owned(),
        other => other.to_string(),
    })
}

impl Form {
    /// The description read as a line. An expense that is edited has one already: there it is text.
    fn line(&self, today: Date, currency: Currency, category: bool) -> Entry {
        let text = self.description.value();
        let kept = text.starts_with(&self.accepted).then_some(self.accepted.len());
        let literal = if self.before.is_some() {
            text.len()
        } else {
            kept.unwrap_or(0)
        };
        entry::read(
            text,
            Question {
                today,
                currency,
                amount: self.amount.value().trim().is_empty(),
                day: self.day.value().trim().is_empty(),
                category,
                literal,
            },
        )
    }
}
