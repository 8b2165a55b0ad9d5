//! The real loop on the real server, without a terminal.

mod keys;
mod stage;
