//! Identifiers. One type per system and record, so that they cannot be mixed up.
//!
//! QuickBooks ids are decimal strings that repeat in every company (`quickbooks-online.md` 2);
//! they are kept as text and never parsed into numbers.

use serde::{Deserialize, Serialize};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps the text as the service gave it.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text as the service gave it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
    };
}

text_id!(
    /// A QuickBooks Online company (Intuit's realm).
    RealmId
);
text_id!(
    /// A customer, sub-customer or project in one company.
    CustomerId
);
text_id!(
    /// An item in one company.
    ItemId
);
text_id!(
    /// A Mailchimp audience (list), 10 hex digits.
    AudienceId
);
text_id!(
    /// A Mailchimp account.
    AccountId
);
text_id!(
    /// A Mailchimp store. Ours are `qbo_<realm>`.
    StoreId
);
text_id!(
    /// A product in a store. Ours are `item_<Id>`, and [`ProductId::other`].
    ProductId
);
text_id!(
    /// An ISO 4217 code, upper case.
    CurrencyCode
);
text_id!(
    /// One run of a connection; sorts by start.
    RunId
);

impl StoreId {
    /// The store that belongs to a company: `qbo_<realm>` (`mailchimp.md` 5.6).
    pub fn for_company(realm: &RealmId) -> Self {
        Self(format!("qbo_{realm}"))
    }
}

impl ProductId {
    /// The product that an item becomes: `item_<Id>`.
    pub fn for_item(item: &ItemId) -> Self {
        Self(format!("item_{item}"))
    }

    /// The placeholder for lines that name no item; an order must have at least one line
    /// (`mailchimp.md` 5.5).
    pub fn other() -> Self {
        Self("item_other".to_owned())
    }
}
