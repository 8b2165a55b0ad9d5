//! Servers and helpers that the tests share. Everything listens on loopback.

pub mod five_calls;
pub mod hostile;
pub mod program;
