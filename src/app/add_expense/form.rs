//! What the form of an expense holds.

use jiff::civil::Date;
use tui_input::Input;
use uuid::Uuid;

use super::reading::{Reading, Values};
use crate::api::{Choice, Expense, Failure, Prediction};
use crate::app::likely;
use crate::app::model::Model;
use crate::domain::expense::CategorySource;
use crate::domain::money::MoneyError;
use crate::domain::{Currency, Money};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::app) enum Field {
    Description,
    Amount,
    Day,
    Category,
    /// The box that makes a rule of the choice.
    Always,
}

pub(super) const FIELDS: [Field; 4] = [Field::Description, Field::Amount, Field::Day, Field::Category];
/// The same where a rule is offered.
const FIELDS_AND_BOX: [Field; 5] = [
    Field::Description,
    Field::Amount,
    Field::Day,
    Field::Category,
    Field::Always,
];

/// For what the choice of a category holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Holds {
    /// For this expense.
    Once,
    /// For its merchant, by a rule.
    Always,
}

/// From this confidence on, percent, the second choice of a merchant is one to reckon with.
const CONTESTED: u8 = 3;

/// What is known of the category of the text so far.
#[derive(Clone, PartialEq, Debug)]
pub(in crate::app) enum Guess {
    /// Nothing to predict from.
    None,
    Waiting,
    Known(Prediction),
    Failed(Failure),
}

/// The text and the choices of the form.
#[derive(Clone, Debug)]
pub(in crate::app) struct Form {
    /// The id under which the expense is stored, however often it is sent.
    pub(super) id: Uuid,
    /// The expense as it was, when one is edited.
    pub(super) before: Option<Expense>,
    pub(super) description: Input,
    pub(super) amount: Input,
    pub(super) day: Input,
    /// Letters typed in the category field.
    pub(super) search: Input,
    /// The chosen category; predicted when `None`.
    pub(super) category: Option<Uuid>,
    /// Whether the box is ticked that makes a rule of the choice.
    pub(super) holds: Holds,
    pub(super) focus: Field,
    pub(super) errors: Vec<(Field, String)>,
    /// Why it could not be saved, when that is the fault of no field.
    pub(super) trouble: Option<String>,
    /// An earlier description that begins with the text.
    pub(super) completion: Option<String>,
    /// What was taken over from an earlier description: while the text begins with it, that much is no line.
    pub(super) accepted: String,
    pub(super) guess: Guess,
    /// The prediction under way; an answer to any other is about older text.
    pub(super) asked: Option<u64>,
    /// The description that the guess is about, once it was asked for.
    pub(super) about: Option<String>,
    /// The amount that was asked about with it, minor units.
    pub(super) asked_amount: Option<i64>,
    /// The last prediction, and the description that it is about.
    pub(super) known: Option<(String, Prediction)>,
    /// When the prediction was asked for, UTC ms, and how long it took, ms.
    pub(super) asked_at: i64,
    pub(super) took: i64,
    /// Whether the user has been told that the prediction is unsure.
    pub(super) warned: bool,
    /// Whether anything was changed since the form was opened.
    pub(super) touched: bool,
    /// The change under way.
    pub(super) pending: Option<u64>,
    /// Whether another expense follows this one.
    pub(super) and_new: bool,
    /// The day that was sent with the last try, when the line said it.
    pub(super) sent_day: Option<Date>,
}

impl Form {
    pub(super) fn new(id: Uuid) -> Self {
        Self {
            id,
            before: None,
            description: Input::default(),
            amount: Input::default(),
            day: Input::default(),
            search: Input::default(),
            category: None,
            holds: Holds::Once,
            focus: Field::Description,
            errors: Vec::new(),
            trouble: None,
            completion: None,
            accepted: String::new(),
            guess: Guess::None,
            asked: None,
            about: None,
            asked_amount: None,
            known: None,
            asked_at: 0,
            took: 0,
            warned: false,
            touched: false,
            pending: None,
            and_new: false,
            sent_day: None,
        }
    }

