//! Sends writes, a few by themselves and many as a batch, and records what became of them.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::{StreamExt as _, pin_mut, stream};
use ledgerpost_core::ids::RunId;
use ledgerpost_core::retry::Retry;
use ledgerpost_mailchimp::batches::{BatchId, Operation, Outcome as BatchOutcome};
use ledgerpost_mailchimp::{Error as MailchimpError, Reason, Refusal, Write};
use ledgerpost_store::{Effect, Finished, JournalEntry, Outcome};

use tokio::time::Instant;

use super::settle::{self, FollowUp, Settled};
use crate::engine::{Engine, Written};
use crate::error::EngineError;
use crate::progress::Phase;

/// Up to this many writes go by themselves: a batch takes three requests and longer.
const FEW: usize = 3;
/// How long a batch may take. Its changes stay *sending* after that, and the next sync settles them.
pub(crate) const BATCH_DEADLINE: Duration = Duration::from_secs(30 * 60);
/// How many of a few, or of the follow-ups, are under way at once.
const AT_ONCE: usize = 4;

/// How many outcomes are recorded in one go.
const RECORDED: usize = 250;

/// A change and the writes that make it.
#[derive(Debug)]
pub(crate) struct Job {
    /// The change's number.
    pub(crate) seq: u64,
    /// Writes that have to be done before the others; a record that is gone already counts as done.
    pub(crate) first: Vec<Write>,
    /// The others, none of which depends on another.
    pub(crate) then: Vec<Write>,
}

impl Job {
    /// A change that is made by independent writes.
    pub(crate) fn new(seq: u64, writes: Vec<Write>) -> Self {
        Self {
            seq,
            first: Vec::new(),
            then: writes,
        }
    }
}

/// What became of a change's writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sent {
    /// All were done.
    Done,
    /// One was refused.
    Refused(Box<Refusal>),
    /// Nobody knows.
    Unknown,
}

impl Sent {
    /// The worse of two.
    fn and(self, other: Self) -> Self {
        match (&self, &other) {
            (Self::Done, _) => other,
            (_, Self::Done) | (Self::Refused(_), _) => self,
            (Self::Unknown, _) => other,
        }
    }
}

impl Engine {
    /// Sends the jobs and records their outcomes.
    pub(crate) async fn send(
        &self,
        run: &RunId,
        phase: Phase,
        jobs: Vec<Job>,
    ) -> Result<(), EngineError> {
        if jobs.is_empty() {
            return Ok(());
        }
        self.next_group().await?;
        let mut seqs = Vec::with_capacity(jobs.len());
        let (mut first, mut then) = (Vec::new(), Vec::new());
        for job in jobs {
            let seq = job.seq;
            first.extend(job.first.into_iter().map(|write| (seq, write)));
            then.extend(job.then.into_iter().map(|write| (seq, write)));
            seqs.push(seq);
        }
        self.mark_sending(run, &seqs, None)?;

        let mut sent: HashMap<u64, Sent> = HashMap::with_capacity(seqs.len());
        for (seq, outcome) in self.send_writes(run, &seqs, first).await? {
            // Removing what is gone is done.
            let gone =
                matches!(&outcome, Sent::Refused(refusal) if refusal.reason == Reason::NotFound);
            merge(&mut sent, seq, if gone { Sent::Done } else { outcome });
        }
        then.retain(|(seq, _)| sent.get(seq).is_none_or(|outcome| *outcome == Sent::Done));
        for (seq, outcome) in self.send_writes(run, &seqs, then).await? {
            merge(&mut sent, seq, outcome);
        }
        self.record(run, phase, &seqs, &sent).await
    }

    /// Sends writes; each outcome carries its change's number. Takes the writes, because thousands
    /// of bodies should not be in memory twice.
    async fn send_writes(
        &self,
        run: &RunId,
        seqs: &[u64],
        writes: Vec<(u64, Write)>,
    ) -> Result<Vec<(u64, Sent)>, EngineError> {
        if writes.len() <= FEW {
            let client = self.mailchimp();
            return stream::iter(writes)
                .map(|(seq, write)| async move {
                    outcome_of(client.write(&write).await).map(|sent| (seq, sent))
                })
                .buffered(AT_ONCE)
                .collect::<Vec<_>>()
                .await
                .into_iter()
                .collect();
        }
        let mut numbers: HashMap<u64, usize> = HashMap::new();
        let mut ids = Vec::with_capacity(writes.len());
        let mut operations = Vec::with_capacity(writes.len());
        for (seq, write) in writes {
            let number = numbers.entry(seq).or_default();
            let id = operation_id(seq, *number);
            *number += 1;
            operations.push(Operation::new(id.clone(), write));
            ids.push((seq, id));
        }
        let batch = self.mailchimp().submit_batch(operations).await?;
        self.mark_sending(run, seqs, Some(batch.id.as_str()))?;
        let texts: Vec<&str> = ids.iter().map(|(_, id)| id.as_str()).collect();
        let outcomes = self.batch_outcomes(&batch.id, &texts).await?;
        Ok(ids.iter().map(|(seq, _)| *seq).zip(outcomes).collect())
    }

    /// Waits for a batch and reads its results, in the order of the operations.
    async fn batch_outcomes(
        &self,
        batch: &BatchId,
        ids: &[&str],
    ) -> Result<Vec<Sent>, EngineError> {
        let outcomes = tokio::select! {
            outcomes = self.finish_batch(batch, ids) => outcomes?,
            () = self.stop_requested() => return Err(EngineError::Stopped),
        };
        outcomes.into_iter().map(from_batch).collect()
    }

