//! How the form of an expense looks.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::{Field, Form, Guess};
use crate::api::{Choice, Dialect};
use crate::app::model::Model;
use crate::app::view::{cell, inside, number};
use crate::domain::expense::{CategorySource, Sureness};
use crate::domain::{Money, Standing};
use crate::ui::bar::BudgetBar;
use crate::ui::panel::{self, Panel};
use crate::ui::{self, Hint, Role, form, text};

const WIDTH: u16 = 76;
const HEIGHT: u16 = 20;

pub(in crate::app) fn view(model: &Model, form: &Form, buf: &mut Buffer, body: Rect) -> Option<Position> {
    let skin = model.skin();
    let area = panel::centered(body, WIDTH, HEIGHT);
    panel::clear(buf, area);
    let title = if form.before.is_some() {
        "Edit expense"
    } else {
        "Add expense"
    };
    let tiny = area.height < 14;
    let inner = if tiny {
        Panel::new(title)
            .focused(true)
            .right("Esc close")
            .render_rule(area, buf, skin)
    } else {
        Panel::new(title)
            .focused(true)
            .right("Esc close")
            .render(area, buf, skin)
    };
    let cursor = draw_fields(model, form, buf, inner, tiny);
    inside(cursor, inner)
}

fn draw_fields(model: &Model, form: &Form, buf: &mut Buffer, inner: Rect, tiny: bool) -> Option<Position> {
    let rows = |y: u16, height: u16| {
        Rect {
            y: inner.y + y,
            height,
            ..inner
        }
        .intersection(inner)
    };
    let top = u16::from(!tiny && inner.height >= 17);
    let mut cursor = field(model, form, Field::Description, rows(top, 3), buf);
    let third = inner.width / 3;
    let parts = [
        (Field::Amount, 0, third),
        (Field::Day, third, third),
        (Field::Category, 2 * third, inner.width - 2 * third),
    ];
    for (which, x, width) in parts {
        let gap = if x + width < inner.width { 2 } else { 0 };
        let area = Rect {
            x: inner.x + x,
            width: width.saturating_sub(gap),
            ..rows(top + 3, 3)
        };
        cursor = field(model, form, which, area, buf).or(cursor);
    }
    if tiny {
        draw_prediction(model, form, buf, rows(6, inner.height.saturating_sub(6)));
        return cursor;
    }
    let used = top + 6;
    draw_prediction(model, form, buf, rows(used, 5));
    draw_after(model, form, buf, rows(used + 6, 1));
    draw_buttons(model, form, buf, rows(inner.height.saturating_sub(2), 1));
    cursor
}

fn field(model: &Model, form: &Form, which: Field, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let skin = model.skin();
    let focused = form.focus == which && form.pending.is_none();
    let (input, label) = match which {
        Field::Description => (&form.description, "Description"),
        Field::Amount => (&form.amount, "Amount"),
        Field::Day => (&form.day, "Date"),
        Field::Category => return category_field(model, form, area, buf, focused),
    };
    let today = format!("today, {}", model.today().strftime("%a %-d %b"));
    let amount = format!("{} 0.00", model.currency().prefix().trim_end());
    let reading = match which {
        Field::Amount if !form.amount.value().trim().is_empty() => form
            .parsed_amount(model.currency())
            .map(|m| format!("= {m}"))
            .unwrap_or_default(),
        Field::Day if !form.day.value().trim().is_empty() => form
            .parsed_day(model.today())
            .map(|d| d.strftime("= %a %-d %b %Y").to_string())
            .unwrap_or_default(),
        _ => String::new(),
    };
    let placeholder = match which {
        Field::Description => "what was it?",
        Field::Amount => amount.as_str(),
        _ => today.as_str(),
    };
    let widget = form::Field {
        label,
        hint: &reading,
        value: input.value(),
        cursor: form::cursor_column(input.value(), input.cursor()),
        focused,
        error: form.error(which),
        ok: false,
        placeholder,
    };
    widget.render(area, buf, skin)
}

