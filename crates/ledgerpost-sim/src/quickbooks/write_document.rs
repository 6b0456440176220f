//! Saving, deleting and voiding transactions (`quickbooks-online.md` 4.3, 4.4, 5).

use std::sync::Arc;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use super::answer::{Answer, Fault};
use super::api::parse_id;
use super::company::Company;
use super::pacific::Pacific;
use super::table::Table;
use super::write::{Operation, check_token, deleted, inner, saved, text};
use super::write_customer::{check_email, read_address};
use crate::seed::{
    Cents, Currency, Document, DocumentKind, ItemRef, Line, LinkedKind, Meta, Payment, PaymentLine,
    due, to_cents, void,
};

/// Runs a write on a transaction.
pub(crate) fn run(
    company: &mut Company,
    table: Table,
    operation: Operation,
    record: &Value,
    now: Timestamp,
) -> Result<Answer, Fault> {
    let kind = table.document_kind();
    match (operation, kind) {
        (Operation::Save, Some(kind)) => save(company, table, kind, record, now),
        (Operation::Save, None) => save_payment(company, record, now),
        (Operation::Delete, _) => delete(company, table, record, now),
        (Operation::Void, Some(DocumentKind::Invoice))
        | (Operation::IncludeVoid, Some(DocumentKind::SalesReceipt)) => {
            let id = document_id(company, kind, record)?;
            void_document(company, id, now);
            saved(company, table, id)
        }
        (Operation::IncludeVoid, None) => void_payment(company, record, now),
        (Operation::Void | Operation::IncludeVoid, _) => Err(Fault::unsupported("void")),
    }
}

fn document_id(
    company: &Company,
    kind: Option<DocumentKind>,
    record: &Value,
) -> Result<u64, Fault> {
    check_token(record, |id| {
        company
            .books
            .documents
            .get(&id)
            .filter(|document| Some(document.kind) == kind)
            .map(|document| document.meta.token)
    })
}

