//! Edits of the account: its stores, and who may do what.

use serde_json::{Value, json};

use super::super::model::Store;
use super::super::orders;
use super::super::state::State;
use super::missing;
use crate::frame::ControlError;

fn store_of<'s>(state: &'s mut State, id: &str) -> Result<&'s mut Store, ControlError> {
    state.accounts[0]
        .stores
        .get_mut(id)
        .ok_or_else(|| missing("the store"))
}

pub(super) fn delete_order(
    state: &mut State,
    store: &str,
    order: &str,
) -> Result<Value, ControlError> {
    orders::remove(store_of(state, store)?, order).ok_or_else(|| missing("the order"))?;
    Ok(json!({"id": order}))
}

pub(super) fn delete_product(
    state: &mut State,
    store: &str,
    product: &str,
) -> Result<Value, ControlError> {
    store_of(state, store)?
        .products
        .remove(product)
        .ok_or_else(|| missing("the product"))?;
    Ok(json!({"id": product}))
}

pub(super) fn delete_store(state: &mut State, store: &str) -> Result<Value, ControlError> {
    state.accounts[0]
        .stores
        .remove(store)
        .ok_or_else(|| missing("the store"))?;
    Ok(json!({"id": store}))
}

pub(super) fn edit_store(
    state: &mut State,
    store: &str,
    notifies: bool,
) -> Result<Value, ControlError> {
    store_of(state, store)?.notifies = notifies;
    Ok(json!({"id": store}))
}

/// Takes one token out of use, or all of them.
pub(super) fn revoke(state: &mut State, wanted: Option<&str>) -> Value {
    let mut revoked = 0;
    for (token, entry) in &mut state.tokens {
        if wanted.is_none_or(|wanted| wanted == token) {
            entry.revoked = true;
            revoked += 1;
        }
    }
    json!({"revoked": revoked})
}

pub(super) fn set_role(state: &mut State, role: String) -> Value {
    let account = &mut state.accounts[0];
    account.role = role;
    json!({"role": account.role})
}

pub(super) fn set_audience_limit(state: &mut State, limit: i64) -> Value {
    state.accounts[0].audience_limit = limit;
    json!({"limit": limit})
}
