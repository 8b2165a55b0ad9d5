//! How the list of expenses looks.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use crate::api::{Dialect, Expense};
use crate::app::footer::key_label;
use crate::app::keymap::{Action, Focus};
use crate::app::leaving::{self, Leave};
use crate::app::model::Model;
use crate::app::overview::category_cell;
use crate::app::view::{BOXED, WAITING, body_of, cell, empty, number, put_row};
use crate::domain::Money;
use crate::ui::panel::Panel;
use crate::ui::{self, Role, Skin, form, text};

/// Rows of the list on the present screen.
pub(super) fn list_height(model: &Model) -> usize {
    let area = list_area(model, body_of(model));
    usize::from(if area.height >= BOXED {
        area.height - 3
    } else {
        area.height.saturating_sub(1)
    })
}

fn filter_shown(model: &Model) -> bool {
    model.expenses.typing || !model.expenses.filter.value().is_empty()
}

fn list_area(model: &Model, area: Rect) -> Rect {
    let top = u16::from(filter_shown(model)).min(area.height);
    Rect {
        y: area.y + top,
        height: area.height - top,
        ..area
    }
}

pub(in crate::app) fn view(model: &Model, buf: &mut Buffer, area: Rect) -> Option<Position> {
    let skin = model.skin();
    let cursor = if filter_shown(model) {
        draw_filter(model, buf, ui::row(area, 0))
    } else {
        None
    };
    let list = list_area(model, area);
    let title = format!("Expenses {}", model.shown_month().long_name());
    let count = model.expenses.shown.len();
    let more = if model.data.next.is_some() { "+" } else { "" };
    let place = if count == 0 {
        String::new()
    } else {
        format!("{} of {count}{more}", model.expenses.list.selected + 1)
    };
    let panel = Panel::new(&title)
        .focused(true)
        .right(if model.dialect == Dialect::V1 {
            "[ ] month  / filter"
        } else {
            ""
        })
        .note(place.clone());
    let inner = if list.height >= BOXED {
        panel.render(list, buf, skin)
    } else {
        let inner = panel.right(place).render_rule(list, buf, skin);
        Rect {
            x: inner.x + 1,
            width: inner.width.saturating_sub(2),
            ..inner
        }
    };
    if count == 0 {
        draw_empty(model, buf, inner);
        return cursor;
    }
    let mut y = 0;
    if list.height >= BOXED {
        ui::put(buf, ui::row(inner, 0), &titles(inner.width, skin));
        y = 1;
    }
    let rows = model.expenses.shown.iter().enumerate().skip(model.expenses.list.offset);
    for (row, (at, index)) in (y..inner.height).zip(rows) {
        let selected = at == model.expenses.list.selected;
        let line = line(model, &model.data.expenses[*index], inner.width, selected);
        put_row(buf, ui::row(inner, row), &line, selected, skin);
    }
    cursor
}

fn draw_filter(model: &Model, buf: &mut Buffer, area: Rect) -> Option<Position> {
    let skin = model.skin();
    let theme = &skin.theme;
    buf.set_style(area.intersection(buf.area), theme.style(Role::Field));
    let filter = &model.expenses.filter;
    let sum = model
        .expenses
        .shown
        .iter()
        .map(|at| model.data.expenses[*at].amount_minor)
        .fold(0_i64, i64::saturating_add);
    let found = format!(
        "{} of {}, {} ",
        model.expenses.shown.len(),
        model.data.expenses.len(),
        Money::new(sum, model.currency())
    );
    let room = area.width.saturating_sub(text::width(&found) + 4);
    let column = u16::try_from(form::cursor_column(filter.value(), filter.cursor())).unwrap_or(u16::MAX);
    let hidden = column.saturating_add(1).saturating_sub(room);
    let line = Line::from(vec![
        Span::styled(" / ", theme.bold(Role::Accent)),
        Span::styled(
            text::pad(&text::slice(filter.value(), hidden, room), room),
            theme.style(Role::Text),
        ),
        Span::styled(found, theme.style(Role::Muted)),
    ]);
    ui::put(buf, area, &line);
    let at = Position::new(area.x + 3 + column - hidden, area.y);
    (model.expenses.typing && area.contains(at)).then_some(at)
}

