//! Recover: settles what a run that was cut off left open, before anything else happens.
//!
//! A row that says *sending* may have had its effect or not. Batches that run are waited for; what
//! they report counts. For the rest the service is looked at: who was added, which orders exist.
//! Everything else is safe to do twice and is simply planned again.

use std::collections::{BTreeMap, HashMap, HashSet};

use futures_util::{StreamExt as _, pin_mut};
use ledgerpost_core::Amount;
use ledgerpost_core::change::Action;
use ledgerpost_core::destination::MemberStatus;
use ledgerpost_core::ids::RunId;
use ledgerpost_mailchimp::Reason;
use ledgerpost_mailchimp::batches::{BatchId, BatchState};
use ledgerpost_store::{Finished, JournalEntry, Outcome, Run, RunKind, RunState};

use crate::apply::{Sent, created_by, done, operation_ids, updated_by};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::gather::Depth;
use crate::progress::Phase;

/// How many rows are looked at in one go.
const MANY: usize = 100_000;

impl Engine {
    /// Settles runs that were cut off. Returns whether one of them was a sync that the owner had
    /// approved: then going on needs no second yes.
    pub(crate) async fn recover(&self) -> Result<bool, EngineError> {
        let mut approved = false;
        for run in self.store().unfinished_runs()? {
            match run.state {
                RunState::Planned | RunState::Done | RunState::Failed | RunState::Stopped => {}
                RunState::Approved | RunState::Applying | RunState::Interrupted => {
                    approved |= run.kind == RunKind::Sync;
                    self.settle_run(&run).await?;
                }
            }
        }
        Ok(approved)
    }

    async fn settle_run(&self, run: &Run) -> Result<(), EngineError> {
        let open = self.store().sending_changes(&run.id, 0, MANY)?;
        if !open.is_empty() {
            self.begin_phase(Phase::Recover, open.len() as u64);
            self.settle_batches(&run.id, &open).await?;
            self.wait_for_stray_batches(&open).await?;
            let open = self.store().sending_changes(&run.id, 0, MANY)?;
            self.look_at_service(&run.id, open).await?;
        }
        self.store().write::<_, EngineError>(|write| {
            write.set_run_state(&run.id, RunState::Failed, Some("interrupted"), self.now())?;
            Ok(())
        })
    }

