//! The first and the last line of the screen: where one is, and which keys work here.

use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::theme::{Role, Skin};
use super::{clip, span_width};

/// The program's name in the first line.
const BRAND: &str = "budget";
/// Below this many columns the header tells about the month instead of the screens.
const NARROW: u16 = 60;
/// From this many columns on it has room for the clock and the user.
const ROOMY: u16 = 100;

/// A key and what it does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hint<'a> {
    /// The key as it is written on it.
    pub key: &'a str,
    /// What it does, in a word or two.
    pub words: &'a str,
}

impl<'a> Hint<'a> {
    /// A hint.
    #[must_use]
    pub const fn new(key: &'a str, words: &'a str) -> Self {
        Self { key, words }
    }

    /// The key in the accent colour, the words muted.
    #[must_use]
    pub fn spans(&self, skin: &Skin) -> Vec<Span<'static>> {
        let key = Span::styled(self.key.to_owned(), skin.theme.bold(Role::Accent));
        let words = Span::styled(format!(" {}", self.words), skin.theme.style(Role::Muted));
        vec![key, words]
    }
}

/// One screen in the header; its key is its position, counted from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tab<'a> {
    /// Its name.
    pub name: &'a str,
    /// Unread news there.
    pub badge: usize,
}

/// The state of the connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Link {
    /// Everything is fresh.
    Live,
    /// Waiting for an answer.
    Connecting,
    /// No server in reach.
    Offline,
    /// The server answers, but badly.
    Failing,
    /// The session has ended.
    SignedOut,
}

impl Link {
    /// Its mark and role.
    #[must_use]
    pub const fn mark(self, skin: &Skin) -> (&'static str, Role) {
        let glyphs = &skin.glyphs;
        match self {
            Self::Live => (glyphs.ok, Role::Ok),
            Self::Connecting => (glyphs.waiting, Role::Muted),
            Self::Offline => (glyphs.none, Role::Warn),
            Self::Failing => (glyphs.over, Role::Warn),
            Self::SignedOut => (glyphs.barred, Role::Warn),
        }
    }
}

/// The first line of every screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Header<'a> {
    /// The screens in order.
    pub tabs: &'a [Tab<'a>],
    /// Index of the screen that is shown.
    pub active: usize,
    /// The state of the connection.
    pub link: Link,
    /// The state in words: `live`, `offline 12 min, 3 pending`.
    pub status: &'a str,
    /// The time of the last sync, for example `08:14`.
    pub clock: &'a str,
    /// Who is logged in.
    pub user: &'a str,
    /// What a narrow terminal shows instead of the screens: `Nov 22/30 80%`.
    pub short: &'a str,
}

