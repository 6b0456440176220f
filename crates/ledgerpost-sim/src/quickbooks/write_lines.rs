//! The lines of a transaction that is saved (`quickbooks-online.md` 4.3).

use rust_decimal::Decimal;
use serde_json::Value;

use super::answer::Fault;
use super::api::parse_id;
use super::company::Company;
use super::write::{amount, decimal, inner, text};
use crate::seed::{Cents, ItemRef, Line, to_cents};

pub(crate) fn read_lines(company: &Company, lines: &[Value]) -> Result<Vec<Line>, Fault> {
    let mut read = Vec::new();
    for line in lines {
        let value = || {
            text(line, "Amount")
                .map(|sum| amount(&sum, "Amount"))
                .transpose()
        };
        match text(line, "DetailType").as_deref() {
            Some("SalesItemLineDetail") => {
                let sum = value()?.ok_or_else(|| Fault::missing("Amount"))?;
                read.push(read_sale(company, line, sum)?);
            }
            Some("DescriptionOnly") => {
                read.push(Line::Text(text(line, "Description").unwrap_or_default()));
            }
            Some("DiscountLineDetail") => {
                let percent = line
                    .get("DiscountLineDetail")
                    .and_then(|detail| text(detail, "DiscountPercent"));
                let percent = percent
                    .map(|text| decimal(&text, "DiscountPercent"))
                    .transpose()?;
                let so_far: i64 = read.iter().map(|line: &Line| line.worth().0).sum();
                let sum = match (value()?, percent) {
                    (Some(sum), _) => sum,
                    (None, Some(percent)) => to_cents(Decimal::new(so_far, 4) * percent),
                    (None, None) => return Err(Fault::missing("Amount")),
                };
                read.push(Line::Discount {
                    percent,
                    amount: sum,
                });
            }
            Some("SubTotalLineDetail") => {}
            Some(other) => {
                return Err(Fault::new(
                    "2170",
                    "Invalid Enumeration",
                    format!("Invalid Enumeration : {other}"),
                )
                .on("DetailType"));
            }
            None => return Err(Fault::missing("Line.DetailType")),
        }
    }
    if read.is_empty() {
        return Err(Fault::missing("Line"));
    }
    Ok(read)
}

fn read_sale(company: &Company, line: &Value, sum: Cents) -> Result<Line, Fault> {
    let empty = Value::Null;
    let detail = line.get("SalesItemLineDetail").unwrap_or(&empty);
    let item = match inner(detail, "ItemRef", "value").as_deref() {
        None => ItemRef::None,
        Some("SHIPPING_ITEM_ID") => ItemRef::Shipping,
        Some("GRATUITY_ITEM_ID") => ItemRef::Gratuity,
        Some(id) => {
            let number = parse_id(id)?;
            if !company
                .books
                .items
                .get(&number)
                .is_some_and(|item| item.active)
            {
                return Err(Fault::invalid_reference("ItemRef", id));
            }
            ItemRef::Item(number)
        }
    };
    // python-quickbooks sends 0 for what was not set, and its own tests save such invoices.
    let number = |name: &str| {
        text(detail, name)
            .map(|text| decimal(&text, name))
            .transpose()
            .map(|number| number.filter(|number| !number.is_zero()))
    };
    let (quantity, price) = (number("Qty")?, number("UnitPrice")?);
    if let (Some(quantity), Some(price)) = (quantity, price)
        && to_cents(quantity * price) != sum
    {
        return Err(Fault::new(
            "6070",
            "Amount calculation incorrect in the request",
            "Amount is not equal to UnitPrice * Qty. Supplied value:".to_owned() + &sum.to_string(),
        ));
    }
    Ok(Line::Sale {
        item,
        description: text(line, "Description"),
        quantity,
        price,
        amount: sum,
        taxable: inner(detail, "TaxCodeRef", "value").as_deref() == Some("TAX"),
    })
}
