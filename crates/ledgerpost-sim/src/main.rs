//! The `ledgerpost-sim` command.
fn main() {}
