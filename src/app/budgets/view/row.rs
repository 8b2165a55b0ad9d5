//! One category as a line of the list.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::api::CategorySummary;
use crate::app::budgets::drafts::{self, Draft};
use crate::app::budgets::field::Field;
use crate::app::model::Model;
use crate::app::view::{cell, number};
use crate::domain::{Kind, Money, limit};
use crate::ui::{self, Role, Skin};

/// The widths of the columns; 0 leaves one out.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    name: u16,
    limit: u16,
    change: u16,
    echo: u16,
    months: u16,
    average: u16,
    rules: u16,
    kind: u16,
    carry: u16,
}

/// The column of the cursor's mark.
const MARK: u16 = 2;

impl Columns {
    /// The name takes what the others leave; the first to go are those that are looked at least.
    pub(super) fn fit(width: u16) -> Self {
        let [limit, change, echo, months, average, rules, kind, carry] = match width {
            112.. => [9, 13, 12, 15, 11, 12, 13, 10],
            98.. => [10, 13, 12, 10, 11, 13, 12, 0],
            84.. => [9, 12, 11, 10, 11, 13, 0, 0],
            70.. => [8, 11, 9, 10, 10, 12, 0, 0],
            56.. => [8, 11, 9, 10, 0, 0, 0, 0],
            44.. => [8, 11, 9, 0, 0, 0, 0, 0],
            _ => [8, 9, 8, 0, 0, 0, 0, 0],
        };
        let used = MARK + limit + change + echo + months + average + rules + kind + carry;
        Self {
            name: width.saturating_sub(used).clamp(4, 26),
            limit,
            change,
            echo,
            months,
            average,
            rules,
            kind,
            carry,
        }
    }

    /// Where the name stands.
    pub(super) fn name_cell(self, row: Rect) -> Rect {
        // A name is longer than most columns: it may cover the limit while it is typed.
        Self::part(row, MARK - 1, self.name + self.limit + 1)
    }

    /// Where a new limit is typed.
    pub(super) fn change_cell(self, row: Rect) -> Rect {
        Self::part(row, MARK + self.name + self.limit + 1, self.change - 1)
    }

    /// Where it is typed what is worth an alert: in its column, or in that of the change.
    pub(super) fn rules_cell(self, row: Rect) -> Rect {
        if self.rules == 0 {
            let start = MARK + self.name + self.limit + 1;
            return Self::part(row, start, self.change + self.echo - 1);
        }
        let before = MARK + self.name + self.limit + self.change + self.echo + self.months + self.average;
        Self::part(row, before + 1, self.rules)
    }

    /// Whether there are columns for the alerts, the kind and the carrying over.
    pub(super) fn has(self) -> [bool; 3] {
        [self.rules > 0, self.kind > 0, self.carry > 0]
    }

    fn part(row: Rect, start: u16, width: u16) -> Rect {
        Rect {
            x: row.x + start.min(row.width),
            width,
            ..row
        }
        .intersection(row)
    }
}

pub(super) fn titles(model: &Model, columns: Columns) -> Line<'static> {
    let skin = model.skin();
    let muted = skin.theme.style(Role::Muted);
    let left = |title: &str, width: u16| cell(skin, if width > 0 { title } else { "" }, width, muted);
    let right = |title: &str, width: u16| number(skin, if width > 0 { title } else { "" }, width, muted);
    let months = if columns.months > 13 {
        "  last 6 months"
    } else {
        "  6 months"
    };
    Line::from(vec![
        left("  category", MARK + columns.name),
        right("limit", columns.limit),
        right("change", columns.change.saturating_sub(1)),
        left("", columns.echo + 1),
        left(months, columns.months),
        right("average", columns.average),
        left("  alert at", columns.rules),
        left("  kind", columns.kind),
        left("carry over", columns.carry),
    ])
}

pub(super) fn line(model: &Model, row: &CategorySummary, columns: Columns, selected: bool) -> Line<'static> {
    let skin = model.skin();
    let theme = &skin.theme;
    let (text, muted) = (theme.style(Role::Text), theme.style(Role::Muted));
    let category = &row.category;
    let spending = category.kind.is_spending();
    let (mark, name_style) = match (selected, spending && !category.hidden) {
        (true, _) => (skin.glyphs.cursor, theme.selected()),
        (false, true) => (" ", text),
        (false, false) => (" ", muted),
    };
    let limit = match row.own_limit_minor() {
        Some(minor) => Money::new(minor, model.currency()).short(),
        None if spending => "none".to_owned(),
        None => String::new(),
    };
    let limit_style = if row.limit_minor.is_some() { text } else { muted };
    let mut spans = vec![
        Span::styled(format!("{mark} "), theme.bold(Role::Accent)),
        cell(skin, &category.name, columns.name.saturating_sub(1), name_style),
        Span::raw(" "),
        number(skin, &limit, columns.limit, limit_style),
    ];
    spans.extend(change(model, row, columns));
    spans.extend(months(model, row, columns));
    let rules = if spending {
        category.alert_at.to_string()
    } else {
        String::new()
    };
    spans.push(cell(skin, &format!("  {rules}"), columns.rules, muted));
    let kind = if category.hidden {
        "hidden"
    } else {
        kind_word(category.kind)
    };
    spans.push(cell(skin, &format!("  {kind}"), columns.kind, muted));
    spans.push(cell(skin, &carry_words(model, row), columns.carry, muted));
    Line::from(spans)
}

