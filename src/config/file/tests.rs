//! Any file is safe, and what is written is read back.

use super::*;
use proptest::prelude::*;
use rstest::rstest;

fn at(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    fs::write(&path, text).unwrap();
    (folder, path)
}

/// What was read, unless something is wrong with the keys of the dashboard.
fn whole(path: &Path, read: Loaded) -> Result<(Config, Origins), ConfigError> {
    if read.wrong_keys.is_empty() {
        return Ok((read.config, read.origins));
    }
    Err(ConfigError::Mistakes {
        path: path.to_owned(),
        mistakes: read.wrong_keys,
    })
}

fn read(text: &str) -> (Result<Config, ConfigError>, String) {
    let (_folder, path) = at(text);
    let config = super::read(&path).and_then(|read| Ok(whole(&path, read)?.0));
    (config, fs::read_to_string(&path).unwrap())
}

#[test]
fn a_missing_file_means_defaults_and_stays_missing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    let read = super::read(&path).unwrap();
    assert_eq!((read.config, read.origins), (Config::default(), Origins::new()));
    assert!(!path.exists());
}

#[test]
fn every_key_is_read() {
    let text = "server = \"https://host/prod\"\nserver_fingerprint = \"5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A\"\n\
                poll_seconds = 30\ninsecure_http = true\ncurrency = \"eur\"\n\
                theme = \"mine\"\nglyphs = \"ASCII\"\ngraph = \"block\"\nbars = \"days\"\nmotion = \"off\"\n\
                mouse = true\nplain = \"on\"\nnotify = \"osc99\"\nbell = false\nquiet_hours = \"22-7\"\n\
                alert_levels = [\"over\"]\nmonth_start = 25\nlocale = \"de-DE\"\n\
                [categorize]\nbackend = \"OpenAI\"\nask = \"always\"\nthreshold = 85\nwait_ms = 1200\n\
                base_url = \"https://host/v1\"\nmodel = \"m\"\nkey_file = \"k\"\ninsecure_base_url = true\n\
                endpoint = \"e-1\"\nregion = \"eu-west-1\"\n\
                [keys]\nquit = \"Q\"\nadd = [\"a\", \"+\"]\n";
    let config = read(text).0.unwrap();
    let shown: Vec<String> = schema::keys()
        .map(|key| format!("{} = {}", key.name, key.value(&config)))
        .collect();
    let wanted = [
        "server = \"https://host/prod\"",
        "server_fingerprint = \"sha256:5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a\"",
        "poll_seconds = 30",
        "insecure_http = true",
        "theme = \"mine\"",
        "glyphs = \"ascii\"",
        "graph = \"block\"",
        "bars = \"days\"",
        "motion = false",
        "mouse = true",
        "plain = true",
        "notify = \"osc99\"",
        "bell = false",
        "quiet_hours = \"22:00-07:00\"",
        "alert_levels = [\"over\"]",
        "currency = \"EUR\"",
        "month_start = 25",
        "locale = \"de-DE\"",
        "categorize.backend = \"openai\"",
        "categorize.ask = \"always\"",
        "categorize.threshold = 85",
        "categorize.wait_ms = 1200",
        "categorize.base_url = \"https://host/v1\"",
        "categorize.model = \"m\"",
        "categorize.key_file = \"k\"",
        "categorize.insecure_base_url = true",
        "categorize.endpoint = \"e-1\"",
        "categorize.region = \"eu-west-1\"",
        "keys = { add = [\"a\", \"+\"], quit = [\"Q\"] }",
    ];
    assert_eq!(shown, wanted);
}

