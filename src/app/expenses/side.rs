//! The expense under the cursor in all its details, beside the list on a wide screen.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{row, selected, view};
use crate::api::{Choice, Expense};
use crate::app::add_expense::{self, Guess};
use crate::app::footer::key_of;
use crate::app::keymap::{Action, Scope};
use crate::app::model::{Model, Screen};
use crate::app::view::{BOXED, body_of};
use crate::app::{alerts, likely};
use crate::domain::Money;
use crate::domain::expense::CategorySource;
use crate::ui::panel::Panel;
use crate::ui::{self, Hint, Role, text};

/// From this width on there is room beside the list.
const WIDE: u16 = 110;

/// Splits the screen; the second part is empty where there is no room for it.
pub(super) fn split(area: Rect) -> (Rect, Rect) {
    if area.width < WIDE || area.height < BOXED {
        return (area, Rect { width: 0, ..area });
    }
    let width = (area.width / 4).clamp(35, 48);
    let list = Rect {
        width: area.width - width - 1,
        ..area
    };
    let side = Rect {
        x: list.right() + 1,
        width,
        ..area
    };
    (list, side)
}

/// The expense that is shown in detail, if one is.
pub(in crate::app) fn in_detail(model: &Model) -> Option<&Expense> {
    let (_, side) = split(view::below_filter(model, body_of(model)));
    let shown = model.screen == Screen::Expenses && side.width > 0 && model.form.is_none() && model.help.is_none();
    selected(model).filter(|_| shown)
}

/// Whether the open form stands here instead of in a dialog.
pub(in crate::app) fn holds_form(model: &Model) -> bool {
    let (_, side) = split(view::below_filter(model, body_of(model)));
    let edits = model.form.as_deref().is_some_and(|form| form.edited().is_some());
    model.screen == Screen::Expenses && side.width > 0 && edits
}

pub(super) fn draw(model: &Model, buf: &mut Buffer, area: Rect) -> Option<Position> {
    let skin = model.skin();
    if let Some(form) = model.form.as_deref().filter(|_| holds_form(model)) {
        let panel = Panel::new("Edit").focused(true).right("saves on Enter");
        let inner = panel.render(area, buf, skin);
        let before = form.edited();
        let notes = before.map_or_else(Vec::new, |expense| notes(model, expense, inner.width));
        return add_expense::pane(model, form, &notes, buf, inner);
    }
    let key = key_of(model, Scope::Expenses, Action::EditExpense);
    let inner = Panel::new("Details")
        .right(Line::from(Hint::new(&key, "edit").spans(skin)))
        .render(area, buf, skin);
    if let Some(expense) = selected(model) {
        for (y, line) in (0..inner.height).zip(lines(model, expense, inner)) {
            ui::put(buf, ui::row(inner, y), &line);
        }
    }
    None
}

/// Label over text; a blank line between, where the pane is high enough.
fn lines(model: &Model, expense: &Expense, area: Rect) -> Vec<Line<'static>> {
    let skin = model.skin();
    let theme = &skin.theme;
    let plain = theme.style(Role::Text);
    let mut description = text::wrap(&expense.description, area.width);
    description.truncate(3);
    let amount = Money::new(expense.amount_minor, model.currency());
    let mut parts = vec![
        ("Description", words(description, theme.bold(Role::Text))),
        ("Amount", words(vec![amount.to_string()], theme.bold(Role::Text))),
        (
            "Date",
            words(vec![model.locale().day(expense.day, "%a %-d %b %Y")], plain),
        ),
        ("Category", vec![category(model, expense)]),
    ];
    parts.extend(known(model, expense, area.width));
    let needed: usize = parts.iter().map(|(_, lines)| lines.len() + 2).sum();
    let roomy = needed <= usize::from(area.height) + 1;
    let mut all = Vec::new();
    for (label, lines) in &mut parts {
        all.push(Line::styled(*label, theme.style(Role::Muted)));
        all.append(lines);
        if roomy {
            all.push(Line::default());
        }
    }
    all
}

/// What else is known of an expense, label and lines.
fn known(model: &Model, expense: &Expense, width: u16) -> [(&'static str, Vec<Line<'static>>); 2] {
    let label = if expense.category_id.is_some() {
        "Also likely"
    } else {
        "Likely"
    };
    let muted = model.skin().theme.style(Role::Muted);
    let history = words(text::wrap(&history(model, expense), width), muted);
    let likely = also_likely(model, expense, width);
    [(label, likely), ("History", history)]
}

/// The same under the fields of the form.
fn notes(model: &Model, expense: &Expense, width: u16) -> Vec<Line<'static>> {
    let muted = model.skin().theme.style(Role::Muted);
    let part = |(label, lines): (&'static str, Vec<Line<'static>>)| {
        std::iter::once(Line::styled(label, muted))
            .chain(lines)
            .chain([Line::default()])
    };
    known(model, expense, width).into_iter().flat_map(part).collect()
}

fn words(lines: Vec<String>, style: Style) -> Vec<Line<'static>> {
    lines.into_iter().map(|line| Line::styled(line, style)).collect()
}

fn category(model: &Model, expense: &Expense) -> Line<'static> {
    let theme = &model.skin().theme;
    let Some(name) = model.category_name(expense.category_id) else {
        return Line::styled("uncategorised", theme.style(Role::Warn));
    };
    let mut spans = vec![Span::styled(name.to_owned(), theme.bold(Role::Text))];
    if let Some((mark, role)) = row::sureness(expense) {
        spans.push(Span::styled(format!("  {mark} sure"), theme.style(role)));
    }
    Line::from(spans)
}

/// The best categories that it is not in.
fn also_likely(model: &Model, expense: &Expense, width: u16) -> Vec<Line<'static>> {
    let skin = model.skin();
    let muted = skin.theme.style(Role::Muted);
    let others = |choices: &[Choice]| -> Vec<Line<'static>> {
        let others = choices.iter().filter(|c| Some(c.category_id) != expense.category_id);
        let line = |(at, choice): (usize, &Choice)| {
            let percent = format!("  {}%", choice.confidence);
            // In the form the number is the key that takes it.
            let number = if model.form.is_some() {
                format!("{} ", at + 1)
            } else {
                String::new()
            };
            let room = width.saturating_sub(text::width(&percent) + text::width(&number));
            let name = skin.fit(&choice.category, room);
            Line::from(vec![
                Span::styled(number, skin.theme.bold(Role::Accent)),
                Span::styled(name, skin.theme.style(Role::Text)),
                Span::styled(percent, muted),
            ])
        };
        others.take(2).enumerate().map(line).collect()
    };
    let found = match likely::guess(model, expense) {
        Guess::Known(prediction) => others(&prediction.choices),
        Guess::Waiting | Guess::None => vec![Line::styled(skin.glyphs.waiting, muted)],
        Guess::Failed(_) => vec![Line::styled("not known now", muted)],
    };
    if found.is_empty() {
        return vec![Line::styled("nothing else", muted)];
    }
    found
}

/// Who chose the category, and when the expense was added.
fn history(model: &Model, expense: &Expense) -> String {
    let added = alerts::when(model, expense.created_at);
    let category = match expense.category_source {
        CategorySource::You => "Category chosen by you.".to_owned(),
        CategorySource::None => "No category was found.".to_owned(),
        source => format!("Category from {}.", source.label()),
    };
    format!("Added {added}. {category}")
}
