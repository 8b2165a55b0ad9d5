//! A parser for server-sent events (WHATWG HTML, 9.2.6), fed piece by piece.

use thiserror::Error;

/// Longest line and longest event data, in bytes; ours are a few dozen.
const MAX_LINE: usize = 8 * 1024;

/// One event.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Event {
    /// Its type; empty for a plain message.
    pub name: String,
    /// Its data, lines joined by a line feed.
    pub data: String,
}

/// A line or an event that never ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("an event is longer than 8 KiB")]
pub struct TooLong;

/// Turns bytes into events, however they are cut into pieces.
#[derive(Debug, Default)]
pub struct Parser {
    line: Vec<u8>,
    event: Event,
    has_data: bool,
    after_cr: bool,
    started: bool,
}

impl Parser {
    /// Takes the next bytes and appends the events that they complete to `events`.
    ///
    /// # Errors
    /// [`TooLong`]; the stream cannot be read on after it.
    pub fn push(&mut self, bytes: &[u8], events: &mut Vec<Event>) -> Result<(), TooLong> {
        for &byte in bytes {
            let line_feed_of_crlf = byte == b'\n' && self.after_cr;
            self.after_cr = byte == b'\r';
            match byte {
                _ if line_feed_of_crlf => {}
                b'\r' | b'\n' => events.extend(self.end_line()?),
                _ if self.line.len() >= MAX_LINE => return Err(TooLong),
                _ => self.line.push(byte),
            }
        }
        Ok(())
    }

    /// Takes in a whole line; an empty one completes the event.
    fn end_line(&mut self) -> Result<Option<Event>, TooLong> {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        let line = match line.strip_prefix('\u{feff}') {
            Some(rest) if !self.started => rest,
            _ => &line,
        };
        self.started = true;
        if line.is_empty() {
            let event = std::mem::take(&mut self.event);
            return Ok(std::mem::take(&mut self.has_data).then_some(event));
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.event.name),
            "data" => {
                if self.event.data.len() + value.len() >= MAX_LINE {
                    return Err(TooLong);
                }
                if self.has_data {
                    self.event.data.push('\n');
                }
                self.has_data = true;
                self.event.data.push_str(value);
            }
            // Comments (an empty field name) are signs of life; ids and retry times are not used.
            _ => {}
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(pieces: &[&[u8]]) -> Result<Vec<Event>, TooLong> {
        let (mut parser, mut events) = (Parser::default(), Vec::new());
        for piece in pieces {
            parser.push(piece, &mut events)?;
        }
        Ok(events)
    }

    fn event(name: &str, data: &str) -> Event {
        Event {
            name: name.to_owned(),
            data: data.to_owned(),
        }
    }

    #[test]
    fn reads_events_comments_and_every_line_end() {
        let text = "\u{feff}: hello\n\nevent: revision\ndata: 7\n\ndata:8\r\ndata\r\n\r\nid: 3\rdata: 9\r\rdata: cut";
        assert_eq!(
            parse(&[text.as_bytes()]),
            Ok(vec![event("revision", "7"), event("", "8\n"), event("", "9")])
        );
    }

    #[test]
    fn an_endless_line_or_event_is_refused() {
        assert_eq!(parse(&[&[b'x'; MAX_LINE + 1]]), Err(TooLong));
        let line = b"data: 0123456789\n".repeat(1000);
        assert_eq!(parse(&[&line]), Err(TooLong));
    }

    proptest! {
        #[test]
        fn the_cuts_make_no_difference(
            lines in prop::collection::vec("(data|event|id|)(:|: |)[a-z0-9é]{0,6}", 0..20),
            ends in prop::collection::vec(prop::sample::select(vec!["\n", "\r", "\r\n", "\n\n", "\r\n\r\n"]), 20),
            cuts in prop::collection::vec(0_usize..300, 0..12),
        ) {
            let text: String = lines.iter().zip(&ends).flat_map(|(line, end)| [line.as_str(), end]).collect();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|pair| &text.as_bytes()[pair[0]..pair[1]]).collect();
            prop_assert_eq!(parse(&pieces), parse(&[text.as_bytes()]));
        }

        #[test]
        fn any_bytes_are_safe(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
            let _ = parse(&[&bytes]);
        }
    }
}
