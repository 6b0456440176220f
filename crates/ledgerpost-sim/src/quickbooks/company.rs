//! One company: its books, what was deleted from them, and what keeps them consistent.

use std::collections::HashMap;

use jiff::Timestamp;

use super::answer::{Answer, Fault};
use super::json::Object;
use super::pacific::Pacific;
use super::render;
use super::table::Table;
use crate::seed::{Books, Cents, LinkedKind};

/// A record that was deleted or merged away.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gone {
    pub(crate) table: Table,
    pub(crate) id: u64,
    pub(crate) at: Timestamp,
}

/// One company.
pub(crate) struct Company {
    pub(crate) books: Books,
    pub(crate) gone: Vec<Gone>,
    /// Answers by request id, for replays (`quickbooks-online.md` 10).
    pub(crate) replies: HashMap<String, Result<Answer, Fault>>,
    /// Writes through the API that had an effect.
    pub(crate) writes: u64,
    next_person: u64,
    next_item: u64,
    next_transaction: u64,
}

impl Company {
    pub(crate) fn new(books: Books) -> Self {
        let last = |id: Option<&u64>| id.copied().unwrap_or_default();
        let person =
            last(books.customers.keys().next_back()).max(last(books.vendors.keys().next_back()));
        let transaction =
            last(books.documents.keys().next_back()).max(last(books.payments.keys().next_back()));
        Self {
            next_person: person + 1,
            next_item: last(books.items.keys().next_back()) + 1,
            next_transaction: transaction + 1,
            books,
            gone: Vec::new(),
            replies: HashMap::new(),
            writes: 0,
        }
    }

    /// The next id in an entity's sequence.
    pub(crate) fn next_id(&mut self, table: Table) -> u64 {
        let sequence = match table {
            Table::Customer | Table::Vendor => &mut self.next_person,
            Table::Item => &mut self.next_item,
            _ => &mut self.next_transaction,
        };
        let id = *sequence;
        *sequence += 1;
        id
    }

    /// Sets a customer's balance to what the transactions say. Moves `LastUpdatedTime` of the
    /// customer and everybody above, and no token (`quickbooks-online.md` 3.5).
    pub(crate) fn settle(&mut self, customer: Option<u64>, now: Timestamp) {
        let Some(id) = customer else { return };
        let documents = self
            .books
            .documents
            .values()
            .filter(|document| document.customer == Some(id))
            .map(|document| document.balance.0 * document.kind.balance_sign());
        let payments = self
            .books
            .payments
            .values()
            .filter(|payment| payment.customer == id)
            .map(|payment| -render::unapplied(payment).0);
        let balance = documents.chain(payments).sum();
        if let Some(row) = self.books.customers.get_mut(&id) {
            row.balance = Cents(balance);
        }
        let mut at = Some(id);
        while let Some(row) = at.and_then(|id| self.books.customers.get_mut(&id)) {
            row.meta.updated = now;
            at = row.parent;
        }
    }

    /// Takes a document out of the payments that name it.
    pub(crate) fn unlink(&mut self, document: u64, now: Timestamp) {
        for payment in self.books.payments.values_mut() {
            let before = payment.lines.len();
            payment.lines.retain(|line| line.document != document);
            if payment.lines.len() != before {
                payment.meta.updated = now;
            }
        }
        for other in self.books.documents.values_mut() {
            other
                .linked
                .retain(|(id, kind)| *id != document || *kind == LinkedKind::Payment);
        }
    }

    /// Whether a full name is taken by a customer or vendor other than `except`.
    pub(crate) fn name_is_taken(&self, full_name: &str, except: u64) -> bool {
        let wanted = full_name.to_lowercase();
        let customers = self
            .books
            .customers
            .values()
            .filter(|row| row.meta.id != except)
            .any(|row| self.books.full_name(row).to_lowercase() == wanted);
        customers
            || self
                .books
                .vendors
                .values()
                .any(|row| row.meta.id != except && row.display_name.to_lowercase() == wanted)
    }
}

