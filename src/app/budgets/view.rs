//! How the limits look.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::field::{Field, What};
use super::{drafts, find, rows};
use crate::api::Dialect;
use crate::app::footer::key_of;
use crate::app::keymap::{Action, Scope};
use crate::app::list::Spot;
use crate::app::model::Model;
use crate::app::view::{BOXED, WAITING, body_of, empty, list_panel, list_rows, put_row};
use crate::domain::Money;
use crate::ui::panel::Panel;
use crate::ui::{self, Role, form, text};

mod foot;
mod row;

use row::Columns;

/// Lines under the list in a box: a blank one, what would fit, what can be typed.
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

/// The category at a place of the screen.
pub(in crate::app) fn at(model: &Model, column: u16, row: u16) -> Option<Spot> {
    let places = list_rows(body_of(model), list_height(model));
    model.budgets.list.at(column, row, places, 1, rows(model).count())
}

pub(in crate::app) fn view(model: &Model, buf: &mut Buffer, area: Rect) -> Option<Position> {
    let skin = model.skin();
    let title = format!("Budgets for {}", model.shown_month().long_name());
    let panel = Panel::new(&title).focused(true).right(months(model)).note(sum(model));
    let boxed = area.height >= BOXED;
    let inner = list_panel(&panel, area, buf, skin);
    if model.data.summary.is_none() {
        empty(buf, inner, &[WAITING], skin);
        return None;
    }
    let columns = Columns::fit(inner.width);
    let first = u16::from(boxed);
    if boxed {
        ui::put(buf, ui::row(inner, 0), &row::titles(model, columns));
    }
    let height = u16::try_from(list_height(model)).unwrap_or(u16::MAX);
    let list = Rect {
        y: inner.y + first,
        height: height.min(inner.height.saturating_sub(first)),
        ..inner
    };
    let mut cursor = None;
    let mut next = 0;
    for (y, (at, row)) in (0..list.height).zip(rows(model).enumerate().skip(model.budgets.list.offset)) {
        let selected = at == model.budgets.list.selected && !is_new(model);
        let place = ui::row(list, y);
        put_row(buf, place, &row::line(model, row, columns, selected), selected, skin);
        if selected {
            cursor = draw_field(model, columns, buf, place);
        }
        next = y + 1;
    }
    cursor = draw_new(model, columns, buf, list, next).or(cursor);
    // Right under a short list with its line for a new category, at the bottom under a long one.
    let used = if boxed {
        (next + 2).min(list.height) + 1
    } else {
        list.height
    };
    let under = Rect {
        y: list.y + used,
        height: inner.bottom().saturating_sub(list.y + used).min(FOOT - 1),
        ..inner
    };
    foot::draw(model, buf, under);
    cursor
}

/// `[ ] month   C copy from October`.
fn months(model: &Model) -> Line<'static> {
    let theme = &model.skin().theme;
    let key = |scope, action| Span::styled(key_of(model, scope, action), theme.bold(Role::Accent));
    let mut spans = vec![
        key(Scope::Everywhere, Action::PreviousMonth),
        Span::raw(" "),
        key(Scope::Everywhere, Action::NextMonth),
        Span::raw(" month"),
    ];
    if model.dialect == Dialect::V1 {
        let before = model.shown_month().plus(-1).first_day().strftime("%B");
        spans.push(Span::raw("   "));
        spans.push(key(Scope::Budgets, Action::CopyLimits));
        spans.push(Span::raw(format!(" copy from {before}")));
    }
    Line::from(spans)
}

/// `limits $2,305 → $2,335 of income $2,800, $465 free`.
fn sum(model: &Model) -> Line<'static> {
    let skin = model.skin();
    let theme = &skin.theme;
    let symbol = |minor| Money::new(minor, model.currency()).short_symbol();
    let spending = || rows(model).filter(|row| row.category.kind.is_spending() && !row.category.hidden);
    let now = spending().filter_map(crate::api::CategorySummary::own_limit_minor);
    let now = now.fold(0_i64, i64::saturating_add);
    let after = |row: &crate::api::CategorySummary| {
        let typed = drafts::of(model, row.category.id).and_then(|draft| draft.reading().ok());
        typed.unwrap_or_else(|| row.own_limit_minor())
    };
    let then = spending().filter_map(after).fold(0_i64, i64::saturating_add);
    let mut spans = vec![Span::raw("limits "), Span::styled(symbol(now), theme.style(Role::Text))];
    if then != now {
        spans.push(Span::raw(format!(" {} ", skin.glyphs.arrow)));
        spans.push(Span::styled(symbol(then), theme.bold(Role::Text)));
    }
    let summary = model.data.summary.as_ref();
    let so_far = summary.map_or(0, |summary| summary.income_minor);
    // Before the last payday of a month its income says little.
    let usual = summary.and_then(crate::api::Summary::usual_income_minor);
    let (words, income) = match usual {
        Some(usual) if usual > so_far => ("usual income", usual),
        _ => ("income", so_far),
    };
    if income > 0 {
        let free = income.saturating_sub(then);
        spans.push(Span::raw(format!(" of {words} {}, ", symbol(income))));
        spans.push(if free >= 0 {
            Span::styled(format!("{} free", symbol(free)), theme.style(Role::Ok))
        } else {
            Span::styled(
                format!("{} above it", symbol(free.saturating_neg())),
                theme.style(Role::Warn),
            )
        });
    }
    Line::from(spans)
}

