//! The part of a long list that is in memory: whole pages round the cursor.
//!
//! A page can only be asked for by the cursor at which it begins, and that cursor is the end of the page before.
//! So the pages that were dropped at the front leave their beginnings behind, and the list can be walked back.

use std::cmp::Ordering;
use std::collections::VecDeque;

use uuid::Uuid;

use crate::api::Expense;

/// Rows in a page.
pub(super) const PAGE: usize = 200;
/// Pages are dropped only while this many rows stay.
const KEEP: usize = 600;
/// A page goes only when the row under the cursor is this far from it.
const NEAR: usize = 300;

/// Where a page begins; none is the beginning of the list.
type Start = Option<String>;

/// Consecutive rows of a list, and how to reach their neighbours.
#[derive(Clone, Debug, Default)]
pub(super) struct Window {
    /// The pages before the rows: their beginnings and lengths.
    before: Vec<(Start, usize)>,
    rows: VecDeque<Expense>,
    /// The pages that the rows came in: their beginnings and lengths.
    pages: VecDeque<(Start, usize)>,
    /// Where the page after the rows begins, if there is one.
    next: Option<String>,
}

/// How far the index of every row moved: rows went (less than zero) or came (more) in front of it.
pub(super) type Shift = isize;

impl Window {
    /// The first page of a list.
    pub(super) fn first(rows: Vec<Expense>, next: Option<String>) -> Self {
        Self::at(None, rows, next)
    }

