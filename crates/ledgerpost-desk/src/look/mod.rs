//! Looking: the store's rows as the window shows them. Nothing here writes, and nothing here asks a
//! service.

pub mod convert;
mod error;

pub use error::LookError;
