//! Where the user is logged in: the sessions of the account, and ending them.

use uuid::Uuid;

use super::effect::{Call, Effect, Slot};
use super::keymap::Action;
use super::list::List;
use super::model::Model;
use super::question::Question;
use super::session;
use super::toast::Tone;
use super::update::{call, refuse, say, unsupported};
use crate::api::{Dialect, ErrorCode, Failure, SessionEntry};

mod view;
pub(super) use view::view;

/// What a device is called that did not say.
const UNNAMED: &str = "an unnamed device";

/// The dialog, and what it has sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Sessions {
    /// The list over the screen.
    pub dialog: Option<Box<Dialog>>,
    /// What is being ended, by request number: it is told of with the dialog closed, too.
    ending: Vec<(u64, Ending)>,
}

/// The open list.
#[derive(Clone, Debug, Default)]
pub(super) struct Dialog {
    /// This session first, then the last used first; none before the first answer.
    rows: Option<Vec<SessionEntry>>,
    list: List,
    asked: Option<u64>,
    /// Why there is no list.
    failed: Option<String>,
}

/// What is to end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Ending {
    /// One session, and what its device is called.
    One(Uuid, String),
    /// All but this one: so many, as far as is known.
    Others(usize),
}

impl Ending {
    pub(super) fn question(&self) -> String {
        match self {
            Self::One(_, name) => format!("End the session of {name}? It has to log in again."),
            Self::Others(1) => "End the other session? It has to log in again.".to_owned(),
            Self::Others(count) => format!("End the {count} other sessions? Each has to log in again."),
        }
    }

    /// What is on the button that does it.
    pub(super) fn act(&self) -> String {
        match self {
            Self::One(..) | Self::Others(1) => "End it".to_owned(),
            Self::Others(count) => format!("End {count}"),
        }
    }

    fn done(&self) -> String {
        match self {
            Self::One(_, name) => format!("The session of {name} has ended."),
            Self::Others(1) => "The other session has ended.".to_owned(),
            Self::Others(_) => "All other sessions have ended.".to_owned(),
        }
    }

    /// Whether it takes this session with it.
    fn takes(&self, row: &SessionEntry) -> bool {
        match self {
            Self::One(id, _) => row.id == *id,
            Self::Others(_) => !row.current,
        }
    }
}

impl Sessions {
    /// Whether something is on its way to the server.
    pub(super) fn is_ending(&self) -> bool {
        !self.ending.is_empty()
    }

    fn rows(&self) -> &[SessionEntry] {
        let dialog = self.dialog.as_deref();
        dialog.and_then(|dialog| dialog.rows.as_deref()).unwrap_or_default()
    }

    /// The row under the cursor.
    fn selected(&self) -> Option<&SessionEntry> {
        self.rows().get(self.dialog.as_deref()?.list.selected)
    }

    fn others(&self) -> usize {
        self.rows().iter().filter(|row| !row.current).count()
    }

    fn ends(&self, row: &SessionEntry) -> bool {
        self.ending.iter().any(|(_, ending)| ending.takes(row))
    }
}

/// What a session's device calls itself.
fn name(row: &SessionEntry) -> &str {
    row.label.as_deref().unwrap_or(UNNAMED)
}

/// `W`: opens the list.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    if model.dialect == Dialect::Classic {
        return unsupported(model, "listing sessions");
    }
    model.sessions.dialog = Some(Box::default());
    ask(model)
}

fn ask(model: &mut Model) -> Vec<Effect> {
    let (id, effect) = call(model, Slot::Sessions, Call::Sessions);
    let Some(dialog) = model.sessions.dialog.as_deref_mut() else {
        return Vec::new();
    };
    dialog.asked = Some(id);
    dialog.failed = None;
    vec![effect]
}

