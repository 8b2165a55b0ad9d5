//! How the review looks.

use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect};
use ratatui::text::{Line, Span};

use super::{Review, current};
use crate::api::{Choice, Expense, Prediction};
use crate::app::add_expense::Guess;
use crate::app::footer::{key_name, key_of};
use crate::app::keymap::{Action, Scope};
use crate::app::model::Model;
use crate::app::view::{BOXED, cell, empty, number};
use crate::app::{always, likely};
use crate::domain::Money;
use crate::domain::expense::Sureness;
use crate::ui::panel::{self, Panel};
use crate::ui::{self, Role, Skin, text};

const WIDTH: u16 = 76;
const HEIGHT: u16 = 13;

pub(in crate::app) fn view(model: &Model, review: &Review, buf: &mut Buffer, body: Rect) {
    let skin = model.skin();
    let area = panel::centered(body, WIDTH, HEIGHT);
    panel::clear(buf, area);
    let progress = match (review.revision, review.left()) {
        (None, _) => String::new(),
        (Some(_), left) => format!("{} done, {} to go", model.number(review.done), model.number(left)),
    };
    let tiny = body.height < BOXED;
    let panel = Panel::new("Review").focused(true);
    let inner = if tiny {
        panel
            .right(progress)
            .render_rule(area, buf, skin)
            .inner(Margin::new(1, 0))
    } else {
        panel.right("Esc close").note(progress).render(area, buf, skin)
    };
    let Some(expense) = current(model) else {
        return empty(buf, inner, &nothing(model, review), skin);
    };
    let lines = lines(model, review, expense, inner, tiny);
    for (y, line) in (0..inner.height).zip(&lines) {
        ui::put(buf, ui::row(inner, y), line);
    }
}

/// What stands where no expense waits.
fn nothing(model: &Model, review: &Review) -> Vec<String> {
    if review.failed {
        let key = key_of(model, Scope::Review, Action::Retry);
        return vec![format!("The server does not answer. {key} asks again.")];
    }
    if review.revision.is_none() || review.next.is_some() {
        return vec!["Looking for what waits.".to_owned()];
    }
    let skipped = review.skipped.len();
    match (review.done, skipped) {
        (0, 0) => vec![
            "Nothing waits for a review.".to_owned(),
            "Every expense is in a category that somebody is sure of.".to_owned(),
        ],
        (done, 0) => vec![
            "All done.".to_owned(),
            format!("{} got a category.", expenses(model, done)),
        ],
        (done, _) => vec![
            format!(
                "{} got a category, {} skipped.",
                expenses(model, done),
                model.number(skipped)
            ),
            format!("{} shows the skipped ones again.", key_name(model, Action::Review)),
        ],
    }
}

fn expenses(model: &Model, count: usize) -> String {
    format!(
        "{} {}",
        model.number(count),
        if count == 1 { "expense" } else { "expenses" }
    )
}

fn lines(model: &Model, review: &Review, expense: &Expense, area: Rect, tiny: bool) -> Vec<Line<'static>> {
    let skin = model.skin();
    let theme = &skin.theme;
    let blank = usize::from(!tiny);
    let mut lines = vec![
        head(model, expense, area.width, !tiny),
        present(model, expense, area.width),
    ];
    lines.extend(vec![Line::default(); blank]);
    match likely::guess(model, expense) {
        Guess::Known(prediction) => lines.extend(choices(model, prediction, area.width)),
        Guess::Waiting | Guess::None => lines.push(Line::styled(skin.glyphs.waiting, theme.style(Role::Muted))),
        Guess::Failed(failure) => {
            let why = skin.fit(&failure.to_string(), area.width);
            lines.push(Line::styled(why, theme.style(Role::Warn)));
        }
    }
    if let Some(merchant) = always::merchant(model, expense) {
        let ticked = review.always == Some(expense.id);
        let words = format!(
            "{}  {}",
            always::label(ticked, merchant),
            key_of(model, Scope::Review, Action::Always)
        );
        let role = if ticked { Role::Accent } else { Role::Muted };
        lines.push(Line::styled(skin.fit(&words, area.width), theme.style(role)));
    }
    let next = review.queue().find(|row| row.id != expense.id);
    if let Some(next) = next.filter(|_| !tiny) {
        // The last row but one, whatever stands above.
        let row = usize::from(area.height.saturating_sub(2)).max(lines.len());
        lines.resize(row, Line::default());
        let mut then = head(model, next, area.width.saturating_sub(6), false);
        then.spans.insert(0, Span::styled("Next  ", theme.style(Role::Muted)));
        lines.push(then);
    }
    lines
}