    fn at(start: Start, rows: Vec<Expense>, next: Option<String>) -> Self {
        Self {
            before: Vec::new(),
            pages: VecDeque::from([(start, rows.len())]),
            rows: rows.into(),
            next,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn get(&self, at: usize) -> Option<&Expense> {
        self.rows.get(at)
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &Expense> + ExactSizeIterator {
        self.rows.iter()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Expense> {
        self.rows.iter_mut()
    }

    pub(super) fn position(&self, id: Uuid) -> Option<usize> {
        self.rows.iter().position(|row| row.id == id)
    }

    /// Rows of the list that stand before the window.
    pub(super) fn skipped(&self) -> usize {
        self.before.iter().map(|(_, count)| count).sum()
    }

    /// Whether this is the beginning of the list, as one page.
    pub(super) fn is_first_page(&self) -> bool {
        self.before.is_empty() && self.pages.len() <= 1 && self.len() <= PAGE
    }

    /// Where the first row stands: asking from here on gives the same rows again.
    pub(super) fn start(&self) -> Option<&str> {
        self.pages.front()?.0.as_deref()
    }

    /// Where the page after the rows begins.
    pub(super) fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// Where the page before the rows begins, and its length.
    pub(super) fn previous(&self) -> Option<(Option<&str>, usize)> {
        self.before.last().map(|(start, count)| (start.as_deref(), *count))
    }

    /// The same place in the list, asked for once more.
    pub(super) fn renew(&mut self, rows: Vec<Expense>, next: Option<String>) {
        let start = self.start().map(str::to_owned);
        let before = std::mem::take(&mut self.before);
        *self = Self {
            before,
            ..Self::at(start, rows, next)
        };
    }

    /// Takes the page after the rows in; far from row `cursor`, those at the front go.
    pub(super) fn append(&mut self, rows: Vec<Expense>, next: Option<String>, cursor: usize) -> Shift {
        let start = std::mem::replace(&mut self.next, next);
        self.pages.push_back((start, rows.len()));
        self.rows.extend(rows);
        let mut gone = 0;
        while let Some((_, count)) = self.pages.front()
            && self.len() >= KEEP + count
            && cursor >= gone + count + NEAR
        {
            gone += count;
            self.rows.drain(..*count);
            self.before.extend(self.pages.pop_front());
        }
        -signed(gone)
    }

    /// Takes the page before the rows in; far from row `cursor`, those at the end go.
    ///
    /// When the page no longer ends where the rows begin, because rows came or went between, the page alone stays.
    pub(super) fn prepend(&mut self, rows: Vec<Expense>, next: Option<String>, cursor: usize) -> Shift {
        let Some((start, _)) = self.before.pop() else { return 0 };
        if next.as_deref() != self.start() {
            let before = std::mem::take(&mut self.before);
            *self = Self {
                before,
                ..Self::at(start, rows, next)
            };
            return 0;
        }
        let count = rows.len();
        self.pages.push_front((start, count));
        for row in rows.into_iter().rev() {
            self.rows.push_front(row);
        }
        while let Some((start, last)) = self.pages.back()
            && self.len() >= KEEP + last
            && cursor + count + NEAR < self.len() - last
        {
            self.next.clone_from(start);
            self.rows.truncate(self.rows.len() - last);
            self.pages.pop_back();
        }
        signed(count)
    }

    /// Puts a row that is not there in its place in the order of `rank`, if that place is in the window: below
    /// the row `above` among those of the same rank.
    pub(super) fn put(&mut self, row: Expense, above: Option<Uuid>, rank: impl Fn(&Expense, &Expense) -> Ordering) {
        let alike = |at: &usize| rank(&self.rows[*at], &row) == Ordering::Equal;
        let below = above.and_then(|id| self.position(id)).filter(alike).map(|at| at + 1);
        let at = below.unwrap_or_else(|| self.rows.partition_point(|other| rank(other, &row) == Ordering::Less));
        let known = self.position(row.id).is_some();
        let beyond = (at == 0 && !self.before.is_empty()) || (at == self.len() && self.next.is_some());
        if known || (beyond && below.is_none()) {
            return;
        }
        self.rows.insert(at, row);
        if self.pages.is_empty() {
            self.pages.push_back((None, 0));
        }
        if let Some((_, count)) = self.page_of(at) {
            *count += 1;
        }
    }

    /// The page that row `at` belongs to; the last one beyond the end.
    fn page_of(&mut self, at: usize) -> Option<&mut (Start, usize)> {
        let mut end = 0;
        let page = self.pages.iter().position(|(_, count)| {
            end += count;
            at < end
        });
        let page = page.unwrap_or(self.pages.len().saturating_sub(1));
        self.pages.get_mut(page)
    }

    /// Takes a row out.
    pub(super) fn remove(&mut self, id: Uuid) {
        let Some(at) = self.position(id) else { return };
        if let Some((_, count)) = self.page_of(at) {
            *count -= 1;
        }
        self.rows.remove(at);
    }
}

/// A number of rows that are in memory, as a difference.
fn signed(rows: usize) -> Shift {
    Shift::try_from(rows).unwrap_or(Shift::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::expense::CategorySource;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn row(number: u128) -> Expense {
        Expense {
            id: Uuid::from_u128(number),
            day: date(2026, 11, 22),
            description: String::new(),
            amount_minor: 1,
            category_id: None,
            category_source: CategorySource::None,
            confidence: 0,
            revision: 1,
            created_at: 0,
            note: None,
        }
    }

    /// A list on a server: numbers in rising order; a cursor is the number after which a page begins.
    struct Server(Vec<u128>);

    impl Server {
        fn page(&self, cursor: Option<&str>, limit: usize) -> (Vec<Expense>, Option<String>) {
            let after = cursor.map(|text| text.parse::<u128>().unwrap());
            let mut found = self.0.iter().copied().filter(|n| after.is_none_or(|a| *n > a));
            let rows: Vec<Expense> = found.by_ref().take(limit).map(row).collect();
            let last = rows.last().map(|row| row.id.as_u128());
            let next = found.next().and(last).map(|n| n.to_string());
            (rows, next)
        }
    }

    #[derive(Clone, Debug)]
    enum Step {
        Down,
        Up,
        Renew,
        Insert(u128),
        Delete(u128),
        Forget(usize),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            8 => Just(Step::Down),
            6 => Just(Step::Up),
            2 => Just(Step::Renew),
            1 => (0_u128..40_000).prop_map(Step::Insert),
            1 => (0_u128..40_000).prop_map(Step::Delete),
            1 => (0_usize..200).prop_map(Step::Forget),
        ]
    }

    fn take(server: &mut Server, window: &mut Window, step: &Step) {
        match step {
            Step::Down => {
                if let Some(cursor) = window.next().map(str::to_owned) {
                    let (rows, next) = server.page(Some(&cursor), PAGE);
                    let at = window.len().saturating_sub(1);
                    let id = window.get(at).map(|row| row.id);
                    let shift = window.append(rows, next, at);
                    assert_eq!(window.get(at.saturating_add_signed(shift)).map(|row| row.id), id);
                }
            }
            Step::Up => {
                let previous = window
                    .previous()
                    .map(|(start, count)| (start.map(str::to_owned), count));
                if let Some((start, count)) = previous {
                    let (rows, next) = server.page(start.as_deref(), count.max(1));
                    window.prepend(rows, next, 0);
                }
            }
            Step::Renew => {
                let (rows, next) = server.page(window.start(), window.len().clamp(PAGE, 1000));
                window.renew(rows, next);
            }
            Step::Insert(number) => {
                if let Err(at) = server.0.binary_search(number) {
                    server.0.insert(at, *number);
                }
            }
            Step::Delete(number) => server.0.retain(|n| n != number),
            Step::Forget(at) => {
                if let Some(id) = window.get(*at).map(|row| row.id) {
                    server.0.retain(|n| *n != id.as_u128());
                    window.remove(id);
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn a_window_holds_what_the_server_has_there(steps in prop::collection::vec(step(), 1..120)) {
            let mut server = Server((0..3000).map(|n| n * 13).collect());
            let (rows, next) = server.page(None, PAGE);
            let mut window = Window::first(rows, next);
            for step in &steps {
                take(&mut server, &mut window, step);
                prop_assert!(window.len() <= 3000, "{} rows", window.len());
                prop_assert!(window.iter().zip(window.iter().skip(1)).all(|(a, b)| a.id < b.id));
            }
            // Asked for once more, it has no gap.
            take(&mut server, &mut window, &Step::Renew);
            let ids: Vec<u128> = window.iter().map(|row| row.id.as_u128()).collect();
            let first = server.0.iter().position(|n| ids.first() == Some(n)).unwrap_or(0);
            prop_assert_eq!(&ids[..], &server.0[first..first + ids.len()]);
            prop_assert_eq!(window.next().is_some(), first + ids.len() < server.0.len());
        }

        #[test]
        fn the_whole_list_can_be_walked_there_and_back(len in 0_u128..3000) {
            let mut server = Server((0..len).collect());
            let (rows, next) = server.page(None, PAGE);
            let mut window = Window::first(rows, next);
            let mut seen = window.len();
            while window.next().is_some() {
                take(&mut server, &mut window, &Step::Down);
                seen = window.skipped() + window.len();
            }
            prop_assert_eq!(seen as u128, len);
            prop_assert!(window.len() <= KEEP + 2 * PAGE);
            while window.previous().is_some() {
                take(&mut server, &mut window, &Step::Up);
            }
            prop_assert_eq!(window.skipped(), 0);
            prop_assert_eq!(window.get(0).map(|row| row.id.as_u128()), (len > 0).then_some(0));
        }
    }
}
