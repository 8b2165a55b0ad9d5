//! Which of the overview's layouts fits, and the pieces they share.

use std::cmp::Reverse;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::{Pane, compact, rows, wide};
use crate::api::{Alert, CategorySummary, Dialect, Expense};
use crate::app::expenses;
use crate::app::model::{Link, Model};
use crate::app::view::{WAITING, body_of, cell, number};
use crate::domain::expense::{CategorySource, Sureness};
use crate::domain::{Currency, Kind, Level, Money};
use crate::ui::bar::BudgetBar;
use crate::ui::{self, Hint, Role, Skin, text};

/// How the overview is laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// Boxes side by side: 110 x 26 and more.
    Wide,
    /// One column without boxes.
    Narrow,
    /// Bars only.
    Tiny,
}

fn layout(area: Rect) -> Layout {
    match (area.width, area.height) {
        (110.., 26..) => Layout::Wide,
        (70.., 14..) => Layout::Narrow,
        _ => Layout::Tiny,
    }
}

pub(in crate::app) fn view(model: &Model, buf: &mut Buffer, area: Rect) -> Option<Position> {
    match layout(area) {
        Layout::Wide => wide::draw(model, buf, area),
        Layout::Narrow => compact::draw_narrow(model, buf, area),
        Layout::Tiny => compact::draw_tiny(model, buf, area),
    }
    None
}

/// Rows of a pane's list on the present screen.
pub(super) fn list_height(model: &Model, pane: Pane) -> usize {
    let area = body_of(model);
    let rows = match layout(area) {
        Layout::Wide => wide::areas(model, area).list_rows(pane),
        Layout::Narrow => compact::narrow_areas(model, area).list_rows(pane),
        Layout::Tiny if pane == Pane::Budgets => compact::tiny_rows(model, area),
        Layout::Tiny => 0,
    };
    usize::from(rows)
}

/// The rows of a list that are on the screen: each with its place there and whether the cursor is on it.
pub(super) fn visible<'a, T>(
    model: &Model,
    pane: Pane,
    rows: &'a [T],
) -> impl Iterator<Item = (u16, &'a T, bool)> + use<'a, T> {
    let list = match pane {
        Pane::Budgets => &model.overview.budgets,
        Pane::Recent => &model.overview.recent,
        Pane::Alerts => &model.overview.alerts,
    };
    let height = list_height(model, pane);
    let (selected, focused) = (list.selected, model.overview.pane == pane);
    (0..)
        .zip(rows.iter().enumerate().skip(list.offset).take(height))
        .map(move |(y, (at, row))| (y, row, focused && at == selected))
}

/// What an empty list of budgets says.
pub(super) fn no_budgets(model: &Model, width: u16) -> Vec<String> {
    match (&model.data.summary, &model.link) {
        // With nothing else to show there is room for the whole reason.
        (None, Link::Down { failure, .. }) => text::wrap(&failure.to_string(), width),
        (None, _) => vec![WAITING.to_owned()],
        (Some(_), _) if expenses::is_first_run(model) => vec![
            "No expenses yet.".to_owned(),
            "a adds the first one, 3 sets limits.".to_owned(),
        ],
        (Some(_), _) => vec![
            "No spending, no limits this month.".to_owned(),
            "a adds an expense, 3 sets limits.".to_owned(),
        ],
    }
}

/// What an empty list of expenses says.
pub(super) fn no_expenses(model: &Model) -> &'static str {
    match (&model.data.summary, model.dialect) {
        (None, _) => WAITING,
        (Some(_), Dialect::Classic) => "This server does not list single expenses.",
        (Some(_), Dialect::V1) => "No expenses in this month. a adds one.",
    }
}

/// What an empty list of alerts says.
pub(super) fn no_alerts(model: &Model) -> &'static str {
    if model.data.summary.is_none() {
        WAITING
    } else {
        "No alerts in this month."
    }
}

/// The alerts of the month whose causes hold: unread ones first, and for each category only the strongest,
/// which says what the weaker ones said.
pub(super) fn open_alerts(model: &Model) -> Vec<&Alert> {
    let month = model.shown_month();
    let holds = |alert: &&Alert| alert.resolved_at.is_none() && alert.month == month;
    let alerts = &model.data.alerts;
    let stronger = |than: &Alert| {
        let same = |other: &&Alert| other.category_id == than.category_id && other.level > than.level;
        alerts.iter().filter(holds).any(|other| same(&other))
    };
    let mut open: Vec<&Alert> = alerts.iter().filter(|a| holds(a) && !stronger(a)).collect();
    open.sort_by_key(|alert| (!model.is_news(alert), Reverse(alert.level)));
    open
}

