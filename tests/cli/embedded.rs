//! Every command on the embedded server and on `serve`: the real server, its real file.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::support::program::{Home, outcome};

const PASSWORD: &str = "correct horse";

fn good(home: &Home, line: &str) -> String {
    let run = outcome(home.run(line).env("BUDGET_TRACKER_PASSWORD", PASSWORD));
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{line}");
    run.out
}

fn json(home: &Home, line: &str) -> Value {
    serde_json::from_str(&good(home, &format!("{line} --format json"))).unwrap()
}

fn add(home: &Home, arguments: &[&str]) -> Value {
    let run = outcome(home.run("add --format json").args(arguments));
    assert_eq!(run.code, 0, "{}", run.err);
    serde_json::from_str(&run.out).unwrap()
}

#[test]
fn the_whole_job_without_any_configuration() {
    let home = Home::new();
    assert!(good(&home, "signup ada --email ada@example.org").starts_with("Welcome, ada."));
    let lunch = add(&home, &["lunch at chipotle", "12.50"]);
    let rent = add(
        &home,
        &["rent", "1,200", "--category", "housing", "--date", "yesterday"],
    );
    assert_eq!(
        (&lunch["amount_minor"], &rent["amount_minor"]),
        (&Value::from(1250), &Value::from(120_000))
    );
    assert_eq!(rent["category_source"], "you");

    let expenses = json(&home, "list");
    assert_eq!(expenses.as_array().unwrap().len(), 2);
    assert_eq!(json(&home, "list --category Housing")[0]["description"], "rent");
    let newest = outcome(&mut home.run("list --limit 1 --format csv"));
    assert_eq!((newest.code, newest.out.lines().count()), (0, 2));
    assert!(newest.err.contains("There are more"), "{}", newest.err);
    let csv = good(&home, "list --format csv");
    assert!(
        csv.starts_with("id,day,description,category,amount,currency\n"),
        "{csv}"
    );
    assert!(csv.contains(",rent,Housing,1200.00,USD\n"), "{csv}");
    assert!(good(&home, "list").contains("$1,200.00"));
    assert!(good(&home, "summary").contains("Total"));
    assert!(good(&home, "alerts --read").contains("No alerts."));

    assert!(good(&home, "logout").starts_with("Logged out of the embedded server."));
    assert_eq!(outcome(&mut home.run("list")).code, 1);
    assert!(good(&home, "login ADA").starts_with("Welcome back, ada."));
    assert_eq!(json(&home, "list"), expenses);
}

#[test]
fn the_list_ends_with_what_it_comes_to() {
    let home = Home::new();
    good(&home, "signup ada --email ada@example.org");
    let long = format!("dinner {}", "very ".repeat(49));
    add(&home, &[&long, "1,012.50", "--category", "dining"]);
    add(&home, &["lunch", "7.50", "--category", "dining"]);
    let table = good(&home, "list");
    assert!(table.ends_with("\n\n2 expenses, $1,020.00 spent\n"), "{table}");
    assert!(
        table.contains('…') && table.lines().all(|line| line.chars().count() <= 100),
        "{table}"
    );
    for format in ["csv", "json"] {
        assert!(
            good(&home, &format!("list --format {format}")).contains(long.trim()),
            "{format}"
        );
    }

    add(&home, &["salary", "4,000", "--category", "income"]);
    let table = good(&home, "list");
    assert!(
        table.ends_with("3 expenses, $1,020.00 spent; not in this sum: 1 of income or transfers, $4,000.00\n"),
        "{table}"
    );
    let newest = outcome(&mut home.run("list --limit 2 --category dining"));
    assert!(newest.out.ends_with("2 expenses, $1,020.00 spent\n") && newest.err.is_empty());
    let newest = outcome(&mut home.run("list --limit 1 --category dining"));
    assert!(
        newest.out.ends_with("The newest 1 expense, $7.50 spent\n"),
        "{}",
        newest.out
    );
    assert!(newest.err.contains("--limit 10"), "{}", newest.err);
}