/// The list arrived, or it did not.
pub(super) fn found(model: &mut Model, id: u64, result: Result<Vec<SessionEntry>, Failure>) -> Vec<Effect> {
    let dialog = model.sessions.dialog.as_deref_mut();
    let Some(dialog) = dialog.filter(|dialog| dialog.asked == Some(id)) else {
        return Vec::new();
    };
    dialog.asked = None;
    match result {
        Ok(mut rows) => {
            rows.sort_by_key(|row| !row.current);
            dialog.rows = Some(rows);
            Vec::new()
        }
        Err(Failure::SignedOut) => session::expired(model),
        Err(failure) if dialog.rows.is_some() => vec![say(model, Tone::Bad, failure.to_string())],
        Err(failure) => {
            dialog.failed = Some(failure.to_string());
            Vec::new()
        }
    }
}

/// Keeps the cursor on its row and inside the list.
pub(super) fn settle(model: &mut Model) {
    move_cursor(model, None);
}

fn move_cursor(model: &mut Model, action: Option<Action>) {
    let ids: Vec<Uuid> = model.sessions.rows().iter().map(|row| row.id).collect();
    let height = view::list_height(model);
    if let Some(dialog) = model.sessions.dialog.as_deref_mut() {
        match action {
            Some(action) => dialog.list.go(action, &ids, height),
            None => dialog.list.settle(&ids, height),
        }
    }
}

pub(super) fn on_action(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Cancel => {
            model.sessions.dialog = None;
            vec![Effect::Cancel(Slot::Sessions)]
        }
        Action::Retry => ask(model),
        Action::EndSession => ask_to_end_one(model),
        Action::EndOthers => ask_to_end_others(model),
        _ => {
            move_cursor(model, Some(action));
            Vec::new()
        }
    }
}

/// Whether there is something that these keys could end.
pub(super) fn can_end(model: &Model, action: Action) -> bool {
    match action {
        Action::EndOthers => model.sessions.others() > 0,
        _ => model.sessions.selected().is_some(),
    }
}

fn ask_to_end_one(model: &mut Model) -> Vec<Effect> {
    let Some(row) = model.sessions.selected() else {
        return Vec::new();
    };
    if row.current {
        return session::ask_to_log_out(model);
    }
    if model.sessions.ends(row) {
        return refuse(model, "It is ending already.");
    }
    let ending = Ending::One(row.id, name(row).to_owned());
    model.questions.push_front(Question::end(ending));
    Vec::new()
}

fn ask_to_end_others(model: &mut Model) -> Vec<Effect> {
    match model.sessions.others() {
        0 => refuse(model, "There is no other session."),
        count => {
            model.questions.push_front(Question::end(Ending::Others(count)));
            Vec::new()
        }
    }
}

/// It was a yes.
pub(super) fn agreed(model: &mut Model, ending: Ending) -> Vec<Effect> {
    let id = model.next_request();
    let call = match &ending {
        Ending::One(session, _) => Call::EndSession(*session),
        Ending::Others(_) => Call::EndOtherSessions,
    };
    model.sessions.ending.push((id, ending));
    let slot = Slot::Change(id);
    vec![Effect::Call { id, slot, call }]
}

/// Whether the answer with this number is to an end of sessions.
pub(super) fn is_mine(model: &Model, id: u64) -> bool {
    model.sessions.ending.iter().any(|(number, _)| *number == id)
}

/// Sessions have ended, or they have not.
pub(super) fn ended(model: &mut Model, id: u64, result: Result<(), Failure>) -> Vec<Effect> {
    let sent = &mut model.sessions.ending;
    let Some(at) = sent.iter().position(|(number, _)| *number == id) else {
        return Vec::new();
    };
    let (_, ending) = sent.remove(at);
    match result {
        Err(Failure::SignedOut) => return session::expired(model),
        // Whoever wanted it ended has what they wanted.
        Err(Failure::Rejected(error)) if error.code == ErrorCode::NotFound => {}
        Err(failure) => return vec![say(model, Tone::Bad, format!("Not ended. {failure}"))],
        Ok(()) => {}
    }
    if let Some(rows) = model.sessions.dialog.as_deref_mut().and_then(|d| d.rows.as_mut()) {
        rows.retain(|row| !ending.takes(row));
    }
    let mut effects = ask(model);
    effects.push(say(model, Tone::Good, ending.done()));
    effects
}
