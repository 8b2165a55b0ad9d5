//! The dashboard through its public doors: a key or an answer goes in, effects and a frame come out.

mod add;
mod ahead;
mod alerts;
mod always;
mod bench;
mod budgets;
mod calendar;
mod conflict;
mod data;
mod expenses;
mod help;
mod history;
mod keys;
mod leaving;
mod lists;
mod locale;
mod log_in;
mod mouse;
mod move_money;
mod notify;
mod overview;
mod palette;
mod quick_add;
mod random;
mod review;
mod screens;
mod sessions;
mod store;
mod stream;
mod sync;
mod was;

use bench::Bench;
use data::{failure, session};
