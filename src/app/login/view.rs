//! How the log-in screen looks.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::{Field, Kind, LogIn};
use crate::app::model::Model;
use crate::domain::account;
use crate::ui::panel::{self, Panel};
use crate::ui::{self, Hint, Role, Skin, bar, form, text};

const WIDTH: u16 = 60;
/// From this height of the body on there are blank lines.
const ROOMY: u16 = 24;
/// From this height of the body on there is a box.
const BOXED: u16 = 14;

/// One part of the form, from top to bottom.
#[derive(Clone, Copy, PartialEq)]
enum Part<'a> {
    Note(&'a str),
    Input(Field),
    Strength,
    Stay,
    Buttons,
    Rule,
    Demo,
    Blank,
}

/// Draws the form in the middle; returns where the cursor stands.
pub(in crate::app) fn view(model: &Model, buf: &mut Buffer, area: Rect) -> Option<Position> {
    let skin = model.skin();
    let login = &model.login;
    let (title, other) = match login.kind {
        Kind::LogIn => ("Log in", "or F3 sign up"),
        Kind::SignUp => ("Sign up", "or F3 log in"),
    };
    let panel = Panel::new(title).focused(true).right(other);
    let boxed = area.height >= BOXED;
    let width = WIDTH.min(area.width).saturating_sub(if boxed { 8 } else { 2 });
    let parts = parts(model, area.height, width);
    let wanted = parts.iter().map(|(_, height)| height).sum::<u16>();
    let inner = if boxed {
        panel.render(panel::centered(area, WIDTH, wanted + 2), buf, skin)
    } else {
        panel.render_rule(area, buf, skin)
    };
    let inner = inset(inner, if boxed { 2 } else { 1 });
    draw_parts(model, &parts, inner, buf)
}

