//! Records that QuickBooks cannot deliver, with what helps an owner to find them.

use ledgerpost_core::ids::{CustomerId, ItemId};
use ledgerpost_core::source::{DocumentKey, DocumentKind, DocumentName};
use ledgerpost_ipc::unreadable::{
    NamedRecord, RecordKind, UnreadableCode, UnreadablePage, UnreadableQuery, UnreadableRow,
};
use ledgerpost_store::{CompanyStore, Error as StoreError, UnreadableRecord, UnreadableWhy};

use super::Look;
use super::codes::document_name;
use super::convert::count;
use super::error::LookError;

/// The longest page of the list.
const LONGEST_PAGE: u32 = 500;

impl Look {
    /// The records that QuickBooks cannot deliver.
    ///
    /// # Errors
    /// The file's.
    pub fn list_unreadable(&self, query: &UnreadableQuery) -> Result<UnreadablePage, LookError> {
        let records = self.store.unreadable_records()?;
        let rows = records
            .iter()
            .skip(query.page.offset as usize)
            .take(query.page.limit.min(LONGEST_PAGE) as usize)
            .map(|record| row(&self.store, record))
            .collect::<Result<_, LookError>>()?;
        Ok(UnreadablePage {
            total: count(records.len()),
            rows,
        })
    }
}

/// How many records QuickBooks cannot deliver.
pub(crate) fn unreadable_count(store: &CompanyStore) -> Result<u32, StoreError> {
    let records = store.unreadable_records()?;
    Ok(count(
        records.iter().map(|record| record.records).sum::<u64>(),
    ))
}

fn row(store: &CompanyStore, record: &UnreadableRecord) -> Result<UnreadableRow, LookError> {
    let kind = kind_of(&record.entity).ok_or(LookError::NotFound { what: "record" })?;
    let neighbour = |id: &Option<String>| match id {
        Some(id) => named(store, kind, id),
        None => Ok(None),
    };
    let [before, after] = &record.neighbours;
    let itself = match known_id(record) {
        Some(id) => Some(named(store, kind, id)?.unwrap_or_else(|| by_id(kind, id))),
        None => None,
    };
    Ok(UnreadableRow {
        key: format!("{} {}", record.entity, record.id),
        kind,
        itself,
        records: count(record.records),
        before: neighbour(before)?,
        after: neighbour(after)?,
        why: match record.why {
            UnreadableWhy::Refused => UnreadableCode::Refused,
            UnreadableWhy::TooLarge => UnreadableCode::TooLarge,
            UnreadableWhy::Malformed => UnreadableCode::Malformed,
        },
        detail: Some(record.detail.clone()).filter(|detail| !detail.is_empty()),
        since: record.at,
    })
}

fn kind_of(entity: &str) -> Option<RecordKind> {
    Some(match entity {
        "Customer" => RecordKind::Customer,
        "Item" => RecordKind::Item,
        "Invoice" => RecordKind::Invoice,
        "SalesReceipt" => RecordKind::SalesReceipt,
        "CreditMemo" => RecordKind::CreditMemo,
        "RefundReceipt" => RecordKind::RefundReceipt,
        "Payment" => RecordKind::Payment,
        _ => return None,
    })
}

const fn document_of(kind: RecordKind) -> Option<DocumentKind> {
    match kind {
        RecordKind::Invoice => Some(DocumentKind::Invoice),
        RecordKind::SalesReceipt => Some(DocumentKind::SalesReceipt),
        RecordKind::CreditMemo => Some(DocumentKind::CreditMemo),
        RecordKind::RefundReceipt => Some(DocumentKind::RefundReceipt),
        RecordKind::Customer | RecordKind::Item | RecordKind::Payment => None,
    }
}

/// QuickBooks' id; nothing where the file has a place in the list instead.
fn known_id(record: &UnreadableRecord) -> Option<&str> {
    let is_id = record.id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_id.then_some(record.id.as_str())
}

/// A record that no mirror holds.
fn by_id(kind: RecordKind, id: &str) -> NamedRecord {
    let key = document_of(kind).map(|kind| DocumentKey::new(kind, id));
    let document = key
        .as_ref()
        .and_then(|key| DocumentName::of_key(key.as_str()));
    NamedRecord {
        id: key.map_or_else(|| id.to_owned(), |key| key.as_str().to_owned()),
        title: document
            .as_ref()
            .map_or_else(|| id.to_owned(), DocumentName::to_string),
        document: document.map(document_name),
        date: None,
    }
}

/// A record of a kind by its id, as far as it is kept: payments are not.
fn named(
    store: &CompanyStore,
    kind: RecordKind,
    id: &str,
) -> Result<Option<NamedRecord>, LookError> {
    if let Some(kind) = document_of(kind) {
        let key = DocumentKey::new(kind, id);
        let document = store.document(&key)?;
        return Ok(document.map(|document| NamedRecord {
            id: key.as_str().to_owned(),
            title: document.name().to_string(),
            document: Some(document_name(document.name())),
            date: Some(document.date),
        }));
    }
    let name = match kind {
        RecordKind::Customer => store.customer_name(&CustomerId::from(id))?,
        RecordKind::Item => store.item_name(&ItemId::from(id))?,
        _ => None,
    };
    Ok(name.map(|title| NamedRecord {
        id: id.to_owned(),
        title,
        document: None,
        date: None,
    }))
}
