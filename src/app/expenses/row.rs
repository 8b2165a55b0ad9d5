//! One row of the list of expenses.

use jiff::civil::Date;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use crate::api::Expense;
use crate::app::footer::key_label;
use crate::app::keymap::{Action, Focus};
use crate::app::leaving::{self, Leave};
use crate::app::model::Model;
use crate::app::view::{cell, number};
use crate::domain::Money;
use crate::domain::expense::{CategorySource, Sureness};
use crate::ui::{Role, Skin, text};

/// The widths of the columns; 0 leaves one out.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    marks: u16,
    day: u16,
    description: u16,
    category: u16,
    source: u16,
    amount: u16,
    /// Whether the days tell their year.
    years: bool,
}

impl Columns {
    /// The description takes what the others leave.
    pub(super) fn fit(width: u16, years: bool) -> Self {
        let (day, category, source, amount) = match (width, years) {
            (80.., false) => (8, 19, 11, 12),
            (80.., true) => (13, 19, 11, 12),
            (56.., false) => (8, 22, 0, 12),
            (56.., true) => (13, 22, 0, 12),
            (_, false) => (7, 0, 0, 10),
            (_, true) => (11, 0, 0, 10),
        };
        let marks = 3;
        Self {
            marks,
            day,
            description: width.saturating_sub(marks + day + category + source + amount),
            category,
            source,
            amount,
            years,
        }
    }

    fn day_text(self, model: &Model, day: Date) -> String {
        let format = match (day.year() == model.today().year(), self.category > 0) {
            _ if !self.years => "%d %b",
            (true, _) => "%d %b",
            (false, true) => "%d %b %Y",
            (false, false) => "%d %b '%y",
        };
        model.locale().day(day, format)
    }
}

/// The titles over the columns.
pub(super) fn titles(columns: Columns, skin: &Skin) -> Line<'static> {
    let muted = skin.theme.style(Role::Muted);
    Line::from(vec![
        Span::raw(" ".repeat(columns.marks.into())),
        cell(skin, "date", columns.day, muted),
        cell(skin, "description", columns.description, muted),
        cell(skin, "category", columns.category, muted),
        cell(
            skin,
            if columns.source > 0 { "source" } else { "" },
            columns.source,
            muted,
        ),
        number(skin, "amount", columns.amount, muted),
    ])
}

/// `▸✓ 19 Nov   PP*4421 XKCD STORE   Fun  ? 48%   word list   31.00`.
pub(super) fn line(model: &Model, expense: &Expense, columns: Columns, selected: bool) -> Line<'static> {
    let skin = model.skin();
    let theme = &skin.theme;
    let leaving = leaving::of(model, expense.id);
    let (mark, mark_role) = match (leaving, model.expenses.marks.contains(expense.id)) {
        (Some(_), _) => (skin.glyphs.cross, Role::Over),
        (None, true) => (skin.glyphs.tick, Role::Accent),
        (None, false) => (" ", Role::Text),
    };
    let name = match (leaving, selected) {
        (Some(_), true) => theme.selected().add_modifier(Modifier::CROSSED_OUT),
        (Some(_), false) => theme.style(Role::Over).add_modifier(Modifier::CROSSED_OUT),
        (None, true) => theme.selected(),
        (None, false) => theme.style(Role::Text),
    };
    let day = columns.day_text(model, expense.day);
    let amount = Money::new(expense.amount_minor, model.currency()).amount();
    let income = model.is_income(expense.category_id);
    let amount = if income { format!("+{amount}") } else { amount };
    // A deleted name has a line through its letters, not through the blanks behind them.
    let room = columns.description.saturating_sub(1);
    let shown = skin.fit(&expense.description, room);
    let blank = room.saturating_sub(text::width(&shown));
    let mut spans = vec![
        Span::styled(
            if selected { skin.glyphs.cursor } else { " " },
            theme.bold(Role::Accent),
        ),
        Span::styled(mark, theme.bold(mark_role)),
        Span::raw(" "),
        cell(skin, &day, columns.day, theme.style(Role::Muted)),
        Span::styled(shown, name),
        Span::styled(
            " ".repeat(usize::from(blank)),
            name.remove_modifier(Modifier::CROSSED_OUT),
        ),
        Span::raw(" "),
    ];
    if let Some(leave) = leaving {
        let words = leaving_words(model, leave);
        let room = columns.category + columns.source;
        spans.push(cell(skin, &words, room, theme.style(Role::Muted)));
    } else if columns.category > 0 {
        spans.extend(category(model, expense, columns.category));
    }
    if columns.source > 0 && leaving.is_none() {
        let source = expense.category_source.short();
        spans.push(cell(skin, source, columns.source, theme.style(Role::Muted)));
    }
    spans.push(number(skin, &amount, columns.amount, theme.bold(Role::Text)));
    Line::from(spans)
}

/// `leaves in 7 s  u undo`, where a deleted row has its category.
fn leaving_words(model: &Model, leave: Leave) -> String {
    let Some(seconds) = leave.seconds else {
        return "deleting".to_owned();
    };
    let key = model.settings.keys.key(Focus::Expenses.scopes(), Action::Undo);
    let undo = key.filter(|_| leave.undo).map(|key| key_label(key, model.skin()));
    let undo = undo.map_or(String::new(), |key| format!("  {key} undo"));
    if model.settings.motion {
        format!("leaves in {seconds} s{undo}")
    } else {
        format!("leaves soon{undo}")
    }
}

/// `? 48%`, when a category was predicted and nobody is sure.
pub(super) fn sureness(expense: &Expense) -> Option<(String, Role)> {
    let predicted = !matches!(expense.category_source, CategorySource::You | CategorySource::None);
    let sureness = Sureness::of(expense.confidence);
    let role = match sureness {
        Sureness::Sure => return None,
        Sureness::Fair => Role::Muted,
        Sureness::Unsure => Role::Warn,
    };
    predicted.then(|| (format!("{} {}%", sureness.mark(), expense.confidence), role))
}

/// The category, `width` columns wide, with how sure it is.
fn category(model: &Model, expense: &Expense, width: u16) -> Vec<Span<'static>> {
    let skin = model.skin();
    let theme = &skin.theme;
    let Some(name) = model.category_name(expense.category_id) else {
        return vec![cell(skin, "uncategorised", width, theme.style(Role::Warn))];
    };
    let Some((mark, role)) = sureness(expense) else {
        return vec![cell(skin, name, width, theme.style(Role::Text))];
    };
    let room = width.saturating_sub(text::width(&mark) + 3);
    let name = skin.fit(name, room);
    let rest = width.saturating_sub(text::width(&name) + 2);
    vec![
        Span::styled(format!("{name}  "), theme.style(Role::Text)),
        cell(skin, &mark, rest, theme.bold(role)),
    ]
}
