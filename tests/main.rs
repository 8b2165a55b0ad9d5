//! The integration tests, one binary.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed; helpers are tests too"
)]

mod categorize;
mod cli;
mod client;
#[path = "../benches/corrections/mod.rs"]
mod corrections;
mod forecast;
mod layout;
mod learning;
#[path = "../benches/replay/mod.rs"]
mod replay;
mod server;
mod support;
mod tui;

use replay::dice;
