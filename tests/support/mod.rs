//! Servers and helpers that the tests share. Everything listens on loopback.

pub mod authenticator;
pub mod certificates;
pub mod cluster;
pub mod dashboard;
#[cfg(target_os = "linux")]
pub mod first_version;
pub mod five_calls;
pub mod hostile;
pub mod program;
pub mod proxy;
pub mod push;
pub mod running;
pub mod service;
pub mod strange;
#[cfg(target_os = "linux")]
pub mod users;
