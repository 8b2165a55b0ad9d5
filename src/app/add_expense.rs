//! The form of an expense: a new one, or one being edited.

use std::time::Duration;

use jiff::civil::Date;
use tui_input::Input;
use uuid::Uuid;

use super::changes::{self, Change};
use super::effect::{Call, Effect, Slot};
use super::keymap::Action;
use super::model::{Dialog, Model, Tone};
use super::msg::{Stamp, Timer};
use super::update::{call, say};
use crate::api::{Dialect, Expense, ExpensePatch, Failure, NewExpense, Prediction};
use crate::domain::expense::Sureness;
use crate::domain::{Currency, Money, day, text};

mod view;
pub(super) use view::view;

/// How long the typing must pause before the category is predicted.
const TYPING_PAUSE: Duration = Duration::from_millis(150);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Field {
    Description,
    Amount,
    Day,
    Category,
}

const FIELDS: [Field; 4] = [Field::Description, Field::Amount, Field::Day, Field::Category];

/// What is known of the category of the text so far.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Guess {
    /// Nothing to predict from.
    None,
    Waiting,
    Known(Prediction),
    Failed(Failure),
}

#[derive(Clone, Debug)]
pub(super) struct Form {
    /// The id under which the expense is stored, however often it is sent.
    id: Uuid,
    /// The expense as it was, when one is edited.
    before: Option<Expense>,
    description: Input,
    amount: Input,
    day: Input,
    /// Letters typed in the category field.
    search: Input,
    /// The chosen category; predicted when `None`.
    category: Option<Uuid>,
    focus: Field,
    errors: Vec<(Field, String)>,
    guess: Guess,
    /// Whether the user has been told that the prediction is unsure.
    warned: bool,
    pending: Option<u64>,
    and_new: bool,
}

impl Form {
    fn new(id: Uuid) -> Self {
        Self {
            id,
            before: None,
            description: Input::default(),
            amount: Input::default(),
            day: Input::default(),
            search: Input::default(),
            category: None,
            focus: Field::Description,
            errors: Vec::new(),
            guess: Guess::None,
            warned: false,
            pending: None,
            and_new: false,
        }
    }

    fn of(expense: &Expense, currency: Currency) -> Self {
        let amount = Money::new(expense.amount_minor, currency).decimal();
        Self {
            id: expense.id,
            before: Some(expense.clone()),
            description: Input::new(expense.description.clone()),
            amount: Input::new(amount),
            day: Input::new(expense.day.to_string()),
            category: expense.category_id,
            ..Self::new(expense.id)
        }
    }

    /// Whether something was typed that would be lost.
    pub(super) fn has_text(&self) -> bool {
        match &self.before {
            None => !self.description.value().is_empty() || !self.amount.value().is_empty(),
            Some(before) => {
                self.description.value() != before.description
                    || self.category != before.category_id
                    || self.day.value() != before.day.to_string()
            }
        }
    }

    /// The request this form was waiting for is gone.
    pub(super) fn interrupted(&mut self) {
        self.pending = None;
    }

    pub(super) fn focused_input(&mut self) -> Option<&mut Input> {
        if self.pending.is_some() {
            return None;
        }
        Some(match self.focus {
            Field::Description => &mut self.description,
            Field::Amount => &mut self.amount,
            Field::Day => &mut self.day,
            Field::Category => &mut self.search,
        })
    }

    fn error(&self, field: Field) -> Option<&str> {
        self.errors
            .iter()
            .find(|(at, _)| *at == field)
            .map(|(_, text)| text.as_str())
    }

    fn parsed_amount(&self, currency: Currency) -> Result<Money, String> {
        Money::parse(self.amount.value(), currency)
            .and_then(Money::positive)
            .map_err(|e| e.to_string())
    }

    fn parsed_day(&self, today: Date) -> Result<Date, String> {
        day::parse(self.day.value(), today).map_err(|e| e.to_string())
    }

    fn parsed_description(&self) -> Result<String, String> {
        text::clean(self.description.value(), text::MAX_DESCRIPTION).map_err(|e| match e {
            text::TextError::Empty => "Say what it was for.".to_owned(),
            other => other.to_string(),
        })
    }

    /// The category that would be stored now: the chosen one, else the best prediction.
    fn effective_category(&self) -> Option<Uuid> {
        match (&self.category, &self.guess) {
            (Some(chosen), _) => Some(*chosen),
            (None, Guess::Known(prediction)) => prediction.choices.first().map(|choice| choice.category_id),
            _ => None,
        }
    }

    fn move_focus(&mut self, step: usize) {
        let at = FIELDS.iter().position(|f| *f == self.focus).unwrap_or(0);
        self.focus = FIELDS[(at + step) % FIELDS.len()];
        self.search.reset();
    }
}

