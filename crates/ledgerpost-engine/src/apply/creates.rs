//! Adds people, 500 in a call (`mailchimp.md` 3.7).

use std::collections::HashMap;

use futures_util::TryStreamExt as _;
use ledgerpost_core::change::{Action, Stage};
use ledgerpost_core::ids::RunId;
use ledgerpost_mailchimp::Error as MailchimpError;
use ledgerpost_mailchimp::members::{ADD_LIMIT, Added, NewMember, RowOutcome};
use ledgerpost_store::JournalEntry;

use super::send::Sent;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::progress::Phase;

/// How many calls are under way at once; their answers are large.
const AT_ONCE: usize = 2;

impl Engine {
    /// Adds the run's new people.
    pub(super) async fn create_contacts(&self, run: &RunId) -> Result<(), EngineError> {
        let total = self.count_planned(run, "create_contact")?;
        self.begin_phase(Phase::Contacts, total);
        self.handfuls(run, Stage::Contacts, Some("create_contact"), ADD_LIMIT)
            .try_for_each_concurrent(AT_ONCE, |entries| self.add_people(run, entries))
            .await
    }

    async fn add_people(&self, run: &RunId, entries: Vec<JournalEntry>) -> Result<(), EngineError> {
        self.next_group().await?;
        let seqs: Vec<u64> = entries.iter().map(|entry| entry.seq).collect();
        self.mark_sending(run, &seqs, None)?;
        let rows: Vec<NewMember> = entries
            .iter()
            .filter_map(|entry| match &entry.change.action {
                Action::CreateContact(contact) => Some(NewMember::from(contact)),
                _ => None,
            })
            .collect();
        drop(entries);
        let sent = match self
            .mailchimp()
            .add_members(self.audience_id(), &rows)
            .await
        {
            Ok(added) => outcomes(&seqs, added),
            // Nobody knows whether it arrived: each person is looked up.
            Err(MailchimpError::OutcomeUnknown { .. }) => {
                seqs.iter().map(|seq| (*seq, Sent::Unknown)).collect()
            }
            Err(error) => return Err(error.into()),
        };
        self.record(run, Phase::Contacts, &seqs, &sent).await
    }
}

fn outcomes(seqs: &[u64], added: Added) -> HashMap<u64, Sent> {
    seqs.iter()
        .copied()
        .zip(added.rows.into_iter().map(|row| match row {
            RowOutcome::Created { .. } => Sent::Done,
            RowOutcome::Refused(refusal) => Sent::Refused(Box::new(refusal)),
            RowOutcome::Unreported => Sent::Unknown,
        }))
        .collect()
}
