//! A store's customers (`mailchimp.md` 5.3). They never opt in: consent goes through the member
//! endpoints, member first, so that the store cannot subscribe anybody.

use ledgerpost_core::email::{EmailAddress, MemberHash};
use ledgerpost_core::ids::StoreId;
use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::error::Error;
use crate::page::{Page, Pages};
use crate::request::{Request, Write};

/// A store's customer, as we write it. Its id is the member's hash: an address cannot change, so a
/// new address is a new customer.
#[derive(Debug, Clone)]
pub struct Customer<'a> {
    /// The id.
    pub id: &'a MemberHash,
    /// The address.
    pub email: &'a EmailAddress,
    /// First name.
    pub first_name: Option<&'a str>,
    /// Last name.
    pub last_name: Option<&'a str>,
}

/// The body of a customer, also inside orders.
#[derive(Serialize)]
pub(crate) struct CustomerBody<'a> {
    id: &'a str,
    email_address: &'a str,
    opt_in_status: NeverOptsIn,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<&'a str>,
}

/// Writes `false`; there is no way to write `true`.
#[derive(PartialEq, Eq)]
pub(crate) struct NeverOptsIn;

impl Serialize for NeverOptsIn {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(false)
    }
}

impl<'a> From<&Customer<'a>> for CustomerBody<'a> {
    fn from(customer: &Customer<'a>) -> Self {
        Self {
            id: customer.id.as_str(),
            email_address: customer.email.as_str(),
            opt_in_status: NeverOptsIn,
            first_name: customer.first_name,
            last_name: customer.last_name,
        }
    }
}

/// A store's customer, as listed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CustomerSummary {
    /// Its id.
    pub id: String,
}

/// Requests for customers.
pub mod requests {
    use super::{Customer, CustomerBody, MemberHash, Request, StoreId, Write};

    /// Lists a store's customers.
    pub fn list_customers(store: &StoreId) -> Request {
        Request::new(
            "GET /ecommerce/stores/{store_id}/customers",
            &[store.as_str()],
        )
        .query("fields", "customers.id,total_items")
    }

    /// Creates or replaces a customer who never opts in.
    pub fn put_customer(store: &StoreId, customer: &Customer<'_>) -> Write {
        Write::new(
            Request::new(
                "PUT /ecommerce/stores/{store_id}/customers/{customer_id}",
                &[store.as_str(), customer.id.as_str()],
            )
            .body(&CustomerBody::from(customer)),
        )
    }

    /// Removes a customer from the store; the member stays.
    pub fn remove_customer(store: &StoreId, customer: &MemberHash) -> Write {
        Write::new(Request::new(
            "DELETE /ecommerce/stores/{store_id}/customers/{customer_id}",
            &[store.as_str(), customer.as_str()],
        ))
    }
}

#[derive(Deserialize)]
struct CustomerPage {
    customers: Vec<CustomerSummary>,
    #[serde(default)]
    total_items: u64,
}

impl From<CustomerPage> for Page<CustomerSummary> {
    fn from(page: CustomerPage) -> Self {
        Self::new(page.customers, page.total_items)
    }
}

impl Client {
    /// Lists a store's customers page by page.
    pub fn list_customers(&self, store: &StoreId) -> Pages<CustomerSummary> {
        self.pages::<CustomerPage, _>(requests::list_customers(store))
    }

    /// Creates or replaces a customer who never opts in.
    pub async fn put_customer(
        &self,
        store: &StoreId,
        customer: &Customer<'_>,
    ) -> Result<(), Error> {
        self.write(&requests::put_customer(store, customer)).await
    }

    /// Removes a customer from the store; one who is gone already counts as removed.
    pub async fn remove_customer(
        &self,
        store: &StoreId,
        customer: &MemberHash,
    ) -> Result<(), Error> {
        self.remove(&requests::remove_customer(store, customer))
            .await
    }
}
