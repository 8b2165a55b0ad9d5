//! The box under the fields of an expense whose category was changed: make a rule of it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Field, Shown};
use crate::app::add_expense::form::Holds;
use crate::app::always;
use crate::app::footer::key_of;
use crate::app::keymap::{Action, Scope};
use crate::ui::{self, Role, text};

/// Draws the box in the first row, if a rule is offered; the rest of the area is for others.
pub(super) fn draw(shown: Shown<'_>, buf: &mut Buffer, area: Rect) -> Rect {
    let Some(merchant) = shown.form.offered(shown.model).filter(|_| area.height > 0) else {
        return area;
    };
    let skin = shown.skin();
    let focused = shown.form.focus == Field::Always;
    let cursor = if focused {
        format!("{} ", skin.glyphs.cursor)
    } else {
        String::new()
    };
    let words = format!(
        "{cursor}{}",
        always::label(shown.form.holds == Holds::Always, &merchant)
    );
    let words = skin.fit(&words, area.width);
    let role = if focused { Role::Accent } else { Role::Text };
    let mut spans = vec![Span::styled(words, skin.theme.bold(role))];
    let key = if focused {
        key_of(shown.model, Scope::AlwaysBox, Action::Always)
    } else {
        key_of(shown.model, Scope::ExpenseForm, Action::Always)
    };
    let hint = format!("  {key}");
    if ui::span_width(&spans) + text::width(&hint) <= area.width {
        spans.push(Span::styled(hint, skin.theme.style(Role::Muted)));
    }
    ui::put(buf, ui::row(area, 0), &Line::from(spans));
    let taken = if area.height > 4 { 2 } else { 1 };
    Rect {
        y: area.y + taken,
        height: area.height - taken,
        ..area
    }
}
