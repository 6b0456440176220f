//! The one way out to the network: [`Transport`] sends once, [`Wire`] adds pacing, retry,
//! authorisation and cancelling. What an answer means is the client's business.

mod hold_up;
mod meter;
mod pace;
mod request;
mod retry;
mod transport;
mod wire;

pub use bytes::Bytes;
pub use reqwest::{Method, StatusCode, header};

pub use hold_up::{HeldUp, HoldUp};
pub use meter::{Counts, Meter, MeterRow};
pub use pace::{Ceiling, Pace};
pub use request::{RequestSpec, Response};
pub use retry::{RetryPolicy, Verdict};
pub(crate) use transport::is_loopback;
pub use transport::{CONNECT_TIMEOUT, IDLE_TIMEOUT, Limits, MAX_BODY, TOTAL_TIMEOUT, Transport};
pub use wire::{Authorizer, NoAuthorization, Wire};

#[cfg(test)]
mod tests;