#[rstest]
#[case("pol_seconds = 5", "\"pol_seconds\" is not a key", "\"poll_seconds\"")]
#[case("colour = 1", "\"colour\" is not a key", "server, server_fingerprint,")]
#[case(
    "server_fingerprint = \"sha256:12\"",
    "\"server_fingerprint\" cannot be",
    "server printed"
)]
#[case("poll_seconds = 1", "cannot be 1.", "2 to 3600")]
#[case("poll_seconds = \"15\"", "cannot be \"15\".", "2 to 3600")]
#[case("poll_seconds = -5", "cannot be -5.", "2 to 3600")]
#[case("month_start = 29", "cannot be 29.", "1 to 28")]
#[case("month_start = 0", "cannot be 0.", "1 to 28")]
#[case("month_start = \"payday\"", "cannot be \"payday\".", "month_start = \"auto\"")]
#[case("insecure_http = 1", "cannot be 1.", "true or")]
#[case("motion = \"slow\"", "cannot be \"slow\".", "motion = false")]
#[case("currency = \"XYZ\"", "\"currency\" cannot be", "ISO 4217")]
#[case("server = \"host:80\"", "\"server\" cannot be", "https://")]
#[case("server = 5", "cannot be 5.", "https://")]
#[case("server = 2026-11-22", "cannot be 2026-11-22.", "https://")]
#[case("[server]\nx = 1", "cannot be a table.", "https://")]
#[case("glyphs = \"asci\"", "\"glyphs\" cannot be", "Did you mean \"ascii\"?")]
#[case("graph = \"\"", "\"graph\" cannot be", "auto, braille, block, ascii")]
#[case("theme = \" \"", "\"theme\" cannot be", "theme = \"dark\"")]
#[case("quiet_hours = \"22:00\"", "\"quiet_hours\" cannot be", "22:00-07:00")]
#[case("alert_levels = [\"ovr\"]", "cannot be a list", "Did you mean \"over\"?")]
#[case("alert_levels = \"over\"", "cannot be \"over\"", "alert_levels = [")]
#[case("locale = \"klingon\"", "\"locale\" cannot be", "de-DE")]
#[case(
    "[keys]\nquit = [\"Q\"]\nretry = [\"Q\"]",
    "line 3: \"keys.retry\" cannot be taken",
    "would do both"
)]
#[case(
    "[keys]\nqiut = \"Q\"",
    "line 2: \"keys.qiut\" cannot be taken",
    "Did you mean \"quit\"?"
)]
#[case(
    "[keys.expenses]\ndelete = \"Entr\"",
    "line 2: \"keys.expenses.delete\" cannot be taken",
    "Did you mean \"Enter\"?"
)]
#[case("categorize = 5", "\"categorize\" cannot be 5", "[categorize]")]
#[case("\"categorize.ask\" = \"always\"", "is not a key", "Did you mean \"categorize\"?")]
#[case(
    "[categorize]\nbakend = \"openai\"",
    "line 2: \"categorize.bakend\" is not a key",
    "Did you mean \"backend\"?"
)]
#[case(
    "[categorize]\nbackend = \"opnai\"",
    "line 2: \"categorize.backend\" cannot be",
    "Did you mean \"openai\"?"
)]
#[case(
    "backend = \"openai\"",
    "\"backend\" is not a key",
    "Put it under a line [categorize]."
)]
#[case("[categorize]\nthreshold = 0", "\"categorize.threshold\" cannot be 0", "1 to 100")]
#[case("[categorize]\nwait_ms = 60000", "\"categorize.wait_ms\" cannot be", "50 to 10000")]
#[case("[categorize]\nbase_url = \"https://a:b@host\"", "cannot be", "without user name")]
#[case(
    "[categorize]\nendpoint = \"a/b\"",
    "\"categorize.endpoint\" cannot be",
    "endpoint = "
)]
#[case("[categorize]\nregion = \"EU\"", "\"categorize.region\" cannot be", "eu-central-1")]
#[case("keys = 5", "\"keys\" cannot be 5", "[keys]")]
#[case("[keys]\nquit = 5", "line 2: \"keys.quit\" cannot be 5", "quit = [\"Q\"")]
#[case("[keys]\n\nquit = [\"q\", 5]", "line 3: \"keys.quit\"", "quit = [\"Q\"")]
fn mistakes_are_named_and_the_file_is_kept(#[case] text: &str, #[case] what: &str, #[case] advice: &str) {
    let (config, kept) = read(text);
    let error = config.unwrap_err();
    let said = error.to_string();
    assert!(said.contains("config.toml, line ") && said.contains(what), "{said}");
    assert!(error.advice().contains(advice), "{}", error.advice());
    assert_eq!(kept, text);
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_their_lines() {
    let error = read("theem = 1\nbell = true\nplain = 3\nbars = \"x\"\n").0.unwrap_err();
    let told: Vec<String> = error.pairs().into_iter().map(|(what, _)| what).collect();
    assert_eq!(told.len(), 3);
    for (told, line) in told
        .iter()
        .zip(["line 1: \"theem\"", "line 3: \"plain\"", "line 4: \"bars\""])
    {
        assert!(told.contains(line), "{told}");
    }
}

#[test]
fn broken_toml_is_refused_and_kept() {
    let (config, kept) = read("poll_seconds = 20\nserver = \n= 5");
    let error = config.unwrap_err();
    assert!(matches!(error, ConfigError::Syntax { .. }));
    assert!(error.to_string().contains("line 2: "), "{error}");
    assert_eq!(kept, "poll_seconds = 20\nserver = \n= 5");
}

#[test]
fn a_file_that_is_no_text_is_told_and_kept() {
    let (_folder, path) = at("");
    fs::write(&path, b"server = \"\xff\"").unwrap();
    let error = super::read(&path).unwrap_err();
    assert!(
        error.to_string().contains("config.toml is not text in UTF-8"),
        "{error}"
    );
    assert!(error.advice().contains("Save "), "{}", error.advice());
    assert_eq!(fs::read(&path).unwrap(), b"server = \"\xff\"");
}

#[test]
fn a_folder_in_its_place_has_nothing_to_do_with_room() {
    let folder = tempfile::tempdir().unwrap();
    let error = super::read(folder.path()).unwrap_err();
    assert!(
        error.advice().contains("is a file that you may read"),
        "{}",
        error.advice()
    );
}

fn loaded(
    text: &str,
    environment: &[(&str, &str)],
    flags: &[(&'static str, &str)],
) -> Result<(Config, Origins), ConfigError> {
    let (_folder, path) = at(text);
    let variable = |name: &str| {
        let found = environment.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let flags = flags.iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
    load(&path, variable, &Overrides(flags)).and_then(|read| whole(&path, read))
}

#[test]
fn flags_beat_the_environment_which_beats_the_file_which_beats_the_default() {
    let file = "theme = \"light\"\n\npoll_seconds = 20\nmouse = true\n";
    let environment = [
        ("BUDGET_TRACKER_THEME", "mono"),
        ("BUDGET_TRACKER_POLL_SECONDS", " 30 "),
        ("BUDGET_TRACKER_BELL", "off"),
        ("BUDGET_TRACKER_PLAIN", "1"),
        ("BUDGET_TRACKER_ALERT_LEVELS", "over, near"),
        ("BUDGET_TRACKER_MOUSE", ""),
    ];
    let (config, origins) = loaded(file, &environment, &[("theme", "dark"), ("server", "")]).unwrap();
    assert_eq!((config.appearance.theme.as_str(), config.poll_seconds), ("dark", 30));
    assert!(!config.notices.bell && config.appearance.plain && config.appearance.mouse);
    assert_eq!(
        config.notices.levels,
        [crate::domain::Level::Over, crate::domain::Level::Near]
    );
    assert_eq!(origins["theme"], Origin::Flag("--theme".to_owned()));
    assert_eq!(origins["bell"], Origin::Environment("BUDGET_TRACKER_BELL".to_owned()));
    assert_eq!(origins["mouse"], Origin::File(Some(4)));
    assert!(!origins.contains_key("server") && !origins.contains_key("glyphs"));
}

#[test]
fn a_wrong_variable_is_named() {
    let error = loaded("", &[("BUDGET_TRACKER_GRAPH", "brialle")], &[]).unwrap_err();
    assert_eq!(error.to_string(), "BUDGET_TRACKER_GRAPH cannot be \"brialle\".");
    assert_eq!(error.advice(), "Did you mean \"braille\"?");
}

#[test]
fn the_commented_file_is_valid_with_and_without_its_signs() {
    assert_eq!(read(&example()).0.unwrap(), Config::default());
    let bare: String = example()
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(rest) if !rest.starts_with(' ') => rest.to_owned() + "\n",
            _ => line.to_owned() + "\n",
        })
        .collect();
    let config = read(&bare).0.unwrap();
    assert_eq!(config.keys["quit"], ["Q"]);
    assert_eq!(
        Config {
            keys: BTreeMap::new(),
            ..config
        },
        Config::default()
    );
    for key in schema::keys() {
        assert!(
            bare.lines()
                .any(|line| line.starts_with(&format!("{} = ", key.leaf())) || line == format!("[{}]", key.name))
        );
    }
}

#[test]
fn a_file_is_begun_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/config.toml");
    init(&path).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), example());
    fs::write(&path, "mine").unwrap();
    assert!(matches!(init(&path), Err(ConfigError::Exists { .. })));
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
}

