//! The `ledgerpost` command.
fn main() {}
