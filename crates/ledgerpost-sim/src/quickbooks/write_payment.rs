//! Saving, deleting and voiding payments (`quickbooks-online.md` 4.4, 5).

use jiff::Timestamp;
use serde_json::Value;

use super::answer::{Answer, Fault};
use super::api::parse_id;
use super::company::Company;
use super::pacific::Pacific;
use super::table::Table;
use super::write::{Operation, amount, check_token, customer_of, deleted, has_id, saved, text};
use crate::seed::{Cents, Currency, LinkedKind, Meta, Payment, PaymentLine};

/// Runs a write on a payment.
pub(crate) fn run(
    company: &mut Company,
    operation: Operation,
    record: &Value,
    now: Timestamp,
) -> Result<Answer, Fault> {
    match operation {
        Operation::Save => save(company, record, now),
        Operation::Delete => delete(company, record, now),
        Operation::IncludeVoid => void(company, record, now),
        Operation::Void => Err(Fault::unsupported("void")),
    }
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

fn delete(company: &mut Company, record: &Value, now: Timestamp) -> Result<Answer, Fault> {
    let id = payment_id(company, record)?;
    drop_lines(company, id, now);
    let payment = company.books.payments.remove(&id);
    company.settle(payment.map(|payment| payment.customer), now);
    Ok(deleted(company, Table::Payment, id, now))
}

/// Gives back what a payment paid.
fn drop_lines(company: &mut Company, id: u64, now: Timestamp) {
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

fn void(company: &mut Company, record: &Value, now: Timestamp) -> Result<Answer, Fault> {
    let id = payment_id(company, record)?;
    drop_lines(company, id, now);
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

fn save(company: &mut Company, record: &Value, now: Timestamp) -> Result<Answer, Fault> {
    if has_id(record) {
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
    let lines = read_paid(record)?;
    let total = amount(&total, "TotalAmt")?;
    let id = add_payment(company, customer, total, lines, now)?;
    saved(company, Table::Payment, id)
}

/// What a payment says it pays.
fn read_paid(record: &Value) -> Result<Vec<PaymentLine>, Fault> {
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
            _ => return Err(not_linkable()),
        };
        let document = parse_id(&text(linked, "TxnId").unwrap_or_default())?;
        lines.push(PaymentLine {
            amount: amount(&sum, "Amount")?,
            document,
            kind,
        });
    }
    Ok(lines)
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
        return Err(not_linkable());
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

fn not_linkable() -> Fault {
    Fault::new(
        "620",
        "Transaction cannot be linked",
        "This transaction cannot be linked",
    )
}
