//! Runs and their changes.

use ledgerpost_core::change::Stage;
use ledgerpost_core::ids::{CustomerId, RunId};
use ledgerpost_core::source::{DocumentKey, DocumentKind};
use ledgerpost_ipc::activity::{
    ChangeKind, ChangeOutcome, ChangePage, ChangeQuery, ChangeRow, RunKind, RunPage, RunQuery,
    RunRow, RunState,
};
use ledgerpost_store::{
    ChangeHeading, CompanyStore, Error as StoreError, JournalEntry, Outcome, Run,
    RunKind as StoredKind, RunState as StoredState,
};

use super::Look;
use super::changes::{change_row, is_order};
use super::codes::{document_kind, failure_code};
use super::convert::count;
use super::error::LookError;
use super::order::sort_key;
use super::save::kind_word;

/// The longest page.
const LONGEST_PAGE: u32 = 500;

impl Look {
    /// A page of runs, newest first. `waits` says whether a plan that is there waits for the owner's
    /// yes.
    ///
    /// # Errors
    /// The file's.
    pub fn list_runs(&self, query: &RunQuery, waits: bool) -> Result<RunPage, LookError> {
        let (total, since) = self.store.run_span()?;
        let limit = query.page.limit.min(LONGEST_PAGE);
        let runs = self
            .store
            .runs_page(query.page.offset as usize, limit as usize)?;
        let rows = runs
            .iter()
            .map(|run| {
                let row = self.run_row(run)?;
                let state = match row.state {
                    RunState::Planned if waits => RunState::Waits,
                    state => state,
                };
                Ok(RunRow { state, ..row })
            })
            .collect::<Result<_, LookError>>()?;
        Ok(RunPage {
            total: count(total),
            rows,
            since,
        })
    }

    pub(super) fn run_row(&self, run: &Run) -> Result<RunRow, LookError> {
        let (mut sent, mut refused) = (0, 0);
        for (outcome, changes) in self.store.outcome_counts(&run.id)? {
            match outcome {
                Outcome::Done => sent += changes,
                Outcome::Failed | Outcome::Unknown => refused += changes,
                Outcome::Planned | Outcome::Sending => {}
            }
        }
        Ok(RunRow {
            run: run.id.as_str().to_owned(),
            kind: match run.kind {
                StoredKind::Sync => RunKind::Sync,
                StoredKind::Undo => RunKind::Undo,
                StoredKind::Disconnect => RunKind::Disconnect,
            },
            state: match run.state {
                StoredState::Planned => RunState::Planned,
                StoredState::Approved | StoredState::Applying | StoredState::Interrupted => {
                    RunState::Unfinished
                }
                StoredState::Done => RunState::Done,
                StoredState::Failed => RunState::Failed,
                StoredState::Stopped => RunState::Stopped,
            },
            started_at: run.started_at,
            finished_at: run.finished_at,
            sent: count(sent),
            refused: count(refused),
            can_undo: can_undo(run) && sent > 0,
            undone_by: run.undone_by.as_ref().map(ToString::to_string),
            failure: run.failure.clone(),
            error: run.failure.as_deref().map(failure_code),
        })
    }

    /// A page of the changes of a run, in the order they were made.
    ///
    /// # Errors
    /// [`LookError::NotFound`], and the file's.
    pub fn list_changes(&self, query: &ChangeQuery) -> Result<ChangePage, LookError> {
        let run = self.run_of(&query.run)?;
        let first = query.page.offset;
        let last = first.saturating_add(query.page.limit.min(LONGEST_PAGE));
        let (mut total, mut seqs) = (0, Vec::new());
        self.matching(&run, query, |seq| {
            if (first..last).contains(&total) {
                seqs.push(seq);
            }
            total += 1;
            Ok(())
        })?;
        let rows = seqs
            .into_iter()
            .map(|seq| self.row_at(&run, seq))
            .collect::<Result<_, _>>()?;
        Ok(ChangePage { total, rows })
    }

    /// Hands out every change that a query finds.
    pub(super) fn each_change(
        &self,
        query: &ChangeQuery,
        mut each: impl FnMut(ChangeRow) -> Result<(), LookError>,
    ) -> Result<(), LookError> {
        let run = self.run_of(&query.run)?;
        let mut seqs = Vec::new();
        self.matching(&run, query, |seq| {
            seqs.push(seq);
            Ok(())
        })?;
        seqs.into_iter()
            .try_for_each(|seq| each(self.row_at(&run, seq)?))
    }

