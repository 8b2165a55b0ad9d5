//! The service: REST API, classic API, store.

pub mod demo;
pub mod store;