#[test]
fn a_server_is_remembered_and_comments_stay() {
    let (_folder, path) = at("# mine\nbell = false\n[keys]\nquit = \"Q\"\n");
    let server = Target::parse("https://host/prod/").unwrap();
    assert!(remember_server(&path, &server).unwrap());
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(
        text,
        "server = \"https://host/prod\"\n# mine\nbell = false\n[keys]\nquit = \"Q\"\n"
    );
    assert_eq!(super::read(&path).unwrap().config.server.key(), server.key());
    assert!(!remember_server(&path, &Target::Embedded).unwrap());
    let missing = path.with_file_name("other.toml");
    assert!(remember_server(&missing, &server).unwrap());
}

/// A value that the key takes, or nearly.
fn value_of(key: &'static Key) -> BoxedStrategy<Value> {
    let word = |words: &'static [&'static str]| prop::sample::select(words).prop_map(Value::from);
    match &key.kind {
        schema::Kind::Text(_, example) => {
            prop_oneof![Just(Value::from(*example)), "[a-z]{0,8}".prop_map(Value::from)].boxed()
        }
        schema::Kind::Choice(words) => word(words).boxed(),
        schema::Kind::Choices(words) => prop::collection::vec(word(words), 0..3).prop_map(Value::Array).boxed(),
        schema::Kind::Number(range) => (i64::from(*range.start()) - 2..=i64::from(*range.end()) + 2)
            .prop_map(Value::Integer)
            .boxed(),
        schema::Kind::NumberOrAuto(range) => prop_oneof![
            (i64::from(*range.start()) - 2..=i64::from(*range.end()) + 2).prop_map(Value::Integer),
            Just("auto".into())
        ]
        .boxed(),
        schema::Kind::Switch => prop_oneof![
            any::<bool>().prop_map(Value::Boolean),
            Just("on".into()),
            Just("yes".into())
        ]
        .boxed(),
        schema::Kind::Bindings => Just(Value::Table(
            [("quit".to_owned(), Value::from(vec!["Q", "F10"]))]
                .into_iter()
                .collect(),
        ))
        .boxed(),
    }
}

