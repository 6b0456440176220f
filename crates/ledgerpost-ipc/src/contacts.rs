//! Contacts: every customer with what became of them.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{CodeWord, FileFormat, Money, Page};

mod detail;

pub use detail::{
    Basis, ConsentRow, ContactDetail, DocumentKind, DocumentName, HistoryRow, Named, OrderRow,
    Side, SideField,
};

/// Why a record stays out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SkipCode {
    /// No e-mail address, also none at a parent.
    NoEmail,
    /// What stands in the e-mail field is no address.
    InvalidEmail,
    /// A sample domain such as `example.com`.
    SampleDomain,
    /// A role address.
    RoleAddress,
    /// A project; its sales belong to the customer above.
    Project,
    /// Inactive in QuickBooks and not in the audience.
    Inactive,
    /// The settings create nobody, and the customer is not in the audience.
    NotInAudience,
    /// The owner said so.
    OwnerLeftAlone,
    /// Archived in Mailchimp.
    Archived,
    /// Bounced.
    Cleaned,
    /// Mailchimp refuses this record.
    Refused,
    /// Permanently deleted in Mailchimp: only the person can sign up again.
    Forgotten,
    /// Was in the audience and is no longer: deleted there, or has another address.
    Deleted,
    /// The new address belongs to another contact.
    AddressInUse,
    /// A document without customer.
    NoCustomer,
    /// A document whose customer stays out.
    CustomerLeftOut,
    /// Not in the currency of the company.
    ForeignCurrency,
    /// Total 0.
    ZeroTotal,
    /// Voided in QuickBooks.
    Voided,
    /// Total below 0, or lowered below 0 by credits.
    NegativeTotal,
    /// A credit that belongs to no order.
    UnlinkedCredit,
    /// A credit that lowered orders.
    CreditApplied,
    /// The owner does not send this kind of document.
    KindOff,
    /// A folder for items.
    Category,
    /// QuickBooks cannot deliver this record.
    Unreadable,
    /// The document's contact may no longer be written to.
    ContactClosed,
}

/// A customer's state against Mailchimp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ContactState {
    /// In Mailchimp as in QuickBooks.
    InStep,
    /// To be sent with the next sync.
    Waiting,
    /// Belongs to another customer's contact.
    SharesEmail,
    /// Stays out by a rule of ours or the owner's.
    LeftAlone,
    /// Mailchimp refuses it.
    Refused,
}

/// The status of a contact in Mailchimp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum MemberStatus {
    /// Gets marketing.
    Subscribed,
    /// Said no.
    Unsubscribed,
    /// In the audience, no marketing.
    NotSubscribed,
    /// Has not confirmed yet.
    Pending,
    /// Bounced.
    Cleaned,
    /// Archived.
    Archived,
}

/// A tab of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ContactTab {
    /// Every customer.
    All,
    /// Changed in the last seven days.
    RecentlyUpdated,
    /// Left alone or refused.
    LeftAlone,
}

/// What the list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ContactOrder {
    /// By name.
    Name,
    /// By the time of the last change.
    Updated,
    /// By the sum of the orders.
    Total,
    /// By the number of orders.
    Orders,
    /// By the date of the last sale.
    LastSale,
}

/// Which contacts to list; `null` or empty is no restriction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContactQuery {
    /// The company.
    pub company: String,
    /// Words of the name or address; each may be a beginning.
    pub text: String,
    /// The tab.
    pub tab: ContactTab,
    /// Only with this status in Mailchimp.
    pub status: Option<MemberStatus>,
    /// Only with this tag in Mailchimp.
    pub tag: Option<String>,
    /// Only those that stay out for this reason.
    pub reason: Option<SkipCode>,
    /// Only in this state.
    pub state: Option<ContactState>,
    /// Only changed on this day or later.
    #[ts(type = "string | null")]
    pub changed_since: Option<Date>,
    /// Only customers of this type, by id.
    pub customer_type: Option<String>,
    /// Sorted by.
    pub order: ContactOrder,
    /// Whether the largest, latest or last comes first.
    pub descending: bool,
    /// The page.
    pub page: Page,
}

/// A page of contacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContactPage {
    /// How many fit in all.
    pub total: u32,
    /// The rows of the page.
    pub rows: Vec<ContactRow>,
}

/// How many there are under each tab, without filters, and what can be filtered by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContactFacets {
    /// Every customer.
    pub all: u32,
    /// Changed in the last seven days.
    pub recently_updated: u32,
    /// Left alone or refused.
    pub left_alone: u32,
    /// Tags in Mailchimp on customers' contacts, most frequent first.
    pub tags: Vec<TagCount>,
    /// Statuses.
    pub statuses: Vec<MemberStatusCount>,
    /// Reasons.
    pub reasons: Vec<SkipCodeCount>,
    /// Types of customers.
    pub customer_types: Vec<crate::setup::CustomerType>,
}

/// A tag with how many contacts have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TagCount {
    /// The tag.
    pub tag: String,
    /// How many.
    pub count: u32,
}

/// A status with how many contacts have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MemberStatusCount {
    /// The status.
    pub status: MemberStatus,
    /// How many.
    pub count: u32,
}

/// A reason with how many customers it keeps out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SkipCodeCount {
    /// The reason.
    pub code: SkipCode,
    /// How many.
    pub count: u32,
}

/// A customer in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContactRow {
    /// The customer's id.
    pub customer: String,
    /// Their name.
    pub name: String,
    /// The address they are known by.
    pub email: Option<String>,
    /// Their state.
    pub state: ContactState,
    /// Their status in Mailchimp, if they are there.
    pub status: Option<MemberStatus>,
    /// Why they stay out.
    pub reason: Option<SkipCode>,
    /// When anything about them changed last.
    #[ts(type = "string | null")]
    pub updated_at: Option<Timestamp>,
    /// Their type.
    pub customer_type: Option<String>,
    /// Tags of their contact.
    pub tags: Vec<String>,
    /// Orders in Mailchimp.
    pub orders: u32,
    /// What those amount to.
    pub total: Money,
    /// Date of the last sale.
    #[ts(type = "string | null")]
    pub last_sale: Option<Date>,
}

/// Names one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CustomerRef {
    /// The company.
    pub company: String,
    /// The customer's id.
    pub customer: String,
}

/// Tells Ledgerpost to leave a customer alone, or no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LeaveAlone {
    /// The company.
    pub company: String,
    /// The customer's id.
    pub customer: String,
    /// Whether to.
    pub leave_alone: bool,
}

/// Saves the contacts that a query finds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SaveContacts {
    /// Which; its page is ignored.
    pub query: ContactQuery,
    /// Columns, in order.
    pub columns: Vec<ContactColumn>,
    /// Their headings, in the window's language; as many as `columns`.
    pub headings: Vec<String>,
    /// Words for states, statuses and reasons, in the window's language; without them the file has the
    /// wire's. JSON always has those.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub words: Option<Vec<CodeWord>>,
    /// How.
    pub format: FileFormat,
}

/// A column of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ContactColumn {
    /// Name.
    Name,
    /// E-mail address.
    Email,
    /// State.
    State,
    /// Status in Mailchimp.
    Status,
    /// Why they stay out.
    Reason,
    /// Last change.
    Updated,
    /// Type.
    CustomerType,
    /// Tags.
    Tags,
    /// Orders.
    Orders,
    /// Sum of the orders.
    Total,
    /// Date of the last sale.
    LastSale,
}
