//! How the help looks.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Help;
use crate::app::footer::key_label;
use crate::app::keymap::{Binding, Scope};
use crate::app::model::Model;
use crate::app::update::focus_under_help;
use crate::app::view::{body_of, cell};
use crate::ui::panel::{self, Panel};
use crate::ui::{self, Role, Skin};

const WIDTH: u16 = 92;
/// From this width on there are two columns.
const TWO_COLUMNS: u16 = 72;

pub(in crate::app) fn view(model: &Model, help: &Help, buf: &mut Buffer, body: Rect) {
    let skin = model.skin();
    let (area, columns) = layout(model, body);
    panel::clear(buf, area);
    let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
    let height = usize::from(area.height.saturating_sub(2));
    let right = if rows > height {
        "j k scroll   Esc close"
    } else {
        "Esc close"
    };
    let inner = Panel::new("Help").focused(true).right(right).render(area, buf, skin);
    let each = inner.width / u16::try_from(columns.len()).unwrap_or(1).max(1);
    for (x, column) in (0_u16..).zip(&columns) {
        let place = Rect {
            x: inner.x + x * each,
            width: each,
            ..inner
        };
        for (y, line) in (0..inner.height).zip(column.iter().skip(help.offset)) {
            ui::put(buf, ui::row(place, y), line);
        }
    }
}

/// How far the help can be scrolled.
pub(super) fn last_offset(model: &Model) -> usize {
    let (area, columns) = layout(model, body_of(model));
    let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
    rows.saturating_sub(usize::from(area.height.saturating_sub(2)))
}

fn layout(model: &Model, body: Rect) -> (Rect, Vec<Vec<Line<'static>>>) {
    let skin = model.skin();
    let scopes = focus_under_help(model).scopes();
    let width = WIDTH.min(body.width);
    let sections: Vec<Vec<Line<'static>>> = scopes.iter().map(|scope| section(model, *scope)).collect();
    let columns = if width >= TWO_COLUMNS {
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for (scope, lines) in scopes.iter().zip(sections) {
            if matches!(scope, Scope::Everywhere | Scope::Always) {
                right.extend(lines);
            } else {
                left.extend(lines);
            }
        }
        let bars = legend(skin);
        if right.is_empty() {
            right.extend(bars);
        } else {
            left.extend(bars);
        }
        vec![left, right]
    } else {
        vec![sections.into_iter().flatten().chain(legend(skin)).collect()]
    };
    let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
    let height = u16::try_from(rows + 2).unwrap_or(u16::MAX).min(body.height);
    (panel::centered(body, width, height), columns)
}

fn section(model: &Model, scope: Scope) -> Vec<Line<'static>> {
    let skin = model.skin();
    let mut lines = vec![Line::styled(scope.title(), skin.theme.bold(Role::Text))];
    lines.extend(model.settings.keys.of_scope(scope).map(|binding| row(binding, skin)));
    lines.push(Line::default());
    lines
}

fn row(binding: &Binding, skin: &Skin) -> Line<'static> {
    let keys: Vec<String> = binding.keys.iter().map(|chord| key_label(*chord, skin)).collect();
    Line::from(vec![
        Span::raw("  "),
        cell(skin, &keys.join(" "), 12, skin.theme.bold(Role::Accent)),
        Span::styled(binding.help, skin.theme.style(Role::Text)),
    ])
}

fn legend(skin: &Skin) -> Vec<Line<'static>> {
    let glyphs = &skin.glyphs;
    let line = |mark: String, words: &str, role: Role| {
        Line::from(vec![
            Span::raw("  "),
            cell(skin, &mark, 12, skin.theme.style(role)),
            Span::styled(skin.fit(words, 60), skin.theme.style(Role::Text)),
        ])
    };
    vec![
        Line::styled("Reading the bars", skin.theme.bold(Role::Text)),
        line(format!("{0}{0}{0}{0}", glyphs.bar), "spent", Role::Ok),
        line(
            format!("{0}{0}{0}{1}", glyphs.forecast, glyphs.diamond),
            "month-end forecast",
            Role::Muted,
        ),
        line(
            format!("{}  {}", glyphs.line, glyphs.line),
            "today, then the limit",
            Role::Text,
        ),
        line(glyphs.over.to_owned(), "over its limit", Role::Over),
        line(glyphs.warn.to_owned(), "will pass it, or ahead", Role::Warn),
        line(glyphs.ok.to_owned(), "on pace", Role::Ok),
        line(glyphs.fixed.to_owned(), "a bill: no pace", Role::Ok),
    ]
}
