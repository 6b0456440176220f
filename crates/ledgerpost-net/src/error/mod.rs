//! What can go wrong below the clients: one enum per phase, and [`NetError`] over all of them.
//!
//! No variant holds an address with a query, a body, a token or a code: a service's words reach an
//! error only as a short word out of a known alphabet (see [`ServiceWord`]).

mod http;
mod secrets;
mod services;
mod sign_in;
mod token;
mod word;

use std::sync::Arc;

use ledgerpost_core::retry::Retry;
use thiserror::Error;

pub use http::HttpError;
pub use secrets::SecretsError;
pub use services::{FieldProblem, ServicesError};
pub use sign_in::SignInError;
pub use token::TokenError;
pub use word::ServiceWord;

/// Anything that this crate reports.
#[derive(Debug, Error)]
pub enum NetError {
    /// A request got no answer.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The services file is of no use.
    #[error(transparent)]
    Services(#[from] ServicesError),
    /// The place for secrets does not work.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// Signing in failed.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// There is no token to use.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The outcome of work that several callers waited for.
    #[error("{0}")]
    Shared(#[source] Arc<NetError>),
}

impl NetError {
    /// A stable word for the window and for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Http(error) => error.code(),
            Self::Services(error) => error.code(),
            Self::Secrets(error) => error.code(),
            Self::SignIn(error) => error.code(),
            Self::Token(error) => error.code(),
            Self::Shared(error) => error.code(),
        }
    }

    /// Whether to try again.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Http(error) => error.retry(),
            Self::Services(_) => Retry::Permanent,
            Self::Secrets(error) => error.retry(),
            Self::SignIn(error) => error.retry(),
            Self::Token(error) => error.retry(),
            Self::Shared(error) => error.retry(),
        }
    }
}
