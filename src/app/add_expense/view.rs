//! How the form of an expense looks.

use jiff::civil::Date;
use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Position, Rect};
use ratatui::text::{Line, Span};

use super::form::{Field, Form, Guess};
use crate::api::{Choice, Dialect, Prediction};
use crate::app::model::Model;
use crate::app::view::{cell, inside, number};
use crate::domain::expense::{CategorySource, Sureness};
use crate::domain::{Money, Standing};
use crate::ui::bar::BudgetBar;
use crate::ui::panel::{self, Panel};
use crate::ui::{self, Hint, Role, Skin, form, text};

const WIDTH: u16 = 76;
const HEIGHT: u16 = 20;
/// From this height on there is a box.
const BOXED: u16 = 14;
/// Below this width a field tells less.
const NARROW: u16 = 18;
/// The fields that stand side by side.
const SHORT: [Field; 3] = [Field::Amount, Field::Day, Field::Category];

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
    inside(draw_fields(model, form, buf, inner, tiny), inner)
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
    let below = top + if tiny { 2 } else { 3 };
    let mut cursor = text_field(model, form, Field::Description, rows(top, below - top), buf);
    cursor = draw_short_fields(model, form, rows(below, 3), buf).or(cursor);
    let rest = below + if tiny { 2 } else { 3 };
    if tiny {
        if form.first_error(&SHORT).is_none() {
            draw_prediction(model, form, buf, rows(rest, inner.height.saturating_sub(rest)));
        }
        return cursor;
    }
    draw_prediction(model, form, buf, rows(rest, 5));
    draw_after(model, form, buf, rows(rest + 6, 1));
    draw_buttons(model, form, buf, rows(inner.height.saturating_sub(2), 1));
    cursor
}

/// Amount, date and category side by side; the row below tells what is wrong with the first of them.
fn draw_short_fields(model: &Model, form: &Form, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let skin = model.skin();
    let fields = Rect {
        height: area.height.min(2),
        ..area
    };
    let third = area.width * 3 / 10;
    let starts = [0, third, 2 * third, area.width];
    let mut cursor = None;
    for (at, which) in SHORT.into_iter().enumerate() {
        let gap = if at < 2 { 2 } else { 0 };
        let place = Rect {
            x: area.x + starts[at],
            width: (starts[at + 1] - starts[at]).saturating_sub(gap),
            ..fields
        };
        cursor = match which {
            Field::Category => category_field(model, form, place, buf),
            _ => text_field(model, form, which, place, buf),
        }
        .or(cursor);
        if let Some((_, why)) = form.first_error(&SHORT).filter(|(field, _)| *field == which) {
            let words = skin.fit(&format!("{} {why}", skin.glyphs.cross), area.width);
            // Under its field, moved to the left where it is too long.
            let width = text::width(&words);
            let x = place.x.min(area.right() - width);
            let line = Line::styled(words, skin.theme.style(Role::Over));
            ui::put(
                buf,
                Rect {
                    x,
                    width,
                    ..ui::row(area, 2)
                },
                &line,
            );
        }
    }
    cursor
}

pub(super) fn text_field(model: &Model, form: &Form, which: Field, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let skin = model.skin();
    let (today, currency) = (model.today(), model.currency());
    let (input, label) = match which {
        Field::Description | Field::Category => (&form.description, "Description"),
        Field::Amount => (&form.amount, "Amount"),
        Field::Day => (&form.day, "Date"),
    };
    let typed = !input.value().trim().is_empty();
    let reading = match which {
        Field::Amount if typed => form.parsed_amount(currency).map(|m| format!("= {m}")).ok(),
        Field::Day if typed => form.parsed_day(today).map(|day| day_words(day, today)).ok(),
        _ => None,
    };
    let placeholder = match which {
        Field::Amount => format!("{}0.00", currency.prefix()),
        Field::Day if area.width < NARROW => "today".to_owned(),
        Field::Day => format!("today, {}", day_words(today, today)),
        Field::Description | Field::Category => "what was it?".to_owned(),
    };
    let widget = form::Field {
        label,
        hint: beside(label, reading.as_deref().unwrap_or_default(), area),
        value: input.value(),
        cursor: form::cursor_column(input.value(), input.cursor()),
        focused: form.focus == which && form.pending.is_none(),
        error: form.error(which).filter(|_| which == Field::Description),
        ok: false,
        placeholder: &placeholder,
    };
    widget.render(area, buf, skin)
}

