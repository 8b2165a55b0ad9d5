//! How a question looks.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{About, Question};
use crate::app::alerts::when;
use crate::app::conflict::Conflict;
use crate::app::footer::key_label;
use crate::app::keymap::Focus;
use crate::app::model::Model;
use crate::app::view::cell;
use crate::app::was::{MOST, Was, words};
use crate::ui::panel::{self, Panel};
use crate::ui::{self, Role, Skin, text};

const WIDTH: u16 = 64;
/// Below this width there is no room for dates.
const NARROW: u16 = 50;

pub(in crate::app) fn view(model: &Model, question: &Question, buf: &mut Buffer, body: Rect) {
    let skin = model.skin();
    let width = WIDTH.min(body.width);
    let inner = width.saturating_sub(4);
    let (title, mut lines) = match &question.about {
        About::Confirm(confirm) => ("Please confirm", wrapped(&confirm.question, inner, skin)),
        About::End(ending) => ("Please confirm", wrapped(&ending.question(), inner, skin)),
        About::LogOut => (
            "Please confirm",
            wrapped("Log out? Coming back takes your password.", inner, skin),
        ),
        About::Was(was) => ("What it was", was_lines(model, was, inner)),
        About::Conflict(conflict) => ("Changed elsewhere", conflict_lines(model, conflict, inner)),
    };
    lines.push(Line::default());
    lines.extend(answer_lines(model, question, inner));
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
    let area = panel::centered(body, width, height);
    panel::clear(buf, area);
    let inner = Panel::new(title)
        .focused(true)
        .right("Esc close")
        .render(area, buf, skin);
    // The answers are never cut off: in a small window the text above them is.
    let hidden = lines.len().saturating_sub(usize::from(inner.height));
    for (y, line) in (0_u16..).zip(lines.iter().skip(hidden)) {
        ui::put(buf, ui::row(inner, y), line);
    }
}

fn wrapped(words: &str, width: u16, skin: &Skin) -> Vec<Line<'static>> {
    let style = skin.theme.style(Role::Text);
    let rows = text::wrap(words, width).into_iter();
    rows.map(|row| Line::styled(row, style)).collect()
}

fn conflict_lines(model: &Model, conflict: &Conflict, width: u16) -> Vec<Line<'static>> {
    let skin = model.skin();
    let theme = &skin.theme;
    let words = format!("{} was changed elsewhere meanwhile.", conflict.subject());
    let mut lines = wrapped(&words, width, skin);
    let differences = conflict.differences(model);
    if model.pending.refresh.is_some() {
        lines.push(Line::styled("Asking what stands there now.", theme.style(Role::Muted)));
    } else if differences.is_empty() {
        let words = "Both want the same, or it is not in the month shown.";
        lines.push(Line::styled(skin.fit(words, width), theme.style(Role::Muted)));
    } else {
        let column = width.saturating_sub(13) / 2;
        let muted = theme.style(Role::Muted);
        lines.push(Line::from(vec![
            cell(skin, "", 13, muted),
            cell(skin, "theirs", column, muted),
            cell(skin, "mine", column, muted),
        ]));
        lines.extend(differences.iter().map(|difference| {
            Line::from(vec![
                cell(skin, difference.name, 13, muted),
                cell(
                    skin,
                    &difference.there,
                    column.saturating_sub(1),
                    theme.bold(Role::Text),
                ),
                Span::raw(" "),
                cell(skin, &difference.here, column, theme.bold(Role::Text)),
            ])
        }));
    }
    lines
}

/// What gave way, newest first: when, what, and to what.
fn was_lines(model: &Model, was: &Was, width: u16) -> Vec<Line<'static>> {
    let skin = model.skin();
    let (muted, bold) = (skin.theme.style(Role::Muted), skin.theme.bold(Role::Text));
    let mut lines = wrapped(&was.expense.description, width, skin);
    lines.truncate(2);
    let rows = match &was.rows {
        None => {
            lines.push(Line::styled("Asking what it was.", muted));
            return lines;
        }
        Some(Err(failure)) => {
            lines.extend(wrapped(failure, width, skin));
            return lines;
        }
        Some(Ok(rows)) => rows,
    };
    if rows.is_empty() {
        let words = "No change of somebody else was overwritten here.";
        lines.extend(wrapped(words, width, skin).into_iter().map(|line| line.style(muted)));
        return lines;
    }
    let dates = if width < NARROW { 0 } else { 13 };
    let column = width.saturating_sub(dates + 13) / 2;
    let head = [("", dates), ("", 13), ("was", column), ("became", column)];
    lines.push(Line::from_iter(
        head.map(|(word, width)| cell(skin, word, width, muted)),
    ));
    for row in rows.iter().take(MOST) {
        let words = words(model, &row.change);
        lines.push(Line::from(vec![
            cell(skin, &when(model, row.at), dates, muted),
            cell(skin, words.name, 13, muted),
            cell(skin, &words.was, column.saturating_sub(1), bold),
            Span::raw(" "),
            cell(skin, &words.now, column, skin.theme.style(Role::Text)),
        ]));
    }
    if rows.len() > MOST {
        lines.push(Line::styled(format!("And {} older.", rows.len() - MOST), muted));
    }
    lines
}

/// The buttons with their keys; below each other where they do not fit side by side.
fn answer_lines(model: &Model, question: &Question, width: u16) -> Vec<Line<'static>> {
    let skin = model.skin();
    let theme = &skin.theme;
    let keys = &model.settings.keys;
    let buttons: Vec<Vec<Span<'static>>> = question
        .answers()
        .iter()
        .enumerate()
        .map(|(at, answer)| {
            let key = keys.key(Focus::Question.scopes(), answer.action);
            let key = key.map_or(String::new(), |chord| format!(" {}", key_label(chord, skin)));
            if at == question.selected {
                vec![Span::styled(format!(" {}{key} ", answer.words), theme.button())]
            } else {
                vec![
                    Span::styled(format!(" {}", answer.words), theme.style(Role::Text)),
                    Span::styled(format!("{key} "), theme.bold(Role::Accent)),
                ]
            }
        })
        .collect();
    let gap = Span::raw("  ");
    let together: Vec<Span<'static>> = buttons.join(&gap);
    if ui::span_width(&together) <= width {
        vec![Line::from(together)]
    } else {
        buttons.into_iter().map(Line::from).collect()
    }
}
