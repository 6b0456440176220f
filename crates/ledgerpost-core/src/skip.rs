//! Records that stay out, each with its reason and what the owner can do (promise 4).

use serde::{Deserialize, Serialize};

use crate::amount::Amount;
use crate::ids::CurrencyCode;

/// What kind of record stays out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipSubject {
    /// A customer.
    Customer,
    /// An invoice, sales receipt, credit memo or refund receipt.
    Document,
    /// An item.
    Item,
}

/// A record that stays out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skip {
    /// What kind of record.
    pub subject: SkipSubject,
    /// Its key: customer id, document key, item id.
    pub key: String,
    /// What the owner calls it: a name, or kind and number of a document.
    pub title: String,
    /// Why.
    pub reason: SkipReason,
    /// For documents: by how much QuickBooks exceeds Mailchimp because of this (negative for
    /// credits that lower QuickBooks only). The sum explains the difference of the totals.
    pub amount: Option<Amount>,
    /// The currency of `amount`.
    pub currency: Option<CurrencyCode>,
}

/// Why a record stays out. `detail` fields hold what the owner typed or what a service said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum SkipReason {
    /// No e-mail address, also none at a parent.
    NoEmail,
    /// What stands in the e-mail field is no address.
    InvalidEmail {
        /// As typed.
        typed: String,
    },
    /// A sample domain such as `example.com`, which Mailchimp refuses.
    SampleDomain,
    /// A role address, left out unless the owner includes them.
    RoleAddress,
    /// A project; its sales belong to the customer above.
    Project,
    /// Inactive in QuickBooks and not in the audience.
    Inactive,
    /// The scope is "only those already in the audience".
    NotInAudience,
    /// The owner said so.
    OwnerLeftAlone,
    /// Archived in Mailchimp.
    Archived,
    /// Bounced: cleaned in Mailchimp.
    Cleaned,
    /// Mailchimp refused this record, for its address for example.
    Refused {
        /// Mailchimp's words.
        detail: String,
    },
    /// Permanently deleted in Mailchimp: no app can add this person again.
    Forgotten {
        /// Mailchimp's words.
        detail: String,
    },
    /// Was in the audience and is no longer: the owner deleted the contact, or gave it another
    /// address there. A sync never adds such a person again.
    Deleted,
    /// The address was changed in QuickBooks and the old contact may not move to it.
    AddressInUse,
    /// A document without customer.
    NoCustomer,
    /// A document whose customer stays out.
    CustomerLeftOut {
        /// The code of the customer's reason.
        because: String,
    },
    /// Not in the currency of the company.
    ForeignCurrency,
    /// Total 0.
    ZeroTotal,
    /// Voided in QuickBooks.
    Voided,
    /// Total below 0, or lowered below 0 by credits.
    NegativeTotal,
    /// A credit memo or refund that belongs to no order, or the part of one that does not.
    UnlinkedCredit,
    /// A credit that lowered orders; listed because it explains the difference.
    CreditApplied,
    /// The owner does not send this kind of document.
    KindOff,
    /// A folder for items.
    Category,
    /// QuickBooks cannot deliver this record (`quickbooks-online.md` 3.6).
    Unreadable {
        /// QuickBooks' words.
        detail: String,
    },
    /// A document that was there and whose contact may no longer be written to (archived, cleaned, left
    /// alone), so that its change cannot follow.
    ContactClosed,
}

