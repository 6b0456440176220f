//! The canonical state.

use serde_json::{Value, json};

use super::company::Company;
use super::render::Page;
use super::table::{Row, Table};

/// Everything in a company's books, by entity and id. `stable` leaves out times and tokens.
pub(crate) fn take(company: &Company, stable: bool) -> Value {
    let page = Page::new(&company.books, true);
    let mut entities = serde_json::Map::new();
    for table in Table::ALL {
        if table.field("Id").is_none() {
            continue;
        }
        let rows: Vec<Value> = Row::all(&company.books, table)
            .map(|row| record(&row, &page, stable))
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

fn record(row: &Row<'_>, page: &Page<'_>, stable: bool) -> Value {
    let mut out = String::new();
    row.write(&mut out, page);
    let mut value: Value = serde_json::from_str(&out).expect("the simulator writes valid JSON");
    if stable && let Some(members) = value.as_object_mut() {
        members.remove("MetaData");
        members.remove("SyncToken");
    }
    value
}
