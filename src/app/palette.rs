//! The palette: every command that works here, found by a few of its letters.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use tui_input::Input;

use super::effect::Effect;
use super::keymap::Action;
use super::model::Model;
use super::msg::Stamp;
use super::update::perform;
use crate::ui::scroll;

mod entries;
mod view;
#[cfg(test)]
pub(super) use entries::is_command;
use entries::{Entry, Run};
pub(super) use view::view;

/// What a match is worth at least, in tenths of the best one.
const CLOSE_TO_BEST: u32 = 6;
/// What each typed letter is worth at least: 16 where it stands, less what lies between it and the one before.
const EACH_LETTER: u32 = 13;

/// What is typed, what it finds, and the row that Enter runs.
#[derive(Clone, Debug, Default)]
pub(super) struct Palette {
    input: Input,
    found: Vec<Found>,
    selected: usize,
    offset: usize,
}

/// An entry, and which of its letters were typed, by grapheme.
#[derive(Clone, PartialEq, Debug)]
struct Found {
    entry: Entry,
    letters: Vec<usize>,
}

/// Opens it with nothing typed.
pub(super) fn open(model: &mut Model) {
    model.palette = Some(Palette::default());
    find(model);
}

/// What works may have changed since the last message.
pub(super) fn settle(model: &mut Model) {
    if model.palette.is_some() {
        find(model);
    }
}

/// Fills the list: without a word all entries in their order, with one the best match first.
fn find(model: &mut Model) {
    let Some(palette) = &model.palette else { return };
    let typed = palette.input.value().trim().to_owned();
    let entries = entries::all(model);
    let found = if typed.is_empty() {
        let all = |entry| Found {
            entry,
            letters: Vec::new(),
        };
        entries.into_iter().map(all).collect()
    } else {
        matching(&typed, entries)
    };
    let height = view::list_height(model);
    if let Some(palette) = &mut model.palette {
        palette.found = found;
        palette.go_to(palette.selected, height);
    }
}

fn matching(typed: &str, entries: Vec<Entry>) -> Vec<Found> {
    let pattern = Pattern::new(typed, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut buffer = Vec::new();
    let mut found: Vec<(u32, Found)> = Vec::new();
    for entry in entries {
        let mut letters = Vec::new();
        let text = Utf32Str::new(&entry.text, &mut buffer);
        if let Some(score) = pattern.indices(text, &mut matcher, &mut letters) {
            let letters = letters.iter().filter_map(|at| usize::try_from(*at).ok()).collect();
            found.push((score, Found { entry, letters }));
        }
    }
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    // What holds the letters only scattered over itself is not what was meant.
    let typed = u32::try_from(typed.chars().filter(|c| !c.is_whitespace()).count()).unwrap_or(u32::MAX);
    let best = found.first().map_or(0, |(score, _)| *score);
    let least = (best / 10 * CLOSE_TO_BEST).max(typed.saturating_mul(EACH_LETTER));
    found.retain(|(score, _)| *score >= least);
    found.into_iter().map(|(_, found)| found).collect()
}

impl Palette {
    fn go_to(&mut self, at: usize, height: usize) {
        self.selected = at.min(self.found.len().saturating_sub(1));
        self.offset = scroll::window(self.selected, self.offset, self.found.len(), height);
    }
}

/// Lets `edit` change what is typed.
pub(super) fn on_typed(model: &mut Model, edit: impl FnOnce(&mut Input) -> bool) -> Vec<Effect> {
    if let Some(palette) = &mut model.palette
        && edit(&mut palette.input)
    {
        (palette.selected, palette.offset) = (0, 0);
        find(model);
    }
    Vec::new()
}

pub(super) fn on_action(model: &mut Model, action: Action, stamp: Stamp) -> Vec<Effect> {
    let height = view::list_height(model);
    let Some(palette) = &mut model.palette else {
        return Vec::new();
    };
    let (at, last) = (palette.selected, palette.found.len().saturating_sub(1));
    match action {
        Action::Down => palette.go_to(if at == last { 0 } else { at + 1 }, height),
        Action::Up => palette.go_to(at.checked_sub(1).unwrap_or(last), height),
        Action::PageDown => palette.go_to(at.saturating_add(height), height),
        Action::PageUp => palette.go_to(at.saturating_sub(height), height),
        Action::Cancel => model.palette = None,
        Action::Submit => return run(model, stamp),
        _ => {}
    }
    Vec::new()
}

/// Runs the entry under the cursor as if its key had been pressed.
fn run(model: &mut Model, stamp: Stamp) -> Vec<Effect> {
    let Some(palette) = &mut model.palette else {
        return Vec::new();
    };
    if palette.found.is_empty() {
        return Vec::new();
    }
    let chosen = palette.found.swap_remove(palette.selected).entry.run;
    model.palette = None;
    match chosen {
        Run::Action(action) => perform(model, action, stamp),
        other => entries::run(model, other),
    }
}
