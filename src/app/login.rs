//! Log in and sign up.

use tui_input::Input;

use super::effect::{Call, Effect, Slot};
use super::keymap::Action;
use super::model::Model;
use super::session;
use crate::api::{ErrorCode, Failure};
use crate::domain::account::{self, DEMO_NAME, DEMO_PASSWORD};

mod view;
pub(super) use view::view;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Field {
    Name,
    Email,
    Password,
    Repeat,
    Stay,
}

/// Which of the two forms is in front.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Kind {
    #[default]
    LogIn,
    SignUp,
}

#[derive(Clone, Debug)]
pub(super) struct LogIn {
    kind: Kind,
    name: Input,
    email: Input,
    password: Input,
    repeat: Input,
    stay: bool,
    focus: Field,
    show_password: bool,
    errors: Vec<(Field, String)>,
    /// A sentence over the form: why the user is here.
    note: Option<String>,
}

impl Default for LogIn {
    fn default() -> Self {
        Self {
            kind: Kind::LogIn,
            name: Input::default(),
            email: Input::default(),
            password: Input::default(),
            repeat: Input::default(),
            stay: true,
            focus: Field::Name,
            show_password: false,
            errors: Vec::new(),
            note: None,
        }
    }
}

impl LogIn {
    fn fields(&self) -> &'static [Field] {
        match self.kind {
            Kind::LogIn => &[Field::Name, Field::Password, Field::Stay],
            Kind::SignUp => &[Field::Name, Field::Email, Field::Password, Field::Repeat, Field::Stay],
        }
    }

    fn input(&mut self, field: Field) -> Option<&mut Input> {
        match field {
            Field::Name => Some(&mut self.name),
            Field::Email => Some(&mut self.email),
            Field::Password => Some(&mut self.password),
            Field::Repeat => Some(&mut self.repeat),
            Field::Stay => None,
        }
    }

    fn text(&self, field: Field) -> &str {
        match field {
            Field::Name => self.name.value(),
            Field::Email => self.email.value(),
            Field::Password => self.password.value(),
            Field::Repeat => self.repeat.value(),
            Field::Stay => "",
        }
    }

    fn error(&self, field: Field) -> Option<&str> {
        self.errors
            .iter()
            .find(|(at, _)| *at == field)
            .map(|(_, text)| text.as_str())
    }

    /// What is wrong with a field, if anything.
    fn problem(&self, field: Field) -> Option<String> {
        let text = self.text(field);
        match (self.kind, field) {
            (_, Field::Stay) => None,
            (Kind::LogIn, Field::Name) => text.trim().is_empty().then(|| "Type your user name.".to_owned()),
            (Kind::LogIn, _) => text.is_empty().then(|| "Type your password.".to_owned()),
            (Kind::SignUp, Field::Name) => account::check_name(text).err().map(|e| e.to_string()),
            (Kind::SignUp, Field::Email) => account::check_email(text).err().map(|e| e.to_string()),
            (Kind::SignUp, Field::Password) => account::check_password(text).err().map(|e| e.to_string()),
            (Kind::SignUp, Field::Repeat) => {
                (text != self.password.value()).then(|| "The two passwords differ.".to_owned())
            }
        }
    }

    fn move_focus(&mut self, forward: bool) {
        let leaving = self.focus;
        if !self.text(leaving).is_empty() {
            let problem = self.problem(leaving);
            self.errors.retain(|(field, _)| *field != leaving);
            self.errors.extend(problem.map(|text| (leaving, text)));
        }
        let fields = self.fields();
        let at = fields.iter().position(|f| *f == leaving).unwrap_or(0);
        self.focus = fields[(at + if forward { 1 } else { fields.len() - 1 }) % fields.len()];
    }

    fn switch(&mut self) {
        self.kind = if self.kind == Kind::LogIn {
            Kind::SignUp
        } else {
            Kind::LogIn
        };
        self.errors.clear();
        self.note = None;
        if !self.fields().contains(&self.focus) {
            self.focus = Field::Name;
        }
    }

    /// The server refused, or did not answer: the reason goes under the field it is about.
    pub(super) fn failed(&mut self, failure: &Failure) {
        let field = match failure {
            Failure::Rejected(error) => match (error.code, error.field.as_deref()) {
                (_, Some("name")) => Field::Name,
                (_, Some("email")) => Field::Email,
                _ => Field::Password,
            },
            // The last field, beside the button that was pressed.
            _ if self.kind == Kind::SignUp => Field::Repeat,
            _ => Field::Password,
        };
        self.errors = vec![(field, failure.to_string())];
        self.focus = field;
        if matches!(failure, Failure::Rejected(error) if error.code == ErrorCode::BadCredentials) {
            self.password.reset();
        }
    }

    /// The form for a user who comes back, with a sentence that says why.
    pub(super) fn returning(name: String, note: &str) -> Self {
        Self {
            focus: if name.is_empty() { Field::Name } else { Field::Password },
            name: Input::new(name),
            note: (!note.is_empty()).then(|| note.to_owned()),
            ..Self::default()
        }
    }
}

