//! Sales transactions and their lines (`quickbooks-online.md` 4.3).

use ledgerpost_core::Amount;
use ledgerpost_core::ids::{CustomerId, ItemId};
use ledgerpost_core::source::{Document, DocumentKey, DocumentKind, DocumentLine};
use rust_decimal::Decimal;

use crate::wire;

/// The item of lines that charge for shipping; no item of the company.
const SHIPPING: &str = "SHIPPING_ITEM_ID";
/// The item of lines that hold a tip; no item of the company.
const GRATUITY: &str = "GRATUITY_ITEM_ID";

/// Makes a document of the mirror.
pub(crate) fn document(kind: DocumentKind, id: &str, row: wire::Sale) -> Document {
    let mut sums = Sums::default();
    sums.add_lines(row.line);
    // There is no status field (`quickbooks-online.md` 5.6).
    let voided = row.total_amt.is_zero()
        && row
            .private_note
            .is_some_and(|note| note.starts_with("Voided"));
    Document {
        key: DocumentKey::new(kind, id),
        kind,
        number: row.doc_number,
        date: row.txn_date,
        due: row.due_date,
        customer: super::value(row.customer_ref).map(CustomerId::from),
        currency: super::currency(row.currency_ref),
        total: row.total_amt,
        tax: row.txn_tax_detail.total_tax.unwrap_or_default(),
        discount: sums.discount,
        shipping: sums.shipping,
        balance: row.balance.unwrap_or_default(),
        voided,
        lines: sums.lines,
        credited: Amount::ZERO,
    }
}

#[derive(Default)]
struct Sums {
    lines: Vec<DocumentLine>,
    discount: Amount,
    shipping: Amount,
}

impl Sums {
    fn add_lines(&mut self, lines: Vec<wire::Line>) {
        for line in lines {
            self.add_line(line);
        }
    }

    fn add_line(&mut self, mut line: wire::Line) {
        let amount = line.amount.unwrap_or_default();
        match line.detail_type.as_deref() {
            Some("SalesItemLineDetail") => {
                if let Some(detail) = line.sales_item_line_detail.take() {
                    self.add_sale(detail, amount, line.description);
                }
            }
            // Time or costs passed on to the customer: sold, whether or not they name an item.
            Some("ReimburseLineDetail") => {
                let detail = line.reimburse_line_detail.take().unwrap_or_default();
                self.push(detail, amount, line.description);
            }
            // The bundle's own line has no amount; what was bought stands inside it.
            Some("GroupLineDetail") => {
                if let Some(group) = line.group_line_detail.take() {
                    self.add_lines(group.line);
                }
            }
            Some("DiscountLineDetail") => self.discount += amount,
            // Notes and subtotals sell nothing; kinds that nobody has documented are tolerated, and
            // the document's total still counts what they hold.
            Some(_) | None => {}
        }
    }

    fn add_sale(&mut self, mut detail: wire::SalesItem, amount: Amount, text: Option<String>) {
        let item = detail
            .item_ref
            .as_ref()
            .and_then(|item| item.value.as_deref());
        match item {
            // A note; its amount is ignored by QuickBooks too.
            None => {}
            Some(SHIPPING) => self.shipping += amount,
            Some(GRATUITY) => {
                detail.item_ref = None;
                self.push(detail, amount, text);
            }
            Some(_) => self.push(detail, amount, text),
        }
    }

    fn push(&mut self, detail: wire::SalesItem, amount: Amount, description: Option<String>) {
        self.lines.push(DocumentLine {
            item: super::value(detail.item_ref).map(ItemId::from),
            description,
            quantity: detail.qty.map_or(Decimal::ONE, Amount::value),
            amount,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invoice(json: &str) -> Document {
        document(
            DocumentKind::Invoice,
            "9",
            serde_json::from_str(json).unwrap(),
        )
    }

    #[test]
    fn bundles_are_taken_apart_and_what_sells_nothing_is_left_out() {
        let document = invoice(
            r#"{"DocNumber":"1043","TxnDate":"2026-02-20","DueDate":"2026-03-22",
                "CustomerRef":{"value":"204"},"CurrencyRef":{"value":"USD"},
                "TxnTaxDetail":{"TotalTax":"6.50"},"TotalAmt":142.50,"Balance":"42.50",
                "Line":[
                 {"Id":"1","Amount":90.00,"Description":"Cedar planter","DetailType":"SalesItemLineDetail",
                  "SalesItemLineDetail":{"ItemRef":{"value":"11","name":"Cedar"},"Qty":2.5}},
                 {"Id":"2","Amount":0,"DetailType":"GroupLineDetail","GroupLineDetail":{"Quantity":3,"Line":[
                  {"Amount":12,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"12"},"Qty":"3"}},
                  {"DetailType":"DescriptionOnly","Description":"inside"}]}},
                 {"Amount":7,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"SHIPPING_ITEM_ID"}}},
                 {"Amount":5,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"GRATUITY_ITEM_ID"}}},
                 {"Amount":99,"Description":"a note","DetailType":"SalesItemLineDetail","SalesItemLineDetail":{}},
                 {"Description":"Thank you!","DetailType":"DescriptionOnly","DescriptionLineDetail":{}},
                 {"Amount":114,"DetailType":"SubTotalLineDetail","SubTotalLineDetail":{}},
                 {"Amount":9.00,"DetailType":"DiscountLineDetail","DiscountLineDetail":{"PercentBased":true}},
                 {"Amount":1.00,"DetailType":"DiscountLineDetail"},
                 {"Amount":3,"DetailType":"TDSLineDetail","TDSLineDetail":{}}]}"#,
        );
        assert_eq!(
            serde_json::to_value(document).unwrap(),
            serde_json::json!({
                "key": "inv_9", "kind": "invoice", "number": "1043", "date": "2026-02-20",
                "due": "2026-03-22", "customer": "204", "currency": "USD", "total": 142.5,
                "tax": 6.5, "discount": 10, "shipping": 7, "balance": 42.5, "voided": false,
                "lines": [
                    {"item": "11", "description": "Cedar planter", "quantity": "2.5", "amount": 90},
                    {"item": "12", "description": null, "quantity": "3", "amount": 12},
                    {"item": null, "description": null, "quantity": "1", "amount": 5}
                ],
                "credited": 0
            })
        );
    }

    #[test]
    fn a_void_is_a_total_of_nothing_and_a_note() {
        let voided = |total: &str, note: &str| {
            invoice(&format!(
                r#"{{"TxnDate":"2026-02-20","TotalAmt":{total},"PrivateNote":"{note}"}}"#
            ))
            .voided
        };
        assert!(voided("0", "Voided"));
        assert!(voided("0.00", "Voided - was for Amy"));
        assert!(!voided("0", "Free of charge. Voided nothing"));
        assert!(!voided("12", "Voided"));
    }

    #[test]
    fn a_document_without_total_or_date_is_refused() {
        for json in [
            r#"{"TxnDate":"2026-02-20"}"#,
            r#"{"TotalAmt":1}"#,
            r#"{"TxnDate":"2026-02-20","TotalAmt":"a lot"}"#,
            r#"{"TxnDate":"20.02.2026","TotalAmt":1}"#,
        ] {
            assert!(serde_json::from_str::<wire::Sale>(json).is_err(), "{json}");
        }
    }
}
