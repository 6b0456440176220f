//! A day in the books of the demo company: the edits that the demo follows.

use ledgerpost_sim::Simulator;
use serde_json::{Value, json};

use crate::outcome::CommandError;

/// Adaeze Okonkwo, whom the first sync added.
const MOVES: &str = "1";
/// Ingrid Solheim, who was in the audience.
const RENAMED: &str = "3";
/// Théo Marchand.
const DEACTIVATED: &str = "4";

/// Makes the edits and says what they were, one line each.
pub(super) fn make(simulator: &Simulator) -> Result<Vec<String>, CommandError> {
    let books = Books { simulator };
    let [edited, voided, deleted] = books.three_invoices()?;
    let mut told = Vec::new();
    let mut tell = |line: &str| told.push(line.to_owned());

    books.edit(json!({
        "edit": "update", "entity": "Customer", "id": RENAMED,
        "set": { "GivenName": "Ingrid", "FamilyName": "Solheim-Berg" },
    }))?;
    tell("Ingrid Solheim is called Ingrid Solheim-Berg now.");
    books.edit(json!({
        "edit": "change_email", "id": MOVES, "email": "adaeze@okonkwo-studio.test",
    }))?;
    tell("Adaeze Okonkwo has a new email address.");
    books.edit(json!({ "edit": "create", "entity": "Customer", "record": {
        "DisplayName": "Maren Falk", "GivenName": "Maren", "FamilyName": "Falk",
        "PrimaryEmailAddr": { "Address": "maren@falk-and-daughter.test" },
    }}))?;
    tell("Maren Falk is a new customer.");
    books.edit(json!({
        "edit": "update", "entity": "Invoice", "id": edited.id, "set": { "Line": [line("312.40")] },
    }))?;
    tell(&format!("Invoice {} was changed to 312.40.", edited.number));
    books.edit(json!({ "edit": "void", "id": voided.id }))?;
    tell(&format!("Invoice {} was voided.", voided.number));
    books.edit(json!({ "edit": "delete", "entity": "Invoice", "id": deleted.id }))?;
    tell(&format!("Invoice {} was deleted.", deleted.number));
    books.edit(json!({ "edit": "deactivate", "id": DEACTIVATED }))?;
    tell("Théo Marchand was made inactive.");

    let invoice = books.create("Invoice", RENAMED, "400.00")?;
    let memo = books.create("CreditMemo", RENAMED, "50.00")?;
    books.edit(json!({ "edit": "apply_credit_memo", "memo": memo, "invoice": invoice }))?;
    tell("Ingrid Solheim-Berg bought for 400.00 and got a credit of 50.00 on it.");
    Ok(told)
}

/// An invoice of the demo company.
struct Invoice {
    id: String,
    number: String,
}

struct Books<'a> {
    simulator: &'a Simulator,
}

impl Books<'_> {
    fn edit(&self, edit: Value) -> Result<Value, CommandError> {
        self.simulator
            .quickbooks()
            .service()
            .mutate(edit)
            .map_err(|error| CommandError::DemoEdit(error.to_string()))
    }

    /// Creates a sale or a credit with one line, and gives its id.
    fn create(&self, entity: &str, customer: &str, amount: &str) -> Result<String, CommandError> {
        let record = json!({ "CustomerRef": { "value": customer }, "Line": [line(amount)] });
        let created = self.edit(json!({ "edit": "create", "entity": entity, "record": record }))?;
        created["created"]
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| CommandError::DemoEdit(format!("no id for the new {entity}")))
    }

    /// Three invoices over something, of customers whom the sync has reached.
    fn three_invoices(&self) -> Result<[Invoice; 3], CommandError> {
        let state = self.simulator.quickbooks().service().state(true);
        let found: Vec<Invoice> = state["companies"][0]["entities"]["Invoice"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|row| {
                let customer = row["CustomerRef"]["value"].as_str();
                // Juniper & Company, which the first sync added.
                customer == Some("2") && row["TotalAmt"].as_f64().is_some_and(|total| total > 0.0)
            })
            .filter_map(|row| {
                Some(Invoice {
                    id: row["Id"].as_str()?.to_owned(),
                    number: row["DocNumber"].as_str()?.to_owned(),
                })
            })
            .take(3)
            .collect();
        <[Invoice; 3]>::try_from(found)
            .map_err(|_| CommandError::DemoEdit("the books hold too few invoices".to_owned()))
    }
}

/// A line that sells a first item. The amount is a literal: it never is a binary float.
fn line(amount: &str) -> Value {
    let amount: Value = serde_json::from_str(amount).unwrap_or(Value::Null);
    json!({
        "Amount": amount,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": { "ItemRef": { "value": "1" } },
    })
}
