//! Records in Intuit's shapes (`quickbooks-online.md` 4).

mod lines;
mod lists;
mod transactions;

use std::collections::HashMap;

use super::json::Object;
use super::pacific::Pacific;
use crate::seed::{Address, Books, Cents, Currency, Meta};

pub(crate) use transactions::unapplied;

/// What rendering a page needs beside its rows.
pub(crate) struct Page<'a> {
    pub(crate) books: &'a Books,
    pacific: Pacific,
    with_jobs: HashMap<u64, i64>,
}

impl<'a> Page<'a> {
    /// A page of any records; `customers` when customers may be among them.
    pub(crate) fn new(books: &'a Books, customers: bool) -> Self {
        Self {
            books,
            pacific: Pacific::new(),
            with_jobs: if customers {
                balances_with_jobs(books)
            } else {
                HashMap::new()
            },
        }
    }

    /// `BalanceWithJobs` of a customer.
    pub(crate) fn balance_with_jobs(&self, customer: u64) -> Cents {
        Cents(self.with_jobs.get(&customer).copied().unwrap_or_default())
    }

    fn meta(&self, object: &mut Object<'_>, meta: &Meta) {
        object.plain("Id", meta.id);
        object.plain("SyncToken", meta.token);
        object.object("MetaData", |inner| {
            inner.plain("CreateTime", self.pacific.second(meta.created));
            inner.plain("LastUpdatedTime", self.pacific.second(meta.updated));
        });
        object.text("domain", "QBO");
        object.literal("sparse", false);
    }
}

/// Balances with those of all sub-customers, for whoever has one.
fn balances_with_jobs(books: &Books) -> HashMap<u64, i64> {
    let mut sums = HashMap::new();
    for customer in books.customers.values().filter(|row| row.balance.0 != 0) {
        let mut at = Some(customer);
        while let Some(row) = at {
            *sums.entry(row.meta.id).or_default() += customer.balance.0;
            at = row.parent.and_then(|parent| books.customers.get(&parent));
        }
    }
    sums
}

fn currency(object: &mut Object<'_>, currency: Currency) {
    object.reference("CurrencyRef", currency.code(), Some(currency.name()));
}

pub(crate) fn address(object: &mut Object<'_>, key: &str, address: Option<&Address>) {
    let Some(address) = address else { return };
    object.object(key, |inner| {
        inner.plain("Id", address.id);
        for (line, number) in address.lines.iter().zip(1..) {
            inner.text(&format!("Line{number}"), line);
        }
        inner.maybe("City", address.city.as_deref());
        inner.maybe("Country", address.country.as_deref());
        inner.maybe("CountrySubDivisionCode", address.state.as_deref());
        inner.maybe("PostalCode", address.postal_code.as_deref());
        if address.invalid_position {
            inner.text("Lat", "INVALID");
            inner.text("Long", "INVALID");
        }
    });
}