fn any_table() -> impl Strategy<Value = Table> {
    let keys: Vec<_> = schema::keys().collect();
    let entry = |key: &'static Key| value_of(key).prop_map(move |value| (key.name.to_owned(), value));
    prop::sample::subsequence(keys.clone(), 0..=keys.len())
        .prop_flat_map(move |keys| keys.into_iter().map(entry).collect::<Vec<_>>())
        .prop_map(nested)
}

/// Keys whose names have a table in front stand in it.
fn nested(entries: impl IntoIterator<Item = (String, Value)>) -> Table {
    let mut all = Table::new();
    for (name, value) in entries {
        match name.split_once('.') {
            None => {
                all.insert(name, value);
            }
            Some((table, leaf)) => {
                let inner = all.entry(table).or_insert_with(|| Value::Table(Table::new()));
                inner.as_table_mut().unwrap().insert(leaf.to_owned(), value);
            }
        }
    }
    all
}

/// What a schema of this file says of a value; as much of JSON Schema as the file's schema uses.
fn valid(schema: &serde_json::Value, value: &serde_json::Value) -> bool {
    let one_of = |list: &serde_json::Value| list.as_array().is_none_or(|list| list.contains(value));
    let within = |number: i64| {
        schema["minimum"].as_i64().is_none_or(|least| number >= least)
            && schema["maximum"].as_i64().is_none_or(|most| number <= most)
    };
    let typed = match schema["type"].as_str() {
        Some("string") => value.is_string(),
        Some("integer") => value.as_i64().is_some_and(within),
        Some("array") => value
            .as_array()
            .is_some_and(|list| list.iter().all(|item| valid(&schema["items"], item))),
        Some("object") => value.as_object().is_some_and(|entries| {
            entries.iter().all(|(key, value)| {
                let known = schema["properties"].get(key).unwrap_or(&schema["additionalProperties"]);
                *known != serde_json::Value::Bool(false) && valid(known, value)
            })
        }),
        _ => true,
    };
    let any = schema["anyOf"]
        .as_array()
        .is_none_or(|any| any.iter().any(|schema| valid(schema, value)));
    typed && any && one_of(&schema["enum"])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_read_back(table in any_table()) {
        if let Ok(config) = read(&table.to_string()).0 {
            let shown = nested(schema::keys().map(|key| (key.name.to_owned(), key.value(&config))));
            prop_assert_eq!(read(&shown.to_string()).0.unwrap(), config);
        }
    }

    #[test]
    fn the_schema_accepts_what_the_program_takes(table in any_table()) {
        let json = serde_json::to_value(&table).unwrap();
        if read(&table.to_string()).0.is_ok() {
            prop_assert!(valid(&schema::json_schema(), &json), "{}", table);
        }
    }

    #[test]
    fn any_file_is_safe(text in "\\PC{0,80}|([a-z_]{1,12} = [\"a-z0-9\\[\\]{}]{0,6}\n){0,5}") {
        let (_, kept) = read(&text);
        prop_assert_eq!(kept, text);
    }
}

