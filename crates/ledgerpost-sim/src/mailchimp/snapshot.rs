//! Everything that the accounts hold, in a canonical order.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::batches;
use super::model::{Account, List, Member, Store};
use super::state::State;
use super::time::stamp;

/// The whole state. `stable` leaves out what differs from run to run: times, random ids, records.
pub(crate) fn take(state: &State, stable: bool) -> Value {
    let accounts: Vec<Value> = state
        .accounts
        .iter()
        .map(|held| account(held, stable))
        .collect();
    let mut answer = json!({"accounts": accounts});
    if !stable {
        answer["contract_violations"] = state.journal.violations();
        answer["double_creates"] = state.journal.double_creates();
        answer["tokens"] = json!(state.tokens.len());
    }
    answer
}

fn account(held: &Account, stable: bool) -> Value {
    let lists: Vec<Value> = held
        .lists
        .iter()
        .map(|(id, row)| list(id, row, stable))
        .collect();
    let stores: BTreeMap<&str, Value> = held
        .stores
        .iter()
        .map(|(id, row)| (id, store(row, stable)))
        .collect();
    let mut answer = json!({
        "account_id": held.id, "name": held.name, "lists": lists, "stores": stores,
    });
    if !stable {
        answer["unfinished_batches"] = json!(batches::unfinished(held));
    }
    answer
}

fn list(id: &str, row: &List, stable: bool) -> Value {
    let members: BTreeMap<&str, Value> = row
        .members
        .iter()
        .map(|(hash, held)| (hash, member(row, held, stable)))
        .collect();
    let mut forgotten: Vec<&String> = row.forgotten.iter().collect();
    forgotten.sort();
    let mut tags: Vec<&str> = row.tags.iter().map(|(_, tag)| tag.name.as_str()).collect();
    tags.sort_unstable();
    let fields: Vec<&str> = row
        .merge_fields
        .iter()
        .map(|field| field.tag.as_str())
        .collect();
    json!({
        "id": id, "name": row.name(), "double_optin": row.double_optin,
        "has_welcome": row.has_welcome, "members": members, "forgotten": forgotten, "tags": tags,
        "merge_fields": fields,
    })
}

fn member(list: &List, held: &Member, stable: bool) -> Value {
    let mut tags: Vec<&str> = held
        .tags
        .keys()
        .filter_map(|id| list.tags.get(&id.to_string()))
        .map(|tag| tag.name.as_str())
        .collect();
    tags.sort_unstable();
    let mut row = json!({
        "email_address": held.email, "status": held.status,
        "unsubscribed_by": held.unsubscribed_by, "merge_fields": held.merge, "tags": tags,
    });
    if !stable {
        row["contact_id"] = json!(held.contact_id);
        row["last_changed"] = json!(stamp(held.last_changed));
    }
    row
}

/// A body without what the clock decided.
fn body(held: &Map<String, Value>, stable: bool) -> Value {
    let mut row = held.clone();
    if stable {
        row.remove("updated_at_foreign");
    }
    Value::Object(row)
}

fn store(row: &Store, stable: bool) -> Value {
    let products: BTreeMap<&str, Value> = row
        .products
        .iter()
        .map(|(id, product)| {
            let variants: BTreeMap<&str, &Map<String, Value>> = product
                .variants
                .iter()
                .map(|(id, variant)| (id, &variant.body))
                .collect();
            (
                id,
                json!({"body": body(&product.body, stable), "variants": variants}),
            )
        })
        .collect();
    let customers: BTreeMap<&str, Value> = row
        .customers
        .iter()
        .map(|(id, customer)| {
            let value = json!({
                "email_address": customer.email, "opt_in_status": customer.opt_in,
                "body": body(&customer.body, stable), "orders": customer.orders,
                "total_spent": super::commerce::round(customer.spent),
            });
            (id, value)
        })
        .collect();
    let orders: BTreeMap<&str, Value> = row
        .orders
        .iter()
        .map(|(id, order)| {
            let lines: BTreeMap<&str, &Map<String, Value>> = order.lines.iter().collect();
            let value = json!({
                "customer": order.customer, "body": body(&order.body, stable), "lines": lines,
            });
            (id, value)
        })
        .collect();
    json!({
        "list_id": row.list, "is_syncing": row.is_syncing, "body": row.body,
        "products": products, "customers": customers, "orders": orders,
    })
}