    /// Waits for a batch and fetches its outcomes, in the order of the ids.
    pub(crate) async fn finish_batch(
        &self,
        batch: &BatchId,
        ids: &[&str],
    ) -> Result<Vec<BatchOutcome>, EngineError> {
        let finished = self
            .mailchimp()
            .wait_for_batch(batch, ids.len(), BATCH_DEADLINE)
            .await?;
        Ok(self.mailchimp().fetch_outcomes(&finished, ids).await?)
    }

    /// Records the outcomes of changes, after the follow-ups that some of them need. The changes are
    /// taken from the journal again: thousands of them should not wait in memory for their outcome.
    pub(crate) async fn record(
        &self,
        run: &RunId,
        phase: Phase,
        seqs: &[u64],
        sent: &HashMap<u64, Sent>,
    ) -> Result<(), EngineError> {
        if matches!(phase, Phase::Contacts | Phase::Records | Phase::Tags) {
            self.people_written.set(Some(Written {
                at: Instant::now(),
                date: self.mailchimp().latest_date(),
            }));
        }
        let mut follow_ups = Vec::new();
        for seqs in seqs.chunks(RECORDED) {
            // First what is certain: a crash during the follow-ups must not lose it.
            follow_ups.extend(self.record_certain(run, phase, seqs, sent)?);
        }
        let results = stream::iter(follow_ups)
            .map(|(entry, follow_up)| async move {
                let result = settle::follow_up(self, &entry, follow_up).await;
                (entry, result)
            })
            .buffer_unordered(AT_ONCE);
        pin_mut!(results);
        // Each is recorded at once: its effects are those of this moment.
        while let Some((entry, result)) = results.next().await {
            let (outcome, detail, effects): (Outcome, Option<String>, Vec<Effect>) = result?;
            let effects: Vec<Effect> = effects
                .into_iter()
                .map(|effect| self.with_run(effect, run))
                .collect();
            let finished = Finished {
                seq: entry.seq,
                outcome,
                detail,
            };
            self.finish(run, &[finished], &effects)?;
            self.tell_settled(phase, &entry.change, outcome);
            self.advance(phase, 1);
        }
        Ok(())
    }

    /// Records what needs no follow-up and gives back what does.
    fn record_certain(
        &self,
        run: &RunId,
        phase: Phase,
        seqs: &[u64],
        sent: &HashMap<u64, Sent>,
    ) -> Result<Vec<(JournalEntry, FollowUp)>, EngineError> {
        let mut finished = Vec::with_capacity(seqs.len());
        let mut effects = Vec::new();
        let mut follow_ups = Vec::new();
        let mut settled = Vec::with_capacity(seqs.len());
        for entry in self.store().changes_at(run, seqs)? {
            // A change without any write has nothing that could have failed.
            let outcome = sent.get(&entry.seq).unwrap_or(&Sent::Done);
            match settle::settle(self, &entry, outcome)? {
                Settled::Final(outcome, detail, made) => {
                    settled.push((entry.change, outcome));
                    finished.push(Finished {
                        seq: entry.seq,
                        outcome,
                        detail,
                    });
                    effects.extend(made.into_iter().map(|effect| self.with_run(effect, run)));
                }
                Settled::FollowUp(follow_up) => follow_ups.push((entry, follow_up)),
            }
        }
        self.finish(run, &finished, &effects)?;
        for (change, outcome) in &settled {
            self.tell_settled(phase, change, *outcome);
        }
        self.advance(phase, finished.len());
        Ok(follow_ups)
    }
}

/// The id of a change's `number`-th write in a batch. After a crash the results are matched by it.
fn operation_id(seq: u64, number: usize) -> String {
    format!("{seq}.{number}")
}

/// The ids that a change's writes had in the batch that carried them. An order that is replaced is
/// left out: its two steps had the same ids in two batches.
pub(crate) fn operation_ids(engine: &Engine, entry: &JournalEntry) -> Vec<(u64, String)> {
    let writes = match engine.job_of(entry) {
        Ok(job) if job.first.is_empty() => job.then.len(),
        Ok(_) | Err(_) => 0,
    };
    (0..writes)
        .map(|number| (entry.seq, operation_id(entry.seq, number)))
        .collect()
}

/// The outcome of an operation.
pub(crate) fn from_batch(outcome: BatchOutcome) -> Result<Sent, EngineError> {
    match outcome {
        BatchOutcome::Done => Ok(Sent::Done),
        BatchOutcome::Refused(refusal) => refused(*refusal),
        BatchOutcome::Unreported => Ok(Sent::Unknown),
    }
}

pub(crate) fn merge(sent: &mut HashMap<u64, Sent>, seq: u64, outcome: Sent) {
    let merged = match sent.remove(&seq) {
        Some(before) => before.and(outcome),
        None => outcome,
    };
    sent.insert(seq, merged);
}

/// The outcome of a call: what concerns one record is an outcome, the rest stops the run.
pub(crate) fn outcome_of(result: Result<(), MailchimpError>) -> Result<Sent, EngineError> {
    match result {
        Ok(()) => Ok(Sent::Done),
        Err(MailchimpError::Refused(refusal)) => refused(refusal),
        Err(MailchimpError::OutcomeUnknown { .. }) => Ok(Sent::Unknown),
        Err(error) => Err(error.into()),
    }
}

/// A refusal of one record is an outcome; one of the whole connection stops the run; one that passes
/// is not known to be an answer to the record.
fn refused(refusal: Refusal) -> Result<Sent, EngineError> {
    if refusal.reason.stops_everything() {
        return Err(MailchimpError::Refused(refusal).into());
    }
    Ok(match refusal.reason.retry() {
        Retry::Transient { .. } | Retry::Offline => Sent::Unknown,
        Retry::Permanent | Retry::SignIn => Sent::Refused(Box::new(refusal)),
    })
}
