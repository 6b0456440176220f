//! Customers, and the vendors who share their names and ids.

use std::sync::Arc;

use super::{Address, Cents, Currency, Meta};

/// A customer, sub-customer or project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Id, token, times.
    pub meta: Meta,
    /// `Title`.
    pub title: Option<String>,
    /// `GivenName`.
    pub given_name: Option<String>,
    /// `MiddleName`.
    pub middle_name: Option<String>,
    /// `FamilyName`.
    pub family_name: Option<String>,
    /// `Suffix`.
    pub suffix: Option<String>,
    /// `CompanyName`.
    pub company_name: Option<String>,
    /// `DisplayName`, with ` (deleted)` on inactive rows.
    pub display_name: String,
    /// `PrintOnCheckName` when it does not follow the display name.
    pub print_name: Option<String>,
    /// `PrimaryEmailAddr.Address`, as typed.
    pub email: Option<String>,
    /// `PrimaryPhone`.
    pub phone: Option<String>,
    /// `Mobile`.
    pub mobile: Option<String>,
    /// `WebAddr.URI`.
    pub website: Option<String>,
    /// `BillAddr`.
    pub bill: Option<Arc<Address>>,
    /// `ShipAddr`.
    pub ship: Option<Arc<Address>>,
    /// `Notes`.
    pub notes: Option<String>,
    /// `ResaleNum`.
    pub resale_number: Option<String>,
    /// `Active`.
    pub active: bool,
    /// `Taxable`.
    pub taxable: bool,
    /// `IsProject`.
    pub project: bool,
    /// `BillWithParent`.
    pub bill_with_parent: bool,
    /// `ParentRef`.
    pub parent: Option<u64>,
    /// `CurrencyRef`.
    pub currency: Currency,
    /// `PreferredDeliveryMethod`.
    pub delivery: String,
    /// `CustomerTypeRef.value`.
    pub customer_type: Option<String>,
    /// `Balance`; `BalanceWithJobs` is summed when asked for.
    pub balance: Cents,
}

impl Customer {
    /// A plain active customer.
    pub fn new(meta: Meta, display_name: impl Into<String>) -> Self {
        Self {
            meta,
            title: None,
            given_name: None,
            middle_name: None,
            family_name: None,
            suffix: None,
            company_name: None,
            display_name: display_name.into(),
            print_name: None,
            email: None,
            phone: None,
            mobile: None,
            website: None,
            bill: None,
            ship: None,
            notes: None,
            resale_number: None,
            active: true,
            taxable: true,
            project: false,
            bill_with_parent: false,
            parent: None,
            currency: Currency::Usd,
            delivery: "Print".to_owned(),
            customer_type: None,
            balance: Cents(0),
        }
    }
}

/// A vendor: here only because vendors share the customers' names and ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vendor {
    /// Id, token, times.
    pub meta: Meta,
    /// `DisplayName`.
    pub display_name: String,
    /// `Active`.
    pub active: bool,
}
