//! Log in and sign up.

use tui_input::Input;

use super::effect::{Call, Effect, Slot};
use super::keymap::Action;
use super::model::Model;
use super::session;
use super::update::call;
use crate::api::{ErrorCode, Failure, SignUpMode};
use crate::domain::account::{self, DEMO_NAME, DEMO_PASSWORD};

mod view;
pub(super) use view::view;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Field {
    Name,
    Email,
    /// The code of an invitation.
    Invite,
    Password,
    Repeat,
    /// A code of the second factor.
    Code,
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
    invite: Input,
    code: Input,
    /// Whether the server wants a code of the second factor for this name.
    wants_code: bool,
    /// Who may sign up, once the server has said so.
    sign_up: Option<SignUpMode>,
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
            invite: Input::default(),
            code: Input::default(),
            wants_code: false,
            sign_up: None,
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
        use Field::{Code, Email, Invite, Name, Password, Repeat, Stay};
        match self.kind {
            Kind::LogIn if self.wants_code => &[Name, Password, Code, Stay],
            Kind::LogIn => &[Name, Password, Stay],
            Kind::SignUp if self.sign_up == Some(SignUpMode::Invite) => &[Name, Email, Invite, Password, Repeat, Stay],
            Kind::SignUp => &[Name, Email, Password, Repeat, Stay],
        }
    }

    fn input(&mut self, field: Field) -> Option<&mut Input> {
        match field {
            Field::Name => Some(&mut self.name),
            Field::Email => Some(&mut self.email),
            Field::Invite => Some(&mut self.invite),
            Field::Password => Some(&mut self.password),
            Field::Repeat => Some(&mut self.repeat),
            Field::Code => Some(&mut self.code),
            Field::Stay => None,
        }
    }

    fn text(&self, field: Field) -> &str {
        match field {
            Field::Name => self.name.value(),
            Field::Email => self.email.value(),
            Field::Invite => self.invite.value(),
            Field::Password => self.password.value(),
            Field::Repeat => self.repeat.value(),
            Field::Code => self.code.value(),
            Field::Stay => "",
        }
    }

    /// The sentence over the form.
    fn note(&self) -> Option<&str> {
        if self.is_closed() {
            return Some(account::SIGN_UP_CLOSED);
        }
        self.note.as_deref()
    }

    fn is_closed(&self) -> bool {
        self.kind == Kind::SignUp && self.sign_up == Some(SignUpMode::Closed)
    }

    /// The server said who may sign up. When it does not say, it tells whoever tries.
    pub(super) fn admits(&mut self, mode: SignUpMode) {
        self.sign_up = Some(mode);
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
            (_, Field::Code) => text.trim().is_empty().then(|| "Type the code of your app.".to_owned()),
            (_, Field::Invite) => text
                .trim()
                .is_empty()
                .then(|| "Type the code that you were given.".to_owned()),
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
        let code = match failure {
            Failure::Rejected(error) => Some(error.code),
            _ => None,
        };
        if code == Some(ErrorCode::SecondFactorNeeded) && !self.wants_code {
            // The password is right: one thing more is asked.
            self.wants_code = true;
            self.errors.clear();
            self.focus = Field::Code;
            self.note = Some(failure.to_string());
            return;
        }
        let field = match failure {
            Failure::Rejected(error) => match error.field.as_deref() {
                Some("name") => Field::Name,
                Some("email") => Field::Email,
                Some("code") => Field::Code,
                Some("invite") => {
                    self.sign_up = Some(SignUpMode::Invite);
                    Field::Invite
                }
                _ => Field::Password,
            },
            // The last field, beside the button that was pressed.
            _ if self.kind == Kind::SignUp => Field::Repeat,
            _ if self.wants_code => Field::Code,
            _ => Field::Password,
        };
        self.errors = vec![(field, in_short(failure))];
        self.focus = field;
        match code {
            Some(ErrorCode::BadCredentials) => self.password.reset(),
            Some(ErrorCode::SecondFactorNeeded) => self.code.reset(),
            _ => {}
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

/// What went wrong, short enough for the form. What to do about a certificate takes more words than there is room for.
fn in_short(failure: &Failure) -> String {
    let text = failure.to_string();
    match (failure, text.split_once(". ")) {
        (Failure::Untrusted { .. }, Some((what, _))) => {
            format!("{what}. Leave and run: budget-tracker login. It says what to do.")
        }
        _ => text,
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
            // Another user may have no second factor.
            model.login.wants_code &= focus != Field::Name;
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
        Action::SwitchForm => return switch(model),
        Action::Demo if model.settings.demo => return demo(model),
        Action::Demo => model.login.note = Some("The sample user exists only in the embedded server.".to_owned()),
        Action::Submit => return submit(model),
        _ => model.login.note = None,
    }
    Vec::new()
}

/// The other form. Before the first sign-up the server is asked who may; the embedded one takes everybody.
fn switch(model: &mut Model) -> Vec<Effect> {
    model.login.switch();
    if model.login.kind == Kind::LogIn || model.login.sign_up.is_some() || model.settings.demo {
        return Vec::new();
    }
    vec![call(model, Slot::SignUpMode, Call::SignUpMode).1]
}

fn demo(model: &mut Model) -> Vec<Effect> {
    model.login.kind = Kind::LogIn;
    model.login.wants_code = false;
    model.login.errors.clear();
    model.login.focus = Field::Password;
    model.login.name = Input::new(DEMO_NAME.to_owned());
    model.login.password = Input::new(DEMO_PASSWORD.to_owned());
    submit(model)
}

fn submit(model: &mut Model) -> Vec<Effect> {
    let form = &mut model.login;
    if form.is_closed() {
        return Vec::new();
    }
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
        Kind::LogIn => Call::LogIn {
            name,
            password,
            code: form.wants_code.then(|| form.code.value().trim().to_owned()),
            keep,
        },
        Kind::SignUp => Call::SignUp {
            name,
            email: form.email.value().trim().to_owned(),
            password,
            invite: form
                .fields()
                .contains(&Field::Invite)
                .then(|| form.invite.value().trim().to_owned()),
            keep,
        },
    };
    session::send(model, request)
}
