//! The store, products and contacts: which writes make a change.

use ledgerpost_core::change::{Action, Stage};
use ledgerpost_core::ids::RunId;
use ledgerpost_core::ports::{Mirror as _, StoreState};
use ledgerpost_core::remark::Remark;
use ledgerpost_mailchimp::members::{self, MemberPatch, MergeValues};
use ledgerpost_mailchimp::{Error as MailchimpError, Reason, Write, products};
use ledgerpost_store::{Effect, Finished, JournalEntry, Outcome};

use super::HANDFUL;
use super::effects::done;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::progress::Phase;

impl Engine {
    /// Creates the store, syncing, and closes it for automations while history loads.
    pub(super) async fn open_store(&self, run: &RunId) -> Result<(), EngineError> {
        for entry in self.planned(run, Stage::Store, None, 0, HANDFUL)? {
            self.store_step(run, &entry).await?;
        }
        Ok(())
    }

    /// What comes last: the store goes live, or goes.
    pub(super) async fn finish_store(&self, run: &RunId) -> Result<(), EngineError> {
        for entry in self.planned(run, Stage::Finish, None, 0, HANDFUL)? {
            self.store_step(run, &entry).await?;
        }
        Ok(())
    }

    async fn store_step(&self, run: &RunId, entry: &JournalEntry) -> Result<(), EngineError> {
        self.next_group().await?;
        self.begin_phase(Phase::Store, 1);
        self.mark_sending(run, &[entry.seq], None)?;
        let result = repeat(self, &entry.change.action).await;
        match result {
            Ok(()) => {}
            Err(MailchimpError::Refused(refusal))
                if refusal.reason == Reason::NotFound
                    && matches!(entry.change.action, Action::RemoveStore { .. }) => {}
            // The store is gone, removed behind our back: the next round plans it anew.
            Err(MailchimpError::Refused(refusal))
                if refusal.reason == Reason::NotFound
                    && matches!(entry.change.action, Action::SetSyncing { .. }) =>
            {
                let finished = Finished {
                    seq: entry.seq,
                    outcome: Outcome::Failed,
                    detail: Some(Remark::StoreGone.words().to_owned()),
                };
                let effects = [
                    Effect::RemoveStoreLinks,
                    Effect::SetStoreState(StoreState::Absent),
                ];
                return self.finish(run, &[finished], &effects);
            }
            Err(error) => return Err(error.into()),
        }
        let finished = Finished {
            seq: entry.seq,
            outcome: Outcome::Done,
            detail: None,
        };
        self.finish(run, &[finished], &done(self, &entry.change)?)?;
        self.tell_settled(Phase::Store, &entry.change, Outcome::Done);
        self.advance(Phase::Store, 1);
        Ok(())
    }

    /// Products, and the contacts that are there already. Independent of each other, they share a
    /// batch; only a contact that moves has to arrive before it is updated under its new key.
    pub(super) async fn send_contacts_and_products(&self, run: &RunId) -> Result<(), EngineError> {
        let moves = self.count_planned(run, "move_contact")?;
        let contacts = moves
            + self.count_planned(run, "update_contact")?
            + self.count_planned(run, "archive_contact")?;
        let products = self.count_planned(run, "create_product")?
            + self.count_planned(run, "update_product")?;
        self.begin_phase(Phase::Records, products + contacts);
        if moves > 0 {
            loop {
                let entries =
                    self.planned(run, Stage::Contacts, Some("move_contact"), 0, HANDFUL)?;
                if entries.is_empty() {
                    break;
                }
                self.send(run, Phase::Records, self.jobs(entries)?).await?;
            }
        }
        loop {
            let mut entries = self.planned(run, Stage::Products, None, 0, HANDFUL)?;
            // New contacts are of this stage too, and are added meanwhile.
            for code in ["update_contact", "archive_contact"] {
                let room = HANDFUL - entries.len();
                if room > 0 {
                    entries.extend(self.planned(run, Stage::Contacts, Some(code), 0, room)?);
                }
            }
            if entries.is_empty() {
                return Ok(());
            }
            // Nobody is under the new key of a move that was refused, and the answer to an update would
            // look as if the person had been deleted.
            let entries = self.keep(run, Phase::Records, entries, |action| match action {
                Action::UpdateContact(update) => Some(&update.hash),
                _ => None,
            })?;
            self.send(run, Phase::Records, self.jobs(entries)?).await?;
        }
    }

