//! The model that comes with the program, measured.

mod fresh;
mod unseen;
