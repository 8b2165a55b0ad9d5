//! Writes frames with as few bytes as they need.
//!
//! The usual backend resets every attribute and hides the cursor in each frame; over a slow line, and on a
//! screen left open all day, that is most of what is sent. This one writes only what differs, and wraps all
//! but the smallest frames in a synchronized update (DEC private mode 2026) so that none is seen half drawn.

use std::fmt::Write as _;
use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};
use rustix::termios::tcgetwinsize;

/// A frame of at most this many bytes goes out in one write and cannot be seen half drawn.
const ATOMIC: usize = 64;
const BEGIN: &str = "\x1b[?2026h";
const END: &str = "\x1b[?2026l";
/// What a terminal that says 0 by 0, as serial lines do, is taken to have.
const UNKNOWN_SIZE: Size = Size { width: 80, height: 24 };

/// Draws into anything that takes bytes; asks the real terminal only for its size.
#[derive(Debug)]
pub struct AnsiBackend<W: Write> {
    out: W,
    frame: String,
    cursor_shown: bool,
    cursor: Option<Position>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Look {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

const PLAIN: Look = Look {
    fg: Color::Reset,
    bg: Color::Reset,
    modifier: Modifier::empty(),
};

impl<W: Write> AnsiBackend<W> {
    /// A backend over `out`; the cursor is taken to be shown.
    pub fn new(out: W) -> Self {
        Self {
            out,
            frame: String::new(),
            cursor_shown: true,
            cursor: None,
        }
    }

    /// Forgets what is known of the terminal, after something else has used it.
    pub fn forget(&mut self) {
        self.cursor_shown = true;
        self.cursor = None;
    }

    fn push(&mut self, text: &str) {
        self.frame.push_str(text);
    }
}

impl<W: Write> Backend for AnsiBackend<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut look = PLAIN;
        let mut next = None;
        for (x, y, cell) in content {
            if next != Some((x, y)) {
                write_move(&mut self.frame, x, y);
                self.cursor = None;
            }
            let wanted = Look {
                fg: cell.fg,
                bg: cell.bg,
                modifier: cell.modifier,
            };
            if wanted != look {
                write_look(&mut self.frame, look, wanted);
                look = wanted;
            }
            self.frame.push_str(cell.symbol());
            let columns = crate::ui::text::width(cell.symbol()).max(1);
            next = Some((x.saturating_add(columns), y));
        }
        if look != PLAIN {
            self.push("\x1b[m");
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.cursor_shown {
            self.push("\x1b[?25l");
            self.cursor_shown = false;
        }
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if !self.cursor_shown {
            self.push("\x1b[?25h");
            self.cursor_shown = true;
        }
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        // The terminal is never asked: an answer could arrive late and be read as keys.
        Ok(self.cursor.unwrap_or(Position::ORIGIN))
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.cursor != Some(position) {
            write_move(&mut self.frame, position.x, position.y);
            self.cursor = Some(position);
        }
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.push("\x1b[m\x1b[2J");
        self.cursor = None;
        Ok(())
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.push(match clear_type {
            ClearType::All => "\x1b[2J",
            ClearType::AfterCursor => "\x1b[J",
            ClearType::BeforeCursor => "\x1b[1J",
            ClearType::CurrentLine => "\x1b[2K",
            ClearType::UntilNewLine => "\x1b[K",
        });
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        let size = tcgetwinsize(io::stdout())?;
        if size.ws_col == 0 || size.ws_row == 0 {
            return Ok(UNKNOWN_SIZE);
        }
        Ok(Size::new(size.ws_col, size.ws_row))
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: self.size()?,
            pixels: Size::new(0, 0),
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        if self.frame.len() > ATOMIC {
            self.frame.insert_str(0, BEGIN);
            self.frame.push_str(END);
        }
        let result = self
            .out
            .write_all(self.frame.as_bytes())
            .and_then(|()| self.out.flush());
        self.frame.clear();
        result
    }
}

fn write_move(frame: &mut String, x: u16, y: u16) {
    // Writing to a String cannot fail.
    let _ = write!(frame, "\x1b[{};{}H", u32::from(y) + 1, u32::from(x) + 1);
}

/// One SGR sequence from `from` to `to`.
fn write_look(frame: &mut String, from: Look, to: Look) {
    let mut codes = String::new();
    let removed = !(from.modifier - to.modifier).is_empty();
    let from = if removed || to == PLAIN {
        codes.push_str(";0");
        PLAIN
    } else {
        from
    };
    for (flag, code) in MODIFIERS {
        if (to.modifier - from.modifier).contains(flag) {
            let _ = write!(codes, ";{code}");
        }
    }
    if to.fg != from.fg {
        write_color(&mut codes, to.fg, 30);
    }
    if to.bg != from.bg {
        write_color(&mut codes, to.bg, 40);
    }
    if let Some(codes) = codes.strip_prefix(';') {
        let _ = write!(frame, "\x1b[{codes}m");
    }
}

const MODIFIERS: [(Modifier, u8); 9] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::RAPID_BLINK, 6),
    (Modifier::REVERSED, 7),
    (Modifier::HIDDEN, 8),
    (Modifier::CROSSED_OUT, 9),
];

