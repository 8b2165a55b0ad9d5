//! How the help looks.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::Help;
use super::rows::{self, Row, Section};
use crate::app::footer::key_name;
use crate::app::keymap::Action;
use crate::app::model::Model;
use crate::app::view::{body_of, cell, inside};
use crate::domain::{Outlook, Progress};
use crate::ui::bar::{self, BudgetBar};
use crate::ui::panel::{self, Panel};
use crate::ui::{self, Role, Skin, form, text};

const WIDTH: u16 = 92;
/// From this width on there are two columns.
const TWO_COLUMNS: u16 = 72;
/// From this height on there is a free row below what is typed.
const ROOMY: u16 = 16;

pub(in crate::app) fn view(model: &Model, help: &Help, buf: &mut Buffer, body: Rect) -> Option<Position> {
    let skin = model.skin();
    let (area, columns) = layout(model, help, body);
    panel::clear(buf, area);
    let title = rows::title(model, help);
    let panel = Panel::new(&title).focused(true).right(remark(area.width, help));
    let (top, height) = (top(area), usize::from(list_height(area)));
    let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
    let more = if rows > height {
        format!("{} more rows, {} {}", rows - height, arrows(skin).0, arrows(skin).1)
    } else {
        String::new()
    };
    let inner = panel.note(more).render(area, buf, skin);
    let cursor = draw_field(help, buf, ui::row(inner, 0), skin);
    let list = Rect {
        y: inner.y + top,
        height: list_height(area),
        ..inner
    };
    if columns.iter().all(Vec::is_empty) {
        let typed = help.input.value().trim();
        let palette = key_name(model, Action::Palette);
        let words = format!("No key does \"{typed}\". {palette} finds commands, categories and months.");
        ui::put(
            buf,
            ui::row(list, 0),
            &Line::styled(skin.fit(&words, list.width), skin.theme.style(Role::Muted)),
        );
    }
    let each = list.width / u16::try_from(columns.len()).unwrap_or(1).max(1);
    let offset = help.offset.min(rows.saturating_sub(height));
    for (x, column) in (0_u16..).zip(&columns) {
        let place = Rect {
            x: list.x + x * each,
            width: each,
            ..list
        };
        for (y, line) in (0..list.height).zip(column.iter().skip(offset)) {
            ui::put(buf, ui::row(place, y), line);
        }
    }
    inside(cursor, inner)
}

fn arrows(skin: &Skin) -> (&'static str, &'static str) {
    if skin.glyphs.arrow.is_ascii() {
        ("Up", "Down")
    } else {
        ("↑", "↓")
    }
}

fn remark(width: u16, help: &Help) -> &'static str {
    match (width, help.all) {
        (..50, _) => "type to find",
        (_, false) => "type to find   F1 all   Esc close",
        (_, true) => "type to find   F1 here   Esc close",
    }
}

fn draw_field(help: &Help, buf: &mut Buffer, area: Rect, skin: &Skin) -> Option<Position> {
    let field = form::Field::finding(help.input.value(), help.input.cursor(), "find a key by what it does");
    field.render(area, buf, skin)
}

/// Rows above the list, inside the box.
fn top(area: Rect) -> u16 {
    if area.height >= ROOMY { 2 } else { 1 }
}

fn list_height(area: Rect) -> u16 {
    area.height.saturating_sub(2 + top(area))
}

/// How far the help can be scrolled, and how many rows are a page.
pub(super) fn scrolling(model: &Model) -> (usize, usize) {
    let Some(help) = &model.help else { return (0, 1) };
    let (area, columns) = layout(model, help, body_of(model));
    let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
    let height = usize::from(list_height(area));
    (rows.saturating_sub(height), height.saturating_sub(1).max(1))
}

/// The box, and its columns.
fn layout(model: &Model, help: &Help, body: Rect) -> (Rect, Vec<Vec<Line<'static>>>) {
    let skin = model.skin();
    let width = WIDTH.min(body.width);
    let sections = rows::sections(model, help);
    let looking = !help.input.value().trim().is_empty();
    let inner = width.saturating_sub(4);
    let two = width >= TWO_COLUMNS;
    let column = if two { inner / 2 } else { inner };
    let mut blocks: Vec<Vec<Line<'static>>> = sections.iter().map(|section| block(section, column, skin)).collect();
    if !looking {
        blocks.push(legend(model, column));
    }
    let columns = if two { balanced(&blocks) } else { vec![blocks.concat()] };
    // The box keeps its size while one types.
    let rows = if looking {
        usize::MAX
    } else {
        columns.iter().map(Vec::len).max().unwrap_or(0)
    };
    let height = u16::try_from(rows.saturating_add(4))
        .unwrap_or(u16::MAX)
        .min(body.height);
    (panel::centered(body, width, height), columns)
}