pub(super) fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Flexible => "flexible",
        Kind::Fixed => "fixed",
        Kind::Income => "income",
        Kind::NotSpending => "no spending",
    }
}

/// `yes +12.40` with what the months before left, `no`.
pub(super) fn carry_words(model: &Model, row: &CategorySummary) -> String {
    let carried = Money::new(row.carried_minor, model.currency()).short();
    match (row.category.carry_over, row.carried_minor) {
        _ if !row.category.kind.is_spending() => String::new(),
        (false, _) => "no".to_owned(),
        (true, 0) => "yes".to_owned(),
        (true, 1..) => format!("yes +{carried}"),
        (true, _) => format!("yes {carried}"),
    }
}

/// The new limit and how it is read.
fn change(model: &Model, row: &CategorySummary, columns: Columns) -> [Span<'static>; 3] {
    let skin = model.skin();
    let theme = &skin.theme;
    let draft = drafts::of(model, row.category.id).filter(|draft| !draft.is_empty());
    let (value, (echo, role)) = match draft {
        None => (String::new(), (String::new(), Role::Muted)),
        Some(draft) if drafts::is_on_its_way(model, draft) => (value(draft), ("saving".to_owned(), Role::Muted)),
        Some(draft) => (value(draft), echo_words(model, row, draft)),
    };
    let strong = theme.bold(Role::Text);
    [
        number(skin, &value, columns.change.saturating_sub(1), strong),
        Span::raw(" "),
        cell(skin, &echo, columns.echo, theme.style(role)),
    ]
}

/// The limit that a draft stands for, or its text when that is none.
fn value(draft: &Draft) -> String {
    match draft.reading() {
        Ok(Some(minor)) => Money::new(minor, draft.basis.currency).short(),
        Ok(None) => "none".to_owned(),
        Err(_) => draft.input.value().trim().to_owned(),
    }
}

/// `+30 ok`; `-30 low` when more is spent already; what is wrong.
fn echo_words(model: &Model, row: &CategorySummary, draft: &Draft) -> (String, Role) {
    let skin = model.skin();
    let typing = matches!(&model.budgets.field, Some(Field::Limit { category_id, error: None, .. })
        if *category_id == row.category.id);
    let money = |minor| Money::new(minor, model.currency()).short();
    let verdict = |limit: i64| {
        let in_force = limit.saturating_add(row.carried_minor);
        if row.spent_minor > in_force {
            ("low", Role::Warn)
        } else {
            ("ok", Role::Ok)
        }
    };
    match (draft.reading(), draft.basis.now) {
        // A word is unread until it is complete: no alarm before Enter.
        (Err(_), _) if typing => (skin.glyphs.ellipsis.to_owned(), Role::Muted),
        (Err(_), _) => (format!("{} unread", skin.glyphs.cross), Role::Over),
        (Ok(new), old) if new == old => ("same".to_owned(), Role::Muted),
        (Ok(None), _) => ("no limit".to_owned(), Role::Warn),
        (Ok(Some(new)), None) => {
            let (word, role) = verdict(new);
            (format!("new {word}"), role)
        }
        (Ok(Some(new)), Some(old)) => {
            let (word, role) = verdict(new);
            let sign = if new > old { "+" } else { "" };
            (format!("{sign}{} {word}", money(new.saturating_sub(old))), role)
        }
    }
}

/// The months before as columns, those over their limit marked, and their average.
fn months(model: &Model, row: &CategorySummary, columns: Columns) -> Vec<Span<'static>> {
    let skin = model.skin();
    let muted = skin.theme.style(Role::Muted);
    if columns.months == 0 {
        return Vec::new();
    }
    let picture = ui::spark::spans(&row.past_minor, &past_limits(row), skin);
    let mut spans = vec![Span::raw("  ")];
    spans.extend(picture);
    let room = columns.months.saturating_sub(ui::span_width(&spans));
    spans.extend(passed_mark(row, room, skin));
    let used = ui::span_width(&spans);
    spans.push(filler(columns.months.saturating_sub(used), skin));
    let average =
        limit::average(&row.past_minor).map_or(String::new(), |minor| Money::new(minor, model.currency()).amount());
    spans.push(number(skin, &average, columns.average, muted));
    spans
}

/// The limit of each of the months before; the present one where the server does not tell.
fn past_limits(row: &CategorySummary) -> Vec<Option<i64>> {
    if row.past_limits_minor.is_empty() {
        vec![row.own_limit_minor(); row.past_minor.len()]
    } else {
        row.past_limits_minor.clone()
    }
}

/// ` ▲2` when two of the months came to more than their limit: the columns alone do not tell it without colours.
fn passed_mark(row: &CategorySummary, room: u16, skin: &Skin) -> Option<Span<'static>> {
    let limits = past_limits(row);
    let months = row.past_minor.iter().zip(&limits);
    let passed = months
        .filter(|(spent, limit)| limit.is_some_and(|limit| **spent > limit))
        .count();
    let gap = if room > 2 { " " } else { "" };
    let mark = format!("{gap}{}{passed}", skin.glyphs.over);
    (passed > 0).then(|| Span::styled(skin.fit(&mark, room), skin.theme.style(Role::Over)))
}

fn filler(width: u16, skin: &Skin) -> Span<'static> {
    cell(skin, "", width, Style::new())
}
