//! A client for the Mailchimp Marketing API, version 3.0.
//!
//! It knows Mailchimp and nothing of where the records come from. Facts about the service are in
//! `mailchimp.md`; section numbers in the comments are its sections.
//!
//! What the types make impossible:
//!
//! * [`Client::add_members`] cannot update people who are already there (`update_existing` is
//!   always false), so it cannot change anybody's status (3.7);
//! * [`members::MemberPatch`] has no status, so an update cannot change one either (3.5);
//! * e-commerce customers always carry `opt_in_status: false` (5.3);
//! * a request whose success has to be looked into ([`Request`]) cannot go into a batch; only a
//!   [`Write`], which is done when it is answered with 2xx, can.
//!
//! Every error says by [`Error::retry`] what to do about it, and holds no e-mail address in what it
//! prints: Mailchimp's own words, which often do, are kept in [`ServiceWords`].

pub mod archive;
pub mod audiences;
pub mod batches;
mod client;
pub mod customers;
mod error;
pub mod members;
pub mod orders;
mod page;
pub mod products;
mod refusal;
mod request;
pub mod root;
pub mod segments;
pub mod stores;

pub use client::{CONNECTIONS, Client, Credential, api_key_base_url};
pub use error::Error;
pub use page::{Page, Pages};
pub use refusal::{FieldProblem, Reason, Refusal, ServiceWords, classify};
pub use request::{Method, Request, Write};
