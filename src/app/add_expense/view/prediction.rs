//! What the category will be, how sure that is, and why.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Shown;
use crate::api::{Choice, Dialect, Note, Prediction};
use crate::app::add_expense::form::Guess;
use crate::app::view::{cell, number};
use crate::domain::expense::{CategorySource, Sureness};
use crate::ui::{self, Role, Skin, text};

/// Rows of a prediction, at most.
const CHOICES: u16 = 3;

pub(super) fn draw(shown: Shown<'_>, buf: &mut Buffer, area: Rect) {
    let (form, skin) = (shown.form, shown.skin());
    let theme = &skin.theme;
    let muted = theme.style(Role::Muted);
    let warned = |words: &str| Line::styled(skin.fit(words, area.width), theme.style(Role::Warn));
    let lines: Vec<Line<'static>> = match &form.guess {
        _ if form.trouble.is_some() => trouble_lines(shown, area),
        _ if shown.model.dialect == Dialect::Classic => {
            vec![Line::styled(
                "The server puts it into a category and says which.",
                muted,
            )]
        }
        Guess::None => {
            let words = if form.before.is_some() {
                also_likely(shown)
            } else {
                "The category follows from the description; arrow keys choose another.".to_owned()
            };
            vec![Line::styled(skin.fit(&words, area.width), muted)]
        }
        Guess::Waiting => waiting_lines(area, skin),
        Guess::Failed(failure) => vec![
            predicted_by("not now; saving works all the same", skin),
            warned(&failure.to_string()),
        ],
        Guess::Known(prediction) if prediction.choices.is_empty() => {
            let mut lines = vec![
                predicted_by("nothing fits", skin),
                warned("? not sure: choose a category, or it waits uncategorised"),
            ];
            lines.extend(note_lines(prediction.note.as_ref(), area, skin));
            lines
        }
        Guess::Known(prediction) => known_lines(shown, prediction, area),
    };
    for (y, line) in (0..area.height).zip(&lines) {
        ui::put(buf, ui::row(area, y), line);
    }
}

/// `Also likely  1 Clothes 31%  2 Groceries 12%`: what the stored expense could be instead.
fn also_likely(shown: Shown<'_>) -> String {
    let others = shown.form.others(shown.model).take(2).enumerate();
    let named: Vec<String> = others
        .map(|(at, choice)| format!("{} {} {}%", at + 1, choice.category, choice.confidence))
        .collect();
    if named.is_empty() {
        String::new()
    } else {
        format!("Also likely  {}", named.join("  "))
    }
}

fn trouble_lines(shown: Shown<'_>, area: Rect) -> Vec<Line<'static>> {
    let skin = shown.skin();
    let why = shown.form.trouble.as_deref().unwrap_or_default();
    let lines = text::wrap(&format!("{} {why}", skin.glyphs.cross), area.width);
    let style = skin.theme.style(Role::Over);
    lines.into_iter().map(|line| Line::styled(line, style)).collect()
}

fn predicted_by(words: &str, skin: &Skin) -> Line<'static> {
    Line::from(vec![
        Span::styled("Predicted", skin.theme.bold(Role::Text)),
        Span::styled(format!("  {words}"), skin.theme.style(Role::Muted)),
    ])
}

/// The rows keep their places until the answer is here.
fn waiting_lines(area: Rect, skin: &Skin) -> Vec<Line<'static>> {
    let dots = skin.glyphs.ellipsis;
    let mut lines = vec![predicted_by(dots, skin)];
    if area.height > CHOICES {
        let row = Line::styled(format!("  {dots}"), skin.theme.style(Role::Muted));
        lines.extend((0..CHOICES).map(|_| row.clone()));
    }
    lines
}

fn known_lines(shown: Shown<'_>, prediction: &Prediction, area: Rect) -> Vec<Line<'static>> {
    let skin = shown.skin();
    let mut lines = Vec::new();
    // Two rows are better spent on the choices than on where they come from.
    if area.height > 2 {
        let source = prediction.source.map_or("", CategorySource::label);
        let source = match shown.form.took {
            ms @ 1..=9999 => format!("{source}, {ms} ms"),
            _ => source.to_owned(),
        };
        lines.push(predicted_by(&source, skin));
    }
    let choices = prediction.choices.iter().enumerate().take(CHOICES.into());
    lines.extend(choices.map(|(at, choice)| choice_line(shown, choice, at, area.width)));
    // Where a service was asked in vain, that says more than the words that decided.
    lines.extend(note_lines(prediction.note.as_ref(), area, skin));
    if !prediction.because.is_empty() {
        let because = format!("  because {}", prediction.because);
        let whole = format!("{because}; any other: Tab to Category");
        let words = if text::width(&whole) <= area.width {
            whole
        } else {
            because
        };
        lines.push(Line::styled(
            skin.fit(&words, area.width),
            skin.theme.style(Role::Muted),
        ));
    }
    lines
}

/// What came of asking a service, where that did not decide.
fn note_lines(note: Option<&Note>, area: Rect, skin: &Skin) -> Vec<Line<'static>> {
    let Some(note) = note else { return Vec::new() };
    let lines = text::wrap(
        &format!("{} {}", skin.glyphs.over, note.message.trim_end_matches('.')),
        area.width,
    );
    let style = skin.theme.style(Role::Warn);
    lines.into_iter().map(|line| Line::styled(line, style)).collect()
}

/// `▸ Dining ▆▆▆▆▆▆▆▆····  96%  Enter takes this`.
fn choice_line(shown: Shown<'_>, choice: &Choice, at: usize, width: u16) -> Line<'static> {
    let (reading, skin) = (shown.reading, shown.skin());
    let theme = &skin.theme;
    let taken = reading.category() == Some(choice.category_id);
    let auto = reading.chosen.is_none();
    let sureness = Sureness::of(choice.confidence);
    let (role, name) = if taken {
        (Role::Accent, theme.bold(Role::Accent))
    } else {
        (Role::Muted, theme.style(Role::Text))
    };
    let bar = width.saturating_sub(2 + 18 + 7 + 20).min(30);
    let percent = match sureness {
        Sureness::Fair if taken => format!("{}{}%", sureness.mark(), choice.confidence),
        _ => format!("{}%", choice.confidence),
    };
    let (words, words_role) = match (taken, sureness) {
        (true, Sureness::Unsure) if auto => ("? not sure", Role::Warn),
        (true, _) => ("Enter takes this", Role::Muted),
        (false, _) if at == 1 && auto => (
            if skin.glyphs.arrow.is_ascii() {
                "Down chooses"
            } else {
                "↓ chooses"
            },
            Role::Muted,
        ),
        (false, _) => ("", Role::Muted),
    };
    let cursor = if taken { skin.glyphs.cursor } else { " " };
    let mut spans = vec![
        Span::styled(format!("{cursor} "), theme.bold(Role::Accent)),
        cell(skin, &choice.category, 18, name),
    ];
    spans.extend(ui::bar::meter(choice.confidence, bar, role, skin).spans);
    spans.push(number(skin, &percent, 7, theme.bold(Role::Text)));
    if ui::span_width(&spans) + 2 + text::width(words) <= width {
        spans.push(Span::styled(format!("  {words}"), theme.style(words_role)));
    }
    Line::from(spans)
}