/// A remark beside a label, if there is room for all of it.
fn beside<'a>(label: &str, remark: &'a str, area: Rect) -> &'a str {
    if text::width(label) + 3 + text::width(remark) > area.width {
        ""
    } else {
        remark
    }
}

/// `Sun 22 Nov`, with the year when it is not this one.
fn day_words(day: Date, today: Date) -> String {
    let format = if day.year() == today.year() {
        "%a %-d %b"
    } else {
        "%-d %b %Y"
    };
    day.strftime(format).to_string()
}

/// The chosen category; while none is chosen, what would be taken.
pub(super) fn category_field(model: &Model, form: &Form, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let skin = model.skin();
    let classic = model.dialect == Dialect::Classic;
    let chosen = model.category_name(form.category).unwrap_or_default();
    let auto = match form.best_choice().filter(|_| form.takes_prediction()) {
        Some(best) => {
            let mark = Sureness::of(best.confidence).mark();
            let auto = if area.width < NARROW { "" } else { "auto: " };
            format!("{auto}{} {mark}{}%", best.category, best.confidence)
        }
        None if classic => "the server chooses".to_owned(),
        None if form.before.is_some() => "none".to_owned(),
        None => "auto".to_owned(),
    };
    let hint = match form.search.value() {
        _ if classic => String::new(),
        "" if skin.glyphs.arrow.is_ascii() => "Up Down or type".to_owned(),
        "" => "↑ ↓ or type".to_owned(),
        typed => format!("\"{typed}\""),
    };
    let widget = form::Field {
        label: "Category",
        hint: beside("Category", &hint, area),
        value: chosen,
        cursor: usize::from(text::width(chosen)),
        focused: form.focus == Field::Category && form.pending.is_none(),
        error: None,
        ok: false,
        placeholder: &auto,
    };
    widget.render(area, buf, skin)
}

pub(super) fn draw_prediction(model: &Model, form: &Form, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    let theme = &skin.theme;
    let muted = theme.style(Role::Muted);
    let lines: Vec<Line<'static>> = match &form.guess {
        _ if form.trouble.is_some() => {
            let why = form.trouble.as_deref().unwrap_or_default();
            let why = text::wrap(&format!("{} {why}", skin.glyphs.cross), area.width);
            why.into_iter()
                .map(|line| Line::styled(line, theme.style(Role::Over)))
                .collect()
        }
        _ if model.dialect == Dialect::Classic => {
            vec![Line::styled(
                "The server puts it into a category and says which.",
                muted,
            )]
        }
        Guess::None => {
            let words = if form.before.is_some() {
                ""
            } else {
                "The category follows from the description; arrow keys choose another."
            };
            vec![Line::styled(skin.fit(words, area.width), muted)]
        }
        Guess::Waiting => vec![predicted_by(skin.glyphs.waiting, skin)],
        Guess::Failed(failure) => vec![
            predicted_by("not now; saving works all the same", skin),
            Line::styled(skin.fit(&failure.to_string(), area.width), theme.style(Role::Warn)),
        ],
        Guess::Known(prediction) if prediction.choices.is_empty() => vec![
            predicted_by("nothing fits", skin),
            Line::styled(
                skin.fit("? not sure: choose a category, or it waits uncategorised", area.width),
                theme.style(Role::Warn),
            ),
        ],
        Guess::Known(prediction) => known_lines(form, prediction, area, skin),
    };
    for (y, line) in (0..area.height).zip(&lines) {
        ui::put(buf, ui::row(area, y), line);
    }
}

