//! Tags contacts. Through a static segment that this run created, 500 in a call; through the tag
//! endpoint with `is_syncing` otherwise, because an automation may wait for a tag that was there
//! before us (`mailchimp.md` 3.9).

use std::collections::HashMap;

use futures_util::{StreamExt as _, TryStreamExt as _, pin_mut};
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

/// How contacts are to be tagged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// One by one.
    Singly,
    /// Through a segment, which is not there yet.
    NewSegment,
}

impl Engine {
    /// Finds out how the run's contacts are to be tagged. A tag that is there already may have an
    /// automation built on it.
    pub(super) async fn find_tag(&self, run: &RunId) -> Result<Way, EngineError> {
        let many = self.count_planned(run, "tag_contact")? >= MANY;
        if !many || self.count_planned(run, "untag_contact")? > 0 {
            return Ok(Way::Singly);
        }
        let tag = &self.settings().tag;
        let folded = tag.to_lowercase();
        let known = self
            .mailchimp()
            .search_tags(self.audience_id(), tag)
            .await?;
        let is_there = known
            .iter()
            .any(|known| known.name.to_lowercase() == folded);
        Ok(if is_there {
            Way::Singly
        } else {
            Way::NewSegment
        })
    }

    /// Tags the run's contacts.
    pub(super) async fn tag_contacts(&self, run: &RunId, way: Way) -> Result<(), EngineError> {
        let total =
            self.count_planned(run, "tag_contact")? + self.count_planned(run, "untag_contact")?;
        if total == 0 {
            return Ok(());
        }
        self.begin_phase(Phase::Tags, total);
        if way == Way::NewSegment {
            self.tag_through_new_segment(run).await?;
        }
        self.handfuls(run, Stage::Tags, None, HANDFUL)
            .try_for_each(|entries| async move {
                let entries = self.without_absent(run, entries)?;
                self.send(run, Phase::Tags, self.jobs(entries)?).await
            })
            .await
    }

    /// Creates the tag with its first contacts and adds the rest.
    async fn tag_through_new_segment(&self, run: &RunId) -> Result<(), EngineError> {
        let handfuls = self.handfuls(run, Stage::Tags, Some("tag_contact"), SEGMENT_LIMIT);
        pin_mut!(handfuls);
        let Some(first) = handfuls.next().await else {
            return Ok(());
        };
        let Some(segment) = self.create_segment(run, first?).await? else {
            return Ok(());
        };
        // One after the other: their answers are large, and orders are sent meanwhile.
        handfuls
            .try_for_each(|entries| self.add_to_segment(run, segment, entries))
            .await
    }

    /// `None` when nobody knows whether it was made: single tags can be repeated safely.
    async fn create_segment(
        &self,
        run: &RunId,
        entries: Vec<JournalEntry>,
    ) -> Result<Option<u64>, EngineError> {
        self.next_group().await?;
        let (seqs, emails) = self.take_people(run, entries)?;
        self.mark_sending(run, &seqs, None)?;
        let created = self
            .mailchimp()
            .create_segment(self.audience_id(), &self.settings().tag, &emails)
            .await;
        let (segment, sent) = match created {
            Ok(created) => (Some(created.id), Sent::Done),
            Err(MailchimpError::OutcomeUnknown { .. }) => (None, Sent::Unknown),
            Err(error) => return Err(error.into()),
        };
        self.record(run, Phase::Tags, &seqs, &all(&seqs, &sent))
            .await?;
        Ok(segment)
    }

    async fn add_to_segment(
        &self,
        run: &RunId,
        segment: u64,
        entries: Vec<JournalEntry>,
    ) -> Result<(), EngineError> {
        self.next_group().await?;
        let (seqs, emails) = self.take_people(run, entries)?;
        if seqs.is_empty() {
            return Ok(());
        }
        self.mark_sending(run, &seqs, None)?;
        let changed = self
            .mailchimp()
            .change_segment(self.audience_id(), segment, &emails, &[])
            .await?;
        let mut sent = all(&seqs, &Sent::Done);
        for refused in changed.refused {
            for (seq, email) in seqs.iter().zip(&emails) {
                if refused.addresses.contains(email) {
                    sent.insert(*seq, Sent::Refused(Box::new(refused.refusal.clone())));
                }
            }
        }
        self.record(run, Phase::Tags, &seqs, &sent).await
    }

    /// The changes' numbers and addresses, without the contacts that may not be written to.
    fn take_people(
        &self,
        run: &RunId,
        entries: Vec<JournalEntry>,
    ) -> Result<(Vec<u64>, Vec<EmailAddress>), EngineError> {
        let entries = self.without_absent(run, entries)?;
        Ok(entries
            .into_iter()
            .filter_map(|entry| match entry.change.action {
                Action::TagContact { email, .. } => Some((entry.seq, email)),
                _ => None,
            })
            .unzip())
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
