//! The comparison of the two services.

use ledgerpost_core::Amount;
use ledgerpost_core::ids::CurrencyCode;
use ledgerpost_engine::{Mismatch, Reconciliation};

use super::lower_first;
use super::table::figures;
use crate::screen::Screen;
use crate::words::{count, money, reason_words};

/// The comparison of the two services.
pub(crate) fn reconciliation(screen: &Screen, found: &Reconciliation) {
    screen.say(figures(&sums(found)));
    for mismatch in &found.mismatches {
        screen.say(mismatch_words(mismatch, &found.currency));
    }
    screen.say(if found.agrees() {
        "\nThe numbers agree to the cent; every difference has a document and a reason."
    } else {
        "\nThe numbers do not agree. Next step: ledgerpost sync --yes writes what is missing; then \
         run ledgerpost reconcile again."
    });
}

/// The sum of QuickBooks and the same sum from Mailchimp, line by line.
fn sums(found: &Reconciliation) -> Vec<Vec<String>> {
    let line = |words: &str, number: Option<u64>, amount: Amount| {
        vec![
            words.to_owned(),
            number.map(count).unwrap_or_default(),
            money(amount, &found.currency),
        ]
    };
    let rule = |sign: &str| vec![String::new(), String::new(), sign.repeat(16)];
    let (invoices, receipts) = (&found.invoices, &found.sales_receipts);
    let (credits, orders) = (&found.credits, &found.orders);
    let quickbooks = invoices.total + receipts.total - credits.total;
    let explained: Amount = found.explained.iter().map(|reason| reason.amount).sum();
    let mailchimp = orders.total + explained + found.unexplained;
    let mut rows = vec![
        line(
            "invoices in QuickBooks",
            Some(invoices.count),
            invoices.total,
        ),
        line(
            "sales receipts in QuickBooks",
            Some(receipts.count),
            receipts.total,
        ),
        line(
            "less credit memos and refunds",
            Some(credits.count),
            -credits.total,
        ),
        rule("-"),
        line("sales less credits in QuickBooks", None, quickbooks),
        rule("="),
        line(
            "orders read back from Mailchimp",
            Some(orders.count),
            orders.total,
        ),
    ];
    for reason in &found.explained {
        let (why, _) = reason_words(&reason.code);
        let words = format!("not sent: {}", lower_first(why));
        rows.push(line(&words, Some(reason.count), reason.amount));
    }
    rows.extend([
        line("not explained", None, found.unexplained),
        rule("-"),
        line("the same sum, from Mailchimp", None, mailchimp),
        rule("="),
    ]);
    rows
}

fn mismatch_words(mismatch: &Mismatch, currency: &CurrencyCode) -> String {
    let show = |amount: Amount| money(amount, currency);
    match mismatch {
        Mismatch::Missing { order, written } => {
            format!("  {order}: sent with {}, not in Mailchimp", show(*written))
        }
        Mismatch::Differs {
            order,
            written,
            found,
        } => format!(
            "  {order}: sent with {}, has {} in Mailchimp",
            show(*written),
            show(*found)
        ),
        Mismatch::Unexpected { order, found } => format!(
            "  {order}: in the store with {}, not from Ledgerpost",
            show(*found)
        ),
    }
}
