//! The form of an expense beside the list: its fields one under the other.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::{Field, Form, Reading, Shown, after, always, fields, prediction};
use crate::app::add_expense::form::{FIELDS, Guess};
use crate::app::model::Model;
use crate::app::view::inside;
use crate::ui::{self, Hint, Role, form, text};

/// Draws the form into the inside of a pane; where the cursor belongs.
///
/// `notes` stand under the fields while nothing is predicted for what is typed.
pub(in crate::app) fn pane(
    model: &Model,
    form: &Form,
    notes: &[Line<'_>],
    buf: &mut Buffer,
    inner: Rect,
) -> Option<Position> {
    // Label, input, and a row for what is wrong where there is room.
    let each = if inner.height >= 18 { 3 } else { 2 };
    let reading = Reading::of(model, form);
    let shown = Shown {
        model,
        form,
        reading: &reading,
    };
    let mut cursor = None;
    for (at, which) in (0_u16..).zip(FIELDS) {
        let place = Rect {
            y: inner.y + at * each,
            height: each,
            ..inner
        }
        .intersection(inner);
        cursor = fields::draw(shown, which, buf, place).or(cursor);
        draw_error(model, form, which, place, buf);
    }
    let top = inner.y + 4 * each;
    // The last row has the buttons; over a blank one stands what the change will come to.
    let after = u16::from(inner.height > 4 * each + 6);
    let bottom = inner.bottom().saturating_sub(1 + 3 * after);
    if after == 1 {
        after::draw(shown, buf, ui::row(inner, inner.height - 3));
    }
    let rest = Rect {
        y: top,
        height: bottom.saturating_sub(top),
        ..inner
    };
    let rest = always::draw(shown, buf, rest.intersection(inner));
    if form.guess == Guess::None && form.trouble.is_none() {
        for (y, line) in (0..rest.height).zip(notes) {
            ui::put(buf, ui::row(rest, y), line);
        }
    } else {
        prediction::draw(shown, buf, rest);
    }
    let (primary, hints): (Hint<'_>, &[Hint<'_>]) = if form.is_sending() {
        (Hint::new(model.skin().glyphs.waiting, "Saving"), &[])
    } else {
        (Hint::new("Enter", "Save"), &[Hint::new("Esc", "drop")])
    };
    let buttons = form::buttons(primary, hints, inner.width, model.skin());
    ui::put(buf, ui::row(inner, inner.height.saturating_sub(1)), &buttons);
    inside(cursor, inner)
}

/// What is wrong with a field, under it; the description tells that itself.
fn draw_error(model: &Model, form: &Form, which: Field, place: Rect, buf: &mut Buffer) {
    let skin = model.skin();
    if let Some(why) = form.error(which).filter(|_| which != Field::Description) {
        let words = format!("{} {why}", skin.glyphs.cross);
        // Without a row of its own it takes that of the label.
        let row = if place.height > 2 { 2 } else { 0 };
        let width = text::width(&words).min(place.width);
        let at = Rect {
            x: place.right() - width,
            width,
            ..ui::row(place, row)
        };
        let at = if row == 2 { ui::row(place, 2) } else { at };
        ui::put(
            buf,
            at,
            &Line::styled(skin.fit(&words, place.width), skin.theme.style(Role::Over)),
        );
    }
}
