//! Tags contacts. Through a static segment that this run created, 500 in a call; through the tag
//! endpoint with `is_syncing` otherwise, because an automation may wait for a tag that was there
//! before us (`mailchimp.md` 3.9).

use std::collections::HashMap;

use ledgerpost_core::EmailAddress;
use ledgerpost_core::change::{Action, Stage};
use ledgerpost_core::ids::RunId;
use ledgerpost_mailchimp::Error as MailchimpError;
use ledgerpost_mailchimp::segments::SEGMENT_LIMIT;
use ledgerpost_store::JournalEntry;

use super::HANDFUL;
use super::send::Sent;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::progress::Phase;

/// From here on a segment is cheaper than single tags in a batch.
const MANY: u64 = 100;

impl Engine {
    /// Tags the run's contacts.
    pub(super) async fn tag_contacts(&self, run: &RunId) -> Result<(), EngineError> {
        let total =
            self.count_planned(run, "tag_contact")? + self.count_planned(run, "untag_contact")?;
        if total == 0 {
            return Ok(());
        }
        self.begin_phase(Phase::Tags, total);
        if total >= MANY && self.count_planned(run, "untag_contact")? == 0 {
            self.tag_through_new_segment(run).await?;
        }
        loop {
            let mut entries = self.planned(run, Stage::Tags, None, 0, HANDFUL)?;
            if entries.is_empty() {
                return Ok(());
            }
            entries = self.without_absent(run, entries)?;
            let jobs = entries
                .into_iter()
                .map(|entry| self.job_of(entry))
                .collect::<Result<_, _>>()?;
            self.send(run, Phase::Tags, jobs).await?;
        }
    }

    /// Creates the tag with its first contacts and adds the rest. Does nothing when the tag is there
    /// already: then somebody may have built an automation on it.
    async fn tag_through_new_segment(&self, run: &RunId) -> Result<(), EngineError> {
        let tag = self.settings().tag.clone();
        let folded = tag.to_lowercase();
        let known = self
            .mailchimp()
            .search_tags(self.audience_id(), &tag)
            .await?;
        if known
            .iter()
            .any(|known| known.name.to_lowercase() == folded)
        {
            return Ok(());
        }
        let mut segment = None;
        loop {
            self.next_group().await?;
            let entries = self.planned(run, Stage::Tags, Some("tag_contact"), 0, SEGMENT_LIMIT)?;
            let entries = self.without_absent(run, entries)?;
            if entries.is_empty() {
                return Ok(());
            }
            let seqs: Vec<u64> = entries.iter().map(|entry| entry.seq).collect();
            let emails: Vec<EmailAddress> = entries.iter().filter_map(email_of).collect();
            self.mark_sending(run, &seqs, None)?;
            let sent = match segment {
                None => match self
                    .mailchimp()
                    .create_segment(self.audience_id(), &tag, &emails)
                    .await
                {
                    Ok(created) => {
                        segment = Some(created.id);
                        all(&seqs, &Sent::Done)
                    }
                    // It may be there now: single tags can be repeated safely.
                    Err(MailchimpError::OutcomeUnknown { .. }) => {
                        self.record(run, Phase::Tags, entries, &all(&seqs, &Sent::Unknown))
                            .await?;
                        return Ok(());
                    }
                    Err(error) => return Err(error.into()),
                },
                Some(id) => {
                    let changed = self
                        .mailchimp()
                        .change_segment(self.audience_id(), id, &emails, &[])
                        .await?;
                    entries
                        .iter()
                        .map(|entry| {
                            let refusal = changed.refused.iter().find(|refused| {
                                email_of(entry)
                                    .is_some_and(|email| refused.addresses.contains(&email))
                            });
                            let sent = refusal.map_or(Sent::Done, |refused| {
                                Sent::Refused(Box::new(refused.refusal.clone()))
                            });
                            (entry.seq, sent)
                        })
                        .collect()
                }
            };
            self.record(run, Phase::Tags, entries, &sent).await?;
        }
    }

    /// Takes out the contacts that did not make it into the audience.
    fn without_absent(
        &self,
        run: &RunId,
        entries: Vec<JournalEntry>,
    ) -> Result<Vec<JournalEntry>, EngineError> {
        self.keep(run, Phase::Tags, entries, |action| match action {
            Action::TagContact { hash, .. } => Some(hash),
            _ => None,
        })
    }
}

fn all(seqs: &[u64], sent: &Sent) -> HashMap<u64, Sent> {
    seqs.iter().map(|seq| (*seq, sent.clone())).collect()
}

fn email_of(entry: &JournalEntry) -> Option<EmailAddress> {
    match &entry.change.action {
        Action::TagContact { email, .. } => Some(email.clone()),
        _ => None,
    }
}
