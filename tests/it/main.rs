//! Journeys over the whole program.

#![expect(
    clippy::unwrap_used,
    reason = "a test ends where something is not as it should be"
)]

mod bad_input;
mod canary;
mod lost_answers;
mod main_job;
mod properties;
mod switches;
mod undo;
