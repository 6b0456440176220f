//! What the window asks for, over [`ledgerpost_ipc`]'s types. Knows no Tauri, so that a browser test
//! server answers with the same functions.
//!
//! [`look`] reads: lists, details and figures from a company's file, on a connection of its own that
//! never waits for a sync.

pub mod look;
