//! Tests of the plan as a whole.

mod company;
mod contacts;
mod first_sync;
mod orders;
mod properties;
mod snapshots;
