//! Edits as somebody makes them in QuickBooks' own screens, and the canonical state.

use jiff::Timestamp;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::Deserialize;
use serde_json::{Value, json};

use super::State;
use super::answer::Fault;
use super::company::{Company, Gone};
use super::pacific::whole_seconds;
use super::render::Page;
use super::table::{Row, Table};
use super::write::{self, Operation};
use super::write_customer::DELETED;
use super::write_document::{add_payment, void_document};
use crate::frame::{ControlError, Switches};
use crate::seed::{Customer, DocumentKind, LinkedKind, PaymentLine};

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
            let row = customer(company, number(&id)?)?;
            row.customer_type = Some(kind.clone());
            row.meta.token += 1;
            row.meta.updated = now;
            let types = &mut company.books.customer_types;
            types.retain(|(known, _)| *known != kind);
            types.push((kind, name));
            Ok(json!({ "updated": id }))
        }
        Edit::Deactivate { id } => deactivate(company, number(&id)?, now),
        Edit::Reactivate { id, name } => {
            let mut set = json!({ "Active": true });
            if let Some(name) = name {
                set["DisplayName"] = json!(name);
            }
            update(company, "Customer", &id, set, switches, now)
        }
        Edit::Merge { loser, survivor } => merge(company, number(&loser)?, number(&survivor)?, now),
        Edit::Delete { entity, id } => delete(company, table(&entity)?, number(&id)?, now),
        Edit::Void { id } => {
            let id = number(&id)?;
            document(company, id)?;
            void_document(company, id, now);
            Ok(json!({ "voided": id.to_string() }))
        }
        Edit::ApplyCreditMemo {
            memo,
            invoice,
            cents,
        } => apply_credit(company, number(&memo)?, number(&invoice)?, cents, now),
        Edit::Poison { id, poisoned } => {
            let row = company.books.documents.get_mut(&number(&id)?);
            let row = row.ok_or_else(|| ControlError::NotFound(format!("transaction {id}")))?;
            row.poisoned = poisoned;
            row.meta.updated = now;
            Ok(json!({ "poisoned": poisoned }))
        }
        Edit::Subscription { status } => {
            company.books.company.subscription.clone_from(&status);
            Ok(json!({ "subscription": status }))
        }
        Edit::Random { seed, count } => Ok(random(company, seed, count, switches, now)),
        Edit::Disconnect => Ok(Value::Null),
    }
}

fn table(entity: &str) -> Result<Table, ControlError> {
    Table::by_name(entity).ok_or_else(|| ControlError::NotFound(format!("entity {entity}")))
}

