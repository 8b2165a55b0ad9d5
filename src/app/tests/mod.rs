//! The dashboard through its public doors: a key or an answer goes in, effects and a frame come out.

mod bench;
mod log_in;
mod screens;

use bench::{Bench, failure, session};
