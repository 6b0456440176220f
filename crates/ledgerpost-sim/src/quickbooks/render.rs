//! Records in Intuit's shapes (`quickbooks-online.md` 4).

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::json::Object;
use super::pacific::Pacific;
use crate::seed::{
    Address, Books, Cents, Currency, Customer, Document, DocumentKind, Item, ItemKind, ItemRef,
    Line, Meta, Payment, Vendor,
};

/// What rendering a page needs beside its rows.
pub(crate) struct Page<'a> {
    pub(crate) books: &'a Books,
    pacific: Pacific,
    with_jobs: HashMap<u64, i64>,
}

impl<'a> Page<'a> {
    /// A page of any records; `customers` when customers may be among them.
    pub(crate) fn new(books: &'a Books, customers: bool) -> Self {
        Self {
            books,
            pacific: Pacific::new(),
            with_jobs: if customers {
                balances_with_jobs(books)
            } else {
                HashMap::new()
            },
        }
    }

    /// `BalanceWithJobs` of a customer.
    pub(crate) fn balance_with_jobs(&self, customer: u64) -> Cents {
        Cents(self.with_jobs.get(&customer).copied().unwrap_or_default())
    }

    fn meta(&self, object: &mut Object<'_>, meta: &Meta) {
        object.plain("Id", meta.id);
        object.plain("SyncToken", meta.token);
        object.object("MetaData", |inner| {
            inner.plain("CreateTime", self.pacific.second(meta.created));
            inner.plain("LastUpdatedTime", self.pacific.second(meta.updated));
        });
        object.text("domain", "QBO");
        object.literal("sparse", false);
    }

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

    pub(crate) fn payment(&self, out: &mut String, payment: &Payment) {
        let mut object = Object::open(out);
        self.customer_reference(&mut object, Some(payment.customer));
        object.reference("DepositToAccountRef", 4, None);
        object.literal("TotalAmt", payment.total);
        object.literal("UnappliedAmt", unapplied(payment));
        object.literal("ProcessPayment", false);
        self.meta(&mut object, &payment.meta);
        object.plain("TxnDate", payment.date);
        self.document_currency(&mut object, payment.currency);
        object.maybe("PrivateNote", payment.note.as_deref());
        object.list("Line", &payment.lines, |out, line| {
            let mut object = Object::open(out);
            object.literal("Amount", line.amount);
            object.list("LinkedTxn", [line], |out, line| {
                let mut linked = Object::open(out);
                linked.plain("TxnId", line.document);
                linked.text("TxnType", line.kind.as_str());
                linked.close();
            });
            object.object("LineEx", |extra| jaxb(extra, line.document));
            object.close();
        });
        object.close();
    }

    fn customer_reference(&self, object: &mut Object<'_>, customer: Option<u64>) {
        if let Some(id) = customer {
            let name = self
                .books
                .customers
                .get(&id)
                .map(|customer| self.books.full_name(customer));
            object.reference("CustomerRef", id, name.as_deref());
        }
    }

    fn document_currency(&self, object: &mut Object<'_>, kind: Currency) {
        currency(object, kind);
        if self.books.company.multicurrency {
            object.literal("ExchangeRate", kind.rate().normalize());
        }
    }

