//! Envelopes of successful answers (`quickbooks-online.md` 2, 6, 7).

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::entity::Entity;
use crate::error::{Error, Trace};
use crate::fault::Errors;
use crate::wire::lenient;

/// What stands under `QueryResponse`: arrays by entity beside counters. Empty arrays are left out.
pub(crate) type Group<'a> = HashMap<String, &'a RawValue>;

/// The answer to a query.
#[derive(Deserialize)]
pub(crate) struct QueryReply<'a> {
    #[serde(borrow, rename = "QueryResponse")]
    pub(crate) group: Group<'a>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) time: Option<Timestamp>,
}

/// The answer to a batch.
#[derive(Deserialize)]
pub(crate) struct BatchReply<'a> {
    #[serde(borrow, default, rename = "BatchItemResponse")]
    pub(crate) items: Vec<BatchItem<'a>>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) time: Option<Timestamp>,
}

#[derive(Deserialize)]
pub(crate) struct BatchItem<'a> {
    #[serde(rename = "bId")]
    pub(crate) id: String,
    #[serde(borrow, default, rename = "QueryResponse")]
    pub(crate) group: Option<Group<'a>>,
    #[serde(default, rename = "Fault")]
    pub(crate) fault: Option<Errors>,
}

/// The answer to change data capture.
#[derive(Deserialize)]
pub(crate) struct ChangesReply<'a> {
    #[serde(borrow, rename = "CDCResponse")]
    pub(crate) parts: Vec<ChangesPart<'a>>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) time: Option<Timestamp>,
}

#[derive(Deserialize)]
pub(crate) struct ChangesPart<'a> {
    #[serde(borrow, default, rename = "QueryResponse")]
    pub(crate) groups: Vec<Group<'a>>,
    #[serde(default, rename = "Fault")]
    pub(crate) fault: Option<Errors>,
}

/// The records of an entity in a group; none where the array is absent.
pub(crate) fn records<'a>(
    group: &Group<'a>,
    entity: Entity,
    trace: &Trace,
) -> Result<Vec<&'a RawValue>, Error> {
    array(group, entity.name(), trace)
}

/// The values of the array `name`; none where it is absent.
pub(crate) fn array<'a>(
    group: &Group<'a>,
    name: &str,
    trace: &Trace,
) -> Result<Vec<&'a RawValue>, Error> {
    match group.get(name) {
        Some(raw) => parse(raw.get(), trace),
        None => Ok(Vec::new()),
    }
}

/// `totalCount` of a count.
pub(crate) fn total(group: &Group<'_>, trace: &Trace) -> Result<usize, Error> {
    let literal = group.get("totalCount").map_or("", |raw| raw.get());
    parse(literal.trim_matches('"'), trace)
}

/// Reads JSON.
pub(crate) fn parse<'a, T: Deserialize<'a>>(text: &'a str, trace: &Trace) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::reply(&error, trace))
}

/// The body as text. A byte that is no UTF-8 costs one letter, not the page.
pub(crate) fn text(body: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(body)
}
