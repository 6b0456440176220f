//! One customer with all that is known of them.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ContactRow, MemberStatus, SkipCode};
use crate::Money;
use crate::activity::ChangeRow;

/// Everything about one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContactDetail {
    /// As in the list.
    pub row: ContactRow,
    /// What the owner typed or a service said about why they stay out.
    pub reason_detail: Option<String>,
    /// Documents that stay out with them.
    pub documents_left_out: u32,
    /// What those amount to.
    pub documents_left_out_total: Option<Money>,
    /// The customer whose contact they belong to.
    pub belongs_to: Option<Named>,
    /// Customers that share this contact.
    pub shared_with: Vec<Named>,
    /// Field by field.
    pub sides: Vec<Side>,
    /// Whether they are in Mailchimp at all.
    pub in_mailchimp: bool,
    /// The latest documents, newest first, at most 100.
    pub orders: Vec<OrderRow>,
    /// What was done to them, newest first, at most 100.
    pub history: Vec<HistoryRow>,
    /// Who set which status, newest first.
    pub consents: Vec<ConsentRow>,
    /// Whether the owner told Ledgerpost to leave them alone.
    pub left_alone_by_owner: bool,
    /// The sign-up form of the audience, when nobody but the person can bring them back.
    pub sign_up_form: Option<String>,
}

/// A customer by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Named {
    /// The customer's id.
    pub customer: String,
    /// Their name.
    pub name: String,
}

/// A field on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Side {
    /// Which.
    pub field: SideField,
    /// In QuickBooks.
    pub quickbooks: Option<String>,
    /// In Mailchimp.
    pub mailchimp: Option<String>,
    /// Whether they differ where they should not.
    pub differs: bool,
}

/// A field of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SideField {
    /// Full name.
    Name,
    /// E-mail address.
    Email,
    /// Address, on one line.
    Address,
    /// Phone.
    Phone,
}

/// A document of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OrderRow {
    /// Its key, such as `inv_130`.
    pub document: String,
    /// Invoice or sales receipt.
    pub kind: DocumentKind,
    /// Its number, as the owner sees it.
    pub number: Option<String>,
    /// Its date.
    #[ts(type = "string")]
    pub date: Date,
    /// Its total, less credits.
    pub total: Money,
    /// Whether it is an order in Mailchimp.
    pub sent: bool,
    /// Why it is not.
    pub reason: Option<SkipCode>,
}

/// A kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum DocumentKind {
    /// An invoice.
    Invoice,
    /// A sales receipt.
    SalesReceipt,
    /// A credit memo.
    CreditMemo,
    /// A refund receipt.
    RefundReceipt,
}

/// What a document is called, in parts: the window has the words for its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DocumentName {
    /// Its kind.
    pub kind: DocumentKind,
    /// Its number, or QuickBooks' id where it has none.
    pub number: String,
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HistoryRow {
    /// The run.
    pub run: String,
    /// When.
    #[ts(type = "string | null")]
    pub at: Option<Timestamp>,
    /// What.
    pub change: ChangeRow,
}

/// Who set which status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConsentRow {
    /// When.
    #[ts(type = "string")]
    pub at: Timestamp,
    /// The status.
    pub status: MemberStatus,
    /// On what grounds, in the owner's words; ours are in English.
    pub grounds: Option<String>,
    /// The parts of the grounds where they are ours.
    pub basis: Option<Basis>,
}

/// Grounds of a status where the owner wrote none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Basis {
    /// What holds for all new contacts.
    AllNew,
    /// Not above the status that the person had under a former address.
    FormerAddress,
    /// A rule.
    Rule {
        /// Whom it is for.
        when: crate::setup::RuleCondition,
    },
    /// The run that had added the contact was taken back.
    TakenBack,
}
