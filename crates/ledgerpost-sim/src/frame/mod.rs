//! What both services stand on: options, clock, faults, request log, servers, control addresses.
//!
//! Knows nothing about QuickBooks or Mailchimp; a service plugs in through [`Service`].

mod clock;
mod control;
mod error;
mod faults;
mod log;
mod options;
mod random;
mod server;
mod service;
mod services_file;
mod switches;
mod world;

pub use clock::SimClock;
pub use error::SimError;
pub use faults::{Action, FaultBook, FaultRule};
pub use log::{Metered, RequestLog};
pub use options::{CompanyShape, Options, Profile};
pub use random::unit_interval;
pub use server::{Dropped, Server};
pub(crate) use service::plain_fault;

pub use service::{BodyKind, ControlError, Service, ServiceName, Tolerance};
pub use services_file::{MailchimpServices, QuickBooksServices, ServicesFile};
pub use switches::{IdOrder, OldRefreshToken, Switches};
pub use world::{Mailing, World};
