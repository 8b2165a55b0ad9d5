//! `categorize`: without an account, from arguments, lines and files.

use rstest::rstest;

use crate::support::program::{Home, Outcome, outcome};

fn with_file(text: &[u8], arguments: &str) -> Outcome {
    let home = Home::new();
    std::fs::write(home.path("bank.csv"), text).unwrap();
    let run = outcome(&mut home.run(&format!("categorize {arguments}")));
    assert!(!home.path("config").exists() && !home.path("data").exists());
    run
}

fn rows(run: &Outcome) -> Vec<Vec<String>> {
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(run.out.as_bytes());
    reader
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

#[test]
fn arguments_become_a_table() {
    let run = outcome(Home::new().run("categorize").args(["lunch at chipotle", "xkcd store"]));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let lines: Vec<_> = run.out.lines().collect();
    assert!(
        lines[0].starts_with("Description") && lines[0].contains("Because"),
        "{}",
        run.out
    );
    assert!(
        lines[1].contains("Dining") && lines[1].contains("\"lunch\" and \"chipotle\" mean Dining"),
        "{}",
        run.out
    );
    assert!(lines[2].contains('?'), "{}", run.out);
}

#[test]
fn rows_of_a_file_keep_their_ids() {
    let run = with_file(
        "id,When,description\na7,1 May,TESCO STORES 3021\nb9,2 May,\"Rent, May\"\n".as_bytes(),
        "--csv bank.csv --format csv",
    );
    let rows = rows(&run);
    assert_eq!(rows[0], ["id", "category", "confidence", "second", "third"]);
    assert_eq!((&*rows[1][0], &*rows[1][1]), ("a7", "Groceries"));
    assert_eq!((&*rows[2][0], &*rows[2][1]), ("b9", "Housing"));
    for row in &rows[1..] {
        let confidence: f64 = row[2].parse().unwrap();
        assert!(
            (0.0..=1.0).contains(&confidence) && row[3] != row[1] && row[4] != row[3],
            "{row:?}"
        );
    }
}

#[rstest]
#[case("Datum;Text\n1.5.;Miete Mai\n", "--column text")]
#[case("\u{feff}Text\tBetrag\nMiete Mai\t900\n", "--column Text")]
#[case("Text\r\nMiete Mai\r\n", "--column Text")]
fn other_marks_between_columns_are_seen(#[case] text: &str, #[case] column: &str) {
    let rows = rows(&with_file(
        text.as_bytes(),
        &format!("--csv bank.csv {column} --format csv"),
    ));
    assert_eq!((&*rows[1][0], &*rows[1][1]), ("2", "Housing"));
}

#[test]
fn lines_are_numbered_and_empty_ones_left_out() {
    let run = outcome(
        Home::new()
            .run("categorize --format json --explain")
            .write_stdin("dog food\n\nNetflix.com\r\n"),
    );
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let found: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(found.as_array().unwrap().len(), 2);
    assert_eq!((&found[0]["id"], &found[0]["category"]), (&"1".into(), &"Pets".into()));
    assert_eq!(
        (&found[1]["id"], &found[1]["category"]),
        (&"3".into(), &"Subscriptions".into())
    );
    assert_eq!(found[0]["because"], "\"dog food\" means Pets");
    assert_eq!(found[0]["reasons"][0]["words"], "dog food");
    assert!(found[0]["reasons"][0]["weight"].as_f64().unwrap() > 0.0);
}

#[test]
fn nothing_is_an_empty_answer() {
    for (format, out) in [("json", "[\n]\n"), ("csv", "id,category,confidence,second,third\n")] {
        let run = outcome(
            Home::new()
                .run(&format!("categorize --format {format}"))
                .write_stdin(""),
        );
        assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, out, ""));
    }
}

#[test]
fn many_rows_come_once_each() {
    let lines: Vec<_> = (0..2500).map(|number| format!("aldi {number}")).collect();
    let run = outcome(Home::new().run("categorize --format csv").write_stdin(lines.join("\n")));
    let rows = rows(&run);
    assert_eq!(rows.len(), 2501);
    assert!(
        (1..)
            .zip(&rows[1..])
            .all(|(id, row): (u32, _)| row[0] == id.to_string())
    );
    let run = outcome(
        Home::new()
            .run("categorize --format json")
            .write_stdin("aldi\n".repeat(1001)),
    );
    let found: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(found.as_array().unwrap().len(), 1001);
}

#[rstest]
#[case(b"a,b\n1,2\n", "--csv bank.csv", "no column \"description\"", "a, b")]
#[case(b"", "--csv bank.csv", "no column", "first line")]
#[case(b"a\n1\n", "--csv other.csv", "other.csv", "no such file")]
#[case(b"description\nok\ncaf\xe9\n", "--csv bank.csv", "row 3", "UTF-8")]
#[case(b"id,description\n1\n", "--csv bank.csv", "row 2", "Fill the row up")]
#[case(
    b"description\nok\n\"open\nlost\n",
    "--csv bank.csv",
    "line 3: the quote that opens here",
    "Close it"
)]
#[case(
    b"description\n\"open\nlost,\"x\"\n",
    "--csv bank.csv",
    "line 2: the quote that opens here",
    "Close it"
)]
#[case(
    b"\"description\nok\n",
    "--csv bank.csv",
    "line 1: the quote that opens here",
    "Close it"
)]
#[case(b"", "--csv .", "folder", "file that you may read")]
fn a_file_that_is_wrong_is_told(
    #[case] text: &[u8],
    #[case] arguments: &str,
    #[case] what: &str,
    #[case] advice: &str,
) {
    let run = with_file(text, arguments);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(
        run.err.starts_with("error: ") && run.err.contains(what) && run.err.contains(advice),
        "{}",
        run.err
    );
}

#[test]
fn a_line_that_is_not_utf8_is_told() {
    let run = outcome(Home::new().run("categorize").write_stdin(b"ok\n\xff\n".as_slice()));
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.err.contains("Line 2 is not UTF-8"), "{}", run.err);
}

#[test]
fn the_rows_before_an_open_quote_are_there() {
    let run = with_file(
        b"description\naldi\n\"two\nlines\"\n\"open\nlost\n",
        "--csv bank.csv --format csv",
    );
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.err.contains("bank.csv, line 5: the quote"), "{}", run.err);
    assert!(!run.out.contains("lost"), "{}", run.out);
}
