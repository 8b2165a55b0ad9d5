//! The rows of the help: keys that belong together stand in one.

use strum::IntoEnumIterator;

use super::Help;
use crate::app::footer::key_label;
use crate::app::keymap::{Action, Binding, Chord, Focus, Keymap, Scope};
use crate::app::model::Model;
use crate::app::update::focus_under_overlays;
use crate::ui::Skin;

use Action as A;

/// Actions that are told in one row, and how.
const TOGETHER: [(&[Action], &str); 16] = [
    (&[A::Down, A::Up], "down, up"),
    (&[A::First, A::Last], "first, last"),
    (&[A::PageDown, A::PageUp], "half a page"),
    (&[A::PreviousMonth, A::NextMonth], "month back, forward"),
    (
        &[A::ShowOverview, A::ShowExpenses, A::ShowBudgets, A::ShowAlerts],
        "go to screen",
    ),
    (&[A::NextScreen, A::PreviousScreen], "next, previous screen"),
    (&[A::NextPane, A::PreviousPane], "next, previous pane"),
    (&[A::NextField, A::PreviousField], "next, previous field"),
    (&[A::NextChoice, A::PreviousChoice], "next, previous choice"),
    (&[A::Filter, A::NextMatch, A::PreviousMatch], "filter, next, previous"),
    (&[A::Undo, A::Redo], "undo, redo"),
    (&[A::MarkRead, A::MarkAllRead], "mark as read, all"),
    (&[A::No, A::Yes], "no, yes"),
    (&[A::FirstAnswer, A::SecondAnswer, A::ThirdAnswer], "these answers"),
    (&[A::Mark, A::MarkRange, A::MarkAll], "mark, mark to here, all"),
    (&[A::TakeFirst, A::TakeSecond, A::TakeThird], "take this choice"),
];

/// Other words under which people look for an action.
const ALSO: [(Action, &str); 13] = [
    (A::Add, "new enter spend"),
    (A::EditLimit, "budget increase set"),
    (A::Filter, "search find month march last year"),
    (A::DeleteExpense, "remove"),
    (A::Undo, "take back revert restore"),
    (A::PreviousMonth, "last earlier before"),
    (A::SaveChart, "image png export chart"),
    (A::Snooze, "mute quiet hush"),
    (A::Retry, "refresh reload sync"),
    (A::Sessions, "devices logged in security revoke"),
    (A::Quit, "exit leave"),
    (A::Help, "keys shortcuts"),
    (A::Palette, "command search"),
];

/// What belongs to every screen but is what one does there.
const HERE: [Action; 5] = [A::Add, A::PreviousMonth, A::NextMonth, A::ThisMonth, A::SaveChart];

/// A title and its rows.
pub(super) struct Section {
    pub title: &'static str,
    pub rows: Vec<Row>,
}

/// Keys and what they do.
pub(super) struct Row {
    bindings: Vec<Binding>,
    pub keys: String,
    pub words: String,
}

/// Everything to show: the keys of here, or of everywhere; with something to find, what is found here first.
pub(super) fn sections(model: &Model, help: &Help) -> Vec<Section> {
    let focus = focus_under_overlays(model);
    let here = || of_focus(&model.settings.keys, focus);
    let elsewhere = || of_other_scopes(&model.settings.keys, focus);
    let typed = help.input.value().trim().to_lowercase();
    let mut sections = here();
    if help.all || !typed.is_empty() {
        sections.extend(elsewhere());
    }
    for section in &mut sections {
        section.rows.iter_mut().for_each(|row| row.write(model.skin()));
        section.rows.retain(|row| row.is_found(&typed));
    }
    sections.retain(|section| !section.rows.is_empty());
    sections
}

/// What the help says it is about.
pub(super) fn title(model: &Model, help: &Help) -> String {
    let focus = focus_under_overlays(model);
    match focus.scopes().first() {
        Some(scope) if !help.all => format!("Help: {}", scope.title()),
        _ => "Help: all keys".to_owned(),
    }
}

/// The keys that work here: those of the screen, of lists, of everything.
fn of_focus(keys: &Keymap, focus: Focus) -> Vec<Section> {
    let scopes = focus.scopes();
    let on_screen = scopes.contains(&Scope::Everywhere);
    let (mut first, mut here, mut lists, mut everywhere) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for binding in keys.reached(scopes) {
        let section = match binding.scope {
            // The most needed key of all stands first.
            Scope::Everywhere if binding.action == Action::Add => &mut first,
            Scope::Everywhere | Scope::Always if on_screen && HERE.contains(&binding.action) => &mut here,
            Scope::Everywhere | Scope::Always => &mut everywhere,
            Scope::Lists => &mut lists,
            _ => &mut here,
        };
        section.push(binding);
    }
    first.append(&mut here);
    vec![
        section("Here", first),
        section("Lists", lists),
        section("Everywhere", everywhere),
    ]
}

