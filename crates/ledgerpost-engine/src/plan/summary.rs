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

    /// Whether this plan does more than an owner agreed to who looked at another one: anybody more who
    /// becomes subscribed, is asked by mail or is set as having said no, anything more that is taken
    /// away, or in all clearly more than was shown.
    pub fn goes_beyond(&self, seen: &Self) -> bool {
        let more = |now: &BTreeMap<String, u64>, then: &BTreeMap<String, u64>, key: &str| {
            now.get(key) > then.get(key)
        };
        let statuses = ["subscribed", "pending", "unsubscribed"];
        let removals = ["archive_contact", "remove_order", "remove_store"];
        statuses
            .iter()
            .any(|status| more(&self.new_by_status, &seen.new_by_status, status))
            || removals
                .iter()
                .any(|code| more(&self.changes, &seen.changes, code))
            || is_clearly_more(self.customers.new, seen.customers.new)
            || is_clearly_more(self.change_count(), seen.change_count())
    }

    /// Whether there is nothing to write to Mailchimp. There may still be links to record.
    pub fn is_empty(&self) -> bool {
        self.change_count() == 0
    }
}

/// Books go on while an owner reads: so much more is no other plan.
const SLACK: u64 = 5;

/// More than a few, and more than one in a hundred.
const fn is_clearly_more(now: u64, then: u64) -> bool {
    let slack = if then / 100 > SLACK {
        then / 100
    } else {
        SLACK
    };
    now > then + slack
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

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(new: u64, subscribed: u64) -> Summary {
        let mut plan = Summary::default();
        plan.customers.new = new;
        plan.changes.insert("create_contact".to_owned(), new);
        plan.new_by_status
            .insert("subscribed".to_owned(), subscribed);
        plan
    }

    #[test]
    fn a_little_more_of_the_same_needs_no_second_look() {
        assert!(!plan(100, 4).goes_beyond(&plan(100, 4)));
        assert!(!plan(103, 4).goes_beyond(&plan(100, 4)));
        assert!(!plan(3, 0).goes_beyond(&plan(100, 4)), "less is no more");
    }

    #[test]
    fn one_more_person_who_gets_mail_needs_a_second_look() {
        assert!(plan(100, 5).goes_beyond(&plan(100, 4)));
        assert!(plan(106, 4).goes_beyond(&plan(100, 4)));
        let mut removes = plan(100, 4);
        removes.changes.insert("remove_order".to_owned(), 1);
        assert!(removes.goes_beyond(&plan(100, 4)));
    }
}