fn draw_empty(model: &Model, buf: &mut Buffer, area: Rect) {
    let filter = model.expenses.filter.value();
    let nothing = format!("Nothing matches \"{filter}\" in {}.", model.shown_month().long_name());
    let lines: &[&str] = match (&model.data.summary, model.dialect) {
        (None, _) => &[WAITING],
        (_, Dialect::Classic) => &[
            "This server only knows the five classic calls:",
            "it does not list single expenses.",
        ],
        _ if model.data.lists.is_none() || model.pending.more.is_some() => &["Loading."],
        _ if !filter.is_empty() => &[&nothing, "Esc clears the filter, [ and ] change the month."],
        _ => &["No expenses in this month.", "a adds one, [ and ] change the month."],
    };
    empty(buf, area, lines, model.skin());
}

/// The widths of the columns; 0 leaves one out.
fn columns(width: u16) -> [u16; 5] {
    match width {
        90.. => [8, width - 8 - 26 - 22 - 14, 26, 22, 14],
        60.. => [8, width - 8 - 22 - 13, 22, 0, 13],
        _ => [7, width.saturating_sub(7 + 11), 0, 0, 11],
    }
}

fn titles(width: u16, skin: &Skin) -> Line<'static> {
    let muted = skin.theme.style(Role::Muted);
    let [day, description, category, source, amount] = columns(width);
    Line::from(vec![
        cell(skin, "date", day, muted),
        cell(skin, "description", description, muted),
        cell(skin, "category", category, muted),
        cell(skin, if source > 0 { "chosen by" } else { "" }, source, muted),
        number(skin, "amount", amount, muted),
    ])
}

fn line(model: &Model, expense: &Expense, width: u16, selected: bool) -> Line<'static> {
    let skin = model.skin();
    let theme = &skin.theme;
    let [day, description, category, source, amount] = columns(width);
    let leaving = leaving::of(model, expense.id);
    let description_text = if leaving.is_some() {
        format!("{} {}", skin.glyphs.cross, expense.description)
    } else {
        expense.description.clone()
    };
    let name = match (leaving, selected) {
        (Some(_), true) => theme.selected().add_modifier(Modifier::CROSSED_OUT),
        (Some(_), false) => theme.style(Role::Over).add_modifier(Modifier::CROSSED_OUT),
        (None, true) => theme.selected(),
        (None, false) => theme.style(Role::Text),
    };
    // A line through the text, not through the blanks behind it.
    let shown = skin.fit(&description_text, description.saturating_sub(1));
    let rest = description.saturating_sub(text::width(&shown));
    let mut spans = vec![
        cell(
            skin,
            &expense.day.strftime("%d %b").to_string(),
            day,
            theme.style(Role::Muted),
        ),
        Span::styled(shown, name),
        Span::raw(" ".repeat(usize::from(rest))),
    ];
    if let Some(leave) = leaving {
        let words = leaving_words(model, leave);
        spans.push(cell(skin, &words, category + source, theme.style(Role::Muted)));
    } else if category > 0 {
        spans.push(category_cell(model, expense, category, skin));
    }
    if source > 0 && leaving.is_none() {
        spans.push(cell(
            skin,
            expense.category_source.label(),
            source,
            theme.style(Role::Muted),
        ));
    }
    spans.push(number(
        skin,
        &Money::new(expense.amount_minor, model.currency()).amount(),
        amount,
        theme.bold(Role::Text),
    ));
    Line::from(spans)
}

/// `leaves in 7 s  u undo`, where a deleted row has its category.
fn leaving_words(model: &Model, leave: Leave) -> String {
    let Some(seconds) = leave.seconds else {
        return "deleting".to_owned();
    };
    let key = model.settings.keys.key(Focus::Expenses.scopes(), Action::Undo);
    let undo = key.filter(|_| leave.undo).map(|key| key_label(key, model.skin()));
    let undo = undo.map_or(String::new(), |key| format!("  {key} undo"));
    format!("leaves in {seconds} s{undo}")
}
