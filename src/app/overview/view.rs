//! Which of the overview's layouts fits, and the pieces they share.

use std::cmp::Reverse;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::{Pane, compact, ids, row, rows, wide};
use crate::api::{Alert, CategorySummary, Dialect, Expense};
use crate::app::alerts::{self, when};
use crate::app::expenses;
use crate::app::footer::{key_label, key_name, key_of};
use crate::app::keymap::{Action, Focus, Scope};
use crate::app::list::{List, Spot};
use crate::app::model::{Link, Model};
use crate::app::view::{WAITING, body_of, cell, number, put_row};
use crate::domain::expense::{CategorySource, Sureness};
use crate::domain::{Currency, Kind, Level, Money, Outlook};
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
        Layout::Wide => wide::areas(model, area).list_rows(pane) / row_height(model, pane),
        Layout::Narrow => compact::narrow_areas(model, area).list_rows(pane) / row_height(model, pane),
        Layout::Tiny if pane == Pane::Budgets => compact::tiny_rows(model, area),
        Layout::Tiny => 0,
    };
    usize::from(rows)
}

/// The pane at a place of the screen, and the row if there is one.
pub(in crate::app) fn at(model: &Model, column: u16, row: u16) -> Option<(Pane, Option<Spot>)> {
    let area = body_of(model);
    let place = Position::new(column, row);
    let rect = |pane| match layout(area) {
        Layout::Wide => wide::areas(model, area).pane(pane),
        Layout::Narrow => compact::narrow_areas(model, area).pane(pane),
        Layout::Tiny => (area, 0),
    };
    let panes = [Pane::Budgets, Pane::Recent, Pane::Alerts];
    let pane = panes
        .into_iter()
        .find(|pane| list_height(model, *pane) > 0 && rect(*pane).0.contains(place))?;
    let (area, top) = rect(pane);
    let height = match (layout(area), pane) {
        (_, Pane::Budgets) => row_height(model, pane),
        (Layout::Wide, Pane::Alerts) => wide::ALERT_ROWS,
        _ => 1,
    };
    let rows = Rect {
        y: area.y + top,
        height: u16::try_from(list_height(model, pane))
            .unwrap_or(u16::MAX)
            .saturating_mul(height),
        ..area
    };
    let spot = list(model, pane).at(column, row, rows.intersection(area), height, ids(model, pane).len());
    Some((pane, spot))
}

fn list(model: &Model, pane: Pane) -> &List {
    match pane {
        Pane::Budgets => &model.overview.budgets,
        Pane::Recent => &model.overview.recent,
        Pane::Alerts => &model.overview.alerts,
    }
}

/// Rows of the screen that one row of a pane's list takes up; the alerts count theirs themselves.
fn row_height(model: &Model, pane: Pane) -> u16 {
    if pane == Pane::Budgets { row::height(model) } else { 1 }
}

/// The remark on the budgets: their order, and the key that changes it.
pub(super) fn sort_note(model: &Model) -> Line<'static> {
    let skin = model.skin();
    let word = model.overview.sort.word();
    let key = model.settings.keys.key(Focus::Overview.scopes(), Action::Sort);
    let mut spans = vec![Span::raw(format!("by {word}"))];
    if let Some(key) = key {
        spans.push(Span::raw("  "));
        spans.push(Span::styled(key_label(key, skin), skin.theme.style(Role::Accent)));
        spans.push(Span::raw(" sort"));
    }
    Line::from(spans)
}

