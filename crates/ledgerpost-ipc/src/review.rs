//! The dry run, as the owner reviews it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::contacts::{DocumentName, SkipCode};
use crate::setup::MarketingStatus;
use crate::{CodeWord, FileFormat, Money, Page};

/// A dry run. `total = new + updated + same + share_email + left_alone`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Review {
    /// Names this very plan; connecting needs it, so that what was seen is what is sent.
    pub plan: String,
    /// When both services were read.
    #[ts(type = "string")]
    pub read_at: Timestamp,
    /// The customers by what happens to them.
    pub customers: CustomerFigures,
    /// The five kinds of data, in order: names, addresses, invoices, sales receipts, items.
    pub data: Vec<DataRow>,
    /// Worth a look.
    pub findings: Vec<Finding>,
    /// New contacts by the status they get.
    pub new_by_status: Vec<StatusCount>,
    /// Telling examples, at most six, of different kinds.
    pub examples: Vec<ReviewRow>,
    /// The bill.
    pub bill: Bill,
    /// How many contacts *Connect* sends: new, updated and already the same (they get the tag and their orders).
    pub contacts: u32,
    /// Changes in all.
    pub changes: u32,
}

/// Customers by what happens to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CustomerFigures {
    /// All of them.
    pub total: u32,
    /// Become new contacts.
    pub new: u32,
    /// Are in the audience and change.
    pub updated: u32,
    /// Are in the audience and stay as they are.
    pub same: u32,
    /// Belong to a contact that is named after another customer.
    pub share_email: u32,
    /// Stay out.
    pub left_alone: u32,
}

/// A kind of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum DataKind {
    /// Full names.
    Names,
    /// Postal addresses.
    Addresses,
    /// Invoices.
    Invoices,
    /// Sales receipts.
    SalesReceipts,
    /// Items.
    Items,
}

/// One kind of data. `there = sent + not_sent`, and `not_sent` is the sum of `reasons`, `share_email` and
/// `incomplete`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DataRow {
    /// Which.
    pub kind: DataKind,
    /// Whether it is sent at all.
    pub included: bool,
    /// In QuickBooks.
    pub there: u32,
    /// Sent.
    pub sent: u32,
    /// Not sent.
    pub not_sent: u32,
    /// Why not, by reason.
    pub reasons: Vec<ReasonCount>,
    /// Not sent, because they belong to a contact that is named after another customer.
    pub share_email: u32,
    /// Addresses that Mailchimp does not take, because a part of them is missing.
    pub incomplete: u32,
}

/// A reason with how many records it keeps out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReasonCount {
    /// Why.
    pub code: SkipCode,
    /// How many.
    pub count: u32,
    /// What it amounts to, for documents.
    pub amount: Option<Money>,
}

/// How many new contacts get a status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StatusCount {
    /// The status.
    pub status: MarketingStatus,
    /// How many.
    pub count: u32,
}

/// Something worth a look. None stops the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Finding {
    /// Subscribing would send confirmation mails (double opt-in, as the owner chose).
    ConfirmationMails {
        /// To how many.
        count: u32,
    },
    /// Subscribed becomes not subscribed, since the audience has double opt-in and no mails may go out.
    DoubleOptIn {
        /// How many.
        count: u32,
    },
    /// Addresses that several customers share.
    SharedAddresses {
        /// Customers that share one.
        customers: u32,
        /// Contacts they make.
        contacts: u32,
    },
    /// Fields with several addresses; the first is used.
    SeveralAddresses {
        /// How many.
        count: u32,
    },
    /// Customers that stay out.
    LeftAlone {
        /// Why.
        code: SkipCode,
        /// How many.
        count: u32,
    },
    /// Invoices and sales receipts that do not become orders.
    NotSent {
        /// Why.
        code: SkipCode,
        /// How many.
        count: u32,
        /// What they amount to.
        amount: Option<Money>,
    },
    /// Records that QuickBooks cannot deliver; they are in no figure.
    Unreadable {
        /// How many.
        count: u32,
    },
}

/// What the sync means for the bill. Mailchimp decides, and does not say how many contacts a plan holds
/// (`mailchimp.md` 8.3): these are counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Bill {
    /// Contacts in the account that count toward the plan now; nothing when Mailchimp does not say.
    pub before: Option<u32>,
    /// After the sync.
    pub after: Option<u32>,
}

