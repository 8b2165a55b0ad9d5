//! How the list of expenses looks.

use jiff::civil::Date;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::row::{self, Columns};
use super::{is_filtered, side};
use crate::api::{Dialect, ExpenseOrder};
use crate::app::filter;
use crate::app::footer::{key_name, key_of};
use crate::app::keymap::{Action, Scope};
use crate::app::list::Spot;
use crate::app::model::Model;
use crate::app::view::{BOXED, WAITING, body_of, empty, list_panel, list_rows, put_row};
use crate::domain::filter::Suggestion;
use crate::domain::{Calendar, Locale, Money};
use crate::ui::panel::Panel;
use crate::ui::{self, Hint, Role, form, text};

/// Rows of the list on the present screen.
pub(super) fn list_height(model: &Model) -> usize {
    let (area, _) = side::split(below_filter(model, body_of(model)));
    let frame = if area.height >= BOXED { 3 } else { 1 };
    let status = u16::from(!model.expenses.marks.is_empty());
    usize::from(area.height.saturating_sub(frame + status))
}

/// The expense at a place of the screen.
pub(in crate::app) fn at(model: &Model, column: u16, row: u16) -> Option<Spot> {
    let (area, _) = side::split(below_filter(model, body_of(model)));
    let rows = list_rows(area, list_height(model));
    let count = model.expenses.rows.iter().count();
    model.expenses.list.at(column, row, rows, 1, count)
}

/// What filter and hint leave of the screen.
pub(super) fn below_filter(model: &Model, area: Rect) -> Rect {
    let shown = model.expenses.typing || is_filtered(model);
    let top = (u16::from(shown) + u16::from(hint(model).is_some())).min(area.height);
    Rect {
        y: area.y + top,
        height: area.height - top,
        ..area
    }
}

/// What is wrong with the filter.
fn hint(model: &Model) -> Option<String> {
    let filter = filter::parse(model, model.expenses.filter.value());
    filter.hint().map(str::to_owned)
}

pub(in crate::app) fn view(model: &Model, buf: &mut Buffer, area: Rect) -> Option<Position> {
    let mut cursor = None;
    if model.expenses.typing || is_filtered(model) {
        cursor = draw_filter(model, buf, ui::row(area, 0));
        if let Some(hint) = hint(model) {
            let skin = model.skin();
            let words = skin.fit(&format!("   {} {hint}", skin.glyphs.cross), area.width);
            ui::put(
                buf,
                ui::row(area, 1),
                &Line::styled(words, skin.theme.style(Role::Warn)),
            );
        }
    }
    let (list, beside) = side::split(below_filter(model, area));
    draw_list(model, buf, list);
    if beside.width > 0 {
        cursor = side::draw(model, buf, beside).or(cursor);
    }
    cursor
}

fn draw_list(model: &Model, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    let title = title(model);
    let place = place(model);
    let key = key_of(model, Scope::Expenses, Action::Sort);
    let mut order = Hint::new(&key, order_word(model.expenses.order)).spans(skin);
    order.push(Span::raw(format!(" {}", skin.glyphs.down)));
    let boxed = area.height >= BOXED;
    let mut panel = Panel::new(&title).focused(model.form.is_none());
    if model.dialect == Dialect::V1 {
        panel = panel.right(if boxed {
            Line::from(order)
        } else {
            Line::from(place.clone())
        });
    }
    let inner = list_panel(&panel.note(place), area, buf, skin);
    if model.expenses.rows.is_empty() {
        return draw_empty(model, buf, inner);
    }
    let columns = Columns::fit(inner.width, tells_years(model));
    let mut rows = inner;
    if boxed {
        ui::put(buf, ui::row(inner, 0), &row::titles(columns, skin));
        rows.y += 1;
        rows.height -= 1;
    }
    if !model.expenses.marks.is_empty() {
        rows.height = rows.height.saturating_sub(1);
        draw_marked(model, buf, ui::row(inner, inner.height.saturating_sub(1)));
    }
    let list = &model.expenses.list;
    for (y, at) in (0..rows.height).zip(list.offset..) {
        let Some(expense) = model.expenses.rows.get(at) else {
            break;
        };
        let selected = at == list.selected;
        let line = row::line(model, expense, columns, selected);
        put_row(buf, ui::row(rows, y), &line, selected, skin);
    }
}

fn order_word(order: ExpenseOrder) -> &'static str {
    match order {
        ExpenseOrder::Day => "date",
        ExpenseOrder::Amount => "amount",
        ExpenseOrder::Description => "name",
    }
}