/// `2 new`, over the alerts.
pub(super) fn unread_note(model: &Model) -> Line<'static> {
    match model.unread() {
        0 => Line::default(),
        unread => Line::styled(format!("{unread} new"), model.skin().theme.bold(Role::Over)),
    }
}

/// The bar of a category.
pub(in crate::app) fn bar(model: &Model, category: &CategorySummary) -> BudgetBar {
    let standing = model.standing(category);
    BudgetBar {
        spent: category.spent_minor,
        limit: category.limit_minor,
        forecast: category.forecast.as_ref().map(|f| f.mid_minor),
        progress: standing.progress,
        fixed: category.category.kind == Kind::Fixed,
        risk: standing.outlook(),
    }
}

/// The widths of a line of the budgets list; 0 leaves a column out.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    pub name: u16,
    pub bar: u16,
    pub spent: u16,
    pub limit: u16,
    pub outlook: u16,
}

impl Columns {
    /// Everything but the bar is fixed; the bar takes what is left of `width`.
    pub(super) fn fit(width: u16) -> Self {
        let (name, spent, limit, outlook) = if width >= 90 { (18, 12, 10, 20) } else { (15, 9, 7, 12) };
        let bar = width.saturating_sub(2 + name + 1 + spent + limit + 1 + outlook);
        Self {
            name,
            bar,
            spent,
            limit,
            outlook,
        }
    }
}

/// One line of the budgets list.
pub(super) fn budget_line(
    model: &Model,
    category: &CategorySummary,
    columns: Columns,
    selected: bool,
) -> Line<'static> {
    let skin = model.skin();
    let theme = &skin.theme;
    let bar = bar(model, category);
    let (glyph, role) = skin.glyphs.outlook(&bar.risk);
    let loud = bar.risk.risk() <= 1;
    let name_style = match (selected, loud) {
        (true, _) => theme.selected(),
        (false, true) => theme.bold(Role::Text),
        (false, false) => theme.style(Role::Text),
    };
    let money = |minor| Money::new(minor, model.currency());
    let words = skin.fit(&bar.risk.words(model.currency()), columns.outlook);
    let words_style = match bar.risk.risk() {
        0 => theme.over_word(),
        1 => theme.bold(Role::Warn),
        2 => theme.style(Role::Warn),
        _ => theme.style(Role::Muted),
    };
    let limit = category.limit_minor.map_or(String::new(), |minor| money(minor).short());
    let mut spans = vec![
        Span::styled(format!("{glyph} "), theme.style(role)),
        cell(skin, &category.category.name, columns.name, name_style),
        Span::raw(" "),
    ];
    spans.extend(ui::bar::line(&bar, columns.bar, skin).spans);
    spans.push(number(
        skin,
        &money(category.spent_minor).amount(),
        columns.spent,
        theme.bold(Role::Text),
    ));
    spans.push(number(skin, &limit, columns.limit, theme.style(Role::Muted)));
    spans.push(Span::raw(" "));
    spans.push(Span::styled(words, words_style));
    Line::from(spans)
}

/// The titles over the list, with the labels of the bar's lines.
pub(super) fn budget_titles(model: &Model, columns: Columns) -> Line<'static> {
    let skin = model.skin();
    let muted = skin.theme.style(Role::Muted);
    let progress = model.progress(model.shown_month());
    let mut spans = vec![cell(skin, "  category", columns.name + 3, muted)];
    let scale = ui::bar::scale_line(columns.bar, progress, "today", "limit", skin);
    let used = ui::span_width(&scale.spans);
    spans.extend(scale.spans);
    spans.push(Span::raw(" ".repeat(columns.bar.saturating_sub(used).into())));
    spans.push(number(skin, "spent", columns.spent, muted));
    spans.push(number(skin, "limit", columns.limit, muted));
    spans.push(Span::styled(" outlook", muted));
    Line::from(spans)
}

/// `2 expenses, $44.10   r review`, when something waits in no category, or in one that nobody is sure of.
pub(super) fn uncategorised_line(model: &Model) -> Option<Line<'static>> {
    let summary = model.data.summary.as_ref()?;
    let (bucket, waiting) = (summary.uncategorised, summary.to_review);
    let (name, words) = if bucket.count > 0 {
        let amount = Money::new(bucket.spent_minor, model.currency());
        ("Uncategorised", format!("{}, {amount}", expenses_words(bucket.count)))
    } else if waiting > 0 {
        ("Not sure", expenses_words(waiting))
    } else {
        return None;
    };
    let skin = model.skin();
    let muted = skin.theme.style(Role::Muted);
    let mut spans = vec![
        Span::styled(format!("{} ", skin.glyphs.none), muted),
        Span::styled(name, skin.theme.style(Role::Text)),
        Span::styled(format!("  {words}"), muted),
    ];
    if waiting > 0 {
        spans.push(Span::raw("   "));
        spans.extend(Hint::new("r", "review").spans(skin));
    }
    Some(Line::from(spans))
}

