//! Apply: walks a run's journal stage by stage.
//!
//! Each change is *sending* before its call and gets its outcome after it, together with what it
//! did to links, mirror and consent entries, in one transaction. Stopping between any two calls, or
//! in the middle of one, therefore loses nothing: see [`crate::recover`].

mod creates;
mod effects;
mod orders;
mod send;
mod settle;
mod steps;
mod tags;

use ledgerpost_core::change::Stage;
use ledgerpost_core::ids::RunId;
use ledgerpost_store::{ChangeFilter, JournalEntry, Outcome};

pub(crate) use effects::done;
pub(crate) use send::{BATCH_DEADLINE, Sent, from_batch, merge, operation_ids};
pub(crate) use settle::created_by;

use crate::engine::Engine;
use crate::error::EngineError;

/// How many changes are taken from the journal at a time. One batch is made of each handful: large
/// enough that 40,000 orders need few requests, small enough to sit in memory.
pub(crate) const HANDFUL: usize = 2_500;

impl Engine {
    /// Applies what is planned in a run.
    ///
    /// # Errors
    /// Whatever concerns the whole connection. A refused record is an outcome in the journal.
    pub(crate) async fn apply(&self, run: &RunId) -> Result<(), EngineError> {
        self.open_store(run).await?;
        self.create_contacts(run).await?;
        self.send_contacts_and_products(run).await?;
        self.tag_contacts(run).await?;
        self.send_orders(run).await?;
        self.finish_store(run).await
    }

    /// The next planned changes of a kind, in the plan's order.
    fn planned(
        &self,
        run: &RunId,
        stage: Stage,
        code: Option<&str>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<JournalEntry>, EngineError> {
        let filter = ChangeFilter {
            outcome: Some(Outcome::Planned),
            code: code.map(str::to_owned),
            stage: Some(stage),
        };
        Ok(self.store().changes(run, &filter, after, limit)?)
    }
}
