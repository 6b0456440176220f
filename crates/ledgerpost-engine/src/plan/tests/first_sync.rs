//! A first sync.

use ledgerpost_core::destination::MemberStatus;
use ledgerpost_core::settings::Settings;
use ledgerpost_core::source::DocumentKind::{CreditMemo, Invoice, SalesReceipt};

use super::company::{customer, document, empty, item};

#[test]
fn everything_goes_once_and_then_there_is_nothing_to_do() {
    let mut mirror = empty();
    mirror
        .add(customer("1", "ada@oneil.test"))
        .add(customer("2", "ADA@oneil.test"))
        .add(customer("3", ""))
        .stock(item("1", "Cedar planter"))
        .sell(document(Invoice, "1", "1", 14_250))
        .sell(document(SalesReceipt, "1", "2", 900))
        .sell(document(Invoice, "2", "3", 500))
        .sell(document(CreditMemo, "3", "1", 100))
        .member("ada@oneil.test", MemberStatus::Unsubscribed);
    let round = mirror.sync(&Settings::default());
    let mut codes = round.codes();
    codes.sort_unstable();
    assert_eq!(
        codes,
        [
            "create_order",
            "create_order",
            "create_product",
            "create_store",
            "stop_syncing",
            "tag_contact",
            "update_contact"
        ]
    );
    assert_eq!(
        round.reasons(),
        [
            "3 no_email",
            "cm_3 unlinked_credit -1.00",
            "inv_2 customer_left_out 5.00"
        ]
    );
    assert_eq!(
        round.summary.totals.unexplained(),
        ledgerpost_core::Amount::ZERO
    );
    assert_eq!(
        mirror.status("ada@oneil.test"),
        Some(MemberStatus::Unsubscribed)
    );
}
