//! The month's spending as a rising line, with the limit and the way to the estimate.

use jiff::ToSpan;
use jiff::civil::Date;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::domain::{Currency, Money, Progress};

use super::plot::{Plot, Strength};
use super::theme::{Role, Skin};
use super::{Graph, put, row, text};

/// One month's spending; amounts in minor units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Trend<'a> {
    /// Spent on each day, first day first; days after today are not looked at.
    pub daily: &'a [i64],
    /// The month's first day.
    pub first: Date,
    /// How far the month has come.
    pub progress: Progress,
    /// The sum of the limits.
    pub limit: Option<i64>,
    /// The month-end estimate.
    pub forecast: Option<i64>,
    /// Whose minor units these are.
    pub currency: Currency,
    /// How the lines are drawn.
    pub graph: Graph,
}

/// Where the parts of the chart go.
struct Places {
    legend: Rect,
    plot: Rect,
    axis: Rect,
    labels: u16,
}

impl Trend<'_> {
    /// Draws the chart. Small areas lose the legend, then the axes.
    pub fn render(&self, area: Rect, buf: &mut Buffer, skin: &Skin) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        let sums = self.sums();
        let most = sums
            .iter()
            .copied()
            .chain(self.limit)
            .chain(self.forecast)
            .max()
            .unwrap_or(0);
        if most <= 0 {
            let words = skin.fit("Nothing spent in this month.", area.width);
            put(
                buf,
                row(area, area.height / 2),
                &Line::styled(words, skin.theme.style(Role::Muted)),
            );
            return;
        }
        let top = nice_top(most);
        let labels = [top, top / 2, 0].map(|minor| compact(minor, self.currency));
        let places = Places::split(area, labels.iter().map(|label| text::width(label)).max().unwrap_or(0));
        put(buf, places.legend, &self.legend(places.legend.width, skin));
        let plot = Plot::new(places.plot.width, places.plot.height, self.graph.with(&skin.glyphs));
        draw_scale(
            buf,
            &places,
            &labels,
            plot.row_of(rescale(top / 2, plot.height() - 1, top)),
            skin,
        );
        self.draw_lines(plot, &sums, top, places.plot, buf, skin);
        put(buf, places.axis, &self.day_labels(places.axis.width, skin));
    }

    /// What had been spent at the end of each day up to today.
    fn sums(&self) -> Vec<i64> {
        let mut sum = 0_i64;
        self.daily
            .iter()
            .copied()
            .chain(std::iter::repeat(0))
            .take(usize::from(self.progress.day))
            .map(|day| {
                sum = sum.saturating_add(day);
                sum
            })
            .collect()
    }

    fn draw_lines(&self, mut plot: Plot, sums: &[i64], top: i64, area: Rect, buf: &mut Buffer, skin: &Skin) {
        let (right, high) = (plot.width() - 1, plot.height() - 1);
        if right < 1 || high < 0 {
            return;
        }
        let y = |minor: i64| rescale(minor.clamp(0, top), high, top);
        let x = |day: usize| self.day_column(day, right);
        // Dashes are gaps already.
        let (limit_step, guess_step) = match self.graph.with(&skin.glyphs) {
            Graph::Braille | Graph::Auto => (4, 3),
            Graph::Block => (1, 1),
            Graph::Ascii => (2, 2),
        };
        if let Some(limit) = self.limit {
            plot.line((0, y(limit)), (right, y(limit)), limit_step, Strength::Reference);
        }
        if let (Some(estimate), Some(&now)) = (self.forecast, sums.last()) {
            let end = (right, y(estimate.max(now)));
            plot.line((x(sums.len()), y(now)), end, guess_step, Strength::Guess);
        }
        let mut from = (0, 0);
        for (day, &sum) in (1..).zip(sums) {
            let to = (x(day), y(sum));
            plot.line(from, to, 1, Strength::Fact);
            from = to;
        }
        plot.render(area, buf, |strength| style(strength, skin));
    }

    /// The column of a day, counted from 1, on an axis that ends in column `right`.
    fn day_column(&self, day: usize, right: i32) -> i32 {
        let gone = i64::try_from(day.saturating_sub(1)).unwrap_or(i64::MAX);
        let all = i64::from(self.progress.length.saturating_sub(1)).max(1);
        rescale(gone.min(all), right, all)
    }

    fn legend(&self, width: u16, skin: &Skin) -> Line<'static> {
        let (spent, guess, limit) = match self.graph.with(&skin.glyphs) {
            Graph::Braille | Graph::Auto => ("━", "┄", "┈"),
            Graph::Block => ("▀", "┄", "┈"),
            Graph::Ascii => ("*", ".", "-"),
        };
        let mut parts = vec![(spent, " spent", Strength::Fact)];
        if self.forecast.is_some() {
            parts.push((guess, " forecast", Strength::Guess));
        }
        if self.limit.is_some() {
            parts.push((limit, " limit", Strength::Reference));
        }
        let muted = skin.theme.style(Role::Muted);
        let mut spans: Vec<Span<'static>> = parts
            .into_iter()
            .flat_map(|(mark, word, strength)| {
                [
                    Span::styled(mark, style(strength, skin)),
                    Span::styled(word, muted),
                    Span::raw("  "),
                ]
            })
            .collect();
        spans.pop();
        if super::span_width(&spans) > width {
            return Line::default();
        }
        Line::from(spans)
    }

    /// The days under the axis: the first, today and the last; today goes when it would touch another.
    fn day_labels(&self, width: u16, skin: &Skin) -> Line<'static> {
        let day = |number: u8| {
            let later = i64::from(number.max(1)) - 1;
            self.first.saturating_add(later.days()).day().to_string()
        };
        let (first, last) = (day(1), day(self.progress.length));
        let end = width.saturating_sub(text::width(&last));
        let mut used = text::width(&first);
        if end <= used {
            return Line::default();
        }
        let muted = skin.theme.style(Role::Muted);
        let mut spans = vec![Span::styled(first, muted)];
        let today = day(self.progress.day);
        let columns = text::width(&today);
        let column = self.day_column(usize::from(self.progress.day), i32::from(width) - 1);
        let start = u16::try_from(column).unwrap_or(0).saturating_sub(columns / 2);
        if self.progress.running() && start > used && start + columns < end {
            spans.push(Span::raw(" ".repeat(usize::from(start - used))));
            spans.push(Span::styled(today, skin.theme.style(Role::Text)));
            used = start + columns;
        }
        spans.push(Span::raw(" ".repeat(usize::from(end - used))));
        spans.push(Span::styled(last, muted));
        Line::from(spans)
    }
}

