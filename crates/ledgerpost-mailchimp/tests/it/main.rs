//! The client as its users see it: what it sends, and what it makes of the answers.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where something is not as it should be"
)]

mod calls;
mod contract;
mod server;
mod simulator;