#[test]
fn a_mistyped_category_is_suggested_and_nothing_is_stored() {
    let home = Home::new();
    good(&home, "signup ada --email ada@example.org");
    let run = outcome(&mut home.run("add lunch 5 --category dinning"));
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.err.contains("Did you mean \"Dining\"?"), "{}", run.err);
    assert_eq!(json(&home, "list"), Value::Array(vec![]));
}

#[test]
fn one_line_says_amount_day_and_category() {
    let home = Home::new();
    good(&home, "signup ada --email ada@example.org");
    let run = outcome(home.run("add").args(["airport taxi 12+6.5 2026-11-02 #trans"]));
    assert_eq!(
        run.out, "Added airport taxi, $18.50, on 2026-11-02 in Transport.\n",
        "{}",
        run.err
    );
    let run = outcome(home.run("add").args(["taxi 12.5 #rocket"]));
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.err.contains("There is no category \"rocket\""), "{}", run.err);
}

#[test]
fn amounts_follow_the_accounts_currency() {
    let home = Home::new();
    good(&home, "signup ada --email ada@example.org --currency JPY");
    assert_eq!(add(&home, &["ramen", "1200"])["amount_minor"], 1200);
    let run = outcome(home.run("add").args(["ramen", "12.50"]));
    assert_eq!(run.code, 2);
    assert!(good(&home, "summary").contains("¥1,200"));
}

#[test]
fn a_wrong_password_is_refused() {
    let home = Home::new();
    good(&home, "signup ada --email ada@example.org");
    let run = outcome(home.run("login ada").env("BUDGET_TRACKER_PASSWORD", "wrong-pass-word"));
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert_eq!(run.err.lines().count(), 2, "{}", run.err);
}

#[test]
fn the_chart_is_a_picture() {
    let home = Home::new();
    good(&home, "signup ada --email ada@example.org");
    let run = outcome(&mut home.run("chart"));
    assert_eq!(run.code, 1, "nothing to draw yet");
    add(&home, &["lunch", "5", "--category", "dining"]);
    good(&home, "chart -o month.png");
    assert!(std::fs::read(home.path("month.png")).unwrap().starts_with(b"\x89PNG"));
    let run = outcome(&mut home.run("chart -o missing/folder/month.png"));
    assert_eq!(run.code, 1);
    assert!(run.err.contains("missing/folder/month.png"), "{}", run.err);
}

#[test]
fn a_damaged_database_is_named_with_what_to_do() {
    let home = Home::new();
    good(&home, "signup ada --email ada@example.org");
    let file = home.path("data/budget.db");
    for log in ["data/budget.db-wal", "data/budget.db-shm"] {
        // The log alone would still answer for the file.
        let _ = std::fs::remove_file(home.path(log));
    }
    std::fs::write(&file, "not a database, but longer than a header of one ".repeat(40)).unwrap();
    for line in ["list", "serve --listen 127.0.0.1:0"] {
        let run = outcome(&mut home.run(line));
        assert_eq!((run.code, run.out.as_str()), (1, ""), "{line}");
        assert!(run.err.contains(file.to_str().unwrap()), "{}", run.err);
        assert!(
            run.err.contains("budget-tracker restore") && run.err.contains("-wal"),
            "{}",
            run.err
        );
    }
}

/// `serve` as a process of its own.
struct Served {
    process: Child,
    address: String,
}