fn predicted_by(words: &str, skin: &Skin) -> Line<'static> {
    Line::from(vec![
        Span::styled("Predicted", skin.theme.bold(Role::Text)),
        Span::styled(format!("  {words}"), skin.theme.style(Role::Muted)),
    ])
}

fn known_lines(form: &Form, prediction: &Prediction, area: Rect, skin: &Skin) -> Vec<Line<'static>> {
    let source = prediction.source.map_or("", CategorySource::label);
    let mut lines = Vec::new();
    // Two rows are better spent on the choices than on where they come from.
    if area.height > 2 {
        lines.push(predicted_by(source, skin));
    }
    let choices = prediction.choices.iter().enumerate();
    lines.extend(choices.map(|(at, choice)| choice_line(form, choice, at, area.width, skin)));
    if !prediction.because.is_empty() {
        let because = skin.fit(&format!("  because {}", prediction.because), area.width);
        lines.push(Line::styled(because, skin.theme.style(Role::Muted)));
    }
    lines
}

/// `▸ Dining ▆▆▆▆▆▆▆▆····  96%  Enter takes this`.
fn choice_line(form: &Form, choice: &Choice, at: usize, width: u16, skin: &Skin) -> Line<'static> {
    let theme = &skin.theme;
    let taken = form.effective_category() == Some(choice.category_id);
    let sureness = Sureness::of(choice.confidence);
    let (role, name) = if taken {
        (Role::Accent, theme.bold(Role::Accent))
    } else {
        (Role::Muted, theme.style(Role::Text))
    };
    let bar = width.saturating_sub(2 + 18 + 6 + 20).min(30);
    let (words, words_role) = match (taken, sureness) {
        (true, Sureness::Unsure) if form.category.is_none() => ("? not sure", Role::Warn),
        (true, _) => ("Enter takes this", Role::Muted),
        (false, _) if at == 1 && form.category.is_none() => ("Down chooses", Role::Muted),
        (false, _) => ("", Role::Muted),
    };
    let cursor = if taken { skin.glyphs.cursor } else { " " };
    let mut spans = vec![
        Span::styled(format!("{cursor} "), theme.bold(Role::Accent)),
        cell(skin, &choice.category, 18, name),
    ];
    spans.extend(ui::bar::meter(choice.confidence, bar, role, skin).spans);
    spans.push(number(
        skin,
        &format!("{}%", choice.confidence),
        6,
        theme.bold(Role::Text),
    ));
    if ui::span_width(&spans) + 2 + text::width(words) <= width {
        spans.push(Span::styled(format!("  {words}"), theme.style(words_role)));
    }
    Line::from(spans)
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
    let Some(summary) = model
        .data
        .summary
        .as_ref()
        .filter(|s| s.calendar.contains(s.month, day))
    else {
        return;
    };
    let before = form
        .before
        .as_ref()
        .filter(|e| e.category_id == Some(id) && summary.calendar.contains(summary.month, e.day))
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
        format!("{glyph} {} over", money(spent.saturating_sub(limit)))
    } else {
        format!("{glyph} {} left", money(limit.saturating_sub(spent)))
    };
    let mut spans = vec![
        Span::styled("After this  ", theme.bold(Role::Text)),
        cell(skin, &row.category.name, 16, theme.style(Role::Muted)),
        Span::raw(" "),
    ];
    spans.extend(ui::bar::line(&bar, area.width.saturating_sub(12 + 17 + 18).min(30), skin).spans);
    spans.push(Span::styled(format!("  {words}"), theme.bold(role)));
    ui::put(buf, area, &Line::from(spans));
}

fn draw_buttons(model: &Model, form: &Form, buf: &mut Buffer, area: Rect) {
    let (primary, hints): (Hint<'_>, &[Hint<'_>]) = if form.pending.is_some() {
        (
            Hint::new(model.skin().glyphs.waiting, "Saving"),
            &[Hint::new("Esc", "cancel")],
        )
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