/// Whether some of the days are of another year.
fn tells_years(model: &Model) -> bool {
    let this_year = model.today().year();
    model.expenses.rows.iter().any(|row| row.day.year() != this_year)
}

/// Which expenses these are.
fn title(model: &Model) -> String {
    if !is_filtered(model) {
        return format!("Expenses {}", model.shown_month().long_name());
    }
    let (first, last) = filter::parse(model, model.expenses.filter.value()).days();
    format!("Expenses {}", days_words(first, last, model.calendar(), model.locale()))
}

/// `all months`, `September 2026`, `since 1 Sep 2026`.
fn days_words(first: Date, last: Date, calendar: Calendar, locale: &Locale) -> String {
    let words = |day: Date| locale.day(day, "%-d %b %Y");
    match (first == Date::MIN, last == Date::MAX) {
        (true, true) => "of all months".to_owned(),
        (false, true) => format!("since {}", words(first)),
        (true, false) => format!("until {}", words(last)),
        (false, false) => {
            let month = calendar.month_of(first);
            if (calendar.first_day(month), calendar.last_day(month)) == (first, last) {
                month.long_name()
            } else if first == last {
                format!("of {}", words(first))
            } else {
                format!("{} to {}", words(first), words(last))
            }
        }
    }
}

/// `2 of 128`: where the cursor is in the whole list.
fn place(model: &Model) -> String {
    let expenses = &model.expenses;
    if expenses.rows.is_empty() {
        return String::new();
    }
    let here = expenses.rows.skipped() + expenses.list.selected + 1;
    let known = expenses.rows.skipped() + expenses.rows.len();
    let whole = match (expenses.rows.next(), &expenses.found, model.totals()) {
        (None, ..) => model.number(known),
        (Some(_), Some((found, _)), _) => model.number(count(found.count).max(known)),
        (Some(_), None, Some(totals)) if !is_filtered(model) => model.number(count(totals.count).max(known)),
        (Some(_), None, _) => format!("{}+", model.number(known)),
    };
    format!("{} of {whole}", model.number(here))
}

/// A count as a server tells it.
fn count(told: i64) -> usize {
    usize::try_from(told).unwrap_or(0)
}

/// `2 marked, $63.00    d delete   c category   y copy   Esc unmark`.
fn draw_marked(model: &Model, buf: &mut Buffer, area: Rect) {
    let skin = model.skin();
    let marks = &model.expenses.marks;
    let sum = Money::new(marks.sum(), model.currency());
    let words = format!("{} marked, {sum}", model.number(marks.len()));
    let hints = [
        (Action::DeleteExpense, "delete"),
        (Action::Categorise, "category"),
        (Action::Copy, "copy"),
        (Action::ClearFilter, "unmark"),
    ];
    let mut spans = vec![Span::styled(words, skin.theme.bold(Role::Accent))];
    for (action, words) in hints {
        let key = key_of(model, Scope::Expenses, action);
        let mut more = vec![Span::raw("   ")];
        more.extend(Hint::new(&key, words).spans(skin));
        if ui::span_width(&spans) + ui::span_width(&more) > area.width {
            break;
        }
        spans.append(&mut more);
    }
    ui::put(buf, area, &Line::from(spans));
}

/// What an empty filter shows: one of each sort.
const EXAMPLES: &str = "coffee   march   13 nov   >20   cat:dining   since:1sep   -uber";

fn draw_filter(model: &Model, buf: &mut Buffer, area: Rect) -> Option<Position> {
    let skin = model.skin();
    let theme = &skin.theme;
    buf.set_style(area.intersection(buf.area), theme.style(Role::Field));
    let filter = &model.expenses.filter;
    let mut right = found_spans(model);
    if area.width >= 90 {
        right.push(Span::styled(
            format!("   {}", filter_keys(model)),
            theme.style(Role::Muted),
        ));
    }
    right.push(Span::raw(" "));
    let room = area.width.saturating_sub(ui::span_width(&right) + 3);
    let column = u16::try_from(form::cursor_column(filter.value(), filter.cursor())).unwrap_or(u16::MAX);
    let hidden = column.saturating_add(1).saturating_sub(room);
    let words = if filter.value().is_empty() {
        Span::styled(skin.pad(EXAMPLES, room), theme.style(Role::Muted))
    } else {
        Span::styled(
            text::pad(&text::slice(filter.value(), hidden, room), room),
            theme.style(Role::Text),
        )
    };
    let mut spans = vec![Span::styled(" / ", theme.bold(Role::Accent)), words];
    spans.append(&mut right);
    ui::put(buf, area, &Line::from(spans));
    let at = Position::new(area.x + 3 + column - hidden, area.y);
    (model.expenses.typing && area.contains(at)).then_some(at)
}

