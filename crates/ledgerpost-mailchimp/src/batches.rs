//! Batches: many writes in one request (`mailchimp.md` 2.3).
//!
//! A batch is submitted, waited for, and its results are fetched. *Finished* is not success: each
//! operation has an outcome of its own. Operations run in any order, so none may depend on another
//! one of the same batch.

pub mod requests;

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use ledgerpost_net::NetError;
use ledgerpost_net::http::header::{ACCEPT, ACCEPT_ENCODING, HeaderValue};
use ledgerpost_net::http::{Bytes, RequestSpec};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::archive::{OperationResult, read_archive};
use crate::client::{Client, is_safe};
use crate::error::Error;
use crate::page::Page;
use crate::refusal::Refusal;
use crate::request::Write;

/// The first wait for a small batch.
const FIRST_POLL: Duration = Duration::from_millis(150);
/// How much longer the first wait is for each operation.
const POLL_PER_OPERATION: Duration = Duration::from_micros(40);
/// How the waits grow.
const POLL_GROWTH: f64 = 1.6;
/// The longest wait (`mailchimp.md` 2.3).
const LONGEST_POLL: Duration = Duration::from_mins(1);
/// How often the results are asked for: they may be unavailable for a moment.
const FETCHES: u32 = 6;

/// A batch's id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BatchId(String);

impl BatchId {
    /// Takes an id that Mailchimp gave or the store kept.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One write of a batch.
#[derive(Debug, Clone)]
pub struct Operation {
    id: String,
    write: Write,
}

impl Operation {
    /// Makes an operation. The id is ours; the result carries it.
    pub fn new(id: impl Into<String>, write: Write) -> Self {
        Self {
            id: id.into(),
            write,
        }
    }

    /// The id.
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// How far a batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchState {
    /// Waits for its turn.
    Pending,
    /// Is being read.
    Preprocessing,
    /// Is running.
    Started,
    /// Its results are being packed.
    Finalizing,
    /// Its results can be fetched.
    Finished,
    /// A state that we do not know: not finished.
    #[serde(other)]
    Other,
}

/// A batch, as last read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Batch {
    /// Its id.
    pub id: BatchId,
    /// How far it is.
    #[serde(rename = "status")]
    pub state: BatchState,
    /// How many operations it has.
    #[serde(default)]
    pub total_operations: u64,
    /// How many are done.
    #[serde(default)]
    pub finished_operations: u64,
    /// How many of those were refused.
    #[serde(default)]
    pub errored_operations: u64,
    /// RFC 3339.
    #[serde(default)]
    pub submitted_at: Option<String>,
    /// A signed address: whoever has it can read the results, so it is not shown.
    #[serde(default, rename = "response_body_url")]
    results: ResultsAddress,
}

/// The signed address of a batch's results.
#[derive(Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(transparent)]
struct ResultsAddress(Option<String>);

impl std::fmt::Debug for ResultsAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() {
            "[address]"
        } else {
            "none"
        })
    }
}

impl ResultsAddress {
    fn url(&self) -> Option<Url> {
        let url = Url::parse(self.0.as_deref()?).ok()?;
        is_safe(&url).then_some(url)
    }
}

/// What became of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Mailchimp did it.
    Done,
    /// Mailchimp refused it.
    Refused(Box<Refusal>),
    /// The results do not mention it: read the record to find out.
    Unreported,
}

/// How long to wait before asking for the `attempt`-th time (from 0) whether a batch of so many
/// operations is finished: about as long as it takes at first, and half of what the `last` one took,
/// then ever longer.
pub fn poll_delay(operations: usize, last: Duration, attempt: u32) -> Duration {
    let operations = u32::try_from(operations).unwrap_or(u32::MAX);
    let first = FIRST_POLL
        .max(POLL_PER_OPERATION.saturating_mul(operations))
        .max(last / 2);
    let growth = POLL_GROWTH.powi(i32::try_from(attempt.min(64)).unwrap_or(64));
    LONGEST_POLL
        .min(Duration::try_from_secs_f64(first.as_secs_f64() * growth).unwrap_or(LONGEST_POLL))
}

#[derive(Deserialize)]
struct BatchPage {
    batches: Vec<Batch>,
    #[serde(default)]
    total_items: u64,
}

impl From<BatchPage> for Page<Batch> {
    fn from(page: BatchPage) -> Self {
        Self::new(page.batches, page.total_items)
    }
}

impl Client {
    /// Submits a batch.
    ///
    /// # Errors
    /// [`Error::OutcomeUnknown`] when the connection was lost: the batch may be running. Submitting
    /// it again does no harm as long as nothing newer was written in between, since each of our
    /// writes either does the same twice or is refused as already there.
    pub async fn submit_batch(&self, operations: Vec<Operation>) -> Result<Batch, Error> {
        let request = requests::submit_batch(&operations);
        drop(operations);
        self.read_large(request).await
    }

    /// Reads how far a batch is.
    pub async fn read_batch(&self, batch: &BatchId) -> Result<Batch, Error> {
        self.read(&requests::read_batch(batch)).await
    }

    /// Lists the batches that Mailchimp still knows, other applications' too.
    pub async fn list_batches(&self) -> Result<Vec<Batch>, Error> {
        self.read_all::<BatchPage, _>(requests::list_batches())
            .await
    }

