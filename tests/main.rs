//! The integration tests, one binary.

mod cli;
mod client;
mod support;
