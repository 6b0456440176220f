//! Saving, deleting and voiding sales transactions (`quickbooks-online.md` 4.3, 4.4, 5).

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::answer::{Answer, Fault};
use super::company::Company;
use super::pacific::Pacific;
use super::table::Table;
use super::write::{
    Operation, amount, check_token, customer_of, deleted, has_id, inner, saved, text,
};
use super::write_customer::{check_email, read_address};
use super::write_lines::read_lines;
use crate::seed::{Cents, Currency, Document, DocumentKind, Meta, due, void};

/// Runs a write on a document.
pub(crate) fn run(
    company: &mut Company,
    table: Table,
    kind: DocumentKind,
    operation: Operation,
    record: &Value,
    now: Timestamp,
) -> Result<Answer, Fault> {
    match (operation, kind) {
        (Operation::Save, _) => save(company, table, kind, record, now),
        (Operation::Delete, _) => delete(company, table, kind, record, now),
        (Operation::Void, DocumentKind::Invoice)
        | (Operation::IncludeVoid, DocumentKind::SalesReceipt) => {
            let id = document_id(company, kind, record)?;
            void_document(company, id, now);
            saved(company, table, id)
        }
        (Operation::Void | Operation::IncludeVoid, _) => Err(Fault::unsupported("void")),
    }
}

fn document_id(company: &Company, kind: DocumentKind, record: &Value) -> Result<u64, Fault> {
    check_token(record, |id| {
        company
            .books
            .documents
            .get(&id)
            .filter(|document| document.kind == kind)
            .map(|document| document.meta.token)
    })
}

/// Voids a document and frees what was linked to it.
pub(crate) fn void_document(company: &mut Company, id: u64, now: Timestamp) {
    company.unlink(id, now);
    let Some(document) = company.books.documents.get_mut(&id) else {
        return;
    };
    void(document);
    document.meta.updated = now;
    let customer = document.customer;
    company.settle(customer, now);
}

fn delete(
    company: &mut Company,
    table: Table,
    kind: DocumentKind,
    record: &Value,
    now: Timestamp,
) -> Result<Answer, Fault> {
    let id = document_id(company, kind, record)?;
    company.unlink(id, now);
    let document = company.books.documents.remove(&id);
    company.settle(document.and_then(|document| document.customer), now);
    Ok(deleted(company, table, id, now))
}

fn save(
    company: &mut Company,
    table: Table,
    kind: DocumentKind,
    record: &Value,
    now: Timestamp,
) -> Result<Answer, Fault> {
    let before = if has_id(record) {
        let id = document_id(company, kind, record)?;
        company.books.documents.get(&id).cloned()
    } else {
        None
    };
    let sparse = before.is_some() && record.get("sparse").and_then(Value::as_bool) == Some(true);
    let mut document = before.clone().unwrap_or_else(|| blank(kind, now));
    take_customer(&mut document, company, record, sparse)?;
    if record.get("Line").is_some() || !sparse {
        let lines = record.get("Line").and_then(Value::as_array);
        let lines = lines.ok_or_else(|| Fault::missing("Line"))?;
        document.lines = read_lines(company, lines)?;
    }
    take_fields(&mut document, record, sparse)?;
    complete(&mut document, company, before.as_ref());
    if before.is_some() {
        document.meta.token += 1;
        document.meta.updated = now;
    } else {
        document.meta = Meta::born(company.next_id(table), now);
        if document.number.is_none() {
            document.number = Some(format!("{}", 1000 + document.meta.id));
        }
    }
    let (id, touched) = (document.meta.id, document.customer);
    company.books.documents.insert(id, document);
    company.settle(touched, now);
    let left = before
        .and_then(|before| before.customer)
        .filter(|old| Some(*old) != touched);
    company.settle(left, now);
    saved(company, table, id)
}

/// Whether a document of this kind has to name a customer and keeps a balance.
const fn is_on_account(kind: DocumentKind) -> bool {
    matches!(kind, DocumentKind::Invoice | DocumentKind::CreditMemo)
}

fn take_customer(
    document: &mut Document,
    company: &Company,
    record: &Value,
    sparse: bool,
) -> Result<(), Fault> {
    if record.get("CustomerRef").is_some() || !sparse {
        document.customer = customer_of(company, record)?;
    }
    if document.customer.is_none() && is_on_account(document.kind) {
        return Err(Fault::missing("CustomerRef"));
    }
    Ok(())
}

/// What follows from the customer, the lines and what was paid before.
fn complete(document: &mut Document, company: &Company, before: Option<&Document>) {
    let buyer = document
        .customer
        .and_then(|id| company.books.customers.get(&id));
    document.currency = buyer.map_or(Currency::Usd, |buyer| buyer.currency);
    if let (Some(buyer), None) = (buyer, before) {
        document.bill = document.bill.take().or_else(|| buyer.bill.clone());
    }
    let paid = before.map_or(0, |before| before.total.0 - before.balance.0);
    document.total = document.computed_total();
    if is_on_account(document.kind) {
        document.balance = Cents(document.total.0 - paid);
    }
}

fn blank(kind: DocumentKind, now: Timestamp) -> Document {
    let date = Pacific::new().date(now);
    Document {
        meta: Meta::born(0, now),
        kind,
        number: None,
        date,
        due: (kind == DocumentKind::Invoice).then(|| due(date)),
        customer: None,
        currency: Currency::Usd,
        lines: Vec::new(),
        tax: Cents(0),
        total: Cents(0),
        balance: Cents(0),
        linked: Vec::new(),
        invoice: None,
        bill_email: None,
        poisoned: false,
        bill: None,
        note: None,
    }
}

fn take_fields(document: &mut Document, record: &Value, sparse: bool) -> Result<(), Fault> {
    if let Some(number) = text(record, "DocNumber") {
        if number.chars().count() > 21 {
            return Err(Fault::too_long("DocNumber", 21));
        }
        document.number = Some(number);
    }
    let day = |name: &str| {
        text(record, name)
            .map(|text| {
                text.parse().map_err(|_| {
                    Fault::new(
                        "2060",
                        "Invalid Date",
                        format!("Invalid date format: {text}"),
                    )
                    .on(name)
                })
            })
            .transpose()
    };
    if let Some(date) = day("TxnDate")? {
        document.date = date;
        if document.due.is_some() {
            document.due = Some(due(date));
        }
    }
    if let Some(date) = day("DueDate")? {
        document.due = Some(date);
    }
    if record.get("BillEmail").is_some() || !sparse {
        document.bill_email = inner(record, "BillEmail", "Address");
        check_email(document.bill_email.as_deref(), "BillEmail")?;
        document.poisoned = false;
    }
    if record.get("PrivateNote").is_some() || !sparse {
        document.note = text(record, "PrivateNote");
    }
    if let Some(address) = read_address(record.get("BillAddr")) {
        document.bill = Some(Arc::new(address));
    }
    if let Some(tax) = inner(record, "TxnTaxDetail", "TotalTax") {
        document.tax = amount(&tax, "TotalTax")?;
    }
    Ok(())
}
