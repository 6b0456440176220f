//! Work that takes a while: one piece at a time, followed on the stream of messages.

mod bench;
mod phases;
mod run;
mod speed;
mod tracker;

pub(crate) use bench::{Begin, Bench, Running, SignInUnderWay, Ticket};
pub(crate) use phases::action_of;
pub(crate) use run::Kit;
pub(crate) use tracker::Tracker;