    /// The writes that make a change which needs no others before it; empty for changes that are
    /// made otherwise.
    pub(super) fn writes_of(&self, action: &Action) -> Vec<Write> {
        let audience = self.audience_id();
        match action {
            Action::PutProduct { after, .. } => {
                vec![products::requests::put_product(self.store_id(), after)]
            }
            Action::UpdateContact(update) => {
                vec![members::requests::update_member(
                    audience,
                    &update.hash,
                    &MemberPatch::from(update),
                )]
            }
            Action::MoveContact { from, to_email, .. } => {
                let patch = MemberPatch {
                    email_address: Some(to_email.clone()),
                    merge_fields: MergeValues::default(),
                };
                vec![members::requests::update_member(audience, from, &patch)]
            }
            Action::ArchiveContact { hash, .. } => {
                vec![members::requests::archive_member(audience, hash)]
            }
            Action::TagContact {
                hash, tag, active, ..
            } => {
                vec![members::requests::tag_member(audience, hash, tag, *active)]
            }
            Action::CreateStore(_)
            | Action::SetSyncing { .. }
            | Action::RemoveStore { .. }
            | Action::CreateContact(_)
            | Action::CreateOrder(_)
            | Action::UpdateOrder { .. }
            | Action::RemoveOrder { .. } => Vec::new(),
        }
    }
}

/// Makes a change by itself; safe to repeat.
pub(super) async fn repeat(engine: &Engine, action: &Action) -> Result<(), MailchimpError> {
    let client = engine.mailchimp();
    match action {
        Action::CreateStore(body) => match client.create_store(body).await {
            Err(error) if error.is(Reason::StoreExists) => client.set_syncing(&body.id, true).await,
            other => other,
        },
        Action::SetSyncing { store, syncing } => client.set_syncing(store, *syncing).await,
        Action::RemoveStore { store } => client.remove_store(store).await,
        Action::PutProduct { after, .. } => client.put_product(engine.store_id(), after).await,
        Action::RemoveOrder { before } => client.remove_order(engine.store_id(), &before.id).await,
        Action::CreateOrder(after) | Action::UpdateOrder { after, .. } => {
            client.overwrite_order(engine.store_id(), after).await
        }
        // Who may have been added is looked up, never added blindly.
        Action::CreateContact(_) => Ok(()),
        // Under its new key already? Then the move has happened.
        Action::MoveContact { to_email, .. }
            if client
                .read_member(engine.audience_id(), &to_email.hash())
                .await?
                .is_some() =>
        {
            Ok(())
        }
        Action::UpdateContact(_)
        | Action::MoveContact { .. }
        | Action::ArchiveContact { .. }
        | Action::TagContact { .. } => {
            for write in engine.writes_of(action) {
                client.write(&write).await?;
            }
            Ok(())
        }
    }
}

impl Engine {
    /// Where a store with our id is, if there is one.
    pub(crate) async fn read_store_state(&self) -> Result<StoreState, EngineError> {
        let Some(found) = self.mailchimp().read_store(self.store_id()).await? else {
            return Ok(StoreState::Absent);
        };
        if found.list_id != *self.audience_id() {
            return Err(EngineError::StoreElsewhere);
        }
        if !found.list_is_active {
            return Err(EngineError::AudienceGone);
        }
        Ok(if found.is_syncing {
            StoreState::Syncing
        } else {
            StoreState::Live
        })
    }

    /// Forgets products and orders when the store that held them was removed behind our back, so
    /// that the next plan makes them anew.
    pub(crate) async fn forget_removed_store(&self) -> Result<(), EngineError> {
        if self.known_store_state()? == StoreState::Absent
            || self.read_store_state().await? != StoreState::Absent
        {
            return Ok(());
        }
        self.store().write::<_, EngineError>(|write| {
            write.apply_effects(&[
                Effect::RemoveStoreLinks,
                Effect::SetStoreState(StoreState::Absent),
            ])?;
            write.set_planned_generation(None)?;
            Ok(())
        })
    }

    /// The store's state as the mirror has it.
    pub(crate) fn known_store_state(&self) -> Result<StoreState, EngineError> {
        Ok(self.store().store_state()?)
    }
}
