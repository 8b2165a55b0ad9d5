//! The selected alert in full: how it came to it, what helps, how the user was told.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::api::{Alert, Dialect};
use crate::app::alerts::words::{story, when};
use crate::app::alerts::{State, quiet_until, state};
use crate::app::footer::key_of;
use crate::app::keymap::{Action, Scope};
use crate::app::model::Model;
use crate::app::move_money;
use crate::app::overview::alert_mark;
use crate::domain::{AlertRules, Money};
use crate::ui::{self, Role};

/// Columns from which on what helps stands in one line.
const WIDE: u16 = 110;

/// Lines of the detail.
pub(super) fn height(width: u16) -> u16 {
    if width >= WIDE { 6 } else { 8 }
}

pub(super) fn draw(model: &Model, alert: &Alert, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    let rule = skin.glyphs.rule.repeat(area.width.into());
    ui::put(
        buf,
        ui::row(area, 0),
        &Line::styled(rule, skin.theme.style(Role::Faint)),
    );
    let first = ui::clip(headline(model, alert), area.width, skin);
    ui::put(buf, ui::row(area, 1), &Line::from(first));
    if model.dialect == Dialect::Classic {
        return;
    }
    let helps = flow(helps(model, alert), area.width, "What helps:  ", model);
    let told = flow(told_by(model, alert), area.width, "Told you by: ", model);
    for (y, line) in (2..).zip(helps) {
        ui::put(buf, ui::row(area, y), &line);
    }
    let first = area.height.saturating_sub(u16::try_from(told.len()).unwrap_or(1));
    for (y, line) in (first..area.height).zip(told) {
        ui::put(buf, ui::row(area, y), &line);
    }
}

/// `▲ Dining  went over on 22 Nov 06:02 with Ramen House $18.50`.
fn headline(model: &Model, alert: &Alert) -> Vec<Span<'static>> {
    let skin = model.skin();
    let theme = &skin.theme;
    let (glyph, role) = alert_mark(alert, skin);
    let (muted, strong) = (theme.style(Role::Muted), theme.bold(Role::Text));
    let mut spans = vec![
        Span::styled(format!("{glyph} "), theme.style(role)),
        Span::styled(alert.category.clone(), theme.bold(role)),
        Span::raw("  "),
    ];
    if alert.category.is_empty() || model.dialect == Dialect::Classic {
        // A five-call server says the sentence and no more.
        spans.truncate(1);
        spans.push(Span::styled(alert.message.clone(), strong));
        return spans;
    }
    let [verb, moment, cause] = story(model, alert);
    spans.push(Span::styled(format!("{verb} "), muted));
    spans.push(Span::styled(moment, strong));
    if !cause.is_empty() {
        spans.push(Span::styled(" with ", muted));
        spans.push(Span::styled(cause, strong));
    }
    if let Some(at) = alert.resolved_at {
        spans.push(Span::styled(
            format!(", solved {}", when(model, at)),
            theme.style(Role::Ok),
        ));
    }
    spans
}

/// A key and what it does, as one piece of a line.
fn piece(model: &Model, action: Action, words: &str) -> Vec<Span<'static>> {
    let theme = &model.skin().theme;
    vec![
        Span::styled(key_of(model, Scope::Alerts, action), theme.bold(Role::Accent)),
        Span::styled(format!(" {words}"), theme.style(Role::Text)),
    ]
}

/// What can be done about the alert, the most helpful first.
fn helps(model: &Model, alert: &Alert) -> Vec<Vec<Span<'static>>> {
    let money = |minor| Money::new(minor, model.currency()).short_symbol();
    let mut pieces = Vec::new();
    let solved = alert.resolved_at.is_some();
    if !solved {
        let proposal = (alert.month == model.shown_month())
            .then(|| move_money::proposal(model, alert.category_id))
            .flatten();
        let words = proposal.map_or("move money here".to_owned(), |(name, spare, amount)| {
            format!("move {} from {name} ({} to spare)", money(amount), money(spare))
        });
        pieces.push(piece(model, Action::MoveMoney, &words));
        pieces.push(piece(model, Action::EditLimit, "raise the limit"));
    }
    let quiet = match state(model, alert) {
        State::Snoozed(until) => format!(
            "end the silence about {} (until {})",
            alert.category,
            model.locale().day(until, "%-d %b")
        ),
        _ => format!(
            "silence {} until {}",
            alert.category,
            model.locale().day(quiet_until(model), "%-d %b")
        ),
    };
    pieces.push(piece(model, Action::Snooze, &quiet));
    pieces.push(piece(model, Action::Open, "see its expenses"));
    pieces
}

/// Pieces in as many lines as they need, the first behind `label`.
fn flow(pieces: Vec<Vec<Span<'static>>>, width: u16, label: &str, model: &Model) -> Vec<Line<'static>> {
    let indent = ui::text::width(label);
    let mut lines = Vec::new();
    let mut line = vec![Span::styled(label.to_owned(), model.skin().theme.style(Role::Muted))];
    let mut empty = true;
    for piece in pieces {
        let gap = if empty { 0 } else { 3 };
        if !empty && ui::span_width(&line) + gap + ui::span_width(&piece) > width {
            let full = std::mem::replace(&mut line, vec![Span::raw(" ".repeat(indent.into()))]);
            lines.push(Line::from(ui::clip(full, width, model.skin())));
        } else if !empty {
            line.push(Span::styled(" ".repeat(gap.into()), Style::new()));
        }
        line.extend(piece);
        empty = false;
    }
    lines.push(Line::from(ui::clip(line, width, model.skin())));
    lines
}

/// How the user hears of it, and of what.
fn told_by(model: &Model, alert: &Alert) -> Vec<Vec<Span<'static>>> {
    let muted = |text: &str| Span::styled(text.to_owned(), model.skin().theme.style(Role::Muted));
    let row = model.categories().iter().find(|c| c.category.id == alert.category_id);
    let rules = row.map_or_else(AlertRules::default, |row| row.category.alert_at);
    let mut rules = piece(model, Action::EditRules, &format!("rules: {}", rules.words()));
    rules[1].style = model.skin().theme.style(Role::Muted);
    let mut pieces = vec![vec![muted(if model.settings.levels.contains(&alert.level) {
        "the badge here, a notice outside the window"
    } else {
        "the badge here"
    })]];
    pieces.push(rules);
    if let Some(hours) = model.settings.quiet {
        pieces.push(vec![muted(&format!("quiet {hours}"))]);
    }
    pieces
}