fn category_field(model: &Model, form: &Form, area: Rect, buf: &mut Buffer, focused: bool) -> Option<Position> {
    let skin = model.skin();
    let chosen = model.category_name(form.category);
    let classic = model.dialect == Dialect::Classic;
    let value = match (chosen, classic) {
        (Some(name), _) => name.to_owned(),
        (None, true) => "the server chooses".to_owned(),
        (None, false) if form.before.is_some() => "none".to_owned(),
        (None, false) => "auto".to_owned(),
    };
    let widget = form::Field {
        label: "Category",
        hint: if classic { "" } else { "↑ ↓ or type" },
        value: &value,
        cursor: usize::from(text::width(&value)),
        focused,
        error: form.error(Field::Category),
        ok: false,
        placeholder: "",
    };
    widget.render(area, buf, skin)
}

fn draw_prediction(model: &Model, form: &Form, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    let theme = &skin.theme;
    let muted = theme.style(Role::Muted);
    let title = |words: String| {
        Line::from(vec![
            Span::styled("Predicted", theme.bold(Role::Text)),
            Span::styled(format!("  {words}"), muted),
        ])
    };
    if model.dialect == Dialect::Classic {
        let words = "The server puts it into a category and says which.";
        return ui::put(
            buf,
            ui::row(area, 0),
            &Line::styled(text::fit(words, area.width), muted),
        );
    }
    match &form.guess {
        Guess::None => {
            let words = "The category follows from the description; ↓ chooses another.";
            ui::put(
                buf,
                ui::row(area, 0),
                &Line::styled(text::fit(words, area.width), muted),
            );
        }
        Guess::Waiting => ui::put(buf, ui::row(area, 0), &title("…".to_owned())),
        Guess::Failed(failure) => {
            ui::put(
                buf,
                ui::row(area, 0),
                &title("not now; saving works all the same".to_owned()),
            );
            ui::put(
                buf,
                ui::row(area, 1),
                &Line::styled(text::fit(&failure.to_string(), area.width), theme.style(Role::Warn)),
            );
        }
        Guess::Known(prediction) if prediction.choices.is_empty() => {
            ui::put(buf, ui::row(area, 0), &title("nothing fits".to_owned()));
            let words = "? not sure: ↓ chooses a category, or it waits uncategorised";
            ui::put(
                buf,
                ui::row(area, 1),
                &Line::styled(text::fit(words, area.width), theme.style(Role::Warn)),
            );
        }
        Guess::Known(prediction) => {
            let source = prediction.source.map_or("", CategorySource::label);
            ui::put(buf, ui::row(area, 0), &title(source.to_owned()));
            for (y, (at, choice)) in (1..).zip(prediction.choices.iter().enumerate()) {
                ui::put(buf, ui::row(area, y), &choice_line(model, form, choice, at, area.width));
            }
            let because = format!("  because {}", prediction.because);
            let last = u16::try_from(prediction.choices.len()).unwrap_or(3) + 1;
            if !prediction.because.is_empty() {
                ui::put(
                    buf,
                    ui::row(area, last),
                    &Line::styled(text::fit(&because, area.width), muted),
                );
            }
        }
    }
}