/// `a`: an empty form, or the one that was closed with text in it.
pub(super) fn open_new(model: &mut Model, stamp: Stamp) {
    let form = match model.draft.take() {
        Some(draft) => {
            model.toast = None;
            draft
        }
        None => Box::new(Form::new(stamp.id)),
    };
    model.dialog = Some(Dialog::Expense(form));
}

/// `e` on an expense.
pub(super) fn open_edit(model: &mut Model, expense: &Expense) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return vec![say(
            model,
            Tone::Warn,
            Failure::Unsupported("editing an expense").to_string(),
            false,
        )];
    }
    let form = Form::of(expense, model.currency());
    model.dialog = Some(Dialog::Expense(Box::new(form)));
    Vec::new()
}

fn form(model: &mut Model) -> Option<&mut Form> {
    match &mut model.dialog {
        Some(Dialog::Expense(form)) => Some(form),
        _ => None,
    }
}

/// The focused field's text changed.
pub(super) fn on_typed(model: &mut Model, _stamp: Stamp) -> Vec<Effect> {
    let classic = model.dialect == Dialect::Classic;
    let names: Vec<(Uuid, String)> = model
        .categories()
        .iter()
        .map(|c| (c.category.id, c.category.name.to_lowercase()))
        .collect();
    let Some(form) = form(model) else { return Vec::new() };
    let focus = form.focus;
    form.errors.retain(|(field, _)| *field != focus);
    match focus {
        Field::Description => {
            form.warned = false;
            let empty = form.description.value().trim().is_empty();
            form.guess = if empty || classic { Guess::None } else { Guess::Waiting };
            if form.guess == Guess::Waiting && form.category.is_none() {
                return vec![Effect::Wait {
                    timer: Timer::Predict,
                    after: TYPING_PAUSE,
                    jitter: false,
                }];
            }
        }
        Field::Category => {
            let typed = form.search.value().trim().to_lowercase();
            if let Some((id, _)) = names
                .iter()
                .find(|(_, name)| !typed.is_empty() && name.starts_with(&typed))
            {
                form.category = Some(*id);
            }
        }
        Field::Amount | Field::Day => {}
    }
    Vec::new()
}

/// The typing paused.
pub(super) fn predict(model: &mut Model) -> Vec<Effect> {
    let Some(form) = form(model) else { return Vec::new() };
    let Ok(description) = form.parsed_description() else {
        form.guess = Guess::None;
        return Vec::new();
    };
    let (id, effect) = call(model, Slot::Predict, Call::Predict(description));
    model.pending.predict = Some(id);
    vec![effect]
}

pub(super) fn predicted(model: &mut Model, result: Result<Prediction, Failure>) -> Vec<Effect> {
    if let Some(form) = form(model) {
        form.guess = match result {
            Ok(prediction) => Guess::Known(prediction),
            // Saving works all the same, and says so if it does not.
            Err(failure) => Guess::Failed(failure),
        };
    }
    Vec::new()
}

pub(super) fn on_action(model: &mut Model, action: Action, stamp: Stamp) -> Vec<Effect> {
    let classic = model.dialect == Dialect::Classic;
    let Some(form) = form(model) else { return Vec::new() };
    match action {
        Action::Cancel if form.pending.is_some() => {
            let id = form.pending.take().unwrap_or_default();
            model.changes.retain(|(number, _)| *number != id);
            return vec![
                Effect::Cancel(Slot::Change(id)),
                say(model, Tone::Warn, "Cancelled; what you typed is kept.", false),
            ];
        }
        Action::Cancel => close(model),
        _ if form.pending.is_some() => {}
        Action::NextField => form.move_focus(1),
        Action::PreviousField => form.move_focus(FIELDS.len() - 1),
        Action::NextChoice | Action::PreviousChoice if classic => {
            let text = Failure::Unsupported("choosing the category").to_string();
            return vec![say(model, Tone::Warn, text, false)];
        }
        Action::NextChoice => choose(model, 1),
        Action::PreviousChoice => choose(model, -1),
        Action::Submit => return submit(model, false),
        Action::SubmitAndNew => return submit(model, true),
        _ => {}
    }
    let _ = stamp;
    Vec::new()
}

fn close(model: &mut Model) {
    if let Some(Dialog::Expense(form)) = model.dialog.take()
        && form.before.is_none()
        && form.has_text()
    {
        model.draft = Some(form);
    }
    model.toast = None;
}