impl Served {
    fn start(home: &Home) -> Self {
        let prepared = home.run("serve --listen 127.0.0.1:0 --demo --classic-api");
        let mut command = Command::new(prepared.get_program());
        command.env_clear().args(prepared.get_args());
        command.envs(prepared.get_envs().filter_map(|(name, value)| Some((name, value?))));
        // It is for the clients on the same computer and stops no server.
        command.env("BUDGET_TRACKER_SERVER", "https://budget.example.org");
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().strip_prefix("Listening on ").unwrap().to_owned();
        Self { process, address }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_served_budget_is_used_from_another_home() {
    let server_home = Home::new();
    let mut server = Served::start(&server_home);
    let home = Home::new();
    home.configure(&format!("server = \"{}\"\n", server.address));
    let run = outcome(home.run("login newuser").env("BUDGET_TRACKER_PASSWORD", "password123"));
    assert_eq!(run.code, 0, "{}", run.err);
    let rows = json(&home, "list --limit 100000");
    assert!(rows.as_array().unwrap().len() > 300, "eight months of sample expenses");
    let months = json(&home, "summary")["months"].as_array().unwrap().len();
    assert_eq!(months, 6);
    let dry = good(&home, "recategorize --all --dry-run");
    assert!(dry.contains("stay as before"), "{dry}");
    assert!(!home.path("data").exists(), "no embedded server was started");

    let id = rustix::process::Pid::from_child(&server.process);
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    assert!(server.process.wait().unwrap().success(), "it ends in order");
}

#[test]
fn a_filter_finds_expenses_of_all_months_or_says_what_is_wrong() {
    let home = Home::new();
    good(&home, "signup ada --email ada@example.org");
    add(&home, &["Café Nero", "4.10", "--date", "2026-03-15"]);
    add(&home, &["cinema", "12", "--category", "entertainment"]);
    let found = |filter: &str| {
        let run = outcome(home.run("list --format json --filter").arg(filter));
        let rows: Value = serde_json::from_str(&run.out).unwrap();
        let names = rows.as_array().unwrap().iter();
        names
            .map(|row| row["description"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(found("cafe amount<5"), ["Café Nero"]);
    assert_eq!(found("month:2026-03"), ["Café Nero"]);
    assert_eq!(found("-cafe cat:ent"), ["cinema"]);
    let said = |filter: &str| outcome(home.run("list --filter").arg(filter));
    assert_eq!(said("entretainment").out.lines().count(), 4);
    assert_eq!(said("zzz").out, "Nothing matches this filter.\n");
    assert_eq!(
        said("idning").out.lines().next(),
        Some("Nothing matches \"idning\". Did you mean dining?")
    );
    let wrong = said("since:xyz");
    assert_eq!((wrong.code, wrong.out.as_str()), (2, ""));
    assert!(
        wrong.err.starts_with("error: --filter: since:xyz is not a day."),
        "{}",
        wrong.err
    );
}

#[test]
fn categories_are_made_renamed_and_hidden() {
    let home = Home::new();
    good(&home, "signup ada --email ada@example.org");
    let do_it = |arguments: &[&str]| outcome(home.run("categories").args(arguments));
    assert_eq!(do_it(&["add", "Hobbies"]).out, "Added the category Hobbies.\n");
    let job = do_it(&["add", "Second job", "--kind", "income", "--format", "json"]).out;
    let job: Value = serde_json::from_str(&job).unwrap();
    assert_eq!(
        (&job[0]["name"], &job[0]["kind"]),
        (&Value::from("Second job"), &Value::from("income"))
    );
    assert_eq!(
        do_it(&["rename", "dining", "Eating out"]).out,
        "Renamed Dining to Eating out.\n"
    );
    assert_eq!(do_it(&["hide", "pets"]).out, "Hid Pets.\n");
    let table = good(&home, "categories");
    assert!(
        table.contains("Eating out         flexible      80 100 fc\n"),
        "{table}"
    );
    assert!(
        table
            .lines()
            .any(|line| line.starts_with("Pets") && line.ends_with("hidden")),
        "{table}"
    );
    assert_eq!(do_it(&["show", "Pets"]).out, "Pets is in use.\n");
    assert!(good(&home, "categories list --format csv").contains(",Pets,flexible,80 100 fc,false,false\n"));
    let lunch = add(&home, &["lunch at chipotle", "12.50", "--category", "eating out"]);
    assert_eq!(lunch["category_source"], "you");
    for (arguments, code, words) in [
        (vec!["add", "HOBBIES"], 1, "There is a category Hobbies already."),
        (vec!["add", " "], 2, "NAME: Write something here."),
        (vec!["hide", "rocket"], 1, "There is no category \"rocket\"."),
        (vec!["add", "x", "--kind", "odd"], 2, "possible values: flexible, fixed"),
    ] {
        let run = do_it(&arguments);
        assert_eq!(run.code, code, "{arguments:?}: {}", run.err);
        assert!(run.err.contains(words), "{arguments:?}: {}", run.err);
    }
}

#[test]
fn a_rule_holds_from_its_next_expense_on_and_old_ones_follow_when_asked() {
    let home = Home::new();
    good(&home, "signup ada --email ada@example.org");
    let do_it = |arguments: &[&str]| outcome(home.run("rules").args(arguments));
    assert!(good(&home, "rules").starts_with("No rules yet."));
    add(&home, &["PP*4421 XKCD STORE", "31"]);
    let mine = add(&home, &["xkcd store", "5", "--category", "kids"]);
    let made = do_it(&["add", "XKCD Store", "entertainment"]);
    assert_eq!(made.out, "From now on, \"xkcd store\" is always Entertainment.\n");
    let placed = add(&home, &["xkcd store", "12"]);
    assert_eq!(placed["category_source"], "rule");
    let dry = good(&home, "recategorize --dry-run");
    assert!(dry.contains("Shopping?  -> Entertainment  100 %  your rule"), "{dry}");
    assert!(
        dry.ends_with(
            "1 expense would change its category; 1 stay as before. Run it without --dry-run to change them.\n"
        ),
        "{dry}"
    );
    assert!(good(&home, "rules").contains("xkcd store  Entertainment       1\n"));
    good(&home, "categories hide entertainment");
    assert!(good(&home, "rules").contains("xkcd store  Entertainment (hidden: waits)       1\n"));
    let refused = do_it(&["add", "zorblax", "entertainment"]);
    assert_eq!(refused.code, 1, "{}", refused.err);
    assert!(
        refused.err.contains("Show Entertainment again first"),
        "{}",
        refused.err
    );
    good(&home, "categories show entertainment");
    let csv = good(&home, "recategorize --all --format csv");
    assert!(
        csv.starts_with("id,day,description,old,new,confidence,source,because\n"),
        "{csv}"
    );
    assert!(
        csv.contains(
            ",PP*4421 XKCD STORE,Shopping,Entertainment,100,rule,your rule says xkcd store is Entertainment\n"
        ),
        "{csv}"
    );
    assert_eq!(
        good(&home, "recategorize"),
        "Nothing to change: 2 predicted expenses stay as before.\n"
    );
    let list: Value = serde_json::from_str(&good(&home, "list --format json")).unwrap();
    let kept = list
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["id"] == mine["id"])
        .unwrap();
    assert_eq!(
        (&kept["category_id"], &kept["category_source"]),
        (&mine["category_id"], &Value::from("you"))
    );
    for (arguments, code, words) in [
        (
            vec!["add", "a*b", "Kids"],
            2,
            "PATTERN: A * may stand at the beginning or at the end only.",
        ),
        (vec!["add", "amazon", "rocket"], 1, "There is no category \"rocket\"."),
        (vec!["remove", "xkdc store"], 1, "Did you mean \"xkcd store\"?"),
    ] {
        let run = do_it(&arguments);
        assert_eq!(run.code, code, "{arguments:?}: {}", run.err);
        assert!(run.err.contains(words), "{arguments:?}: {}", run.err);
    }
    assert_eq!(
        do_it(&["remove", "xkcd STORE"]).out,
        "\"xkcd store\" is no longer always Entertainment.\n"
    );
    let asked = outcome(&mut home.run("categories merge kids entertainment"));
    assert_eq!(asked.code, 2);
    assert!(asked.err.contains("cannot be undone"), "{}", asked.err);
    let merged = good(&home, "categories merge kids entertainment --yes");
    assert_eq!(merged, "Merged Kids into Entertainment.\n");
    assert!(!good(&home, "categories").contains("Kids"));
}
