//! Records that QuickBooks cannot deliver: what they are, where an owner finds them and what helps.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Page;
use crate::contacts::DocumentName;

/// Which page of them to list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UnreadableQuery {
    /// The company.
    pub company: String,
    /// The page.
    pub page: Page,
}

/// A page of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UnreadablePage {
    /// How many rows there are in all.
    pub total: u32,
    /// The rows of the page.
    pub rows: Vec<UnreadableRow>,
}

/// A record that QuickBooks cannot deliver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UnreadableRow {
    /// Names the row.
    pub key: String,
    /// Its kind.
    pub kind: RecordKind,
    /// Which one it is, where that is known.
    pub itself: Option<NamedRecord>,
    /// How many records this stands for: one, unless the search for it was given up.
    pub records: u32,
    /// The record of its kind that was entered just before it, where one is known.
    pub before: Option<NamedRecord>,
    /// The one that was entered just after it.
    pub after: Option<NamedRecord>,
    /// Why.
    pub why: UnreadableCode,
    /// QuickBooks' words.
    pub detail: Option<String>,
    /// When it was first met.
    #[ts(type = "string")]
    pub since: Timestamp,
}

/// A kind of record of QuickBooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RecordKind {
    /// A customer.
    Customer,
    /// An item.
    Item,
    /// An invoice.
    Invoice,
    /// A sales receipt.
    SalesReceipt,
    /// A credit memo.
    CreditMemo,
    /// A refund receipt.
    RefundReceipt,
    /// A payment.
    Payment,
}

/// Why a record cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum UnreadableCode {
    /// QuickBooks fails when it is asked for.
    Refused,
    /// It is too large for an answer.
    TooLarge,
    /// What arrived has no usable id, date or amount.
    Malformed,
}

/// A record of QuickBooks by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NamedRecord {
    /// A document's key, such as `inv_130`; the id of anything else.
    pub id: String,
    /// What the owner calls it, in English where it is a document.
    pub title: String,
    /// Which document it is.
    pub document: Option<DocumentName>,
    /// A document's date.
    #[ts(type = "string | null")]
    pub date: Option<Date>,
}