/// Two columns of about the same height; the order goes down the left one and on in the right one.
fn balanced(blocks: &[Vec<Line<'static>>]) -> Vec<Vec<Line<'static>>> {
    let rows = |blocks: &[Vec<Line<'static>>]| blocks.iter().map(Vec::len).sum::<usize>();
    let longer = |at: &usize| rows(&blocks[..*at]).max(rows(&blocks[*at..]));
    let split = (0..=blocks.len()).min_by_key(longer).unwrap_or(0);
    vec![blocks[..split].concat(), blocks[split..].concat()]
}

/// A section with its title, as wide as its column, and a free row after it.
fn block(section: &Section, width: u16, skin: &Skin) -> Vec<Line<'static>> {
    let widest = section.rows.iter().map(|row| text::width(&row.keys)).max().unwrap_or(0);
    let keys = widest.clamp(7, width / 2);
    let title = Line::styled(format!(" {}", section.title), skin.theme.bold(Role::Text));
    let rows = section.rows.iter().flat_map(|row| row_lines(row, keys, width, skin));
    std::iter::once(title).chain(rows).chain([Line::default()]).collect()
}

/// A row of the help; more keys than fit side by side go on below.
fn row_lines(row: &Row, keys: u16, width: u16, skin: &Skin) -> Vec<Line<'static>> {
    let theme = &skin.theme;
    let words = skin.fit(&row.words, width.saturating_sub(5 + keys));
    let words = std::iter::once(words).chain(std::iter::repeat(String::new()));
    let lines = text::wrap(&row.keys, keys).into_iter().zip(words);
    let line = |(labels, words): (String, String)| {
        Line::from(vec![
            Span::raw("   "),
            cell(skin, &labels, keys, theme.bold(Role::Accent)),
            Span::raw("  "),
            Span::styled(words, theme.style(Role::Text)),
        ])
    };
    lines.map(line).collect()
}

/// What the bars of the overview mean, with two of them.
fn legend(model: &Model, width: u16) -> Vec<Line<'static>> {
    let skin = model.skin();
    let (theme, glyphs) = (&skin.theme, &skin.glyphs);
    let muted = theme.style(Role::Muted);
    let bar_width = width.saturating_sub(6).min(30);
    let progress = Progress {
        day: 22,
        length: 30,
        closed: false,
    };
    let sample = |spent, forecast, risk| {
        let sample = BudgetBar {
            spent,
            limit: Some(100),
            forecast: Some(forecast),
            progress,
            fixed: false,
            risk,
        };
        let mut spans = vec![Span::raw("   ")];
        spans.extend(bar::line(&sample, bar_width, skin).spans);
        Line::from(spans)
    };
    let mark = |glyph: &str, role| Span::styled(format!("{glyph} "), theme.style(role));
    let words = |words: &str| Span::styled(format!("{words}  "), muted);
    let mut scale = vec![Span::raw("   ")];
    scale.extend(bar::scale_line(bar_width, progress, "today", "limit", skin).spans);
    vec![
        Line::styled(" Reading the bars", theme.bold(Role::Text)),
        Line::from(scale),
        sample(45, 85, Outlook::OnPace),
        sample(112, 112, Outlook::Over(12)),
        Line::from(vec![
            Span::raw("   "),
            mark(glyphs.bar, Role::Muted),
            words("spent"),
            mark(&format!("{}{}", glyphs.forecast, glyphs.diamond), Role::Muted),
            words("forecast"),
            mark(glyphs.beyond, Role::Muted),
            words("beyond"),
        ]),
        Line::from(vec![
            Span::raw("   "),
            mark(glyphs.ok, Role::Ok),
            words("on pace"),
            mark(glyphs.warn, Role::Warn),
            words("will pass"),
        ]),
        Line::from(vec![
            Span::raw("   "),
            mark(glyphs.over, Role::Over),
            words("over"),
            mark(glyphs.fixed, Role::Ok),
            words("a bill, no pace"),
        ]),
    ]
}