/// Lets `edit` change the focused field.
pub(super) fn on_typed(model: &mut Model, edit: impl FnOnce(&mut Input) -> bool) -> Vec<Effect> {
    if model.pending.session.is_some() {
        return Vec::new();
    }
    let focus = model.login.focus;
    if let Some(input) = model.login.input(focus) {
        if edit(input) {
            model.login.errors.retain(|(field, _)| *field != focus);
        }
    } else {
        // Only the space bar changes the check box.
        let mut typed = Input::default();
        edit(&mut typed);
        model.login.stay ^= typed.value() == " ";
    }
    Vec::new()
}

pub(super) fn on_action(model: &mut Model, action: Action) -> Vec<Effect> {
    if model.pending.session.is_some() {
        if action == Action::Cancel {
            model.pending.session = None;
            model.login.note = Some("Cancelled.".to_owned());
            return vec![Effect::Cancel(Slot::Session)];
        }
        return Vec::new();
    }
    match action {
        Action::NextField => model.login.move_focus(true),
        Action::PreviousField => model.login.move_focus(false),
        Action::ShowPassword => model.login.show_password = !model.login.show_password,
        Action::SwitchForm => model.login.switch(),
        Action::Demo if model.settings.demo => return demo(model),
        Action::Demo => model.login.note = Some("The sample user exists only in the embedded server.".to_owned()),
        Action::Submit => return submit(model),
        _ => model.login.note = None,
    }
    Vec::new()
}

fn demo(model: &mut Model) -> Vec<Effect> {
    model.login.kind = Kind::LogIn;
    model.login.errors.clear();
    model.login.focus = Field::Password;
    model.login.name = Input::new(DEMO_NAME.to_owned());
    model.login.password = Input::new(DEMO_PASSWORD.to_owned());
    submit(model)
}

fn submit(model: &mut Model) -> Vec<Effect> {
    let form = &mut model.login;
    // Enter in a filled field goes on to the next empty one, as people do it half-way down a form.
    let at = form.fields().iter().position(|f| *f == form.focus).unwrap_or(0);
    let empty = form.fields()[at + 1..]
        .iter()
        .copied()
        .find(|f| *f != Field::Stay && form.text(*f).is_empty());
    if let (None, Some(_)) = (form.problem(form.focus), empty) {
        form.move_focus(true);
        return Vec::new();
    }
    let problems = form
        .fields()
        .iter()
        .filter_map(|f| form.problem(*f).map(|text| (*f, text)))
        .collect();
    form.errors = problems;
    if let Some((first, _)) = form.errors.first() {
        form.focus = *first;
        return Vec::new();
    }
    form.note = None;
    let (name, password, keep) = (
        form.name.value().trim().to_owned(),
        form.password.value().to_owned(),
        form.stay,
    );
    let request = match form.kind {
        Kind::LogIn => Call::LogIn { name, password, keep },
        Kind::SignUp => Call::SignUp {
            name,
            email: form.email.value().trim().to_owned(),
            password,
            keep,
        },
    };
    session::send(model, request)
}
