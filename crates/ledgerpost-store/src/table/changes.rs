//! `changes`: the journal. A change is *sending* before its call is made and gets its outcome
//! together with the effects of the call, in one transaction.

mod read;
#[cfg(test)]
mod tests;
mod write;

use jiff::Timestamp;
use ledgerpost_core::change::{Change, Stage};

use crate::words::words;

const TABLE: &str = "changes";

words! {
    /// How a change ended, or how far it is.
    Outcome {
        /// Not begun.
        Planned = "planned",
        /// Its call may have been made.
        Sending = "sending",
        /// The service confirmed it.
        Done = "done",
        /// The service refused it.
        Failed = "failed",
        /// Nobody could find out whether it was done.
        Unknown = "unknown",
    }
}

/// A change in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalEntry {
    /// Its place in the plan, from 1.
    pub seq: u64,
    /// The change.
    pub change: Change,
    /// How it ended.
    pub outcome: Outcome,
    /// The service's words.
    pub detail: Option<String>,
    /// The batch it was sent in.
    pub batch: Option<String>,
    /// When its outcome was last known.
    pub at: Option<Timestamp>,
}

/// The outcome of one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// Its place in the plan.
    pub seq: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// The service's words.
    pub detail: Option<String>,
}

/// What a list of changes is filtered by. No `Debug`: it holds personal data.
pub struct ChangeHeading<'r> {
    /// Its place in the plan, from 1.
    pub seq: u64,
    /// Its stage.
    pub stage: Stage,
    /// How it ended.
    pub outcome: Outcome,
    /// The key of the record.
    pub key: &'r str,
    /// What the owner calls the record.
    pub title: &'r str,
}

/// Which changes of a run to list; `None` is no restriction.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChangeFilter {
    /// Only with this outcome.
    pub outcome: Option<Outcome>,
    /// Only of this kind ([`ledgerpost_core::change::Action::code`]).
    pub code: Option<String>,
    /// Only of this stage.
    pub stage: Option<Stage>,
}

/// How many changes of a kind ended in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeCount {
    /// [`ledgerpost_core::change::Action::code`].
    pub code: String,
    /// How they ended.
    pub outcome: Outcome,
    /// How many.
    pub count: u64,
}

/// The order of the stages, as a number to sort by.
const fn stage_number(stage: Stage) -> i64 {
    match stage {
        Stage::Store => 0,
        Stage::Products => 1,
        Stage::Contacts => 2,
        Stage::Tags => 3,
        Stage::Orders => 4,
        Stage::Finish => 5,
    }
}

const fn stage_of(number: i64) -> Option<Stage> {
    Some(match number {
        0 => Stage::Store,
        1 => Stage::Products,
        2 => Stage::Contacts,
        3 => Stage::Tags,
        4 => Stage::Orders,
        5 => Stage::Finish,
        _ => return None,
    })
}