    fn run_of(&self, id: &str) -> Result<RunId, LookError> {
        let run = self.store.run(&RunId::from(id))?;
        Ok(run.ok_or(LookError::NotFound { what: "run" })?.id)
    }

    fn row_at(&self, run: &RunId, seq: u64) -> Result<ChangeRow, LookError> {
        let entry = self
            .store
            .change(run, seq)?
            .ok_or(LookError::NotFound { what: "change" })?;
        self.change_row(&entry)
    }

    pub(super) fn change_row(&self, entry: &JournalEntry) -> Result<ChangeRow, LookError> {
        let kept = self.kept()?;
        Ok(change_row(&self.store, entry, &kept.about.currency)?)
    }

    fn matching(
        &self,
        run: &RunId,
        query: &ChangeQuery,
        mut found: impl FnMut(u64) -> Result<(), StoreError>,
    ) -> Result<(), LookError> {
        let words: Vec<String> = query.text.split_whitespace().map(sort_key).collect();
        let kinds: Vec<(DocumentKind, String)> = DocumentKind::ALL
            .into_iter()
            .filter_map(|kind| {
                let word = kind_word(query.documents.as_deref(), document_kind(kind))?;
                Some((kind, sort_key(word)))
            })
            .collect();
        Ok(self.store.each_change_heading(run, |heading| {
            let fits = (query.kinds.is_empty() || query.kinds.contains(&kind_of(heading.stage)))
                && query
                    .outcome
                    .is_none_or(|outcome| outcome == outcome_of(heading.outcome))
                && says(&self.store, heading, &words, &kinds)?;
            if fits { found(heading.seq) } else { Ok(()) }
        })?)
    }
}

/// Whether all words stand in the title or, for an order, in what its document is called in the window
/// or in the customer's name.
fn says(
    store: &CompanyStore,
    heading: &ChangeHeading<'_>,
    words: &[String],
    kinds: &[(DocumentKind, String)],
) -> Result<bool, StoreError> {
    if words.is_empty() {
        return Ok(true);
    }
    let mut text = sort_key(heading.title);
    if !words.iter().all(|word| text.contains(word)) && is_order(heading.stage) {
        let kind = kinds
            .iter()
            .find(|(kind, _)| heading.key.starts_with(kind.prefix()));
        if let Some((_, word)) = kind {
            text.push(' ');
            text.push_str(word);
        }
        let key = DocumentKey::from_stored(heading.key);
        if let Some(name) = customer_name(store, &key)? {
            text.push(' ');
            text.push_str(&sort_key(&name));
        }
    }
    Ok(words.iter().all(|word| text.contains(word)))
}

fn customer_name(store: &CompanyStore, key: &DocumentKey) -> Result<Option<String>, StoreError> {
    let customer: Option<CustomerId> = store.customer_of_document(key)?;
    customer.map_or(Ok(None), |id| store.customer_name(&id))
}

/// Only what changed something can be taken back, and a disconnect is by connecting again.
const fn can_undo(run: &Run) -> bool {
    match (run.kind, run.state) {
        (StoredKind::Disconnect, _) | (_, StoredState::Planned | StoredState::Approved) => false,
        (
            StoredKind::Sync | StoredKind::Undo,
            StoredState::Applying
            | StoredState::Interrupted
            | StoredState::Done
            | StoredState::Failed
            | StoredState::Stopped,
        ) => run.undone_by.is_none(),
    }
}

const fn kind_of(stage: Stage) -> ChangeKind {
    match stage {
        Stage::Store | Stage::Finish => ChangeKind::Store,
        Stage::Products => ChangeKind::Products,
        Stage::Contacts | Stage::Tags => ChangeKind::Contacts,
        Stage::Orders => ChangeKind::Orders,
    }
}

/// How a change ended.
pub(super) const fn outcome_of(outcome: Outcome) -> ChangeOutcome {
    match outcome {
        Outcome::Planned => ChangeOutcome::Planned,
        Outcome::Sending => ChangeOutcome::Sending,
        Outcome::Done => ChangeOutcome::Done,
        Outcome::Failed => ChangeOutcome::Refused,
        Outcome::Unknown => ChangeOutcome::Unknown,
    }
}
