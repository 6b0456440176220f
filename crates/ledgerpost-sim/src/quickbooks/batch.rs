//! The batch endpoint (`quickbooks-online.md` 7).

use std::collections::HashSet;

use axum::body::Bytes;
use jiff::Timestamp;
use serde_json::Value;

use super::answer::{Answer, Fault};
use super::company::Company;
use super::json::Object;
use super::table::Table;
use super::write::Operation;
use super::{query, write};
use crate::frame::Switches;

/// Whether a request body holds queries, which cost metered calls.
pub(crate) fn has_queries(body: &Bytes) -> bool {
    serde_json::from_slice::<Value>(body)
        .ok()
        .as_ref()
        .and_then(items)
        .is_some_and(|items| items.iter().any(|item| item.get("Query").is_some()))
}

fn items(body: &Value) -> Option<&Vec<Value>> {
    body.get("BatchItemRequest")?.as_array()
}

/// Runs the items one by one; each one succeeds or fails by itself.
pub(crate) fn run(
    company: &mut Company,
    body: &Value,
    switches: &Switches,
    now: Timestamp,
) -> Result<Answer, Fault> {
    let items = items(body).ok_or_else(|| Fault::missing("BatchItemRequest"))?;
    if items.len() > switches.batch_limit {
        return Err(Fault::new(
            "1040",
            "Batch limit exceeded",
            format!(
                "Number of batch items exceeds the limit of {}",
                switches.batch_limit
            ),
        ));
    }
    let mut seen = HashSet::new();
    let mut objects = 0;
    let mut metered = 0;
    let mut outcomes = Vec::new();
    for item in items {
        let id = item.get("bId").and_then(Value::as_str).unwrap_or_default();
        if id.is_empty() || !seen.insert(id) {
            return Err(Fault::missing("bId"));
        }
        let outcome = run_item(company, item, switches, now, &mut objects);
        metered += outcome.as_ref().map_or(0, |answer| answer.metered);
        outcomes.push((id, outcome));
    }
    if !switches.batch_metered_per_query {
        metered = metered.min(1);
    }
    Ok(Answer::new(metered, |object| {
        object.list("BatchItemResponse", outcomes, |out, (id, outcome)| {
            let start = out.len();
            match outcome {
                Ok(answer) => {
                    out.push_str(&answer.members);
                    out.pop();
                }
                Err(fault) => {
                    let mut object = Object::open(out);
                    fault.write(&mut object);
                    object.close();
                    out.pop();
                }
            }
            debug_assert!(out.len() > start, "every item has an answer");
            out.push_str(",\"bId\":");
            super::json::quote(out, id);
            out.push('}');
        });
    }))
}

fn run_item(
    company: &mut Company,
    item: &Value,
    switches: &Switches,
    now: Timestamp,
    objects: &mut usize,
) -> Result<Answer, Fault> {
    if let Some(statement) = item.get("Query") {
        let statement = statement.as_str().ok_or_else(|| Fault::missing("Query"))?;
        let (answer, _, rows) = query::run(&company.books, statement, switches, now)?;
        if switches.batch_objects > 0 && *objects + rows > switches.batch_objects {
            return Err(Fault::new(
                "10100",
                "Result set too large",
                format!(
                    "The answer to a batch holds at most {} objects",
                    switches.batch_objects
                ),
            ));
        }
        *objects += rows;
        return Ok(answer);
    }
    let members = item.as_object().ok_or_else(|| Fault::missing("bId"))?;
    let (table, record) = members
        .iter()
        .find_map(|(name, record)| Some((Table::by_name(name)?, record)))
        .ok_or_else(|| Fault::unsupported("batch item without an entity"))?;
    let operation = match item.get("operation").and_then(Value::as_str) {
        Some("create") if record.get("Id").is_none() => Operation::Save,
        Some("update") if record.get("Id").is_some() => Operation::Save,
        Some("delete") => Operation::Delete,
        Some("void") => Operation::Void,
        Some("create" | "update") => return Err(Fault::missing("Id")),
        other => return Err(Fault::unsupported(other.unwrap_or("batch"))),
    };
    *objects += 1;
    write::run(company, table, operation, record, switches, now)
}