/// `base` is 30 for the foreground and 40 for the background.
fn write_color(codes: &mut String, color: Color, base: u8) {
    let dim = |n: u8| (base + n, None);
    let (code, rest) = match color {
        Color::Reset => dim(9),
        Color::Black => dim(0),
        Color::Red => dim(1),
        Color::Green => dim(2),
        Color::Yellow => dim(3),
        Color::Blue => dim(4),
        Color::Magenta => dim(5),
        Color::Cyan => dim(6),
        Color::Gray => dim(7),
        Color::DarkGray => dim(60),
        Color::LightRed => dim(61),
        Color::LightGreen => dim(62),
        Color::LightYellow => dim(63),
        Color::LightBlue => dim(64),
        Color::LightMagenta => dim(65),
        Color::LightCyan => dim(66),
        Color::White => dim(67),
        Color::Indexed(n) => (base + 8, Some(format!("5;{n}"))),
        Color::Rgb(r, g, b) => (base + 8, Some(format!("2;{r};{g};{b}"))),
    };
    let _ = write!(codes, ";{code}");
    if let Some(rest) = rest {
        let _ = write!(codes, ";{rest}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::Terminal;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    fn bytes(before: &Buffer, after: &Buffer) -> Vec<u8> {
        let mut out = Vec::new();
        let mut backend = AnsiBackend::new(&mut out);
        backend.draw(before.diff(after).into_iter()).unwrap();
        backend.flush().unwrap();
        out
    }

    #[test]
    fn nothing_changed_means_nothing_written() {
        let buffer = Buffer::with_lines(["hello", "world"]);
        assert!(bytes(&buffer, &buffer).is_empty());
    }

    #[test]
    fn a_clock_that_moves_on_by_a_minute_costs_less_than_sixty_bytes() {
        let style = Style::new().fg(Color::Rgb(147, 161, 176)).bg(Color::Rgb(128, 137, 148));
        let line = |text: &str| {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 200, 1));
            buffer.set_string(190, 0, text, style);
            buffer
        };
        let out = bytes(&line("08:19"), &line("08:20"));
        assert!(out.len() <= 60, "{} bytes", out.len());
    }

    #[test]
    fn large_frames_are_synchronized_and_parse_to_the_same_screen() {
        let area = Rect::new(0, 0, 40, 4);
        let mut buffer = Buffer::empty(area);
        buffer.set_string(
            1,
            0,
            "Ramen House 東京",
            Style::new().fg(Color::Rgb(255, 107, 136)).add_modifier(Modifier::BOLD),
        );
        buffer.set_string(0, 1, "plain text after it, quite a lot of it", Style::new());
        buffer.set_string(
            0,
            2,
            "second",
            Style::new().bg(Color::Indexed(237)).add_modifier(Modifier::REVERSED),
        );
        let out = bytes(&Buffer::empty(area), &buffer);
        assert!(out.starts_with(BEGIN.as_bytes()) && out.ends_with(END.as_bytes()));
        let mut parser = vt100::Parser::new(4.try_into().unwrap(), 40.try_into().unwrap(), 0);
        parser.process(&out);
        let screen = parser.screen();
        assert!(screen.contents().starts_with(" Ramen House 東京\nplain text after it"));
        assert!(screen.cell(0, 1).unwrap().bold() && !screen.cell(1, 0).unwrap().bold());
        assert!(screen.cell(2, 0).unwrap().inverse());
    }

    #[test]
    fn nothing_is_left_of_letters_that_stand_beside_each_other() {
        let area = Rect::new(0, 0, 12, 1);
        for before in ["กำก็ำ", "षिक्षि", "각각", "東京e\u{301}"] {
            let line = |text: &str| {
                let mut buffer = Buffer::empty(area);
                buffer.set_string(0, 0, text, Style::new());
                crate::ui::part_clusters(&mut buffer);
                buffer
            };
            let mut parser = vt100::Parser::new(1.try_into().unwrap(), 12.try_into().unwrap(), 0);
            parser.process(&bytes(&Buffer::empty(area), &line(before)));
            assert_eq!(parser.screen().contents(), before);
            parser.process(&bytes(&line(before), &line("1 2 3")));
            assert_eq!(parser.screen().contents(), "1 2 3", "after {before}");
        }
    }

    #[test]
    fn the_cursor_is_hidden_once() {
        let mut out = Vec::new();
        let mut backend = AnsiBackend::new(&mut out);
        backend.hide_cursor().unwrap();
        backend.hide_cursor().unwrap();
        backend.flush().unwrap();
        assert_eq!(out, b"\x1b[?25l");
        let _ = Terminal::new(AnsiBackend::new(Vec::new()));
    }
}
