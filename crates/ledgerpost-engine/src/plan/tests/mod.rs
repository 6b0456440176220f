//! Tests of the plan as a whole.

mod choices;
mod company;
mod contacts;
mod first_sync;
mod orders;
mod properties;
mod snapshots;