    /// The next form of a row of them: receipts are often of one day, wherever that was written.
    pub(super) fn after(&self, id: Uuid) -> Self {
        let day = match self.sent_day {
            Some(day) if self.day.value().trim().is_empty() => Input::new(day.to_string()),
            _ => self.day.clone(),
        };
        Self { day, ..Self::new(id) }
    }

    pub(super) fn of(expense: &Expense, currency: Currency) -> Self {
        let amount = Money::new(expense.amount_minor, currency).typed();
        Self {
            before: Some(expense.clone()),
            description: Input::new(expense.description.clone()),
            amount: Input::new(amount),
            day: Input::new(expense.day.to_string()),
            category: expense.category_id,
            ..Self::new(expense.id)
        }
    }

    /// The stored expense became `now` meanwhile: fields that were not touched here follow it.
    pub(super) fn rebase(&mut self, now: Expense, currency: Currency) {
        let Some(before) = &self.before else { return };
        let (old, new) = (Self::of(before, currency), Self::of(&now, currency));
        let follow = |mine: &mut Input, old: Input, new: Input| {
            if mine.value() == old.value() {
                *mine = new;
            }
        };
        follow(&mut self.description, old.description, new.description);
        follow(&mut self.amount, old.amount, new.amount);
        follow(&mut self.day, old.day, new.day);
        if self.category == old.category {
            self.category = new.category;
        }
        self.before = Some(now);
        self.trouble = Some("Changed elsewhere meanwhile. Enter saves what you typed over it.".to_owned());
    }

    /// Whether something was typed that would be lost.
    pub(in crate::app) fn has_text(&self) -> bool {
        let empty = self.description.value().is_empty() && self.amount.value().is_empty();
        self.touched && (self.before.is_some() || !empty)
    }

    /// Whether it is a new expense with something typed, which closing it keeps.
    pub(in crate::app) fn is_draft(&self) -> bool {
        self.before.is_none() && self.has_text()
    }

    /// The stored expense that is being changed, as it was.
    pub(in crate::app) fn edited(&self) -> Option<&Expense> {
        self.before.as_ref()
    }

    /// Whether it is on its way to the server.
    pub(in crate::app) fn is_sending(&self) -> bool {
        self.pending.is_some()
    }

    /// Whether something in it is wrong, or it could not be saved.
    pub(in crate::app) fn has_failed(&self) -> bool {
        self.trouble.is_some() || !self.errors.is_empty()
    }

    /// The requests this form was waiting for are gone.
    pub(in crate::app) fn interrupted(&mut self) {
        self.pending = None;
        self.asked = None;
    }

    pub(in crate::app) fn focused_input(&mut self) -> Option<&mut Input> {
        if self.pending.is_some() {
            return None;
        }
        Some(match self.focus {
            Field::Description => &mut self.description,
            Field::Amount => &mut self.amount,
            Field::Day => &mut self.day,
            Field::Category => &mut self.search,
            Field::Always => return None,
        })
    }

    pub(super) fn error(&self, field: Field) -> Option<&str> {
        let (_, text) = self.errors.iter().find(|(at, _)| *at == field)?;
        Some(text)
    }

    /// The first thing that is wrong in one of `fields`.
    pub(super) fn first_error(&self, fields: &[Field]) -> Option<(Field, &str)> {
        let (field, text) = self.errors.iter().find(|(field, _)| fields.contains(field))?;
        Some((*field, text))
    }

    /// Says what is wrong with one field, and goes there.
    pub(super) fn blame(&mut self, field: Field, why: String) {
        self.errors = vec![(field, why)];
        self.focus = field;
    }

    pub(super) fn forgive(&mut self, field: Field) {
        self.trouble = None;
        self.errors.retain(|(at, _)| *at != field);
    }

    /// What would be stored; or goes to the first wrong field and says what is wrong with each.
    pub(super) fn accept(&mut self, reading: Reading) -> Option<Values> {
        self.errors = reading.mistakes();
        self.trouble = None;
        // Enter half-way down the form goes on to the amount, and that is no mistake yet.
        let half_way = self.focus == Field::Description
            && self.error(Field::Description).is_none()
            && reading.amount == Err(MoneyError::Empty);
        if let Some((first, _)) = self.errors.first() {
            self.focus = *first;
        }
        if half_way {
            self.forgive(Field::Amount);
        }
        if self.errors.is_empty() { reading.values() } else { None }
    }

