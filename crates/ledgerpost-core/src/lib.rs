//! Domain types, rules and ports of Ledgerpost.
//!
//! Nothing here reads a clock, a file or the network. The words are those of `ARCHITECTURE.md`:
//! a *company* (QuickBooks) is tied to a *destination* (a Mailchimp audience) by a *connection*;
//! the *plan* is a list of *changes* and *skips*; *links* remember what was written.
//!
//! Invariant that the types carry: [`change::ContactCreate`] is the only change with a marketing
//! status in it, and [`change::ContactUpdate`] has no field for one. A sync therefore cannot
//! raise anybody's status (promise 2).

pub mod address;
pub mod amount;
pub mod change;
pub mod destination;
pub mod email;
mod hex;
pub mod ids;
pub mod link;
pub mod ports;
pub mod remark;
pub mod retry;
pub mod settings;
pub mod skip;
pub mod source;
pub mod spreadsheet;

pub use amount::Amount;
pub use email::{EmailAddress, MemberHash};
