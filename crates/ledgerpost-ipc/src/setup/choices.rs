//! The owner's choices for a connection: whom a sync adds, with which status, and what is sent.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Marketing status of people who are new in Mailchimp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum MarketingStatus {
    /// Gets marketing.
    Subscribed,
    /// Set as having said no.
    Unsubscribed,
    /// In the audience, no marketing.
    NotSubscribed,
}

/// Whom a sync may create.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Scope {
    /// Every customer becomes a contact.
    EveryCustomer,
    /// Only customers who are already in the audience.
    OnlyExisting,
}

/// The choices for a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionSettings {
    /// Whom a sync may create.
    pub scope: Scope,
    /// The status of new contacts.
    pub status: MarketingStatus,
    /// On what grounds they agreed; needed when `status` is subscribed, kept in the consent register.
    pub grounds: String,
    /// On an audience with double opt-in: whether *subscribed* may send Mailchimp's confirmation mail.
    pub confirmation_mails: bool,
    /// Rules for groups of customers, the first that fits wins.
    pub rules: Vec<StatusRule>,
    /// Customers with a status of their own; they win over the rules.
    pub exceptions: Vec<StatusException>,
    /// Customers that stay out because the owner said so, by id.
    pub left_alone: Vec<String>,
    /// The tag on every contact that a sync touches; 1 to 100 characters.
    pub tag: String,
    /// Include role addresses.
    pub include_role_addresses: bool,
    /// Include inactive customers who are not in the audience yet.
    pub include_inactive: bool,
    /// Include projects as contacts of their own.
    pub include_projects: bool,
    /// Send names.
    pub names: bool,
    /// Send complete postal addresses.
    pub addresses: bool,
    /// Send phone numbers where the audience has a field for them.
    pub phones: bool,
    /// Invoices become orders.
    pub invoices: bool,
    /// Sales receipts become orders.
    pub sales_receipts: bool,
    /// Items become products.
    pub items: bool,
}

/// A status for a group of customers, should they be new in Mailchimp.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StatusRule {
    /// Whom it is for.
    pub when: RuleCondition,
    /// Their status.
    pub status: MarketingStatus,
    /// How the owner knows; needed for subscribed.
    pub grounds: String,
}

/// Whom a rule is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum RuleCondition {
    /// Customers of a type.
    CustomerType {
        /// The type's id.
        id: String,
        /// Its name, for showing.
        name: String,
    },
    /// Customers with an address in a country.
    Country {
        /// Two letters (ISO 3166).
        country: String,
    },
    /// Customers whose last sale was before a date, or who never bought.
    LastSaleBefore {
        /// The date.
        #[ts(type = "string")]
        date: Date,
    },
    /// Customers whose last sale was on or after a date.
    LastSaleSince {
        /// The date.
        #[ts(type = "string")]
        date: Date,
    },
}

/// A customer with a status of their own, should they be new in Mailchimp.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StatusException {
    /// The customer's id.
    pub customer: String,
    /// Their name, for showing.
    pub name: String,
    /// Their address, for showing.
    pub email: Option<String>,
    /// Their status.
    pub status: MarketingStatus,
    /// How the owner knows.
    pub grounds: String,
}

/// How many new contacts get which status with some settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StatusForecast {
    /// Customers that would be new in the audience.
    pub new_contacts: u32,
    /// Customers who are in it already and keep their status.
    pub already_there: u32,
    /// New ones that become subscribed.
    pub subscribed: u32,
    /// New ones that become unsubscribed.
    pub unsubscribed: u32,
    /// New ones that become not subscribed.
    pub not_subscribed: u32,
}

/// What came of reading a file of exceptions: a CSV file with the columns `email` or `customer`, `status`
/// and `how you know`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionsRead {
    /// The exceptions that could be read; nothing is saved yet.
    pub exceptions: Vec<StatusException>,
    /// Rows that could not.
    pub failed: Vec<FailedRow>,
    /// Nothing when the owner closed the dialog.
    pub file: Option<String>,
}

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FailedRow {
    /// Its line in the file, from 1.
    pub line: u32,
    /// What stood there.
    pub text: String,
    /// What is wrong.
    pub problem: RowProblem,
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RowProblem {
    /// No customer has this name or address.
    UnknownCustomer,
    /// Several customers have it.
    SeveralCustomers,
    /// Not one of the three statuses.
    UnknownStatus,
    /// Subscribed without saying how the owner knows.
    GroundsMissing,
    /// Not a row of the file's columns.
    Unreadable,
    /// The customer stands further up already.
    Twice,
}