    /// The best prediction, once it is here.
    pub(super) fn best_choice(&self) -> Option<&Choice> {
        match &self.guess {
            Guess::Known(prediction) => prediction.choices.first(),
            Guess::None | Guess::Waiting | Guess::Failed(_) => None,
        }
    }

    /// Whether the cursor stands where the text can be completed.
    pub(in crate::app) fn can_complete(&self) -> bool {
        let at_end = self.description.cursor() == self.description.value().chars().count();
        self.completion.is_some() && self.focus == Field::Description && at_end && self.pending.is_none()
    }

    /// The next field, or the one before; `offers_rule` says whether there is a box after the last one.
    pub(super) fn move_focus(&mut self, forward: bool, offers_rule: bool) {
        let fields: &[Field] = if offers_rule { &FIELDS_AND_BOX } else { &FIELDS };
        let at = fields.iter().position(|f| *f == self.focus).unwrap_or(0);
        let step = if forward { 1 } else { fields.len() - 1 };
        self.focus = fields[(at + step) % fields.len()];
        self.search.reset();
    }

    /// Whether the user files this merchant under several categories, so that the amount may tell which.
    pub(super) fn depends_on_amount(&self) -> bool {
        let Guess::Known(prediction) = &self.guess else {
            return false;
        };
        let second = prediction.choices.get(1).map_or(0, |choice| choice.confidence);
        prediction.source == Some(CategorySource::Learned) && second >= CONTESTED
    }

    /// What is known of the category: of the text that was typed, or of the stored expense while nothing was.
    pub(super) fn prediction<'a>(&'a self, model: &'a Model) -> Option<&'a Prediction> {
        match (&self.guess, &self.before) {
            (Guess::Known(prediction), _) => Some(prediction),
            (Guess::None, Some(before)) => likely::prediction(model, before),
            _ => None,
        }
    }

    /// The likely categories that the stored expense is not in, best first.
    pub(super) fn others<'a>(&'a self, model: &'a Model) -> impl Iterator<Item = &'a Choice> {
        let choices = self.prediction(model).map_or(&[][..], |known| &known.choices);
        let now = self.before.as_ref().and_then(|before| before.category_id);
        choices.iter().filter(move |choice| Some(choice.category_id) != now)
    }

    /// The merchant for which a rule is offered: the category of a stored expense was changed by hand.
    pub(in crate::app) fn offered(&self, model: &Model) -> Option<String> {
        let before = self.before.as_ref()?;
        let changed = self.category.is_some() && self.category != before.category_id;
        let merchant = &self.prediction(model).filter(|_| changed)?.merchant;
        Some(merchant.clone()).filter(|merchant| !merchant.is_empty())
    }

    /// Whether the cursor stands on the box that makes a rule.
    pub(in crate::app) fn is_on_box(&self, model: &Model) -> bool {
        self.focus == Field::Always && self.offered(model).is_some()
    }

    /// Goes one on or back from the category `now` through: none, the predicted categories, then all the others.
    pub(super) fn choose(&mut self, now: Option<Uuid>, all: &[Uuid], forward: bool) {
        let mut order = Vec::new();
        // The category of a stored expense can be changed, not taken away.
        if self.before.as_ref().is_none_or(|before| before.category_id.is_none()) {
            order.push(None);
        }
        if let Guess::Known(prediction) = &self.guess {
            order.extend(prediction.choices.iter().map(|choice| Some(choice.category_id)));
        }
        for id in all.iter().copied().map(Some) {
            if !order.contains(&id) {
                order.push(id);
            }
        }
        let len = order.len().max(1);
        let at = order.iter().position(|id| *id == now).unwrap_or(0);
        let next = (at + if forward { 1 } else { len - 1 }) % len;
        self.category = order.get(next).copied().flatten();
        self.touched = true;
        self.search.reset();
        self.forgive(Field::Category);
    }
}
