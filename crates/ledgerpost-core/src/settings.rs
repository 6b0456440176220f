//! The owner's choices for one connection.

use std::collections::BTreeMap;

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
    /// Customers with a status of their own.
    pub exceptions: BTreeMap<CustomerId, StatusException>,
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
            exceptions: BTreeMap::new(),
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
