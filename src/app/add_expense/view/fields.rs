//! The four fields, and what the line in the first one is understood as.

use std::ops::Range;

use jiff::civil::Date;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::{Field, Shown};
use crate::api::Dialect;
use crate::app::add_expense::form::Guess;
use crate::app::footer::key_label;
use crate::app::keymap::{Action, Focus};
use crate::app::model::Model;
use crate::domain::Money;
use crate::domain::expense::Sureness;
use crate::ui::{self, Role, form, text};

/// The fields that stand side by side.
pub(super) const SHORT: [Field; 3] = [Field::Amount, Field::Day, Field::Category];
/// Below this width a field tells less.
const NARROW: u16 = 18;
/// Beside a field that is filled from the description.
const FROM_LINE: &str = "as above";

/// One of the fields.
pub(super) fn draw(shown: Shown<'_>, which: Field, buf: &mut Buffer, area: Rect) -> Option<Position> {
    match which {
        Field::Description => draw_description(shown, buf, area),
        Field::Amount => amount_field(shown, area, buf),
        Field::Day => day_field(shown, area, buf),
        Field::Category => category_field(shown, area, buf),
        Field::Always => None,
    }
}

/// The description, and below it what its line is understood as.
pub(super) fn draw_description(shown: Shown<'_>, buf: &mut Buffer, area: Rect) -> Option<Position> {
    let (form, skin) = (shown.form, shown.skin());
    let value = form.description.value();
    let error = form.error(Field::Description);
    let widget = form::Field {
        label: "Description",
        value,
        cursor: form::cursor_column(value, form.description.cursor()),
        focused: form.focus == Field::Description && form.pending.is_none(),
        error,
        placeholder: "what was it?",
        ..form::Field::default()
    };
    let marks: Vec<Range<usize>> = shown.reading.line.spans().collect();
    let cursor = widget.render_marked(area, buf, skin, &completion(shown), &marks);
    if error.is_none() && form.before.is_none() {
        ui::put(buf, ui::row(area, 2), &echo(shown, area.width));
    }
    cursor
}