fn expenses_words(count: i64) -> String {
    format!("{count} {}", if count == 1 { "expense" } else { "expenses" })
}

/// `22 Nov  Ramen House 東京   Dining   18.50`.
pub(super) fn expense_line(model: &Model, expense: &Expense, width: u16, selected: bool) -> Line<'static> {
    let skin = model.skin();
    let theme = &skin.theme;
    let (day, amount) = (8, 12.min(width / 3));
    let category = if width >= 60 { 22 } else { 14 };
    let description = width.saturating_sub(day + amount + category + 2);
    let value = Money::new(expense.amount_minor, model.currency()).amount();
    let name_style = if selected {
        theme.selected()
    } else {
        theme.style(Role::Text)
    };
    Line::from(vec![
        cell(
            skin,
            &expense.day.strftime("%d %b").to_string(),
            day,
            theme.style(Role::Muted),
        ),
        cell(skin, &expense.description, description, name_style),
        Span::raw("  "),
        category_cell(model, expense, category, skin),
        number(skin, &value, amount, theme.bold(Role::Text)),
    ])
}

/// The category with its mark and confidence when it was not certain: `Fun ? 48%`.
pub(super) fn category_cell(model: &Model, expense: &Expense, width: u16, skin: &Skin) -> Span<'static> {
    let predicted = !matches!(expense.category_source, CategorySource::You | CategorySource::None);
    let sureness = Sureness::of(expense.confidence);
    match model.category_name(expense.category_id) {
        None => cell(skin, "uncategorised", width, skin.theme.style(Role::Warn)),
        Some(name) if predicted && sureness != Sureness::Sure => {
            let mark = format!(" {} {}%", sureness.mark(), expense.confidence);
            let name = skin.fit(name, width.saturating_sub(text::width(&mark)));
            let role = if sureness == Sureness::Unsure {
                Role::Warn
            } else {
                Role::Muted
            };
            cell(skin, &format!("{name}{mark}"), width, skin.theme.style(role))
        }
        Some(name) => cell(skin, name, width, skin.theme.style(Role::Muted)),
    }
}

/// The glyph and role of an alert.
pub(in crate::app) fn alert_mark(alert: &Alert, skin: &Skin) -> (&'static str, Role) {
    match (alert.resolved_at, alert.level) {
        (Some(_), _) => (skin.glyphs.tick, Role::Ok),
        (None, Level::Over) => (skin.glyphs.over, Role::Over),
        (None, Level::Near | Level::Forecast) => (skin.glyphs.warn, Role::Warn),
    }
}

/// What an alert says about its category, without the category's name: ` is over by $5.80`.
pub(super) fn alert_words(alert: &Alert, currency: Currency) -> String {
    let money = |minor| Money::new(minor, currency).short_symbol();
    if alert.category.is_empty() {
        return alert.message.clone();
    }
    if alert.resolved_at.is_some() {
        return "is back under its limit".to_owned();
    }
    match alert.level {
        Level::Over => format!(
            "is over by {}",
            money(alert.spent_minor.saturating_sub(alert.limit_minor))
        ),
        Level::Near => format!(
            "reached {}% of {}",
            crate::domain::budget::used_percent(alert.spent_minor, alert.limit_minor),
            money(alert.limit_minor)
        ),
        Level::Forecast => format!("will pass {}", money(alert.limit_minor)),
    }
}

/// The whole program in one line, for a window of a few cells: `Nov 80% ▲2 Dining over`.
pub(in crate::app) fn view_line(model: &Model, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    let news = match model.unread() {
        0 => String::new(),
        unread => format!(" {}{unread}", skin.glyphs.over),
    };
    let worst = rows(model).first().map_or(String::new(), |row| {
        format!(
            " {} {}",
            row.category.name,
            model.standing(row).outlook().words(model.currency())
        )
    });
    let words = if model.user.is_none() {
        "budget: make the window larger to log in".to_owned()
    } else {
        format!("{}{news}{worst}", crate::app::view::short_month(model))
    };
    ui::put(
        buf,
        ui::row(area, 0),
        &Line::styled(skin.fit(&words, area.width), skin.theme.style(Role::Text)),
    );
}