fn is_new(model: &Model) -> bool {
    matches!(
        &model.budgets.field,
        Some(Field::Text {
            what: What::New(..),
            ..
        })
    )
}

/// The open field in the row of its category.
fn draw_field(model: &Model, columns: Columns, buf: &mut Buffer, place: Rect) -> Option<Position> {
    let (cell, value, cursor) = match model.budgets.field.as_ref()? {
        Field::Limit { category_id, .. } => {
            let input = &drafts::of(model, *category_id)?.input;
            let cell = columns.change_cell(place);
            // Under the other amounts: the last digit stands where it stands when it is not typed any more.
            let room = cell.width.saturating_sub(3);
            let lead = usize::from(room.saturating_sub(text::width(input.value())));
            let value = format!("{}{}", " ".repeat(lead), input.value());
            return draw_input(model, buf, cell, &value, lead + input.cursor());
        }
        Field::Text {
            what: What::Name(_),
            input,
            ..
        } => (columns.name_cell(place), input.value(), input.cursor()),
        Field::Text {
            what: What::Rules(_),
            input,
            ..
        } => (columns.rules_cell(place), input.value(), input.cursor()),
        Field::Text {
            what: What::New(..), ..
        } => return None,
    };
    draw_input(model, buf, cell, value, cursor)
}

/// The line under the list that makes a category, or the field for its name.
fn draw_new(model: &Model, columns: Columns, buf: &mut Buffer, list: Rect, next: u16) -> Option<Position> {
    let skin = model.skin();
    let theme = &skin.theme;
    if let Some(Field::Text {
        what: What::New(_, kind),
        input,
        ..
    }) = &model.budgets.field
    {
        let place = ui::row(list, next.min(list.height.saturating_sub(1)));
        let blank = Line::raw(" ".repeat(place.width.into()));
        put_row(buf, place, &blank, true, skin);
        let mark = Line::styled(skin.glyphs.cursor, theme.bold(Role::Accent));
        ui::put(buf, place, &mark);
        let kind = Span::styled(format!("  {}", row::kind_word(*kind)), theme.style(Role::Muted));
        let cell = columns.name_cell(place);
        let beside = Rect {
            x: cell.right(),
            width: place.right().saturating_sub(cell.right()),
            ..place
        };
        ui::put(buf, beside, &Line::from(kind));
        return draw_input(model, buf, cell, input.value(), input.cursor());
    }
    let spare = next + 1;
    if spare < list.height && model.dialect == Dialect::V1 {
        let line = Line::from(vec![
            Span::raw("  "),
            Span::styled(
                key_of(model, Scope::Budgets, Action::NewCategory),
                theme.bold(Role::Accent),
            ),
            Span::styled(" new category", theme.style(Role::Muted)),
        ]);
        ui::put(buf, ui::row(list, spare), &line);
    }
    None
}

/// A text field of one cell; where its cursor is.
fn draw_input(model: &Model, buf: &mut Buffer, cell: Rect, value: &str, cursor: usize) -> Option<Position> {
    let theme = &model.skin().theme;
    let cell = cell.intersection(buf.area);
    if cell.width < 3 || cell.height == 0 {
        return None;
    }
    let column = u16::try_from(form::cursor_column(value, cursor)).unwrap_or(u16::MAX);
    let room = cell.width - 2;
    let skip = column.saturating_sub(room);
    let shown = text::pad(&format!(" {}", text::slice(value, skip, room)), cell.width);
    let style = theme.bold(Role::Text).patch(theme.style(Role::Field));
    ui::put(buf, cell, &Line::styled(shown, style));
    let at = Position::new(cell.x + 1 + (column - skip).min(room), cell.y);
    cell.contains(at).then_some(at)
}

/// The name of the row under the cursor.
fn selected_name(model: &Model) -> Option<&str> {
    let id = model.budgets.list.id?;
    find(model, id).map(|row| row.category.name.as_str())
}