    /// Takes over the results of batches whose ids were recorded.
    async fn settle_batches(&self, run: &RunId, open: &[JournalEntry]) -> Result<(), EngineError> {
        let mut batches: BTreeMap<String, Vec<JournalEntry>> = BTreeMap::new();
        for entry in open {
            if let Some(batch) = &entry.batch {
                batches
                    .entry(batch.clone())
                    .or_default()
                    .push(entry.clone());
            }
        }
        for (batch, entries) in batches {
            self.check_stop()?;
            let ids: Vec<(u64, String)> = entries
                .iter()
                .flat_map(|entry| operation_ids(self, entry))
                .collect();
            let texts: Vec<&str> = ids.iter().map(|(_, id)| id.as_str()).collect();
            match self.finish_batch(&BatchId::new(batch), &texts).await {
                Ok(outcomes) => {
                    let mut sent: HashMap<u64, Sent> = HashMap::new();
                    for ((seq, _), outcome) in ids.into_iter().zip(outcomes) {
                        crate::apply::merge(&mut sent, seq, crate::apply::from_batch(outcome)?);
                    }
                    // What the results do not mention is looked at below.
                    let reported: Vec<u64> = entries
                        .iter()
                        .map(|entry| entry.seq)
                        .filter(|seq| matches!(sent.get(seq), Some(Sent::Done | Sent::Refused(_))))
                        .collect();
                    self.record(run, Phase::Recover, &reported, &sent).await?;
                }
                // Mailchimp forgets batches after a week, and results expire.
                Err(EngineError::Mailchimp(error)) if forgotten(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// A batch may run whose id nobody recorded. Its writes would land after ours, so it is waited for.
    async fn wait_for_stray_batches(&self, open: &[JournalEntry]) -> Result<(), EngineError> {
        if open.iter().all(|entry| entry.batch.is_some()) {
            return Ok(());
        }
        for batch in self.mailchimp().list_batches().await? {
            if batch.state != BatchState::Finished {
                let operations = usize::try_from(batch.total_operations).unwrap_or(usize::MAX);
                self.mailchimp()
                    .wait_for_batch(&batch.id, operations, crate::apply::BATCH_DEADLINE)
                    .await?;
            }
        }
        Ok(())
    }

    /// Looks which of the remaining rows had their effect.
    async fn look_at_service(
        &self,
        run: &RunId,
        open: Vec<JournalEntry>,
    ) -> Result<(), EngineError> {
        if open.is_empty() {
            return Ok(());
        }
        self.gather_mailchimp(Depth::Changes).await?;
        let state = self.read_store_state().await?;
        self.store().write::<_, EngineError>(|write| {
            write.store_store_state(state)?;
            Ok(())
        })?;
        let wanted: HashSet<String> = open
            .iter()
            .filter(|entry| matches!(entry.change.action, Action::CreateOrder(_)))
            .map(|entry| entry.change.action.key().to_owned())
            .collect();
        let orders = if wanted.is_empty() {
            HashMap::new()
        } else {
            self.find_orders(&wanted).await?
        };
        for entry in open {
            let happened = self.happened(&entry, &orders)?;
            let (outcome, effects) = if happened {
                (Outcome::Done, done(self, &entry.change)?)
            } else {
                (Outcome::Unknown, Vec::new())
            };
            let effects: Vec<_> = effects
                .into_iter()
                .map(|effect| self.with_run(effect, run))
                .collect();
            self.finish(
                run,
                &[Finished {
                    seq: entry.seq,
                    outcome,
                    detail: None,
                }],
                &effects,
            )?;
            self.advance(Phase::Recover, 1);
        }
        Ok(())
    }

    /// Whether a change certainly had its effect. *No* means that it is planned again, which every
    /// write here allows.
    fn happened(
        &self,
        entry: &JournalEntry,
        orders: &HashMap<String, Amount>,
    ) -> Result<bool, EngineError> {
        use ledgerpost_core::ports::{Mirror as _, StoreState};
        Ok(match &entry.change.action {
            Action::CreateContact(contact) => self
                .store()
                .member(&contact.hash)?
                .is_some_and(|member| created_by(contact, &member)),
            Action::MoveContact { to_email, .. } => {
                self.store().member(&to_email.hash())?.is_some()
            }
            Action::UpdateContact(update) => self
                .store()
                .member(&update.hash)?
                .is_some_and(|member| updated_by(update, &member)),
            Action::ArchiveContact { hash, .. } => self
                .store()
                .member(hash)?
                .is_some_and(|member| member.status == MemberStatus::Archived),
            Action::CreateOrder(body) => orders.get(body.id.as_str()) == Some(&body.total),
            Action::RemoveStore { .. } => self.store().store_state()? == StoreState::Absent,
            Action::CreateStore(_)
            | Action::SetSyncing { .. }
            | Action::PutProduct { .. }
            | Action::TagContact { .. }
            | Action::UpdateOrder { .. }
            | Action::RemoveOrder { .. } => false,
        })
    }

    /// The totals of those of the wanted orders that exist.
    async fn find_orders(
        &self,
        wanted: &HashSet<String>,
    ) -> Result<HashMap<String, Amount>, EngineError> {
        let mut found = HashMap::new();
        let pages = self.mailchimp().list_orders(self.store_id());
        pin_mut!(pages);
        while let Some(page) = pages.next().await {
            self.check_stop()?;
            let page = match page {
                // No store, no orders.
                Err(error) if error.is(Reason::NotFound) => return Ok(found),
                other => other?,
            };
            for order in page.items {
                if wanted.contains(order.id.as_str()) {
                    found.insert(order.id.as_str().to_owned(), order.total);
                }
            }
        }
        Ok(found)
    }
}

fn forgotten(error: &ledgerpost_mailchimp::Error) -> bool {
    use ledgerpost_mailchimp::Error;
    match error {
        Error::Refused(refusal) => refusal.reason == Reason::NotFound,
        Error::ResultsMissing | Error::ResultsRefused { .. } | Error::ArchiveDamaged { .. } => true,
        _ => false,
    }
}
