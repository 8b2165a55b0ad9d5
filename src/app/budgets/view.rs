//! How the limits look.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::{new_limit, rows};
use crate::api::{CategorySummary, Dialect};
use crate::app::model::Model;
use crate::app::view::{BOXED, WAITING, body_of, cell, empty, list_panel, number, put_row};
use crate::domain::{Kind, Money};
use crate::ui::panel::Panel;
use crate::ui::{self, Role, form, text};

/// Lines under the list: what can be typed.
const FOOT: u16 = 3;

/// Rows of the list on the present screen.
pub(super) fn list_height(model: &Model) -> usize {
    let height = body_of(model).height;
    usize::from(if height >= BOXED {
        height.saturating_sub(3 + FOOT)
    } else {
        height.saturating_sub(2)
    })
}

pub(in crate::app) fn view(model: &Model, buf: &mut Buffer, area: Rect) -> Option<Position> {
    let skin = model.skin();
    let title = format!("Budgets for {}", model.shown_month().long_name());
    let panel = Panel::new(&title).focused(true).right("[ ] month").note(sum(model));
    let boxed = area.height >= BOXED;
    let inner = list_panel(&panel, area, buf, skin);
    if model.data.summary.is_none() {
        empty(buf, inner, &[WAITING], skin);
        return None;
    }
    let mut first = 0;
    if boxed {
        ui::put(buf, ui::row(inner, 0), &titles(model, inner.width));
        first = 1;
    }
    let mut cursor = None;
    let height = u16::try_from(list_height(model)).unwrap_or(u16::MAX);
    for (y, (at, row)) in (first..first + height).zip(rows(model).enumerate().skip(model.budgets.list.offset)) {
        let selected = at == model.budgets.list.selected;
        let area = ui::row(inner, y);
        put_row(buf, area, &line(model, row, inner.width, selected), selected, skin);
        if selected {
            cursor = draw_edit(model, buf, area);
        }
    }
    let foot = Rect {
        y: inner.bottom().saturating_sub(if boxed { FOOT - 1 } else { 1 }),
        height: 1,
        ..inner
    };
    draw_foot(model, buf, foot.intersection(inner));
    cursor
}

/// Columns: name, limit, new limit, spent, then bar and outlook in what is left.
fn columns(width: u16) -> [u16; 5] {
    match width {
        90.. => [20, 11, 14, 14, 14],
        60.. => [16, 9, 10, 11, 12],
        _ => [13, 8, 9, 0, 0],
    }
}

fn titles(model: &Model, width: u16) -> Line<'static> {
    let skin = model.skin();
    let muted = skin.theme.style(Role::Muted);
    let [name, limit, change, spent, outlook] = columns(width);
    let progress = model.shown_month().progress(model.today());
    let room = bar_width(width);
    let mut spans = vec![
        cell(skin, "  category", name + 2, muted),
        number(skin, "limit", limit, muted),
        cell(skin, "  change", change, muted),
        number(skin, "spent", spent, muted),
        Span::raw("  "),
    ];
    let scale = ui::bar::scale_line(room, progress, "today", "limit", model.skin());
    let used = ui::span_width(&scale.spans);
    spans.extend(scale.spans);
    spans.push(cell(skin, "", room.saturating_sub(used), muted));
    spans.push(cell(skin, " outlook", outlook, muted));
    Line::from(spans)
}

fn bar_width(width: u16) -> u16 {
    let used: u16 = columns(width).iter().sum();
    width.saturating_sub(used + 7)
}

