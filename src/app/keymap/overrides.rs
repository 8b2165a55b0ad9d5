//! The user's own keys over the built-in ones.
//!
//! Some keys stay what they are, so that nobody locks himself in: Esc, ^C, F1 and the arrows always do what
//! the built-in table says, Enter always submits. A vim key that stands beside an arrow stays too, until the user
//! gives it to something else that is in force at the same time. In text fields letters are text.

use std::collections::BTreeMap;

use crossterm::event::KeyCode;
use strum::IntoEnumIterator;

use super::chord::did_you_mean;
use super::table::{Row, TABLE};
use super::{Action, Chord, ChordError, Focus, Keymap, Scope};
use crate::domain::nearest::nearest;

/// Why the user's keys cannot be taken.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{problem}")]
pub struct KeymapError {
    /// The entry at fault, as it was written: `add`, `expenses.delete`.
    pub name: String,
    /// What is wrong with it, and what to do.
    pub problem: KeyProblem,
}

/// What can be wrong with an entry of the user's keys.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum KeyProblem {
    /// No action has this name.
    #[error("There is no action \"{name}\".{}", did_you_mean(*suggestion))]
    UnknownAction {
        /// The name.
        name: String,
        /// The one it may have meant.
        suggestion: Option<&'static str>,
    },
    /// No scope has this name.
    #[error("There is no scope \"{name}\".{}", did_you_mean(*suggestion))]
    UnknownScope {
        /// The name.
        name: String,
        /// The one it may have meant.
        suggestion: Option<&'static str>,
    },
    /// The action exists, but not there.
    #[error("\"{}\" does not exist in \"{}\", only in: {}.", action.name(), scope.name(), names(scopes))]
    Elsewhere {
        /// The action.
        action: Action,
        /// Where it was looked for.
        scope: Scope,
        /// Where it is.
        scopes: Vec<Scope>,
    },
    /// One of the keys is none.
    #[error(transparent)]
    Key(#[from] ChordError),
    /// The key types or edits text where the action would be.
    #[error("{key} is text in \"{}\": choose a function key, or a letter with ctrl.", scope.name())]
    Text {
        /// The key.
        key: Chord,
        /// Where it is text.
        scope: Scope,
    },
    /// The key always means the same.
    #[error("{key} always does the same everywhere and cannot do \"{}\": choose another key.", action.name())]
    Fixed {
        /// The key.
        key: Chord,
        /// What it should have done.
        action: Action,
    },
    /// Two actions on one key.
    #[error(
        "{key} would do both \"{}\" and \"{}\" in \"{}\": give one of them another key.",
        actions[0].name(), actions[1].name(), scope.name()
    )]
    Taken {
        /// The key.
        key: Chord,
        /// The two.
        actions: [Action; 2],
        /// Where they meet.
        scope: Scope,
    },
}

fn names(scopes: &[Scope]) -> String {
    let names: Vec<&str> = scopes.iter().map(|scope| scope.name()).collect();
    names.join(", ")
}

impl Keymap {
    /// The built-in table with the user's keys in it: `add` → `["a", "Insert"]` wherever there is such an action,
    /// `expenses.delete` → `["D"]` in one scope only, which is the stronger of the two. No keys at all unbind it.
    ///
    /// # Errors
    /// [`KeymapError`] at the first entry that cannot be taken.
    pub fn with(overrides: &BTreeMap<String, Vec<String>>) -> Result<Self, KeymapError> {
        let mut work = Work {
            keymap: Self::default(),
            own: vec![None; TABLE.len()],
        };
        let (scoped, general): (Vec<_>, Vec<_>) = overrides.iter().partition(|(name, _)| name.contains('.'));
        for (name, keys) in general.into_iter().chain(scoped) {
            let fail = |problem| KeymapError {
                name: name.clone(),
                problem,
            };
            work.bind(name, keys).map_err(fail)?;
        }
        work.give_up_vim_keys();
        work.check()?;
        Ok(work.keymap)
    }
}

/// What the user wrote for one binding.
#[derive(Clone)]
struct Own<'a> {
    name: &'a str,
    keys: Vec<Chord>,
}

/// A keymap being made; its bindings are those of the table, row by row.
struct Work<'a> {
    keymap: Keymap,
    own: Vec<Option<Own<'a>>>,
}

impl<'a> Work<'a> {
    /// Takes one entry.
    fn bind(&mut self, name: &'a str, texts: &[String]) -> Result<(), KeyProblem> {
        let (scope, action) = target(name)?;
        let keys: Vec<Chord> = texts.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
        let rows = |wanted: Option<Scope>| {
            let meant = move |row: &Row| row.action == action && wanted.is_none_or(|scope| scope == row.scope);
            TABLE.iter().enumerate().filter(move |(_, row)| meant(row))
        };
        if let (Some(scope), None) = (scope, rows(scope).next()) {
            let scopes = rows(None).map(|(_, row)| row.scope).collect();
            return Err(KeyProblem::Elsewhere { action, scope, scopes });
        }
        // Without a scope, a key is for those scopes that can take it.
        for &key in &keys {
            if let Some((_, row)) = rows(scope).next()
                && !rows(scope).any(|(_, row)| fits(key, row))
            {
                return Err(if is_fixed(key) {
                    KeyProblem::Fixed { key, action }
                } else {
                    KeyProblem::Text { key, scope: row.scope }
                });
            }
        }
        for (at, row) in rows(scope) {
            let keys: Vec<Chord> = keys.iter().copied().filter(|key| fits(*key, row)).collect();
            let mut all = keys.clone();
            all.extend(row.keys.iter().filter(|key| stays(**key, row) && !keys.contains(key)));
            self.keymap.bindings[at].keys = all;
            self.own[at] = Some(Own { name, keys });
        }
        Ok(())
    }