fn document(company: &Company, id: u64) -> Result<DocumentKind, ControlError> {
    company
        .books
        .documents
        .get(&id)
        .map(|document| document.kind)
        .ok_or_else(|| ControlError::NotFound(format!("transaction {id}")))
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

fn customer(company: &mut Company, id: u64) -> Result<&mut Customer, ControlError> {
    company
        .books
        .customers
        .get_mut(&id)
        .ok_or_else(|| ControlError::NotFound(format!("customer {id}")))
}

fn deactivate(company: &mut Company, id: u64, now: Timestamp) -> Result<Value, ControlError> {
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
fn merge(
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

fn delete(
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

fn apply_credit(
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
    let amount = crate::seed::Cents(cents.unwrap_or(most.0));
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
    let id = add_payment(company, customer, crate::seed::Cents(0), lines, now)
        .map_err(|fault| refused(&fault))?;
    Ok(json!({ "payment": id.to_string(), "cents": amount.0 }))
}

/// A mixed batch of edits. What the books do not allow at that place is passed over, so that the
/// answer counts what happened.
fn random(
    company: &mut Company,
    seed: u64,
    count: usize,
    switches: &Switches,
    now: Timestamp,
) -> Value {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut done = std::collections::BTreeMap::<&str, usize>::new();
    for step in 0..count {
        let customers: Vec<u64> = company.books.customers.keys().copied().collect();
        let documents: Vec<u64> = company.books.documents.keys().copied().collect();
        if customers.is_empty() || documents.is_empty() {
            break;
        }
        let customer = customers[random.random_range(0..customers.len())].to_string();
        let place = random.random_range(0..documents.len());
        let other = documents[place];
        let mark = format!("{seed}-{step}");
        let edit = match random.random_range(0..20) {
            0..=4 => (
                "phone",
                Edit::Update {
                    entity: "Customer".to_owned(),
                    id: customer,
                    set: json!({ "PrimaryPhone": { "FreeFormNumber": format!("(207) 555-{:04}", step % 10_000) } }),
                },
            ),
            5 | 6 => (
                "name",
                Edit::Update {
                    entity: "Customer".to_owned(),
                    id: customer,
                    set: json!({ "FamilyName": format!("Renamed {mark}") }),
                },
            ),
            7 => (
                "email",
                Edit::ChangeEmail {
                    id: customer,
                    email: format!("moved.{mark}@new-address.test"),
                },
            ),
            8 => (
                "rename",
                Edit::Rename {
                    id: customer,
                    name: format!("Renamed customer {mark}"),
                },
            ),
            9 => ("deactivate", Edit::Deactivate { id: customer }),
            10 => (
                "reactivate",
                Edit::Reactivate {
                    id: customer,
                    name: Some(format!("Back again {mark}")),
                },
            ),
            11 => (
                "new_customer",
                Edit::Create {
                    entity: "Customer".to_owned(),
                    record: json!({ "DisplayName": format!("New customer {mark}"), "GivenName": "New", "FamilyName": "Person", "PrimaryEmailAddr": { "Address": format!("new.{mark}@new-customer.test") } }),
                },
            ),
            12..=14 => (
                "new_invoice",
                Edit::Create {
                    entity: "Invoice".to_owned(),
                    record: invoice(company, &customer, step),
                },
            ),
            15 | 16 => (
                "void",
                Edit::Void {
                    id: other.to_string(),
                },
            ),
            17 | 18 => (
                "delete",
                Edit::Delete {
                    entity: company.books.documents[&other].kind.as_str().to_owned(),
                    id: other.to_string(),
                },
            ),
            _ => (
                "note",
                Edit::Update {
                    entity: company.books.documents[&other].kind.as_str().to_owned(),
                    id: other.to_string(),
                    set: json!({ "PrivateNote": format!("checked {mark}") }),
                },
            ),
        };
        let (kind, edit) = edit;
        if edit_company(company, edit, switches, now).is_ok() {
            *done.entry(kind).or_default() += 1;
        }
    }
    json!(done)
}

fn invoice(company: &Company, customer: &str, step: usize) -> Value {
    let item = company
        .books
        .items
        .values()
        .filter(|item| item.active && item.price.is_some())
        .nth(step % 5)
        .map(|item| item.meta.id.to_string());
    let mut detail = json!({});
    if let Some(item) = item {
        detail["ItemRef"] = json!({ "value": item });
    }
    json!({
        "CustomerRef": { "value": customer },
        "Line": [{
            "Amount": 20 + step % 80, "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": detail,
        }],
    })
}

/// What happens to a live table between two pages: rows are renamed to the front and the back of
/// the alphabet, and one is added.
pub(crate) fn edit_between_pages(company: &mut Company, switches: &Switches, now: Timestamp) {
    let now = whole_seconds(now);
    let writes = company.writes;
    let ids: Vec<u64> = company.books.customers.keys().copied().collect();
    let round = company.gone.len() + ids.len();
    for step in 0..switches.edits_between_pages {
        let id = ids[(round * 7 + step * 13) % ids.len()].to_string();
        let letter = if step % 2 == 0 { "Aa" } else { "Zz" };
        let name = format!("{letter} moved {round}-{step}");
        // A row that may not be renamed stays; the next page moves others.
        let _ = edit_company(company, Edit::Rename { id, name }, switches, now);
    }
    let record = json!({ "DisplayName": format!("Aa between pages {round}") });
    let edit = Edit::Create {
        entity: "Customer".to_owned(),
        record,
    };
    let _ = edit_company(company, edit, switches, now);
    company.writes = writes;
}

/// Everything in a company's books, by entity and id. `stable` leaves out times and tokens.
pub(crate) fn snapshot(company: &Company, stable: bool) -> Value {
    let page = Page::new(&company.books, true);
    let mut entities = serde_json::Map::new();
    for table in Table::ALL {
        if table.field("Id").is_none() {
            continue;
        }
        let rows: Vec<Value> = Row::all(&company.books, table)
            .map(|row| {
                let mut out = String::new();
                row.write(&mut out, &page);
                let mut value: Value =
                    serde_json::from_str(&out).expect("the simulator writes valid JSON");
                if stable && let Some(members) = value.as_object_mut() {
                    members.remove("MetaData");
                    members.remove("SyncToken");
                }
                value
            })
            .collect();
        entities.insert(table.name().to_owned(), Value::Array(rows));
    }
    let gone: Vec<Value> = company
        .gone
        .iter()
        .map(|gone| json!({ "entity": gone.table.name(), "id": gone.id.to_string() }))
        .collect();
    json!({
        "realm": company.books.company.realm,
        "name": company.books.company.name,
        "writes": company.writes,
        "deleted": gone,
        "entities": entities,
    })
}
