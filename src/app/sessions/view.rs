//! How the list of sessions looks.

use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect};
use ratatui::text::{Line, Span};

use super::{Dialog, name};
use crate::api::SessionEntry;
use crate::app::alerts::when;
use crate::app::footer::key_name;
use crate::app::keymap::Action;
use crate::app::model::Model;
use crate::app::view::{BOXED, body_of, cell, empty, number, put_row};
use crate::ui::panel::{self, Panel};
use crate::ui::{self, Role, text};

const WIDTH: u16 = 76;
/// Columns of the network address; the line below the list has it whole.
const FROM: u16 = 18;
/// Columns of when a session was used last.
const USED: u16 = 11;
/// From this width on the address has a column.
const WITH_ADDRESS: u16 = 56;
/// Rows below the list: a blank one, one about the row under the cursor, what to do about a strange one.
const BELOW: u16 = 4;
/// What to do about a session that one does not know.
const ADVICE: [&str; 2] = [
    "Is one not yours? End it, and change the password with:",
    "budget-tracker account password",
];

fn is_tiny(body: Rect) -> bool {
    body.height < BOXED
}

/// The box, and the rows of the list in it.
fn places(model: &Model, body: Rect) -> (Rect, u16) {
    let rows = u16::try_from(model.sessions.rows().len()).unwrap_or(u16::MAX).max(2);
    // The frame or its rule, the titles, what stands below.
    let around = if is_tiny(body) { 2 } else { 3 + BELOW };
    let area = panel::centered(body, WIDTH, rows.saturating_add(around));
    (area, area.height.saturating_sub(around))
}

/// Rows of the list on the present screen.
pub(super) fn list_height(model: &Model) -> usize {
    places(model, body_of(model)).1.into()
}

pub(in crate::app) fn view(model: &Model, dialog: &Dialog, buf: &mut Buffer, body: Rect) {
    let skin = model.skin();
    let (area, height) = places(model, body);
    panel::clear(buf, area);
    let panel = Panel::new("Sessions").focused(true);
    let count = match &dialog.rows {
        Some(rows) => format!("{} in all", model.number(rows.len())),
        None => String::new(),
    };
    let tiny = is_tiny(body);
    let inner = if tiny {
        panel.right(count).render_rule(area, buf, skin).inner(Margin::new(1, 0))
    } else {
        panel.right("Esc close").note(count).render(area, buf, skin)
    };
    let Some(rows) = &dialog.rows else {
        return empty(buf, inner, &nothing(model, dialog, inner.width), skin);
    };
    let top = u16::from(!tiny);
    if !tiny {
        ui::put(buf, ui::row(inner, 0), &titles(model, inner.width));
    }
    let shown = rows.iter().enumerate().skip(dialog.list.offset);
    for (y, (at, row)) in (0..height).zip(shown) {
        let selected = at == dialog.list.selected;
        let line = line(model, row, inner.width, selected);
        put_row(buf, ui::row(inner, top + y), &line, selected, skin);
    }
    let below = top + height + u16::from(!tiny);
    for (y, line) in (below..inner.height).zip(foot(model, inner.width, tiny)) {
        ui::put(buf, ui::row(inner, y), &line);
    }
}

/// What stands where there is no list.
fn nothing(model: &Model, dialog: &Dialog, width: u16) -> Vec<String> {
    match &dialog.failed {
        None => vec!["Asking where you are logged in.".to_owned()],
        Some(why) => {
            let words = format!("{why} {} asks again.", key_name(model, Action::Retry));
            text::wrap(&words, width)
        }
    }
}

fn titles(model: &Model, width: u16) -> Line<'static> {
    let skin = model.skin();
    let muted = skin.theme.style(Role::Muted);
    let (device, from) = columns(width);
    Line::from(vec![
        Span::raw("  "),
        cell(skin, "Device", device, muted),
        cell(skin, "From", from, muted),
        number(skin, "Last used", USED, muted),
    ])
}

/// The widths of the device and of the address.
fn columns(width: u16) -> (u16, u16) {
    let from = if width >= WITH_ADDRESS { FROM } else { 0 };
    (width.saturating_sub(2 + from + USED), from)
}

fn line(model: &Model, row: &SessionEntry, width: u16, selected: bool) -> Line<'static> {
    let skin = model.skin();
    let theme = &skin.theme;
    let muted = theme.style(Role::Muted);
    let used = if model.sessions.ends(row) {
        "ending".to_owned()
    } else if row.current {
        "this one".to_owned()
    } else {
        when(model, row.last_seen)
    };
    let device = if selected {
        theme.selected()
    } else {
        theme.style(Role::Text)
    };
    let cursor = if selected { skin.glyphs.cursor } else { " " };
    let (room, from) = columns(width);
    let mut spans = vec![
        Span::styled(format!("{cursor} "), theme.bold(Role::Accent)),
        cell(skin, name(row), room.saturating_sub(1), device),
        Span::raw(" "),
    ];
    if from > 0 {
        let address = row.address.as_deref().unwrap_or_default();
        spans.push(cell(skin, address, from, theme.style(Role::Text)));
    }
    let role = if row.current { theme.style(Role::Accent) } else { muted };
    spans.push(number(skin, &used, USED, role));
    Line::from(spans)
}

/// Since when and from where the session under the cursor is, and what to do about a strange one.
fn foot(model: &Model, width: u16, tiny: bool) -> Vec<Line<'static>> {
    let skin = model.skin();
    let muted = skin.theme.style(Role::Muted);
    let about = model.sessions.selected().map(|row| {
        let from = row
            .address
            .as_deref()
            .map_or(String::new(), |from| format!(" from {from}"));
        format!("Began {}{from}", when(model, row.created_at))
    });
    let mut words: Vec<String> = about.into_iter().collect();
    if !tiny && model.sessions.others() > 0 {
        words.extend(ADVICE.map(str::to_owned));
    }
    let line = |words: String| Line::styled(skin.fit(&words, width), muted);
    words.into_iter().map(line).collect()
}