    /// Stops a batch; the results of what already ran are lost.
    pub async fn stop_batch(&self, batch: &BatchId) -> Result<(), Error> {
        self.remove(&Write::new(requests::stop_batch(batch))).await
    }

    /// Waits until a batch is finished. Ends early when the client's cancel token is called or the
    /// future is dropped; the batch runs on.
    ///
    /// # Errors
    /// [`Error::BatchDeadline`] after `deadline`: it may still finish, ask again later.
    pub async fn wait_for_batch(
        &self,
        batch: &BatchId,
        operations: usize,
        deadline: Duration,
    ) -> Result<Batch, Error> {
        let started = Instant::now();
        let last = Duration::from_millis(self.last_batch.load(Ordering::Relaxed));
        let mut attempt = 0;
        loop {
            let left = deadline.saturating_sub(started.elapsed());
            tokio::select! {
                waited = self.pause(poll_delay(operations, last, attempt).min(left)) => waited?,
                // They run side by side: when one is done, the next may be as well.
                () = self.batch_finished.notified(), if attempt > 0 => {}
            }
            let found = self.read_batch(batch).await?;
            if found.state == BatchState::Finished {
                let took = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
                self.last_batch.store(took, Ordering::Relaxed);
                self.batch_finished.notify_one();
                return Ok(found);
            }
            if started.elapsed() >= deadline {
                return Err(Error::BatchDeadline { waited: deadline });
            }
            attempt += 1;
        }
    }

    /// Fetches what became of the operations of a finished batch, in the order of `operation_ids`.
    pub async fn fetch_outcomes(
        &self,
        batch: &Batch,
        operation_ids: &[&str],
    ) -> Result<Vec<Outcome>, Error> {
        let archive = self.fetch_archive(batch).await?;
        let results = tokio::task::spawn_blocking(move || {
            let mut results: HashMap<String, Outcome> = HashMap::new();
            read_archive(&archive, |result| keep(&mut results, result)).map(|()| results)
        })
        .await
        .map_err(|_| Error::ArchiveDamaged {
            reason: "reading them was interrupted",
        })?;
        let mut results = results?;
        Ok(operation_ids
            .iter()
            .map(|id| results.remove(*id).unwrap_or(Outcome::Unreported))
            .collect())
    }

    /// Downloads the result archive, packed. Its address is signed and refuses a second
    /// authorisation, so none is sent; it may be stale or not there yet, so it is asked for anew.
    async fn fetch_archive(&self, batch: &Batch) -> Result<Bytes, Error> {
        let mut address = batch.results.clone();
        let mut attempt = 0;
        loop {
            let error = match address.url() {
                None => Error::ResultsMissing,
                Some(url) => {
                    let spec = RequestSpec::get(url, "(batch results)")
                        .header(ACCEPT, HeaderValue::from_static("*/*"))
                        .header(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
                    match self.transport().send(&spec).await {
                        Ok(answer) if answer.status.is_success() => return Ok(answer.body),
                        Ok(answer) => Error::ResultsRefused {
                            status: answer.status.as_u16(),
                        },
                        Err(error) => NetError::from(error).into(),
                    }
                }
            };
            attempt += 1;
            if attempt >= FETCHES {
                return Err(error);
            }
            if !self.policy().cap.is_zero() {
                self.pause(poll_delay(0, Duration::ZERO, attempt)).await?;
            }
            address = self.read_batch(&batch.id).await?.results;
        }
    }
}

/// Keeps a result. Of two for the same operation the refusal counts: *done* must never hide one.
fn keep(results: &mut HashMap<String, Outcome>, result: OperationResult) {
    let Some(id) = result.operation_id else {
        return;
    };
    let refused = matches!(result.outcome, Outcome::Refused(_));
    if refused || !results.contains_key(&id) {
        results.insert(id, result.outcome);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_start_at_the_size_of_the_batch_and_grow_to_a_minute() {
        let none = Duration::ZERO;
        assert_eq!(poll_delay(1, none, 0), Duration::from_millis(150));
        assert_eq!(poll_delay(10_000, none, 0), Duration::from_millis(400));
        assert_eq!(poll_delay(1, none, 1), Duration::from_millis(240));
        assert_eq!(poll_delay(1, none, 1_000), Duration::from_mins(1));
        assert_eq!(poll_delay(usize::MAX, none, 0), Duration::from_mins(1));
    }

    #[test]
    fn waits_go_by_the_batch_before() {
        let slow = Duration::from_secs(30);
        assert_eq!(poll_delay(1, slow, 0), Duration::from_secs(15));
        assert_eq!(poll_delay(1, slow, 1), Duration::from_secs(24));
        assert_eq!(poll_delay(1, Duration::MAX, 0), Duration::from_mins(1));
    }

    #[test]
    fn a_refusal_is_never_hidden_by_a_second_result() {
        let refused = Outcome::Refused(Box::new(crate::classify(400, b"{}")));
        let result = |outcome| OperationResult {
            operation_id: Some("a".to_owned()),
            outcome,
        };
        for order in [
            [refused.clone(), Outcome::Done],
            [Outcome::Done, refused.clone()],
        ] {
            let mut results = HashMap::new();
            for outcome in order {
                keep(&mut results, result(outcome));
            }
            assert_eq!(results["a"], refused);
        }
    }
}
