//! Watches the quotation marks of a CSV file while it is read: a quote that nothing closes would swallow the rows that
//! follow it.

use std::io::{self, Read};

use thiserror::Error;

const MARK: &[u8] = b"\xef\xbb\xbf";

/// A quote that does not end where a column may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the quote that opens in line {line} is not closed")]
pub(super) struct OpenQuote {
    /// The line in which it opens; the first one is 1.
    pub line: u64,
}

/// What the next byte is part of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// The first byte of a column.
    Start,
    /// A column without quotes.
    Plain,
    /// Inside quotes.
    Quoted,
    /// After a quotation mark inside quotes: another one stands for itself, anything but blanks or an end is wrong.
    Closed,
    /// After blanks that follow a closed quote.
    Blank,
}

/// Passes the bytes of a CSV file on, up to a quote that is not closed: that is an error of the kind `InvalidData`, which
/// holds an [`OpenQuote`].
pub(super) struct Quotes<R> {
    source: R,
    delimiter: u8,
    state: State,
    line: u64,
    /// Where the last quote opened.
    opened: u64,
    /// Whether the byte before was a carriage return: with a line feed it is one end.
    returned: bool,
    /// How much of a byte order mark may still come.
    mark: &'static [u8],
    fault: Option<OpenQuote>,
}

impl<R: Read> Quotes<R> {
    /// Watches `source`, whose columns end with `delimiter`.
    pub fn new(source: R, delimiter: u8) -> Self {
        Self {
            source,
            delimiter,
            state: State::Start,
            line: 1,
            opened: 1,
            returned: false,
            mark: MARK,
            fault: None,
        }
    }

    /// Takes one byte in; false when a quote turns out not to be closed.
    fn take(&mut self, byte: u8) -> bool {
        if let [next, rest @ ..] = self.mark {
            self.mark = if *next == byte { rest } else { &[] };
            if *next == byte {
                return true;
            }
        }
        self.state = match (self.state, byte) {
            (State::Quoted, b'"') => State::Closed,
            (State::Start, b'"') => {
                self.opened = self.line;
                State::Quoted
            }
            (State::Closed, b'"') | (State::Quoted, _) => State::Quoted,
            (_, byte) if byte == self.delimiter || matches!(byte, b'\n' | b'\r') => State::Start,
            (State::Closed | State::Blank, b' ' | b'\t') => State::Blank,
            (State::Closed | State::Blank, _) => return false,
            (State::Start | State::Plain, _) => State::Plain,
        };
        if byte == b'\r' || (byte == b'\n' && !self.returned) {
            self.line += 1;
        }
        self.returned = byte == b'\r';
        true
    }

    fn open_quote(&mut self) -> io::Error {
        let fault = OpenQuote { line: self.opened };
        self.fault = Some(fault);
        io::Error::new(io::ErrorKind::InvalidData, fault)
    }
}

impl<R: Read> Read for Quotes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.fault.is_some() {
            return Err(self.open_quote());
        }
        let count = self.source.read(buffer)?;
        if count == 0 && self.state == State::Quoted && !buffer.is_empty() {
            return Err(self.open_quote());
        }
        for (at, &byte) in buffer[..count].iter().enumerate() {
            if !self.take(byte) {
                let error = self.open_quote();
                // The rows before it are whole, and are passed on first.
                return if at == 0 { Err(error) } else { Ok(at) };
            }
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    /// The file as it is passed on in pieces, or the line of the open quote.
    fn read(text: &[u8], piece: usize) -> Result<Vec<u8>, u64> {
        let mut quotes = Quotes::new(text, b',');
        let (mut whole, mut buffer) = (Vec::new(), vec![0; piece]);
        loop {
            match quotes.read(&mut buffer) {
                Ok(0) => return Ok(whole),
                Ok(count) => whole.extend_from_slice(&buffer[..count]),
                Err(error) => return Err(error.get_ref().unwrap().downcast_ref::<OpenQuote>().unwrap().line),
            }
        }
    }

    #[rstest]
    #[case("a,b\n1,\"open\n2,x\n", Some(2))]
    #[case("a,b\r\n1,\"open\r\n2,\"x\"\r\n", Some(2))]
    #[case("a\rb\r\"open", Some(3))]
    #[case("\u{feff}\"open", Some(1))]
    #[case("\"two\nlines\"\n\"open", Some(3))]
    #[case("\"a\" b,c", Some(1))]
    #[case("\"", Some(1))]
    #[case("\"a \"\"quoted\"\" word\",\"\" ,\"\"\"\"\n", None)]
    #[case("12\" pipe,5\"\n \"not quoted\n", None)]
    #[case("\u{feff}\"a\",b\n\"two\nlines\",c", None)]
    #[case("", None)]
    fn a_quote_is_closed_or_told_with_its_line(#[case] text: &str, #[case] line: Option<u64>) {
        for piece in [1, 2, 7, 4096] {
            let expected = line.map_or_else(|| Ok(text.as_bytes().to_vec()), Err);
            assert_eq!(read(text.as_bytes(), piece), expected, "in pieces of {piece}");
        }
    }

    proptest! {
        #[test]
        fn whatever_a_writer_writes_is_passed_on(rows in prop::collection::vec(prop::array::uniform2("[a\", \n\r;]{0,6}"), 0..6)) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = writer.into_inner().unwrap();
            prop_assert_eq!(read(&text, 3), Ok(text.clone()));
        }

        #[test]
        fn any_bytes_are_passed_on_or_refused_in_whatever_pieces(text in "[a\", \n\r]{0,24}", piece in 1_usize..9) {
            prop_assert_eq!(read(text.as_bytes(), piece), read(text.as_bytes(), 4096));
        }
    }
}
