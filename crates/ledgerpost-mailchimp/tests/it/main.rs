//! The client as its users see it: what it sends, and what it makes of the answers.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where something is not as it should be"
)]

mod batches;
mod bodies;
mod calls;
mod contract;
mod members;
mod requests;
mod server;
mod shop;
mod simulator;