/// `19 Nov  PP*4421 XKCD STORE    31.00`.
fn head(model: &Model, expense: &Expense, width: u16, loud: bool) -> Line<'static> {
    let skin = model.skin();
    let theme = &skin.theme;
    let format = if expense.day.year() == model.today().year() {
        "%-d %b"
    } else {
        "%-d %b %Y"
    };
    let day = format!("{}  ", model.locale().day(expense.day, format));
    let amount = Money::new(expense.amount_minor, model.currency()).to_string();
    let room = width.saturating_sub(text::width(&day) + text::width(&amount) + 2);
    let (name, sum) = if loud {
        (theme.bold(Role::Text), theme.bold(Role::Text))
    } else {
        (theme.style(Role::Muted), theme.style(Role::Muted))
    };
    Line::from(vec![
        Span::styled(day, theme.style(Role::Muted)),
        cell(skin, &expense.description, room, name),
        Span::styled(format!("  {amount}"), sum),
    ])
}

/// Where it is now, and why that is not sure.
fn present(model: &Model, expense: &Expense, width: u16) -> Line<'static> {
    let skin = model.skin();
    let theme = &skin.theme;
    let words = match model.category_name(expense.category_id) {
        None => "In no category yet".to_owned(),
        Some(name) => {
            let mark = Sureness::of(expense.confidence).mark();
            format!(
                "In {name} {mark} {}%, {}",
                expense.confidence,
                expense.category_source.label()
            )
        }
    };
    Line::styled(skin.fit(&words, width), theme.style(Role::Warn))
}

fn choices(model: &Model, prediction: &Prediction, width: u16) -> Vec<Line<'static>> {
    let skin = model.skin();
    let muted = skin.theme.style(Role::Muted);
    if prediction.choices.is_empty() {
        let key = |action| key_of(model, Scope::Review, action);
        let (other, later) = (key(Action::Categorise), key(Action::Skip));
        let words = format!("Nothing fits. {other} chooses a category, {later} skips it.");
        return vec![Line::styled(skin.fit(&words, width), muted)];
    }
    let keys =
        [Action::TakeFirst, Action::TakeSecond, Action::TakeThird].map(|take| key_of(model, Scope::Review, take));
    let choices = keys.iter().zip(&prediction.choices).enumerate();
    let mut lines: Vec<Line<'static>> = choices
        .map(|(at, (key, choice))| choice_line(at == 0, key, choice, width, skin))
        .collect();
    if !prediction.because.is_empty() {
        let because = skin.fit(&format!("  because {}", prediction.because), width);
        lines.push(Line::styled(because, muted));
    }
    lines
}

/// `1 Dining ▆▆▆▆▆▆▆▆····  96%  Enter`.
fn choice_line(first: bool, key: &str, choice: &Choice, width: u16, skin: &Skin) -> Line<'static> {
    let theme = &skin.theme;
    let (role, name) = if first {
        (Role::Accent, theme.bold(Role::Text))
    } else {
        (Role::Muted, theme.style(Role::Text))
    };
    let words = if first { "  Enter" } else { "" };
    let names = if width >= 50 { 20 } else { 14 };
    let bar = width.saturating_sub(2 + names + 6 + 7).min(34);
    let mut spans = vec![
        cell(skin, key, 2, theme.bold(Role::Accent)),
        cell(skin, &choice.category, names, name),
    ];
    spans.extend(ui::bar::meter(choice.confidence, bar, role, skin).spans);
    let percent = format!("{}%", choice.confidence);
    spans.push(number(skin, &percent, 6, theme.bold(Role::Text)));
    spans.push(Span::styled(words, theme.style(Role::Muted)));
    Line::from(spans)
}