impl Header<'_> {
    /// The line, exactly `width` columns. User, clock and words give way first, then the names of the tabs; the
    /// mark of the connection stays longest.
    #[must_use]
    pub fn line(&self, width: u16, skin: &Skin) -> Line<'static> {
        let (tabs, right) = self.fitting(width, skin);
        let left = match tabs {
            Some(names) => self.tab_spans(skin, names).concat(),
            None => self.short_spans(skin),
        };
        spread(left, right, width, skin)
    }

    /// The index of the tab in this column, if one is shown there.
    #[must_use]
    pub fn tab_at(&self, column: u16, width: u16, skin: &Skin) -> Option<usize> {
        let (Some(names), _) = self.fitting(width, skin) else {
            return None;
        };
        let mut end = 0;
        let pieces = self.tab_spans(skin, names);
        let at = pieces.iter().position(|piece| {
            end += span_width(piece);
            column < end
        });
        // The first piece is the brand.
        at?.checked_sub(1)
    }

    /// What fits: the tabs with or without their names, if they do at all, and what stands on the right.
    fn fitting(&self, width: u16, skin: &Skin) -> (Option<bool>, Vec<Span<'static>>) {
        let (lefts, rights) = if width < NARROW {
            (vec![None], self.narrow_rights(skin))
        } else {
            (vec![Some(true), Some(false), None], self.rights(width >= ROOMY, skin))
        };
        for tabs in lefts {
            let used = match tabs {
                Some(names) => self.tab_spans(skin, names).iter().map(|piece| span_width(piece)).sum(),
                None => span_width(&self.short_spans(skin)),
            };
            if let Some(right) = rights.iter().find(|right| used + span_width(right) + 2 <= width) {
                return (tabs, right.clone());
            }
        }
        (None, Vec::new())
    }

    /// The brand, and each tab.
    fn tab_spans(&self, skin: &Skin, names: bool) -> Vec<Vec<Span<'static>>> {
        let theme = &skin.theme;
        let mut first = brand(BRAND, skin);
        first.push(Span::raw(" "));
        let mut pieces = vec![first];
        for (index, tab) in self.tabs.iter().enumerate() {
            let active = index == self.active;
            let (key, name) = if active {
                (active_tab(skin), active_tab(skin))
            } else {
                (theme.style(Role::Muted), theme.style(Role::Text))
            };
            let mut spans = vec![Span::styled(format!(" {}", index + 1), key)];
            if names || active {
                spans.push(Span::styled(format!(" {}", skin.fit(tab.name, 16)), name));
            }
            if tab.badge > 0 {
                let badge = theme
                    .bold(Role::Over)
                    .patch(if active { theme.style(Role::Sel) } else { Style::new() });
                spans.push(Span::styled(format!(" {}", badge_text(tab.badge, skin)), badge));
            }
            spans.push(Span::styled(" ", if active { active_tab(skin) } else { Style::new() }));
            pieces.push(spans);
        }
        pieces
    }

    fn short_spans(&self, skin: &Skin) -> Vec<Span<'static>> {
        brand(if self.short.is_empty() { BRAND } else { self.short }, skin)
    }

    /// What may stand on the right beside the tabs, longest first.
    fn rights(&self, roomy: bool, skin: &Skin) -> Vec<Vec<Span<'static>>> {
        let (mark, role) = self.link.mark(skin);
        let style = skin.theme.style(role);
        let mark = Span::styled(mark, style);
        let clause = self.status.split(',').next().unwrap_or_default();
        let word = clause.split(' ').next().unwrap_or_default();
        let words = |text: &str| vec![mark.clone(), Span::styled(format!(" {text}"), style)];
        let mut variants = vec![words(self.status), words(clause), words(word), vec![mark.clone()]];
        if roomy {
            let muted = skin.theme.style(Role::Muted);
            let mut timed = words(self.status);
            if !self.clock.is_empty() {
                timed.push(Span::styled(format!(" {}", self.clock), muted));
            }
            let mut named = timed.clone();
            if !self.user.is_empty() {
                named.push(Span::styled(format!("  {}", skin.fit(self.user, 20)), muted));
            }
            variants.splice(0..0, [named, timed]);
        }
        variants
    }

    /// What may stand on the right of the short form: the news, which no tab shows there, and the connection.
    fn narrow_rights(&self, skin: &Skin) -> Vec<Vec<Span<'static>>> {
        let (mark, role) = self.link.mark(skin);
        let mark = Span::styled(mark, skin.theme.style(role));
        let news: usize = self.tabs.iter().fold(0, |sum, tab| sum.saturating_add(tab.badge));
        let mut variants = vec![vec![mark.clone()]];
        if news > 0 {
            let badge = Span::styled(badge_text(news, skin), skin.theme.bold(Role::Over));
            variants.insert(0, vec![badge, Span::raw(" "), mark]);
        }
        variants
    }
}

/// The last line: as many whole hints as fit, and `right` if they leave room for it.
#[must_use]
pub fn footer(hints: &[Hint<'_>], right: &str, width: u16, skin: &Skin) -> Line<'static> {
    let mut left = Vec::new();
    for hint in hints {
        let mut spans = vec![Span::raw(if left.is_empty() { " " } else { "  " })];
        spans.extend(hint.spans(skin));
        if span_width(&left) + span_width(&spans) > width {
            break;
        }
        left.append(&mut spans);
    }
    let right = vec![Span::styled(right.to_owned(), skin.theme.style(Role::Muted))];
    spread(left, right, width, skin)
}

/// A line on the background of header and footer, exactly `width` columns: `left` is cut, `right` shown only in full.
#[must_use]
pub fn spread(left: Vec<Span<'static>>, right: Vec<Span<'static>>, width: u16, skin: &Skin) -> Line<'static> {
    let mut spans = clip(left, width, skin);
    let used = span_width(&spans);
    let right_width = span_width(&right);
    // One column between the two and one at the end.
    if right_width > 0 && used + right_width + 2 <= width {
        let gap = width - used - right_width - 1;
        spans.push(Span::raw(" ".repeat(usize::from(gap))));
        spans.extend(right);
        spans.push(Span::raw(" "));
    } else {
        spans.push(Span::raw(" ".repeat(usize::from(width - used))));
    }
    Line::from(spans).style(skin.theme.style(Role::Field))
}

/// The program's mark and a word beside it.
#[must_use]
pub fn brand(word: &str, skin: &Skin) -> Vec<Span<'static>> {
    let accent = skin.theme.bold(Role::Accent);
    vec![
        Span::raw(" "),
        Span::styled(skin.glyphs.edge, skin.theme.style(Role::Accent)),
        Span::styled(word.to_owned(), accent),
    ]
}

fn active_tab(skin: &Skin) -> Style {
    let style = skin.theme.selected();
    if skin.theme.has_backgrounds() {
        style
            .patch(skin.theme.style(Role::Accent))
            .add_modifier(Modifier::UNDERLINED)
    } else {
        style
    }
}

fn badge_text(count: usize, skin: &Skin) -> String {
    let shown = if count > 99 {
        "99+".to_owned()
    } else {
        count.to_string()
    };
    format!("{}{shown}", skin.glyphs.over)
}