impl Places {
    fn split(area: Rect, label_width: u16) -> Self {
        let legend = u16::from(area.height >= 7);
        let axis = u16::from(area.height >= 4);
        let labels = if area.width >= 24 && area.height >= 4 {
            label_width + 1
        } else {
            0
        };
        let plot = Rect {
            x: area.x + labels,
            y: area.y + legend,
            width: area.width.saturating_sub(labels),
            height: area.height - legend - axis,
        };
        let below = |y, height| Rect { y, height, ..plot };
        Self {
            legend: below(area.y, legend),
            plot,
            axis: below(plot.bottom(), axis),
            labels,
        }
    }
}

/// Writes the amounts on the left: the top, half of it in row `half` where there is room, and nothing.
fn draw_scale(buf: &mut Buffer, places: &Places, labels: &[String; 3], half: u16, skin: &Skin) {
    if places.labels == 0 {
        return;
    }
    let rows = places.plot.height;
    let [top, middle, bottom] = labels;
    let mut at = |index: u16, label: &str| {
        let area = Rect {
            x: places.plot.x - places.labels,
            width: places.labels - 1,
            ..row(places.plot, index)
        };
        let label = text::pad_left(label, area.width);
        put(buf, area, &Line::styled(label, skin.theme.style(Role::Muted)));
    };
    at(0, top);
    if rows >= 5 {
        at(half, middle);
    }
    at(rows.saturating_sub(1), bottom);
}

fn style(strength: Strength, skin: &Skin) -> Style {
    skin.theme.style(match strength {
        Strength::Reference => Role::Muted,
        Strength::Guess => Role::Text,
        Strength::Fact => Role::Accent,
    })
}

/// `amount` of `whole` in dots from 0 to `dots`, rounded.
fn rescale(amount: i64, dots: i32, whole: i64) -> i32 {
    let (amount, dots, whole) = (i128::from(amount), i128::from(dots), i128::from(whole.max(1)));
    i32::try_from((2 * amount * dots + whole) / (2 * whole)).unwrap_or(i32::MAX)
}

/// The smallest round amount that is not below `most`: 1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6 or 8 times a power of ten, so
/// that half of it is written in two digits.
fn nice_top(most: i64) -> i64 {
    let mut unit = 1_i64;
    loop {
        for tenths in [10, 12, 16, 20, 24, 30, 40, 50, 60, 80] {
            match unit.checked_mul(tenths) {
                Some(top) if top / 10 >= most && (top % 10 == 0) => return top / 10,
                Some(_) => {}
                None => return i64::MAX,
            }
        }
        unit = unit.saturating_mul(10);
    }
}

