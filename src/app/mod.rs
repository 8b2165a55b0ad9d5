//! The dashboard as a state machine, pure: no task, clock, file or network.
//!
//! ```text
//! key, paste, answer, timer ─> Msg ─> update(&mut Model, Msg, Stamp) ─> Vec<Effect>
//!                                     view(&Model, &mut Frame)
//! ```
//!
//! Time and fresh ids arrive in the [`Stamp`] beside each message. An [`Effect`] is plain data that the
//! shell in `tui` carries out; its answer comes back as a message with the number of the request, and an
//! answer that nobody waits for any more is dropped.
//!
//! One file a screen, each with its state, its update and its view; `keymap` is the one table from which
//! dispatch, footer and help are made. After each message every part that shows more than the month's numbers
//! (`expenses`, `review`, `likely`) compares what it shows with what is here, and asks for what it lacks.

mod add_expense;
mod alerts;
mod always;
mod budgets;
mod changes;
mod chooser;
mod confirm;
mod conflict;
mod effect;
mod expenses;
mod fields;
mod filter;
mod footer;
mod help;
mod history;
pub mod keymap;
mod leave;
mod leaving;
mod likely;
mod list;
mod login;
mod model;
mod mouse;
mod move_money;
mod msg;
mod notify;
mod overview;
mod palette;
mod question;
mod reversible;
mod review;
mod session;
mod sessions;
mod settings;
mod stream;
mod sync;
mod toast;
mod update;
mod view;
mod was;

#[cfg(test)]
mod tests;

pub use effect::{Call, Effect, LimitChange, Slot, Undo};
pub use keymap::{Keymap, KeymapError};
pub use model::{Link, Model, Screen, User};
pub use mouse::{Mouse, MouseKind};
pub use msg::{Msg, Reply, Rows, Snapshot, Stamp, Timer};
pub use notify::Notice;
pub use settings::Settings;
pub use update::update;
pub use view::view;
