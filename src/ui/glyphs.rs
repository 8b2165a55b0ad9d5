//! The characters that widgets are made of: one set in Unicode, one in plain ASCII.

use ratatui::symbols::border;

use crate::domain::Outlook;

use super::theme::Role;

/// A set of characters; every one is one column wide.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Glyphs {
    /// Spent part of a bar.
    pub bar: &'static str,
    /// Empty part of a bar where no colour can show it.
    pub track: &'static str,
    /// Empty part of a bar in a quiet colour. It is a little lower than the spent part, so that copied text reads right.
    pub groove: &'static str,
    /// The lines of today and of the limit.
    pub line: &'static str,
    /// The way from what is spent to the estimate.
    pub forecast: &'static str,
    /// The estimate.
    pub diamond: &'static str,
    /// Under a bar: today.
    pub pin: &'static str,
    /// What goes on outside the picture.
    pub beyond: &'static str,
    /// Over the limit, a failure.
    pub over: &'static str,
    /// Will pass the limit.
    pub warn: &'static str,
    /// All is well.
    pub ok: &'static str,
    /// A bill.
    pub fixed: &'static str,
    /// Nothing to judge, no connection.
    pub none: &'static str,
    /// Not logged in.
    pub barred: &'static str,
    /// A connection being made.
    pub waiting: &'static str,
    /// The focused pane, the selected row.
    pub cursor: &'static str,
    /// Done, valid, marked.
    pub tick: &'static str,
    /// Failed, wrong, deleted.
    pub cross: &'static str,
    /// Something was cut off.
    pub ellipsis: &'static str,
    /// The left edge of the focused field and of the brand.
    pub edge: &'static str,
    /// A hidden character of a password.
    pub mask: &'static str,
    /// A field that opens a list.
    pub down: &'static str,
    /// From one value to another.
    pub arrow: &'static str,
    /// Between two parts of a line.
    pub dot: &'static str,
    /// A horizontal rule.
    pub rule: &'static str,
    /// A column filled by 0 to 8 eighths.
    pub steps: [&'static str; 9],
    /// The box round a panel.
    pub border: border::Set<'static>,
    /// Whether charts may be drawn in Braille dots.
    pub braille: bool,
}

impl Glyphs {
    /// The set for terminals that draw Unicode; no emoji and no special font.
    #[must_use]
    pub const fn unicode() -> Self {
        Self {
            bar: "▆",
            track: "·",
            groove: "▅",
            line: "│",
            forecast: "╌",
            diamond: "◇",
            pin: "▴",
            beyond: "▷",
            over: "▲",
            warn: "◆",
            ok: "●",
            fixed: "■",
            none: "○",
            barred: "⊘",
            waiting: "◌",
            cursor: "▸",
            tick: "✓",
            cross: "✗",
            ellipsis: "…",
            edge: "▌",
            mask: "•",
            down: "▾",
            arrow: "→",
            dot: "·",
            rule: "─",
            steps: [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
            border: border::ROUNDED,
            braille: true,
        }
    }

    /// The set for everything else: the Linux console, an old locale, a terminal that draws `│` two columns wide.
    #[must_use]
    pub const fn ascii() -> Self {
        Self {
            bar: "#",
            track: ".",
            groove: ".",
            line: "|",
            forecast: "-",
            diamond: "o",
            pin: "^",
            beyond: ">",
            over: "^",
            warn: "!",
            ok: "o",
            fixed: "=",
            none: ".",
            barred: "x",
            waiting: "~",
            cursor: ">",
            tick: "+",
            cross: "x",
            ellipsis: "~",
            edge: "|",
            mask: "*",
            down: "v",
            arrow: ">",
            dot: "-",
            rule: "-",
            steps: [" ", "_", ".", ":", ":", "=", "=", "#", "#"],
            border: border::Set {
                top_left: "+",
                top_right: "+",
                bottom_left: "+",
                bottom_right: "+",
                vertical_left: "|",
                vertical_right: "|",
                horizontal_top: "-",
                horizontal_bottom: "-",
            },
            braille: false,
        }
    }

    /// The mark in front of a budget and its role; the same group of [`Outlook::risk`] has the same mark.
    #[must_use]
    pub const fn outlook(&self, outlook: &Outlook) -> (&'static str, Role) {
        match outlook {
            Outlook::Over(_) => (self.over, Role::Over),
            Outlook::WillPass(_) | Outlook::Ahead(_) => (self.warn, Role::Warn),
            Outlook::OnPace | Outlook::Below(_) | Outlook::Kept(_) | Outlook::Unused => (self.ok, Role::Ok),
            Outlook::Fixed { .. } => (self.fixed, Role::Ok),
            Outlook::NoLimit => (self.none, Role::Muted),
        }
    }
}
