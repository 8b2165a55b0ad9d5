//! How the palette looks.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;

use super::{Found, Palette};
use crate::app::model::Model;
use crate::app::view::{body_of, inside, put_row};
use crate::ui::panel::{self, Panel};
use crate::ui::{self, Role, Skin, form, text};

const WIDTH: u16 = 64;
/// Rows of the whole box: it keeps its size while what is found grows and shrinks.
const HEIGHT: u16 = 19;

/// The box: in the middle, a little above it.
fn area(body: Rect) -> Rect {
    let place = panel::centered(body, WIDTH, HEIGHT);
    Rect {
        y: body.y + (place.y - body.y) / 2,
        ..place
    }
}

/// Rows of the list on the present screen.
pub(super) fn list_height(model: &Model) -> usize {
    usize::from(area(body_of(model)).height.saturating_sub(3))
}

pub(in crate::app) fn view(model: &Model, palette: &Palette, buf: &mut Buffer, body: Rect) -> Option<Position> {
    let skin = model.skin();
    let area = area(body);
    panel::clear(buf, area);
    let place = match palette.found.len() {
        0 => String::new(),
        len => format!("{} of {len}", palette.selected + 1),
    };
    let panel = Panel::new("Commands").focused(true);
    let inner = panel.right("Enter run   Esc close").note(place).render(area, buf, skin);
    let cursor = field(palette, buf, ui::row(inner, 0), skin);
    if palette.found.is_empty() {
        let words = skin.fit("No command here is called that.", inner.width);
        ui::put(
            buf,
            ui::row(inner, 1),
            &Line::styled(words, skin.theme.style(Role::Muted)),
        );
    }
    let rows = palette.found.iter().enumerate().skip(palette.offset);
    for (y, (at, found)) in (1..inner.height).zip(rows) {
        let selected = at == palette.selected;
        put_row(
            buf,
            ui::row(inner, y),
            &row(found, inner.width, selected, skin),
            selected,
            skin,
        );
    }
    inside(cursor, inner)
}

/// What is typed, behind a colon.
fn field(palette: &Palette, buf: &mut Buffer, area: Rect, skin: &Skin) -> Option<Position> {
    let field = form::Field::finding(
        palette.input.value(),
        palette.input.cursor(),
        "type what you want to do",
    );
    field.render(area, buf, skin)
}

/// `▸ add an expense                a`, the typed letters marked.
fn row(found: &Found, width: u16, selected: bool, skin: &Skin) -> Line<'static> {
    let theme = &skin.theme;
    let name = if selected {
        theme.selected()
    } else {
        theme.style(Role::Text)
    };
    let cursor = if selected { skin.glyphs.cursor } else { " " };
    let key = skin.fit(&found.entry.key, width / 3);
    let room = width.saturating_sub(2 + text::width(&key) + 1);
    let mut spans = vec![Span::styled(format!("{cursor} "), theme.bold(Role::Accent))];
    let shown = skin.pad(&found.entry.text, room);
    for (at, letter) in shown.graphemes(true).enumerate() {
        let style = if found.letters.contains(&at) {
            name.patch(theme.bold(Role::Accent))
        } else {
            name
        };
        spans.push(Span::styled(letter.to_owned(), style));
    }
    spans.push(Span::raw(" "));
    spans.push(Span::styled(key, theme.bold(Role::Accent)));
    Line::from(spans)
}
