//! What an error means for trying again. Every error enum of the clients answers with one of these.

use std::time::Duration;

/// Whether to try again, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The same call will fail again.
    Permanent,
    /// The same call may work later; the service may have said how long to wait.
    Transient {
        /// The service's own wish.
        wait: Option<Duration>,
    },
    /// There is no connection to the service at all.
    Offline,
    /// The sign-in is lost; a person has to sign in again.
    SignIn,
}
