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

use futures_util::{Stream, stream};
use ledgerpost_core::change::Stage;
use ledgerpost_core::ids::RunId;
use ledgerpost_store::{ChangeFilter, JournalEntry, Outcome};
use tokio::sync::oneshot;

pub(crate) use effects::{done, updated_by};
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
        if self.only_adds(run)? {
            self.send_side_by_side(run).await?;
        } else {
            self.create_contacts(run).await?;
            self.send_contacts_and_products(run).await?;
            let way = self.find_tag(run).await?;
            self.tag_contacts(run, way).await?;
            self.send_orders(run).await?;
        }
        self.finish_store(run).await
    }

    /// Sends what does not wait for anything else at once: tags wait for new contacts, orders for all
    /// contacts and products.
    async fn send_side_by_side(&self, run: &RunId) -> Result<(), EngineError> {
        let (are_added, added) = oneshot::channel();
        let create = async {
            self.create_contacts(run).await?;
            // Nobody waits when tagging has failed, which ends this as well.
            are_added.send(()).ok();
            Ok(())
        };
        let sell = async {
            tokio::try_join!(create, self.send_contacts_and_products(run))?;
            self.send_orders(run).await
        };
        let tag = async {
            let way = self.find_tag(run).await?;
            match added.await {
                Ok(()) => self.tag_contacts(run, way).await,
                // Adding has failed, and says so itself.
                Err(_) => Ok(()),
            }
        };
        tokio::try_join!(sell, tag)?;
        Ok(())
    }

    /// Whether the run's changes do not get into each other's way, so that they can be sent side by
    /// side. They do where an address that one contact
    /// leaves may be taken by another one.
    fn only_adds(&self, run: &RunId) -> Result<bool, EngineError> {
        let counts = self.store().change_counts(run)?;
        Ok(!counts.iter().any(|count| {
            matches!(
                count.code.as_str(),
                "move_contact" | "archive_contact" | "untag_contact"
            )
        }))
    }

    /// The planned changes of a kind in handfuls, in the plan's order. Each is taken from the journal
    /// when there is room for it.
    fn handfuls<'e>(
        &'e self,
        run: &'e RunId,
        stage: Stage,
        code: Option<&'static str>,
        limit: usize,
    ) -> impl Stream<Item = Result<Vec<JournalEntry>, EngineError>> + 'e {
        stream::try_unfold(0, move |after| async move {
            let entries = self.planned(run, stage, code, after, limit)?;
            let last = entries.last().map(|entry| entry.seq);
            Ok(last.map(|last| (entries, last)))
        })
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