/// What happens to a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Fate {
    /// Becomes a new contact.
    New,
    /// In the audience, changes.
    Updated,
    /// In the audience, stays as it is.
    Same,
    /// Belongs to another customer's contact.
    ShareEmail,
    /// Stays out.
    LeftAlone,
}

/// A customer in the dry run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReviewRow {
    /// The customer's id.
    pub customer: String,
    /// Their name.
    pub name: String,
    /// The address they are or would be known by.
    pub email: Option<String>,
    /// What happens.
    pub fate: Fate,
    /// The status: what a new contact gets, what one in the audience keeps; Mailchimp's other statuses are
    /// `null`.
    pub status: Option<MarketingStatus>,
    /// Whether the status comes from an exception or a rule.
    pub exception: bool,
    /// Why they stay out.
    pub reason: Option<SkipCode>,
    /// Whose contact they belong to, when they share one.
    pub contact_name: Option<String>,
    /// Fields that change, with the value before and after.
    pub fields: Vec<FieldChange>,
    /// Orders that are sent for them.
    pub orders: u32,
    /// What those amount to.
    pub total: Money,
}

/// A field with its value before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FieldChange {
    /// Which. A status is written as [`crate::contacts::MemberStatus`], an amount as a decimal in the
    /// company's currency, a date as `YYYY-MM-DD`.
    pub field: Field,
    /// Before; nothing when it was empty or the record is new.
    pub before: Option<String>,
    /// After; nothing when it is removed.
    pub after: Option<String>,
}

/// A field of a contact, product or order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Field {
    /// E-mail address.
    Email,
    /// First name.
    FirstName,
    /// Last name.
    LastName,
    /// Address, on one line.
    Address,
    /// Phone.
    Phone,
    /// Marketing status.
    Status,
    /// A tag.
    Tag,
    /// A product's name.
    Name,
    /// A product's price.
    Price,
    /// An order's total.
    Total,
    /// An order's date.
    Date,
    /// An order's lines, in words.
    Lines,
    /// The order's customer.
    Customer,
}

/// Which customers of the dry run to list; `null` is no restriction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReviewQuery {
    /// The company.
    pub company: String,
    /// Words of the name or address.
    pub text: String,
    /// Only these.
    pub fate: Option<Fate>,
    /// Only those that stay out for this reason.
    pub reason: Option<SkipCode>,
    /// Only those with several addresses in one field.
    pub several_addresses: bool,
    /// The page.
    pub page: Page,
}

/// A page of the dry run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReviewPage {
    /// How many fit in all.
    pub total: u32,
    /// The rows of the page.
    pub rows: Vec<ReviewRow>,
}

/// Which documents or items of the dry run stay out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NotSentQuery {
    /// The company.
    pub company: String,
    /// Of this kind.
    pub data: DataKind,
    /// Only for this reason.
    pub reason: Option<SkipCode>,
    /// Whether documents count too whose customer stays out for the reason, as the totals tell it.
    #[serde(default)]
    pub through_customer: bool,
    /// The page.
    pub page: Page,
}

/// A page of records that stay out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NotSentPage {
    /// How many fit in all.
    pub total: u32,
    /// The rows of the page.
    pub rows: Vec<NotSentRow>,
}

/// A record that stays out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NotSentRow {
    /// Its key.
    pub key: String,
    /// What the owner calls it: a name, or `Invoice 4471` in English.
    pub title: String,
    /// Which document it is.
    pub document: Option<DocumentName>,
    /// The customer's name, for documents.
    pub customer: Option<String>,
    /// Why.
    pub reason: SkipCode,
    /// What the owner typed or a service said about it.
    pub detail: Option<String>,
    /// What it amounts to.
    pub amount: Option<Money>,
}

/// Saves the dry run to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SaveReview {
    /// The company.
    pub company: String,
    /// Headings in the window's language: customer, email, what happens, marketing status, reason, goes
    /// under, orders, total. English without them.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub headings: Option<Vec<String>>,
    /// Words for what happens, statuses and reasons, in the window's language; without them the file has
    /// the wire's. JSON always has those.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub words: Option<Vec<CodeWord>>,
    /// How.
    pub format: FileFormat,
}

/// The yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Connect {
    /// The company.
    pub company: String,
    /// The plan that was looked at ([`Review::plan`]).
    pub plan: String,
}