/// Goes through auto, the predicted categories, then all the others.
fn choose(model: &mut Model, step: isize) {
    let all: Vec<Uuid> = model.categories().iter().map(|c| c.category.id).collect();
    let Some(form) = form(model) else { return };
    let mut order = vec![None];
    if let Guess::Known(prediction) = &form.guess {
        order.extend(prediction.choices.iter().map(|choice| Some(choice.category_id)));
    }
    for id in all {
        if !order.contains(&Some(id)) {
            order.push(Some(id));
        }
    }
    let at = order.iter().position(|id| *id == form.category).unwrap_or(0);
    form.category = order[at.wrapping_add_signed(step).min(usize::MAX - 1) % order.len()];
    if step < 0 && at == 0 {
        form.category = order[order.len() - 1];
    }
    form.errors.retain(|(field, _)| *field != Field::Category);
}

fn submit(model: &mut Model, and_new: bool) -> Vec<Effect> {
    let (today, currency) = (model.today(), model.currency());
    let Some(form) = form(model) else { return Vec::new() };
    let (description, amount, day) = (
        form.parsed_description(),
        form.parsed_amount(currency),
        form.parsed_day(today),
    );
    form.errors.clear();
    form.errors
        .extend(description.as_ref().err().map(|e| (Field::Description, e.clone())));
    form.errors
        .extend(amount.as_ref().err().map(|e| (Field::Amount, e.clone())));
    form.errors.extend(day.as_ref().err().map(|e| (Field::Day, e.clone())));
    let (Ok(description), Ok(amount), Ok(day)) = (description, amount, day) else {
        // Enter in a good field goes on to the one that is still empty.
        let untouched = form.focus == Field::Description
            && form.error(Field::Description).is_none()
            && form.amount.value().is_empty();
        form.focus = form.errors.first().map_or(form.focus, |(field, _)| *field);
        if untouched {
            form.errors.clear();
        }
        return Vec::new();
    };
    if unsure(form) {
        form.warned = true;
        form.focus = Field::Category;
        form.errors = vec![(Field::Category, "Not sure: choose with ↑ ↓, or Enter again.".to_owned())];
        return Vec::new();
    }
    form.and_new = and_new;
    let (change, request) = match form.before.clone() {
        Some(before) => {
            let patch = ExpensePatch {
                day: (day != before.day).then_some(day),
                description: (description != before.description).then_some(description),
                amount_minor: (amount.minor != before.amount_minor).then_some(amount.minor),
                category_id: form.category.filter(|_| form.category != before.category_id),
            };
            if patch == ExpensePatch::default() {
                close(model);
                return Vec::new();
            }
            let id = before.id;
            (Change::Edit { before }, Call::Edit(id, patch))
        }
        None => {
            let new = NewExpense {
                id: form.id,
                day: Some(day),
                description,
                amount_minor: amount.minor,
                category_id: form.category,
            };
            (Change::Add(new.clone()), Call::Add(new))
        }
    };
    let effects = changes::send(model, change, request);
    let id = model.changes.last().map(|(id, _)| *id);
    if let Some(form) = self::form(model) {
        form.pending = id;
    }
    effects
}

/// Whether the user should look at the category before it is stored.
fn unsure(form: &Form) -> bool {
    let Guess::Known(prediction) = &form.guess else {
        return false;
    };
    let best = prediction.choices.first().map_or(0, |choice| choice.confidence);
    form.before.is_none() && form.category.is_none() && !form.warned && Sureness::of(best) == Sureness::Unsure
}

/// The change `id` is stored: the form closes, or begins anew.
pub(super) fn saved(model: &mut Model, id: u64, stamp: Stamp) {
    let Some(form) = form(model).filter(|form| form.pending == Some(id)) else {
        return;
    };
    if form.and_new {
        let day = form.day.clone();
        *form = Form {
            day,
            ..Form::new(stamp.id)
        };
    } else {
        model.dialog = None;
    }
}

/// The change `id` goes on under another number.
pub(super) fn renumber(model: &mut Model, id: u64, next: u64) {
    if let Some(form) = form(model).filter(|form| form.pending == Some(id)) {
        form.pending = Some(next);
    }
}

/// The change `id` failed; whether the form shows it.
pub(super) fn refused(model: &mut Model, id: u64, failure: &Failure) -> bool {
    let Some(form) = form(model).filter(|form| form.pending == Some(id)) else {
        return false;
    };
    form.pending = None;
    let field = match failure {
        Failure::Rejected(error) => match error.field.as_deref() {
            Some("amount_minor" | "amount") => Field::Amount,
            Some("day") => Field::Day,
            Some("category_id") => Field::Category,
            _ => Field::Description,
        },
        _ => Field::Description,
    };
    form.errors = vec![(field, failure.to_string())];
    form.focus = field;
    true
}
