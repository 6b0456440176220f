//! A module per table: its row type, what reads it, what writes it. Reads are methods of
//! [`crate::CompanyStore`], writes are methods of [`crate::Write`].

pub(crate) mod attention;
pub(crate) mod changes;
pub(crate) mod consent_entries;
pub(crate) mod contact_facts;
pub(crate) mod contact_links;
pub(crate) mod contacts;
pub(crate) mod credit_applications;
pub(crate) mod cursors;
pub(crate) mod customers;
pub(crate) mod documents;
pub(crate) mod effects;
pub(crate) mod figures;
pub(crate) mod items;
pub(crate) mod members;
pub(crate) mod meter;
pub(crate) mod mirror;
pub(crate) mod order_links;
pub(crate) mod product_links;
pub(crate) mod raw_records;
pub(crate) mod runs;
pub(crate) mod search;
pub(crate) mod seen;
pub(crate) mod skips;
pub(crate) mod state;
pub(crate) mod totals;
pub(crate) mod unreadable;
