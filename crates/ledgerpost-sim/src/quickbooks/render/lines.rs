//! The lines of a sales transaction (`quickbooks-online.md` 4.3).

use rust_decimal::Decimal;

use super::super::json::Object;
use super::Page;
use crate::seed::{Cents, Document, ItemRef, Line};

impl Page<'_> {
    pub(super) fn lines(&self, object: &mut Object<'_>, document: &Document) {
        let mut number = 0_u32;
        let mut running = 0_i64;
        let discounted = document
            .lines
            .iter()
            .any(|line| matches!(line, Line::Discount { .. }));
        let subtotal = |out: &mut String, amount: i64| {
            let mut line = Object::open(out);
            line.literal("Amount", Cents(amount));
            line.text("DetailType", "SubTotalLineDetail");
            line.object("SubTotalLineDetail", |_| {});
            line.close();
        };
        let ending = (!discounted).then_some(None);
        object.list(
            "Line",
            document.lines.iter().map(Some).chain(ending),
            |out, line| match line {
                None => subtotal(out, running),
                Some(Line::Discount { percent, amount }) => {
                    subtotal(out, running);
                    out.push(',');
                    discount(out, *percent, *amount);
                }
                Some(line) => {
                    number += 1;
                    running += line.worth().0;
                    self.line(out, line, number);
                }
            },
        );
    }

    fn line(&self, out: &mut String, line: &Line, number: u32) {
        let mut object = Object::open(out);
        object.plain("Id", number);
        object.literal("LineNum", number);
        match line {
            Line::Sale {
                item,
                description,
                quantity,
                price,
                amount,
                taxable,
            } => {
                object.maybe("Description", description.as_deref());
                object.literal("Amount", *amount);
                object.text("DetailType", "SalesItemLineDetail");
                object.object("SalesItemLineDetail", |detail| {
                    self.item_reference(detail, *item);
                    if let Some(price) = price {
                        detail.literal("UnitPrice", price.normalize());
                    }
                    if let Some(quantity) = quantity {
                        detail.literal("Qty", quantity.normalize());
                    }
                    detail.reference("TaxCodeRef", if *taxable { "TAX" } else { "NON" }, None);
                });
            }
            Line::Group {
                item,
                quantity,
                lines,
            } => {
                let bundle = self.books.items.get(item).map(|item| item.name.as_str());
                object.maybe("Description", bundle);
                object.literal("Amount", 0);
                object.text("DetailType", "GroupLineDetail");
                object.object("GroupLineDetail", |detail| {
                    detail.reference("GroupItemRef", item, bundle);
                    detail.literal("Quantity", quantity.normalize());
                    let mut inner = number * 100;
                    detail.list("Line", lines, |out, line| {
                        inner += 1;
                        self.line(out, line, inner);
                    });
                });
            }
            Line::Text(text) => {
                object.text("Description", text);
                object.text("DetailType", "DescriptionOnly");
                object.object("DescriptionLineDetail", |_| {});
            }
            Line::Discount { .. } => {}
        }
        object.close();
    }

    fn item_reference(&self, detail: &mut Object<'_>, item: ItemRef) {
        match item {
            ItemRef::Item(id) => {
                let name = self
                    .books
                    .items
                    .get(&id)
                    .map(|item| self.books.full_item_name(item));
                detail.reference("ItemRef", id, name.as_deref());
            }
            ItemRef::Shipping => detail.reference("ItemRef", "SHIPPING_ITEM_ID", None),
            ItemRef::Gratuity => detail.reference("ItemRef", "GRATUITY_ITEM_ID", None),
            ItemRef::None => {}
        }
    }
}

fn discount(out: &mut String, percent: Option<Decimal>, amount: Cents) {
    let mut line = Object::open(out);
    line.literal("Amount", amount);
    line.text("DetailType", "DiscountLineDetail");
    line.object("DiscountLineDetail", |detail| {
        detail.literal("PercentBased", percent.is_some());
        if let Some(percent) = percent {
            detail.literal("DiscountPercent", percent.normalize());
        }
        detail.reference("DiscountAccountRef", 86, Some("Discounts given"));
    });
    line.close();
}
