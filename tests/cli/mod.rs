//! The program from outside: arguments, exit codes, what is printed and where.

mod configuration;
mod five_calls;
mod usage;
