//! What the window asks for, over [`ledgerpost_ipc`]'s types. Knows no Tauri, so that a browser test
//! server answers with the same functions.
//!
//! [`Desk::call`] answers every command of [`ledgerpost_ipc::COMMANDS`]; [`Desk::watch`] is the one
//! stream of messages. Work runs on the engine's thread, one piece at a time; [`look`] reads: lists,
//! details and figures from a company's file, on a connection of its own that never waits for a sync.

mod choices;
mod commands;
mod demo;
mod desk;
mod error;
mod host;
pub mod look;
mod looks;
mod messages;
mod notes;
mod overlap;
mod place;
mod review;
mod schedule;
mod standing;
mod wire;
mod work;
mod worker;

pub use desk::{Desk, Options, Ports};
pub use error::DeskError;
pub use host::{Host, Notice, Presence};
pub use ledgerpost_store::create_private_folder;
