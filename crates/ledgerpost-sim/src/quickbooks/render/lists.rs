//! Customers, vendors and items (`quickbooks-online.md` 4.2, 4.5).

use super::super::json::Object;
use super::{Page, address, currency};
use crate::seed::{Currency, Customer, Item, ItemKind, Vendor};

impl Page<'_> {
    pub(crate) fn customer(&self, out: &mut String, customer: &Customer) {
        let mut object = Object::open(out);
        let full_name = self.books.full_name(customer);
        object.literal("Taxable", customer.taxable);
        address(&mut object, "BillAddr", customer.bill.as_deref());
        address(&mut object, "ShipAddr", customer.ship.as_deref());
        object.maybe("Notes", customer.notes.as_deref());
        object.literal("Job", customer.parent.is_some());
        object.literal("BillWithParent", customer.bill_with_parent);
        if let Some(parent) = customer.parent {
            object.reference("ParentRef", parent, None);
            object.literal("Level", self.books.level(customer));
        }
        object.literal("Balance", customer.balance);
        object.literal("BalanceWithJobs", self.balance_with_jobs(customer.meta.id));
        currency(&mut object, customer.currency);
        object.text("PreferredDeliveryMethod", &customer.delivery);
        object.literal("IsProject", customer.project);
        if let Some(kind) = &customer.customer_type {
            object.reference("CustomerTypeRef", kind, None);
        }
        self.meta(&mut object, &customer.meta);
        object.maybe("Title", customer.title.as_deref());
        object.maybe("GivenName", customer.given_name.as_deref());
        object.maybe("MiddleName", customer.middle_name.as_deref());
        object.maybe("FamilyName", customer.family_name.as_deref());
        object.maybe("Suffix", customer.suffix.as_deref());
        object.text("FullyQualifiedName", &full_name);
        object.maybe("CompanyName", customer.company_name.as_deref());
        object.text("DisplayName", &customer.display_name);
        object.text(
            "PrintOnCheckName",
            customer
                .print_name
                .as_deref()
                .unwrap_or(&customer.display_name),
        );
        object.literal("Active", customer.active);
        object.wrapped("PrimaryPhone", "FreeFormNumber", customer.phone.as_deref());
        object.wrapped("Mobile", "FreeFormNumber", customer.mobile.as_deref());
        object.wrapped("PrimaryEmailAddr", "Address", customer.email.as_deref());
        object.wrapped("WebAddr", "URI", customer.website.as_deref());
        object.maybe("ResaleNum", customer.resale_number.as_deref());
        object.close();
    }

    pub(crate) fn vendor(&self, out: &mut String, vendor: &Vendor) {
        let mut object = Object::open(out);
        object.literal("Balance", 0);
        object.literal("Vendor1099", false);
        currency(&mut object, Currency::Usd);
        self.meta(&mut object, &vendor.meta);
        object.text("DisplayName", &vendor.display_name);
        object.text("PrintOnCheckName", &vendor.display_name);
        object.literal("Active", vendor.active);
        object.close();
    }

    pub(crate) fn item(&self, out: &mut String, item: &Item) {
        let mut object = Object::open(out);
        object.text("Name", &item.name);
        object.maybe("Sku", item.sku.as_deref());
        object.maybe("Description", item.description.as_deref());
        object.literal("Active", item.active);
        if let Some(parent) = item.parent {
            let name = self
                .books
                .items
                .get(&parent)
                .map(|parent| parent.name.as_str());
            object.literal("SubItem", true);
            object.reference("ParentRef", parent, name);
            object.literal("Level", 1);
        }
        object.text("FullyQualifiedName", &self.books.full_item_name(item));
        if !matches!(item.kind, ItemKind::Category) {
            object.literal("Taxable", item.taxable);
        }
        if let Some(price) = item.price {
            object.literal("UnitPrice", price.normalize());
        }
        object.text("Type", item.kind.as_str());
        if item.kind == ItemKind::Group {
            object.object("ItemGroupDetail", |group| {
                group.list("ItemGroupLine", &item.parts, |out, (part, quantity)| {
                    let mut line = Object::open(out);
                    line.reference("ItemRef", part, None);
                    line.literal("Qty", quantity.normalize());
                    line.close();
                });
            });
        } else if item.kind != ItemKind::Category {
            object.reference("IncomeAccountRef", 79, Some("Sales of Product Income"));
        }
        let tracked = item.kind == ItemKind::Inventory;
        object.literal("TrackQtyOnHand", tracked);
        if let (true, Some(quantity)) = (tracked, item.on_hand) {
            object.literal("QtyOnHand", quantity.normalize());
            object.text("InvStartDate", "2024-01-01");
        }
        self.meta(&mut object, &item.meta);
        object.close();
    }
}
