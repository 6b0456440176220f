//! A company's books as records. The QuickBooks service keeps them as they are here and writes
//! them in Intuit's shapes when they are read.

mod books;
mod customer;
mod document;
mod item;
mod money;
mod payment;

use jiff::Timestamp;

pub use books::{Books, CompanyInfo};
pub use customer::{Customer, Vendor};
pub use document::{Document, DocumentKind, ItemRef, Line};
pub use item::{Item, ItemKind};
pub use money::{Cents, Currency};
pub use payment::{LinkedKind, Payment, PaymentLine};

/// What every record carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meta {
    /// `Id`.
    pub id: u64,
    /// `SyncToken`.
    pub token: u32,
    /// `MetaData.CreateTime`.
    pub created: Timestamp,
    /// `MetaData.LastUpdatedTime`.
    pub updated: Timestamp,
}

impl Meta {
    /// A record born at `when`.
    pub fn born(id: u64, when: Timestamp) -> Self {
        Self {
            id,
            token: 0,
            created: when,
            updated: when,
        }
    }
}

/// A postal address; any part may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// `Id`.
    pub id: u64,
    /// `Line1` to `Line5`.
    pub lines: Vec<String>,
    /// `City`.
    pub city: Option<String>,
    /// `CountrySubDivisionCode`.
    pub state: Option<String>,
    /// `PostalCode`.
    pub postal_code: Option<String>,
    /// `Country`, free text on customers.
    pub country: Option<String>,
    /// `Lat` and `Long` say `INVALID`.
    pub invalid_position: bool,
}
