//! Saving items (`quickbooks-online.md` 4.5, 5).

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use super::answer::{Answer, Fault};
use super::company::Company;
use super::table::Table;
use super::write::{check_token, has_id, saved, text};
use super::write_customer::{DELETED, duplicate_name, within};
use crate::seed::{Item, ItemKind, Meta};

/// Creates or updates an item.
pub(crate) fn save(company: &mut Company, record: &Value, now: Timestamp) -> Result<Answer, Fault> {
    let before = if has_id(record) {
        let id = check_token(record, |id| {
            company.books.items.get(&id).map(|row| row.meta.token)
        })?;
        company.books.items.get(&id).cloned()
    } else {
        None
    };
    let name = text(record, "Name").or_else(|| before.as_ref().map(|item| item.name.clone()));
    let name = name.ok_or_else(|| Fault::missing("Name"))?;
    within(Some(&name), "Name", 100)?;
    let taken = company.books.items.values().any(|item| {
        item.name.eq_ignore_ascii_case(&name)
            && Some(item.meta.id) != before.as_ref().map(|item| item.meta.id)
    });
    if taken {
        return Err(duplicate_name());
    }
    let mut item = before.clone().unwrap_or_else(|| blank(now));
    item.name = name;
    take_fields(&mut item, record)?;
    match before {
        Some(before) if before == item => return saved(company, Table::Item, before.meta.id),
        Some(_) => {
            item.meta.token += 1;
            item.meta.updated = now;
        }
        None => item.meta = Meta::born(company.next_id(Table::Item), now),
    }
    let id = item.meta.id;
    company.books.items.insert(id, item);
    saved(company, Table::Item, id)
}

fn blank(now: Timestamp) -> Item {
    Item {
        meta: Meta::born(0, now),
        name: String::new(),
        kind: ItemKind::Service,
        parent: None,
        sku: None,
        description: None,
        price: None,
        on_hand: None,
        taxable: false,
        active: true,
        parts: Vec::new(),
    }
}

fn take_fields(item: &mut Item, record: &Value) -> Result<(), Fault> {
    if let Some(sku) = text(record, "Sku") {
        item.sku = Some(sku);
    }
    if let Some(description) = text(record, "Description") {
        item.description = Some(description);
    }
    if let Some(price) = text(record, "UnitPrice") {
        item.price = Some(price.parse::<Decimal>().map_err(|_| {
            Fault::new("2080", "Invalid Number", "Invalid Number : UnitPrice").on("UnitPrice")
        })?);
    }
    if let Some(kind) = text(record, "Type") {
        let kinds = [
            ItemKind::Service,
            ItemKind::Inventory,
            ItemKind::NonInventory,
            ItemKind::Category,
        ];
        item.kind = kinds
            .into_iter()
            .find(|known| known.as_str() == kind)
            .ok_or_else(|| {
                Fault::new("2170", "Invalid Enumeration", "Invalid Enumeration : Type")
            })?;
    }
    if let Some(active) = record.get("Active").and_then(Value::as_bool)
        && active != item.active
    {
        item.active = active;
        if !active {
            item.name.push_str(DELETED);
        }
    }
    Ok(())
}
