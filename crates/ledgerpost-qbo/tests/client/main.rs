//! The client against a small service on loopback.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

mod changes;
mod faults;
mod load;
mod service;
