//! How the list of categories looks.

use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Position, Rect};
use ratatui::text::{Line, Span};

use super::{Chooser, Entry, entries};
use crate::app::model::Model;
use crate::app::view::{BOXED, cell, inside, number, put_row};
use crate::ui::panel::{self, Panel};
use crate::ui::{self, Role, Skin, form, scroll};

const WIDTH: u16 = 52;
/// Columns of a note beside a name.
const NOTE: u16 = 14;

pub(in crate::app) fn view(model: &Model, chooser: &Chooser, buf: &mut Buffer, body: Rect) -> Option<Position> {
    let skin = model.skin();
    let entries = entries(model, chooser);
    // As high as the whole list, so that it does not jump while it is narrowed down.
    let all = u16::try_from(model.categories().len() + 6).unwrap_or(u16::MAX);
    let area = panel::centered(body, WIDTH, all);
    panel::clear(buf, area);
    let merging = model.category_name(chooser.merging);
    let title = match chooser.rows.as_slice() {
        _ if chooser.merging.is_some() => format!("Merge {} into", merging.unwrap_or_default()),
        [only] => format!("Category of {}", only.description),
        many => format!("Category of {} expenses", many.len()),
    };
    let panel = Panel::new(&title).focused(true).right("Esc close");
    let inner = if area.height < BOXED {
        panel.render_rule(area, buf, skin).inner(Margin::new(1, 0))
    } else {
        panel.render(area, buf, skin)
    };
    let field = form::Field::finding(chooser.find.value(), chooser.find.cursor(), "type to find");
    let cursor = field.render(ui::row(inner, 0), buf, skin);
    let gap = u16::from(area.height >= BOXED);
    let list = Rect {
        y: inner.y + 1 + gap,
        height: inner.height.saturating_sub(1 + gap),
        ..inner
    };
    draw_entries(&entries, chooser, buf, list, skin);
    inside(cursor, inner)
}

fn draw_entries(entries: &[Entry], chooser: &Chooser, buf: &mut Buffer, area: Rect, skin: &Skin) {
    if entries.is_empty() {
        let why = skin.fit("No category is called like this.", area.width);
        ui::put(buf, ui::row(area, 0), &Line::styled(why, skin.theme.style(Role::Muted)));
        return;
    }
    let at = chooser.at.min(entries.len() - 1);
    let offset = scroll::window(at, 0, entries.len(), area.height.into());
    for (y, (index, entry)) in (0..area.height).zip(entries.iter().enumerate().skip(offset)) {
        let selected = index == at;
        put_row(
            buf,
            ui::row(area, y),
            &line(entry, area.width, selected, skin),
            selected,
            skin,
        );
    }
}

fn line(entry: &Entry, width: u16, selected: bool, skin: &Skin) -> Line<'static> {
    let theme = &skin.theme;
    let note = match (entry.likely, entry.present) {
        (Some(percent), true) => format!("now, {percent}%"),
        (Some(percent), false) => format!("{percent}% likely"),
        (None, true) => "now".to_owned(),
        (None, false) => String::new(),
    };
    let name = if selected {
        theme.selected()
    } else {
        theme.style(Role::Text)
    };
    let cursor = if selected { skin.glyphs.cursor } else { " " };
    Line::from(vec![
        Span::styled(format!("{cursor} "), theme.bold(Role::Accent)),
        cell(skin, &entry.name, width.saturating_sub(2 + NOTE), name),
        number(skin, &note, NOTE.min(width), theme.style(Role::Muted)),
    ])
}
