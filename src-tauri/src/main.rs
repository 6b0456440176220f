//! The `ledgerpost-desktop` program.

// A console beside the window helps nobody on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    ledgerpost_memory::give_large_blocks_back();
    ledgerpost_desktop::run()
}
