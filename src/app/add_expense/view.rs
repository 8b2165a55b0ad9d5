//! How the form of an expense looks.

use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Position, Rect};

use super::form::{Field, Form};
use super::reading::Reading;
use crate::app::footer::key_of;
use crate::app::keymap::{Action, Scope};
use crate::app::model::Model;
use crate::app::view::inside;
use crate::ui::panel::{self, Panel};
use crate::ui::{self, Hint, Skin, form};

mod after;
mod always;
mod fields;
mod pane;
mod prediction;
pub(in crate::app) use pane::pane;

const WIDTH: u16 = 76;
const HEIGHT: u16 = 20;
/// From this height on there is a box.
const BOXED: u16 = 14;

/// What a part of the form is drawn from.
#[derive(Clone, Copy)]
struct Shown<'a> {
    model: &'a Model,
    form: &'a Form,
    reading: &'a Reading,
}

impl<'a> Shown<'a> {
    fn skin(self) -> &'a Skin {
        self.model.skin()
    }
}

pub(in crate::app) fn view(model: &Model, form: &Form, buf: &mut Buffer, body: Rect) -> Option<Position> {
    let skin = model.skin();
    let area = panel::centered(body, WIDTH, HEIGHT);
    panel::clear(buf, area);
    let title = if form.before.is_some() {
        "Edit expense"
    } else {
        "Add expense"
    };
    let tiny = area.height < BOXED;
    let panel = Panel::new(title).focused(true).right("Esc close");
    let inner = if tiny {
        panel.render_rule(area, buf, skin).inner(Margin::new(1, 0))
    } else {
        panel.render(area, buf, skin)
    };
    let reading = Reading::of(model, form);
    let shown = Shown {
        model,
        form,
        reading: &reading,
    };
    let cursor = if tiny {
        draw_tiny(shown, buf, inner)
    } else {
        draw_boxed(shown, buf, inner)
    };
    inside(cursor, inner)
}

/// `height` rows of `area` from row `y` on.
fn rows(area: Rect, y: u16, height: u16) -> Rect {
    Rect {
        y: area.y + y,
        height,
        ..area
    }
    .intersection(area)
}

fn draw_boxed(shown: Shown<'_>, buf: &mut Buffer, inner: Rect) -> Option<Position> {
    let top = u16::from(inner.height >= 17);
    let mut cursor = fields::draw_description(shown, buf, rows(inner, top, 3));
    cursor = fields::draw_short(shown, buf, rows(inner, top + 3, 3)).or(cursor);
    let rest = always::draw(shown, buf, rows(inner, top + 6, 6));
    prediction::draw(shown, buf, rest);
    after::draw(shown, buf, rows(inner, top + 12, 1));
    draw_buttons(shown, buf, rows(inner, inner.height.saturating_sub(2), 1));
    cursor
}

/// A small window has the fields, and below them what is wrong or what is predicted.
fn draw_tiny(shown: Shown<'_>, buf: &mut Buffer, inner: Rect) -> Option<Position> {
    let mut cursor = fields::draw_description(shown, buf, rows(inner, 0, 2));
    cursor = fields::draw_short(shown, buf, rows(inner, 2, 3)).or(cursor);
    if shown.form.first_error(&fields::SHORT).is_none() {
        let rest = always::draw(shown, buf, rows(inner, 4, inner.height.saturating_sub(4)));
        prediction::draw(shown, buf, rest);
    }
    cursor
}

fn draw_buttons(shown: Shown<'_>, buf: &mut Buffer, area: Rect) {
    let keep = if shown.form.is_draft() { "keep" } else { "close" };
    let discard = key_of(shown.model, Scope::ExpenseForm, Action::Discard);
    let (new, next, close) = (
        Hint::new("^N", "save + new"),
        Hint::new("Tab", "next"),
        Hint::new("Esc", keep),
    );
    let (primary, hints) = if shown.form.pending.is_some() {
        let saving = Hint::new(shown.skin().glyphs.waiting, "Saving");
        (saving, vec![Hint::new("Esc", "cancel")])
    } else if shown.form.before.is_some() {
        (Hint::new("Enter", "Save"), vec![next, close])
    } else if shown.form.is_draft() && !discard.is_empty() {
        let discard = Hint::new(&discard, "discard");
        (Hint::new("Enter", "Save"), vec![new, next, close, discard])
    } else {
        (Hint::new("Enter", "Save"), vec![new, next, close])
    };
    ui::put(buf, area, &form::buttons(primary, &hints, area.width, shown.skin()));
}
