//! The client against servers of every kind.

mod classic;
mod dialect;
mod events;
mod hostile;
mod requests;

use std::time::Duration;

use budget_tracker::api::Dialect;
use budget_tracker::client::{Client, ClientOptions};
use url::Url;

/// A token that must never be seen in a message.
const CANARY: &str = "canary-token";

/// Limits for a test that waits for one of them.
fn impatient() -> ClientOptions {
    ClientOptions {
        connect_timeout: Duration::from_millis(500),
        request_timeout: Duration::from_millis(500),
        silence_timeout: Duration::from_millis(300),
        ..ClientOptions::default()
    }
}

/// A client that takes the server for one of ours without asking.
fn v1(url: &Url, options: &ClientOptions) -> Client {
    let options = ClientOptions {
        dialect: Some(Dialect::V1),
        ..options.clone()
    };
    Client::with_options(url.clone(), Some(CANARY.into()), options).unwrap()
}
