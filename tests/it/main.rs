//! Journeys over the whole program.

mod main_job;
mod properties;
mod switches;
mod undo;
