//! Form parts: a text field with its label and error, a check box, the row of buttons.
//!
//! The state of a field (text, cursor) belongs to the screen; this draws it.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::header::Hint;
use super::theme::{Role, Skin};
use super::{put, row, span_width, text};

/// A text field: a label row, the input row, and rows for the error if the area has them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Field<'a> {
    /// What to write here.
    pub label: &'a str,
    /// A remark on the right of the label.
    pub hint: &'a str,
    /// The text as it may be seen; a secret comes masked, see [`Skin::mask`].
    pub value: &'a str,
    /// The column of the cursor in `value`, see [`cursor_column`].
    pub cursor: usize,
    /// Whether keys go to this field.
    pub focused: bool,
    /// What is wrong with the text, and what to do.
    pub error: Option<&'a str>,
    /// The text has been checked and is right.
    pub ok: bool,
    /// What an empty field shows, for example `today`.
    pub placeholder: &'a str,
}

impl<'a> Field<'a> {
    /// A field without a label that says what to find; the cursor stands before character `index` of `value`.
    #[must_use]
    pub fn finding(value: &'a str, index: usize, placeholder: &'a str) -> Self {
        Self {
            value,
            cursor: cursor_column(value, index),
            focused: true,
            placeholder,
            ..Self::default()
        }
    }
}

impl Field<'_> {
    /// Draws the field; where the terminal's cursor belongs, if the field is focused and in sight.
    pub fn render(&self, area: Rect, buf: &mut Buffer, skin: &Skin) -> Option<Position> {
        self.render_noted(area, buf, skin, &Line::default())
    }

    /// [`Field::render`] with a remark at the right end of the input row, shown while text and remark both fit.
    pub fn render_noted(&self, area: Rect, buf: &mut Buffer, skin: &Skin, note: &Line<'_>) -> Option<Position> {
        self.render_marked(area, buf, skin, note, &[])
    }

    /// [`Field::render_noted`] with some bytes of the value in the accent colour: what was understood of it.
    pub fn render_marked(
        &self,
        area: Rect,
        buf: &mut Buffer,
        skin: &Skin,
        note: &Line<'_>,
        marks: &[Range<usize>],
    ) -> Option<Position> {
        let area = area.intersection(buf.area);
        let labelled = u16::from(area.height > 1);
        if labelled == 1 {
            put(buf, row(area, 0), &self.label_line(area, skin));
        }
        for (index, line) in (labelled + 1..area.height).zip(self.error_lines(area, skin)) {
            put(buf, row(area, index), &line);
        }
        let input = row(area, labelled);
        if input.is_empty() {
            return None;
        }
        buf.set_style(input, skin.theme.style(Role::Field));
        // Without a label row there is no other place that tells of an error.
        let body = self.draw_right(input, buf, skin, note, labelled == 0);
        let cursor = self.draw_input(input, body, buf, skin);
        for mark in marks {
            buf.set_style(self.columns(mark, body), skin.theme.style(Role::Accent));
        }
        cursor
    }

    /// Where some bytes of the value are drawn in `body`.
    fn columns(&self, bytes: &Range<usize>, body: Rect) -> Rect {
        let column = |at: usize| self.value.get(..at).map_or(0, text::width);
        let scroll = self.scroll(body);
        let [start, end] = [bytes.start, bytes.end].map(|at| column(at).saturating_sub(scroll).min(body.width));
        Rect {
            x: body.x + start,
            width: end.saturating_sub(start),
            ..body
        }
    }

    /// The columns of the value that are hidden on the left, to keep the cursor in sight.
    fn scroll(&self, body: Rect) -> u16 {
        if self.focused {
            // The cursor may stand after the last letter, so it needs a column of its own.
            self.cursor_in_value().saturating_sub(body.width.saturating_sub(1))
        } else {
            0
        }
    }

    fn cursor_in_value(&self) -> u16 {
        u16::try_from(self.cursor)
            .unwrap_or(u16::MAX)
            .min(text::width(self.value))
    }

    fn label_line(&self, area: Rect, skin: &Skin) -> Line<'static> {
        let theme = &skin.theme;
        let style = if self.focused {
            theme.bold(Role::Accent)
        } else {
            theme.style(Role::Muted)
        };
        let label = skin.fit(self.label, area.width);
        let room = area.width.saturating_sub(text::width(&label) + 3);
        // Two rows have no place for an error below, so it takes that of the hint.
        let (remark, role) = match self.error {
            Some(error) if area.height == 2 => (format!("{} {error}", skin.glyphs.cross), Role::Over),
            _ => (self.hint.to_owned(), Role::Muted),
        };
        let mut spans = vec![Span::styled(label, style)];
        if !remark.is_empty() && room > 0 {
            spans.push(Span::raw("   "));
            spans.push(Span::styled(skin.fit(&remark, room), theme.style(role)));
        }
        Line::from(spans)
    }

    fn error_lines(&self, area: Rect, skin: &Skin) -> Vec<Line<'static>> {
        let Some(error) = self.error.filter(|_| area.height > 2) else {
            return Vec::new();
        };
        let style = skin.theme.style(Role::Over);
        let room = area.width.saturating_sub(2);
        let rows = usize::from(area.height - 2);
        let mut lines = text::wrap(error, room);
        if lines.len() > rows {
            // The last row shows that something is missing.
            let rest = lines.split_off(rows - 1).join(" ");
            lines.push(skin.fit(&rest, room));
        }
        let marks = std::iter::once(skin.glyphs.cross).chain(std::iter::repeat(" "));
        lines
            .iter()
            .zip(marks)
            .map(|(line, mark)| Line::styled(format!("{mark} {line}"), style))
            .collect()
    }

    /// Draws the edge and as much of the text as `body` shows.
    fn draw_input(&self, area: Rect, body: Rect, buf: &mut Buffer, skin: &Skin) -> Option<Position> {
        let theme = &skin.theme;
        let edge = if self.focused { skin.glyphs.edge } else { " " };
        put(buf, area, &Line::styled(edge, theme.style(Role::Accent)));
        let (cursor, scroll) = (self.cursor_in_value(), self.scroll(body));
        let (shown, role) = if self.value.is_empty() {
            (skin.fit(self.placeholder, body.width), Role::Muted)
        } else if self.focused {
            (text::slice(self.value, scroll, body.width), Role::Text)
        } else {
            (skin.fit(self.value, body.width), Role::Text)
        };
        put(buf, body, &Line::styled(shown, theme.style(role)));
        (self.focused && body.width > 0).then(|| Position::new(body.x + (cursor - scroll).min(body.width - 1), body.y))
    }

    /// Draws the mark and the remark on the right and returns the room that is left for the text.
    fn draw_right(&self, area: Rect, buf: &mut Buffer, skin: &Skin, note: &Line<'_>, bare: bool) -> Rect {
        let body = Rect {
            x: area.x + 1,
            width: area.width - 1,
            ..area
        };
        let mut spans: Vec<Span<'_>> = Vec::new();
        let noted = span_width(&note.spans);
        let needed = text::width(self.value).max(text::width(self.placeholder));
        if noted > 0 && needed.saturating_add(noted).saturating_add(4) <= body.width {
            spans.extend(note.spans.iter().cloned());
        } else if self.error.is_some() && bare {
            spans.push(Span::styled(skin.glyphs.cross, skin.theme.style(Role::Over)));
        } else if self.ok {
            spans.push(Span::styled(skin.glyphs.tick, skin.theme.style(Role::Ok)));
        }
        let width = span_width(&spans);
        // A mark is worth its place only beside some text.
        if width == 0 || width + 8 > body.width {
            return Rect {
                width: body.width.saturating_sub(u16::from(body.width > 2)),
                ..body
            };
        }
        let at = Rect {
            x: body.right() - width - 1,
            width,
            ..body
        };
        put(buf, at, &Line::from(spans));
        Rect {
            width: body.width - width - 2,
            ..body
        }
    }
}

