//! A list with a cursor that stays on its row while rows come and go.

use ratatui::layout::{Position, Rect};
use uuid::Uuid;

use super::keymap::Action;
use crate::ui::scroll;

/// The cursor of a list and the part of it that is on the screen.
#[derive(Clone, Debug, Default)]
pub(super) struct List {
    /// Index of the row under the cursor.
    pub selected: usize,
    /// Index of the first row on the screen.
    pub offset: usize,
    /// The row under the cursor: it is found again when the order changes.
    pub id: Option<Uuid>,
}

/// What lies under the mouse.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Spot {
    /// Index of the row.
    pub row: usize,
    /// Index of the row under the cursor.
    pub selected: usize,
}

impl List {
    /// The row at a place of the screen, where the rows lie in `area` and each takes `height` rows of it.
    pub(super) fn at(&self, column: u16, row: u16, area: Rect, height: u16, len: usize) -> Option<Spot> {
        if !area.contains(Position::new(column, row)) {
            return None;
        }
        let found = self.offset + usize::from((row - area.y) / height.max(1));
        (found < len).then_some(Spot {
            row: found,
            selected: self.selected,
        })
    }

    /// Follows its row to the new place; when the row is gone the cursor stays where it was.
    pub(super) fn settle(&mut self, ids: &[Uuid], height: usize) {
        let found = ids.iter().position(|id| Some(*id) == self.id);
        self.put(found.unwrap_or(self.selected), ids, height);
    }

    /// Moves the cursor, if `action` is a movement.
    pub(super) fn go(&mut self, action: Action, ids: &[Uuid], height: usize) {
        let page = (height / 2).max(1);
        let to = match action {
            Action::Down => self.selected.saturating_add(1),
            Action::Up => self.selected.saturating_sub(1),
            Action::PageDown => self.selected.saturating_add(page),
            Action::PageUp => self.selected.saturating_sub(page),
            Action::First => 0,
            Action::Last => usize::MAX,
            _ => return,
        };
        self.put(to, ids, height);
    }

    fn put(&mut self, at: usize, ids: &[Uuid], height: usize) {
        self.selected = at.min(ids.len().saturating_sub(1));
        self.offset = scroll::window(self.selected, self.offset, ids.len(), height);
        self.id = ids.get(self.selected).copied();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(numbers: &[u128]) -> Vec<Uuid> {
        numbers.iter().copied().map(Uuid::from_u128).collect()
    }

    #[test]
    fn the_cursor_follows_its_row() {
        let mut list = List::default();
        list.settle(&ids(&[1, 2, 3, 4]), 2);
        list.go(Action::Last, &ids(&[1, 2, 3, 4]), 2);
        assert_eq!((list.selected, list.offset), (3, 2));
        list.settle(&ids(&[4, 3, 2, 1]), 2);
        assert_eq!((list.selected, list.offset), (0, 0));
    }

    #[test]
    fn a_row_that_is_gone_leaves_the_cursor_where_it_was() {
        let mut list = List::default();
        list.go(Action::Down, &ids(&[1, 2, 3]), 9);
        list.settle(&ids(&[1, 3]), 9);
        assert_eq!((list.selected, list.id), (1, Some(Uuid::from_u128(3))));
        list.settle(&[], 9);
        assert_eq!((list.selected, list.id), (0, None));
    }
}
