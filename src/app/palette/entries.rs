//! What the palette offers: the commands of the keys, and places to go to.

use uuid::Uuid;

use crate::api::Dialect;
use crate::app::effect::Effect;
use crate::app::footer::{self, key_label};
use crate::app::keymap::{Action, Binding};
use crate::app::model::{Model, Screen};
use crate::app::update::{focus_under_overlays, put_on_theme, show};
use crate::app::{budgets, expenses, sync};
use crate::domain::Month;

/// How many months back there is an entry for; the months before them are reached one by one.
const MONTHS: i64 = 12;

/// One row.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Entry {
    pub text: String,
    /// The key that does the same, if there is one.
    pub key: String,
    pub run: Run,
}

/// What a row does.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Run {
    Action(Action),
    /// Shows the expenses of a category.
    Expenses(Uuid),
    /// Begins to change the limit of a category.
    Limit(Uuid),
    /// Shows another month.
    Month(Month),
    /// Draws with another theme, by its place in the list.
    Theme(usize),
}

/// Everything that works now, in the order of the list.
pub(super) fn all(model: &Model) -> Vec<Entry> {
    let mut entries = actions(model);
    // Going somewhere else would leave what is being typed behind.
    let held = model.sessions.dialog.is_some() || !model.questions.is_empty();
    if !focus_under_overlays(model).takes_text() && !held && model.dialect == Dialect::V1 {
        entries.extend(categories(model));
        entries.extend(months(model));
    }
    entries.extend(themes(model));
    entries
}

fn actions(model: &Model) -> Vec<Entry> {
    let keys = &model.settings.keys;
    let scopes = focus_under_overlays(model).scopes();
    let mut entries: Vec<Entry> = Vec::new();
    // An action without a key is here all the same.
    for binding in scopes.iter().flat_map(|scope| keys.of_scope(*scope)) {
        let run = Run::Action(binding.action);
        let twice = entries.iter().any(|entry| entry.run == run);
        if !twice && is_command(binding.action) && footer::works(model, binding.action) {
            entries.push(Entry {
                text: binding.help.to_owned(),
                key: key_of(model, binding),
                run,
            });
        }
    }
    entries
}

fn key_of(model: &Model, binding: &Binding) -> String {
    let scopes = focus_under_overlays(model).scopes();
    let key = model.settings.keys.key(scopes, binding.action);
    key.map_or(String::new(), |key| key_label(key, model.skin()))
}

/// Whether an action is worth its row: movements are quicker by their keys.
pub(in crate::app) fn is_command(action: Action) -> bool {
    !matches!(
        action,
        Action::Down
            | Action::Up
            | Action::PageDown
            | Action::PageUp
            | Action::First
            | Action::Last
            | Action::NextField
            | Action::PreviousField
            | Action::NextChoice
            | Action::PreviousChoice
            | Action::NextPane
            | Action::PreviousPane
            | Action::NextScreen
            | Action::PreviousScreen
            | Action::Back
            | Action::Palette
    )
}

fn categories(model: &Model) -> Vec<Entry> {
    let entry = |text: String, run| Entry {
        text,
        key: String::new(),
        run,
    };
    let rows = || model.categories().iter().map(|row| &row.category);
    let expenses = rows().map(|c| entry(format!("expenses: {}", c.name), Run::Expenses(c.id)));
    let limits = rows().filter(|c| c.kind.is_spending());
    let limits = limits.map(|c| entry(format!("limit: {}", c.name), Run::Limit(c.id)));
    expenses.chain(limits).collect()
}

fn months(model: &Model) -> Vec<Entry> {
    let now = model.current_month();
    (1..=MONTHS)
        .map(|back| now.plus(-back))
        .filter(|month| *month != model.wanted_month())
        .map(|month| Entry {
            text: format!("month: {}", month.long_name()),
            key: String::new(),
            run: Run::Month(month),
        })
        .collect()
}

fn themes(model: &Model) -> impl Iterator<Item = Entry> {
    let themes = model.settings.themes.names().enumerate();
    themes
        .filter(|(_, name)| *name != model.settings.themes.name())
        .map(|(at, name)| Entry {
            text: format!("theme: {name}"),
            key: String::new(),
            run: Run::Theme(at),
        })
}

/// Goes where an entry leads.
pub(super) fn run(model: &mut Model, run: Run) -> Vec<Effect> {
    match run {
        Run::Action(_) => Vec::new(),
        Run::Expenses(id) => {
            let name = model.category_name(Some(id)).unwrap_or_default().to_owned();
            let mut effects = show(model, Screen::Expenses);
            effects.extend(expenses::filter_by_category(model, &name));
            effects
        }
        Run::Limit(id) => {
            let mut effects = show(model, Screen::Budgets);
            effects.extend(budgets::edit(model, id));
            effects
        }
        Run::Month(month) => sync::go_to_month(model, Some(month)),
        Run::Theme(at) => {
            let name = model.settings.themes.names().nth(at).map(str::to_owned);
            if let Some(name) = name {
                model.settings.themes.choose(&name);
            }
            put_on_theme(model)
        }
    }
}
