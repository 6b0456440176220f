//! What a plan amounts to: counts and totals that add up.

use std::collections::BTreeMap;

use ledgerpost_core::Amount;
use ledgerpost_core::ids::CurrencyCode;
use ledgerpost_core::source::DocumentKind;
use serde::{Deserialize, Serialize};

/// Counts and totals of a plan. Every record of QuickBooks is counted exactly once in its part.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// Customers, sub-customers and projects.
    pub customers: CustomerCounts,
    /// The four kinds of documents.
    pub documents: BTreeMap<DocumentKind, DocumentCounts>,
    /// Items.
    pub items: ItemCounts,
    /// Planned changes by [`ledgerpost_core::change::Action::code`].
    pub changes: BTreeMap<String, u64>,
    /// Links to record without writing anything.
    pub ties: u64,
    /// New contacts by the status they get, in Mailchimp's words.
    pub new_by_status: BTreeMap<String, u64>,
    /// Money, in the company's home currency.
    pub totals: Totals,
}

impl Summary {
    /// How many changes are planned.
    pub fn change_count(&self) -> u64 {
        self.changes.values().sum()
    }

    /// Whether there is nothing to write to Mailchimp. There may still be links to record.
    pub fn is_empty(&self) -> bool {
        self.change_count() == 0
    }
}

/// `total = new + updated + same + share_email + left_alone`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomerCounts {
    /// All of them.
    pub total: u64,
    /// Become new contacts.
    pub new: u64,
    /// Give their name to a contact in the audience that a change touches.
    pub updated: u64,
    /// Give their name to a contact in the audience that stays as it is.
    pub same: u64,
    /// Belong to a contact that is named after another customer.
    pub share_email: u64,
    /// Stay out, by [`ledgerpost_core::skip::SkipReason::code`].
    pub left_alone: BTreeMap<String, u64>,
    /// Contacts that more than one customer shares.
    pub shared_contacts: u64,
    /// Customers whose field holds several addresses; the first one is used.
    pub several_addresses: u64,
    /// Customers whose address speaks for a role.
    pub role_addresses: u64,
    /// Contacts of ours that stay behind at an address that no customer has any more.
    pub left_behind: u64,
}

/// `total = sent + not_sent`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentCounts {
    /// All of them.
    pub total: u64,
    /// Are orders, or become orders.
    pub sent: u64,
    /// Are not, by [`ledgerpost_core::skip::SkipReason::code`].
    pub not_sent: BTreeMap<String, u64>,
}

/// `total = new + updated + same + unused + left_alone`. The placeholder is not counted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ItemCounts {
    /// All of them.
    pub total: u64,
    /// Become products.
    pub new: u64,
    /// Are products and change.
    pub updated: u64,
    /// Are products and stay as they are.
    pub same: u64,
    /// Inactive items and bundles that no order needs.
    pub unused: u64,
    /// Stay out, by [`ledgerpost_core::skip::SkipReason::code`].
    pub left_alone: BTreeMap<String, u64>,
}

/// Money in the company's home currency; documents in other currencies count nowhere here.
///
/// `sales - credits = orders + explained`, to the cent: what QuickBooks says, less what it took
/// back, is what Mailchimp shows once the plan is applied, plus the amounts of the skips.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Totals {
    /// The home currency.
    pub currency: Option<CurrencyCode>,
    /// `TotalAmt` of all invoices and sales receipts.
    pub sales: Amount,
    /// `TotalAmt` of all credit memos and refund receipts.
    pub credits: Amount,
    /// The orders that stand in Mailchimp once the plan is applied.
    pub orders: Amount,
    /// Sum of the skips' amounts.
    pub explained: Amount,
}

impl Totals {
    /// Net sales in QuickBooks (`quickbooks-online.md` 4.4).
    pub fn quickbooks(&self) -> Amount {
        self.sales - self.credits
    }

    /// What no document explains. Anything but 0 means that the local copy contradicts itself.
    pub fn unexplained(&self) -> Amount {
        self.quickbooks() - self.orders - self.explained
    }
}
