//! What every client needs: HTTP with pacing and retry, sign-in over loopback, secrets.
//!
//! * [`http`]: the one way out to the network.
//! * [`services`]: where the services are and which keys to use.
//! * [`secrets`]: where tokens and keys are kept.
//! * [`oauth`]: codes and refresh tokens for access tokens; the seam for a vendor's token broker.
//! * [`sign_in`]: browser, loopback listener, pasted address.
//! * [`tokens`]: a token whenever one is needed, refreshed once for everybody.
//!
//! Nothing here knows what a customer or a contact is.

pub mod error;
pub mod http;
pub mod oauth;
pub mod secret;
pub mod secrets;
pub mod services;
pub mod sign_in;
pub mod tokens;

pub use error::{HttpError, NetError};
pub use secret::Secret;

#[cfg(test)]
mod test_server;
