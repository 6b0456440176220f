//! The plan's entries: data, not code. Every one can be shown, journalled, applied and undone.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::amount::Amount;
use crate::destination::MemberFields;
use crate::email::{EmailAddress, MemberHash};
use crate::ids::{AudienceId, CurrencyCode, ProductId, StoreId};
use crate::settings::RuleCondition;
use crate::source::{DocumentKey, DocumentName};

/// The order in which changes are applied. A later stage relies on the earlier ones: an order
/// needs its product and its contact (`mailchimp.md` 5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The store exists and is syncing.
    Store,
    /// Products.
    Products,
    /// Contacts: new ones, then updates and moves.
    Contacts,
    /// Tags.
    Tags,
    /// Orders.
    Orders,
    /// What has to come last: removing the store, clearing its syncing state.
    Finish,
}

/// Why a change is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeReason {
    /// In QuickBooks, not yet in Mailchimp.
    New,
    /// In both; this is the first time the two are tied.
    FirstMatch,
    /// Changed in QuickBooks since it was last written.
    Changed,
    /// The e-mail address changed in QuickBooks.
    EmailChanged,
    /// Deleted in QuickBooks.
    Deleted,
    /// Voided in QuickBooks, or its total became 0.
    Voided,
    /// The owner's settings leave it out now, or its customer does no longer qualify.
    NoLongerSent,
    /// Takes back an earlier run.
    Undo,
    /// Part of disconnecting.
    Disconnect,
    /// Needed by the changes around it.
    Needed,
}

/// One record to create, update, remove or tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// When it is applied.
    pub stage: Stage,
    /// Why it is made.
    pub reason: ChangeReason,
    /// What the owner calls the record: a name, or kind and number of a document.
    pub title: String,
    /// The parts of a document's title, for other languages; nothing for other records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentName>,
    /// QuickBooks keys that it comes from: customer ids, a document key, an item id. The first one
    /// is the one it is named after.
    pub source: Vec<String>,
    /// What is done, with the value before and after.
    pub action: Action,
}

/// What is done.
///
/// The kind stands outside the body in JSON: a tag inside would make serde buffer the body, and
/// amounts would pass through binary floats on their way back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Creates the store, syncing.
    CreateStore(StoreBody),
    /// Sets the store's syncing state.
    SetSyncing {
        /// The store.
        store: StoreId,
        /// The new state.
        syncing: bool,
    },
    /// Removes the store with its orders, products and customers; contacts stay.
    RemoveStore {
        /// The store.
        store: StoreId,
    },
    /// Creates or replaces a product.
    PutProduct {
        /// What we wrote before, if we did.
        before: Option<ProductBody>,
        /// What to write.
        after: ProductBody,
    },
    /// Adds a person who is not in the audience.
    CreateContact(ContactCreate),
    /// Changes the mapped fields of a person in the audience. Holds no status.
    UpdateContact(ContactUpdate),
    /// Gives a contact that we created its new address. Holds no status.
    MoveContact {
        /// The contact as it is keyed now.
        from: MemberHash,
        /// The address it has now.
        from_email: EmailAddress,
        /// Its new address.
        to_email: EmailAddress,
    },
    /// Archives a contact that an undone run had created.
    ArchiveContact {
        /// The contact.
        hash: MemberHash,
        /// Its address.
        email: EmailAddress,
        /// The status that goes with it. Kept here because after a crash the contact may be found
        /// archived, and nothing else says what it was.
        #[serde(default)]
        was: Option<CreateStatus>,
    },
    /// Adds or takes away our tag.
    TagContact {
        /// The contact.
        hash: MemberHash,
        /// Its address.
        email: EmailAddress,
        /// The tag's name.
        tag: String,
        /// Whether the contact is to have it.
        active: bool,
    },
    /// Creates an order.
    CreateOrder(OrderBody),
    /// Changes an order; lines that are no longer there are removed one by one.
    UpdateOrder {
        /// What we wrote before.
        before: OrderBody,
        /// What to write.
        after: OrderBody,
    },
    /// Removes an order.
    RemoveOrder {
        /// What we wrote before.
        before: OrderBody,
    },
}

impl Action {
    /// The key of the destination record: unique within a plan together with the action's kind.
    pub fn key(&self) -> &str {
        match self {
            Self::CreateStore(body) => body.id.as_str(),
            Self::SetSyncing { store, .. } | Self::RemoveStore { store } => store.as_str(),
            Self::PutProduct { after, .. } => after.id.as_str(),
            Self::CreateContact(contact) => contact.hash.as_str(),
            Self::UpdateContact(contact) => contact.hash.as_str(),
            Self::MoveContact { from, .. } => from.as_str(),
            Self::ArchiveContact { hash, .. } | Self::TagContact { hash, .. } => hash.as_str(),
            Self::CreateOrder(body) => body.id.as_str(),
            Self::UpdateOrder { after, .. } => after.id.as_str(),
            Self::RemoveOrder { before } => before.id.as_str(),
        }
    }

    /// A stable word for exports and filters.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::CreateStore(_) => "create_store",
            Self::SetSyncing { syncing: true, .. } => "start_syncing",
            Self::SetSyncing { syncing: false, .. } => "stop_syncing",
            Self::RemoveStore { .. } => "remove_store",
            Self::PutProduct { before: None, .. } => "create_product",
            Self::PutProduct {
                before: Some(_), ..
            } => "update_product",
            Self::CreateContact(_) => "create_contact",
            Self::UpdateContact(_) => "update_contact",
            Self::MoveContact { .. } => "move_contact",
            Self::ArchiveContact { .. } => "archive_contact",
            Self::TagContact { active: true, .. } => "tag_contact",
            Self::TagContact { active: false, .. } => "untag_contact",
            Self::CreateOrder(_) => "create_order",
            Self::UpdateOrder { .. } => "update_order",
            Self::RemoveOrder { .. } => "remove_order",
        }
    }
}