    pub(crate) fn document(&self, out: &mut String, document: &Document) {
        let mut object = Object::open(out);
        let invoice = document.kind == DocumentKind::Invoice;
        if invoice {
            object.literal("AllowIPNPayment", false);
            object.literal("AllowOnlinePayment", false);
            object.literal("AllowOnlineCreditCardPayment", false);
            object.literal("AllowOnlineACHPayment", false);
        }
        self.meta(&mut object, &document.meta);
        object.list("CustomField", [()], |out, ()| {
            out.push_str(r#"{"DefinitionId":"1","Name":"Crew #","Type":"StringType"}"#);
        });
        object.maybe("DocNumber", document.number.as_deref());
        object.plain("TxnDate", document.date);
        self.document_currency(&mut object, document.currency);
        object.maybe("PrivateNote", document.note.as_deref());
        if invoice || !document.linked.is_empty() {
            object.list("LinkedTxn", &document.linked, |out, (id, kind)| {
                let mut linked = Object::open(out);
                linked.plain("TxnId", id);
                linked.text("TxnType", kind.as_str());
                linked.close();
            });
        }
        self.lines(&mut object, document);
        object.object("TxnTaxDetail", |tax| {
            if document.tax.0 != 0 {
                tax.reference("TxnTaxCodeRef", 2, None);
            }
            tax.literal("TotalTax", document.tax);
        });
        self.customer_reference(&mut object, document.customer);
        address(&mut object, "BillAddr", document.bill.as_deref());
        if invoice {
            if let Some(due) = document.due {
                object.plain("DueDate", due);
            }
            object.reference("SalesTermRef", 3, Some("Net 30"));
        }
        object.literal("TotalAmt", document.total);
        if self.books.company.multicurrency && document.currency != Currency::Usd {
            object.literal("HomeTotalAmt", home(document.total, document.currency));
        }
        object.literal("ApplyTaxAfterDiscount", false);
        object.text("PrintStatus", "NotSet");
        let sent = document.bill_email.is_some();
        object.text("EmailStatus", if sent { "EmailSent" } else { "NotSet" });
        object.wrapped("BillEmail", "Address", document.bill_email.as_deref());
        object.literal("Balance", document.balance);
        match document.kind {
            DocumentKind::Invoice => {}
            DocumentKind::CreditMemo => {
                object.literal("RemainingCredit", document.balance);
                if let Some(invoice) = document.invoice {
                    object.reference("InvoiceRef", invoice, None);
                }
            }
            DocumentKind::SalesReceipt | DocumentKind::RefundReceipt => {
                object.reference("DepositToAccountRef", 4, Some("Undeposited Funds"));
            }
        }
        object.close();
    }

    fn lines(&self, object: &mut Object<'_>, document: &Document) {
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

/// What a payment did not use up.
pub(crate) fn unapplied(payment: &Payment) -> Cents {
    let used: i64 = payment
        .lines
        .iter()
        .map(|line| match line.kind {
            crate::seed::LinkedKind::Invoice => line.amount.0,
            crate::seed::LinkedKind::CreditMemo | crate::seed::LinkedKind::Payment => {
                -line.amount.0
            }
        })
        .sum();
    Cents(payment.total.0 - used)
}

/// Balances with those of all sub-customers, for whoever has one.
fn balances_with_jobs(books: &Books) -> HashMap<u64, i64> {
    let mut sums = HashMap::new();
    for customer in books.customers.values().filter(|row| row.balance.0 != 0) {
        let mut at = Some(customer);
        while let Some(row) = at {
            *sums.entry(row.meta.id).or_default() += customer.balance.0;
            at = row.parent.and_then(|parent| books.customers.get(&parent));
        }
    }
    sums
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

/// The serialised JAXB object on payment lines (`quickbooks-online.md` 4.4).
fn jaxb(extra: &mut Object<'_>, document: u64) {
    extra.list("any", [document], |out, id| {
        let mut any = Object::open(out);
        any.text("name", "{http://schema.intuit.com/finance/v3}NameValue");
        any.text("declaredType", "com.intuit.schema.finance.v3.NameValue");
        any.text("scope", "javax.xml.bind.JAXBElement$GlobalScope");
        any.object("value", |value| {
            value.text("Name", "txnId");
            value.plain("Value", id);
        });
        any.literal("nil", false);
        any.literal("globalScope", true);
        any.literal("typeSubstituted", false);
        any.close();
    });
}

pub(crate) fn currency(object: &mut Object<'_>, currency: Currency) {
    object.reference("CurrencyRef", currency.code(), Some(currency.name()));
}

/// An amount in the home currency.
fn home(amount: Cents, currency: Currency) -> Cents {
    crate::seed::to_cents(Decimal::new(amount.0, 2) * currency.rate())
}

pub(crate) fn address(object: &mut Object<'_>, key: &str, address: Option<&Address>) {
    let Some(address) = address else { return };
    object.object(key, |inner| {
        inner.plain("Id", address.id);
        for (line, number) in address.lines.iter().zip(1..) {
            inner.text(&format!("Line{number}"), line);
        }
        inner.maybe("City", address.city.as_deref());
        inner.maybe("Country", address.country.as_deref());
        inner.maybe("CountrySubDivisionCode", address.state.as_deref());
        inner.maybe("PostalCode", address.postal_code.as_deref());
        if address.invalid_position {
            inner.text("Lat", "INVALID");
            inner.text("Long", "INVALID");
        }
    });
}
