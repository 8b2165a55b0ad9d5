//! The one line that tells what just happened, and how to take it back.

use ratatui::text::{Line, Span};

use super::header::Hint;
use super::theme::{Role, Skin};
use super::{clip, span_width, text};

/// How good the news is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ToastKind {
    /// It worked.
    Ok,
    /// It needs a look.
    Warn,
    /// It failed.
    Error,
    /// Neither.
    Plain,
}

/// An event; it takes one reserved line, so nothing jumps and nothing is covered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Toast<'a> {
    /// How good the news is.
    pub kind: ToastKind,
    /// What happened.
    pub text: &'a str,
    /// What can be done about it, for example `u` `undo 8s`.
    pub action: Option<Hint<'a>>,
}

impl Toast<'_> {
    /// The line, at most `width` columns. The text is cut before the action goes.
    #[must_use]
    pub fn line(&self, width: u16, skin: &Skin) -> Line<'static> {
        let (theme, glyphs) = (&skin.theme, &skin.glyphs);
        let (mark, role) = match self.kind {
            ToastKind::Ok => (glyphs.tick, Role::Ok),
            ToastKind::Warn => (glyphs.over, Role::Warn),
            ToastKind::Error => (glyphs.cross, Role::Over),
            ToastKind::Plain => ("", Role::Text),
        };
        let mut spans = vec![Span::raw(" ")];
        if !mark.is_empty() {
            spans.push(Span::styled(format!("{mark} "), theme.style(role)));
        }
        let mut action = self.action.map_or_else(Vec::new, |hint| {
            let mut spans = vec![Span::raw("    ")];
            spans.extend(hint.spans(skin));
            spans
        });
        let room = width.saturating_sub(span_width(&spans));
        // The text keeps at least half of the room.
        if span_width(&action) > room / 2 && text::width(self.text) + span_width(&action) > room {
            action.clear();
        }
        let words = if self.kind == ToastKind::Error {
            role
        } else {
            Role::Text
        };
        let shown = skin.fit(self.text, room.saturating_sub(span_width(&action)));
        spans.push(Span::styled(shown, theme.style(words)));
        spans.append(&mut action);
        Line::from(clip(spans, width, skin))
    }
}
