//! Sequences that are meant for the terminal outside a multiplexer.

/// Wraps `sequence` so that tmux hands it on as it is (`allow-passthrough`); where that is off it is dropped.
pub(super) fn through_tmux(sequence: &str) -> String {
    format!("\x1bPtmux;{}\x1b\\", sequence.replace('\x1b', "\x1b\x1b"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_escape_inside_is_doubled() {
        assert_eq!(through_tmux("\x1b]9;x\x1b\\"), "\x1bPtmux;\x1b\x1b]9;x\x1b\x1b\\\x1b\\");
    }
}
