//! Which credit memo lowered which invoice (`quickbooks-online.md` 4.4).

use ledgerpost_core::Amount;
use ledgerpost_core::source::{CreditApplication, DocumentKey, DocumentKind};

use crate::wire;

/// What one document has left to give or to take.
struct Share {
    id: String,
    left: Amount,
}

/// The applications that a payment carries: usually of total 0 with a line for the credit memo and
/// one for the invoice, but money and several of either may be in it as well.
///
/// Which memo went to which invoice is only said when one line names both. Otherwise memos are used
/// up in order of their ids on the invoices in order of theirs, which gives the same answer however
/// the lines are sorted; the sums per payment are exact either way.
pub(crate) fn from_payment(carrier: &str, payment: wire::Payment) -> Vec<CreditApplication> {
    let mut applications = Applications::new(carrier);
    let (mut memos, mut invoices) = (Vec::new(), Vec::new());
    for line in payment.line {
        let amount = line.amount.unwrap_or_default();
        let memo = linked(&line.linked_txn, "CreditMemo");
        let invoice = linked(&line.linked_txn, "Invoice");
        match (memo, invoice) {
            (Some(memo), Some(invoice)) => applications.add(&memo, &invoice, amount),
            (Some(memo), None) => add_share(&mut memos, memo, amount),
            (None, Some(invoice)) => add_share(&mut invoices, invoice, amount),
            (None, None) => {}
        }
    }
    distribute(&mut applications, memos, invoices);
    applications.list
}

/// The application that a credit memo carries itself: what it has used up of its total, on the
/// invoice that it names. Nothing when it says that payments carry it; where it does not say so, the
/// mirror sees that nothing counts twice.
pub(crate) fn from_memo(id: &str, memo: &wire::Sale) -> Vec<CreditApplication> {
    let mut applications = Applications::new(id);
    let invoice = memo
        .invoice_ref
        .as_ref()
        .and_then(|invoice| invoice.value.as_deref());
    let by_payment = memo
        .linked_txn
        .iter()
        .any(|linked| is_kind(linked, "Payment"));
    if let (Some(invoice), false) = (invoice, by_payment) {
        let left = memo.remaining_credit.or(memo.balance).unwrap_or_default();
        applications.add(id, invoice, memo.total_amt - left);
    }
    applications.list
}

struct Applications<'a> {
    carrier: &'a str,
    list: Vec<CreditApplication>,
}

impl<'a> Applications<'a> {
    const fn new(carrier: &'a str) -> Self {
        Self {
            carrier,
            list: Vec::new(),
        }
    }

    /// Adds up per pair; an amount of nothing, as in a voided payment, applies nothing.
    fn add(&mut self, memo: &str, invoice: &str, amount: Amount) {
        if amount <= Amount::ZERO {
            return;
        }
        let memo = DocumentKey::new(DocumentKind::CreditMemo, memo);
        let invoice = DocumentKey::new(DocumentKind::Invoice, invoice);
        let known = self
            .list
            .iter_mut()
            .find(|known| known.memo == memo && known.invoice == invoice);
        match known {
            Some(known) => known.amount += amount,
            None => self.list.push(CreditApplication {
                carrier: self.carrier.to_owned(),
                invoice,
                memo,
                amount,
            }),
        }
    }
}

fn distribute(
    applications: &mut Applications<'_>,
    mut memos: Vec<Share>,
    mut invoices: Vec<Share>,
) {
    // Ids are decimal: shorter ones are smaller.
    let by_id = |share: &Share| (share.id.len(), share.id.clone());
    memos.sort_by_key(by_id);
    invoices.sort_by_key(by_id);
    let mut invoices = invoices.into_iter();
    let mut open = invoices.next();
    for mut memo in memos {
        while memo.left > Amount::ZERO {
            let Some(invoice) = open.as_mut() else { return };
            let amount = memo.left.min(invoice.left);
            applications.add(&memo.id, &invoice.id, amount);
            memo.left -= amount;
            invoice.left -= amount;
            if invoice.left <= Amount::ZERO {
                open = invoices.next();
            }
        }
    }
}

fn add_share(shares: &mut Vec<Share>, id: String, amount: Amount) {
    if amount <= Amount::ZERO {
        return;
    }
    match shares.iter_mut().find(|share| share.id == id) {
        Some(share) => share.left += amount,
        None => shares.push(Share { id, left: amount }),
    }
}

fn linked(transactions: &[wire::Linked], kind: &str) -> Option<String> {
    transactions
        .iter()
        .find(|linked| is_kind(linked, kind))
        .and_then(|linked| linked.txn_id.clone())
}

