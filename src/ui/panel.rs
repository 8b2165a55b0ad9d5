//! The box round a pane, the rule that stands for it where there is no room, and the place of a dialog.

use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::{Margin, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Widget};

use super::theme::{Role, Skin};
use super::{put, row, span_width};

/// A pane with a title.
#[derive(Clone, Default, Debug)]
pub struct Panel<'a> {
    /// What the pane shows.
    pub title: &'a str,
    /// Whether keys go to this pane.
    pub focused: bool,
    /// A remark on the right of the title; left out where there is no room.
    pub right: Line<'a>,
    /// A remark in the bottom right corner, for example `1 of 9`.
    pub note: Line<'a>,
}

impl<'a> Panel<'a> {
    /// A pane without remarks.
    #[must_use]
    pub fn new(title: &'a str) -> Self {
        Self {
            title,
            ..Self::default()
        }
    }

    /// Marks the pane that has the keyboard.
    #[must_use]
    pub fn focused(mut self, focused: bool) -> Self {
        self.focused = focused;
        self
    }

    /// Sets the remark on the right of the title.
    #[must_use]
    pub fn right(mut self, right: impl Into<Line<'a>>) -> Self {
        self.right = right.into();
        self
    }

    /// Sets the remark in the bottom right corner.
    #[must_use]
    pub fn note(mut self, note: impl Into<Line<'a>>) -> Self {
        self.note = note.into();
        self
    }

    /// Draws the box and returns the room inside, with one free column on the left and the right.
    pub fn render(&self, area: Rect, buf: &mut Buffer, skin: &Skin) -> Rect {
        let area = area.intersection(buf.area);
        if area.width < 2 || area.height < 2 {
            return Rect { height: 0, ..area };
        }
        let edge = skin.theme.style(if self.focused { Role::Accent } else { Role::Faint });
        Block::bordered()
            .border_set(skin.glyphs.border)
            .border_style(edge)
            .render(area, buf);
        let rail = area.inner(Margin::new(2, 0));
        self.draw_titles(row(rail, 0), buf, skin);
        let bottom = row(rail, area.height - 1);
        let note = remark(&self.note, skin);
        if span_width(&note.spans) <= bottom.width {
            put_title(buf, bottom, &note, true);
        }
        area.inner(Margin::new(2, 1))
    }

    /// Draws the pane as a title on a rule, for narrow screens, and returns the room below.
    pub fn render_rule(&self, area: Rect, buf: &mut Buffer, skin: &Skin) -> Rect {
        let area = area.intersection(buf.area);
        let top = row(area, 0);
        let rule = skin.glyphs.rule.repeat(usize::from(top.width));
        put(buf, top, &Line::styled(rule, skin.theme.style(Role::Faint)));
        self.draw_titles(top, buf, skin);
        Rect {
            y: area.y.saturating_add(top.height),
            height: area.height - top.height,
            ..area
        }
    }

    fn draw_titles(&self, rail: Rect, buf: &mut Buffer, skin: &Skin) {
        let title = self.title_line(rail.width, skin);
        let used = span_width(&title.spans);
        put_title(buf, rail, &title, false);
        let right = remark(&self.right, skin);
        if used + span_width(&right.spans) < rail.width {
            put_title(buf, rail, &right, true);
        }
    }

    fn title_line(&self, width: u16, skin: &Skin) -> Line<'static> {
        let role = if self.focused { Role::Accent } else { Role::Text };
        let mark = if self.focused {
            format!(" {} ", skin.glyphs.cursor)
        } else {
            " ".to_owned()
        };
        let room = width.saturating_sub(super::text::width(&mark) + 1);
        if self.title.is_empty() || room == 0 {
            return Line::default();
        }
        Line::from(vec![
            Span::styled(mark, skin.theme.style(role)),
            Span::styled(skin.fit(self.title, room), skin.theme.bold(role)),
            Span::raw(" "),
        ])
    }
}

/// A rectangle of `width` x `height` in the middle of `area`, smaller where it has to be.
#[must_use]
pub fn centered(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    }
}

/// Empties `area` for a dialog. A wide letter that reaches into it from the left goes too: it would cover the edge.
pub fn clear(buf: &mut Buffer, area: Rect) {
    let area = area.intersection(buf.area);
    for position in area.positions() {
        buf[position].reset();
    }
    if area.x > buf.area.x && !area.is_empty() {
        for y in area.top()..area.bottom() {
            let cell = &mut buf[(area.x - 1, y)];
            if cell.symbol().cell_width() > 1 {
                cell.set_symbol(" ");
            }
        }
    }
}

/// A remark between spaces that part it from the rule; spans without a style of their own are muted.
fn remark(line: &Line<'_>, skin: &Skin) -> Line<'static> {
    if line.spans.iter().all(|span| span.content.is_empty()) {
        return Line::default();
    }
    let base = skin.theme.style(Role::Muted).patch(line.style);
    let mut spans = vec![Span::raw(" ")];
    spans.extend(
        line.spans
            .iter()
            .map(|span| Span::styled(span.content.clone().into_owned(), base.patch(span.style))),
    );
    spans.push(Span::raw(" "));
    Line::from(spans)
}

/// Writes a title over the rule. Its cells start afresh: a dim rule must not make dim words.
fn put_title(buf: &mut Buffer, rail: Rect, line: &Line<'_>, on_right: bool) {
    let width = span_width(&line.spans).min(rail.width);
    let x = if on_right { rail.right() - width } else { rail.x };
    let area = Rect { x, width, ..rail };
    for position in area.positions() {
        buf[position].reset();
    }
    put(buf, area, line);
}