#[test]
fn the_schema_refuses_what_the_program_refuses() {
    let refused = [
        "colour = 1",
        "bell = 3",
        "poll_seconds = 1",
        "glyphs = \"x\"",
        "alert_levels = [\"x\"]",
        "[categorize]\nask = \"never\"",
        "[categorize]\nother = 1",
        "keys = 5",
        "[keys]\nquit = 5",
    ];
    for text in refused {
        let table: Table = toml::from_str(text).unwrap();
        assert!(
            !valid(&schema::json_schema(), &serde_json::to_value(&table).unwrap()),
            "{text}"
        );
        assert!(read(text).0.is_err());
    }
}

#[test]
fn mistakes_in_the_keys_of_the_dashboard_leave_the_rest_as_it_is() {
    for wrong in ["add = \"q\"", "add = 7", "frobnicate = \"x\"", "quit = \"no such key\""] {
        let (_folder, path) = at(&format!("poll_seconds = 20\n[keys]\n{wrong}\n"));
        let read = super::read(&path).unwrap();
        assert_eq!(read.config.poll_seconds, 20, "{wrong}");
        assert_eq!(read.wrong_keys.len(), 1, "{wrong}: {:?}", read.wrong_keys);
    }
}

#[test]
fn keys_of_one_scope_are_written_in_two_ways() {
    let wanted = BTreeMap::from([("expenses.delete".to_owned(), vec!["D".to_owned()])]);
    for text in [
        "[keys]\n\"expenses.delete\" = \"D\"",
        "[keys]\nexpenses.delete = [\"D\"]",
        "[keys.expenses]\ndelete = \"D\"",
    ] {
        assert_eq!(read(text).0.unwrap().keys, wanted, "{text}");
    }
}

#[test]
fn every_key_is_explained_with_where_it_comes_from() {
    let (config, origins) = loaded("mouse = true\n[keys]\nquit = \"Q\"\n", &[], &[("theme", "mono")]).unwrap();
    let shown = explain(&config, &origins);
    let of = |key: &str| shown.iter().find(|setting| setting.key == key).unwrap();
    assert_eq!(of("mouse").origin, Origin::File(Some(1)));
    assert_eq!(of("keys.quit").origin, Origin::File(Some(3)));
    assert_eq!(of("keys.quit").value.to_string(), "[\"Q\"]");
    assert_eq!(of("theme").origin, Origin::Flag("--theme".to_owned()));
    assert_eq!(of("bell").origin, Origin::Default);
    assert_eq!(shown.len(), schema::keys().count());
}
