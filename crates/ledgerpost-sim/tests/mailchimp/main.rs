//! The Mailchimp half, line by line of the checklist in `mailchimp.md` 9.

#![expect(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod access;
mod batches;
mod commerce;
mod lists;
mod members;
mod support;