/// An amount in at most six columns after the symbol: `$0`, `$950`, `$1.2k`, `$12k`, `$3.4M`.
#[must_use]
pub fn compact(minor: i64, currency: Currency) -> String {
    let scale = currency.scale();
    let whole = (minor / scale).unsigned_abs();
    let sign = if minor < 0 { "-" } else { "" };
    let (unit, suffix) = match whole {
        0..10 if minor % scale != 0 => {
            return currency.beside(&format!(
                "{sign}{}",
                Money::new(minor.saturating_abs(), currency).short()
            ));
        }
        0..1_000 => return currency.beside(&format!("{sign}{whole}")),
        1_000..1_000_000 => (1_000, "k"),
        1_000_000..1_000_000_000 => (1_000_000, "M"),
        _ => (1_000_000_000, "B"),
    };
    let mark = currency.numbers().decimal;
    currency.beside(&match (whole / unit, whole % unit * 10 / unit) {
        (count @ 0..10, tenth @ 1..) => format!("{sign}{count}{mark}{tenth}{suffix}"),
        (count, _) => format!("{sign}{count}{suffix}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case(0, "$0")]
    #[case(250, "$2.50")]
    #[case(1250, "$12")]
    #[case(95_000, "$950")]
    #[case(125_000, "$1.2k")]
    #[case(-250_000, "-$2.5k")]
    #[case(1_200_000, "$12k")]
    #[case(340_000_000, "$3.4M")]
    fn amounts_on_an_axis_are_short(#[case] minor: i64, #[case] expected: &str) {
        assert_eq!(compact(minor, Currency::USD), expected);
    }

    #[rstest]
    #[case(1, 1)]
    #[case(206_900, 240_000)]
    #[case(240_000, 240_000)]
    #[case(240_001, 300_000)]
    #[case(i64::MAX, i64::MAX)]
    fn an_axis_ends_at_a_round_amount(#[case] most: i64, #[case] top: i64) {
        assert_eq!(nice_top(most), top);
    }

    proptest! {
        #[test]
        fn the_axis_is_never_too_short(most in 1_i64..) {
            prop_assert!(nice_top(most) >= most);
            prop_assert!(text::width(&compact(most, Currency::USD)) <= 13);
        }

        #[test]
        fn every_label_tells_its_amount_exactly(most in 1_000_i64..1_000_000_000_000) {
            let top = nice_top(most);
            for minor in [top, top / 2] {
                let label = compact(minor, Currency::USD);
                let (digits, unit) = match label.trim_start_matches('$').split_at(label.len() - 2) {
                    (digits, "k") => (digits, 100_000),
                    (digits, "M") => (digits, 100_000_000),
                    (digits, "B") => (digits, 100_000_000_000),
                    _ => (label.trim_start_matches('$'), 100),
                };
                let (whole, tenth) = digits.split_once('.').unwrap_or((digits, "0"));
                let parts = 10_i64.pow(u32::try_from(tenth.len()).unwrap());
                let told = whole.parse::<i64>().unwrap() * unit + tenth.parse::<i64>().unwrap() * unit / parts;
                prop_assert_eq!(told, minor, "{}", label);
            }
        }

        #[test]
        fn the_days_stand_under_their_columns(day in 1_u8..=30, width in 4_u16..200) {
            let trend = Trend {
                first: jiff::civil::date(2026, 11, 1),
                daily: &[],
                progress: Progress { day, length: 30, closed: false },
                limit: None,
                forecast: None,
                currency: Currency::USD,
                graph: Graph::Ascii,
            };
            let line = trend.day_labels(width, &crate::ui::tests::skins()[1]).to_string();
            prop_assert_eq!(text::width(&line), width);
            prop_assert!(line.starts_with('1') && line.ends_with("30"));
            let column = usize::try_from(trend.day_column(usize::from(day), i32::from(width) - 1)).unwrap();
            let words: Vec<&str> = line.split_whitespace().collect();
            if let [_, today, _] = words[..] {
                prop_assert_eq!(today, day.to_string());
                let start = line.find(&format!(" {today} ")).unwrap() + 1;
                prop_assert!((start..start + today.len()).contains(&column), "{} at {}", line, column);
            }
        }
    }
}