fn payment_id(company: &Company, record: &Value) -> Result<u64, Fault> {
    check_token(record, |id| {
        company
            .books
            .payments
            .get(&id)
            .map(|payment| payment.meta.token)
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
    record: &Value,
    now: Timestamp,
) -> Result<Answer, Fault> {
    if table == Table::Payment {
        let id = payment_id(company, record)?;
        drop_payment_lines(company, id, now);
        let payment = company.books.payments.remove(&id);
        company.settle(payment.map(|payment| payment.customer), now);
        return Ok(deleted(company, table, id, now));
    }
    let id = document_id(company, table.document_kind(), record)?;
    delete_document(company, id, now);
    Ok(deleted(company, table, id, now))
}

/// Takes a document out of the books; the caller notes it in the change feed.
pub(crate) fn delete_document(company: &mut Company, id: u64, now: Timestamp) {
    company.unlink(id, now);
    let document = company.books.documents.remove(&id);
    company.settle(document.and_then(|document| document.customer), now);
}

/// Gives back what a payment paid.
fn drop_payment_lines(company: &mut Company, id: u64, now: Timestamp) {
    let Some(payment) = company.books.payments.get_mut(&id) else {
        return;
    };
    for line in std::mem::take(&mut payment.lines) {
        if let Some(document) = company.books.documents.get_mut(&line.document) {
            document.balance.0 += line.amount.0;
            document.linked.retain(|(linked, _)| *linked != id);
            document.meta.updated = now;
        }
    }
}

fn void_payment(company: &mut Company, record: &Value, now: Timestamp) -> Result<Answer, Fault> {
    let id = payment_id(company, record)?;
    drop_payment_lines(company, id, now);
    let payment = company
        .books
        .payments
        .get_mut(&id)
        .ok_or_else(Fault::gone)?;
    payment.total = Cents(0);
    payment.note = Some("Voided".to_owned());
    payment.meta.token += 1;
    payment.meta.updated = now;
    let customer = payment.customer;
    company.settle(Some(customer), now);
    saved(company, Table::Payment, id)
}

fn customer_of(company: &Company, record: &Value) -> Result<Option<u64>, Fault> {
    let Some(value) = inner(record, "CustomerRef", "value") else {
        return Ok(None);
    };
    let id = parse_id(&value)?;
    let active = company
        .books
        .customers
        .get(&id)
        .is_some_and(|row| row.active);
    if active {
        return Ok(Some(id));
    }
    Err(Fault::new(
        "6250",
        "Invalid Customer",
        "Customer does not exist or is inactive",
    )
    .on("CustomerRef"))
}

fn save(
    company: &mut Company,
    table: Table,
    kind: DocumentKind,
    record: &Value,
    now: Timestamp,
) -> Result<Answer, Fault> {
    let before = if record.get("Id").is_some_and(|id| !id.is_null()) {
        let id = document_id(company, Some(kind), record)?;
        company.books.documents.get(&id).cloned()
    } else {
        None
    };
    let sparse = before.is_some() && record.get("sparse").and_then(Value::as_bool) == Some(true);
    let mut document = before.clone().unwrap_or_else(|| blank(kind, now));
    if record.get("CustomerRef").is_some() || !sparse {
        document.customer = customer_of(company, record)?;
    }
    let needs_customer = matches!(kind, DocumentKind::Invoice | DocumentKind::CreditMemo);
    if document.customer.is_none() && needs_customer {
        return Err(Fault::missing("CustomerRef"));
    }
    if record.get("Line").is_some() || !sparse {
        let lines = record.get("Line").and_then(Value::as_array);
        let lines = lines.ok_or_else(|| Fault::missing("Line"))?;
        document.lines = read_lines(company, lines)?;
    }
    take_fields(&mut document, record, sparse)?;
    let buyer = document
        .customer
        .and_then(|id| company.books.customers.get(&id));
    document.currency = buyer.map_or(Currency::Usd, |buyer| buyer.currency);
    if let (Some(buyer), None) = (buyer, &before) {
        document.bill = document.bill.take().or_else(|| buyer.bill.clone());
    }
    let paid = before
        .as_ref()
        .map_or(0, |before| before.total.0 - before.balance.0);
    document.total = document.computed_total();
    if needs_customer {
        document.balance = Cents(document.total.0 - paid);
    }
    let id = if let Some(before) = &before {
        document.meta.token += 1;
        document.meta.updated = now;
        before.meta.id
    } else {
        document.meta = Meta::born(company.next_id(table), now);
        if document.number.is_none() {
            document.number = Some(format!("{}", 1000 + document.meta.id));
        }
        document.meta.id
    };
    let touched = document.customer;
    company.books.documents.insert(id, document);
    company.settle(touched, now);
    let left = before
        .and_then(|before| before.customer)
        .filter(|old| Some(*old) != touched);
    company.settle(left, now);
    saved(company, table, id)
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

fn decimal(text: &str, element: &str) -> Result<Decimal, Fault> {
    text.parse::<Decimal>()
        .or_else(|_| Decimal::from_scientific(text))
        .map_err(|_| {
            Fault::new("2080", "Invalid Number", format!("Invalid Number : {text}")).on(element)
        })
}

fn amount(text: &str, element: &str) -> Result<Cents, Fault> {
    decimal(text, element).map(to_cents)
}

fn read_lines(company: &Company, lines: &[Value]) -> Result<Vec<Line>, Fault> {
    let mut read = Vec::new();
    for line in lines {
        let value = || {
            text(line, "Amount")
                .map(|sum| amount(&sum, "Amount"))
                .transpose()
        };
        match text(line, "DetailType").as_deref() {
            Some("SalesItemLineDetail") => {
                let sum = value()?.ok_or_else(|| Fault::missing("Amount"))?;
                read.push(read_sale(company, line, sum)?);
            }
            Some("DescriptionOnly") => {
                read.push(Line::Text(text(line, "Description").unwrap_or_default()));
            }
            Some("DiscountLineDetail") => {
                let percent = line
                    .get("DiscountLineDetail")
                    .and_then(|detail| text(detail, "DiscountPercent"));
                let percent = percent
                    .map(|text| decimal(&text, "DiscountPercent"))
                    .transpose()?;
                let so_far: i64 = read.iter().map(|line: &Line| line.worth().0).sum();
                let sum = match (value()?, percent) {
                    (Some(sum), _) => sum,
                    (None, Some(percent)) => to_cents(Decimal::new(so_far, 4) * percent),
                    (None, None) => return Err(Fault::missing("Amount")),
                };
                read.push(Line::Discount {
                    percent,
                    amount: sum,
                });
            }
            Some("SubTotalLineDetail") => {}
            Some(other) => {
                return Err(Fault::new(
                    "2170",
                    "Invalid Enumeration",
                    format!("Invalid Enumeration : {other}"),
                )
                .on("DetailType"));
            }
            None => return Err(Fault::missing("Line.DetailType")),
        }
    }
    if read.is_empty() {
        return Err(Fault::missing("Line"));
    }
    Ok(read)
}

fn read_sale(company: &Company, line: &Value, sum: Cents) -> Result<Line, Fault> {
    let empty = Value::Null;
    let detail = line.get("SalesItemLineDetail").unwrap_or(&empty);
    let item = match inner(detail, "ItemRef", "value").as_deref() {
        None => ItemRef::None,
        Some("SHIPPING_ITEM_ID") => ItemRef::Shipping,
        Some("GRATUITY_ITEM_ID") => ItemRef::Gratuity,
        Some(id) => {
            let number = parse_id(id)?;
            if !company
                .books
                .items
                .get(&number)
                .is_some_and(|item| item.active)
            {
                return Err(Fault::invalid_reference("ItemRef", id));
            }
            ItemRef::Item(number)
        }
    };
    // python-quickbooks sends 0 for what was not set, and its own tests save such invoices.
    let number = |name: &str| {
        text(detail, name)
            .map(|text| decimal(&text, name))
            .transpose()
            .map(|number| number.filter(|number| !number.is_zero()))
    };
    let (quantity, price) = (number("Qty")?, number("UnitPrice")?);
    if let (Some(quantity), Some(price)) = (quantity, price)
        && to_cents(quantity * price) != sum
    {
        return Err(Fault::new(
            "6070",
            "Amount calculation incorrect in the request",
            "Amount is not equal to UnitPrice * Qty. Supplied value:".to_owned() + &sum.to_string(),
        ));
    }
    Ok(Line::Sale {
        item,
        description: text(line, "Description"),
        quantity,
        price,
        amount: sum,
        taxable: inner(detail, "TaxCodeRef", "value").as_deref() == Some("TAX"),
    })
}

fn save_payment(company: &mut Company, record: &Value, now: Timestamp) -> Result<Answer, Fault> {
    if record.get("Id").is_some_and(|id| !id.is_null()) {
        let id = payment_id(company, record)?;
        let payment = company
            .books
            .payments
            .get_mut(&id)
            .ok_or_else(Fault::gone)?;
        if let Some(note) = text(record, "PrivateNote") {
            payment.note = Some(note);
        }
        payment.meta.token += 1;
        payment.meta.updated = now;
        return saved(company, Table::Payment, id);
    }
    let customer = customer_of(company, record)?.ok_or_else(|| Fault::missing("CustomerRef"))?;
    let total = text(record, "TotalAmt").ok_or_else(|| Fault::missing("TotalAmt"))?;
    let mut lines = Vec::new();
    for line in record
        .get("Line")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let sum = text(line, "Amount").ok_or_else(|| Fault::missing("Amount"))?;
        let linked = line.get("LinkedTxn").and_then(|linked| linked.get(0));
        let linked = linked.ok_or_else(|| Fault::missing("LinkedTxn"))?;
        let kind = match text(linked, "TxnType").as_deref() {
            Some("Invoice") => LinkedKind::Invoice,
            Some("CreditMemo") => LinkedKind::CreditMemo,
            _ => {
                return Err(Fault::new(
                    "620",
                    "Transaction cannot be linked",
                    "This transaction cannot be linked",
                ));
            }
        };
        let document = parse_id(&text(linked, "TxnId").unwrap_or_default())?;
        lines.push(PaymentLine {
            amount: amount(&sum, "Amount")?,
            document,
            kind,
        });
    }
    let total = amount(&total, "TotalAmt")?;
    let id = add_payment(company, customer, total, lines, now)?;
    saved(company, Table::Payment, id)
}

/// Enters a payment and lowers what it pays.
pub(crate) fn add_payment(
    company: &mut Company,
    customer: u64,
    total: Cents,
    lines: Vec<PaymentLine>,
    now: Timestamp,
) -> Result<u64, Fault> {
    let fits = lines.iter().all(|line| {
        company
            .books
            .documents
            .get(&line.document)
            .is_some_and(|document| {
                document.kind.as_str() == line.kind.as_str()
                    && line.amount.0 >= 0
                    && document.balance >= line.amount
            })
    });
    if !fits {
        return Err(Fault::new(
            "620",
            "Transaction cannot be linked",
            "This transaction cannot be linked",
        ));
    }
    let id = company.next_id(Table::Payment);
    for line in &lines {
        if let Some(document) = company.books.documents.get_mut(&line.document) {
            document.balance.0 -= line.amount.0;
            document.linked.push((id, LinkedKind::Payment));
            document.meta.updated = now;
        }
    }
    let currency = company
        .books
        .customers
        .get(&customer)
        .map_or(Currency::Usd, |customer| customer.currency);
    company.books.payments.insert(
        id,
        Payment {
            meta: Meta::born(id, now),
            date: Pacific::new().date(now),
            customer,
            currency,
            total,
            lines,
            note: None,
        },
    );
    company.settle(Some(customer), now);
    Ok(id)
}