/// The keys of the scopes that are not in force here.
fn of_other_scopes(keys: &Keymap, focus: Focus) -> Vec<Section> {
    let others = Scope::iter().filter(|scope| !focus.scopes().contains(scope));
    others
        .map(|scope| section(scope.title(), keys.of_scope(scope).cloned()))
        .collect()
}

fn section(title: &'static str, bindings: impl IntoIterator<Item = Binding>) -> Section {
    let mut rows: Vec<Row> = Vec::new();
    for binding in bindings.into_iter().filter(|binding| !binding.keys.is_empty()) {
        let group = |action: Action| TOGETHER.iter().position(|(actions, _)| actions.contains(&action));
        let belongs = |row: &&mut Row| {
            let first = row.bindings.first().map(|first| first.action);
            first == Some(binding.action)
                || group(binding.action).is_some() && first.and_then(group) == group(binding.action)
        };
        match rows.iter_mut().find(belongs) {
            Some(row) => row.bindings.push(binding),
            None => rows.push(Row {
                bindings: vec![binding],
                keys: String::new(),
                words: String::new(),
            }),
        }
    }
    Section { title, rows }
}

impl Row {
    /// Writes the keys and the words: first keys first, then the others, `j k ↓ ↑`.
    fn write(&mut self, skin: &Skin) {
        let most = self.bindings.iter().map(|b| b.keys.len()).max().unwrap_or(0);
        let mut keys: Vec<Chord> = Vec::new();
        for at in 0..most {
            for key in self.bindings.iter().filter_map(|b| b.keys.get(at)) {
                if !keys.contains(key) {
                    keys.push(*key);
                }
            }
        }
        let labels: Vec<String> = keys.iter().map(|key| key_label(*key, skin)).collect();
        self.keys = labels.join(" ");
        let first = self.bindings.first();
        let same = self.bindings.iter().all(|b| Some(b.action) == first.map(|f| f.action));
        let words = match first {
            Some(first) if same => first.help,
            Some(first) => TOGETHER
                .iter()
                .find(|(actions, _)| actions.contains(&first.action))
                .map_or(first.help, |(_, words)| words),
            None => "",
        };
        words.clone_into(&mut self.words);
    }

    /// Whether every word of `typed` is in the row, or it is one of its keys.
    fn is_found(&self, typed: &str) -> bool {
        let also = |action: Action| ALSO.iter().find(|(of, _)| *of == action).map_or("", |(_, words)| words);
        let text = |b: &Binding| format!("{} {} {}", b.help, b.action.name(), also(b.action));
        let texts: Vec<String> = self.bindings.iter().map(text).collect();
        let all = format!("{} {}", self.words, texts.join(" ")).to_lowercase();
        typed.split_whitespace().all(|word| all.contains(word))
            || self.keys.split(' ').any(|key| key.to_lowercase() == typed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("new expense", Action::Add)]
    #[case("restore", Action::Undo)]
    #[case("increase a limit", Action::EditLimit)]
    #[case("mute", Action::Snooze)]
    #[case("search", Action::Filter)]
    #[case("last month", Action::PreviousMonth)]
    #[case("exit", Action::Quit)]
    fn what_people_call_a_thing_finds_it(#[case] typed: &str, #[case] action: Action) {
        let keys = Keymap::default();
        let sections = of_focus(&keys, Focus::Overview).into_iter();
        let rows = sections
            .chain(of_other_scopes(&keys, Focus::Overview))
            .flat_map(|section| section.rows)
            .filter(|row| row.is_found(typed));
        let found: Vec<Action> = rows.flat_map(|row| row.bindings).map(|b| b.action).collect();
        assert!(found.contains(&action), "{typed}: {found:?}");
    }

    #[test]
    fn every_binding_in_force_stands_in_exactly_one_row() {
        let keys = Keymap::default();
        for focus in Focus::iter() {
            let rows: Vec<Row> = of_focus(&keys, focus).into_iter().flat_map(|s| s.rows).collect();
            for binding in keys.reached(focus.scopes()) {
                let found = rows.iter().filter(|row| row.bindings.contains(&binding)).count();
                assert_eq!(found, 1, "{focus:?} {binding:?}");
            }
            let elsewhere = of_other_scopes(&keys, focus);
            let elsewhere = elsewhere
                .iter()
                .flat_map(|section| &section.rows)
                .map(|row| row.bindings.len());
            let here = focus.scopes().iter().flat_map(|scope| keys.of_scope(*scope)).count();
            assert_eq!(elsewhere.sum::<usize>() + here, keys.bindings().len(), "{focus:?}");
        }
    }
}
