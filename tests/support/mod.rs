//! Servers and helpers that the tests share. Everything listens on loopback.

pub mod cluster;
pub mod dashboard;
pub mod five_calls;
pub mod hostile;
pub mod program;
pub mod proxy;
pub mod push;
pub mod service;
pub mod strange;
