//! How the dialog looks that moves money.

use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Position, Rect};
use ratatui::text::{Line, Span};

use super::{Giver, MoveMoney, Plan, plan};
use crate::api::CategorySummary;
use crate::app::footer::key_of;
use crate::app::keymap::{Action, Scope};
use crate::app::model::Model;
use crate::app::view::{cell, inside, number, put_row};
use crate::domain::{Money, Standing};
use crate::ui::bar::BudgetBar;
use crate::ui::panel::{self, Panel};
use crate::ui::{self, Hint, Role, Skin, form, scroll};

const WIDTH: u16 = 74;
const HEIGHT: u16 = 20;
/// From this height on there is a box.
const BOXED: u16 = 14;
/// Givers on the screen at once.
const LISTED: u16 = 5;

pub(in crate::app) fn view(model: &Model, dialog: &MoveMoney, buf: &mut Buffer, body: Rect) -> Option<Position> {
    let skin = model.skin();
    let area = panel::centered(body, WIDTH, HEIGHT);
    panel::clear(buf, area);
    let name = model.category_name(Some(dialog.to)).unwrap_or("this category");
    let title = format!("Move money to {name}");
    let month = dialog.month.long_name();
    let panel = Panel::new(&title).focused(true).right(month.as_str());
    let tiny = area.height < BOXED;
    let inner = if tiny {
        panel.render_rule(area, buf, skin).inner(Margin::new(1, 0))
    } else {
        panel.render(area, buf, skin)
    };
    let Some(plan) = plan(model, dialog) else {
        let words = format!("Loading {month}.");
        ui::put(
            buf,
            ui::row(inner, 1),
            &Line::styled(words, skin.theme.style(Role::Muted)),
        );
        return None;
    };
    let rows = |y: u16, height: u16| {
        Rect {
            y: inner.y + y,
            height,
            ..inner
        }
        .intersection(inner)
    };
    let top = u16::from(!tiny);
    let cursor = draw_amount(model, dialog, &plan, buf, rows(top, if tiny { 2 } else { 3 }));
    if tiny {
        draw_givers(model, &plan, buf, rows(2, inner.height.saturating_sub(2)));
        return inside(cursor, inner);
    }
    let muted = |words: String| Line::styled(words, skin.theme.style(Role::Muted));
    if dialog.error.is_none() {
        ui::put(buf, rows(top + 2, 1), &muted(needed_words(model, &plan)));
    }
    ui::put(buf, rows(top + 4, 1), &muted("From".to_owned()));
    draw_givers(model, &plan, buf, rows(top + 5, LISTED));
    draw_after(model, dialog, &plan, buf, rows(top + 6 + LISTED, 3));
    draw_buttons(model, buf, rows(inner.height.saturating_sub(2), 1));
    inside(cursor, inner)
}

fn draw_amount(model: &Model, dialog: &MoveMoney, plan: &Plan, buf: &mut Buffer, area: Rect) -> Option<Position> {
    let money = |minor| Money::new(minor, model.currency());
    let placeholder = if plan.proposed > 0 {
        money(plan.proposed).short()
    } else {
        String::new()
    };
    let hint = match plan.giver() {
        None => "no other category has a limit".to_owned(),
        Some(giver) if giver.spare > 0 => {
            let name = &giver.row.category.name;
            format!("{name} has {} to spare", money(giver.spare).short_symbol())
        }
        Some(giver) => format!("{} has nothing to spare", giver.row.category.name),
    };
    form::Field {
        label: "Amount",
        hint: &hint,
        value: dialog.amount.value(),
        cursor: form::cursor_column(dialog.amount.value(), dialog.amount.cursor()),
        focused: true,
        error: dialog.error.as_deref(),
        ok: false,
        placeholder: &placeholder,
    }
    .render(area, buf, model.skin())
}

fn draw_givers(model: &Model, plan: &Plan, buf: &mut Buffer, area: Rect) {
    let height = usize::from(area.height);
    let first = scroll::window(plan.at, 0, plan.givers.len(), height);
    for (y, (at, giver)) in (0..area.height).zip(plan.givers.iter().enumerate().skip(first)) {
        let selected = at == plan.at;
        let line = giver_line(model, giver, area.width, selected);
        put_row(buf, ui::row(area, y), &line, selected, model.skin());
    }
}

