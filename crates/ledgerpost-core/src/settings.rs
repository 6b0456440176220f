//! The owner's choices for one connection.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::CustomerId;

/// Whom a sync may create.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Every customer becomes a contact.
    #[default]
    EveryCustomer,
    /// Only customers who are already in the audience; creates nobody, costs nothing.
    OnlyExisting,
}

/// The marketing status that new contacts get. There is deliberately no value for "whatever
/// Mailchimp says": people who are already in the audience keep theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewStatus {
    /// Gets marketing. The owner has said on what grounds.
    Subscribed,
    /// Set as having said no.
    Unsubscribed,
    /// "Not subscribed": in the audience, no marketing.
    #[default]
    Transactional,
}

/// An exception for one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusException {
    /// The status for this customer, should they be new.
    pub status: NewStatus,
    /// How the owner knows.
    pub grounds: String,
}

/// A status for a group of customers, should they be new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusRule {
    /// Whom it is for.
    pub when: RuleCondition,
    /// Their status.
    pub status: NewStatus,
    /// How the owner knows. A rule without grounds subscribes nobody.
    pub grounds: String,
}

/// Whom a rule is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RuleCondition {
    /// Customers of a type.
    CustomerType {
        /// QuickBooks' id of the type.
        id: String,
        /// Its name when the rule was made, for showing.
        name: String,
    },
    /// Customers with an address in a country; one that names none is where the company is.
    Country {
        /// Two letters (ISO 3166).
        country: String,
    },
    /// Customers whose last sale was before a date, or who never bought.
    LastSaleBefore {
        /// The date.
        date: Date,
    },
    /// Customers whose last sale was on or after a date.
    LastSaleSince {
        /// The date.
        date: Date,
    },
}

/// Everything the owner chose. Part of the plan's input: same settings, same plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Whom a sync may create.
    pub scope: Scope,
    /// What new contacts get.
    pub status: NewStatus,
    /// On what grounds new contacts are subscribed; needed when `status` is subscribed.
    pub grounds: Option<String>,
    /// On an audience with double opt-in: whether *subscribed* may send a confirmation mail
    /// (`pending`). Otherwise such people become not subscribed.
    pub confirmation_mails: bool,
    /// Rules for groups of customers: the first that fits decides. They are about new contacts only.
    pub rules: Vec<StatusRule>,
    /// Customers with a status of their own; they win over the rules.
    pub exceptions: BTreeMap<CustomerId, StatusException>,
    /// Customers whom the owner wants left alone: no new contact, and one that is there stays as it
    /// is, with the orders that it has.
    pub left_alone: BTreeSet<CustomerId>,
    /// The tag on every contact that a sync touches; at most 100 characters.
    pub tag: String,
    /// Include role addresses such as `billing@` (`mailchimp.md` 8.2).
    pub include_role_addresses: bool,
    /// Include inactive customers who are not in the audience yet.
    pub include_inactive: bool,
    /// Include projects as contacts of their own.
    pub include_projects: bool,
    /// Send names.
    pub names: bool,
    /// Send complete postal addresses.
    pub addresses: bool,
    /// Send phone numbers where the audience's field takes them.
    pub phones: bool,
    /// Invoices become orders.
    pub invoices: bool,
    /// Sales receipts become orders.
    pub sales_receipts: bool,
    /// Items become products under their own names. When off, every line stands on the placeholder.
    pub items: bool,
    /// Send `financial_status`. Off by default: on a live store with order mails switched on it
    /// mails the customer (`mailchimp.md` 5.5).
    pub financial_status: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            scope: Scope::default(),
            status: NewStatus::default(),
            grounds: None,
            confirmation_mails: false,
            rules: Vec::new(),
            exceptions: BTreeMap::new(),
            left_alone: BTreeSet::new(),
            tag: "QuickBooks Online".to_owned(),
            include_role_addresses: false,
            include_inactive: false,
            include_projects: false,
            names: true,
            addresses: true,
            phones: true,
            invoices: true,
            sales_receipts: true,
            items: true,
            financial_status: false,
        }
    }
}