/// The status a new member is created with; the only place where a sync sets one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreateStatus {
    /// Gets marketing.
    Subscribed,
    /// Is sent a confirmation mail; only after the owner ticked that mails may go out.
    Pending,
    /// Set as having said no.
    Unsubscribed,
    /// Not subscribed.
    Transactional,
}

impl CreateStatus {
    /// Mailchimp's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Subscribed => "subscribed",
            Self::Pending => "pending",
            Self::Unsubscribed => "unsubscribed",
            Self::Transactional => "transactional",
        }
    }
}

/// A person to add.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactCreate {
    /// The key.
    pub hash: MemberHash,
    /// The address.
    pub email: EmailAddress,
    /// The status.
    pub status: CreateStatus,
    /// On what grounds; becomes part of the consent entry.
    pub grounds: String,
    /// The parts of the grounds where they are ours, for other languages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// The mapped fields.
    pub fields: MemberFields,
}

/// Grounds of a status where the owner wrote none. Written out they are English; other languages put them
/// together from the parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Basis {
    /// What holds for all new contacts.
    AllNew,
    /// Not above the status that the person had under a former address.
    FormerAddress,
    /// A rule.
    Rule {
        /// Whom it is for.
        when: RuleCondition,
    },
    /// The run that had added the contact was taken back.
    TakenBack,
}

impl std::fmt::Display for Basis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AllNew => f.write_str("Chosen for all new contacts"),
            Self::FormerAddress => f.write_str("Not above the status under the former address"),
            Self::TakenBack => f.write_str("the run that added this contact was taken back"),
            Self::Rule { when } => match when {
                RuleCondition::CustomerType { name, .. } => {
                    write!(f, "A rule for customers of the type {name}")
                }
                RuleCondition::Country { country } => {
                    write!(f, "A rule for customers in {country}")
                }
                RuleCondition::LastSaleBefore { date } => {
                    write!(f, "A rule for customers whose last sale was before {date}")
                }
                RuleCondition::LastSaleSince { date } => {
                    write!(f, "A rule for customers who bought on or after {date}")
                }
            },
        }
    }
}

/// New values for the mapped fields of a person in the audience.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactUpdate {
    /// The key.
    pub hash: MemberHash,
    /// The address.
    pub email: EmailAddress,
    /// The fields before; what undo writes back.
    pub before: MemberFields,
    /// The fields after. A field that is `None` here and `Some` before is left as it is: QuickBooks
    /// having no phone is no reason to clear one.
    pub after: MemberFields,
    /// Fields to blank; only undo does that, for fields that were blank before the run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clear: Vec<FieldName>,
}

/// One of the mapped fields of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldName {
    /// First name.
    FirstName,
    /// Last name.
    LastName,
    /// Phone.
    Phone,
    /// Address.
    Address,
}

/// A store as we write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreBody {
    /// `qbo_<realm>`.
    pub id: StoreId,
    /// The audience it is nailed to for life.
    pub audience: AudienceId,
    /// What the owner sees.
    pub name: String,
    /// The company's home currency.
    pub currency: CurrencyCode,
    /// The company's e-mail address, if it has a valid one.
    pub email: Option<EmailAddress>,
    /// IANA name.
    pub time_zone: Option<String>,
}

/// A product with its one variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductBody {
    /// `item_<Id>`; also the variant's id.
    pub id: ProductId,
    /// The item's name.
    pub title: String,
    /// The item's description.
    pub description: Option<String>,
    /// The item's stock-keeping unit.
    pub sku: Option<String>,
    /// The item's price.
    pub price: Option<Amount>,
}

/// An order as we write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderBody {
    /// The document's key is the order's id.
    pub id: DocumentKey,
    /// The buyer: a member of the audience. The e-commerce customer's id is the same hash.
    pub customer: MemberHash,
    /// The buyer's address, as the audience spells it.
    pub email: EmailAddress,
    /// The buyer's names, for the e-commerce customer.
    pub first_name: Option<String>,
    /// See `first_name`.
    pub last_name: Option<String>,
    /// The currency.
    pub currency: CurrencyCode,
    /// Total, less credits.
    pub total: Amount,
    /// Tax.
    pub tax: Amount,
    /// Discount, positive.
    pub discount: Amount,
    /// Shipping.
    pub shipping: Amount,
    /// The document's date; the order's date in reports.
    pub date: Date,
    /// Only when the owner asked for it.
    pub financial_status: Option<String>,
    /// At least one. Line ids are `1` to `n` by position, so that a shorter order leaves exactly the
    /// lines above `n` to remove.
    pub lines: Vec<OrderLine>,
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// The product, whose variant has the same id.
    pub product: ProductId,
    /// A whole number of at least 1; fractions become one unit at the line's amount.
    pub quantity: u32,
    /// Per unit.
    pub price: Amount,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_with_amounts_survives_the_journal() {
        let body = ProductBody {
            id: ProductId::from("item_1"),
            title: "Bowl".to_owned(),
            description: None,
            sku: None,
            price: Some(Amount::from_cents(10)),
        };
        let change = Change {
            stage: Stage::Products,
            reason: ChangeReason::New,
            title: "Bowl".to_owned(),
            document: None,
            source: vec!["1".to_owned()],
            action: Action::PutProduct {
                before: None,
                after: body,
            },
        };
        let json = serde_json::to_string(&change).unwrap();
        assert_eq!(serde_json::from_str::<Change>(&json).unwrap(), change);
    }
}