/// `▸ Dining ▆▆▆▆▆▆▆▆····  96%  Enter takes this`.
fn choice_line(model: &Model, form: &Form, choice: &Choice, at: usize, width: u16) -> Line<'static> {
    let skin = model.skin();
    let theme = &skin.theme;
    let taken =
        form.category == Some(choice.category_id) || (form.category.is_none() && at == 0 && form.before.is_none());
    let sureness = Sureness::of(choice.confidence);
    let bar = width.saturating_sub(2 + 18 + 6 + 20).clamp(0, 30);
    let full = bar * u16::from(choice.confidence.min(100)) / 100;
    let full = if choice.confidence > 0 { full.max(1).min(bar) } else { 0 };
    let role = if at == 0 { Role::Accent } else { Role::Muted };
    let track = theme.style(Role::Track).patch(theme.style(Role::Faint));
    let words = match (taken, at, sureness) {
        (true, 0, Sureness::Unsure) => "? not sure",
        (true, _, _) => "Enter takes this",
        (false, 1, _) if form.category.is_none() => "↓ chooses",
        _ => "",
    };
    let words_role = if sureness == Sureness::Unsure && taken {
        Role::Warn
    } else {
        Role::Muted
    };
    Line::from(vec![
        Span::styled(
            if taken {
                format!("{} ", skin.glyphs.cursor)
            } else {
                "  ".to_owned()
            },
            theme.bold(Role::Accent),
        ),
        cell(
            &choice.category,
            18,
            if taken {
                theme.bold(Role::Accent)
            } else {
                theme.style(Role::Text)
            },
        ),
        Span::styled(skin.glyphs.bar.repeat(full.into()), theme.style(role)),
        Span::styled(skin.glyphs.track.repeat((bar - full).into()), track),
        number(&format!("{}%", choice.confidence), 6, theme.bold(Role::Text)),
        Span::styled(format!("  {words}"), theme.style(words_role)),
    ])
}

/// What the budget will look like when this is saved.
fn draw_after(model: &Model, form: &Form, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    let theme = &skin.theme;
    let (Ok(amount), Ok(day), Some(id)) = (
        form.parsed_amount(model.currency()),
        form.parsed_day(model.today()),
        form.effective_category(),
    ) else {
        return;
    };
    let Some(row) = model.categories().iter().find(|c| c.category.id == id) else {
        return;
    };
    let Some(summary) = model.data.summary.as_ref().filter(|s| s.month.contains(day)) else {
        return;
    };
    let before = form
        .before
        .as_ref()
        .filter(|e| e.category_id == Some(id) && summary.month.contains(e.day))
        .map_or(0, |e| e.amount_minor);
    let Some(limit) = row.limit_minor.filter(|_| row.category.kind.is_spending()) else {
        return;
    };
    let spent = row.spent_minor.saturating_sub(before).saturating_add(amount.minor);
    let standing = Standing {
        spent,
        forecast: None,
        ..model.standing(row)
    };
    let risk = standing.outlook();
    let bar = BudgetBar {
        spent,
        limit: Some(limit),
        forecast: None,
        progress: standing.progress,
        fixed: row.category.kind == crate::domain::Kind::Fixed,
        risk,
    };
    let money = |minor: i64| Money::new(minor, model.currency()).short_symbol();
    let (glyph, role) = skin.glyphs.outlook(&risk);
    let words = if spent > limit {
        format!("{glyph} {} over", money(spent - limit))
    } else {
        format!("{glyph} {} left", money(limit - spent))
    };
    let mut spans = vec![
        Span::styled("After this  ", theme.bold(Role::Text)),
        cell(&row.category.name, 16, theme.style(Role::Muted)),
        Span::raw(" "),
    ];
    spans.extend(ui::bar::line(&bar, area.width.saturating_sub(12 + 17 + 18).min(30), skin).spans);
    spans.push(Span::styled(format!("  {words}"), theme.bold(role)));
    ui::put(buf, area, &Line::from(spans));
}

fn draw_buttons(model: &Model, form: &Form, buf: &mut Buffer, area: Rect) {
    let (primary, hints): (Hint<'_>, &[Hint<'_>]) = if form.pending.is_some() {
        (Hint::new("…", "Saving"), &[Hint::new("Esc", "cancel")])
    } else if form.before.is_some() {
        (
            Hint::new("Enter", "Save"),
            &[Hint::new("Tab", "next"), Hint::new("Esc", "close")],
        )
    } else {
        (
            Hint::new("Enter", "Save"),
            &[
                Hint::new("^N", "save + new"),
                Hint::new("Tab", "next"),
                Hint::new("Esc", "close"),
            ],
        )
    };
    ui::put(buf, area, &form::buttons(primary, hints, area.width, model.skin()));
}