fn is_kind(linked: &wire::Linked, kind: &str) -> bool {
    linked
        .txn_type
        .as_deref()
        .is_some_and(|name| name.eq_ignore_ascii_case(kind))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn payment(lines: &[(&str, &str, i64)]) -> wire::Payment {
        wire::Payment {
            line: lines
                .iter()
                .map(|&(kind, id, cents)| wire::Line {
                    amount: Some(Amount::from_cents(cents)),
                    linked_txn: vec![wire::Linked {
                        txn_id: Some(id.to_owned()),
                        txn_type: Some(kind.to_owned()),
                    }],
                    ..wire::Line::default()
                })
                .collect(),
        }
    }

    fn pairs(applications: &[CreditApplication]) -> Vec<(&str, &str, String)> {
        applications
            .iter()
            .map(|one| {
                (
                    one.memo.as_str(),
                    one.invoice.as_str(),
                    one.amount.to_string(),
                )
            })
            .collect()
    }

    #[test]
    fn one_memo_on_one_invoice() {
        let applications = from_payment(
            "70",
            payment(&[("Invoice", "9", 4000), ("CreditMemo", "12", 4000)]),
        );
        assert_eq!(
            pairs(&applications),
            [("cm_12", "inv_9", "40.00".to_owned())]
        );
        assert_eq!(applications[0].carrier, "70");
    }

    #[test]
    fn several_of_both_are_used_up_in_order_of_their_ids() {
        let applications = from_payment(
            "70",
            payment(&[
                ("CreditMemo", "12", 3000),
                ("Invoice", "100", 2000),
                ("Invoice", "9", 2500),
                ("CreditMemo", "8", 1000),
            ]),
        );
        assert_eq!(
            pairs(&applications),
            [
                ("cm_8", "inv_9", "10.00".to_owned()),
                ("cm_12", "inv_9", "15.00".to_owned()),
                ("cm_12", "inv_100", "15.00".to_owned()),
            ]
        );
    }

    #[test]
    fn money_alone_and_voids_apply_no_credit() {
        assert!(from_payment("1", payment(&[("Invoice", "9", 4000)])).is_empty());
        assert!(
            from_payment("1", payment(&[("Invoice", "9", 0), ("CreditMemo", "3", 0)])).is_empty()
        );
        assert!(
            from_payment(
                "1",
                payment(&[("JournalEntry", "9", 5), ("Invoice", "3", 5)])
            )
            .is_empty()
        );
    }

    #[test]
    fn a_line_that_names_both_is_taken_at_its_word() {
        let payment = serde_json::from_str(
            r#"{"TotalAmt":0,"Line":[{"Amount":5,"LineEx":{"any":[]},"LinkedTxn":[
                {"TxnId":"3","TxnType":"CreditMemo"},{"TxnId":"4","TxnType":"Invoice"}]}]}"#,
        )
        .unwrap();
        assert_eq!(
            pairs(&from_payment("1", payment)),
            [("cm_3", "inv_4", "5.00".to_owned())]
        );
    }

    #[test]
    fn a_memo_applies_itself_unless_a_payment_does() {
        let memo = |more: &str| {
            let json = format!(
                r#"{{"TxnDate":"2026-02-20","TotalAmt":40,"InvoiceRef":{{"value":"9"}}{more}}}"#
            );
            from_memo("12", &serde_json::from_str(&json).unwrap())
        };
        assert_eq!(pairs(&memo("")), [("cm_12", "inv_9", "40.00".to_owned())]);
        assert_eq!(
            pairs(&memo(r#","RemainingCredit":15,"Balance":15"#)),
            [("cm_12", "inv_9", "25.00".to_owned())]
        );
        assert!(memo(r#","RemainingCredit":40"#).is_empty());
        assert!(memo(r#","LinkedTxn":[{"TxnId":"70","TxnType":"Payment"}]"#).is_empty());
    }

    proptest! {
        #[test]
        fn no_more_is_applied_than_there_is(
            memos in prop::collection::vec((0u8..6, 0i64..9000), 0..5),
            invoices in prop::collection::vec((0u8..6, 0i64..9000), 0..5),
        ) {
            let names: Vec<_> = memos.iter().map(|(id, cents)| ("CreditMemo", id.to_string(), *cents))
                .chain(invoices.iter().map(|(id, cents)| ("Invoice", id.to_string(), *cents)))
                .collect();
            let lines: Vec<_> = names.iter().map(|(kind, id, cents)| (*kind, id.as_str(), *cents)).collect();
            let forward = from_payment("1", payment(&lines));
            let reversed: Vec<_> = lines.iter().rev().copied().collect();
            prop_assert_eq!(&forward, &from_payment("1", payment(&reversed)));
            let applied: Amount = forward.iter().map(|one| one.amount).sum();
            let of = |list: &[(u8, i64)]| Amount::from_cents(list.iter().map(|(_, cents)| cents).sum());
            prop_assert_eq!(applied, of(&memos).min(of(&invoices)));
        }
    }
}
