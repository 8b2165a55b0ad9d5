//! How the log-in screen looks.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::{Field, Kind, LogIn};
use crate::app::model::Model;
use crate::domain::account;
use crate::ui::panel::{self, Panel};
use crate::ui::{self, Hint, Role, Skin, form, text};

const WIDTH: u16 = 60;

/// Draws the form in the middle; returns where the cursor stands.
pub(in crate::app) fn view(model: &Model, frame: &mut Frame, area: Rect) -> Option<Position> {
    let skin = model.skin();
    let login = &model.login;
    let roomy = area.height >= 24;
    let boxed = area.height >= 14;
    let place = panel::centered(area, WIDTH, form_height(login, roomy));
    let (title, other) = match login.kind {
        Kind::LogIn => ("Log in", "or F3 sign up"),
        Kind::SignUp => ("Sign up", "or F3 log in"),
    };
    let panel = Panel::new(title).focused(true).right(other);
    let inner = if boxed {
        panel.render(place, frame.buffer_mut(), skin)
    } else {
        panel.render_rule(area, frame.buffer_mut(), skin)
    };
    let mut rows = Rows {
        area: inset(inner, if boxed { 2 } else { 1 }),
        y: inner.y + u16::from(roomy),
    };
    if let Some(note) = &login.note {
        rows.line(
            frame,
            &Line::styled(text::fit(note, rows.area.width), skin.theme.style(Role::Warn)),
        );
        rows.gap(roomy);
    }
    let mut cursor = None;
    for field in visible_fields(login, rows.area.bottom().saturating_sub(rows.y), roomy) {
        cursor = draw_field(model, field, &mut rows, frame).or(cursor);
        rows.gap(roomy);
    }
    draw_foot(model, &mut rows, frame, roomy);
    cursor.filter(|at| area.contains(*at))
}

/// The fields that fit, the focused one among them.
fn visible_fields(login: &LogIn, height: u16, roomy: bool) -> impl Iterator<Item = Field> {
    let all = login.fields().iter().copied().filter(|f| *f != Field::Stay);
    let fit = usize::from(height / if roomy { 4 } else { 3 }).max(1);
    let focus = all.clone().position(|f| f == login.focus).unwrap_or(0);
    all.skip((focus + 1).saturating_sub(fit)).take(fit)
}

fn form_height(login: &LogIn, roomy: bool) -> u16 {
    let fields = u16::try_from(login.fields().len() - 1).unwrap_or(4);
    let each = if roomy { 4 } else { 3 };
    let note = if login.note.is_some() { 1 + u16::from(roomy) } else { 0 };
    let strength = u16::from(login.kind == Kind::SignUp);
    2 + u16::from(roomy) + note + fields * each + strength + if roomy { 8 } else { 4 }
}

fn draw_field(model: &Model, field: Field, rows: &mut Rows, frame: &mut Frame) -> Option<Position> {
    let login = &model.login;
    let secret = matches!(field, Field::Password | Field::Repeat) && !login.show_password;
    let text = login.text(field);
    let shown = if secret {
        model.skin().mask(text)
    } else {
        text.to_owned()
    };
    let input = match field {
        Field::Name | Field::Stay => &login.name,
        Field::Email => &login.email,
        Field::Password => &login.password,
        Field::Repeat => &login.repeat,
    };
    let (label, hint) = match field {
        Field::Name => ("User name", ""),
        Field::Email => ("Email", ""),
        Field::Password if login.show_password => ("Password", "F2 hide"),
        Field::Password => ("Password", "F2 show"),
        Field::Repeat | Field::Stay => ("Password again", ""),
    };
    let ok = login.kind == Kind::SignUp && !text.is_empty() && login.problem(field).is_none();
    let widget = form::Field {
        label,
        hint,
        value: &shown,
        cursor: if secret {
            input.cursor()
        } else {
            form::cursor_column(text, input.cursor())
        },
        focused: login.focus == field && model.pending.session.is_none(),
        error: login.error(field),
        ok,
        placeholder: "",
    };
    let cursor = widget.render(rows.take(3), frame.buffer_mut(), model.skin());
    if field == Field::Password && login.kind == Kind::SignUp {
        rows.y -= u16::from(login.error(field).is_none());
        rows.line(frame, &strength(text, model.skin()));
    }
    cursor
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
    let full = skin.glyphs.bar.repeat(usize::from(level) * 2);
    let rest = skin.glyphs.track.repeat(8 - usize::from(level) * 2);
    Line::from(vec![
        Span::styled(" strength ", skin.theme.style(Role::Muted)),
        Span::styled(full, skin.theme.style(role)),
        Span::styled(rest, skin.theme.style(Role::Track)),
        Span::styled(format!(" {word}"), skin.theme.style(role)),
    ])
}

fn draw_foot(model: &Model, rows: &mut Rows, frame: &mut Frame, roomy: bool) {
    let skin = model.skin();
    let login = &model.login;
    let style = |role| skin.theme.style(role);
    let focused = login.focus == Field::Stay;
    let remark = if focused {
        "Space changes"
    } else {
        "token file, mode 0600"
    };
    rows.line(
        frame,
        &form::checkbox("Stay logged in", remark, login.stay, focused, skin),
    );
    rows.gap(roomy);
    let waiting = model.pending.session.is_some();
    let primary = match (waiting, login.kind) {
        (true, Kind::LogIn) => Hint::new("…", "Logging in"),
        (true, Kind::SignUp) => Hint::new("…", "Signing up"),
        (false, Kind::LogIn) => Hint::new("Enter", "Log in"),
        (false, Kind::SignUp) => Hint::new("Enter", "Sign up"),
    };
    let hints: &[Hint<'_>] = if waiting {
        &[Hint::new("Esc", "cancel")]
    } else {
        &[Hint::new("Tab", "next"), Hint::new("S-Tab", "back")]
    };
    rows.line(frame, &form::buttons(primary, hints, rows.area.width, skin));
    if roomy {
        rows.gap(true);
        rows.line(
            frame,
            &Line::styled(skin.glyphs.rule.repeat(rows.area.width.into()), style(Role::Faint)),
        );
    }
    if model.settings.demo {
        rows.line(
            frame,
            &Line::from(vec![
                Span::styled("Try it: ", style(Role::Muted)),
                Span::styled("F5", skin.theme.bold(Role::Accent)),
                Span::styled(
                    format!(" demo account, {} / {}", account::DEMO_NAME, account::DEMO_PASSWORD),
                    style(Role::Muted),
                ),
            ]),
        );
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

/// Hands out rows from top to bottom and stops at the end of the area.
struct Rows {
    area: Rect,
    y: u16,
}

impl Rows {
    fn take(&mut self, height: u16) -> Rect {
        let bottom = self.area.bottom();
        let y = self.y.min(bottom);
        let height = height.min(bottom - y);
        self.y = y + height;
        Rect { y, height, ..self.area }
    }

    fn line(&mut self, frame: &mut Frame, line: &Line<'_>) {
        let row = self.take(1);
        ui::put(frame.buffer_mut(), row, line);
    }

    fn gap(&mut self, wanted: bool) {
        self.y += u16::from(wanted);
    }
}
