//! Edits of customers that the API does not allow, or does otherwise.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::company::{Company, Gone};
use super::super::table::Table;
use super::super::write_customer::DELETED;
use crate::frame::ControlError;
use crate::seed::Customer;

/// Gives a customer a type, which may be a new one.
pub(super) fn set_type(
    company: &mut Company,
    id: u64,
    kind: String,
    name: String,
    now: Timestamp,
) -> Result<(), ControlError> {
    let row = customer(company, id)?;
    row.customer_type = Some(kind.clone());
    row.meta.token += 1;
    row.meta.updated = now;
    let types = &mut company.books.customer_types;
    types.retain(|(known, _)| *known != kind);
    types.push((kind, name));
    Ok(())
}

pub(super) fn deactivate(
    company: &mut Company,
    id: u64,
    now: Timestamp,
) -> Result<Value, ControlError> {
    let row = customer(company, id)?;
    if row.active {
        row.active = false;
        row.display_name.push_str(DELETED);
        row.meta.token += 1;
        row.meta.updated = now;
    }
    Ok(json!({ "deactivated": id.to_string() }))
}

/// The loser vanishes and its transactions point at the survivor (`quickbooks-online.md` 5.5).
pub(super) fn merge(
    company: &mut Company,
    loser: u64,
    survivor: u64,
    now: Timestamp,
) -> Result<Value, ControlError> {
    let books = &mut company.books;
    for id in [loser, survivor] {
        if !books.customers.contains_key(&id) {
            return Err(ControlError::NotFound(format!("customer {id}")));
        }
    }
    if loser == survivor
        || books
            .customers
            .values()
            .any(|row| row.parent == Some(loser))
    {
        return Err(ControlError::BadRequest(
            "a customer with sub-customers cannot be merged away".to_owned(),
        ));
    }
    for document in books
        .documents
        .values_mut()
        .filter(|row| row.customer == Some(loser))
    {
        document.customer = Some(survivor);
        document.meta.updated = now;
    }
    for payment in books
        .payments
        .values_mut()
        .filter(|row| row.customer == loser)
    {
        payment.customer = survivor;
        payment.meta.updated = now;
    }
    books.customers.remove(&loser);
    company.gone.push(Gone {
        table: Table::Customer,
        id: loser,
        at: now,
    });
    company.settle(Some(survivor), now);
    Ok(json!({ "merged": loser.to_string(), "into": survivor.to_string() }))
}

fn customer(company: &mut Company, id: u64) -> Result<&mut Customer, ControlError> {
    company
        .books
        .customers
        .get_mut(&id)
        .ok_or_else(|| ControlError::NotFound(format!("customer {id}")))
}