/// `ramen house 東京 → accept`.
fn completion(shown: Shown<'_>) -> Line<'static> {
    let (model, skin) = (shown.model, shown.skin());
    let key = model
        .settings
        .keys
        .key(Focus::Completion.scopes(), Action::TakeCompletion);
    match (&shown.form.completion, key) {
        (Some(text), Some(key)) if shown.form.can_complete() => {
            let muted = skin.theme.style(Role::Muted);
            Line::from(vec![
                Span::styled(skin.fit(text, 34), muted),
                Span::raw(" "),
                Span::styled(key_label(key, skin), skin.theme.bold(Role::Accent)),
                Span::styled(" accept", muted),
            ])
        }
        _ => Line::default(),
    }
}

/// `coffee · $4.20 · yesterday, Sat 21 Nov · Transport`; until there is something to tell, that one line will do.
fn echo(shown: Shown<'_>, width: u16) -> Line<'static> {
    let (skin, reading) = (shown.skin(), shown.reading);
    let theme = &skin.theme;
    let (muted, plain) = (theme.style(Role::Muted), theme.style(Role::Text));
    if reading.line.is_plain() && reading.amount.is_err() {
        return Line::from(vec![
            Span::styled(" one line works too: ", muted),
            Span::styled("coffee 4.20 yesterday", plain),
        ]);
    }
    let amount = match &reading.amount {
        Ok(money) => Span::styled(money.to_string(), theme.bold(Role::Text)),
        Err(_) => Span::styled("no amount yet", muted),
    };
    let day = match &reading.day {
        Ok(day) => Span::styled(day_words(shown.model, *day), plain),
        Err(_) => Span::styled("which day?", theme.style(Role::Warn)),
    };
    let rest = [amount, day, category_words(shown)];
    let between = format!(" {} ", skin.glyphs.dot);
    let used = ui::span_width(&rest).saturating_add(3 * text::width(&between) + 1);
    let description = reading.line.description.as_str();
    let name = if description.is_empty() {
        Span::styled("what was it?", theme.style(Role::Warn))
    } else {
        Span::styled(skin.fit(description, width.saturating_sub(used).max(8)), plain)
    };
    let mut spans = vec![Span::raw(" "), name];
    for span in rest {
        spans.extend([Span::styled(between.clone(), muted), span]);
    }
    Line::from(ui::clip(spans, width, skin))
}

/// The category that would be stored now.
fn category_words(shown: Shown<'_>) -> Span<'static> {
    let (reading, theme) = (shown.reading, &shown.skin().theme);
    let plain = theme.style(Role::Text);
    let muted = theme.style(Role::Muted);
    if let Some(word) = &reading.stray {
        return Span::styled(format!("no category \"{word}\""), theme.style(Role::Warn));
    }
    if let Some(name) = shown.model.category_name(reading.chosen) {
        return Span::styled(name.to_owned(), plain);
    }
    match (&reading.predicted, &shown.form.guess) {
        (Some(best), _) => {
            let sureness = Sureness::of(best.confidence);
            let unsure = sureness == Sureness::Unsure;
            let style = if unsure { theme.style(Role::Warn) } else { plain };
            Span::styled(format!("{}{}", sureness.mark(), best.category), style)
        }
        (None, Guess::Waiting) => Span::styled(shown.skin().glyphs.ellipsis, muted),
        (None, _) if shown.model.dialect == Dialect::Classic => Span::styled("the server chooses", muted),
        (None, _) => Span::styled("no category yet", muted),
    }
}

/// `today, Sun 22 Nov`, `yesterday, Sat 21 Nov`, `Fri 20 Nov`.
fn day_words(model: &Model, day: Date) -> String {
    let today = model.today();
    let name = if day == today {
        "today, "
    } else if today.yesterday().is_ok_and(|before| before == day) {
        "yesterday, "
    } else if today.tomorrow().is_ok_and(|after| after == day) {
        "tomorrow, "
    } else {
        ""
    };
    format!("{name}{}", date_words(model, day))
}

/// `Sun 22 Nov`, with the year when it is not this one.
fn date_words(model: &Model, day: Date) -> String {
    let format = if day.year() == model.today().year() {
        "%a %-d %b"
    } else {
        "%-d %b %Y"
    };
    model.locale().day(day, format)
}

/// Amount, date and category side by side; the row below tells what is wrong with the first of them.
pub(super) fn draw_short(shown: Shown<'_>, buf: &mut Buffer, area: Rect) -> Option<Position> {
    let skin = shown.skin();
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
        cursor = draw(shown, which, buf, place).or(cursor);
        if let Some((_, why)) = shown.form.first_error(&SHORT).filter(|(field, _)| *field == which) {
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

fn amount_field(shown: Shown<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let (form, reading) = (shown.form, shown.reading);
    let from_line = reading.line.amount.as_ref().map(|found| found.value.to_string());
    let hint = match &reading.amount {
        Ok(_) if from_line.is_some() => FROM_LINE.to_owned(),
        Ok(money) => format!("= {money}"),
        Err(_) => String::new(),
    };
    let nothing = Money::new(0, shown.model.currency()).to_string();
    let widget = form::Field {
        label: "Amount",
        hint: beside("Amount", &hint, area),
        value: form.amount.value(),
        cursor: form::cursor_column(form.amount.value(), form.amount.cursor()),
        focused: form.focus == Field::Amount && form.pending.is_none(),
        placeholder: &from_line.unwrap_or(nothing),
        ..form::Field::default()
    };
    widget.render(area, buf, shown.skin())
}

fn day_field(shown: Shown<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let (form, reading) = (shown.form, shown.reading);
    let typed = !form.day.value().trim().is_empty();
    let hint = match &reading.day {
        Ok(_) if reading.line.day.is_some() => FROM_LINE.to_owned(),
        Ok(day) if typed => date_words(shown.model, *day),
        _ => String::new(),
    };
    let placeholder = match &reading.line.day {
        Some(found) => date_words(shown.model, found.value),
        None if area.width < NARROW => "today".to_owned(),
        None => day_words(shown.model, shown.model.today()),
    };
    let widget = form::Field {
        label: "Date",
        hint: beside("Date", &hint, area),
        value: form.day.value(),
        cursor: form::cursor_column(form.day.value(), form.day.cursor()),
        focused: form.focus == Field::Day && form.pending.is_none(),
        placeholder: &placeholder,
        ..form::Field::default()
    };
    widget.render(area, buf, shown.skin())
}

/// The chosen category; while none is chosen, what would be taken.
fn category_field(shown: Shown<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let (model, form, reading, skin) = (shown.model, shown.form, shown.reading, shown.skin());
    let classic = model.dialect == Dialect::Classic;
    let by_hand = model.category_name(form.category).unwrap_or_default();
    let named = model.category_name(reading.chosen).filter(|_| by_hand.is_empty());
    let auto = match &reading.predicted {
        _ if named.is_some() => named.unwrap_or_default().to_owned(),
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
        "" if named.is_some() => FROM_LINE.to_owned(),
        "" if form.before.is_some() && form.others(model).nth(1).is_some() => "1 2 or type".to_owned(),
        "" if skin.glyphs.arrow.is_ascii() => "Up Down or type".to_owned(),
        "" => "↑ ↓ or type".to_owned(),
        typed => format!("\"{typed}\""),
    };
    let widget = form::Field {
        label: "Category",
        hint: beside("Category", &hint, area),
        value: by_hand,
        cursor: usize::from(text::width(by_hand)),
        focused: form.focus == Field::Category && form.pending.is_none(),
        placeholder: &auto,
        ..form::Field::default()
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
