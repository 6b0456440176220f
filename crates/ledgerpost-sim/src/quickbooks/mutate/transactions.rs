//! Edits of transactions.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::company::Company;
use super::super::table::{Row, Table};
use super::super::write::{self, Operation};
use super::super::write_document::void_document;
use super::super::write_payment::add_payment;
use super::refused;
use crate::frame::{ControlError, Switches};
use crate::seed::{Cents, DocumentKind, LinkedKind, PaymentLine};

pub(super) fn delete(
    company: &mut Company,
    table: Table,
    id: u64,
    now: Timestamp,
) -> Result<Value, ControlError> {
    let token = Row::all(&company.books, table)
        .find(|row| row.meta().id == id)
        .map(|row| row.meta().token.to_string())
        .ok_or_else(|| ControlError::NotFound(format!("{} {id}", table.name())))?;
    let record = json!({ "Id": id.to_string(), "SyncToken": token });
    write::run(
        company,
        table,
        Operation::Delete,
        &record,
        &Switches::default(),
        now,
    )
    .map_err(|fault| refused(&fault))?;
    Ok(json!({ "deleted": id.to_string() }))
}

pub(super) fn void(company: &mut Company, id: u64, now: Timestamp) -> Result<Value, ControlError> {
    document(company, id)?;
    void_document(company, id, now);
    Ok(json!({ "voided": id.to_string() }))
}

pub(super) fn apply_credit(
    company: &mut Company,
    memo: u64,
    invoice: u64,
    cents: Option<i64>,
    now: Timestamp,
) -> Result<Value, ControlError> {
    let kinds = (document(company, memo)?, document(company, invoice)?);
    if kinds != (DocumentKind::CreditMemo, DocumentKind::Invoice) {
        return Err(ControlError::BadRequest(
            "needs a credit memo and an invoice".to_owned(),
        ));
    }
    let (credit, debt) = (
        &company.books.documents[&memo],
        &company.books.documents[&invoice],
    );
    let most = credit.balance.min(debt.balance);
    let amount = Cents(cents.unwrap_or(most.0));
    let customer = debt
        .customer
        .ok_or_else(|| ControlError::BadRequest("the invoice names no customer".to_owned()))?;
    let line = |document, kind| PaymentLine {
        amount,
        document,
        kind,
    };
    let lines = vec![
        line(invoice, LinkedKind::Invoice),
        line(memo, LinkedKind::CreditMemo),
    ];
    let id =
        add_payment(company, customer, Cents(0), lines, now).map_err(|fault| refused(&fault))?;
    Ok(json!({ "payment": id.to_string(), "cents": amount.0 }))
}

pub(super) fn poison(
    company: &mut Company,
    id: u64,
    poisoned: bool,
    now: Timestamp,
) -> Result<Value, ControlError> {
    let row = company.books.documents.get_mut(&id);
    let row = row.ok_or_else(|| ControlError::NotFound(format!("transaction {id}")))?;
    row.poisoned = poisoned;
    row.meta.updated = now;
    Ok(json!({ "poisoned": poisoned }))
}

fn document(company: &Company, id: u64) -> Result<DocumentKind, ControlError> {
    company
        .books
        .documents
        .get(&id)
        .map(|document| document.kind)
        .ok_or_else(|| ControlError::NotFound(format!("transaction {id}")))
}