/// Draws the parts from the first one that leaves the focused field in sight.
fn draw_parts(model: &Model, parts: &[(Part<'_>, u16)], area: Rect, buf: &mut Buffer) -> Option<Position> {
    let focused = parts.iter().position(|(part, _)| match part {
        Part::Input(field) => *field == model.login.focus,
        Part::Stay => model.login.focus == Field::Stay,
        _ => false,
    });
    let until_focus = &parts[..focused.map_or(0, |at| at + 1)];
    let mut hidden = 0;
    let mut needed: u16 = until_focus.iter().map(|(_, height)| height).sum();
    while needed > area.height && hidden + 1 < until_focus.len() {
        needed -= until_focus[hidden].1;
        hidden += 1;
    }
    let mut cursor = None;
    let mut y = area.y;
    for (part, height) in &parts[hidden..] {
        let place = Rect {
            y,
            height: *height,
            ..area
        }
        .intersection(area);
        // Half a field at the bottom says less than nothing.
        if place.height == *height || *part == Part::Input(model.login.focus) {
            cursor = draw_part(model, *part, place, buf).or(cursor);
        }
        y = y.saturating_add(*height);
    }
    cursor.filter(|at| area.contains(*at))
}

/// The parts of the form with their heights, as roomy as `height` rows of the screen allow.
fn parts(model: &Model, height: u16, width: u16) -> Vec<(Part<'_>, u16)> {
    let login = &model.login;
    let roomy = height >= ROOMY;
    let gap = roomy.then_some((Part::Blank, 1));
    let mut parts: Vec<(Part<'_>, u16)> = gap.into_iter().collect();
    if let Some(note) = login.note() {
        parts.push((Part::Note(note), wrapped(note, width + 2).min(2)));
        parts.extend(gap);
    }
    for field in login.fields().iter().copied().filter(|f| *f != Field::Stay) {
        let error = login.error(field).map_or(0, |error| wrapped(error, width));
        // A small screen tells an error beside the label.
        let below = if height >= BOXED { error.clamp(1, 3) } else { 0 };
        let strength = field == Field::Password && login.kind == Kind::SignUp && height >= BOXED;
        parts.push((Part::Input(field), 2 + if strength { error.min(3) } else { below }));
        if strength {
            parts.push((Part::Strength, 1));
        }
        parts.extend(gap);
    }
    parts.push((Part::Stay, 1));
    parts.extend(gap);
    parts.push((Part::Buttons, 1));
    parts.extend(gap);
    if model.settings.demo {
        parts.extend(roomy.then_some((Part::Rule, 1)));
        parts.push((Part::Demo, 1));
        parts.extend(gap);
    }
    parts
}

fn wrapped(error: &str, width: u16) -> u16 {
    u16::try_from(text::wrap(error, width.saturating_sub(2)).len()).unwrap_or(u16::MAX)
}

fn draw_part(model: &Model, part: Part<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let skin = model.skin();
    let style = |role| skin.theme.style(role);
    let line = match part {
        Part::Input(field) => return draw_field(model, field, area, buf),
        Part::Blank => return None,
        Part::Note(note) => {
            for (y, words) in (0..area.height).zip(text::wrap(note, area.width)) {
                ui::put(buf, ui::row(area, y), &Line::styled(words, style(Role::Warn)));
            }
            return None;
        }
        Part::Strength => strength(model.login.text(Field::Password), skin),
        Part::Stay => stay(&model.login, area.width, skin),
        Part::Buttons => buttons(model, area.width),
        Part::Rule => Line::styled(skin.glyphs.rule.repeat(area.width.into()), style(Role::Faint)),
        Part::Demo => Line::from(vec![
            Span::styled("Try it: ", style(Role::Muted)),
            Span::styled("F5", skin.theme.bold(Role::Accent)),
            Span::styled(
                format!(" demo account, {} / {}", account::DEMO_NAME, account::DEMO_PASSWORD),
                style(Role::Muted),
            ),
        ]),
    };
    ui::put(buf, area, &line);
    None
}

fn draw_field(model: &Model, field: Field, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let login = &model.login;
    let text = login.text(field);
    let input = match field {
        Field::Name | Field::Stay => &login.name,
        Field::Email => &login.email,
        Field::Invite => &login.invite,
        Field::Password => &login.password,
        Field::Repeat => &login.repeat,
        Field::Code => &login.code,
    };
    let (label, hint) = match field {
        Field::Name => ("User name", ""),
        Field::Email => ("Email", ""),
        Field::Invite => ("Invitation code", ""),
        Field::Code => ("Code of your authenticator app", "or a recovery code"),
        Field::Password if login.show_password => ("Password", "F2 hide"),
        Field::Password => ("Password", "F2 show"),
        Field::Repeat | Field::Stay => ("Password again", ""),
    };
    let secret = matches!(field, Field::Password | Field::Repeat) && !login.show_password;
    let (shown, cursor) = if secret {
        (model.skin().mask(text), input.cursor())
    } else {
        (text.to_owned(), form::cursor_column(text, input.cursor()))
    };
    let widget = form::Field {
        label,
        hint,
        value: &shown,
        cursor,
        focused: login.focus == field && model.pending.session.is_none(),
        error: login.error(field),
        ok: login.kind == Kind::SignUp
            && !text.is_empty()
            && login.error(field).is_none()
            && login.problem(field).is_none(),
        placeholder: "",
    };
    widget.render(area, buf, model.skin())
}

fn strength(password: &str, skin: &Skin) -> Line<'static> {
    let level = account::password_strength(password);
    let (word, role) = match level {
        0 if password.is_empty() => ("8 characters or more", Role::Muted),
        0 => ("not accepted yet", Role::Warn),
        1 => ("weak", Role::Warn),
        2 => ("fair", Role::Ok),
        3 => ("good", Role::Ok),
        _ => ("excellent", Role::Ok),
    };
    let mut spans = vec![Span::styled(" strength ", skin.theme.style(Role::Muted))];
    spans.extend(bar::meter(level.min(4) * 25, 8, role, skin).spans);
    spans.push(Span::styled(format!(" {word}"), skin.theme.style(role)));
    Line::from(spans)
}

fn stay(login: &LogIn, width: u16, skin: &Skin) -> Line<'static> {
    let focused = login.focus == Field::Stay;
    let remark = match focused {
        true => "Space changes",
        false if width < 42 => "",
        false => "token file, mode 0600",
    };
    form::checkbox("Stay logged in", remark, login.stay, focused, skin)
}

fn buttons(model: &Model, width: u16) -> Line<'static> {
    let skin = model.skin();
    let waiting = model.pending.session.is_some();
    let under_way = under_way(model);
    let primary = match (waiting, model.login.kind) {
        (true, _) => Hint::new(skin.glyphs.waiting, &under_way),
        (false, Kind::LogIn) => Hint::new("Enter", "Log in"),
        (false, Kind::SignUp) => Hint::new("Enter", "Sign up"),
    };
    let hints: &[Hint<'_>] = if waiting {
        &[Hint::new("Esc", "cancel")]
    } else {
        &[Hint::new("Tab", "next"), Hint::new("S-Tab", "back")]
    };
    form::buttons(primary, hints, width, skin)
}

/// `Logging in 2 s`.
fn under_way(model: &Model) -> String {
    let words = match model.login.kind {
        Kind::LogIn => "Logging in",
        Kind::SignUp => "Signing up",
    };
    match model.pending.session_seconds {
        seconds @ 1.. if model.settings.motion => format!("{words} {seconds} s"),
        _ => words.to_owned(),
    }
}

fn inset(area: Rect, by: u16) -> Rect {
    let by = by.min(area.width / 2);
    Rect {
        x: area.x + by,
        width: area.width - 2 * by,
        ..area
    }
}
