//! Journeys over the whole program.

mod bad_input;
mod canary;
mod main_job;
mod properties;
mod switches;
mod undo;
