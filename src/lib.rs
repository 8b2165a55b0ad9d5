//! The map of Budget Tracker: what lives where, and which way imports may point.
//!
//! | module | what it is | effects |
//! | --- | --- | --- |
//! | [`domain`] | the business rules: money, months, categories, forecasts, alerts | none |
//! | [`document`] | a TOML text: keys, their lines, mistakes | none |
//! | [`api`] | the contract that client and server share: bodies, errors | none |
//! | [`app`] | the dashboard as a state machine: model, messages, effects, screens | none |
//! | [`ui`] | widgets without state: budget bar, trend, months, form field, toast | none |
//! | [`categorize`] | puts a description into a category | none |
//! | [`client`] | HTTP to a server: `/v1`, the classic five calls, the event stream | network |
//! | [`server`] | the service: REST API, classic API, store | network, disk, clock |
//! | [`tui`] | the shell round [`app`]: run loop, terminal, effects as tasks | terminal, tasks |
//! | [`cli`] | one file a command: parse, call the client, print | terminal |
//! | [`plain`] | the dashboard in words: lines in, sentences out | terminal, tasks |
//! | [`reach`] | the way to the server that the settings name, the embedded one started | network, disk |
//! | [`config`] | configuration, session file, folders | disk |
//! | [`chart`] | `budget_vs_spending.png` | disk |
//! | [`zone`] | time zones, found quickly | disk, clock |
//!
//! Imports point one way:
//!
//! ```text
//! domain <- api <- chart, client
//!           api <- ui <- app
//!           api <- categorize <- config, server
//! domain <- document <- ui, config
//!           app <- config
//! client, config, server <- reach
//! all of these but app and ui <- plain <- cli
//! all of these <- tui <- cli <- main
//! ```
//!
//! `app` never imports `client`, `server` or tokio; `server` never imports `client`; `zone` imports nothing and
//! may be used by whatever has effects. `tests/layout` holds that, module by module.

pub mod api;
pub mod app;
pub mod categorize;
pub mod chart;
pub mod cli;
pub mod client;
pub mod config;
pub mod document;
pub mod domain;
pub mod plain;
pub mod reach;
pub mod server;
pub mod tui;
pub mod ui;
pub mod zone;
