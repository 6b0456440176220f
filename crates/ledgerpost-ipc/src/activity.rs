//! Activity: runs, and every change with the value before and after.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::contacts::DocumentName;
use crate::review::{Field, FieldChange};
use crate::{CodeWord, ErrorCode, FileFormat, Money, Page};

/// What a run was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RunKind {
    /// A sync.
    Sync,
    /// Takes back an earlier run.
    Undo,
    /// Disconnecting.
    Disconnect,
}

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RunState {
    /// Its plan waits for a yes.
    Waits,
    /// A plan that was only looked at: nothing of it was sent, and the next sync makes its own.
    Planned,
    /// Under way, or cut off and to be gone on with.
    Unfinished,
    /// Complete; single changes may have been refused.
    Done,
    /// Ended by an error.
    Failed,
    /// Ended by the owner.
    Stopped,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunRow {
    /// Its id.
    pub run: String,
    /// What for.
    pub kind: RunKind,
    /// How it stands.
    pub state: RunState,
    /// When it began.
    #[ts(type = "string")]
    pub started_at: Timestamp,
    /// When it ended.
    #[ts(type = "string | null")]
    pub finished_at: Option<Timestamp>,
    /// Changes that were made.
    pub sent: u32,
    /// Changes that were refused.
    pub refused: u32,
    /// Whether it can be undone.
    pub can_undo: bool,
    /// The run that took it back.
    pub undone_by: Option<String>,
    /// What ended it: the program's own word, for support.
    pub failure: Option<String>,
    /// What ended it.
    pub error: Option<ErrorCode>,
}

/// Which runs to list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunQuery {
    /// The company.
    pub company: String,
    /// The page.
    pub page: Page,
}

/// A page of runs, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunPage {
    /// How many there are.
    pub total: u32,
    /// The rows of the page.
    pub rows: Vec<RunRow>,
    /// When the first one began.
    #[ts(type = "string | null")]
    pub since: Option<Timestamp>,
}

/// What was done to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ActionCode {
    /// The store was set up.
    CreateStore,
    /// The store was marked as loading.
    StartSyncing,
    /// The store was marked as ready.
    StopSyncing,
    /// The store was removed.
    RemoveStore,
    /// A product was added.
    CreateProduct,
    /// A product was changed.
    UpdateProduct,
    /// A contact was added.
    CreateContact,
    /// A contact was changed.
    UpdateContact,
    /// A contact got its new address.
    MoveContact,
    /// A contact was archived.
    ArchiveContact,
    /// A contact got a tag.
    TagContact,
    /// A tag was taken from a contact.
    UntagContact,
    /// An order was added.
    CreateOrder,
    /// An order was changed.
    UpdateOrder,
    /// An order was removed.
    RemoveOrder,
}

/// How a change ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ChangeOutcome {
    /// Not begun.
    Planned,
    /// Its call may have been made.
    Sending,
    /// Confirmed.
    Done,
    /// Refused.
    Refused,
    /// Nobody could find out whether it was done; the next read tells.
    Unknown,
}

/// Kinds of records to filter changes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ChangeKind {
    /// Contacts and their tags.
    Contacts,
    /// Orders.
    Orders,
    /// Products.
    Products,
    /// The store itself.
    Store,
}

/// Which changes of a run to list; empty and `null` are no restriction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeQuery {
    /// The company.
    pub company: String,
    /// The run.
    pub run: String,
    /// Words of the name or number.
    pub text: String,
    /// Words for kinds of documents ([`crate::contacts::DocumentKind`]), in the window's language: they
    /// are searched too, and files have them.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub documents: Option<Vec<CodeWord>>,
    /// Only these kinds.
    pub kinds: Vec<ChangeKind>,
    /// Only with this outcome.
    pub outcome: Option<ChangeOutcome>,
    /// The page.
    pub page: Page,
}

/// A page of changes, in the order they were made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangePage {
    /// How many fit in all.
    pub total: u32,
    /// The rows of the page.
    pub rows: Vec<ChangeRow>,
}

