//! The QuickBooks company of a set-up, and its customers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A QuickBooks company that was signed in to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectedCompany {
    /// Intuit's id.
    pub company: String,
    /// Its name.
    pub name: String,
}

/// What QuickBooks knows of a company, to fill in forms. Read once per set-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CompanyDetails {
    /// Its name.
    pub name: String,
    /// Its e-mail address.
    pub email: Option<String>,
    /// Its phone number.
    pub phone: Option<String>,
    /// Its website.
    pub website: Option<String>,
    /// Its address.
    pub address: PostalAddress,
    /// Three letters.
    pub currency: String,
    /// Customers in all.
    pub customers: u32,
    /// Customers that can be sent with the settings as they are; nothing until QuickBooks was read.
    pub sendable: Option<u32>,
    /// The customer types in use, by name.
    pub customer_types: Vec<CustomerType>,
    /// Countries of customers' addresses, two letters, with how many customers each.
    pub countries: Vec<CountryCount>,
}

/// A type of customers in QuickBooks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CustomerType {
    /// Its id.
    pub id: String,
    /// Its name, as QuickBooks has it.
    pub name: String,
    /// How many customers have it.
    pub customers: u32,
}

/// A country with how many customers live there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CountryCount {
    /// Two letters (ISO 3166).
    pub country: String,
    /// How many customers.
    pub customers: u32,
}

/// A postal address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PostalAddress {
    /// Street and number.
    pub line1: String,
    /// More of it.
    pub line2: String,
    /// City.
    pub city: String,
    /// State or province.
    pub region: String,
    /// Postal code.
    pub postal_code: String,
    /// Two letters (ISO 3166).
    pub country: String,
}

/// Customers to choose from, by name or address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CustomerSearch {
    /// The company.
    pub company: String,
    /// What was typed.
    pub text: String,
    /// How many at most.
    pub limit: u32,
}

/// A customer that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CustomerHit {
    /// The customer's id.
    pub customer: String,
    /// Their name.
    pub name: String,
    /// The address they would be known by.
    pub email: Option<String>,
}
