//! The one table of keys: dispatch, footer, help, palette and manual are made from it.
//!
//! A [`Binding`] says which keys do what in which [`Scope`]. What has the keyboard is a [`Focus`], a row of
//! scopes; the innermost that knows a key decides.

use crossterm::event::KeyEvent;

mod action;
mod chord;
mod overrides;
mod scope;
mod table;

pub use action::Action;
pub use chord::{Chord, ChordError};
pub use overrides::{KeyProblem, KeymapError};
pub use scope::{Focus, Scope};

/// What keys do in one scope.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Binding {
    /// Where it holds.
    pub scope: Scope,
    /// The keys, the one to show first; none when the user took them all away.
    pub keys: Vec<Chord>,
    /// What it does.
    pub action: Action,
    /// What the help and the palette say.
    pub help: &'static str,
    /// The word in the footer, if it stands there.
    pub hint: Option<&'static str>,
}

/// Every binding in force, in the order of the footer and the help.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

impl Default for Keymap {
    /// The built-in table.
    fn default() -> Self {
        let bindings = table::TABLE.iter().map(|row| Binding {
            scope: row.scope,
            keys: row.keys.to_vec(),
            action: row.action,
            help: row.help,
            hint: row.hint,
        });
        Self {
            bindings: bindings.collect(),
        }
    }
}

impl Keymap {
    /// All bindings, in the order of the footer and the help.
    #[must_use]
    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }

    /// The bindings of one scope, in order.
    pub fn of_scope(&self, scope: Scope) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().filter(move |binding| binding.scope == scope)
    }

    /// What `key` does in the first of `scopes` that knows it.
    #[must_use]
    pub fn action(&self, scopes: &[Scope], key: KeyEvent) -> Option<Action> {
        scopes.iter().find_map(|&scope| {
            self.of_scope(scope)
                .find(|binding| binding.keys.iter().any(|chord| chord.is(key)))
                .map(|binding| binding.action)
        })
    }

    /// The bindings of `scopes` that can be reached there: each with those of its keys that no inner scope takes.
    pub fn reached(&self, scopes: &[Scope]) -> impl Iterator<Item = Binding> {
        let all = scopes.iter().flat_map(|scope| self.of_scope(*scope));
        all.filter_map(|binding| {
            let mut reached = binding.clone();
            reached
                .keys
                .retain(|key| self.action(scopes, key.event()) == Some(binding.action));
            (!reached.keys.is_empty()).then_some(reached)
        })
    }

    /// The key to show for an action: the first one that does it with these scopes.
    #[must_use]
    pub fn key(&self, scopes: &[Scope], action: Action) -> Option<Chord> {
        let bindings = scopes.iter().flat_map(|scope| self.of_scope(*scope));
        let mut keys = bindings
            .filter(|binding| binding.action == action)
            .flat_map(|b| &b.keys);
        keys.find(|key| self.action(scopes, key.event()) == Some(action))
            .copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::{KeyCode, KeyModifiers};
    use std::collections::HashSet;
    use strum::IntoEnumIterator;

    #[test]
    fn no_key_has_two_meanings_in_one_scope() {
        let mut seen = HashSet::new();
        for binding in Keymap::default().bindings() {
            for chord in &binding.keys {
                assert!(
                    seen.insert((binding.scope, chord.label())),
                    "{:?} {} is bound twice",
                    binding.scope,
                    chord.label()
                );
            }
        }
    }

    #[test]
    fn every_action_has_a_key() {
        let keys = Keymap::default();
        for action in Action::iter() {
            assert!(
                keys.bindings().iter().any(|b| b.action == action),
                "{action:?} has no key"
            );
        }
    }

    #[test]
    fn keys_that_terminals_cannot_tell_apart_are_not_bound() {
        for binding in Keymap::default().bindings() {
            for chord in &binding.keys {
                let bad = chord.modifiers == KeyModifiers::CONTROL
                    && matches!(chord.code, KeyCode::Char('h' | 'i' | 'j' | 'm' | 's' | 'q' | 'a' | 'b'));
                assert!(!bad && !chord.modifiers.contains(KeyModifiers::ALT), "{chord:?}");
            }
        }
    }

    #[test]
    fn what_a_key_does_fits_into_a_column_of_the_help() {
        for binding in Keymap::default().bindings() {
            assert!(binding.help.len() <= 22, "{:?}", binding.help);
        }
    }

    #[test]
    fn shift_is_part_of_the_letter() {
        let key = KeyEvent::new(KeyCode::Char('X'), KeyModifiers::SHIFT);
        let keys = Keymap::default();
        assert_eq!(keys.action(&[Scope::Alerts], key), Some(Action::MarkAllRead));
        assert_eq!(
            keys.action(&[Scope::Alerts], KeyEvent::new(KeyCode::Char('x'), KeyModifiers::ALT)),
            None
        );
    }
}