fn giver_line(model: &Model, giver: &Giver, width: u16, selected: bool) -> Line<'static> {
    let skin = model.skin();
    let theme = &skin.theme;
    let spare = if giver.spare > 0 {
        format!("{} to spare", Money::new(giver.spare, model.currency()).short_symbol())
    } else {
        "nothing to spare".to_owned()
    };
    let (name, words) = (if width >= 60 { 20 } else { 14 }, 20);
    let bar = width.saturating_sub(2 + name + 1 + words);
    let (mark, style) = if selected {
        (skin.glyphs.cursor, theme.selected())
    } else {
        (" ", theme.style(Role::Text))
    };
    let mut spans = vec![
        Span::styled(format!("{mark} "), theme.bold(Role::Accent)),
        cell(skin, &giver.row.category.name, name, style),
        Span::raw(" "),
    ];
    if bar >= 12 {
        spans.extend(ui::bar::line(&crate::app::overview::bar(model, giver.row), bar, skin).spans);
    } else {
        spans.push(cell(skin, "", bar, theme.style(Role::Text)));
    }
    let role = if giver.spare > 0 { Role::Text } else { Role::Muted };
    spans.push(number(skin, &spare, words, theme.style(role)));
    Line::from(spans)
}

/// What the category lacks now, and what it is expected to lack when the month ends.
fn needed_words(model: &Model, plan: &Plan) -> String {
    let money = |minor| Money::new(minor, model.currency()).short_symbol();
    let name = &plan.takes.category.name;
    let standing = model.standing(plan.takes);
    let limit = standing.limit.unwrap_or(0);
    let over = standing.spent.saturating_sub(limit);
    let later = standing.forecast.map_or(0, |f| f.mid_minor.saturating_sub(limit));
    match (over, later) {
        (1.., _) if later > over => format!("{name} is {} over, {} by the month's end", money(over), money(later)),
        (1.., _) => format!("{name} is {} over", money(over)),
        (_, 1..) => format!("{name} is expected to end {} over", money(later)),
        _ => format!("{name} has what it needs"),
    }
}

/// Both budgets as they will be.
fn draw_after(model: &Model, dialog: &MoveMoney, plan: &Plan, buf: &mut Buffer, area: Rect) {
    let (Ok(amount), Some(giver)) = (plan.amount(dialog, model.currency()), plan.giver()) else {
        return;
    };
    let heading = Line::styled("After this", model.skin().theme.style(Role::Muted));
    ui::put(buf, ui::row(area, 0), &heading);
    for (y, row, by) in [(1, plan.takes, amount), (2, giver.row, -amount)] {
        let line = after_line(model, row, by, area.width, model.skin());
        ui::put(buf, ui::row(area, y), &line);
    }
}

fn after_line(model: &Model, row: &CategorySummary, by: i64, width: u16, skin: &Skin) -> Line<'static> {
    let theme = &skin.theme;
    let limit = row.limit_minor.map(|limit| limit.saturating_add(by));
    let risk = Standing {
        limit,
        ..model.standing(row)
    }
    .outlook();
    let bar = BudgetBar {
        limit,
        risk,
        ..crate::app::overview::bar(model, row)
    };
    let money = |minor| Money::new(minor, model.currency()).short();
    let amounts = format!("{} of {}", money(row.spent_minor), money(limit.unwrap_or(0)));
    let (glyph, role) = skin.glyphs.outlook(&risk);
    let room = width.saturating_sub(2 + 15 + 20 + 16);
    let mut spans = vec![
        Span::raw("  "),
        cell(skin, &row.category.name, 14, theme.style(Role::Text)),
        Span::raw(" "),
    ];
    spans.extend(ui::bar::line(&bar, room, skin).spans);
    spans.push(number(skin, &amounts, 20, theme.style(Role::Text)));
    spans.push(Span::styled(format!("  {glyph} "), theme.style(role)));
    spans.push(cell(
        skin,
        &risk.words(model.currency(), model.locale()),
        12,
        theme.style(role),
    ));
    Line::from(spans)
}

fn draw_buttons(model: &Model, buf: &mut Buffer, area: Rect) {
    let label = |action| key_of(model, Scope::MoveForm, action);
    let (enter, down, esc) = (label(Action::Submit), label(Action::NextChoice), label(Action::Cancel));
    let hints = [Hint::new(&down, "another giver"), Hint::new(&esc, "cancel")];
    ui::put(
        buf,
        area,
        &form::buttons(Hint::new(&enter, "Move"), &hints, area.width, model.skin()),
    );
}
