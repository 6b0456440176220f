//! Writes. The application must never send one; they exist because the real service has them, and
//! every one that has an effect is counted.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use super::answer::{Answer, Fault};
use super::api::parse_id;
use super::company::{Company, Gone};
use super::json::Object;
use super::pacific::whole_seconds;
use super::render::Page;
use super::table::{Row, Table};
use super::{schema, write_customer, write_document, write_item, write_payment};
use crate::frame::Switches;
use crate::seed::{Books, Cents, to_cents};

/// What a POST to an entity does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    /// Create without an Id, update with one.
    Save,
    /// Delete.
    Delete,
    /// Void an invoice: `operation=void`.
    Void,
    /// Void a payment or sales receipt: `operation=update&include=void`.
    IncludeVoid,
}

impl Operation {
    pub(crate) fn from_parameters(
        operation: Option<&str>,
        include: Option<&str>,
    ) -> Result<Self, Fault> {
        match (operation, include) {
            (Some("update"), Some("void")) => Ok(Self::IncludeVoid),
            (None | Some("create" | "update"), _) => Ok(Self::Save),
            (Some("delete"), _) => Ok(Self::Delete),
            (Some("void"), _) => Ok(Self::Void),
            (Some(other), _) => Err(Fault::unsupported(other)),
        }
    }
}

/// The properties that the schema knows, in two parts.
pub(crate) fn properties(table: Table) -> impl Iterator<Item = &'static str> {
    let (first, more): (&'static [&'static str], &'static [&'static str]) = match table {
        Table::Customer => (schema::CUSTOMER, &[]),
        Table::Vendor => (schema::VENDOR, &[]),
        Table::Item => (schema::ITEM, &[]),
        Table::Invoice => (schema::SALES, schema::INVOICE),
        Table::SalesReceipt => (schema::SALES, schema::SALES_RECEIPT),
        Table::CreditMemo => (schema::SALES, schema::CREDIT_MEMO),
        Table::RefundReceipt => (schema::SALES, schema::REFUND_RECEIPT),
        Table::Payment => (schema::PAYMENT, &[]),
        Table::CompanyInfo | Table::Preferences | Table::CustomerType => (&[], &[]),
    };
    first.iter().chain(more).copied()
}

/// Runs a write.
pub(crate) fn run(
    company: &mut Company,
    table: Table,
    operation: Operation,
    record: &Value,
    switches: &Switches,
    now: Timestamp,
) -> Result<Answer, Fault> {
    let now = whole_seconds(now);
    let members = record
        .as_object()
        .ok_or_else(|| Fault::missing(table.name()))?;
    let unknown = members.keys().find(|name| {
        *name != "sparse" && *name != "status" && !properties(table).any(|known| known == *name)
    });
    if let Some(name) = unknown {
        return Err(Fault::new(
            "2010",
            "Request has invalid or unsupported property",
            format!(
                "Property Name:Unrecognized field \"{name}\" (class com.intuit.schema.finance.v3.{})",
                table.name()
            ),
        ));
    }
    if matches!(
        company.books.company.subscription.as_str(),
        "EXPIRED" | "SUSPENDED" | "CANCELLED"
    ) {
        return Err(Fault::new(
            "6190",
            "Subscription period has ended",
            "Subscription period has ended or canceled or there was a billing problem",
        ));
    }
    let answer = if let Some(kind) = table.document_kind() {
        write_document::run(company, table, kind, operation, record, now)
    } else {
        match (table, operation) {
            (Table::Customer | Table::Vendor, Operation::Save) => {
                write_customer::save(company, table, record, switches, now)
            }
            (Table::Item, Operation::Save) => write_item::save(company, record, now),
            (Table::Payment, _) => write_payment::run(company, operation, record, now),
            (_, Operation::Save) => Err(Fault::unsupported("update")),
            (_, Operation::Delete) => Err(Fault::unsupported("delete")),
            (_, Operation::Void | Operation::IncludeVoid) => Err(Fault::unsupported("void")),
        }
    }?;
    company.writes += 1;
    Ok(answer)
}

/// The Id of an update, checked against the stored token: 610 or 5010 otherwise.
pub(crate) fn check_token(
    record: &Value,
    token_of: impl FnOnce(u64) -> Option<u32>,
) -> Result<u64, Fault> {
    let id = text(record, "Id").ok_or_else(|| Fault::missing("Id"))?;
    let id = parse_id(&id)?;
    let stored = token_of(id).ok_or_else(Fault::gone)?;
    let sent = text(record, "SyncToken").ok_or_else(|| Fault::missing("SyncToken"))?;
    if sent != stored.to_string() {
        return Err(Fault::new(
            "5010",
            "Stale Object Error",
            "Stale Object Error : You and somebody else were working on this at the same time. \
             Somebody else finished before you did, so your work was not saved.",
        )
        .on(""));
    }
    Ok(id)
}

/// A text property that is there and not blank; numbers are taken as their digits.
pub(crate) fn text(record: &Value, name: &str) -> Option<String> {
    match record.get(name)? {
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A property of a nested object.
pub(crate) fn inner(record: &Value, name: &str, property: &str) -> Option<String> {
    text(record.get(name)?, property)
}

/// Whether a record is an update of one that is there.
pub(crate) fn has_id(record: &Value) -> bool {
    record.get("Id").is_some_and(|id| !id.is_null())
}

/// A property with a number in it, in digits or scientific.
pub(crate) fn decimal(text: &str, element: &str) -> Result<Decimal, Fault> {
    text.parse::<Decimal>()
        .or_else(|_| Decimal::from_scientific(text))
        .map_err(|_| {
            Fault::new("2080", "Invalid Number", format!("Invalid Number : {text}")).on(element)
        })
}

/// A property with an amount in it.
pub(crate) fn amount(text: &str, element: &str) -> Result<Cents, Fault> {
    decimal(text, element).map(to_cents)
}

/// The customer that a transaction names, who has to be active.
pub(crate) fn customer_of(company: &Company, record: &Value) -> Result<Option<u64>, Fault> {
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

/// Writes `"Customer": {…}` and the like.
pub(crate) fn put_row(object: &mut Object<'_>, books: &Books, table: Table, row: Row<'_>) {
    let mut out = String::new();
    row.write(&mut out, &Page::new(books, table == Table::Customer));
    object.literal(table.name(), out);
}

/// The answer to a save: the whole record.
pub(crate) fn saved(company: &Company, table: Table, id: u64) -> Result<Answer, Fault> {
    let row = Row::all(&company.books, table)
        .find(|row| row.meta().id == id)
        .ok_or_else(Fault::gone)?;
    Ok(Answer::new(0, |object| {
        put_row(object, &company.books, table, row);
    }))
}

/// Notes a deletion and answers it.
pub(crate) fn deleted(company: &mut Company, table: Table, id: u64, now: Timestamp) -> Answer {
    company.gone.push(Gone { table, id, at: now });
    Answer::new(0, |object| {
        object.object(table.name(), |stub| {
            stub.text("domain", "QBO");
            stub.text("status", "Deleted");
            stub.plain("Id", id);
        });
    })
}
