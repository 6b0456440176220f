//! One record as it was read.

use jiff::Timestamp;
use ledgerpost_core::source::{CreditApplication, Customer, Document, Item};
use ledgerpost_net::http::Bytes;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::convert;
use crate::entity::Entity;
use crate::error::{Detail, Trace};
use crate::wire;

/// A record, both as the mirror's columns and as the service sent it.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its kind.
    pub entity: Entity,
    /// Its id, unique per company and kind (`quickbooks-online.md` 2).
    pub id: String,
    /// `MetaData.LastUpdatedTime`. Moves with a customer's balance too, so a later time does not mean
    /// that a mapped field changed (`quickbooks-online.md` 3.5).
    pub updated: Option<Timestamp>,
    /// The mapped columns.
    pub record: Record,
    /// The JSON as it came.
    pub raw: RawText,
}

/// A record's JSON. Shares the memory of the answer that it came in: a full page is two megabytes.
#[derive(Clone, PartialEq, Eq)]
pub struct RawText(Bytes);

impl RawText {
    /// `raw` as a part of `body`, where it is one: a body with broken characters was read from a
    /// repaired copy.
    fn new(body: &Bytes, raw: &RawValue) -> Self {
        let raw = raw.get().as_bytes();
        let range = body.as_ptr_range();
        let within = raw.as_ptr_range();
        if range.start <= within.start && within.end <= range.end {
            Self(body.slice_ref(raw))
        } else {
            Self(Bytes::copy_from_slice(raw))
        }
    }

    /// The JSON.
    pub fn get(&self) -> &str {
        std::str::from_utf8(&self.0).expect("made from a string")
    }
}

impl std::fmt::Debug for RawText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[{} bytes]", self.0.len())
    }
}

/// The mapped columns of a record.
#[expect(
    clippy::large_enum_variant,
    reason = "customers, the largest, are among the most frequent; a box each would only cost"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// A customer.
    Customer(Customer),
    /// An item.
    Item(Item),
    /// A sales transaction.
    Document {
        /// The document.
        document: Box<Document>,
        /// What a credit memo applies itself; replaces all earlier applications of this carrier.
        applications: Vec<CreditApplication>,
    },
    /// A payment.
    Payment {
        /// The credit that it applies; replaces all earlier applications of this carrier.
        applications: Vec<CreditApplication>,
    },
}

/// A record that is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// Its kind.
    pub entity: Entity,
    /// Its id.
    pub id: String,
}

/// A record that could not be had, while all others could.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Its kind.
    pub entity: Entity,
    /// Its id, when it arrived but made no sense.
    pub id: Option<String>,
    /// Its place in the order of Ids, from 1, when it was found in a query.
    pub position: Option<usize>,
    /// How many records this stands for: one, unless the search for it was given up.
    pub rows: usize,
    /// Why.
    pub reason: UnreadableReason,
    /// Ids of the records just before and after it: what helps an owner to find it.
    pub neighbours: [Option<String>; 2],
    /// The call.
    pub trace: Trace,
}

/// Why a record could not be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnreadableReason {
    /// QuickBooks fails when it is asked for (`quickbooks-online.md` 3.6).
    Refused(Detail),
    /// It is too large for an answer.
    TooLarge,
    /// It has no usable id, date or amount.
    Malformed,
}

impl UnreadableReason {
    /// QuickBooks' words, for the owner; empty where it said nothing.
    pub fn detail(&self) -> &str {
        match self {
            Self::Refused(detail) => detail.expose(),
            Self::TooLarge | Self::Malformed => "",
        }
    }
}

/// What a piece of JSON turned out to be.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are rows, and none is kept"
)]
pub(crate) enum Parsed {
    Row(Row),
    Deleted(Deleted),
    Malformed(Unreadable),
}

impl Row {
    /// Makes a row from JSON that was kept; `None` when it has no usable id, date or amount.
    pub fn from_raw(entity: Entity, raw: &RawValue) -> Option<Self> {
        match Parsed::new(entity, raw, &Bytes::new()) {
            Parsed::Row(row) => Some(row),
            Parsed::Deleted(_) | Parsed::Malformed(_) => None,
        }
    }
}

impl Parsed {
    /// Reads a record, which is a part of `body`.
    pub(crate) fn new(entity: Entity, raw: &RawValue, body: &Bytes) -> Self {
        let Some(head) = parse::<wire::Head>(raw) else {
            return Self::malformed(entity, None);
        };
        if head.is_deleted() {
            let id = head.id;
            return Self::Deleted(Deleted { entity, id });
        }
        let updated = head.updated();
        let id = head.id;
        match record(entity, &id, raw) {
            Some(record) => Self::Row(Row {
                entity,
                id,
                updated,
                record,
                raw: RawText::new(body, raw),
            }),
            None => Self::malformed(entity, Some(id)),
        }
    }

    fn malformed(entity: Entity, id: Option<String>) -> Self {
        Self::Malformed(Unreadable {
            entity,
            id,
            position: None,
            rows: 1,
            reason: UnreadableReason::Malformed,
            neighbours: [None, None],
            trace: Trace::default(),
        })
    }
}

fn record(entity: Entity, id: &str, raw: &RawValue) -> Option<Record> {
    Some(match (entity, entity.document()) {
        (_, Some(kind)) => {
            let sale = parse::<wire::Sale>(raw)?;
            let applications = if entity == Entity::CreditMemo {
                convert::from_memo(id, &sale)
            } else {
                Vec::new()
            };
            Record::Document {
                document: Box::new(convert::document(kind, id, sale)),
                applications,
            }
        }
        (Entity::Customer, None) => Record::Customer(convert::customer(id, parse(raw)?)),
        (Entity::Item, None) => Record::Item(convert::item(id, parse(raw)?)),
        (_, None) => Record::Payment {
            applications: convert::from_payment(id, parse(raw)?),
        },
    })
}

fn parse<T: DeserializeOwned>(raw: &RawValue) -> Option<T> {
    serde_json::from_str(raw.get()).ok()
}
