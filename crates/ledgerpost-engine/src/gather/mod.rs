//! Gather: reads both services into the mirrors, as cheaply as each allows.
//!
//! A cursor moves in the same transaction as the rows it covers, so that stopping at any moment
//! costs reading again and never a row.

mod mailchimp;
mod quickbooks;

pub use mailchimp::MEMBER_CURSORS;

use crate::engine::Engine;
use crate::error::EngineError;

/// How much to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// What changed since the last reading, or everything where that is not known.
    Changes,
    /// Everything, removing from the mirror what is gone.
    Everything,
}

impl Engine {
    /// Reads both services into their mirrors, side by side.
    pub(crate) async fn gather(&self, depth: Depth) -> Result<(), EngineError> {
        tokio::try_join!(self.gather_quickbooks(depth), self.gather_mailchimp(depth))?;
        Ok(())
    }
}
