//! Sends orders: batches of many, each result read one by one.

use futures_util::{TryStreamExt as _, pin_mut};
use ledgerpost_core::MemberHash;
use ledgerpost_core::change::{Action, Stage};
use ledgerpost_core::destination::MemberStatus;
use ledgerpost_core::ids::RunId;
use ledgerpost_core::ports::StoreState;
use ledgerpost_core::remark::Remark;
use ledgerpost_mailchimp::orders::{self, Update, requests};
use ledgerpost_store::{Finished, JournalEntry, Outcome};

use super::HANDFUL;
use super::send::Job;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::progress::Phase;

/// How many batches are under way at once: while Mailchimp works on one, the outcomes of another are
/// recorded. They need no order, because no order depends on another one.
const BATCHES_AT_ONCE: usize = 2;
/// How many orders are looked at together for one of a subscriber.
const LOOKED_AT: usize = 50;

impl Engine {
    /// Sends the run's orders.
    pub(super) async fn send_orders(&self, run: &RunId) -> Result<(), EngineError> {
        let total = self.count_planned(run, "create_order")?
            + self.count_planned(run, "update_order")?
            + self.count_planned(run, "remove_order")?;
        if total == 0 {
            return Ok(());
        }
        self.begin_phase(Phase::Orders, total);
        if self.known_store_state()? != StoreState::Live {
            self.send_probe(run).await?;
        }
        // Of the same size, so that one is recorded while Mailchimp works on the next.
        let batches = total.div_ceil(HANDFUL as u64);
        let limit = usize::try_from(total.div_ceil(batches)).unwrap_or(HANDFUL);
        self.handfuls(run, Stage::Orders, None, limit)
            .try_for_each_concurrent(BATCHES_AT_ONCE, |entries| async move {
                let entries = self.keep(run, Phase::Orders, entries, buyer)?;
                self.send(run, Phase::Orders, self.jobs(entries)?).await
            })
            .await
    }

    /// Sends one order of a subscriber by itself before history loads, and looks at the subscriber:
    /// under one reading of `mailchimp.md` 5.3 a store's customer loses the subscription, and then
    /// nothing more may be sent.
    async fn send_probe(&self, run: &RunId) -> Result<(), EngineError> {
        let orders = self.handfuls(run, Stage::Orders, Some("create_order"), LOOKED_AT);
        pin_mut!(orders);
        while let Some(entries) = orders.try_next().await? {
            for entry in entries {
                if self.probe(run, &entry).await? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Whether this order's buyer was a subscriber to look at.
    async fn probe(&self, run: &RunId, entry: &JournalEntry) -> Result<bool, EngineError> {
        let Some(hash) = buyer(&entry.change.action) else {
            return Ok(false);
        };
        let known = self.store().member(hash)?;
        let subscribed = known.is_some_and(|member| member.status == MemberStatus::Subscribed);
        if !subscribed || !self.may_write(hash)? {
            return Ok(false);
        }
        self.send(run, Phase::Orders, vec![self.job_of(entry)?])
            .await?;
        let member = self
            .mailchimp()
            .read_member(self.audience_id(), hash)
            .await?;
        match member {
            Some(member) if member.status == MemberStatus::Transactional => {
                Err(EngineError::StatusMoved { people: 1 })
            }
            Some(_) | None => Ok(true),
        }
    }

    pub(super) fn jobs(&self, entries: Vec<JournalEntry>) -> Result<Vec<Job>, EngineError> {
        entries
            .into_iter()
            .map(|entry| self.job_of(&entry))
            .collect()
    }

    /// The writes that make a change.
    pub(super) fn job_of(&self, entry: &JournalEntry) -> Result<Job, EngineError> {
        let store = self.store_id();
        let seq = entry.seq;
        Ok(match &entry.change.action {
            Action::CreateOrder(after) => {
                Job::new(seq, vec![requests::create_order(store, after)?])
            }
            Action::UpdateOrder { before, after } => {
                match orders::update_order(store, before, after)? {
                    Update::Nothing => Job::new(seq, Vec::new()),
                    Update::Writes(writes) => Job::new(seq, writes),
                    Update::Replace { remove, create } => Job {
                        seq,
                        first: vec![remove],
                        then: vec![create],
                    },
                }
            }
            Action::RemoveOrder { before } => {
                Job::new(seq, vec![requests::remove_order(store, &before.id)])
            }
            other => Job::new(seq, self.writes_of(other)),
        })
    }

    /// Takes out the changes whose contact may not be written to: it was refused a moment ago, or
    /// was archived meanwhile. They end as failed, and the next round gives the reason as a skip.
    pub(super) fn keep(
        &self,
        run: &RunId,
        phase: Phase,
        entries: Vec<JournalEntry>,
        contact: impl Fn(&Action) -> Option<&MemberHash>,
    ) -> Result<Vec<JournalEntry>, EngineError> {
        let mut kept = Vec::with_capacity(entries.len());
        let mut left = Vec::new();
        for entry in entries {
            let open = match contact(&entry.change.action) {
                None => true,
                Some(hash) => self.may_write(hash)?,
            };
            if open {
                kept.push(entry);
            } else {
                self.tell_settled(phase, &entry.change, Outcome::Failed);
                left.push(Finished {
                    seq: entry.seq,
                    outcome: Outcome::Failed,
                    detail: Some(Remark::ContactClosed.words().to_owned()),
                });
            }
        }
        self.finish(run, &left, &[])?;
        self.advance(phase, left.len());
        Ok(kept)
    }

    /// Whether this person is in the audience, in a status that may be written, and not refused.
    fn may_write(&self, hash: &MemberHash) -> Result<bool, EngineError> {
        let refused = self
            .store()
            .contact_link(hash)?
            .is_some_and(|link| link.refused.is_some());
        let open = self
            .store()
            .member(hash)?
            .is_some_and(|member| member.status.may_be_written());
        Ok(open && !refused)
    }
}

/// Whose order a change writes. A removal writes to nobody.
fn buyer(action: &Action) -> Option<&MemberHash> {
    match action {
        Action::CreateOrder(after) | Action::UpdateOrder { after, .. } => Some(&after.customer),
        _ => None,
    }
}
