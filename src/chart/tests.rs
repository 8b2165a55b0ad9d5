use std::fs::File;

use super::*;

/// A decoded picture.
struct Picture {
    pixels: Vec<u8>,
}

impl Picture {
    fn of(chart: &Chart) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("budget_vs_spending.png");
        write_png(&path, chart).unwrap();
        let names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(names, ["budget_vs_spending.png"], "nothing else is left in the folder");
        let mut reader = png::Decoder::new(File::open(path).unwrap()).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size()];
        let frame = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((frame.width, frame.height), SIZE);
        assert_eq!(frame.color_type, png::ColorType::Rgb);
        Self { pixels }
    }

    fn is(&self, x: u32, y: u32, colour: [u8; 3]) -> bool {
        let at = 3 * (y * SIZE.0 + x) as usize;
        self.pixels[at..at + 3] == colour
    }

    /// Pixels of a colour below the legend, where only bars and their values are.
    fn count(&self, colour: [u8; 3]) -> usize {
        (120..SIZE.1)
            .flat_map(|y| (0..SIZE.0).map(move |x| (x, y)))
            .filter(|&(x, y)| self.is(x, y, colour))
            .count()
    }

    /// Length of each plain bar of a colour, top down: the longest line in each block of lines.
    fn lengths(&self, colour: [u8; 3]) -> Vec<usize> {
        let line = |y: u32| (0..SIZE.0).filter(|&x| self.is(x, y, colour)).count();
        let lines: Vec<usize> = (120..SIZE.1).map(line).collect();
        lines
            .split(|&length| length == 0)
            .filter_map(|block| block.iter().copied().max())
            .collect()
    }
}

const OK: [u8; 3] = [0x0b, 0x6f, 0x78];
const OVER: [u8; 3] = [0xa8, 0x12, 0x4e];

fn bar(category: &str, spent_minor: i64, limit_minor: Option<i64>) -> ChartBar {
    ChartBar {
        category: category.to_owned(),
        spent_minor,
        limit_minor,
    }
}

fn chart(bars: Vec<ChartBar>) -> Chart {
    Chart {
        title: "Budget vs spending, November 2026".to_owned(),
        currency: Currency::USD,
        bars,
    }
}

#[test]
fn bars_are_as_long_as_the_amounts() {
    let picture = Picture::of(&chart(vec![
        bar("Rent", 80_000, Some(80_000)),
        bar("Groceries", 40_000, Some(60_000)),
        bar("Pets", 10_000, None),
        bar("Kids", 0, Some(5000)),
    ]));
    let lengths = picture.lengths(OK);
    assert_eq!(lengths.len(), 3, "nothing spent draws no bar: {lengths:?}");
    assert!(lengths[0] > 800, "{lengths:?}");
    assert!(lengths[0].abs_diff(2 * lengths[1]) <= 2, "{lengths:?}");
    assert!(lengths[0].abs_diff(8 * lengths[2]) <= 4, "{lengths:?}");
}

#[test]
fn only_spending_over_the_limit_has_the_colour_for_it() {
    let calm = [bar("Rent", 80_000, Some(80_000)), bar("Pets", 10_000, None)];
    assert_eq!(Picture::of(&chart(calm.to_vec())).count(OVER), 0);

    let over = Picture::of(&chart(vec![bar("Dining", 18_580, Some(18_000))]));
    assert!(over.count(OVER) > 10_000);
    assert_eq!(over.count(OK), 0);
}

#[test]
fn spending_over_the_limit_is_striped() {
    let over = Picture::of(&chart(vec![bar("Dining", 18_580, Some(18_000))]));
    let middle = (0..SIZE.1)
        .max_by_key(|&y| (0..SIZE.0).filter(|&x| over.is(x, y, OVER)).count())
        .unwrap();
    let changes = (1..SIZE.0)
        .filter(|&x| over.is(x - 1, middle, OVER) != over.is(x, middle, OVER))
        .count();
    assert!(changes > 100, "{changes}");
}

#[test]
fn one_to_forty_categories_are_drawn() {
    for count in [1, 2, 12, 20, 30, 31, 40] {
        let bars = (0..count)
            .map(|i| bar(&format!("Category {i}"), 1000 + i, Some(2000)))
            .collect();
        let rows = Picture::of(&chart(bars)).lengths(OK).len();
        assert_eq!(rows, usize::try_from(count).unwrap().min(draw::MOST_ROWS), "{count}");
    }
}

#[test]
fn a_chart_without_bars_says_so() {
    let picture = Picture::of(&chart(vec![]));
    let dark = (380..480)
        .flat_map(|y| (0..SIZE.0).map(move |x| (x, y)))
        .filter(|&(x, y)| picture.is(x, y, [0x1d, 0x27, 0x33]));
    assert!(dark.count() > 100);
}

#[test]
fn odd_amounts_and_names_are_drawn_too() {
    let odd = [
        bar(&"Wiring and plumbing ".repeat(12), i64::MAX, Some(i64::MAX / 2)),
        bar("東京 \u{1b}[31m \u{202e}", 1, Some(i64::MAX)),
        bar("", -500, Some(0)),
        bar("zero", 0, None),
        bar("lowest", i64::MIN, Some(i64::MIN)),
    ];
    for code in ["USD", "JPY", "KWD", "CHF"] {
        let currency = Currency::from_code(code).unwrap();
        let bars = odd.to_vec();
        assert!(
            Picture::of(&Chart {
                currency,
                bars,
                ..chart(vec![])
            })
            .count(OVER)
                > 1000,
            "{code}"
        );
        Picture::of(&Chart {
            currency,
            ..chart(odd[2..].to_vec())
        });
    }
}

#[test]
fn an_older_picture_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chart.png");
    fs::write(&path, "old").unwrap();
    write_png(&path, &chart(vec![])).unwrap();
    let png = fs::read(&path).unwrap();
    assert_eq!(&png[1..4], b"PNG");
    assert!(png.len() < 100_000, "{} bytes", png.len());
}

#[test]
fn what_cannot_be_written_is_an_error_that_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("no/such/folder/chart.png");
    let error = write_png(&missing, &chart(vec![])).unwrap_err();
    assert!(matches!(error, ChartError::Write { .. }));
    assert!(
        error.to_string().contains("chart.png") && error.to_string().contains("Choose a folder"),
        "{error}"
    );

    let taken = folder.path().join("taken");
    fs::create_dir(&taken).unwrap();
    assert!(matches!(
        write_png(&taken, &chart(vec![])),
        Err(ChartError::Write { .. })
    ));
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        1,
        "no temporary file is left"
    );

    assert!(matches!(
        write_png(Path::new("/"), &chart(vec![])),
        Err(ChartError::NoFileName(_))
    ));
}