/// `Enter keep, Esc clear`.
fn filter_keys(model: &Model) -> String {
    let clear = |scope| format!("{} clear", key_of(model, scope, Action::ClearFilter));
    if !model.expenses.typing {
        return clear(Scope::Expenses);
    }
    let keep = key_of(model, Scope::FilterField, Action::KeepFilter);
    format!("{keep} keep, {}", clear(Scope::FilterField))
}

/// `4 of 128, $120.00`, or how many of the rows at hand the filter lets through so far.
fn found_spans(model: &Model) -> Vec<Span<'static>> {
    let theme = &model.skin().theme;
    let expenses = &model.expenses;
    match expenses.found {
        _ if !is_filtered(model) => Vec::new(),
        Some((found, _)) => {
            let counts = format!(
                "{} of {}, ",
                model.number(count(found.count)),
                model.number(count(found.of))
            );
            let sum = Money::new(found.spent_minor, model.currency());
            vec![
                Span::styled(counts, theme.style(Role::Muted)),
                Span::styled(sum.to_string(), theme.bold(Role::Text)),
            ]
        }
        None => {
            let words = format!("{} so far", model.number(expenses.rows.len()));
            vec![Span::styled(words, theme.style(Role::Muted))]
        }
    }
}

/// What was probably meant by a filter that found nothing.
pub(in crate::app) fn suggestion(model: &Model) -> Option<Suggestion> {
    let expenses = &model.expenses;
    if !expenses.rows.is_empty() || expenses.answered.is_none() || !is_filtered(model) {
        return None;
    }
    let categories = model.categories().iter().map(|c| c.category.name.as_str());
    let descriptions = model.data.expenses.iter().map(|row| row.description.as_str());
    filter::parse(model, expenses.filter.value()).did_you_mean(categories.chain(descriptions))
}

fn draw_empty(model: &Model, buf: &mut Buffer, area: Rect) {
    let key = |action| key_name(model, action);
    let words = match (&model.data.summary, model.dialect) {
        (None, _) => WAITING.to_owned(),
        (_, Dialect::Classic) => {
            "This server only knows the five classic calls:\nit does not list single expenses.".to_owned()
        }
        _ if model.expenses.failed => format!("The server does not answer.\n{} asks again.", key(Action::Retry)),
        _ if model.data.lists.is_none() => "Loading.".to_owned(),
        _ if model.expenses.answered.is_none() => "Searching.".to_owned(),
        _ if is_filtered(model) => no_match(model),
        _ if is_first_run(model) => format!("No expenses yet.\n{} adds the first one.", key(Action::Add)),
        _ => format!(
            "No expenses in this month.\n{} adds one, {} and {} change the month.",
            key(Action::Add),
            key(Action::PreviousMonth),
            key(Action::NextMonth)
        ),
    };
    empty(buf, area, &words.lines().collect::<Vec<_>>(), model.skin());
}

/// What stands in the place of the list when nothing fits the filter.
fn no_match(model: &Model) -> String {
    let filter = model.expenses.filter.value().trim();
    let meant = suggestion(model).map_or(String::new(), |hint| format!("{}\n", meant_words(model, &hint)));
    let clear = if model.expenses.typing {
        key_of(model, Scope::FilterField, Action::ClearFilter)
    } else {
        key_name(model, Action::Back)
    };
    format!("Nothing matches \"{filter}\".\n{meant}{clear} clears the filter.")
}

/// `Did you mean fun? Tab takes it.`
fn meant_words(model: &Model, hint: &Suggestion) -> String {
    let question = format!("Did you mean {}?", hint.instead);
    if !model.expenses.typing {
        return question;
    }
    format!(
        "{question} {} takes it.",
        key_of(model, Scope::FilterField, Action::TakeHint)
    )
}

/// Whether there seems to be no expense at all.
pub(in crate::app) fn is_first_run(model: &Model) -> bool {
    model.data.summary.as_ref().is_some_and(|summary| {
        let none = summary
            .categories
            .iter()
            .all(|c| c.count == 0 && c.past_minor.iter().all(|minor| *minor == 0));
        none && summary.uncategorised.count == 0 && summary.to_review == 0
    })
}