fn line(model: &Model, row: &CategorySummary, width: u16, selected: bool) -> Line<'static> {
    let skin = model.skin();
    let theme = &skin.theme;
    let [name, limit, change, spent, outlook] = columns(width);
    let money = |minor| Money::new(minor, model.currency());
    let judged = model.standing(row).outlook();
    let (text, muted) = (theme.style(Role::Text), theme.style(Role::Muted));
    let (mark, name_style) = if selected {
        (skin.glyphs.cursor, theme.selected())
    } else {
        (" ", text)
    };
    let shown = row.limit_minor.map_or("none".to_owned(), |minor| money(minor).short());
    let kind = if row.category.kind == Kind::Fixed { "  bill" } else { "" };
    let mut spans = vec![
        Span::styled(format!("{mark} "), theme.bold(Role::Accent)),
        cell(skin, &row.category.name, name, name_style),
        number(
            skin,
            &shown,
            limit,
            if row.limit_minor.is_some() { text } else { muted },
        ),
        cell(skin, kind, change, muted),
    ];
    if spent > 0 {
        let style = if row.spent_minor > 0 {
            theme.bold(Role::Text)
        } else {
            muted
        };
        spans.push(number(skin, &money(row.spent_minor).amount(), spent, style));
        spans.push(Span::raw("  "));
        let bar = crate::app::overview::bar(model, row);
        spans.extend(ui::bar::line(&bar, bar_width(width), skin).spans);
        let (glyph, role) = skin.glyphs.outlook(&judged);
        spans.push(Span::styled(format!(" {glyph} "), theme.style(role)));
        spans.push(cell(skin, &judged.words(model.currency()), outlook, muted));
    } else {
        let rest = width.saturating_sub(2 + name + limit + change);
        spans.push(number(skin, &money(row.spent_minor).short(), rest, muted));
    }
    Line::from(spans)
}

/// The field over the change column of the selected row.
fn draw_edit(model: &Model, buf: &mut Buffer, row: Rect) -> Option<Position> {
    let edit = model.budgets.edit.as_ref()?;
    let theme = &model.skin().theme;
    let [name, limit, change, ..] = columns(row.width);
    let field = Rect {
        x: row.x + 2 + name + limit + 1,
        width: change.saturating_sub(1),
        ..row
    }
    .intersection(row);
    buf.set_style(field, theme.style(Role::Field));
    let column = u16::try_from(form::cursor_column(edit.input.value(), edit.input.cursor())).unwrap_or(u16::MAX);
    let skip = (column + 2).saturating_sub(field.width);
    let shown = text::pad(
        &format!(
            " {}",
            text::slice(edit.input.value(), skip, field.width.saturating_sub(1))
        ),
        field.width,
    );
    ui::put(
        buf,
        field,
        &Line::styled(shown, theme.bold(Role::Text).patch(theme.style(Role::Field))),
    );
    let at = Position::new(field.x + 1 + column - skip, field.y);
    field.contains(at).then_some(at)
}

fn draw_foot(model: &Model, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    let theme = &skin.theme;
    let line = match &model.budgets.edit {
        Some(edit) if edit.error.is_some() => {
            let why = edit.error.as_deref().unwrap_or_default();
            Line::styled(
                skin.fit(&format!("{} {why}", skin.glyphs.cross), area.width),
                theme.style(Role::Over),
            )
        }
        Some(edit) => preview(model, edit.category_id, edit.input.value()),
        None if model.dialect == Dialect::Classic => Line::styled(
            skin.fit(
                "This server only knows the five classic calls: its limits can be seen, not changed.",
                area.width,
            ),
            theme.style(Role::Muted),
        ),
        None => Line::styled(
            skin.fit("A limit holds from this month on, until the next change.", area.width),
            theme.style(Role::Muted),
        ),
    };
    ui::put(buf, area, &line);
}

fn preview(model: &Model, id: uuid::Uuid, typed: &str) -> Line<'static> {
    let theme = &model.skin().theme;
    let money = |minor| Money::new(minor, model.currency()).short();
    let old = model
        .categories()
        .iter()
        .find(|c| c.category.id == id)
        .and_then(|c| c.limit_minor);
    match new_limit(typed, old, model.currency()) {
        Ok(new) if !typed.trim().is_empty() => {
            let old = old.map_or("none".to_owned(), money);
            Line::from(vec![
                Span::styled("unsaved: ", theme.style(Role::Muted)),
                Span::styled(
                    format!("{old} {} {}", model.skin().glyphs.arrow, money(new)),
                    theme.bold(Role::Text),
                ),
            ])
        }
        _ => Line::styled("type a number, or +30  -30  +10%  -10%", theme.style(Role::Muted)),
    }
}

fn sum(model: &Model) -> String {
    let total = rows(model)
        .filter_map(|c| c.limit_minor)
        .fold(0_i64, i64::saturating_add);
    format!("sum of limits {}", Money::new(total, model.currency()).short_symbol())
}