    /// Takes h, j, k and l from the movements where the user gave them to something else.
    fn give_up_vim_keys(&mut self) {
        for taker in 0..TABLE.len() {
            let own = self.own[taker].as_ref().map_or(&[][..], |own| &own.keys);
            let taken: Vec<Chord> = own.iter().copied().filter(|key| is_vim(*key)).collect();
            for giver in 0..TABLE.len() {
                let kept = self.own[giver].as_ref().map_or(&[][..], |own| &own.keys);
                if meet(&TABLE[taker], &TABLE[giver]).is_some() {
                    let keys = &mut self.keymap.bindings[giver].keys;
                    keys.retain(|key| !taken.contains(key) || kept.contains(key));
                }
            }
        }
    }

    /// Refuses two actions on one key, unless the built-in table wants it so: there the inner scope comes first.
    fn check(&self) -> Result<(), KeymapError> {
        let bindings = self.keymap.bindings();
        for (at, mine) in self.own.iter().enumerate() {
            let Some(mine) = mine else { continue };
            for other in 0..TABLE.len() {
                let Some(scope) = meet(&TABLE[at], &TABLE[other]) else {
                    continue;
                };
                let shared = |key: &&Chord| bindings[other].keys.contains(key);
                if let Some(key) = mine.keys.iter().filter(shared).find(|key| !built_in(**key, at, other)) {
                    return Err(KeymapError {
                        name: mine.name.to_owned(),
                        problem: KeyProblem::Taken {
                            key: *key,
                            actions: [TABLE[at].action, TABLE[other].action],
                            scope,
                        },
                    });
                }
            }
        }
        Ok(())
    }
}

/// The action that an entry is for, and the scope if it names one.
fn target(name: &str) -> Result<(Option<Scope>, Action), KeyProblem> {
    let (scope, action) = match name.split_once('.') {
        Some((scope, action)) => (Some(scope), action),
        None => (None, name),
    };
    let scope = scope
        .map(|name| {
            name.parse().map_err(|_| KeyProblem::UnknownScope {
                name: name.to_owned(),
                suggestion: nearest(name, Scope::iter().map(Scope::name)),
            })
        })
        .transpose()?;
    let action = action.parse().map_err(|_| KeyProblem::UnknownAction {
        name: action.to_owned(),
        suggestion: nearest(action, Action::iter().map(Action::name)),
    })?;
    Ok((scope, action))
}

/// The innermost scope in which two rows with different actions are in force at the same time.
fn meet(one: &Row, other: &Row) -> Option<Scope> {
    if one.action == other.action {
        return None;
    }
    Focus::iter().find_map(|focus| {
        let place = |row: &Row| focus.scopes().iter().position(|scope| *scope == row.scope);
        let inner = place(one)?.min(place(other)?);
        focus.scopes().get(inner).copied()
    })
}

/// Whether two rows of the table share a key.
fn built_in(key: Chord, one: usize, other: usize) -> bool {
    TABLE[one].keys.contains(&key) && TABLE[other].keys.contains(&key)
}

/// Whether a row can have a key of the user's.
fn fits(key: Chord, row: &Row) -> bool {
    row.keys.contains(&key) || !(is_fixed(key) || is_text(key) && row.scope.meets_text())
}

/// Whether a built-in key stays, whatever the user binds.
fn stays(key: Chord, row: &Row) -> bool {
    let beside_arrow = || row.keys.iter().any(|key| is_arrow(*key));
    match key.code {
        KeyCode::Enter => matches!(row.action, Action::Submit | Action::KeepFilter),
        _ => is_fixed(key) || is_vim(key) && beside_arrow(),
    }
}

/// Whether a key always does what the built-in table says.
fn is_fixed(key: Chord) -> bool {
    is_arrow(key) || key == Chord::ctrl('c') || matches!(key.code, KeyCode::Esc | KeyCode::F(1))
}

fn is_arrow(key: Chord) -> bool {
    matches!(key.code, KeyCode::Up | KeyCode::Down | KeyCode::Left | KeyCode::Right)
}

fn is_vim(key: Chord) -> bool {
    "hjkl".chars().any(|letter| key == Chord::plain(KeyCode::Char(letter)))
}

/// Whether a key types or edits text in a field.
fn is_text(key: Chord) -> bool {
    key.modifiers.is_empty()
        && matches!(
            key.code,
            KeyCode::Char(_) | KeyCode::Delete | KeyCode::Home | KeyCode::End
        )
}

#[cfg(test)]
mod tests;
