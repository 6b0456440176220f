//! Contacts, rule by rule.

mod left_out;
mod moves;
mod shared;
mod status;
mod written;
