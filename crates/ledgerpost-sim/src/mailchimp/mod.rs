//! Mailchimp on loopback, from `mailchimp.md`; section numbers in this module are its.
//!
//! `service` is the address. `api` tells who calls, `route` leads a request, or an operation of a
//! batch, past the contract check to one of the `handlers`, and `reply` writes what comes of it.
//! `state` holds everything. `journal` keeps what tests want to know and the service would never tell.
//!
//! All data live behind one lock, and no handler waits for anything while it holds it.

#![expect(
    clippy::unnecessary_wraps,
    reason = "handlers share one type, and some of them never refuse"
)]

mod api;
mod batches;
mod bulk;
mod commerce;
mod context;
mod contract;
mod customers;
mod email;
mod fields;
mod handlers;
mod ids;
mod interests;
mod journal;
mod lines;
mod lists;
mod members_read;
mod members_write;
mod membership;
mod merge;
mod model;
mod mutate;
mod oauth;
mod orders;
mod problem;
mod products;
mod reply;
mod root;
mod route;
mod segments;
mod service;
mod shelf;
mod snapshot;
mod state;
mod status_change;
mod storage;
mod tags;
mod time;

use std::sync::Arc;

pub use state::API_KEY;

use crate::frame::{MailchimpServices, Service, World};
use crate::seed::AccountSeed;

/// Makes the service.
pub fn service(
    world: &Arc<World>,
    account: AccountSeed,
    services: &MailchimpServices,
) -> Arc<dyn Service> {
    service::Mailchimp::new(world, account, services)
}