/// The column of a cursor that stands before character `index` of `value`.
#[must_use]
pub fn cursor_column(value: &str, index: usize) -> usize {
    let end = value.char_indices().nth(index).map_or(value.len(), |(at, _)| at);
    usize::from(text::width(&value[..end]))
}

/// A check box with a muted remark.
#[must_use]
pub fn checkbox(label: &str, hint: &str, checked: bool, focused: bool, skin: &Skin) -> Line<'static> {
    let theme = &skin.theme;
    let box_style = if focused {
        theme.bold(Role::Accent)
    } else {
        theme.style(Role::Muted)
    };
    let label_style = if focused {
        theme.bold(Role::Text)
    } else {
        theme.style(Role::Text)
    };
    Line::from(vec![
        Span::styled(if checked { "[x] " } else { "[ ] " }, box_style),
        Span::styled(text::fit(label, u16::MAX), label_style),
        Span::styled(format!("  {}", text::fit(hint, u16::MAX)), theme.style(Role::Muted)),
    ])
}

/// The row of buttons: the one that Enter presses as a block, then as many whole hints as fit in `width`.
#[must_use]
pub fn buttons(primary: Hint<'_>, hints: &[Hint<'_>], width: u16, skin: &Skin) -> Line<'static> {
    let block = format!("  {}  {}  ", primary.words, primary.key);
    let mut spans = vec![Span::styled(skin.fit(&block, width), skin.theme.button())];
    for hint in hints {
        let mut more = vec![Span::raw("   ")];
        more.extend(hint.spans(skin));
        if span_width(&spans) + span_width(&more) > width {
            break;
        }
        spans.append(&mut more);
    }
    Line::from(spans)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::tests::skins;
    use proptest::prelude::*;
    use rstest::rstest;

    /// The rows of a field of `width` x `height`, and the cursor.
    fn drawn(field: &Field<'_>, width: u16, height: u16) -> (Vec<String>, Option<Position>) {
        let area = Rect::new(0, 0, width, height);
        let mut buf = Buffer::empty(area);
        let cursor = field.render(area, &mut buf, &skins()[1]);
        let rows = buf
            .content()
            .chunks(usize::from(width))
            .map(|row| row.iter().map(ratatui::buffer::Cell::symbol).collect());
        (rows.collect(), cursor)
    }

    #[rstest]
    #[case("abc", 3, "|abc    ", 4)]
    #[case("abc", 1, "|abc    ", 2)]
    #[case("abcdefghij", 10, "|fghij  ", 6)]
    #[case("abcdefghij", 0, "|abcdef ", 1)]
    #[case("", 0, "|today  ", 1)]
    fn the_cursor_is_in_sight(#[case] value: &str, #[case] cursor: usize, #[case] row: &str, #[case] column: u16) {
        let field = Field {
            value,
            cursor,
            focused: true,
            placeholder: "today",
            ..Field::default()
        };
        assert_eq!(
            drawn(&field, 8, 1),
            (vec![row.to_owned()], Some(Position::new(column, 0)))
        );
    }

    #[rstest]
    #[case(0, "|東京 4.20   ", vec![6, 7, 8, 9])]
    #[case(14, "|京 4.20 yest ", vec![3, 4, 5, 6])]
    fn what_was_understood_is_marked(#[case] cursor: usize, #[case] row: &str, #[case] marked: Vec<u16>) {
        let field = Field {
            value: if cursor == 0 {
                "東京 4.20"
            } else {
                "東京 4.20 yesterday"
            },
            cursor,
            focused: true,
            ..Field::default()
        };
        let area = Rect::new(
            0,
            0,
            u16::try_from(row.chars().count() + usize::from(cursor == 0) + 1).unwrap(),
            1,
        );
        let mut buf = Buffer::empty(area);
        let skin = skins()[0];
        field.render_marked(area, &mut buf, &skin, &Line::default(), std::slice::from_ref(&(7..11)));
        let accent = skin.theme.style(Role::Accent).fg.unwrap();
        let found: Vec<u16> = (1..area.width).filter(|&x| buf[(x, 0)].fg == accent).collect();
        assert_eq!(found, marked);
    }

    #[test]
    fn half_a_wide_letter_is_not_drawn() {
        let field = Field {
            value: "東京タワー",
            cursor: 10,
            focused: true,
            ..Field::default()
        };
        let (rows, cursor) = drawn(&field, 8, 1);
        assert_eq!(rows, ["| ワ ー   "]);
        assert_eq!(cursor, Some(Position::new(6, 0)));
    }

    #[test]
    fn an_error_has_a_place_at_every_height() {
        let field = Field {
            label: "Amount",
            value: "x",
            error: Some("Type a number."),
            ..Field::default()
        };
        assert_eq!(drawn(&field, 24, 1).0, [" x                    x "]);
        assert_eq!(drawn(&field, 24, 2).0[0], "Amount   x Type a numbe~");
        assert_eq!(drawn(&field, 24, 3).0[2], "x Type a number.        ");
        assert_eq!(drawn(&field, 12, 4).0[2..], ["x Type a    ", "  number.   "]);
    }

    #[test]
    fn only_the_focused_field_has_the_cursor() {
        assert_eq!(drawn(&Field::default(), 24, 2).1, None);
    }

    #[rstest]
    #[case("東京 a", 1, 2)]
    #[case("東京 a", 9, 6)]
    #[case("e\u{301}a", 2, 1)]
    fn a_cursor_has_a_column(#[case] value: &str, #[case] index: usize, #[case] column: usize) {
        assert_eq!(cursor_column(value, index), column);
    }

    proptest! {
        #[test]
        fn a_mask_shows_the_length_and_nothing_else(secret in any::<String>()) {
            for skin in skins() {
                let mask = skin.mask(&secret);
                prop_assert!(mask.chars().all(|c| skin.glyphs.mask.starts_with(c)));
                let index = secret.chars().count();
                prop_assert_eq!(cursor_column(&mask, index), index);
            }
        }
    }
}
