//! Sales transactions and payments (`quickbooks-online.md` 4.3, 4.4).

use rust_decimal::Decimal;

use super::super::json::Object;
use super::{Page, address, currency};
use crate::seed::{Cents, Currency, Document, DocumentKind, LinkedKind, Payment, to_cents};

impl Page<'_> {
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
}

/// What a payment did not use up.
pub(crate) fn unapplied(payment: &Payment) -> Cents {
    let used: i64 = payment
        .lines
        .iter()
        .map(|line| match line.kind {
            LinkedKind::Invoice => line.amount.0,
            LinkedKind::CreditMemo | LinkedKind::Payment => -line.amount.0,
        })
        .sum();
    Cents(payment.total.0 - used)
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

/// An amount in the home currency.
fn home(amount: Cents, currency: Currency) -> Cents {
    to_cents(Decimal::new(amount.0, 2) * currency.rate())
}
