//! The file as the program writes it.

use super::{at, read};
use crate::config::file::*;

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
    assert_eq!(
        crate::config::file::read(&path).unwrap().config.server.key(),
        server.key()
    );
    assert!(!remember_server(&path, &Target::Embedded).unwrap());
    let missing = path.with_file_name("other.toml");
    assert!(remember_server(&missing, &server).unwrap());
}
