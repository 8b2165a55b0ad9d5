use super::*;
use rstest::rstest;
use secrecy::ExposeSecret;
use std::fs;

use crate::categorize::service::Service;

fn read_text(text: &str, variables: &[(&str, &str)]) -> Result<ServerFile, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.toml");
    fs::write(&path, text).unwrap();
    ServerFile::read_with(&path, |name| {
        variables
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn every_key_is_read() {
    let read = read_text(
        r#"
        listen = "0.0.0.0:443"
        data_dir = "/srv/budget"
        database = "postgres://budget:s3cr3t@db/budget"
        tls_cert = "/etc/cert.pem"
        tls_key = "/etc/key.pem"
        insecure_http = true
        metrics = "127.0.0.1:9090"
        trusted_proxies = ["127.0.0.1", "fd00::/8"]
        forwarded_header = "forwarded"
        log_format = "json"
        demo = false
        classic_api = true
        max_connections = 10
        max_connections_per_address = 5
        max_requests = 3
        [categorize]
        backend = "local"
        "#,
        &[],
    )
    .unwrap();
    assert_eq!(read.listen, Some("0.0.0.0:443".parse().unwrap()));
    assert_eq!(read.data_dir, Some("/srv/budget".into()));
    assert_eq!(
        read.database.as_ref().unwrap().expose_secret(),
        "postgres://budget:s3cr3t@db/budget"
    );
    assert_eq!(read.tls_cert, Some("/etc/cert.pem".into()));
    assert_eq!(read.tls_key, Some("/etc/key.pem".into()));
    assert_eq!(read.metrics, Some("127.0.0.1:9090".parse().unwrap()));
    assert_eq!(
        read.trusted_proxies,
        ["127.0.0.1/32".parse().unwrap(), "fd00::/8".parse().unwrap()]
    );
    assert_eq!(read.forwarded_header.as_deref(), Some("forwarded"));
    assert_eq!(read.log_format.as_deref(), Some("json"));
    assert_eq!(
        (read.insecure_http, read.demo, read.classic_api),
        (Some(true), Some(false), Some(true))
    );
    assert_eq!(
        (
            read.max_connections,
            read.max_connections_per_address,
            read.max_requests
        ),
        (Some(10), Some(5), Some(3))
    );
    assert!(matches!(read.outside, Some(Ok(None))));
    assert!(!format!("{read:?}").contains("s3cr3t"));
}

#[rstest]
#[case("lisen = \"127.0.0.1:1\"", "\"lisen\" is not a key", "Did you mean \"listen\"?")]
#[case("colour = 1", "\"colour\" is not a key", "listen, data_dir,")]
#[case("theme = \"dark\"", "\"theme\" is not a key", "config.toml")]
#[case(
    "backend = \"openai\"",
    "\"backend\" is not a key",
    "Put it under a line [categorize]."
)]
#[case("listen = \"localhost\"", "cannot be \"localhost\"", "listen = \"127.0.0.1:8080\"")]
#[case("listen = 8080", "cannot be 8080", "an address and a port")]
#[case("demo = \"yes\"", "cannot be \"yes\"", "true or false")]
#[case("trusted_proxies = \"127.0.0.1\"", "cannot be \"127.0.0.1\"", "a list")]
#[case("trusted_proxies = [\"10.0.0.0/33\"]", "cannot be a list like this", "10.0.0.0/8")]
#[case("forwarded_header = \"x-real-ip\"", "cannot be \"x-real-ip\"", "x-forwarded-for")]
#[case("log_format = \"xml\"", "cannot be \"xml\"", "\"text\" or \"json\"")]
#[case("max_requests = 0", "cannot be 0", "1 to 1000000")]
#[case("data_dir = \"\"", "cannot be \"\"", "/var/lib/budget-tracker")]
#[case(
    "[categorize]\nbakend = 1",
    "line 2: \"categorize.bakend\"",
    "Did you mean \"backend\"?"
)]
fn mistakes_are_named_with_their_line(#[case] text: &str, #[case] what: &str, #[case] advice: &str) {
    let error = read_text(text, &[]).unwrap_err();
    let said = error.to_string();
    assert!(said.contains("server.toml, line ") && said.contains(what), "{said}");
    assert!(error.advice().contains(advice), "{}", error.advice());
}

#[test]
fn a_password_is_not_repeated() {
    let error = read_text("database = [\"postgres://a:s3cr3t@h/x\"]", &[]).unwrap_err();
    assert!(!format!("{error} {}", error.advice()).contains("s3cr3t"), "{error}");
}

#[test]
fn paths_begin_where_the_file_is() {
    let read = read_text("tls_cert = \"cert.pem\"\ndata_dir = \"/srv\"", &[]).unwrap();
    let certificate = read.tls_cert.unwrap();
    assert!(
        certificate.is_absolute() && certificate.ends_with("cert.pem"),
        "{certificate:?}"
    );
    assert_eq!(read.data_dir, Some("/srv".into()));
}

#[test]
fn the_environment_is_stronger_than_the_table() {
    let text = "[categorize]\nbackend = \"openai\"\nbase_url = \"https://a.example.org/v1\"\nmodel = \"small\"";
    let model = |variables: &[(&str, &str)]| {
        let plan = read_text(text, variables).unwrap().outside.unwrap();
        match plan.unwrap().unwrap().service {
            Service::Openai { model, .. } => model,
            Service::Sagemaker { .. } => panic!(),
        }
    };
    assert_eq!(model(&[]), "small");
    assert_eq!(model(&[("BUDGET_TRACKER_CATEGORIZE_MODEL", "large")]), "large");
    assert!(
        read_text("", &[("BUDGET_TRACKER_CATEGORIZE_MODEL", "large")])
            .unwrap()
            .outside
            .is_none()
    );
}

#[test]
fn a_service_without_its_key_is_told_to_whoever_asks_it() {
    let text = "data_dir = \"/srv\"\n[categorize]\nbackend = \"openai\"\nbase_url = \"https://a.example.org/v1\"\n\
                model = \"m\"\nkey_file = \"nowhere.key\"";
    let read = read_text(text, &[]).unwrap();
    assert_eq!(read.data_dir, Some("/srv".into()));
    let error = read.outside.unwrap().unwrap_err();
    assert!(error.to_string().contains("nowhere.key"), "{error}");
}

#[test]
fn a_missing_file_is_told() {
    let error = ServerFile::read(Path::new("/nowhere/server.toml")).unwrap_err();
    assert!(error.to_string().contains("/nowhere/server.toml"), "{error}");
}