/// The rows of a list that are on the screen: each with its place there and whether the cursor is on it.
pub(super) fn visible<'a, T>(
    model: &Model,
    pane: Pane,
    rows: &'a [T],
) -> impl Iterator<Item = (u16, &'a T, bool)> + use<'a, T> {
    let list = list(model, pane);
    let height = list_height(model, pane);
    let (selected, focused) = (list.selected, model.overview.pane == pane);
    (0..)
        .zip(rows.iter().enumerate().skip(list.offset).take(height))
        .map(move |(y, (at, row))| (y, row, focused && at == selected))
}

/// What an empty list of budgets says.
pub(super) fn no_budgets(model: &Model, width: u16) -> Vec<String> {
    let key = |action| key_name(model, action);
    match (&model.data.summary, &model.link) {
        // With nothing else to show there is room for the whole reason.
        (None, Link::Down { failure, .. }) => text::wrap(&failure.to_string(), width),
        (None, _) => vec![WAITING.to_owned()],
        (Some(_), _) if expenses::is_first_run(model) => vec![
            "No expenses yet.".to_owned(),
            format!(
                "{} adds the first one, {} sets limits.",
                key(Action::Add),
                key(Action::ShowBudgets)
            ),
        ],
        (Some(_), _) => vec![
            "No spending, no limits this month.".to_owned(),
            format!(
                "{} adds an expense, {} sets limits.",
                key(Action::Add),
                key(Action::ShowBudgets)
            ),
        ],
    }
}

/// What an empty list of expenses says.
pub(super) fn no_expenses(model: &Model) -> String {
    match (&model.data.summary, model.dialect) {
        (None, _) => WAITING.to_owned(),
        (Some(_), Dialect::Classic) => "This server does not list single expenses.".to_owned(),
        (Some(_), Dialect::V1) => format!("No expenses in this month. {} adds one.", key_name(model, Action::Add)),
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

/// The alerts of the month whose causes hold and that are not silenced: unread ones first, and for each category only the strongest,
/// which says what the weaker ones said.
pub(super) fn open_alerts(model: &Model) -> Vec<&Alert> {
    let month = model.shown_month();
    let silent = |alert: &Alert| matches!(alerts::state(model, alert), alerts::State::Snoozed(_));
    let holds = |alert: &&Alert| alert.resolved_at.is_none() && alert.month == month && !silent(alert);
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
        let key = key_of(model, Scope::Overview, Action::Review);
        spans.extend(Hint::new(&key, "review").spans(skin));
    }
    Some(Line::from(spans))
}

fn expenses_words(count: i64) -> String {
    format!("{count} {}", if count == 1 { "expense" } else { "expenses" })
}

/// The recent expenses that are on the screen.
pub(super) fn draw_expenses(model: &Model, buf: &mut Buffer, area: Rect) {
    for (y, expense, selected) in visible(model, Pane::Recent, &model.data.expenses) {
        let line = expense_line(model, expense, area.width, selected);
        put_row(buf, ui::row(area, y), &line, selected, model.skin());
    }
}

/// `22 Nov  Ramen House 東京   Dining   18.50`.
fn expense_line(model: &Model, expense: &Expense, width: u16, selected: bool) -> Line<'static> {
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
            &model.locale().day(expense.day, "%d %b"),
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

/// When a limit will be passed, for an alert that says it will: ` on 25 Nov`.
pub(super) fn alert_day(model: &Model, alert: &Alert) -> String {
    match forecast_of(model, alert) {
        Some((Outlook::WillPass(Some(day)), _)) => format!(" on {}", model.locale().day(day, "%-d %b")),
        _ => String::new(),
    }
}

/// What stands behind an alert: the estimate with what it is too much, or the expense that caused it.
pub(super) fn alert_detail(model: &Model, alert: &Alert) -> String {
    let money = |minor| Money::new(minor, model.currency()).short_symbol();
    match (forecast_of(model, alert), &alert.cause) {
        (Some((_, estimate)), _) => {
            let above = estimate.saturating_sub(alert.limit_minor);
            format!("forecast {}, +{}", money(estimate), money(above))
        }
        (None, Some(cause)) => format!("{}, {cause}", when(model, alert.created_at)),
        (None, None) => when(model, alert.created_at),
    }
}

/// How the category of a forecast alert stands now, and its estimate, while that is over the limit.
fn forecast_of(model: &Model, alert: &Alert) -> Option<(Outlook, i64)> {
    let told = alert.level == Level::Forecast && alert.resolved_at.is_none() && alert.month == model.shown_month();
    let mut rows = model.categories().iter().filter(|_| told);
    let row = rows.find(|row| row.category.id == alert.category_id)?;
    let estimate = row.forecast.as_ref()?.mid_minor;
    (estimate > alert.limit_minor).then(|| (model.standing(row).outlook(), estimate))
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
            model.standing(row).outlook().words(model.currency(), model.locale())
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
