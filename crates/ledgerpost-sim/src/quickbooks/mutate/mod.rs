//! Edits as somebody makes them in QuickBooks' own screens.

mod customers;
mod random;
mod transactions;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::State;
use super::answer::Fault;
use super::company::Company;
use super::pacific::whole_seconds;
use super::table::{Row, Table};
use super::write::{self, Operation};
use crate::frame::{ControlError, Switches};

pub(crate) use random::edit_between_pages;

/// One edit; the main company unless `realm` names another.
#[derive(Debug, Deserialize)]
struct Request {
    #[serde(default)]
    realm: Option<String>,
    #[serde(flatten)]
    edit: Edit,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "edit", rename_all = "snake_case")]
enum Edit {
    /// Sets properties, in Intuit's names, on a record.
    Update {
        entity: String,
        id: String,
        set: Value,
    },
    /// Adds a record, in Intuit's shape.
    Create { entity: String, record: Value },
    /// Changes a customer's e-mail field; empty takes it away.
    ChangeEmail { id: String, email: String },
    /// Renames a customer.
    Rename { id: String, name: String },
    /// Gives a customer a type, which may be a new one.
    SetCustomerType {
        id: String,
        kind: String,
        name: String,
    },
    /// Makes a customer inactive, as the screen does it: with any balance.
    Deactivate { id: String },
    /// Makes a customer active, under a name if one is given.
    Reactivate { id: String, name: Option<String> },
    /// Merges a customer into another.
    Merge { loser: String, survivor: String },
    /// Deletes a transaction.
    Delete { entity: String, id: String },
    /// Voids an invoice or sales receipt.
    Void { id: String },
    /// Applies a credit memo to an invoice by a payment of 0; all that fits unless an amount in
    /// hundredths is given.
    ApplyCreditMemo {
        memo: String,
        invoice: String,
        cents: Option<i64>,
    },
    /// Makes a transaction unreadable (4002), or readable again.
    Poison { id: String, poisoned: bool },
    /// Sets `SubscriptionStatus`.
    Subscription { status: String },
    /// Ends the app's connections, as the owner can under "Apps".
    Disconnect,
    /// Any number of edits of all kinds, by a seed.
    Random { seed: u64, count: usize },
}

fn number(text: &str) -> Result<u64, ControlError> {
    text.parse()
        .map_err(|_| ControlError::BadRequest(format!("{text} is no id")))
}

fn refused(fault: &Fault) -> ControlError {
    ControlError::BadRequest(format!("{}: {}", fault.code, fault.detail))
}

/// Makes an edit.
pub(crate) fn apply(
    state: &mut State,
    edit: Value,
    switches: &Switches,
    now: Timestamp,
) -> Result<Value, ControlError> {
    let now = whole_seconds(now);
    let request: Request = serde_json::from_value(edit)
        .map_err(|error| ControlError::BadRequest(error.to_string()))?;
    let realm = request
        .realm
        .unwrap_or_else(|| state.companies[0].books.company.realm.clone());
    if matches!(request.edit, Edit::Disconnect) {
        state.auth.disconnect(&realm);
        return Ok(json!({ "disconnected": realm }));
    }
    let company = state
        .company(&realm)
        .ok_or_else(|| ControlError::NotFound(format!("company {realm}")))?;
    // Edits on the screens are no writes of the app.
    let writes = company.writes;
    let outcome = edit_company(company, request.edit, switches, now);
    company.writes = writes;
    outcome
}

fn edit_company(
    company: &mut Company,
    edit: Edit,
    switches: &Switches,
    now: Timestamp,
) -> Result<Value, ControlError> {
    match edit {
        Edit::Update { entity, id, set } => update(company, &entity, &id, set, switches, now),
        Edit::Create { entity, record } => {
            let table = table(&entity)?;
            let answer = write::run(company, table, Operation::Save, &record, switches, now)
                .map_err(|fault| refused(&fault))?;
            let saved: Value = serde_json::from_str(&answer.members)
                .map_err(|error| ControlError::BadRequest(error.to_string()))?;
            Ok(json!({ "created": saved[table.name()]["Id"] }))
        }
        Edit::ChangeEmail { id, email } => {
            let set = json!({ "PrimaryEmailAddr": { "Address": email } });
            update(company, "Customer", &id, set, switches, now)
        }
        Edit::Rename { id, name } => update(
            company,
            "Customer",
            &id,
            json!({ "DisplayName": name }),
            switches,
            now,
        ),
        Edit::SetCustomerType { id, kind, name } => {
            customers::set_type(company, number(&id)?, kind, name, now)?;
            Ok(json!({ "updated": id }))
        }
        Edit::Deactivate { id } => customers::deactivate(company, number(&id)?, now),
        Edit::Reactivate { id, name } => {
            let mut set = json!({ "Active": true });
            if let Some(name) = name {
                set["DisplayName"] = json!(name);
            }
            update(company, "Customer", &id, set, switches, now)
        }
        Edit::Merge { loser, survivor } => {
            customers::merge(company, number(&loser)?, number(&survivor)?, now)
        }
        Edit::Delete { entity, id } => {
            transactions::delete(company, table(&entity)?, number(&id)?, now)
        }
        Edit::Void { id } => transactions::void(company, number(&id)?, now),
        Edit::ApplyCreditMemo {
            memo,
            invoice,
            cents,
        } => transactions::apply_credit(company, number(&memo)?, number(&invoice)?, cents, now),
        Edit::Poison { id, poisoned } => transactions::poison(company, number(&id)?, poisoned, now),
        Edit::Subscription { status } => {
            company.books.company.subscription.clone_from(&status);
            Ok(json!({ "subscription": status }))
        }
        Edit::Random { seed, count } => Ok(random::random(company, seed, count, switches, now)),
        // Made before a company is looked for.
        Edit::Disconnect => Ok(Value::Null),
    }
}

fn table(entity: &str) -> Result<Table, ControlError> {
    Table::by_name(entity).ok_or_else(|| ControlError::NotFound(format!("entity {entity}")))
}

/// A sparse update with the current token.
fn update(
    company: &mut Company,
    entity: &str,
    id: &str,
    mut set: Value,
    switches: &Switches,
    now: Timestamp,
) -> Result<Value, ControlError> {
    let table = table(entity)?;
    let wanted = number(id)?;
    let token = Row::all(&company.books, table)
        .find(|row| row.meta().id == wanted)
        .map(|row| row.meta().token)
        .ok_or_else(|| ControlError::NotFound(format!("{entity} {id}")))?;
    if !set.is_object() {
        return Err(ControlError::BadRequest("set must be an object".to_owned()));
    }
    set["Id"] = json!(id);
    set["SyncToken"] = json!(token.to_string());
    set["sparse"] = json!(true);
    write::run(company, table, Operation::Save, &set, switches, now)
        .map_err(|fault| refused(&fault))?;
    Ok(json!({ "updated": id }))
}
