//! Tests of the plan as a whole.

mod company;
mod first_sync;