/// Why a change was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// In QuickBooks, not yet in Mailchimp.
    New,
    /// In both; the first time the two are tied.
    FirstMatch,
    /// Changed in QuickBooks.
    Changed,
    /// The address changed in QuickBooks.
    EmailChanged,
    /// Deleted in QuickBooks.
    Deleted,
    /// Voided in QuickBooks, or its total became 0.
    Voided,
    /// The settings leave it out now.
    NoLongerSent,
    /// Takes back an earlier run.
    Undo,
    /// Part of disconnecting.
    Disconnect,
    /// Needed by the changes around it.
    Needed,
}

/// Why a change was not made, or what was left out of it, where no service said anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RemarkCode {
    /// It did not arrive; the next sync tries again.
    NextRound,
    /// The address has come into the audience meanwhile; the next sync goes by that.
    ThereMeanwhile,
    /// Its contact may not be written to.
    ContactClosed,
    /// The store in Mailchimp is gone.
    StoreGone,
    /// Mailchimp does not have the record.
    NotThere,
    /// Mailchimp has it already.
    ThereAlready,
    /// Only the person can sign up again.
    OnlyThePerson,
    /// Mailchimp does not take the address.
    AddressRefused,
    /// Mailchimp does not take a value of the record.
    ValueRefused,
    /// Mailchimp's answer was none.
    NoAnswer,
    /// Mailchimp refused it and did not say why.
    RefusedSilently,
}

/// A change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeRow {
    /// Its place in the run, from 1.
    pub seq: u32,
    /// What was done.
    pub action: ActionCode,
    /// Why.
    pub reason: ReasonCode,
    /// What the owner calls the record: a name, or `Invoice 4501` in English.
    pub title: String,
    /// The document that the order was made from.
    pub document: Option<DocumentName>,
    /// The customer it belongs to, for orders.
    pub subtitle: Option<String>,
    /// The customer's id, to open their detail.
    pub customer: Option<String>,
    /// Fields, with the value before and after.
    pub fields: Vec<FieldChange>,
    /// An order's total before and after, or a product's price.
    pub money_before: Option<Money>,
    /// After.
    pub money_after: Option<Money>,
    /// How it ended.
    pub outcome: ChangeOutcome,
    /// The service's words.
    pub detail: Option<String>,
    /// Our own, where no service said anything.
    pub remark: Option<RemarkCode>,
    /// Fields that were left out, since the service refused them: what it said is about these.
    pub without: Vec<Field>,
    /// When.
    #[ts(type = "string | null")]
    pub at: Option<Timestamp>,
}

/// Names one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunRef {
    /// The company.
    pub company: String,
    /// The run.
    pub run: String,
}

/// What undoing a run would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UndoPreview {
    /// The run.
    pub run: String,
    /// What would be done, by kind.
    pub changes: Vec<ActionCount>,
    /// What would stay, and why.
    pub kept: Vec<KeptCount>,
    /// What would go together with the store, when the run created it.
    pub with_store: Option<StoreContents>,
}

/// What the store in Mailchimp holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StoreContents {
    /// Orders, those of later runs too.
    pub orders: u32,
    /// Products.
    pub products: u32,
}

/// How many changes of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActionCount {
    /// The kind.
    pub action: ActionCode,
    /// How many.
    pub count: u32,
}

/// Why something stays although the run is undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeptCount {
    /// Why.
    pub why: KeptCode,
    /// How many.
    pub count: u32,
}

/// Why something stays although its run is undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeptCode {
    /// A later run or a person changed the record since.
    ChangedSince,
    /// The record is gone.
    Gone,
    /// The person has unsubscribed since; archiving would forget it.
    SaidNo,
    /// Mailchimp does not archive a contact in this state.
    CannotArchive,
    /// Products stay: orders may refer to them.
    Product,
    /// An archived contact is not brought back.
    Archived,
    /// The store is rebuilt by connecting again, not by undo.
    Store,
    /// A switch that takes itself back.
    Passing,
}

/// Saves the changes of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SaveChanges {
    /// Which; its page is ignored.
    pub query: ChangeQuery,
    /// Headings in the window's language: time, what, record, customer, field, before, after, result, why,
    /// said by the service. English without them.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub headings: Option<Vec<String>>,
    /// Words for actions, fields, results and reasons, in the window's language; without them the file has
    /// the wire's. JSON always has those.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub words: Option<Vec<CodeWord>>,
    /// How.
    pub format: FileFormat,
}
