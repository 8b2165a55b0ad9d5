//! What control sequences of a terminal mean.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::parser::{Answer, Heard};

/// What `ESC [ parameters last` means, if it means anything here.
pub(super) fn read(parameters: &[u8], last: u8, asked: bool) -> Option<Heard> {
    let text = std::str::from_utf8(parameters).ok()?;
    match (text, last) {
        ("", b'I') => return Some(Heard::Event(Event::FocusGained)),
        ("", b'O') => return Some(Heard::Event(Event::FocusLost)),
        ("?997;1", b'n') => return Some(Heard::Answer(Answer::Scheme { light: false })),
        ("?997;2", b'n') => return Some(Heard::Answer(Answer::Scheme { light: true })),
        _ => {}
    }
    if let Some(rest) = text.strip_prefix('<') {
        return mouse(rest, last).map(Heard::Event);
    }
    match last {
        b'c' if text.starts_with('?') => Some(Heard::Answer(Answer::Attributes)),
        b'R' if asked => numbers(text)
            .nth(1)
            .flatten()
            .map(|at| Heard::Answer(Answer::Column(at))),
        _ => key(text, last).map(|key| Heard::Event(Event::Key(key))),
    }
}

/// `ESC O x`: arrows and F1 to F4 in application mode.
pub(super) fn single(byte: u8) -> Option<Event> {
    let code = match byte {
        b'M' => KeyCode::Enter,
        _ => letter(byte)?,
    };
    Some(Event::Key(code.into()))
}

/// `ESC [ [ x`: F1 to F5 of the Linux console.
pub(super) fn console(byte: u8) -> Option<Event> {
    matches!(byte, b'A'..=b'E').then(|| Event::Key(KeyCode::F(1 + byte - b'A').into()))
}

/// The colour in `11;rgb:1e1e/1e1e/1e1e`; `rgba:` and one to four digits a part are written too.
pub(super) fn colour(text: &[u8]) -> Option<[u8; 3]> {
    let text = std::str::from_utf8(text).ok()?.strip_prefix("11;")?;
    if let Some(digits) = text.strip_prefix('#') {
        let wide = digits.len() / 3;
        let part = |at: usize| part(digits.get(at * wide..(at + 1) * wide)?);
        return Some([part(0)?, part(1)?, part(2)?]);
    }
    let parts = text.strip_prefix("rgb:").or_else(|| text.strip_prefix("rgba:"))?;
    let mut parts = parts.split('/').map(part);
    Some([parts.next()??, parts.next()??, parts.next()??])
}

/// One part of a colour, one to four hexadecimal digits, scaled to a byte.
fn part(digits: &str) -> Option<u8> {
    if !(1..=4).contains(&digits.len()) {
        return None;
    }
    let value = u32::from_str_radix(digits, 16).ok()?;
    let most = 16_u32.pow(u32::try_from(digits.len()).ok()?) - 1;
    u8::try_from((value * 255 + most / 2) / most).ok()
}

/// The parameters between semicolons; what follows a colon is left out.
fn numbers(text: &str) -> impl Iterator<Item = Option<u16>> {
    text.split(';')
        .map(|number| number.split(':').next().unwrap_or_default().parse().ok())
}

fn key(text: &str, last: u8) -> Option<KeyEvent> {
    let mut parameters = numbers(text);
    let first = parameters.next().flatten();
    let (modifiers, kind) = held(text);
    let code = match last {
        b'~' => tilde(first?, text)?,
        b'u' => unicode(first?)?,
        b'Z' => return Some(KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT)),
        _ => letter(last)?,
    };
    let code = match code {
        KeyCode::Tab if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
        code => code,
    };
    Some(KeyEvent::new_with_kind(code, modifiers, kind))
}

/// The second parameter: modifier keys plus one, then after a colon whether it is pressed, repeats or is released.
fn held(text: &str) -> (KeyModifiers, KeyEventKind) {
    let second = text.split(';').nth(1).unwrap_or_default();
    let (mask, kind) = second.split_once(':').unwrap_or((second, ""));
    let mask = mask.parse::<u16>().unwrap_or(1).saturating_sub(1);
    let flags = [
        (1, KeyModifiers::SHIFT),
        (2, KeyModifiers::ALT),
        (4, KeyModifiers::CONTROL),
        (8, KeyModifiers::SUPER),
        (16, KeyModifiers::HYPER),
        (32, KeyModifiers::META),
    ];
    let modifiers = flags.into_iter().filter(|(bit, _)| mask & bit != 0);
    let kind = match kind {
        "2" => KeyEventKind::Repeat,
        "3" => KeyEventKind::Release,
        _ => KeyEventKind::Press,
    };
    (modifiers.map(|(_, flag)| flag).collect(), kind)
}

fn letter(byte: u8) -> Option<KeyCode> {
    Some(match byte {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P'..=b'S' => KeyCode::F(1 + byte - b'P'),
        _ => return None,
    })
}

/// `ESC [ number ~`.
fn tilde(number: u16, text: &str) -> Option<KeyCode> {
    let function = |number: u16, from: u16| u8::try_from(number - from).ok().map(KeyCode::F);
    match number {
        1 | 7 => Some(KeyCode::Home),
        2 => Some(KeyCode::Insert),
        3 => Some(KeyCode::Delete),
        4 | 8 => Some(KeyCode::End),
        5 => Some(KeyCode::PageUp),
        6 => Some(KeyCode::PageDown),
        11..=15 => function(number, 10),
        17..=21 => function(number, 11),
        23..=26 => function(number, 12),
        28 | 29 => function(number, 15),
        31..=34 => function(number, 17),
        // `27 ; modifiers ; character`, as xterm writes keys that have no bytes of their own.
        27 => unicode(numbers(text).nth(2)??),
        _ => None,
    }
}

/// `ESC [ character u`.
fn unicode(number: u16) -> Option<KeyCode> {
    match char::from_u32(number.into())? {
        '\x1b' => Some(KeyCode::Esc),
        '\r' => Some(KeyCode::Enter),
        '\t' => Some(KeyCode::Tab),
        '\x7f' => Some(KeyCode::Backspace),
        c if c.is_control() => None,
        // Keypad, media and modifier keys stand in the private area.
        '\u{e000}'..='\u{f8ff}' => None,
        c => Some(KeyCode::Char(c)),
    }
}

/// `ESC [ < button ; column ; row M`, `m` when it is let go.
fn mouse(text: &str, last: u8) -> Option<Event> {
    let mut parameters = numbers(text).map(|number| number.unwrap_or(0));
    let (button, column, row) = (parameters.next()?, parameters.next()?, parameters.next()?);
    let pressed = |button| match last {
        b'M' => MouseEventKind::Down(button),
        _ => MouseEventKind::Up(button),
    };
    let kind = match button & !0b1_1100 {
        0 => pressed(MouseButton::Left),
        1 => pressed(MouseButton::Middle),
        2 => pressed(MouseButton::Right),
        64 => MouseEventKind::ScrollUp,
        65 => MouseEventKind::ScrollDown,
        _ => return None,
    };
    let modifiers = [
        (4, KeyModifiers::SHIFT),
        (8, KeyModifiers::ALT),
        (16, KeyModifiers::CONTROL),
    ];
    Some(Event::Mouse(MouseEvent {
        kind,
        column: column.checked_sub(1)?,
        row: row.checked_sub(1)?,
        modifiers: modifiers
            .into_iter()
            .filter(|(bit, _)| button & bit != 0)
            .map(|(_, flag)| flag)
            .collect(),
    }))
}
