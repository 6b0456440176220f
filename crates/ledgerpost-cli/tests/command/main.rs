//! The real command against the simulator: exit codes, JSON, messages.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bad_input;
mod canary;
#[cfg(unix)]
mod files;
mod life;
mod scene;
mod sign_in;
#[cfg(unix)]
mod stop;
