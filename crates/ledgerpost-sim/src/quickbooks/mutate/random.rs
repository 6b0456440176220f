//! Edits that nobody chose: mixed ones by a seed, and those between two pages.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::{Value, json};

use super::super::company::Company;
use super::super::pacific::whole_seconds;
use super::{Edit, edit_company};
use crate::frame::Switches;

/// A mixed batch of edits. What the books do not allow at that place is passed over, so that the
/// answer counts what happened.
pub(super) fn random(
    company: &mut Company,
    seed: u64,
    count: usize,
    switches: &Switches,
    now: Timestamp,
) -> Value {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut done = BTreeMap::<&str, usize>::new();
    for step in 0..count {
        let Some((kind, edit)) = draw(company, &mut random, seed, step) else {
            break;
        };
        if edit_company(company, edit, switches, now).is_ok() {
            *done.entry(kind).or_default() += 1;
        }
    }
    json!(done)
}

/// One edit and its kind; nothing where the books are empty.
fn draw(
    company: &Company,
    random: &mut ChaCha8Rng,
    seed: u64,
    step: usize,
) -> Option<(&'static str, Edit)> {
    let customers: Vec<u64> = company.books.customers.keys().copied().collect();
    let documents: Vec<u64> = company.books.documents.keys().copied().collect();
    if customers.is_empty() || documents.is_empty() {
        return None;
    }
    let customer = customers[random.random_range(0..customers.len())].to_string();
    let place = random.random_range(0..documents.len());
    let other = documents[place];
    let mark = format!("{seed}-{step}");
    Some(match random.random_range(0..20) {
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
    })
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
    let mut edits: Vec<Edit> = (0..switches.edits_between_pages)
        .map(|step| {
            let id = ids[(round * 7 + step * 13) % ids.len()].to_string();
            let letter = if step % 2 == 0 { "Aa" } else { "Zz" };
            let name = format!("{letter} moved {round}-{step}");
            Edit::Rename { id, name }
        })
        .collect();
    edits.push(Edit::Create {
        entity: "Customer".to_owned(),
        record: json!({ "DisplayName": format!("Aa between pages {round}") }),
    });
    for edit in edits {
        // What the books do not allow is left out; the next page brings others.
        let _ = edit_company(company, edit, switches, now);
    }
    company.writes = writes;
}
