//! A company and all it holds.

use std::collections::BTreeMap;

use super::{Address, Customer, Document, Item, Payment, Vendor};

/// `CompanyInfo` and the preferences that matter.
#[derive(Debug, Clone)]
pub struct CompanyInfo {
    /// Intuit's id.
    pub realm: String,
    /// `CompanyName`.
    pub name: String,
    /// `LegalName`.
    pub legal_name: String,
    /// `Email.Address`.
    pub email: String,
    /// `PrimaryPhone`.
    pub phone: String,
    /// `WebAddr.URI`; an empty object when `None`.
    pub website: Option<String>,
    /// `CompanyAddr`, with an ISO-3 country.
    pub address: Address,
    /// Two letters.
    pub country: String,
    /// `DefaultTimeZone`.
    pub time_zone: String,
    /// `SubscriptionStatus`.
    pub subscription: String,
    /// `CurrencyPrefs.MultiCurrencyEnabled`.
    pub multicurrency: bool,
    /// `SalesFormsPrefs.CustomTxnNumbers`.
    pub custom_numbers: bool,
}

/// A company's books.
#[derive(Debug, Clone)]
pub struct Books {
    /// The company.
    pub company: CompanyInfo,
    /// Customers by id.
    pub customers: BTreeMap<u64, Customer>,
    /// Vendors by id; they share the customers' sequence.
    pub vendors: BTreeMap<u64, Vendor>,
    /// Items by id.
    pub items: BTreeMap<u64, Item>,
    /// Sales documents by id; all transactions share one sequence.
    pub documents: BTreeMap<u64, Document>,
    /// Payments by id.
    pub payments: BTreeMap<u64, Payment>,
    /// Customer types: id and name.
    pub customer_types: Vec<(String, String)>,
}

impl Books {
    /// Books without a single record.
    pub fn empty(company: CompanyInfo) -> Self {
        Self {
            company,
            customers: BTreeMap::new(),
            vendors: BTreeMap::new(),
            items: BTreeMap::new(),
            documents: BTreeMap::new(),
            payments: BTreeMap::new(),
            customer_types: Vec::new(),
        }
    }

    /// `FullyQualifiedName` of a customer: the names from the top down, joined with colons.
    pub fn full_name(&self, customer: &Customer) -> String {
        let name = customer.display_name.clone();
        self.above(customer)
            .fold(name, |name, above| format!("{}:{name}", above.display_name))
    }

    /// `Level` of a customer: 0 at the top.
    pub fn level(&self, customer: &Customer) -> usize {
        self.above(customer).count()
    }

    /// The customers above one, the nearest first.
    fn above(&self, customer: &Customer) -> impl Iterator<Item = &Customer> {
        let customers = &self.customers;
        let parent = move |id: Option<u64>| customers.get(&id?);
        std::iter::successors(parent(customer.parent), move |row| parent(row.parent))
    }

    /// `FullyQualifiedName` of an item.
    pub fn full_item_name(&self, item: &Item) -> String {
        let parent = |id: Option<u64>| self.items.get(&id?);
        std::iter::successors(parent(item.parent), |row| parent(row.parent))
            .fold(item.name.clone(), |name, above| {
                format!("{}:{name}", above.name)
            })
    }
}