impl SkipReason {
    /// A stable word for exports, filters and translations.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoEmail => "no_email",
            Self::InvalidEmail { .. } => "invalid_email",
            Self::SampleDomain => "sample_domain",
            Self::RoleAddress => "role_address",
            Self::Project => "project",
            Self::Inactive => "inactive",
            Self::NotInAudience => "not_in_audience",
            Self::OwnerLeftAlone => "owner_left_alone",
            Self::Archived => "archived",
            Self::Cleaned => "cleaned",
            Self::Refused { .. } => "refused",
            Self::Forgotten { .. } => "forgotten",
            Self::Deleted => "deleted",
            Self::AddressInUse => "address_in_use",
            Self::NoCustomer => "no_customer",
            Self::CustomerLeftOut { .. } => "customer_left_out",
            Self::ForeignCurrency => "foreign_currency",
            Self::ZeroTotal => "zero_total",
            Self::Voided => "voided",
            Self::NegativeTotal => "negative_total",
            Self::UnlinkedCredit => "unlinked_credit",
            Self::CreditApplied => "credit_applied",
            Self::KindOff => "kind_off",
            Self::Category => "category",
            Self::Unreadable { .. } => "unreadable",
            Self::ContactClosed => "contact_closed",
        }
    }

    /// The words of a reason by its code, for counts and exports that keep the code alone.
    pub fn words_of(code: &str) -> Option<(&'static str, &'static str)> {
        let detail = String::new;
        let all = [
            Self::NoEmail,
            Self::InvalidEmail { typed: detail() },
            Self::SampleDomain,
            Self::RoleAddress,
            Self::Project,
            Self::Inactive,
            Self::NotInAudience,
            Self::OwnerLeftAlone,
            Self::Archived,
            Self::Cleaned,
            Self::Refused { detail: detail() },
            Self::Forgotten { detail: detail() },
            Self::Deleted,
            Self::AddressInUse,
            Self::NoCustomer,
            Self::CustomerLeftOut { because: detail() },
            Self::ForeignCurrency,
            Self::ZeroTotal,
            Self::Voided,
            Self::NegativeTotal,
            Self::UnlinkedCredit,
            Self::CreditApplied,
            Self::KindOff,
            Self::Category,
            Self::Unreadable { detail: detail() },
            Self::ContactClosed,
        ];
        all.iter()
            .find(|reason| reason.code() == code)
            .map(Self::words)
    }

    /// Why, in plain words, and what the owner can do, in English. Other languages translate by
    /// [`Self::code`].
    pub const fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::NoEmail => (
                "No email address in QuickBooks",
                "Add one to the customer in QuickBooks",
            ),
            Self::InvalidEmail { .. } => {
                ("The email address is not valid", "Correct it in QuickBooks")
            }
            Self::SampleDomain => (
                "Mailchimp refuses sample domains such as example.com",
                "Enter the real address in QuickBooks",
            ),
            Self::RoleAddress => (
                "A role address: nobody in particular has agreed",
                "Use a person's address, or include role addresses in the settings",
            ),
            Self::Project => (
                "A project: its sales go to the customer above",
                "Nothing to do",
            ),
            Self::Inactive => (
                "Inactive in QuickBooks and not in the audience",
                "Make the customer active, or include inactive customers in the settings",
            ),
            Self::NotInAudience => (
                "Not in the audience, and the settings create nobody",
                "Add the person in Mailchimp, or send every customer",
            ),
            Self::OwnerLeftAlone => (
                "You asked to leave this customer alone",
                "Take it off the list of customers left alone",
            ),
            Self::Archived => (
                "Archived in Mailchimp: Ledgerpost never brings anybody back",
                "Restore the contact in Mailchimp if you want to keep in touch",
            ),
            Self::Cleaned => (
                "Mail to this address bounced: cleaned in Mailchimp",
                "Enter a working address in QuickBooks",
            ),
            Self::Refused { .. } => (
                "Mailchimp refused this record",
                "Read what Mailchimp said, and correct the record",
            ),
            Self::Forgotten { .. } => (
                "Permanently deleted in Mailchimp: no app can add this person again",
                "Ask the person to fill in the audience's sign-up form; the sync goes on from there",
            ),
            Self::Deleted => (
                "Deleted in Mailchimp, or has another address there",
                "Enter the address that Mailchimp has, or ask the person to sign up again",
            ),
            Self::AddressInUse => (
                "The new address already belongs to another contact",
                "Merge the two contacts in Mailchimp",
            ),
            Self::NoCustomer => (
                "The document names no customer",
                "Add a customer to it in QuickBooks",
            ),
            Self::CustomerLeftOut { .. } => (
                "Its customer is left alone",
                "See the customer's own reason",
            ),
            Self::ForeignCurrency => (
                "In another currency than the company's",
                "Nothing to do: amounts in different currencies are never added up",
            ),
            Self::ZeroTotal => ("Its total is 0", "Nothing to do"),
            Self::Voided => ("Voided in QuickBooks", "Nothing to do"),
            Self::NegativeTotal => (
                "Its total is below 0 after credits",
                "Nothing to do: Mailchimp has no negative orders",
            ),
            Self::UnlinkedCredit => (
                "A credit or refund that belongs to no order",
                "Apply it to an invoice in QuickBooks if it belongs to one",
            ),
            Self::CreditApplied => (
                "Credited: the orders it belongs to are lowered",
                "Nothing to do",
            ),
            Self::KindOff => (
                "The settings leave out this kind of record",
                "Switch it on in the settings",
            ),
            Self::Category => ("A category is no product", "Nothing to do"),
            Self::Unreadable { .. } => (
                "QuickBooks cannot deliver this record",
                "Open it in QuickBooks, correct the email address on it and save it",
            ),
            Self::ContactClosed => (
                "Its contact is archived, cleaned or left alone, so the change stays out",
                "Restore the contact in Mailchimp, or no longer leave the customer alone",
            ),
        }
    }
}
