//! Reading: every key, and every mistake with its line and what to write instead.

use super::*;
use rstest::rstest;

mod any_file;
mod layers;
mod writing;

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
