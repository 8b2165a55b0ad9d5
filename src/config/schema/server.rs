//! The keys about the server.

use super::value::{number, put, switch, text};
use super::{Key, Kind, POLL_SECONDS};
use crate::config::Target;

pub(super) static SERVER: [Key; 4] = [
    Key {
        name: "server",
        kind: Kind::Text(
            "an address with http:// or https://, or \"embedded\" for the server inside this program",
            "https://budget.example.org",
        ),
        about: "The server to use; \"embedded\" keeps everything in a file on this computer.",
        take: |config, value| match Target::parse(text(value)) {
            Ok(target) => {
                config.server = target;
                true
            }
            Err(_) => false,
        },
        show: |config| config.server.key().into(),
    },
    Key {
        name: "server_fingerprint",
        kind: Kind::Text(
            "the fingerprint that the server printed, or nothing",
            "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        ),
        about: "The fingerprint of the server's certificate, for a server that signs its own: then only this \
                certificate is accepted. Left out, it must be one that this computer believes.",
        take: |config, value| match text(value).trim() {
            "" => put(Some(None), &mut config.fingerprint),
            fingerprint => put(fingerprint.parse().ok().map(Some), &mut config.fingerprint),
        },
        show: |config| {
            config
                .fingerprint
                .map_or(String::new(), |print| print.to_string())
                .into()
        },
    },
    Key {
        name: "poll_seconds",
        kind: Kind::Number(POLL_SECONDS),
        about: "Seconds between two questions for news, where the server does not send them by itself.",
        take: |config, value| put(number(value), &mut config.poll_seconds),
        show: |config| i64::from(config.poll_seconds).into(),
    },
    Key {
        name: "insecure_http",
        kind: Kind::Switch,
        about: "Whether http:// without encryption is allowed beyond this computer.",
        take: |config, value| put(switch(value), &mut config.insecure_http),
        show: |config| config.insecure_http.into(),
    },
];