/// Writes the answer to a query of an entity that has one row, or a few fixed ones.
pub(crate) fn write_singletons(
    response: &mut Object<'_>,
    books: &Books,
    table: Table,
    count: bool,
) {
    let rows = if table == Table::CustomerType {
        books.customer_types.len()
    } else {
        1
    };
    if count {
        response.literal("totalCount", rows);
        return;
    }
    if rows == 0 {
        return;
    }
    match table {
        Table::CompanyInfo => response.list("CompanyInfo", [books], write_company),
        Table::CustomerType => {
            response.list("CustomerType", &books.customer_types, |out, (id, name)| {
                let mut object = Object::open(out);
                object.plain("Id", id);
                object.plain("SyncToken", 0);
                object.text("Name", name);
                object.literal("Active", true);
                object.text("domain", "QBO");
                object.literal("sparse", false);
                object.close();
            });
        }
        _ => response.list("Preferences", [books], write_preferences),
    }
    response.literal("startPosition", 1);
    response.literal("maxResults", rows);
}

/// `quickbooks-online.md` 4.1.
pub(crate) fn write_company(out: &mut String, books: &Books) {
    let company = &books.company;
    let mut object = Object::open(out);
    object.text("CompanyName", &company.name);
    object.text("LegalName", &company.legal_name);
    for block in ["CompanyAddr", "CustomerCommunicationAddr", "LegalAddr"] {
        render::address(&mut object, block, Some(&company.address));
    }
    object.wrapped("PrimaryPhone", "FreeFormNumber", Some(&company.phone));
    object.text("CompanyStartDate", "2021-04-06");
    object.text("FiscalYearStartMonth", "January");
    object.text("Country", &company.country);
    object.wrapped("Email", "Address", Some(&company.email));
    object.object("WebAddr", |web| {
        web.maybe("URI", company.website.as_deref());
    });
    object.text("SupportedLanguages", "en");
    object.text("DefaultTimeZone", &company.time_zone);
    let values = [
        ("NeoEnabled", "true"),
        ("IndustryType", "Retail trade"),
        ("CompanyType", "Other"),
        ("SubscriptionStatus", company.subscription.as_str()),
        ("OfferingSku", "QuickBooks Online Plus"),
        ("PayrollFeature", "false"),
        ("AccountantFeature", "false"),
        ("ItemCategoriesFeature", "true"),
    ];
    object.list("NameValue", values, |out, (name, value)| {
        let mut pair = Object::open(out);
        pair.text("Name", name);
        pair.text("Value", value);
        pair.close();
    });
    object.text("domain", "QBO");
    object.literal("sparse", false);
    object.text("Id", "1");
    object.text("SyncToken", "7");
    let pacific = Pacific::new();
    object.object("MetaData", |meta| {
        let born = Timestamp::from_second(1_617_724_931).expect("2021 is a valid time");
        meta.plain("CreateTime", pacific.second(born));
        let changed = Timestamp::from_second(1_768_414_800).expect("2026 is a valid time");
        meta.plain("LastUpdatedTime", pacific.second(changed));
    });
    object.close();
}

fn write_preferences(out: &mut String, books: &Books) {
    let mut object = Object::open(out);
    object.object("SalesFormsPrefs", |forms| {
        forms.literal("CustomTxnNumbers", books.company.custom_numbers);
    });
    object.object("TaxPrefs", |tax| {
        tax.literal("UsingSalesTax", true);
        tax.literal("PartnerTaxEnabled", true);
    });
    object.object("CurrencyPrefs", |currency| {
        currency.literal("MultiCurrencyEnabled", books.company.multicurrency);
        currency.reference("HomeCurrency", "USD", None);
    });
    object.object("AccountingInfoPrefs", |_| {});
    object.text("domain", "QBO");
    object.literal("sparse", false);
    object.text("Id", "1");
    object.text("SyncToken", "3");
    object.close();
}
