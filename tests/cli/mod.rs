//! The program from outside: arguments, exit codes, what is printed and where.

mod accounts;
mod care;
mod categorize;
mod config;
mod configuration;
mod embedded;
mod five_calls;
mod openapi;
mod prompt;
mod usage;
