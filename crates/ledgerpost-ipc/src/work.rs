//! Work that takes a while, and the one stream of messages to the window.
//!
//! At most one piece of work runs at a time. The window opens one stream; its first message is a
//! [`Message::Snapshot`], so that a window that was reloaded misses nothing.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::WireError;
use crate::setup::{ConnectedCompany, MailchimpAccount};

/// What the program tells the window unasked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Message {
    /// The first message: the work as it stands.
    Snapshot {
        /// The latest work, running or over; nothing after a fresh start.
        work: Option<Work>,
    },
    /// A piece of work began, moved on or ended. A message replaces the one before it.
    Work {
        /// The work.
        work: Work,
    },
    /// Something changed that the window may be showing: ask for it again.
    Changed {
        /// What.
        topics: Vec<Topic>,
    },
    /// Go to a place: something outside the window (tray, notification) asked for it.
    Open {
        /// Where.
        place: Place,
    },
}

/// What can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Topic {
    /// Companies, preferences, keys, draft.
    Start,
    /// The state of a connection: health, totals, attention.
    Home,
    /// Contacts.
    Contacts,
    /// Runs.
    Activity,
}

/// A place in the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Place {
    /// Home.
    Home,
    /// Settings.
    Settings,
}

/// A piece of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Work {
    /// Counts up from 1 since the start of the program.
    pub id: u32,
    /// What it is for.
    pub task: Task,
    /// The company, where there is one.
    pub company: Option<String>,
    /// Whether the schedule began it, not the owner.
    pub by_itself: bool,
    /// When it began.
    #[ts(type = "string")]
    pub started_at: Timestamp,
    /// How it stands.
    pub state: WorkState,
}

/// What work is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Task {
    /// Signing in to QuickBooks.
    SignInQuickbooks,
    /// Signing in to Mailchimp.
    SignInMailchimp,
    /// Reading QuickBooks during set-up, for counts.
    ReadCompany,
    /// A dry run.
    Plan,
    /// A sync.
    Sync,
    /// Reading back and comparing.
    Reconcile,
    /// Working out what an undo would do.
    PreviewUndo,
    /// An undo.
    Undo,
    /// Disconnecting.
    Disconnect,
}

/// How work stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum WorkState {
    /// A sign-in waits for the browser.
    WaitingForBrowser {
        /// The address of the service's sign-in page, to open by hand. Holds no secret.
        address: String,
        /// Until when an answer is accepted.
        #[ts(type = "string")]
        until: Timestamp,
        /// Whether the browser could not be opened.
        no_browser: bool,
        /// Set when the text that was pasted is of no use.
        pasted: Option<WireError>,
    },
    /// A sign-in got its answer and is asking the service for the account.
    FinishingSignIn,
    /// Under way.
    Running {
        /// How far.
        progress: Progress,
    },
    /// The owner paused it; it holds between two groups of records.
    Paused {
        /// How far.
        progress: Progress,
    },
    /// Ending after the group of records it is on.
    Stopping {
        /// How far.
        progress: Progress,
    },
    /// Done.
    Done {
        /// What came of it.
        outcome: Outcome,
    },
    /// Ended by the owner; what was sent stays sent and the next sync goes on from there.
    Stopped,
    /// Ended by an error; nothing is lost.
    Failed {
        /// Which.
        error: WireError,
    },
}

/// What came of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Outcome {
    /// Signed in to a company.
    Company {
        /// Which.
        company: ConnectedCompany,
    },
    /// Signed in to a Mailchimp account.
    Account {
        /// Which.
        account: MailchimpAccount,
    },
    /// The dry run can be read with `read_review`.
    Planned,
    /// Everything was sent that could be; `run` is missing when there was nothing to do.
    Synced {
        /// The last run.
        run: Option<String>,
        /// Changes made.
        sent: u32,
        /// Changes that Mailchimp refused.
        refused: u32,
    },
    /// The plan waits for a yes: it is unusually large, or would do what needs agreement.
    NeedsYes {
        /// How many changes it has.
        changes: u32,
    },
    /// Both sides were compared.
    Reconciled,
    /// What undoing would do.
    UndoPreview {
        /// It.
        preview: crate::activity::UndoPreview,
    },
    /// The run was taken back.
    Undone {
        /// The run that did it.
        run: Option<String>,
    },
    /// Disconnected.
    Disconnected {
        /// How it ended.
        result: crate::leave::Disconnected,
    },
    /// QuickBooks was read.
    Read,
}

/// A part of a run, in the order of the table on the progress screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Phase {
    /// Settles what a run that was cut off left open.
    Recover,
    /// Reads QuickBooks.
    ReadQuickbooks,
    /// Reads Mailchimp (and keeps a copy of the audience on this computer).
    ReadMailchimp,
    /// Works out the plan.
    Plan,
    /// Sets up the store.
    Store,
    /// Sends products and updates contacts.
    Records,
    /// Adds contacts.
    Contacts,
    /// Tags contacts.
    Tags,
    /// Sends orders.
    Orders,
    /// Reads back and compares.
    Verify,
}

/// How far a phase is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PhaseProgress {
    /// Which.
    pub phase: Phase,
    /// Records finished.
    pub done: u32,
    /// Records in all, once known.
    pub total: Option<u32>,
    /// Records that the service refused.
    pub refused: u32,
    /// When it began; nothing while it waits.
    #[ts(type = "string | null")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[ts(type = "string | null")]
    pub ended_at: Option<Timestamp>,
}

/// How far a run is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// The phases that this run has or had, in order; those to come have no start.
    pub phases: Vec<PhaseProgress>,
    /// Records sent, over the phases that send.
    pub done: u32,
    /// Records to send; nothing while reading.
    pub total: Option<u32>,
    /// Seconds left, from the speed so far; nothing until there is a speed to go by.
    pub seconds_left: Option<u32>,
    /// Which service holds it up; nothing when none does.
    pub held_up: Option<HeldUp>,
    /// The latest records, newest first, at most five.
    pub latest: Vec<LatestRecord>,
}

/// Why a run is slower than it could be, or waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum HoldUp {
    /// The service asked for slower requests.
    AskedForSlower,
    /// The service lets a request wait for its answer; Ledgerpost keeps waiting.
    SlowAnswer,
    /// The service was not reached, or did not answer; it is tried again.
    NoConnection,
}

/// A service holds up a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HeldUp {
    /// Why.
    pub why: HoldUp,
    /// Which.
    pub service: crate::settings::Service,
    /// Since when.
    #[ts(type = "string")]
    pub since: Timestamp,
}

/// A record that was just sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LatestRecord {
    /// What the owner calls it: a name, or `Invoice 4501` in English.
    pub title: String,
    /// The document that the order was made from.
    pub document: Option<crate::contacts::DocumentName>,
    /// What was done.
    pub action: crate::activity::ActionCode,
    /// When.
    #[ts(type = "string")]
    pub at: Timestamp,
}
