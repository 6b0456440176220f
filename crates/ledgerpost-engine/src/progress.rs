//! What a run tells while it works: phases and exact counts.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use ledgerpost_core::source::DocumentName;
use serde::{Deserialize, Serialize};

/// A part of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Settles what a run that was cut off left open.
    Recover,
    /// Reads QuickBooks.
    ReadQuickBooks,
    /// Reads Mailchimp.
    ReadMailchimp,
    /// Works out the plan.
    Plan,
    /// Updates contacts and sends products, which share their batches.
    Records,
    /// Adds contacts.
    Contacts,
    /// Tags contacts.
    Tags,
    /// Sends orders.
    Orders,
    /// Opens or closes the store.
    Store,
    /// Reads back and compares.
    Verify,
}

impl Phase {
    /// Whether the two run side by side, so that their reports come mixed.
    pub const fn is_beside(self, other: Self) -> bool {
        const fn row(phase: Phase) -> u8 {
            match phase {
                Phase::Recover => 0,
                Phase::ReadQuickBooks | Phase::ReadMailchimp => 1,
                Phase::Plan => 2,
                Phase::Store => 3,
                Phase::Records | Phase::Contacts | Phase::Tags | Phase::Orders => 4,
                Phase::Verify => 5,
            }
        }
        row(self) == row(other)
    }
}

/// One report. `done` never goes down within a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The part of the run.
    pub phase: Phase,
    /// Records finished in this phase.
    pub done: u64,
    /// Records in this phase, once known.
    pub total: Option<u64>,
}

/// A record whose outcome is known now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled<'a> {
    /// What the owner calls it.
    pub title: &'a str,
    /// The parts of a document's title.
    pub document: Option<&'a DocumentName>,
    /// What was done ([`ledgerpost_core::change::Action::code`]).
    pub code: &'static str,
    /// Whether the service took it.
    pub taken: bool,
}

/// Where reports go. Called from the engine's task; must return at once.
pub trait Watch: Send + Sync {
    /// Takes a report.
    fn report(&self, progress: Progress);

    /// Takes what is about to be sent: changes by [`ledgerpost_core::change::Action::code`]. Comes
    /// once for each plan that is applied; a run may take several.
    fn planned(&self, changes: &BTreeMap<String, u64>) {
        let _ = changes;
    }

    /// Takes a record whose outcome is known.
    fn settled(&self, record: Settled<'_>) {
        let _ = record;
    }

    /// Waited for before each group of records. While the owner has paused the run, it does not end.
    fn go_on(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::ready(()))
    }
}

/// Takes reports and drops them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn report(&self, _progress: Progress) {}
}
